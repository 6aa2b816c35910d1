#include "ingest/source_page.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ingest/harvest.h"
#include "ingest/whole.h"
#include "parse/document.h"

struct source_page {
	struct whole *whole;
	struct harvest harvest;
};

int source_page_open(const struct source_options *o, void **ret,
		     struct err *e)
{
	struct source_page *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return err_sys(e, -ENOMEM, "%s", o->path);
	harvest_init(&p->harvest, o->tools);
	r = whole_open(o, DOCUMENT_MAX, &p->whole, e);
	if (r < 0) {
		source_page_close(p);
		return r;
	}
	*ret = p;
	return 0;
}

/* A page with its pictures, as a mail. */
static bool is_mhtml(const char *place)
{
	const char *dot = strrchr(place, '.');

	return dot && (!strcasecmp(dot, ".mhtml") || !strcasecmp(dot, ".mht"));
}

int source_page_next(void *self, struct raw *ret, struct err *e)
{
	struct source_page *p = self;
	int r = whole_next(p->whole, ret, e);

	if (r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "%s: larger than %d bytes; no article is",
			       ret->place, DOCUMENT_MAX);
	if (r)
		return r;
	if (is_mhtml(ret->place))
		return err_set(e, STEP_REJECT,
			       "%s: MHTML, which is not read; save the page "
			       "as HTML", ret->place);
	return harvest_saved_page(&p->harvest, ret, e);
}

void source_page_close(void *self)
{
	struct source_page *p = self;

	whole_close(p->whole);
	harvest_done(&p->harvest);
	free(p);
}

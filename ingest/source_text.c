#include "ingest/source_text.h"

#include <errno.h>
#include <stdlib.h>

#include "ingest/harvest.h"
#include "ingest/whole.h"
#include "parse/document.h"
#include "wire/article.h"

struct source_text {
	struct whole *whole;
	struct harvest harvest; /* when it turns out to be a page */
};

/* A page may be larger than a text. */
int source_text_open(const struct source_options *o, void **ret,
		     struct err *e)
{
	struct source_text *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return err_sys(e, -ENOMEM, "%s", o->path);
	harvest_init(&t->harvest, o->tools);
	r = whole_open(o, DOCUMENT_MAX, &t->whole, e);
	if (r < 0) {
		source_text_close(t);
		return r;
	}
	*ret = t;
	return 0;
}

int source_text_resume(const struct source_options *o, struct str ahead,
		       void **ret, struct err *e)
{
	struct source_text *t;
	void *self = NULL;
	int r = source_text_open(o, &self, e);

	if (r)
		return r;
	t = self;
	whole_begin(t->whole, ahead);
	*ret = t;
	return 0;
}

int source_text_next(void *self, struct raw *ret, struct err *e)
{
	struct source_text *t = self;
	int r = whole_next(t->whole, ret, e);

	enum harvest_kind kind;

	if (r && r != -EMSGSIZE)
		return r;
	kind = r ? HARVEST_NONE : harvest_kind(STR(""), ret->bytes);
	if (kind == HARVEST_PAGE)
		return harvest_saved_page(&t->harvest, ret, e);
	if (kind == HARVEST_FEED)
		return err_set(e, STEP_REJECT,
			       "%s: a feed, and no text; save it as NAME.xml, "
			       "or name its address", ret->place);
	if (r || ret->bytes.n > ARTICLE_TEXT_MAX)
		return err_set(e, STEP_REJECT,
			       "%s: larger than %d bytes; a text file is one "
			       "article", ret->place, ARTICLE_TEXT_MAX);
	return r;
}

void source_text_close(void *self)
{
	struct source_text *t = self;

	whole_close(t->whole);
	harvest_done(&t->harvest);
	free(t);
}

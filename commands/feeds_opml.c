/* Lists of feeds in and out. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "commands/feeds.h"
#include "ingest/source.h"
#include "parse/opml.h"

enum { LIST_MAX = 64 << 20 };

int feeds_write(const char *path, struct buf *out, struct err *e)
{
	int r = buf_error(out);

	if (!r && path)
		return file_write(path, buf_view(out), e);
	if (!r)
		fwrite(out->p, 1, out->n, stdout);
	return r;
}

int feeds_export(const struct settings *s, const struct feeds_options *o,
		 const char *word, struct err *e)
{
	struct feeds f;
	struct buf out;
	int r = feeds_gather(s, o->all, &f, e);

	(void)word;
	buf_init(&out, LIST_MAX);
	if (!r) {
		opml_begin(&out, STR("vigie"));
		for (size_t i = 0; i < f.n; i++) {
			const struct feed_row *row = &f.v[i];
			const char *title = row->name[0] ? row->name
					    : row->poll.title
						    ? row->poll.title
						    : "";

			opml_outline(&out, str_of(row->key), str_of(title),
				     STR(""));
		}
		opml_end(&out);
		r = feeds_write(o->output, &out, e);
	}
	buf_done(&out);
	feeds_done(&f);
	return r;
}

/* A JSON string is one of YAML, too. */
static int add_source(void *self, struct str url, struct str title)
{
	struct buf *out = self;
	char z[16] = "";

	memcpy(z, url.p, url.n < sizeof(z) ? url.n : sizeof(z) - 1);
	if (!source_is_web(z))
		return 0;
	buf_add_z(out, "    - url: ");
	json_add_text(out, url);
	if (title.n && !str_eq(title, url)) { /* OPML wants some text */
		buf_add_z(out, "\n      name: ");
		json_add_text(out, title);
	}
	buf_add_char(out, '\n');
	return buf_error(out);
}

int feeds_import(const struct settings *s, const struct feeds_options *o,
		 const char *word, struct err *e)
{
	struct buf out;
	size_t empty;
	int r;

	(void)s;
	buf_init(&out, LIST_MAX);
	buf_add_z(&out, "ingest:\n  sources:\n");
	empty = out.n;
	r = feeds_of_file(word, add_source, &out, e);
	if (!r && out.n == empty)
		r = err_set(e, -EBADMSG, "%s: names no feed", word);
	if (!r)
		r = feeds_write(o->output, &out, e);
	buf_done(&out);
	return r;
}

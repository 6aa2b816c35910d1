/* fake_document.h -- parsers for tests of who hands documents to them. A page
 * is its title between <title> and </title>, and its text between <p> and </p>
 * (none: no article); a feed is its items, <item>TITLE|LINK</item>. "<html>die"
 * takes the process with it, "<html>no" is refused, "<html>say LINE" has the
 * parser say LINE. */
#ifndef VIGIE_FAKE_DOCUMENT_H
#define VIGIE_FAKE_DOCUMENT_H

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "parse/document.h"

static inline const char *fake_find(struct str s, const char *what)
{
	size_t n = strlen(what);

	for (size_t i = 0; i + n <= s.n; i++)
		if (!memcmp(s.p + i, what, n))
			return s.p + i;
	return NULL;
}

static inline struct str fake_between(struct str *s, const char *from,
				      const char *to)
{
	const char *begin = fake_find(*s, from), *end;

	if (!begin)
		return (struct str){ NULL, 0 };
	begin += strlen(from);
	*s = (struct str){ begin, (size_t)(s->p + s->n - begin) };
	end = fake_find(*s, to);
	return (struct str){ begin,
			     end ? (size_t)(end - begin) : s->n };
}

void document_prepare(const struct document *d)
{
	(void)d;
}

const char *document_name(enum document_kind kind)
{
	(void)kind;
	return "fake";
}

static inline void fake_page(const struct document *d, struct buf *out)
{
	struct str s = d->bytes, t = d->bytes;

	buf_add_z(out, "{\"document\":\"page\"}\n{");
	json_add_name(out, "title");
	json_add_text(out, fake_between(&t, "<title>", "</title>"));
	json_add_name(out, "text");
	json_add_text(out, fake_between(&s, "<p>", "</p>"));
	buf_add_z(out, "}\n");
}

static inline void fake_feed(const struct document *d, struct buf *out)
{
	struct str rest = d->bytes, item;

	buf_add_z(out, "{\"document\":\"feed\"}\n");
	while ((item = fake_between(&rest, "<item>", "</item>")).p) {
		buf_add_char(out, '{');
		json_add_name(out, "title");
		json_add_text(out, str_cut(&item, '|'));
		json_add_name(out, "url");
		json_add_text(out, item);
		buf_add_z(out, "}\n");
	}
}

static inline void fake_say(struct str line, struct buf *out)
{
	buf_add_z(out, "{}\n");
	buf_add_str(out, line);
}

int document_parse(const struct document *d, struct arena scratch,
		   struct buf *out, struct err *e)
{
	struct str said = d->bytes;

	(void)scratch;
	said = fake_between(&said, "<html>say ", "\n");
	if (str_starts(d->bytes, STR("<html>die")))
		abort();
	if (str_starts(d->bytes, STR("<html>no")))
		return err_set(e, STEP_REJECT, "no such page");
	if (said.p)
		fake_say(said, out);
	else if (d->kind == DOCUMENT_FEED)
		fake_feed(d, out);
	else
		fake_page(d, out);
	return buf_error(out);
}

#endif

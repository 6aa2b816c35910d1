#include "parse/page.h"

#include "base/json.h"
#include "parse/text.h"

int page_read(struct str utf8, const char *base, struct arena *a,
	      struct page *ret)
{
	struct page page = { .has_body_of_json = false };
	struct dom d;
	int r = dom_parse(utf8, a, &d);

	if (!r)
		r = page_meta(&d, base, a, &page);
	if (!r)
		r = page_body(&d, &page, a, &page.text);
	if (!r)
		r = text_clean(page.text, a, &page.text);
	if (!r)
		*ret = page;
	return r;
}

void page_line(const struct page *p, struct buf *out)
{
	const struct {
		const char *name;
		struct str value;
	} members[] = {
		{ "title", p->title },	     { "text", p->text },
		{ "author", p->author },     { "published", p->published },
		{ "modified", p->modified }, { "language", p->language },
		{ "url", p->url },	     { "site", p->site },
		{ "summary", p->summary },   { "section", p->section },
	};

	buf_add_char(out, '{');
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		if (!members[i].value.n)
			continue;
		json_add_name(out, members[i].name);
		json_add_text(out, members[i].value);
	}
	buf_add_char(out, '}');
}

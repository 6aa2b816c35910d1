/* fuzz_page.c -- any bytes as a page: its text is well-formed, no longer than
 * the page and what the page says of itself, without controls, lines without
 * white space at their ends; the line of JSON is JSON; the same twice. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/unicode.h"
#include "parse/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 << 20 };

static void line(const struct page *p)
{
	struct err e = { "" };
	struct buf out;
	json_t *v;

	buf_init(&out, ROOM);
	page_line(p, &out);
	assert(!buf_error(&out));
	v = json_parse(buf_view(&out), &e);
	assert(v);
	json_decref(v);
	buf_done(&out);
}

static void text(struct str s)
{
	assert(unicode_valid(s) == s.n);
	assert(!s.n || !memchr(s.p, 0, s.n));
	assert(str_trim(s).n == s.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str html = { (const char *)data, size };
	static struct arena whole;
	struct arena a, b;
	struct page p, q;

	if (!whole.p)
		assert(arena_open(&whole, ROOM) == 0);
	a = whole;
	assert(page_read(html, "https://a.example/b", &a, &p) == 0);
	if (!p.has_body_of_json) {
		text(p.text);
		assert(p.text.n <= size);
	}
	line(&p);
	b = a;
	assert(page_read(html, "https://a.example/b", &b, &q) == 0);
	assert(str_eq(p.text, q.text) && str_eq(p.title, q.title));
	return 0;
}

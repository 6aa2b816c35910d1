/* fuzz_dom.c -- any bytes as a page. The tree holds together: parents before
 * children, ends nested, text and names well-formed; each question about a node
 * has an answer; the sieve never writes more than it was given. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/dom.h"
#include "parse/dom_sieve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 32 << 20 };

static void is_text(struct str s)
{
	assert(unicode_valid(s) == s.n);
}

static void node(const struct dom *d, uint32_t i)
{
	const struct dom_node *v = &d->v[i], *up = &d->v[v->parent];

	assert(v->end > i && v->end <= d->n);
	assert(i ? v->parent < i : v->parent == 0);
	assert(v->end <= up->end);
	assert(i ? v->depth == up->depth + 1 : v->depth == 0);
	assert(v->depth <= DOM_DEPTH_MAX);
	assert(v->tag != DOM_TEXT || (v->end == i + 1 && v->text.n));
	assert(v->attribute_count <= DOM_ATTRIBUTES_MAX);
	is_text(v->text);
	for (uint32_t k = 0; k < v->attribute_count; k++) {
		is_text(v->attributes[k].name);
		is_text(v->attributes[k].value);
	}
	dom_attribute(d, i, "href");
	dom_has_word(d, i, "nav");
}

static void tree(struct str page, struct arena a)
{
	struct buf text;
	struct dom d;

	assert(dom_parse(page, &a, &d) == 0);
	assert(d.n && d.n <= DOM_NODES_MAX && d.v[0].end == d.n);
	for (uint32_t i = 0; i < d.n; i++)
		node(&d, i);
	buf_init(&text, ROOM);
	dom_text(&d, 0, &text);
	assert(!buf_error(&text));
	is_text(buf_view(&text));
	buf_done(&text);
}

/* In a piece of just that size, so that the sanitizer sees a byte too much. */
static void sieve(struct str page)
{
	char *out = malloc(page.n + 1);
	struct dom_sieve got;

	assert(out);
	dom_sieve(page, out, &got);
	assert(got.n <= page.n && got.n <= DOM_BYTES_MAX);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str page = { (const char *)data, size };
	static struct arena a;

	if (!a.p)
		assert(arena_open(&a, ROOM) == 0);
	tree(page, a);
	sieve(page);
	return 0;
}

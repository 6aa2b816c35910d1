/* fuzz_feed.c -- any text as a feed. The first byte says whether there is an
 * address and a type. What is read is lines of JSON, of which the first is the
 * head, and of which no two bear one id; what is refused leaves nothing. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/unicode.h"
#include "parse/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;

static void check_lines(struct str lines)
{
	struct str ids[64];
	size_t n = 0;
	json_t *read[64];

	while (lines.n) {
		struct str line = str_cut(&lines, '\n');
		struct err e = { "" };
		json_t *v = json_parse(line, &e), *id;

		assert(v);
		id = json_object_get(v, "id");
		if (!n)
			assert(json_object_get(v, "document"));
		if (n == 64) {
			json_decref(v);
			continue;
		}
		ids[n] = (struct str){ json_string_value(id),
				       json_string_length(id) };
		for (size_t i = 1; i < n && id; i++)
			assert(!ids[i].p || !str_eq(ids[i], ids[n]));
		read[n++] = v;
	}
	assert(n);
	while (n)
		json_decref(read[--n]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document d = { .charset = "utf-8" };
	struct err e = { "" };
	struct buf out;
	int r;

	if (!arena.p)
		assert(!arena_open(&arena, DOCUMENT_ARENA));
	if (!size)
		return 0;
	d.bytes = (struct str){ (const char *)data + 1, size - 1 };
	/* Its callers have decoded it (parse/document.h). */
	d.bytes.n = unicode_valid(d.bytes);
	d.url = data[0] & 1 ? "http://e.example/a/b?c" : NULL;
	d.type = data[0] & 2 ? "text/xml; charset=x" : NULL;
	d.as_html = data[0] & 4;
	buf_init(&out, DOCUMENT_ANSWER_MAX);
	r = feed_parse(&d, arena, &out, &e);
	assert(r == 0 || (r == STEP_REJECT && e.text[0] && !out.n));
	if (!r) {
		assert(unicode_valid(buf_view(&out)) == out.n);
		check_lines(buf_view(&out));
	}
	buf_done(&out);
	return 0;
}

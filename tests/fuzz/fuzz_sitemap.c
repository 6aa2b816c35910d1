/* fuzz_sitemap.c -- any text as a sitemap, as a list of feeds, and as a page
 * that names some. What is read is lines of JSON. */
#include <assert.h>
#include <stdint.h>

#include "base/json.h"
#include "base/unicode.h"
#include "parse/discover.h"
#include "parse/opml.h"
#include "parse/sitemap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;

static void check_lines(struct str lines)
{
	while (lines.n) {
		struct err e = { "" };
		json_t *v = json_parse(str_cut(&lines, '\n'), &e);

		assert(v);
		json_decref(v);
	}
}

static void run(int (*parse)(const struct document *d, struct arena scratch,
			     struct buf *out, struct err *e),
		const struct document *d)
{
	struct err e = { "" };
	struct buf out;
	int r;

	buf_init(&out, DOCUMENT_ANSWER_MAX);
	r = parse(d, arena, &out, &e);
	assert(r == 0 || (r == STEP_REJECT && e.text[0] && !out.n));
	check_lines(buf_view(&out));
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document d = { .url = "http://e.example/a" };

	if (!arena.p)
		assert(!arena_open(&arena, DOCUMENT_ARENA));
	d.bytes = (struct str){ (const char *)data, size };
	d.bytes.n = unicode_valid(d.bytes);
	run(sitemap_parse, &d);
	run(opml_parse, &d);
	run(discover_parse, &d);
	return 0;
}

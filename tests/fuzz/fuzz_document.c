/* fuzz_document.c -- any bytes as each kind of document: lines come out, the
 * first a head that says what it is, each one JSON; or a sentence and nothing.
 * The first byte says which kind. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/unicode.h"
#include "parse/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena block;

static void is_json(struct str line)
{
	struct err e = { "" };
	json_t *v = json_parse(line, &e);

	assert(v && json_is_object(v));
	json_decref(v);
}

static void look(struct str lines)
{
	assert(str_starts(lines, STR("{\"document\":\"")));
	assert(str_ends(lines, STR("\n")));
	assert(unicode_valid(lines) == lines.n);
	while (lines.n)
		is_json(str_cut(&lines, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document d = { .url = "http://a.example/b/c" };
	struct err e = { "" };
	struct buf out;
	char *bytes;
	int r;

	if (!size || size > 1 << 20)
		return 0;
	if (!block.p && arena_open(&block, DOCUMENT_ARENA))
		abort();
	bytes = malloc(size);
	assert(bytes);
	memcpy(bytes, data + 1, size - 1);
	d.kind = (enum document_kind)(data[0] % DOCUMENT_KINDS);
	d.bytes = (struct str){ bytes, size - 1 };
	buf_init(&out, DOCUMENT_ANSWER_MAX);
	r = document_parse(&d, block, &out, &e);
	assert(!r || r == STEP_REJECT);
	if (r)
		assert(!out.n && e.text[0]);
	else
		look(buf_view(&out));
	buf_done(&out);
	free(bytes);
	return 0;
}

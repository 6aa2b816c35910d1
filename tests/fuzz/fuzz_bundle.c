/* fuzz_bundle.c -- any bytes as a bundle, with a digest that fits and a head
 * that says their size, so that every check behind these is reached. It is
 * refused with a sentence or it judges, without a step outside.
 *
 * Seeds: whole bundles (tests/fuzz/seeds/bundle). */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "classify/evidence.h"
#include "classify/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned seed);

static struct arena block;

static void seal(char *p, size_t n)
{
	uint64_t size = n;

	if (n < BUNDLE_HEAD + BUNDLE_TRAILER)
		return;
	memcpy(p + 16, &size, sizeof(size));
	if (hash_sha256((struct str){ p, n - BUNDLE_TRAILER },
			(unsigned char *)p + n - BUNDLE_TRAILER))
		abort();
}

static uint64_t get(const uint8_t *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return x;
}

/* Change one section in its place, or a number of the table of sections, so
 * that what is behind it stays where the table says: any other change moves
 * bytes, and is refused before a table is read. Every fourth change is any.
 * The digest is made to fit when the bundle is read; here as well, so that the
 * corpus holds bundles that vigie itself opens. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned seed)
{
	uint32_t count = size > 16 ? data[12] : 0;
	uint8_t *row = data + BUNDLE_HEAD;
	uint64_t at, n;

	if (seed % 4 == 0 || !count ||
	    size < BUNDLE_HEAD + count * 24 + BUNDLE_TRAILER) {
		size = LLVMFuzzerMutate(data, size, max);
	} else if (seed % 16 == 1) {
		LLVMFuzzerMutate(data + 8, 16 + count * 24, 16 + count * 24);
	} else {
		row += seed / 16 % count * 24;
		at = get(row + 8);
		n = get(row + 16);
		if (at < size && n && n <= size - at) /* in doubles, or u32s */
			LLVMFuzzerMutate(data + at, n, n);
	}
	seal((char *)data, size);
	return size;
}

static void use(const struct model *m)
{
	const struct str field[FIELD_COUNT] = {
		STR("Gaia-X et l'alliance"),
		STR("La souveraineté dénonce le marché : S3NS, l’œuvre "
		    "d'aujourd'hui salue le cloud cloud. a:0.5 b:-1"),
		STR("market"),
	};
	struct arena a = block;
	struct judgement j;
	struct spans w;
	struct buf out, keys;

	for (uint32_t i = 0; i < m->tfidf.terms; i++) {
		struct str s = model_term(m, i);

		for (size_t k = 0; k < s.n; k++)
			*(volatile const char *)(s.p + k);
	}
	if (judge_quick(m, field, &a, &j) || judge(m, field, &a, &j))
		return;
	buf_init(&out, 1 << 20);
	buf_init(&keys, 1 << 20);
	for (uint32_t c = 0; c < m->column_count && c < 64; c++) {
		struct arena scratch = a;
		struct evidence v;

		(void)because_words(m, &j, c, &scratch, &w);
		(void)evidence_find(m, &j, c, &scratch, &v);
	}
	(void)verdict_write(m, &j, true, a, &out, &keys);
	buf_done(&out);
	buf_done(&keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model *m = NULL;
	struct err e = { "" };
	char *p = malloc(size + 1);
	int r;

	if (!p)
		return 0;
	if (!block.p && arena_open(&block, 16 << 20))
		abort();
	memcpy(p, data, size);
	seal(p, size);
	r = model_view("fuzz", (struct str){ p, size }, &m, &e);
	if (r) {
		assert(r == -EBADMSG && !m && e.text[0]);
	} else {
		use(m);
		err_clear(&e);
		json_decref(model_whole(m));
		(void)model_selftest(m, &e);
	}
	model_free(m);
	free(p);
	return 0;
}

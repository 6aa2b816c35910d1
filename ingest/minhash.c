#include "ingest/minhash.h"

#include <string.h>

#include "ingest/wording.h"

/* Runs are hashed a block at a time, so that the loop over them is one that the
 * compiler turns into vector instructions, which all give the same. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__((target_clones("avx2", "sse4.1", "default")))
#else
#define CLONES
#endif

enum { BLOCK = 128, LANES = 16 };

/* The functions x -> ax + b modulo 2^32, a odd. */
struct family {
	uint32_t a[MINHASH_SIZE], b[MINHASH_SIZE];
};

static void family_init(struct family *f)
{
	uint64_t x = 0;

	for (int i = 0; i < MINHASH_SIZE; i++) {
		uint64_t h = wording_mix(x += 0x9E3779B97F4A7C15u);

		f->a[i] = (uint32_t)h | 1;
		f->b[i] = (uint32_t)(h >> 32);
	}
}

CLONES static void lower(const struct family *f, const uint32_t *runs,
			 size_t n, uint32_t *out)
{
	for (size_t at = 0; at < MINHASH_SIZE; at += LANES) {
		uint32_t least[LANES];

		memcpy(least, out + at, sizeof(least));
		for (size_t k = 0; k < n; k++) {
			for (size_t i = 0; i < LANES; i++) {
				uint32_t h = runs[k] * f->a[at + i] +
					     f->b[at + i];

				least[i] = h < least[i] ? h : least[i];
			}
		}
		memcpy(out + at, least, sizeof(least));
	}
}

bool minhash_of(struct str text, struct minhash *ret)
{
	struct family f;
	struct wording w;
	uint64_t a = 0, b = 0, c;
	uint32_t runs[BLOCK];
	size_t words = 0, n = 0;

	family_init(&f);
	memset(ret, 0xFF, sizeof(*ret));
	for (wording_begin(&w, text); wording_next(&w, &c); a = b, b = c) {
		if (++words < MINHASH_WORDS)
			continue;
		runs[n++] = (uint32_t)(wording_mix(a * 5 + b * 3 + c) >> 32);
		if (n < BLOCK)
			continue;
		lower(&f, runs, n, ret->v);
		n = 0;
	}
	lower(&f, runs, n, ret->v);
	return words >= MINHASH_WORDS_MIN;
}

void minhash_of_hash(uint64_t hash, struct minhash *ret)
{
	for (uint64_t i = 0; i < MINHASH_SIZE; i++)
		ret->v[i] = (uint32_t)wording_mix(
			hash + (i + 1) * 0x9E3779B97F4A7C15u);
}

double minhash_similarity(const struct minhash *a, const struct minhash *b)
{
	int same = 0;

	for (int i = 0; i < MINHASH_SIZE; i++)
		same += a->v[i] == b->v[i];
	return same / (double)MINHASH_SIZE;
}

#include "learn/copies.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

enum { BANDS = 32, ROWS = COPIES_SIGNATURE / BANDS, ALIKE = 32 };

static uint64_t mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xFF51AFD7ED558CCDu;
	x ^= x >> 33;
	x *= 0xC4CEB9FE1A85EC53u;
	return x ^ x >> 33;
}

static void sign_run(uint64_t run, uint64_t *out)
{
	for (uint64_t i = 0; i < COPIES_SIGNATURE; i++) {
		uint64_t h = mix(run + i * 0x9E3779B97F4A7C15u);

		if (h < out[i])
			out[i] = h;
	}
}

static void sign_field(struct tokens k, uint64_t words[3], size_t *seen,
		       uint64_t *out)
{
	for (size_t i = 0; i < k.n; i++) {
		if (k.v[i].extra)
			continue;
		words[0] = words[1];
		words[1] = words[2];
		words[2] = hash_xx(k.v[i].s, 7);
		if (++*seen >= 3)
			sign_run(mix(mix(words[0]) + words[1]) + words[2],
				 out);
	}
}

void copies_sign(struct tokens title, struct tokens text,
		 uint64_t out[COPIES_SIGNATURE])
{
	uint64_t words[3] = { 0, 0, 0 };
	size_t seen = 0;

	for (size_t i = 0; i < COPIES_SIGNATURE; i++)
		out[i] = UINT64_MAX;
	sign_field(title, words, &seen, out);
	sign_field(text, words, &seen, out);
	if (seen < 3) /* too short for a run: its words are the run */
		sign_run(mix(words[1]) + words[2], out);
}

struct key {
	uint64_t band;
	size_t doc;
};

static int by_band(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->band != y->band)
		return x->band < y->band ? -1 : 1;
	return (x->doc > y->doc) - (x->doc < y->doc);
}

static bool alike(const uint64_t *x, const uint64_t *y)
{
	int same = 0;

	for (int i = 0; i < COPIES_SIGNATURE; i++)
		same += x[i] == y[i];
	return same >= ALIKE;
}

static uint64_t root(const uint64_t *groups, uint64_t i)
{
	while (groups[i] != i)
		i = groups[i];
	return i;
}

static void join(uint64_t *groups, uint64_t a, uint64_t b)
{
	a = root(groups, a);
	b = root(groups, b);
	if (a < b)
		groups[b] = a;
	else
		groups[a] = b;
}

int copies_group(const uint64_t *signatures, size_t n, uint64_t *groups)
{
	struct key *keys = calloc(n + 1, sizeof(*keys));

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		groups[i] = i;
	for (size_t b = 0; b < BANDS; b++) {
		for (size_t i = 0; i < n; i++) {
			const uint64_t *s = signatures + i * COPIES_SIGNATURE +
					    b * ROWS;

			keys[i] = (struct key){ mix(s[0]) + s[1], i };
		}
		qsort(keys, n, sizeof(*keys), by_band);
		for (size_t i = 1; i < n; i++)
			if (keys[i].band == keys[i - 1].band &&
			    alike(signatures + keys[i].doc * COPIES_SIGNATURE,
				  signatures + keys[i - 1].doc *
						       COPIES_SIGNATURE))
				join(groups, keys[i].doc, keys[i - 1].doc);
	}
	for (size_t i = 0; i < n; i++)
		groups[i] = root(groups, i);
	free(keys);
	return 0;
}

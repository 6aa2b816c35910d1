#include "classify/features.h"

#include <errno.h>
#include <string.h>

#include "base/hash.h"
#include "base/unicode.h"

/* The key of an n-gram from that of its first n - 1 words and its last: the
 * finisher of MurmurHash3 (Appleby) over an odd-multiplied sum. */
static uint64_t extend(uint64_t h, uint64_t word)
{
	h = h * 0x9E3779B97F4A7C15u + word;
	h ^= h >> 33;
	h *= 0xFF51AFD7ED558CCDu;
	h ^= h >> 33;
	h *= 0xC4CEB9FE1A85EC53u;
	return h ^ h >> 33;
}

static struct occurrence *add(struct arena *a, struct occurrences *all)
{
	all->n++;
	return arena_extend(a, sizeof(struct occurrence));
}

/* The index of the next word of the sequence after i, or k.n. */
static size_t next_word(struct tokens k, size_t i)
{
	do
		i++;
	while (i < k.n && k.v[i].extra);
	return i;
}

static int word_grams(struct conf_range n, struct tokens k, struct arena *a,
		      struct occurrences *all)
{
	for (size_t i = 0; i < k.n; i++) {
		uint64_t h = 0;
		size_t j = i;

		for (int64_t m = 1; m <= n.hi && j < k.n; m++) {
			uint64_t w = hash_xx(k.v[j].s, 1 + BLOCK_WORDS);
			struct occurrence *o;

			h = m == 1 ? w : extend(h, w);
			if (m >= n.lo) {
				o = add(a, all);
				if (!o)
					return -ENOMEM;
				*o = (struct occurrence){
					.hash = h,
					.first = (uint32_t)i,
					.last = (uint32_t)j,
					.block = BLOCK_WORDS,
					.words = (uint16_t)m,
				};
			}
			if (k.v[i].extra)
				break;
			j = next_word(k, j);
		}
	}
	return 0;
}

enum { PADDED_MAX = 4 * TOKENS_WORD_MAX + 2 };

/* " word " and where its code points begin; how many there are. */
static size_t pad(struct str w, char out[PADDED_MAX],
		  uint16_t at[PADDED_MAX + 1], size_t *size)
{
	size_t points = 0, n;

	if (w.n > PADDED_MAX - 2)
		w.n = 0;
	out[0] = ' ';
	memcpy(out + 1, w.p, w.n);
	out[w.n + 1] = ' ';
	*size = w.n + 2;
	for (size_t i = 0; i < *size; i += n) {
		at[points++] = (uint16_t)i;
		unicode_decode(out + i, out + *size, &n);
	}
	at[points] = (uint16_t)*size;
	return points;
}

static int char_grams_of(struct conf_range n, size_t word, struct tokens k,
			 struct arena *a, struct occurrences *all)
{
	char padded[PADDED_MAX];
	uint16_t at[PADDED_MAX + 1];
	size_t size, points = pad(k.v[word].s, padded, at, &size);

	for (size_t m = (size_t)n.lo; m <= (size_t)n.hi; m++) {
		size_t i = 0;

		do {
			size_t to = i + m < points ? i + m : points;
			struct occurrence *o = add(a, all);

			if (!o)
				return -ENOMEM;
			*o = (struct occurrence){
				.first = (uint32_t)word,
				.last = (uint32_t)word,
				.from = at[i],
				.size = (uint16_t)(at[to] - at[i]),
				.block = BLOCK_CHARS,
			};
			o->hash = hash_xx((struct str){ padded + at[i],
							o->size },
					  1 + BLOCK_CHARS);
		} while (i++ + m < points);
		if (points <= m)
			break; /* a short word counts once */
	}
	return 0;
}

int features_list(const struct features_settings *s, struct tokens k,
		  struct arena *a, struct occurrences *ret)
{
	struct occurrences all = { arena_take(a, 0), 0 };
	int r = all.v ? 0 : -ENOMEM;

	if (s->ngrams[BLOCK_WORDS].hi && !r)
		r = word_grams(s->ngrams[BLOCK_WORDS], k, a, &all);
	if (s->ngrams[BLOCK_CHARS].hi && !r)
		for (size_t i = 0; i < k.n && !r; i++)
			if (!k.v[i].extra)
				r = char_grams_of(s->ngrams[BLOCK_CHARS], i, k,
						  a, &all);
	*ret = all;
	return r;
}

void features_name(const struct occurrence *o, struct tokens k,
		   struct buf *out)
{
	char padded[PADDED_MAX];
	uint16_t at[PADDED_MAX + 1];
	size_t size;

	if (o->block == BLOCK_CHARS) {
		pad(k.v[o->first].s, padded, at, &size);
		buf_add(out, padded + o->from, o->size);
		return;
	}
	for (size_t i = o->first; i <= o->last; i = next_word(k, i)) {
		if (i != o->first)
			buf_add_char(out, ' ');
		buf_add_str(out, k.v[i].s);
		if (k.v[o->first].extra)
			break;
	}
}

/* Runs of words. An extra, which stands outside the sequence, is a run of its
 * own. */
#include "classify/block.h"
#include "classify/tfidf.h"

#include <errno.h>

static inline struct occurrence *put(const struct block_lister *l,
				     struct occurrence *o, uint64_t hash,
				     size_t first, size_t last)
{
	*o = (struct occurrence){ .hash = hash,
				  .first = (uint32_t)first,
				  .last = (uint32_t)last,
				  .n = 1 };
	if (l->known)
		tfidf_expect(l->known, hash);
	return o + 1;
}

/* Words and pairs, which is what is asked for most: as the loop below. */
static void list_pairs(struct block_lister *l)
{
	struct tokens k = l->k;
	struct occurrence *o = l->next;
	uint64_t key = 0; /* of word `at` */
	size_t at = k.n;

	for (size_t i = 0; i < k.n; i++) {
		uint64_t h = i == at ? key : block_word_key(l, &k.v[i]);

		o = put(l, o, h, i, i);
		if (k.v[i].extra)
			continue;
		at = block_next_word(k, i);
		if (at < k.n) {
			key = block_word_key(l, &k.v[at]);
			o = put(l, o, block_extend(h, key), i, at);
		}
	}
	l->next = o;
}

static int list_words(struct block_lister *l)
{
	struct conf_range n = l->b->ngrams;
	struct tokens k = l->k;
	struct occurrence *o = l->next;
	uint64_t key = 0; /* of word `at` */
	size_t at = k.n;

	if ((size_t)(l->end - o) / (size_t)(n.hi - n.lo + 1) < k.n)
		return -ENOMEM;
	if (n.lo <= 1 && n.hi == 2) {
		list_pairs(l);
		return 0;
	}
	for (size_t i = 0; i < k.n; i++) {
		uint64_t h = i == at ? key : block_word_key(l, &k.v[i]);
		size_t j = i;

		if (n.lo <= 1)
			o = put(l, o, h, i, i);
		for (int64_t m = 2; m <= n.hi && !k.v[i].extra; m++) {
			j = block_next_word(k, j);
			if (j >= k.n)
				break;
			key = block_word_key(l, &k.v[j]);
			at = j;
			h = block_extend(h, key);
			if (m >= n.lo)
				o = put(l, o, h, i, j);
		}
	}
	l->next = o;
	return 0;
}

static void name_words(const struct occurrence *o, struct tokens k,
		       struct buf *out)
{
	for (size_t i = o->first; i <= o->last; i = block_next_word(k, i)) {
		if (i != o->first)
			buf_add_char(out, ' ');
		buf_add_str(out, k.v[i].s);
		if (k.v[o->first].extra)
			break;
	}
}

const struct block_kind block_words = { list_words, name_words };

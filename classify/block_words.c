/* Runs of words. An extra, which stands outside the sequence, is a run of its
 * own. */
#include "classify/block.h"

#include <errno.h>

static int list_words(struct block_lister *l)
{
	struct conf_range n = l->b->ngrams;
	struct tokens k = l->k;

	for (size_t i = 0; i < k.n; i++) {
		uint64_t h = 0;
		size_t j = i;

		for (int64_t m = 1; m <= n.hi && j < k.n; m++) {
			uint64_t w = block_key(l, k.v[j].s);
			struct occurrence *o;

			h = m == 1 ? w : block_extend(h, w);
			if (m >= n.lo) {
				o = block_add(l);
				if (!o)
					return -ENOMEM;
				*o = (struct occurrence){
					.hash = h,
					.first = (uint32_t)i,
					.last = (uint32_t)j,
					.n = 1,
				};
			}
			if (k.v[i].extra)
				break;
			j = block_next_word(k, j);
		}
	}
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

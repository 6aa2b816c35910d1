/* How a text opens: its first word, its first words and their pairs, and how
 * long it is. */
#include "classify/block.h"

#include <errno.h>
#include <math.h>

/* What an opening's occurrence is, in its `from`. */
enum { OPENS_FIRST = 1, OPENS_EARLY, OPENS_PAIR, OPENS_LENGTH };
enum { OPENING_WORDS = 4 };

static int add_opening(struct block_lister *l, int what, size_t first,
		       size_t last, uint64_t hash)
{
	struct occurrence *o = block_add(l);

	if (!o)
		return -ENOMEM;
	*o = (struct occurrence){
		.hash = block_extend((uint64_t)what, hash),
		.first = (uint32_t)first,
		.last = (uint32_t)last,
		.from = (uint16_t)what,
		.n = 1,
	};
	return 0;
}

/* How long a text of so many words is: the whole logarithm. */
static unsigned magnitude(size_t words)
{
	return (unsigned)floor(log2((double)words + 1));
}

static int list_opening(struct block_lister *l)
{
	struct tokens k = l->k;
	size_t i = 0, before = 0, words = 0;
	uint64_t last = 0;
	int r = 0;

	if (k.n && k.v[0].extra)
		i = block_next_word(k, 0);
	for (; i < k.n && !r; i = block_next_word(k, i)) {
		uint64_t h = block_word_key(l, &k.v[i]);

		words++;
		if (words == 1)
			r = add_opening(l, OPENS_FIRST, i, i, h);
		if (words <= OPENING_WORDS && !r)
			r = add_opening(l, OPENS_EARLY, i, i, h);
		if (words > 1 && words <= OPENING_WORDS && !r)
			r = add_opening(l, OPENS_PAIR, before, i,
					block_extend(last, h));
		before = i;
		last = h;
	}
	if (words && !r)
		r = add_opening(l, OPENS_LENGTH, 0, 0,
				block_extend(l->seed, magnitude(words)));
	return r;
}

static void name_opening(const struct occurrence *o, struct tokens k,
			 struct buf *out)
{
	static const char *const marks[] = { [OPENS_FIRST] = "^^",
					     [OPENS_EARLY] = "^",
					     [OPENS_PAIR] = "^" };
	size_t words = 0;

	if (o->from != OPENS_LENGTH) {
		buf_add_z(out, marks[o->from]);
		block_words.name(o, k, out);
		return;
	}
	for (size_t i = 0; i < k.n; i++)
		words += !k.v[i].extra;
	buf_printf(out, "2^%u words", magnitude(words));
}

const struct block_kind block_opening = { list_opening, name_opening };

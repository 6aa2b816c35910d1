/* Runs of characters: within " word ", and across the blanks between words. */
#include "classify/block.h"

#include <errno.h>
#include <string.h>

#include "base/unicode.h"
#include "classify/tfidf.h"

enum {
	PADDED_MAX = 4 * TOKENS_WORD_MAX + 2,
	AHEAD = 8, /* words whose terms are on their way */
};

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

static int list_chars_of(struct block_lister *l, size_t word)
{
	struct conf_range n = l->b->ngrams;
	char padded[PADDED_MAX];
	uint16_t at[PADDED_MAX + 1];
	size_t size, points = pad(l->k.v[word].s, padded, at, &size);

	for (size_t m = (size_t)n.lo; m <= (size_t)n.hi; m++) {
		size_t i = 0;

		do {
			size_t to = i + m < points ? i + m : points;
			struct occurrence *o = block_add(l);

			if (!o)
				return -ENOMEM;
			*o = (struct occurrence){
				.first = (uint32_t)word,
				.last = (uint32_t)word,
				.from = at[i],
				.size = (uint16_t)(at[to] - at[i]),
				.n = 1,
			};
			o->hash = block_key(l, (struct str){ padded + at[i],
							     o->size });
			if (l->known)
				tfidf_expect(l->known, o->hash);
		} while (i++ + m < points);
		if (points <= m)
			break; /* a short word counts once */
	}
	return 0;
}

static struct occurrence found_in(size_t word, uint32_t term, uint32_t df)
{
	return (struct occurrence){ .term = term,
				    .at = df,
				    .first = (uint32_t)word,
				    .last = (uint32_t)word,
				    .n = 1 };
}

/* Look up what the word has, leave out what is not known, and keep the rest for
 * the next time. */
static int find_chars_of(struct block_lister *l, size_t word, uint64_t key)
{
	struct occurrence *first = l->next, *end;
	struct block_grams *keep;
	int r = list_chars_of(l, word);

	end = l->next;
	l->next = first;
	for (struct occurrence *o = first; o < end; o++) {
		const struct tfidf_slot *s = tfidf_look(l->known, o->hash);

		if (s->term != TFIDF_NONE)
			*l->next++ = found_in(word, s->term,
					      s->df < BLOCK_OFTEN ? s->df
								  : BLOCK_OFTEN);
	}
	if (r || l->next - first > BLOCK_GRAMS_MAX)
		return r;
	keep = memo_put(l->grams, key);
	keep->n = (uint64_t)(l->next - first);
	for (size_t i = 0; i < keep->n; i++) {
		keep->term[i] = first[i].term;
		keep->df[i] = (uint16_t)first[i].at;
	}
	return 0;
}

static int recall_chars_of(struct block_lister *l, size_t word)
{
	uint64_t key = block_word_key(l, &l->k.v[word]);
	const struct block_grams *g = memo_find(l->grams, key);

	if (!g)
		return find_chars_of(l, word, key);
	if (l->end - l->next < (ptrdiff_t)g->n)
		return -ENOMEM;
	for (size_t i = 0; i < g->n; i++)
		l->next[i] = found_in(word, g->term[i], g->df[i]);
	l->next += g->n;
	return 0;
}

static int list_chars(struct block_lister *l)
{
	int r = 0;

	l->found = l->known;
	for (size_t i = 0; i < l->k.n && !r; i++) {
		if (l->known && i + AHEAD < l->k.n)
			memo_expect(l->grams,
				    block_word_key(l, &l->k.v[i + AHEAD]));
		if (!l->k.v[i].extra)
			r = l->known ? recall_chars_of(l, i)
				     : list_chars_of(l, i);
	}
	return r;
}

static void name_chars(const struct occurrence *o, struct tokens k,
		       struct buf *out)
{
	char padded[PADDED_MAX];
	uint16_t at[PADDED_MAX + 1];
	size_t size;

	pad(k.v[o->first].s, padded, at, &size);
	buf_add(out, padded + o->from, o->size);
}

/* The words with one blank between, and of each character where it is. */
struct line {
	char *bytes;
	struct place {
		uint32_t at, word;
		uint16_t from; /* byte within "word " */
	} *v;
	size_t points;
};

static int join(struct tokens k, struct arena *a, struct line *ret)
{
	size_t room = 1, used = 0, n;

	for (size_t i = 0; i < k.n; i++)
		room += k.v[i].s.n + 1;
	ret->points = 0;
	ret->bytes = arena_take(a, room);
	ret->v = arena_take_array(a, room, sizeof(*ret->v));
	if (!ret->bytes || !ret->v)
		return -ENOMEM;
	for (size_t i = 0; i < k.n; i++) {
		size_t start = used;

		if (k.v[i].extra)
			continue;
		memcpy(ret->bytes + used, k.v[i].s.p, k.v[i].s.n);
		used += k.v[i].s.n;
		ret->bytes[used++] = ' ';
		for (size_t at = start; at < used; at += n) {
			ret->v[ret->points++] = (struct place){
				(uint32_t)at, (uint32_t)i,
				(uint16_t)(at - start)
			};
			unicode_decode(ret->bytes + at, ret->bytes + used, &n);
		}
	}
	if (ret->points)
		ret->points--; /* the blank behind the last word */
	ret->v[ret->points].at = used ? (uint32_t)used - 1 : 0;
	return 0;
}

static int list_across(struct block_lister *l)
{
	struct conf_range n = l->b->ngrams;
	struct line line;

	if (join(l->k, l->arena, &line) || block_begin(l))
		return -ENOMEM;
	for (size_t m = (size_t)n.lo; m <= (size_t)n.hi; m++)
		for (size_t i = 0; i + m <= line.points; i++) {
			const struct place *p = &line.v[i], *to = p + m;
			struct occurrence *o = block_add(l);

			if (!o)
				return -ENOMEM;
			*o = (struct occurrence){
				.first = p->word,
				.last = to[-1].word,
				.from = p->from,
				.size = (uint16_t)(to->at - p->at),
				.n = 1,
			};
			o->hash = block_key(l, (struct str){
						       line.bytes + p->at,
						       o->size });
		}
	return 0;
}

static void name_across(const struct occurrence *o, struct tokens k,
			struct buf *out)
{
	size_t left = o->size, from = o->from;

	for (size_t i = o->first; left; i = block_next_word(k, i), from = 0) {
		struct str w = k.v[i].s;
		size_t n = w.n - from < left ? w.n - from : left;

		buf_add(out, w.p + from, n);
		left -= n;
		if (left) {
			buf_add_char(out, ' ');
			left--;
		}
	}
}

const struct block_kind block_chars = { list_chars, name_chars };
const struct block_kind block_across = { list_across, name_across };

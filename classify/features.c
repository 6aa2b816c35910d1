#include "classify/features.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/unicode.h"

static bool cuts_alike(const struct tokens_settings *a,
		       const struct tokens_settings *b)
{
	return a->cut == b->cut && a->cased == b->cased &&
	       a->hashtags == b->hashtags && a->min_length == b->min_length &&
	       a->compounds == b->compounds &&
	       a->strip_accents == b->strip_accents;
}

/* Stemmer and stop words are one recipe's, so that they do not tell its blocks
 * apart: only whether a cut asks for them. */
static bool stems_alike(const struct tokens_settings *a,
			const struct tokens_settings *b)
{
	return !a->stem == !b->stem && a->stop_count == b->stop_count;
}

struct tokens_settings features_cut(const struct tokens_settings *common,
				    enum tokens_cut cut, bool cased,
				    bool hashtags)
{
	struct tokens_settings s = *common;

	s.cut = cut;
	s.cased = cased;
	s.hashtags = hashtags;
	if (cut == TOKENS_MARKS || cut == TOKENS_BLANKS) {
		s.min_length = 1;
		s.stem = NULL;
		s.stop = NULL;
		s.stop_count = 0;
	}
	return s;
}

int features_add(struct features *f, const struct features_block *b,
		 const struct tokens_settings *s, struct err *e)
{
	uint32_t cut = 0;
	int r;

	if (f->block_count == FEATURES_BLOCKS_MAX)
		return err_set(e, -EINVAL, "more than %d blocks of terms",
			       FEATURES_BLOCKS_MAX);
	while (cut < f->cut_count && !(cuts_alike(&f->set[cut], s) &&
				       stems_alike(&f->set[cut], s)))
		cut++;
	if (cut == f->cut_count) {
		r = tokenizer_new(s, &f->cut[cut], e);
		if (r)
			return r;
		f->set[f->cut_count++] = *s;
	}
	f->block[f->block_count] = *b;
	f->block[f->block_count++].cut = cut;
	return 0;
}

void features_done(struct features *f)
{
	for (uint32_t i = 0; i < f->cut_count; i++)
		tokenizer_free(f->cut[i]);
	*f = (struct features){ .cut_count = 0 };
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

/* One block of one field being listed. */
struct lister {
	const struct features_block *b;
	struct tokens k;
	uint64_t seed; /* tells the terms of blocks apart */
	struct arena *arena;
	size_t n;
	struct line line; /* of FEATURES_ACROSS */
};

static struct occurrence *add(struct lister *l)
{
	l->n++;
	return arena_extend(l->arena, sizeof(struct occurrence));
}

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

/* The key of a word or of characters, in their block. The block is no seed of
 * XXH3, which only adds it to what is short: "les" in one block would be "ler"
 * in the next. */
static uint64_t key(const struct lister *l, struct str s)
{
	return extend(l->seed, hash_xx(s, 0));
}

/* The index of the next word of the sequence after i, or k.n. */
static size_t next_word(struct tokens k, size_t i)
{
	do
		i++;
	while (i < k.n && k.v[i].extra);
	return i;
}

static int list_words(struct lister *l)
{
	struct conf_range n = l->b->ngrams;
	struct tokens k = l->k;

	for (size_t i = 0; i < k.n; i++) {
		uint64_t h = 0;
		size_t j = i;

		for (int64_t m = 1; m <= n.hi && j < k.n; m++) {
			uint64_t w = key(l, k.v[j].s);
			struct occurrence *o;

			h = m == 1 ? w : extend(h, w);
			if (m >= n.lo) {
				o = add(l);
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

static int list_chars_of(struct lister *l, size_t word)
{
	struct conf_range n = l->b->ngrams;
	char padded[PADDED_MAX];
	uint16_t at[PADDED_MAX + 1];
	size_t size, points = pad(l->k.v[word].s, padded, at, &size);

	for (size_t m = (size_t)n.lo; m <= (size_t)n.hi; m++) {
		size_t i = 0;

		do {
			size_t to = i + m < points ? i + m : points;
			struct occurrence *o = add(l);

			if (!o)
				return -ENOMEM;
			*o = (struct occurrence){
				.first = (uint32_t)word,
				.last = (uint32_t)word,
				.from = at[i],
				.size = (uint16_t)(at[to] - at[i]),
				.n = 1,
			};
			o->hash = key(l, (struct str){ padded + at[i],
						       o->size });
		} while (i++ + m < points);
		if (points <= m)
			break; /* a short word counts once */
	}
	return 0;
}

static int list_chars(struct lister *l)
{
	int r = 0;

	for (size_t i = 0; i < l->k.n && !r; i++)
		if (!l->k.v[i].extra)
			r = list_chars_of(l, i);
	return r;
}

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

static int list_across(struct lister *l)
{
	struct conf_range n = l->b->ngrams;
	struct line line = l->line;

	for (size_t m = (size_t)n.lo; m <= (size_t)n.hi; m++)
		for (size_t i = 0; i + m <= line.points; i++) {
			const struct place *p = &line.v[i], *to = p + m;
			struct occurrence *o = add(l);

			if (!o)
				return -ENOMEM;
			*o = (struct occurrence){
				.first = p->word,
				.last = to[-1].word,
				.from = p->from,
				.size = (uint16_t)(to->at - p->at),
				.n = 1,
			};
			o->hash = key(l, (struct str){ line.bytes + p->at,
						       o->size });
		}
	return 0;
}

/* What an opening's occurrence is, in its `from`. */
enum { OPENS_FIRST = 1, OPENS_EARLY, OPENS_PAIR, OPENS_LENGTH };
enum { OPENING_WORDS = 4 };

static int add_opening(struct lister *l, int what, size_t first, size_t last,
		       uint64_t hash)
{
	struct occurrence *o = add(l);

	if (!o)
		return -ENOMEM;
	*o = (struct occurrence){
		.hash = extend((uint64_t)what, hash),
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

static int list_opening(struct lister *l)
{
	struct tokens k = l->k;
	size_t i = 0, before = 0, words = 0;
	uint64_t last = 0;
	int r = 0;

	if (k.n && k.v[0].extra)
		i = next_word(k, 0);
	for (; i < k.n && !r; i = next_word(k, i)) {
		uint64_t h = key(l, k.v[i].s);

		words++;
		if (words == 1)
			r = add_opening(l, OPENS_FIRST, i, i, h);
		if (words <= OPENING_WORDS && !r)
			r = add_opening(l, OPENS_EARLY, i, i, h);
		if (words > 1 && words <= OPENING_WORDS && !r)
			r = add_opening(l, OPENS_PAIR, before, i,
					extend(last, h));
		before = i;
		last = h;
	}
	if (words && !r)
		r = add_opening(l, OPENS_LENGTH, 0, 0,
				extend(l->seed, magnitude(words)));
	return r;
}

/* The value of "name:value", and how long the name is; 0 when it is none, or
 * nothing: what counts nothing is not there. */
static float given_value(struct str w, size_t *name)
{
	char number[32], *end;
	size_t colon = w.n;
	float value;

	while (colon && w.p[colon - 1] != ':')
		colon--;
	if (colon < 2 || w.n - colon >= sizeof(number) || w.n == colon)
		return 0;
	memcpy(number, w.p + colon, w.n - colon);
	number[w.n - colon] = '\0';
	value = strtof(number, &end);
	*name = colon - 1;
	return *end || !isfinite(value) ? 0 : value;
}

static int list_given(struct lister *l)
{
	for (size_t i = 0; i < l->k.n; i++) {
		struct str w = l->k.v[i].s;
		size_t name = 0;
		float value = given_value(w, &name);
		struct occurrence *o;

		if (value == 0)
			continue;
		o = add(l);
		if (!o)
			return -ENOMEM;
		*o = (struct occurrence){
			.hash = key(l, (struct str){ w.p, name }),
			.first = (uint32_t)i,
			.last = (uint32_t)i,
			.size = (uint16_t)name,
			.n = value,
		};
	}
	return 0;
}

/* The first so many words of k, with their extras. */
static struct tokens opening_of(struct tokens k, uint32_t most)
{
	uint32_t words = 0;

	for (size_t i = 0; most && i < k.n; i++)
		if (!k.v[i].extra && words++ == most)
			k.n = i;
	return k;
}

static int list_block(const struct features *f, uint32_t b, struct arena *a,
		      struct reading *r)
{
	static int (*const list[])(struct lister *l) = {
		[FEATURES_WORDS] = list_words,
		[FEATURES_CHARS] = list_chars,
		[FEATURES_ACROSS] = list_across,
		[FEATURES_OPENING] = list_opening,
		[FEATURES_GIVEN] = list_given,
	};
	struct lister l = {
		.b = &f->block[b],
		.k = opening_of(r->cut[f->block[b].cut], f->block[b].first),
		.seed = 1 + b,
		.arena = a,
	};
	int result;

	if (l.b->of == FEATURES_ACROSS && join(l.k, a, &l.line))
		return -ENOMEM;
	r->block[b].v = arena_take(a, 0);
	if (!r->block[b].v)
		return -ENOMEM;
	result = list[l.b->of](&l);
	r->block[b].n = l.n;
	return result;
}

int features_read(const struct features *f, enum field field, struct str text,
		  struct arena *a, struct reading *ret)
{
	unsigned wanted = 0;
	int r = 0;

	*ret = (struct reading){ .cut = { { NULL, 0 } } };
	for (uint32_t b = 0; b < f->block_count; b++)
		if (f->block[b].fields >> field & 1)
			wanted |= 1u << f->block[b].cut;
	for (uint32_t c = 0; c < f->cut_count && !r; c++)
		if (wanted >> c & 1)
			r = tokens_cut(f->cut[c], text, a, &ret->cut[c]);
	for (uint32_t b = 0; b < f->block_count && !r; b++)
		if (f->block[b].fields >> field & 1)
			r = list_block(f, b, a, ret);
	return r;
}

static void name_words(const struct occurrence *o, struct tokens k,
		       struct buf *out)
{
	for (size_t i = o->first; i <= o->last; i = next_word(k, i)) {
		if (i != o->first)
			buf_add_char(out, ' ');
		buf_add_str(out, k.v[i].s);
		if (k.v[o->first].extra)
			break;
	}
}

static void name_across(const struct occurrence *o, struct tokens k,
			struct buf *out)
{
	size_t left = o->size, from = o->from;

	for (size_t i = o->first; left; i = next_word(k, i), from = 0) {
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

static void name_opening(const struct occurrence *o, struct tokens k,
			 uint32_t most, struct buf *out)
{
	static const char *const marks[] = { [OPENS_FIRST] = "^^",
					     [OPENS_EARLY] = "^",
					     [OPENS_PAIR] = "^" };
	size_t words = 0;

	if (o->from != OPENS_LENGTH) {
		buf_add_z(out, marks[o->from]);
		name_words(o, k, out);
		return;
	}
	k = opening_of(k, most);
	for (size_t i = 0; i < k.n; i++)
		words += !k.v[i].extra;
	buf_printf(out, "2^%u words", magnitude(words));
}

void features_name(const struct features *f, uint32_t b,
		   const struct occurrence *o, const struct reading *r,
		   struct buf *out)
{
	struct tokens k = r->cut[f->block[b].cut];
	char padded[PADDED_MAX];
	uint16_t at[PADDED_MAX + 1];
	size_t size;

	switch (f->block[b].of) {
	case FEATURES_CHARS:
		pad(k.v[o->first].s, padded, at, &size);
		buf_add(out, padded + o->from, o->size);
		return;
	case FEATURES_ACROSS:
		return name_across(o, k, out);
	case FEATURES_OPENING:
		return name_opening(o, k, f->block[b].first, out);
	case FEATURES_GIVEN:
		buf_add(out, k.v[o->first].s.p, o->size);
		return;
	case FEATURES_WORDS:
		break;
	}
	name_words(o, k, out);
}

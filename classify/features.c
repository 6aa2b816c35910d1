#include "classify/features.h"

#include <errno.h>

#include "classify/block.h"

const char *const field_names[FIELD_COUNT] = { "title", "text", "target" };

static const struct block_kind *const kinds[FEATURES_KINDS] = {
	[FEATURES_WORDS] = &block_words,
	[FEATURES_CHARS] = &block_chars,
	[FEATURES_ACROSS] = &block_across,
	[FEATURES_OPENING] = &block_opening,
	[FEATURES_GIVEN] = &block_given,
};

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
	memo_done(&f->grams);
	*f = (struct features){ .cut_count = 0 };
}

int features_know(struct features *f, const struct tfidf *known)
{
	int r = 0;

	for (uint32_t b = 0; b < f->block_count && !r; b++)
		if (f->block[b].of == FEATURES_CHARS && !f->grams.v)
			r = memo_init(&f->grams, BLOCK_GRAMS,
				      sizeof(struct block_grams));
	if (!r)
		f->known = known;
	return r;
}

/* What a block sees of a field: the words of its cut, with their extras, or the
 * first so many of them. */
static struct tokens words_of(const struct features_block *b,
			      const struct reading *r)
{
	struct tokens k = r->cut[b->cut];
	uint32_t words = 0;

	for (size_t i = 0; b->first && i < k.n; i++)
		if (!k.v[i].extra && words++ == b->first)
			k.n = i;
	return k;
}

static int list_block(const struct features *f, uint32_t b, struct arena *a,
		      struct reading *r)
{
	struct block_lister l = {
		.b = &f->block[b],
		.k = words_of(&f->block[b], r),
		.seed = 1 + b,
		.known = f->known,
		.grams = &f->grams,
		.arena = a,
	};
	int result = block_begin(&l);

	if (!result)
		result = kinds[l.b->of]->list(&l);
	if (result)
		return result;
	a->p = (char *)l.next;
	r->block[b] = (struct occurrences){ l.first, (size_t)(l.next - l.first),
					    l.found };
	return 0;
}

int features_read(const struct features *f, enum field field, struct str text,
		  struct arena *a, struct reading *ret)
{
	unsigned wanted = 0;
	int r = 0;

	*ret = (struct reading){ .cut = { { NULL, 0 } } };
	if (!text.n)
		return 0;
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

void features_name(const struct features *f, uint32_t b,
		   const struct occurrence *o, const struct reading *r,
		   struct buf *out)
{
	const struct features_block *block = &f->block[b];

	kinds[block->of]->name(o, words_of(block, r), out);
}

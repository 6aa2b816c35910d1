#include "learn/terms.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "classify/judge.h"
#include "learn/copies.h"

static const size_t terms_arena = (size_t)64 << 30; /* address space */

/* While reading: terms by hash, in the order they were met. Two terms with the
 * same 64-bit hash would be taken for one; among ten million terms that has a
 * chance of three in a million. */
struct collector {
	struct terms *t;
	struct arena *keep;
	struct features features;
	double title_weight;
	struct tfidf_slot *slots;
	uint64_t mask;
	struct buf met; /* struct term, growing */
	struct buf name;
};

static uint32_t met_count(const struct collector *c)
{
	return (uint32_t)(c->met.n / sizeof(struct term));
}

static int grow_slots(struct collector *c)
{
	uint64_t n = c->slots ? 2 * (c->mask + 1) : 1 << 16;
	struct tfidf_slot *v = malloc(n * sizeof(*v));

	if (!v)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++)
		v[i] = (struct tfidf_slot){ .term = TFIDF_NONE };
	for (uint64_t i = 0; c->slots && i <= c->mask; i++)
		if (c->slots[i].term != TFIDF_NONE)
			tfidf_put(v, n - 1, c->slots[i]);
	free(c->slots);
	c->slots = v;
	c->mask = n - 1;
	return 0;
}

static int meet(struct collector *c, uint32_t b, const struct occurrence *o,
		const struct reading *in, uint32_t *id)
{
	struct tfidf view = { .slots = c->slots, .slot_mask = c->mask };
	struct term term = { .hash = o->hash, .block = b };

	*id = tfidf_find(&view, o->hash);
	if (*id != TFIDF_NONE)
		return 0;
	buf_clear(&c->name);
	features_name(&c->features, b, o, in, &c->name);
	term.name = arena_copy(c->keep, buf_view(&c->name));
	*id = met_count(c);
	buf_add(&c->met, &term, sizeof(term));
	if (!term.name.p || buf_error(&c->met))
		return -ENOMEM;
	tfidf_put(c->slots, c->mask, (struct tfidf_slot){ o->hash, *id, 0 });
	return 2 * (uint64_t)met_count(c) > c->mask ? grow_slots(c) : 0;
}

static int read_field(struct collector *c, enum field f, struct str text,
		      struct arena *scratch, struct buf *counts,
		      struct reading *in)
{
	double each = f == FIELD_TITLE ? c->title_weight : 1;
	int r = features_read(&c->features, f, text, scratch, in);

	for (uint32_t b = 0; b < c->features.block_count && each != 0; b++)
		for (size_t i = 0; !r && i < in->block[b].n; i++) {
			const struct occurrence *o = &in->block[b].v[i];
			struct count one = { 0, each * o->n };

			r = meet(c, b, o, in, &one.term);
			buf_add(counts, &one, sizeof(one));
		}
	return r ? r : buf_error(counts);
}

/* The words of a field by the first cut that finds any: not every block reads
 * every field. */
static struct tokens words_in(const struct reading *r)
{
	size_t i = 0;

	while (i + 1 < FEATURES_BLOCKS_MAX && !r->cut[i].n)
		i++;
	return r->cut[i];
}

static int read_document(struct collector *c, const struct example *x,
			 struct arena scratch, struct buf *counts,
			 struct counts *doc, uint64_t *signature)
{
	const struct str field[FIELD_COUNT] = { x->title, x->text, x->target };
	struct reading in[FIELD_COUNT];
	size_t n;
	int r = 0;

	buf_clear(counts);
	for (int f = 0; f < FIELD_COUNT && !r; f++)
		r = read_field(c, (enum field)f, field[f], &scratch, counts,
			       &in[f]);
	if (r)
		return r;
	copies_sign(words_in(&in[FIELD_TITLE]), words_in(&in[FIELD_TEXT]),
		    signature);
	n = tfidf_merge((struct count *)(void *)counts->p,
			counts->n / sizeof(struct count));
	doc->v = arena_take_array(c->keep, n + 1, sizeof(*doc->v));
	if (!doc->v)
		return -ENOMEM;
	if (n)
		memcpy(doc->v, counts->p, n * sizeof(*doc->v));
	doc->n = n;
	return 0;
}

struct ranked {
	struct term term;
	uint32_t met; /* its id while reading */
};

static int by_block_and_name(const void *a, const void *b)
{
	const struct term *x = &((const struct ranked *)a)->term;
	const struct term *y = &((const struct ranked *)b)->term;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	return str_cmp(x->name, y->name);
}

/* Ids in the order of names, whatever order the documents came in. */
static int sort_terms(struct collector *c)
{
	struct terms *t = c->t;
	const struct term *met = (const struct term *)(const void *)c->met.p;
	uint32_t n = met_count(c);
	struct ranked *order = malloc((n + (size_t)1) * sizeof(*order));
	uint32_t *rank = malloc((n + (size_t)1) * sizeof(*rank));

	t->v = arena_take_array(c->keep, n + 1, sizeof(*t->v));
	if (!order || !rank || !t->v) {
		free(order);
		free(rank);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < n; i++)
		order[i] = (struct ranked){ met[i], i };
	qsort(order, n, sizeof(*order), by_block_and_name);
	for (uint32_t i = 0; i < n; i++) {
		t->v[i] = order[i].term;
		rank[order[i].met] = i;
	}
	t->n = n;
	for (size_t d = 0; d < t->doc_count; d++) {
		struct counts *doc = &t->docs[d];

		for (size_t i = 0; i < doc->n; i++)
			doc->v[i].term = rank[doc->v[i].term];
		doc->n = tfidf_merge(doc->v, doc->n);
	}
	free(order);
	free(rank);
	return 0;
}

static int read_documents(struct collector *c, const struct corpus *corpus,
			  struct arena scratch)
{
	struct terms *t = c->t;
	uint64_t *signatures =
		malloc(corpus->n * COPIES_SIGNATURE * sizeof(*signatures));
	struct buf counts;
	int r = signatures ? 0 : -ENOMEM;

	buf_init(&counts, JUDGE_ARENA);
	for (size_t i = 0; i < corpus->n && !r; i++) {
		r = read_document(c, &corpus->v[i], scratch, &counts,
				  &t->docs[i],
				  signatures + i * COPIES_SIGNATURE);
		log_progress("cutting documents", i + 1, corpus->n);
	}
	if (!r)
		r = copies_group(signatures, corpus->n, t->groups);
	buf_done(&counts);
	free(signatures);
	return r;
}

static int add_blocks(struct collector *c, const struct recipe *recipe,
		      struct err *e)
{
	int r = 0;

	for (uint32_t b = 0; b < recipe->block_count && !r; b++) {
		struct tokens_settings settings;
		struct features_block block;

		recipe_tokens(recipe, b, &settings);
		recipe_features(recipe, b, &block);
		r = features_add(&c->features, &block, &settings, e);
	}
	return r;
}

int terms_read(struct terms *ret, const struct corpus *corpus,
	       const struct recipe *recipe, struct err *e)
{
	struct collector c = { .t = ret, .title_weight = recipe->title_weight };
	struct arena keep, scratch = { NULL, NULL };
	int r;

	*ret = (struct terms){ .doc_count = corpus->n };
	r = arena_open(&ret->block, terms_arena);
	if (!r)
		r = arena_open(&scratch, JUDGE_ARENA);
	keep = ret->block;
	c.keep = &keep;
	buf_init(&c.met, (size_t)8 << 30);
	buf_init(&c.name, 1 << 16);
	if (!r)
		r = add_blocks(&c, recipe, e);
	if (!r)
		r = grow_slots(&c);
	if (!r) {
		ret->docs = calloc(corpus->n + 1, sizeof(*ret->docs));
		ret->groups = calloc(corpus->n + 1, sizeof(*ret->groups));
		r = ret->docs && ret->groups ? 0 : -ENOMEM;
	}
	if (!r)
		r = read_documents(&c, corpus, scratch);
	if (!r)
		r = sort_terms(&c);
	arena_close(scratch);
	features_done(&c.features);
	free(c.slots);
	buf_done(&c.met);
	buf_done(&c.name);
	if (r) {
		terms_free(ret);
		err_sys(e, r, "reading terms");
	}
	return r;
}

void terms_free(struct terms *t)
{
	free(t->docs);
	free(t->groups);
	arena_close(t->block);
	*t = (struct terms){ .n = 0 };
}

static void count_documents(const struct terms *t, const unsigned char *use,
			    uint32_t *df, size_t *documents)
{
	*documents = 0;
	for (size_t d = 0; d < t->doc_count; d++) {
		if (!use[d])
			continue;
		++*documents;
		for (size_t i = 0; i < t->docs[d].n; i++)
			df[t->docs[d].v[i].term]++;
	}
}

static bool keeps(const struct recipe *r, const struct term *t, uint32_t df,
		  size_t documents)
{
	const struct recipe_block *b = &r->block[t->block];

	return df > 0 && df >= b->min_df &&
	       (double)df <= b->max_df * (double)documents;
}

static void choose(struct vocabulary *v, const struct terms *t,
		   const struct recipe *r, const uint32_t *df)
{
	struct tfidf *f = &v->tfidf;

	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t block = t->v[i].block;

		v->local[i] = TFIDF_NONE;
		if (!keeps(r, &t->v[i], df[i], v->documents))
			continue;
		v->local[i] = f->terms;
		v->global[f->terms] = i;
		v->idf[f->terms++] = pow(tfidf_idf(v->documents, df[i]),
					 f->block[block].idf);
		for (uint32_t b = block; b < f->block_count; b++)
			f->block[b].end = f->terms;
	}
}

static int make_table(struct vocabulary *v, const struct terms *t,
		      const uint32_t *df)
{
	uint64_t n = 16;

	while (n < 2 * (uint64_t)v->tfidf.terms)
		n *= 2;
	v->slots = malloc(n * sizeof(*v->slots));
	if (!v->slots)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++)
		v->slots[i] = (struct tfidf_slot){ .term = TFIDF_NONE };
	for (uint32_t i = 0; i < v->tfidf.terms; i++) {
		uint32_t g = v->global[i];

		tfidf_put(v->slots, n - 1,
			  (struct tfidf_slot){ t->v[g].hash, i, df[g] });
	}
	v->tfidf.slots = v->slots;
	v->tfidf.slot_mask = n - 1;
	v->tfidf.idf = v->idf;
	return 0;
}

int vocabulary_fit(struct vocabulary *ret, const struct terms *t,
		   const struct recipe *r, const unsigned char *use,
		   struct err *e)
{
	uint32_t *df = calloc(t->n + (size_t)1, sizeof(*df));
	int result = -ENOMEM;

	*ret = (struct vocabulary){
		.local = malloc((t->n + (size_t)1) * sizeof(*ret->local)),
		.global = malloc((t->n + (size_t)1) * sizeof(*ret->global)),
		.idf = malloc((t->n + (size_t)1) * sizeof(*ret->idf)),
	};
	ret->tfidf.title_weight = r->title_weight;
	ret->tfidf.block_count = r->block_count;
	for (uint32_t b = 0; b < r->block_count; b++)
		recipe_tfidf(r, b, &ret->tfidf.block[b]);
	if (df && ret->local && ret->global && ret->idf) {
		count_documents(t, use, df, &ret->documents);
		choose(ret, t, r, df);
		result = make_table(ret, t, df);
	}
	free(df);
	if (!result && !ret->documents)
		result = err_set(e, -EBADMSG,
				 "no document is left to learn from: there are "
				 "too few, or all are copies of each other, or "
				 "have no words in the fields that are read");
	if (!result && !ret->tfidf.terms)
		result = err_set(e, -EBADMSG,
				 "no term is left: none is in as many documents "
				 "as min_df asks for, in as few as max_df "
				 "allows, in a field that is read");
	if (!result && ret->tfidf.terms > BUNDLE_TERMS_MAX)
		result = err_set(e, -EMSGSIZE,
				 "%u terms are more than a bundle holds (%d): "
				 "raise min_df",
				 ret->tfidf.terms, BUNDLE_TERMS_MAX);
	if (result)
		vocabulary_free(ret);
	return result;
}

void vocabulary_free(struct vocabulary *v)
{
	free(v->local);
	free(v->global);
	free(v->slots);
	free(v->idf);
	*v = (struct vocabulary){ .local = NULL };
}

struct counts vocabulary_counts(const struct vocabulary *v, struct counts doc,
				struct arena *a)
{
	struct counts c = { .v = arena_take_array(a, doc.n + 1,
						  sizeof(*c.v)) };

	for (size_t i = 0; c.v && i < doc.n; i++) {
		uint32_t id = v->local[doc.v[i].term];

		if (id != TFIDF_NONE)
			c.v[c.n++] = (struct count){ id, doc.v[i].n };
	}
	return c;
}

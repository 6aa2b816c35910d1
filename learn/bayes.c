#include "learn/bayes.h"

#include <errno.h>
#include <stdlib.h>

#include "learn/complement.h"

/* The classes of one naive Bayes, and the columns that it is added to. */
struct bayes {
	const struct rows *rows;
	const struct recipe_machine *set;
	uint32_t classes;
	uint32_t *class_of;
	double *weights;
};

static int bayes_open(struct bayes *b, const struct rows *rows,
		      const struct recipe_machine *set, uint32_t classes,
		      uint32_t terms)
{
	*b = (struct bayes){
		.rows = rows,
		.set = set,
		.classes = classes,
		.class_of = calloc(rows->n + 1, sizeof(*b->class_of)),
		.weights = calloc((size_t)classes * terms + 1,
				  sizeof(*b->weights)),
	};
	return b->class_of && b->weights ? 0 : -ENOMEM;
}

static void bayes_done(struct bayes *b)
{
	free(b->class_of);
	free(b->weights);
}

/* Fit, and add class k to its column of each of `topics` topics, the first of
 * which is `first` + k. Machine m[k] is what speaks there; where it has nothing
 * to separate, neither has this. */
static void add_classes(struct bayes *b, struct columns *c,
			const struct row_set *s, const struct machine *m,
			uint32_t classes, uint32_t first, uint32_t topics)
{
	complement_fit(s, b->rows, b->class_of, b->classes,
		       b->set->bayes_alpha, b->weights);
	for (uint32_t k = 0; k < classes; k++)
		for (uint32_t t = 0; t < topics && !machine_is_trivial(&m[k]);
		     t++)
			columns_add(c, first + t * c->stances + k,
				    b->weights + (size_t)k * c->terms,
				    1, b->set->bayes, NULL);
}

static uint32_t only_topic(const struct corpus *c, size_t doc)
{
	uint32_t t = 0;

	while (t + 1 < c->topic_count && !c->v[doc].labels[t])
		t++;
	return t;
}

/* Exclusive topics are the classes of one; else each topic and its absence
 * are those of its own. */
static int add_topic_bayes(struct columns *c, const struct row_set *s,
			   const struct machine *m)
{
	uint32_t classes = s->recipe->one_of ? c->topics : 2;
	struct bayes b;
	int r = bayes_open(&b, &s->topic, &s->recipe->topic, classes,
			   c->terms);

	for (uint32_t t = 0; t < c->topics && !r; t++) {
		for (size_t i = 0; i < s->topic.n; i++) {
			size_t doc = s->topic.v[i].doc;

			b.class_of[i] = s->recipe->one_of
						? only_topic(s->corpus, doc)
						: !s->corpus->v[doc].labels[t];
		}
		if (s->recipe->one_of) {
			add_classes(&b, c, s, m, classes, 0, 1);
			break;
		}
		add_classes(&b, c, s, &m[t], 1, t, 1);
	}
	bayes_done(&b);
	return r;
}

static int add_stance_bayes(struct columns *c, const struct row_set *s,
			    const struct machine *m)
{
	struct bayes b;
	int r = bayes_open(&b, &s->stance, &s->recipe->stance, c->stances,
			   c->terms);

	for (size_t i = 0; i < s->stance.n && !r; i++)
		b.class_of[i] = (uint32_t)s->stance.v[i].stance - 1;
	if (!r)
		add_classes(&b, c, s, m, c->stances, c->topics, c->topics);
	bayes_done(&b);
	return r;
}

static bool is_wanted(const struct row_set *s)
{
	return (s->recipe->topic.bayes > 0 && !s->recipe->targets) ||
	       (s->recipe->stance.bayes > 0 && s->corpus->stances.n);
}

/* The block of x that is to be counted and has a number below zero; NULL:
 * none. */
static const struct recipe_block *negative_block(const struct row_set *s,
						 const struct feat *x)
{
	const struct tfidf *t = &s->vocabulary.tfidf;

	for (uint32_t b = 0; b < t->block_count; b++) {
		const struct recipe_block *block = &s->recipe->block[b];

		for (; x->index >= 0 && (uint32_t)x->index < t->block[b].end;
		     x++)
			if (x->value < 0 &&
			    block->machine & RECIPE_MACHINE_BAYES)
				return block;
	}
	return NULL;
}

int bayes_check(const struct row_set *s, struct err *e)
{
	for (size_t i = 0; i < s->topic.n && is_wanted(s); i++) {
		const struct row *row = &s->topic.v[i];
		const struct recipe_block *b = negative_block(s, row->base);

		if (b)
			return err_set(e, -EBADMSG,
				       "%s: a number below zero, which naive "
				       "Bayes cannot count: let it not read "
				       "block '%s' (machine: svm)",
				       s->corpus->v[row->doc].place, b->name);
	}
	return 0;
}

int bayes_add(struct columns *c, const struct row_set *s,
	      const struct machine *m)
{
	int r = 0;

	if (s->recipe->topic.bayes > 0 && !s->recipe->targets)
		r = add_topic_bayes(c, s, m);
	if (s->recipe->stance.bayes > 0 && c->stances && !r)
		r = add_stance_bayes(c, s, m + c->topics);
	return r;
}

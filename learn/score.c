#include "learn/score.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "classify/judge.h"

int scores_init(struct scores *s, size_t n, uint32_t topics, uint32_t stances)
{
	uint32_t columns = topics * (1 + stances);

	*s = (struct scores){ .n = n, .topics = topics, .stances = stances,
			      .columns = columns };
	s->judged = calloc(n + 1, sizeof(*s->judged));
	s->decision = calloc(n * columns + 1, sizeof(*s->decision));
	s->probability = calloc(n * columns + 1, sizeof(*s->probability));
	s->unknown = calloc(n + 1, sizeof(*s->unknown));
	s->given = calloc(n * topics + 1, sizeof(*s->given));
	s->stance = calloc(n * topics + 1, sizeof(*s->stance));
	return s->judged && s->decision && s->probability && s->unknown &&
			       s->given && s->stance
		       ? 0
		       : -ENOMEM;
}

void scores_done(struct scores *s)
{
	free(s->judged);
	free(s->decision);
	free(s->probability);
	free(s->unknown);
	free(s->given);
	free(s->stance);
	*s = (struct scores){ .n = 0 };
}

int score_gold(unsigned char b)
{
	return b && b != CORPUS_NO_STANCE ? b - 1 : -1;
}

static int judge_one(const struct model *m, const struct example *x,
		     struct arena scratch, double *decision, double *unknown)
{
	const struct str field[FIELD_COUNT] = { x->title, x->text, x->target };
	struct judgement j;
	int r = judge(m, field, &scratch, &j);

	if (r)
		return r;
	memcpy(decision, j.decision, m->column_count * sizeof(*decision));
	*unknown = judge_unknown(m, &j);
	return 0;
}

int score_judge(const struct model *m, const struct corpus *c,
		const unsigned char *use, struct scores *s)
{
	struct arena block;
	int r = arena_open(&block, JUDGE_ARENA);

	for (size_t i = 0; i < c->n && !r; i++) {
		if (use && !use[i])
			continue;
		s->judged[i] = 1;
		r = judge_one(m, &c->v[i], block, s->decision + i * s->columns,
			      &s->unknown[i]);
		if (!use)
			log_progress("judging", i + 1, c->n);
	}
	arena_close(block);
	return r;
}

/* Topics share the curves of their stances: each is copied once. */
static uint32_t keep_knots(struct score_rules *s, const struct fit_column *c,
			   const struct fit_column *all, uint32_t before)
{
	uint32_t at = (uint32_t)s->model.knot_count;

	for (uint32_t i = 0; i < before; i++)
		if (c->knot_count && all[i].knots == c->knots)
			return s->columns[i].knot;
	for (uint32_t i = 0; i < c->knot_count; i++)
		s->knots[at + i] = c->knots[i];
	s->model.knot_count += c->knot_count;
	return at;
}

static int set_columns(struct score_rules *s, const struct fit_column *c)
{
	uint32_t n = s->model.column_count;
	size_t knots = 0;

	for (uint32_t i = 0; c && i < n; i++)
		knots += c[i].knot_count;
	s->columns = calloc(n + 1, sizeof(*s->columns));
	s->knots = calloc(knots + 1, sizeof(*s->knots));
	if (!s->columns || !s->knots)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++) {
		struct bundle_column *b = &s->columns[i];

		*b = (struct bundle_column){ .a = -1 };
		if (!c)
			continue;
		b->a = c[i].a;
		b->b = c[i].b;
		b->threshold = c[i].threshold;
		b->knots = c[i].knot_count;
		b->knot = keep_knots(s, &c[i], c, i);
	}
	s->model.columns = s->columns;
	s->model.knots = s->knots;
	return 0;
}

int score_rules_init(struct score_rules *ret, const struct corpus *c,
		     const struct recipe *r, const struct fit_column *columns)
{
	*ret = (struct score_rules){
		.model = {
			.one_of = r->one_of,
			.at_least_one = r->at_least_one,
			.targets = (enum bundle_targets)r->targets,
			.topic_count = c->topic_count,
			.stance_count = (uint32_t)c->stances.n,
			.column_count = fit_columns(c),
			.unsure = r->unsure,
		},
	};
	return set_columns(ret, columns);
}

void score_rules_done(struct score_rules *s)
{
	free(s->columns);
	free(s->knots);
	*s = (struct score_rules){ .columns = NULL };
}

/* A target is in the labels: its text is not at hand here. */
static void label_topics(const struct model *m, const unsigned char *labels,
			 const struct judgement *j, unsigned char *given)
{
	if (!m->targets)
		judge_topics(m, j, given);
	for (uint32_t t = 0; m->targets && t < m->topic_count; t++)
		given[t] = labels[t] != 0;
}

static unsigned char label_stance(const struct model *m,
				  const struct judgement *j, uint32_t topic,
				  double *probability)
{
	uint32_t first = model_stance_column(m, topic, 0);
	double *p = probability + first, sum = 0, best;
	uint32_t told = judge_stance(m, j, topic, &best);

	for (uint32_t s = 0; s < m->stance_count; s++)
		sum += p[s];
	for (uint32_t s = 0; s < m->stance_count; s++)
		p[s] = sum > 0 ? p[s] / sum : 1.0 / m->stance_count;
	return (unsigned char)told;
}

void score_label(const struct model *m, const unsigned char *labels, size_t i,
		 struct scores *s)
{
	const struct judgement j = { .decision = s->decision +
						 i * s->columns };
	double *p = s->probability + i * s->columns;

	for (uint32_t c = 0; c < s->columns; c++)
		p[c] = judge_probability(m, c, j.decision[c]);
	label_topics(m, labels, &j, s->given + i * s->topics);
	for (uint32_t t = 0; s->stances && t < s->topics; t++)
		s->stance[i * s->topics + t] = label_stance(m, &j, t, p);
}

/* judge.h -- an article in, decision values out. Everything that was seen on
 * the way (words, terms, weights) stays in the arena, so that a decision can
 * be explained without being made again. */
#ifndef VIGIE_JUDGE_H
#define VIGIE_JUDGE_H

#include "base/arena.h"
#include "classify/model.h"

/* Address space in which the largest article that ingest lets in, some two
 * million words, is judged; pages are used when an article needs them. */
#define JUDGE_ARENA ((size_t)4 << 30)

enum judge_field { FIELD_TITLE, FIELD_TEXT, FIELD_COUNT };

struct judgement {
	struct str field[FIELD_COUNT];
	struct tokens tokens[FIELD_COUNT];
	struct occurrences terms[FIELD_COUNT];
	struct counts counts;  /* of the terms that the model knows */
	const struct feat *x;  /* counts.n entries and the end mark */
	const double *decision; /* a value a column */
};

/* title and text are well-formed UTF-8 in form C. Returns 0 or -ENOMEM when
 * the arena is full. */
int judge(const struct model *m, struct str title, struct str text,
	  struct arena *a, struct judgement *ret);

/* Of a column: the probability by its calibration (Platt 1999). */
double judge_probability(const struct model *m, uint32_t column,
			 double decision);

/* Is the topic given? By decision value against its threshold or, when the
 * model gives exactly one, by being the largest. */
bool judge_given(const struct model *m, const struct judgement *j,
		 uint32_t topic);

/* The stance with the largest decision value, and its probability among the
 * stances: the calibrated ones, brought to the sum one. */
uint32_t judge_stance(const struct model *m, const struct judgement *j,
		      uint32_t topic, double *probability);

/* The space of the joint stance machine, in which it is trained and judges:
 * the features that all topics share, a copy of them for each topic times
 * copy_weight, and a constant for each topic. */
struct judge_space {
	uint32_t terms, topics;
	double copy_weight;
};

/* x, of n entries, as seen from a topic, with its end mark; NULL when the
 * arena is full. */
struct feat *judge_joint(const struct judge_space *s, const struct feat *x,
			 size_t n, uint32_t topic, struct arena *a);

#endif

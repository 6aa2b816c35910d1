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

struct judgement {
	struct str field[FIELD_COUNT];
	struct reading read[FIELD_COUNT];
	struct counts counts;  /* of the terms that the model knows */
	const struct feat *x;  /* counts.n entries and the end mark */
	const double *factor;  /* [blocks][machines]; see judge_shares() */
	const double *decision; /* a value a column; see judge_quick() */
};

/* The fields are well-formed UTF-8 in form C. Returns 0 or -ENOMEM when the
 * arena is full. */
int judge(const struct model *m, const struct str field[FIELD_COUNT],
	  struct arena *a, struct judgement *ret);

/* The same of what a record is made of, and no more: judge_topics() gives the
 * same topics, and of those that are given, decision holds of each and of its
 * stances the very bits that judge() finds. Of a topic that is not given it
 * holds a value of which judge_topics() can say so, near the true one; of that
 * topic's stances NaN. */
int judge_quick(const struct model *m, const struct str field[FIELD_COUNT],
		struct arena *a, struct judgement *ret);

/* The half of judge() behind j->counts and j->x: fill in j->factor and
 * j->decision. Likewise. */
int judge_decide(const struct model *m, struct arena *a, struct judgement *j);

/* What each of j->counts.n entries of j->x adds to the decision value of a
 * column, nothing of what a kernel says: weight times value, times 1 or, in a
 * supervised block, one over the length of the block as the column's machine
 * weighs its terms. Of a linear column the sum over all entries and the
 * intercept are the decision value. */
void judge_shares(const struct model *m, const struct judgement *j,
		  uint32_t column, double *share);

/* The part of the article's words that the model's first block of words does
 * not know (out of vocabulary): 0 to 1; 0 for an article without words. */
double judge_unknown(const struct model *m, const struct judgement *j);

/* Of a column: the probability by its calibration, logistic (Platt 1999) or
 * isotonic (Zadrozny and Elkan 2002). */
double judge_probability(const struct model *m, uint32_t column,
			 double decision);

/* Which topics are given, 1 or 0 for each of m->topic_count: by decision value
 * against the threshold or, when the model gives exactly one, by being the
 * largest; when it gives at least one, the one farthest above or least below
 * its threshold is given as well. Where articles come with a target, the topic
 * is the target. */
void judge_topics(const struct model *m, const struct judgement *j,
		  unsigned char *given);

/* The stance with the largest decision value, and its probability among the
 * stances: the calibrated ones, brought to the sum one. */
uint32_t judge_stance(const struct model *m, const struct judgement *j,
		      uint32_t topic, double *probability);

/* The space of the joint stance machine, in which it is trained and judges:
 * the features that all topics share, a copy of them for each topic times
 * copy_weight (Daume, "Frustratingly easy domain adaptation", ACL 2007), and a
 * constant for each topic. Of a single topic, what is shared is all. */
struct judge_space {
	uint32_t terms, topics;
	double copy_weight;
};

/* Dimensions of the space. */
uint64_t judge_joint_dims(const struct judge_space *s);
/* x, of n entries, as seen from a topic, with its end mark; NULL when the
 * arena is full. */
struct feat *judge_joint(const struct judge_space *s, const struct feat *x,
			 size_t n, uint32_t topic, struct arena *a);
/* The article as a column's machine reads it: j->x of a topic; of a stance in
 * the joint space. NULL when the arena is full. */
const struct feat *judge_seen(const struct model *m, const struct judgement *j,
			      uint32_t column, struct arena *a);

#endif

/* said.h -- a few documents, what is so of them and what was said, for the
 * tests of figures. Three topics, two stances. */
#ifndef VIGIE_TESTS_SAID_H
#define VIGIE_TESTS_SAID_H

#include <math.h>

#include "learn/report.h"
#include "tests/check_main.h"

enum { SAID_MOST = 16, SAID_TOPICS = 3, SAID_STANCES = 2 };

static const char *said_topics[SAID_TOPICS] = { "sovereignty", "market",
						"weather" };
static const char *said_stances[SAID_STANCES] = { "favour", "against" };

struct said {
	struct corpus c;
	struct example v[SAID_MOST];
	unsigned char labels[SAID_MOST][SAID_TOPICS];
	struct scores s;
	struct report_set set;
};

static inline void said_init(struct said *x, uint32_t stances)
{
	memset(x, 0, sizeof(*x));
	ck_assert_int_eq(scores_init(&x->s, SAID_MOST, SAID_TOPICS, stances),
			 0);
	x->c = (struct corpus){ .v = x->v, .topics = said_topics,
				.topic_count = SAID_TOPICS,
				.stances = { said_stances, stances } };
	x->set = (struct report_set){ .topics = said_topics,
				      .topic_count = SAID_TOPICS,
				      .stances = said_stances,
				      .stance_count = stances };
	x->s.n = 0;
}

/* A document. Of each topic: what is so ('f', 'a'; '-' without a stance; '.'
 * absent), the digit of its probability (given from 5 tenths on), and that of
 * favour (told from 5 tenths on). */
static inline void said_add(struct said *x, const char *gold,
			    const char *given, const char *favour)
{
	size_t i = x->s.n++;
	double *p = x->s.probability + i * x->s.columns;

	x->c.n = x->s.n;
	x->v[i].labels = x->labels[i];
	x->s.judged[i] = 1;
	for (uint32_t t = 0; t < SAID_TOPICS; t++) {
		char g = gold[t];

		x->labels[i][t] = g == 'f'   ? 1
				  : g == 'a' ? 2
				  : g == '-' ? CORPUS_NO_STANCE
					     : 0;
		p[t] = (given[t] - '0') / 10.0;
		x->s.given[i * SAID_TOPICS + t] = given[t] >= '5';
		if (!x->s.stances)
			continue;
		p[SAID_TOPICS + 2 * t] = (favour[t] - '0') / 10.0;
		p[SAID_TOPICS + 2 * t + 1] = 1 - p[SAID_TOPICS + 2 * t];
		x->s.stance[i * SAID_TOPICS + t] = favour[t] < '5';
	}
	for (uint32_t c = 0; c < x->s.columns; c++)
		x->s.decision[i * x->s.columns + c] = p[c] - 0.45;
}

static inline struct report said_report(const struct said *x)
{
	struct report r;

	ck_assert_int_eq(report_make(&r, &x->set, &x->c, &x->s), 0);
	return r;
}

static inline void said_done(struct said *x)
{
	scores_done(&x->s);
}

/* sovereignty: 2 right, 1 wrong, 1 missed; market: 1 right, 1 missed; weather:
 * 1 wrong. Stances, row by row: favour 2 1, against 1 0. */
static inline void said_small(struct said *x)
{
	said_init(x, 2);
	said_add(x, "ff.", "980", "986");
	said_add(x, "a..", "701", "799");
	said_add(x, ".f.", "627", "916");
	said_add(x, "-..", "410", "999");
	for (size_t i = 0; i < 4; i++)
		x->s.unknown[i] = (double)i / 4;
}

#define SAID_NEAR(a, b) ck_assert_double_eq_tol(a, b, 1e-12)

#endif

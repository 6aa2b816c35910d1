/* space.h -- what a search may change in a recipe: a table of moves as text
 * (setting.h), those first that gained most on the nine public corpora of
 * docs/benchmarks. Borrows everything. */
#ifndef VIGIE_SPACE_H
#define VIGIE_SPACE_H

#include "base/opt.h"
#include "learn/corpus.h"

enum { SPACE_TRIES_MAX = 16 };

struct space {
	/* Keys that alone may change (any, when there are none) and keys that
	 * may not; maps stand for what is in them. */
	struct opt_list only, fix;
	/* The user's own moves, after those of the table. */
	struct opt_list own;
	bool titles; /* some document has one */
	bool stances; /* machines of stances are learnt */
	bool topics;  /* machines of topics are learnt */
	bool copies;  /* what topics have for themselves matters */
};

/* Of a corpus read by the recipe; the lists are empty. */
struct space space_of(const struct recipe *r, const struct corpus *c);
/* Do the lists make sense, and do they leave anything to try from r? 0;
 * -EINVAL with the sentence; -ENOMEM. */
int space_check(const struct space *s, const struct recipe *r, struct err *e);

/* Alternatives for one thing. Where they are steps, one that gains may be
 * followed by another in the same direction. */
struct space_move {
	struct str try[SPACE_TRIES_MAX]; /* for setting_apply() */
	size_t n;
	bool steps;
};

/* The moves of the table are numbered in two ways: 0 .. space_rows() - 1, and
 * each by what it is done to, 0 .. space_subjects() - 1, which grows when r
 * gets another block. */
size_t space_rows(const struct space *s);
size_t space_subjects(const struct space *s, const struct recipe *r,
		      size_t row);
/* The move as it can be made from r, n being 0 when it cannot. Its texts lie in
 * the arena. 0 or -ENOMEM. */
int space_move(const struct space *s, const struct recipe *r, size_t row,
	       size_t subject, struct arena *a, struct space_move *ret);

#endif

/* search.h -- which setting to try next: from a recipe, one move after another
 * (space.h), the best of each taken when it gains enough, round after round
 * until one gains nothing; then pairs of moves drawn at random. A pure function
 * of what is known so far: it is walked again from the start whenever a figure
 * has come in, so that a search goes on where its table ends, and what it
 * decides does not depend on which figure came first. */
#ifndef VIGIE_SEARCH_H
#define VIGIE_SEARCH_H

#include "learn/setting.h"
#include "learn/space.h"

/* So many pairs in a row that gain nothing end the search. */
enum { SEARCH_PAIRS = 100 };

struct search {
	const struct setting_base *base; /* where it begins */
	const struct space *space;
	double least; /* what a change has to gain, more than this */
	uint64_t seed;
	/* The figure of a setting, told as setting_differences() does: NAN when
	 * it is not known, -INFINITY when it cannot be. */
	double (*figure)(void *arg, struct str setting);
	void *arg;
};

struct search_want {
	struct recipe recipe; /* block[] is not brought up to date */
	struct str setting;
};

/* A change that was taken. */
struct search_step {
	struct str change;  /* beside the one before */
	struct str setting; /* what it led to */
	double figure;
};

/* All texts and lists lie in the arena. */
struct search_plan {
	struct recipe best;
	struct str setting; /* of the best */
	double figure;	    /* NAN: not even the start's is known */
	struct search_step *steps;
	size_t step_count;
	/* What to try next, in this order: the first is needed, the others are
	 * needed if those before them gain nothing. */
	struct search_want *wants;
	size_t want_count;
	unsigned round;	   /* 1, 2 … */
	bool pairs;	   /* in it, pairs are drawn */
	size_t done, left; /* of the round, settings known and to be tried */
	bool over;	   /* nothing is left to try */
};

/* Walk as far as is known, and tell at most `wants` settings that are not. 0 or
 * -ENOMEM. */
int search_plan(const struct search *s, size_t wants, struct arena *a,
		struct search_plan *ret);

#endif

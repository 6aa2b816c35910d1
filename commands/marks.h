/* marks.h -- the words behind a verdict made ready to be shown: laid over the
 * text without overlap, told once each, and the sentences that hold most of
 * them. Pure functions over spans (classify/because.h). */
#ifndef VIGIE_MARKS_H
#define VIGIE_MARKS_H

#include <stdbool.h>

#include "base/arena.h"
#include "classify/because.h"

/* Spans that overlap (a compound and its parts, words of several cuts) become
 * one, with the sum of their weights; the rest is disjoint and in the order of
 * the text. In place; the sum of all weights stays. */
struct spans marks_flatten(struct spans w);
/* The largest weight either way; 0 of none. */
double marks_heaviest(struct spans w);
/* Of flat spans those with at least this part of the heaviest weight; those of
 * one sign with no more than a blank, an apostrophe or a hyphen between become
 * one phrase. In place. */
struct spans marks_heavy(const struct str field[FIELD_COUNT], struct spans w,
			 double part);

/* A word, however often it occurs. */
struct told {
	struct str word;
	double weight; /* of all its occurrences */
	size_t times;
};

/* The words of w, each once, those with the largest weight first. out holds
 * w.n; returns how many there are. */
size_t marks_tell(const struct str field[FIELD_COUNT], struct spans w,
		  struct told *out);

/* A piece of a text that ends as a sentence does, with a line, or for its
 * length. */
struct sentence {
	uint32_t start, end; /* bytes, half-open, without blanks at the ends */
	double weight;	     /* of the words in it, regardless of their sign */
	bool shown;
};

enum { SENTENCE_MAX = 600 };

/* Cut well-formed text. All its characters that are no blanks are in some
 * sentence; none is longer than SENTENCE_MAX bytes, unless it has no blank.
 * Returns their number, *ret in the arena, or -ENOMEM. */
int marks_cut(struct str text, struct arena *a, struct sentence **ret);
/* Show the heaviest n sentences at most, and no more of them than hold `part`
 * of the weight of all the words of this field. All of them when there are no
 * more than n. */
void marks_pick(struct sentence *s, size_t count, enum field f,
		struct spans flat, size_t n, double part,
		struct arena scratch);

#endif

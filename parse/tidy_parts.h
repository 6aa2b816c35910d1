/* tidy_parts.h -- the inside of tidy.c: what one line is, by its words.
 *
 *  tidy.c		lines, places, what is cut and what is left
 *  tidy_line.c		what of a line is looked at
 *  tidy_phrases.c	the tables of fixed words
 *  tidy_stamp.c	dates and counters
 *  tidy_byline.c	who wrote it, and where: "par X PARIS (Reuters) -"
 *
 * All of them look at the head and the tail of a line alone, so each is
 * constant time a line. */
#ifndef VIGIE_TIDY_PARTS_H
#define VIGIE_TIDY_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "parse/date.h"
#include "parse/fold.h"
#include "parse/tidy.h"

enum {
	TIDY_HEAD = 1, /* one of the first lines that are not empty */
	TIDY_BODY = 2,
	TIDY_TAIL = 4, /* begins in the last third of the bytes */
	TIDY_ANY = TIDY_HEAD | TIDY_BODY | TIDY_TAIL,
};

struct tidy_line {
	struct str s;	  /* trimmed, or what is left behind a cut head */
	struct fold f;	  /* of s */
	size_t from, to;  /* of f.z: without the signs at its ends */
	unsigned places;  /* TIDY_HEAD … */
	bool is_first;	  /* of the text: mostly its title */
	bool is_post;	  /* of a text so short that its tags are part of it */
};

struct tidy_found {
	enum tidy_kind kind;
	struct str author;   /* a view, or empty */
	char date[DATE_MAX]; /* or "" */
	bool is_certain;     /* of a head: whatever follows it */
};

void tidy_line_init(struct str s, unsigned places, struct tidy_line *ret);
/* Does it end as a sentence does? "Crédit : D.R." does not. */
bool tidy_is_sentence(struct str s);
/* A full stop at its end: no label, no stamp; "Lire aussi..." has none. */
bool tidy_has_stop(struct str s);
/* What of l is between from and to. */
struct str tidy_words(const struct tidy_line *l);

/* Each says whether the whole line is one to cut; found says of what kind. */
bool tidy_phrase(const struct tidy_line *l, struct tidy_found *found);
bool tidy_stamp(const struct tidy_line *l, struct tidy_found *found);
bool tidy_counters(const struct tidy_line *l, struct tidy_found *found);
bool tidy_byline(const struct tidy_line *l, struct tidy_found *found);
/* Bytes at the head of the line to cut, what stands there being of found's
 * kind, when what follows is no continuation of it, which the caller sees to;
 * 0: none. */
size_t tidy_phrase_head(const struct tidy_line *l, struct tidy_found *found);
size_t tidy_stamp_head(const struct tidy_line *l, struct tidy_found *found);
size_t tidy_counters_head(const struct tidy_line *l, struct tidy_found *found);
size_t tidy_byline_head(const struct tidy_line *l, struct tidy_found *found);
/* The same at its end. */
size_t tidy_phrase_tail(struct str s, struct tidy_found *found);

/* The head of a box of comments: it opens one by itself, or only when comments
 * follow; or a line inside of one ("X says:", "Reply"). */
enum tidy_comment { TIDY_NO_COMMENT, TIDY_OPENS, TIDY_MAY_OPEN, TIDY_INSIDE };
enum tidy_comment tidy_comment(const struct tidy_line *l);

#endif

/* tidy.h -- what stands in the text of an article and is no part of it: date
 * stamps, share counters, credits, "Lire aussi", consent lines, tag lists,
 * comment boxes and readers' comments. Rules per line and per place, on the
 * safe side: what might be a sentence of the article stays. Pure. */
#ifndef VIGIE_TIDY_H
#define VIGIE_TIDY_H

#include "base/arena.h"
#include "base/str.h"

/* The kinds, each with its test; names are in the record ("share-counter"). */
enum tidy_kind {
	TIDY_NAVIGATION,    /* "Passer au contenu", "skip to main content" */
	TIDY_CONSENT,	    /* "Pour gérer vos consentements : …" */
	TIDY_DATE,	    /* "date 2022-11", a lone date, "Mise à jour le …" */
	TIDY_SHARE,	    /* "5PARTAGES 3 0", "Send this to a friend" */
	TIDY_CREDIT,	    /* "Crédit photo © Reuters", "crédit : X" */
	TIDY_BYLINE,	    /* "Par X, publié le …", "par X PARIS (Reuters)" */
	TIDY_RELATED,	    /* "Lire aussi : …", "Dans la même catégorie …" */
	TIDY_TAGS,	    /* "Technorati Tags: , , ," */
	TIDY_COMMENTS,	    /* "Leave a Reply …", "2 thoughts on …" and after */
	TIDY_ABUSE,	    /* "Signaler un abus" */
	TIDY_MORE,	    /* "(suite…) Lire la suite" */
	TIDY_KINDS,
};

enum { TIDY_BYTES_MAX = 1 << 20 }; /* a longer text is no article: it stays */

struct tidy_cut {
	enum tidy_kind kind;
	size_t start, end; /* bytes of what was given to tidy() */
};

struct tidy {
	struct str text;  /* without the cuts; a view when nothing was cut */
	const struct tidy_cut *cuts;
	size_t cut_count;
	/* What the cut lines say, in views: empty when they say nothing. */
	struct str author;
	struct str date; /* as date.h writes it; in the arena */
};

/* Take apart a cleaned text (parse/text.h). The cuts are in order and apart; a
 * line that is cut goes with its newline, of empty lines around it one gap
 * stays, and a cut at the end takes the white space before it along: what is
 * left is text, byte for byte. At most half of it is cut, but for what follows
 * a comment box; when the rules want more, nothing is. Linear in clean.n; takes
 * clean.n bytes of the arena and some 25 KB. Returns 0 or -ENOMEM. */
int tidy(struct str clean, struct arena *a, struct tidy *ret);
const char *tidy_name(enum tidy_kind kind);

#endif

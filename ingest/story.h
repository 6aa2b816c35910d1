/* story.h -- what was understood of an article, and how it is told: the members
 * of its record that ingest knows. Pure functions. */
#ifndef VIGIE_STORY_H
#define VIGIE_STORY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "ingest/identity.h"
#include "ingest/source.h"
#include "parse/tidy.h"
#include "wire/article.h"

/* Unknown parts are empty; all lie in the arena or in the raw piece. */
struct story {
	const char *place; /* for sentences */
	struct str title, text, target, url, author, published;
	struct str source;   /* who the article itself says published it */
	struct str name;     /* what the configuration calls its source */
	struct str site;     /* the site that it was found on, as it says */
	struct str language; /* "fr"; see story_language() */
	struct str declared; /* as the source named it, "fr-CA" */
	struct str input;    /* members that we do not know: {…} */
	struct str cut;	     /* what was cut out of the text: […] */
	char id[IDENTITY_HEX];
	char alias[RAW_ALIASES][IDENTITY_HEX]; /* its other names */
	size_t aliases;
	/* What is known when it is compared with those that came before. */
	uint32_t revision;
	char near_of[IDENTITY_HEX]; /* "": nothing */
};

/* Its language from what was detected (language.h; may be NULL) and declared:
 * one of those that can be detected; else the main part of the declared one;
 * else "other" or nothing. -ENOMEM. */
int story_language(struct story *s, const char *detected, struct arena *a);

enum {
	STORY_CUTS_MAX = 500,	 /* listed one by one */
	STORY_CUT_MAX = 4096,	 /* bytes that are shown of each … */
	STORY_CUT_BYTES = 65536, /* … and of all */
};

/* Set s->cut to the list of what tidy() has cut out of text. Of what is not
 * shown whole "bytes" says how long it was. -ENOMEM. */
int story_cut(struct story *s, struct str text, const struct tidy *t,
	      struct arena *a);

/* A buffer of ARTICLE_META_MAX bytes in what is left of the arena, from which
 * nothing is taken until story_keep() takes what was written: 0; -ENOMEM; or
 * buf_error(). */
int story_begin(struct buf *b, struct arena a);
int story_keep(const struct buf *b, struct arena *a, struct str *ret);

/* What does not fit into ARTICLE_META_MAX is refused: STEP_REJECT with the
 * sentence. */
int story_too_large(struct err *e);
/* The article: meta, title, text and target of *ret, in the arena; seq, flags,
 * keys and verdict are not touched. fetched is the time stamp for the record,
 * or NULL for none (one-shot runs give the same output every time). e is clear.
 * Returns 0; STEP_REJECT with a sentence that begins with the place when meta
 * would be too large; -ENOMEM. */
int story_article(const struct story *s, const char *fetched, struct arena *a,
		  struct article *ret, struct err *e);

#endif

/* understand.h -- a raw piece becomes an article: charset, form C, title, date,
 * identity, the fields that we know and, under `input`, those that we do not.
 * A pure function; nothing is kept. */
#ifndef VIGIE_UNDERSTAND_H
#define VIGIE_UNDERSTAND_H

#include "base/arena.h"
#include "base/err.h"
#include "ingest/source.h"
#include "ingest/story.h"
#include "wire/article.h"

/* An arena of this size has room for any piece that a source hands out. */
enum { UNDERSTAND_ARENA = 128 << 20 };

struct understand_options {
	int tidy;      /* enum ingest_tidy: out of which texts tidy.h cuts */
	bool keep_raw; /* and story_cut() is to tell of it */
};

/* Read one piece into *ret, as the first of its id. A text is cleaned and taken
 * apart by text.h. Of a JSON object the first of each row that is neither null
 * nor blank is taken,
 *
 *	title		title, headline		a string, else refused
 *	text		text, body, content	a string, else refused
 *	target		target			a string
 *	url		url, link		a string
 *	author		author, byline		a string or a list of them
 *	source		source			a string; else raw->name
 *	published	published, date		see date.h
 *	language	language, lang		a string; see story_language()
 *
 * and everything else, a value that cannot be read as its row says included,
 * comes out unchanged under `input`. Of one that our parsers made only the
 * first name of each row counts, and its `site` stands in for a source that
 * nobody names. Of a text, `input` holds the file. The target, what the stance
 * is asked towards, is no part of the article's identity: one article may be
 * asked about several.
 *
 * The story lies in the arena. e is clear. Returns 0; STEP_REJECT with a
 * sentence that begins with raw->place; -ENOMEM. */
int understand_story(const struct raw *raw,
		     const struct understand_options *o, struct arena *a,
		     struct story *ret, struct err *e);
/* The same, by the usual options, and story_article() of it. */
int understand(const struct raw *raw, const char *fetched, struct arena *a,
	       struct article *ret, struct err *e);

#endif

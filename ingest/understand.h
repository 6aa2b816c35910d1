/* understand.h -- a raw piece becomes an article: charset, form C, title, date,
 * identity, the fields that we know and, under `input`, those that we do not.
 * A pure function; nothing is kept. */
#ifndef VIGIE_UNDERSTAND_H
#define VIGIE_UNDERSTAND_H

#include "base/arena.h"
#include "base/err.h"
#include "ingest/source.h"
#include "wire/article.h"

/* An arena of this size has room for any piece that a source hands out. */
enum { UNDERSTAND_ARENA = 96 << 20 };

/* Read one piece into *ret. A text is cleaned and taken apart by text.h. Of a
 * JSON object the first of each row that is neither null nor blank is taken,
 *
 *	title		title, headline		a string, else refused
 *	text		text, body, content	a string, else refused
 *	target		target			a string
 *	url		url, link		a string
 *	author		author, byline		a string or a list of them
 *	source		source			a string; else raw->name
 *	published	published, date		see date.h
 *	language	language, lang		a string
 *
 * and everything else, a value that cannot be read as its row says included,
 * comes out unchanged under `input`. Of a text, `input` holds the file. The
 * target, what the stance is asked towards, is no part of the article's
 * identity: one article may be asked about several.
 *
 * meta, title, text and target of *ret are set and lie in the arena; seq,
 * flags, keys and verdict are not touched. fetched is the time stamp for the
 * record, or NULL for none (one-shot runs give the same output every time). e
 * is clear. Returns 0; STEP_REJECT with a sentence that begins with
 * raw->place; -ENOMEM. */
int understand(const struct raw *raw, const char *fetched, struct arena *a,
	       struct article *ret, struct err *e);

#endif

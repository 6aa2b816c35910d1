/* harvest.h -- a document that was found in a file or an archive, into the
 * articles in it, a piece each: a page is one, a feed has some. What takes it
 * apart is the parser, in a process of its own. One thread. */
#ifndef VIGIE_HARVEST_H
#define VIGIE_HARVEST_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/source.h"

enum {
	HARVEST_LEAST = 250, /* characters of text: a page with fewer among
			      * many holds no article */
};

enum harvest_kind { HARVEST_NONE, HARVEST_PAGE, HARVEST_FEED };

/* What a document is by its media type (may be empty) and its first bytes,
 * which know better. */
enum harvest_kind harvest_kind(struct str type, struct str bytes);

struct harvest_find {
	enum harvest_kind kind;
	struct str bytes;
	const char *type, *url; /* as in struct document; may be NULL */
	size_t least;		/* characters of a page's text */
	/* Members for the record's `input`; empty: none. */
	struct str fetched_at, file;
};

/* Zeros are not enough: harvest_init(). */
struct harvest {
	const struct source_tools *tools;
	struct buf answer, line, alias, fetched_at, file, url;
	struct str rest; /* lines to come */
	bool is_page;
	uint64_t pieces; /* of this document, handed out */
};

void harvest_init(struct harvest *h, const struct source_tools *tools);
void harvest_done(struct harvest *h);
/* Take a document apart: 0: harvest_next() has its articles; STEP_END: there is
 * none in it; STEP_REJECT with the sentence, without a place; -errno. */
int harvest_begin(struct harvest *h, const struct harvest_find *f,
		  struct err *e);
/* The next article: kind, bytes, once and aliases of *ret are set, the rest is
 * left. 0; STEP_END; STEP_REJECT; -errno. */
int harvest_next(struct harvest *h, struct raw *ret, struct err *e);
/* A page that somebody saved, in ret->bytes, into its article there: 0;
 * STEP_REJECT, with ret->place, also when it holds none; -errno. */
int harvest_saved_page(struct harvest *h, struct raw *ret, struct err *e);
/* Is there another after the one in hand? */
bool harvest_more(const struct harvest *h);

#endif

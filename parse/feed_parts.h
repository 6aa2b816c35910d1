/* feed_parts.h -- a feed from within. Behind feed.h, for its files alone:
 *
 *  feed.c		what is to be read, and in which order
 *  feed_charset.c	what to call its encoding
 *  feed_names.c	what the elements of all formats mean
 *  feed_xml*.c		RSS, Atom and their relatives
 *  feed_json.c		JSON Feed
 *  feed_text.c		texts as they were written into those that are read
 *  feed_write.c	the head and the items into lines */
#ifndef VIGIE_FEED_PARTS_H
#define VIGIE_FEED_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "parse/feed.h"

enum {
	FEED_LINE_MAX = 16 << 10, /* of an address, a name */
	FEED_AUTHORS_MAX = 1 << 10,
	FEED_HEAD_TEXT_MAX = 32 << 10, /* bytes of a text in the head */
	/* Bytes looked at for addresses (their base each time) and dates:
	 * FEED_ITEMS_MAX items of the usual kind stay below. */
	FEED_EFFORT_MAX = 24 << 20,
	FEED_HEAD_ROOM = 2 << 20,      /* that items leave to the head */
	FEED_SUMMARY_MAX = 4 << 10,    /* of a content that is a summary, too */
};

enum feed_field {
	FEED_ID,
	FEED_URL,
	FEED_TITLE,
	FEED_DESCRIPTION,
	FEED_SUMMARY,
	FEED_CONTENT,
	FEED_AUTHOR,
	FEED_UPDATED,
	FEED_PUBLISHED,
	FEED_CATEGORIES, /* already JSON: "a","b" */
	FEED_LANGUAGE,
	FEED_ENCLOSURE,
	FEED_COMMENTS,
	FEED_VIA,
	FEED_SELF,
	FEED_HUB,
	FEED_NEXT,
	FEED_FIELDS,
};

struct feed_value {
	struct buf text;
	bool known; /* a text may be known and empty */
	bool html;  /* text that came as HTML */
	int rank;   /* of the element that gave it: a higher one replaces */
};

/* The feed itself, or one of its items. */
struct feed_record {
	struct feed_value v[FEED_FIELDS];
};

struct feed_written_id {
	uint64_t hash;
	size_t at, n; /* in out, with its name: "id":"…", */
};

struct feed {
	struct arena scratch;
	struct str base; /* the address of the document */
	const char *format, *encoding;
	struct feed_record head, item;
	long ttl, period, frequency; /* minutes; 0: not said */
	bool stale;
	bool cut; /* something was left out: a ceiling was reached */
	bool as_html; /* texts that came as HTML may stand in HTML again */
	bool full; /* no room for another item */
	bool is_atom; /* types of texts are never guessed */
	struct buf *out;
	size_t start; /* of what this feed wrote */
	struct feed_written_id *ids;
	size_t items, id_count;
	size_t effort; /* bytes looked at for addresses and dates */
	struct buf raw, plain; /* what a text goes through */
};

/* Which reading of a text its element asks for. */
enum feed_type {
	FEED_PLAIN,
	FEED_GUESS, /* plain, unless it is not Atom's and looks like HTML */
	FEED_HTML,
};

/* feed_text.c: set a field to the text raw, unless it has one of a higher rank
 * (or of the same: then the first counts). Titles become one line. */
int feed_set_text(struct feed *f, struct feed_record *r, enum feed_field field,
		  int rank, struct str raw, enum feed_type type);
/* To an address, seen from base; a date in any form; one short line. Empty and
 * unreadable ones change nothing; of the same rank the last counts. */
int feed_set_address(struct feed *f, struct feed_record *r,
		     enum feed_field field, int rank, struct str base,
		     struct str raw);
int feed_set_date(struct feed *f, struct feed_record *r, enum feed_field field,
		  int rank, struct str raw);
int feed_set_line(struct feed *f, struct feed_record *r, enum feed_field field,
		  int rank, struct str raw);
/* One more, behind those that are there. */
int feed_add_author(struct feed *f, struct feed_record *r, int rank,
		    struct str raw);
int feed_add_category(struct feed *f, struct feed_record *r, struct str raw);
/* "en_US" and the like. */
int feed_set_language(struct feed *f, struct feed_record *r, int rank,
		      struct str raw);

/* feed_write.c: the item at hand becomes a line, and is forgotten. */
int feed_write_item(struct feed *f);
/* Ids that several items bear go out, and the head in front of the lines. */
int feed_write_end(struct feed *f);
void feed_forget(struct feed_record *r);

/* feed_charset.c: the name to give for the encoding; it lives in the arena or
 * for good. */
const char *feed_encoding(struct str utf8, const char *type,
			  const char *charset, struct arena *a);

int feed_read_xml(struct feed *f, struct str utf8, struct err *e);
int feed_read_json(struct feed *f, struct str utf8, struct err *e);

#endif

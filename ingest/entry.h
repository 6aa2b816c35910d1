/* entry.h -- one entry of an archive into its pieces: a page or feed, a text,
 * JSON lines, or the records of a crawl archive; within gzip as well. One
 * thread. */
#ifndef VIGIE_ENTRY_H
#define VIGIE_ENTRY_H

#include "base/err.h"
#include "base/str.h"
#include "ingest/harvest.h"
#include "ingest/warc.h"
#include "ingest/warc_find.h"

enum entry_kind {
	ENTRY_NONE,
	ENTRY_PAGE,
	ENTRY_FEED,
	ENTRY_TEXT,
	ENTRY_LINES,
	ENTRY_WARC,
};

/* By its name and its first bytes. coded: they are gzip, and so say nothing;
 * the name without ".gz" decides then. */
enum entry_kind entry_kind(struct str name, struct str first);
/* The same as a question, for unpack.h. */
bool entry_is_wanted(struct str name, struct str first);

struct entry {
	enum entry_kind kind;
	struct str rest; /* text or lines to come */
	uint64_t line;
	struct buf decoded;
	struct harvest harvest;
	struct warc_find find;
	struct warc *warc;
	struct str warc_bytes;
	size_t warc_at;
	uint64_t short_pages; /* passed over, ever */
};

void entry_init(struct entry *n, const struct source_tools *tools);
void entry_done(struct entry *n);
/* Begin an entry, borrowed until its last piece: 0; STEP_END: nothing in it;
 * STEP_REJECT with the sentence, without a place; -errno. file: what the record
 * shall say of where it was found. */
int entry_begin(struct entry *n, struct str name, struct str bytes,
		struct str file, struct err *e);
/* The next piece: kind, bytes, once and aliases of *ret; 0; STEP_END;
 * STEP_REJECT with the sentence, without a place; -errno. where: "" or what to
 * put behind the entry's name, as ":3". */
int entry_next(struct entry *n, struct raw *ret, char where[64],
	       struct err *e);

#endif

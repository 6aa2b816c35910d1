/* scan.h -- an output file read for what it holds: whose lines, and where they
 * end. Nothing is changed. One thread. */
#ifndef VIGIE_SCAN_H
#define VIGIE_SCAN_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"
#include "sink/done.h"

struct scan {
	int fd;
	const char *path;   /* for sentences */
	struct done *found; /* gets every record */
	struct buf *notes;  /* get a sentence on each line that is none, up to
			     * a few */
	off_t from;	    /* where a line begins */

	/* What scan_file() tells. */
	uint64_t fresh;	  /* records that found did not have */
	uint64_t refused; /* lines that are no records, or damaged */
	uint64_t lines;	  /* whole lines, of any kind */
	off_t end;	  /* of the last whole line */
	off_t size;	  /* of all that was read */
	struct buf tail;  /* the bytes behind it, as far as a record goes */
};

/* Read from s->from on. A line that is no record is bit rot or somebody else's:
 * noted, counted, passed over. Returns 0 or -errno with the sentence; s->tail
 * is to be given back with buf_done() in either case. */
int scan_file(struct scan *s, struct err *e);
/* One line more that is no record, which scan_file() did not know. */
void scan_refuse(struct scan *s, const char *why);
/* How many were refused beyond those that were named; after the last. */
void scan_end(struct scan *s);

#endif

/* read_csv.h -- comma-separated values (RFC 4180) and their relatives, record
 * by record: a pure function over bytes.
 *
 *   record  cell separator cell … end of line (LF or CR LF, none at the end)
 *   cell    anything but separator and end of line
 *           " anything, quotes doubled, over many lines too "
 *
 * A quote within a cell that does not begin with one stands for itself. */
#ifndef VIGIE_READ_CSV_H
#define VIGIE_READ_CSV_H

#include "base/err.h"
#include "base/str.h"

struct read_csv_place {
	size_t line, column; /* from 1; columns in bytes */
};

struct read_csv_cell {
	struct str text; /* without its quotes */
	struct read_csv_place place;
};

struct read_csv {
	struct str rest; /* not yet read; borrowed */
	struct read_csv_place at; /* of rest; where the last record ended */
	char separator;
	bool quotes; /* no: a quote stands for itself everywhere */
	struct buf cells, texts;
	/* Of the record in hand. */
	const struct read_csv_cell *v;
	size_t n;
	struct read_csv_place end; /* behind its last cell */
};

void read_csv_init(struct read_csv *c, struct str bytes, char separator,
		   bool quotes);
void read_csv_done(struct read_csv *c);
/* Read the next record into c->v, n >= 1 cells, valid until the next call; an
 * empty line is a record of one empty cell. Returns 0; STEP_END; STEP_REJECT
 * with the sentence, c->end being the place, when a closing quote is followed
 * by something else (the next call goes on behind the end of that line);
 * -EBADMSG, likewise, when a quote is never closed: there is no telling what
 * the rest is; -ENOMEM. */
int read_csv_next(struct read_csv *c, struct err *e);

#endif

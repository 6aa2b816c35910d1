/* letters.h -- a file of dead letters as `vigie dlq` sees it: an index of the
 * whole lines in it, each read when it is asked for, and beside it what was
 * done with them (handled.h). The sink may be writing to it meanwhile. */
#ifndef VIGIE_LETTERS_H
#define VIGIE_LETTERS_H

#include <stdbool.h>

#include "base/json.h"
#include "sink/record.h"

/* Where a letter lies. */
struct letter_at {
	struct origin origin;
	uint64_t seq, offset;
	size_t size; /* of the line, without its end */
	size_t line; /* its number */
	bool handled, chosen;
};

struct letters {
	const char *path; /* borrowed */
	int fd;
	struct letter_at *v;
	size_t n;
	size_t damaged;	   /* lines that were passed over */
	bool many_origins; /* so that seq alone does not name a letter */
	struct buf line;   /* the one in hand */
};

/* Read the index. Lines that are no letters are warned of, with FILE:LINE, and
 * passed over. Returns 0 or -errno with the sentence; letters_done() in either
 * case. */
int letters_read(struct letters *l, const char *path, struct err *e);
void letters_done(struct letters *l);

/* Mark as chosen what the words name: SEQ or ORIGIN:SEQ, of which ORIGIN may be
 * the beginning; or all that are not handled. Returns 0; -ENOENT for a word
 * that names none, -EINVAL for one that is none or names several: with the
 * sentence. */
int letters_choose(struct letters *l, const char *const *words, size_t n,
		   struct err *e);
void letters_choose_all(struct letters *l);

/* Its name: "42", or "0123abcd:42" where there are several origins. */
void letters_name(const struct letters *l, const struct letter_at *at,
		  char *out, size_t size);

/* The letter itself: its line, valid until the next call on l, and as JSON, to
 * be given back with json_decref(). 0; -EBADMSG with FILE:LINE when it can not
 * be understood; -errno. */
int letters_load(struct letters *l, const struct letter_at *at,
		 struct str *line, json_t **ret, struct err *e);

#endif

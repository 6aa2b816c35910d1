/* dump.h -- what the parsers make of one document, printed: for tests, and for
 * people who wonder. The document is taken apart as the daemon does it, in a
 * process that can open nothing (ingest/confine.h). */
#ifndef VIGIE_DUMP_H
#define VIGIE_DUMP_H

#include "base/err.h"

struct dump {
	const char *kind; /* see dump_kinds */
	const char *type; /* HTTP's Content-Type, or NULL */
	const char *base; /* the address that it came from, or NULL */
	/* A file; NULL or "-": standard input. For "date" the date. */
	const char *what;
};

/* The kinds, parted by ", ": for help and for sentences. */
extern const char dump_kinds[];
/* Print it on standard output. 0; STEP_REJECT when it is refused; -EINVAL when
 * there is no such kind, or no date; -errno. With the sentence. */
int dump(const struct dump *d, struct err *e);

#endif

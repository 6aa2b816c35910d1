/* parser.h -- document_parse() in a process of its own, which can open nothing
 * and reach nobody (confine.h): what anybody wrote is taken apart there, and
 * only lines of JSON come back. The process is started when it is first asked,
 * and again when a document has killed it. One thread, one process a parser. */
#ifndef VIGIE_PARSER_H
#define VIGIE_PARSER_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "parse/document.h"

enum {
	PARSER_TIME_MS = 2000,	/* of the processor, for one document */
	/* Of the clock, when the machine is busy. A page that is looked at
	 * twice must be through before a watchdog of 30 s is. */
	PARSER_WAIT_MS = 10000,
	/* Bytes beside the program, for one document: itself, its arena, the
	 * lines, and what libraries keep. */
	PARSER_MEMORY = 60 << 20,
};

struct parser;

struct parser_stats {
	uint64_t asked, refused;
	uint64_t killed; /* by a document: too long, too much memory, a crash */
};

/* Nothing is started yet. 0 or -ENOMEM. */
int parser_new(struct parser **ret);
void parser_free(struct parser *p);
/* Start the process now, unless there is one. It shares what memory the program
 * has, until that is written to: the earlier, the smaller it is. 0; -errno with
 * the sentence, also when the kernel has no seccomp. */
int parser_start(struct parser *p, struct err *e);
/* The lines of a document, into out (cleared first). Waits for the answer.
 * Returns 0; STEP_REJECT with the sentence when the document is refused, or has
 * killed the process; -errno when no process can be had. A sentence begins with
 * d->url, if there is one. */
int parser_ask(struct parser *p, const struct document *d, struct buf *out,
	       struct err *e);
struct parser_stats parser_stats(const struct parser *p);

/* What a child did that gave no answer, as the sentence; STEP_REJECT. status as
 * waitpid() says. */
int parser_died(int status, struct err *e);

#endif

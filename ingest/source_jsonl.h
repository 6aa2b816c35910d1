/* source_jsonl.h -- JSON lines from a file, a pipe or standard input, handed
 * out as they arrive: one line in memory, at most RAW_MAX bytes of it. Whether
 * a line is JSON is not its business. A row of the table in source.c. */
#ifndef VIGIE_SOURCE_JSONL_H
#define VIGIE_SOURCE_JSONL_H

#include <stdint.h>

#include "ingest/source.h"

/* As struct source_kind says; path "-" is standard input. Empty lines, a byte
 * order mark and the CR of CRLF are left out. The last line needs no newline,
 * but one that is followed waits for it: it may be being written. A line that
 * is too long is STEP_REJECT; it is skipped to its end. */
int source_jsonl_open(const struct source_options *o, void **ret,
		      struct err *e);
int source_jsonl_next(void *self, struct raw *ret, struct err *e);
void source_jsonl_close(void *self);
void source_jsonl_progress(const void *self, uint64_t *done,
			   uint64_t *total);

/* Open standard input of which `ahead` (a few bytes) was read already, after
 * that many whole lines. */
int source_jsonl_resume(const struct source_options *o, struct str ahead,
			uint64_t lines, void **ret, struct err *e);

#endif

/* state_read.h -- what a journal remembers, read beside an ingest that may be
 * running: nothing is changed, and nobody waits for us. */
#ifndef VIGIE_STATE_READ_H
#define VIGIE_STATE_READ_H

#include "base/err.h"
#include "base/str.h"

/* Call each() for the positions in the file at path whose name begins with
 * head, in the order of their names' bytes; name and value are borrowed for the
 * call. A row with a wrong checksum is passed over. Returns 0; STEP_END when
 * there is no file; what each() returned when that was not 0; -errno with the
 * sentence. */
int state_peek(const char *path, struct str head,
	       int (*each)(void *self, struct str name, struct str value),
	       void *self, struct err *e);

#endif

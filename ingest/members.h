/* members.h -- a file that is gzip members one after the other, or one around
 * all, or plain bytes, as parts of plain bytes that know where they lie in the
 * file. A part is one gzip member, or plain bytes to the end. About 450 KB,
 * whatever the file holds; one thread. */
#ifndef VIGIE_MEMBERS_H
#define VIGIE_MEMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { MEMBERS_LOOK = 64 << 10 }; /* bytes that can be looked at */

/* read: up to n bytes; 0 (*got 0 at the end), STEP_WAIT, -errno. seek: go to
 * that byte of the file, 0 or -errno; NULL: it cannot. */
struct members_input {
	int (*read)(void *self, void *p, size_t n, size_t *got);
	int (*seek)(void *self, uint64_t offset);
	void *self;
};

/* A byte: so many plain ones behind the beginning, at this byte of the file, of
 * a gzip member; within is 0 in plain bytes. */
struct members_at {
	uint64_t offset, within;
};

struct members;

/* Before the first part, or where a part was left. 0 or -errno. */
int members_open(const struct members_input *in, struct members_at from,
		 struct members **ret);
void members_free(struct members *m);

/* Begin the next part, whatever is left of this one: 0; STEP_END: there is
 * none; STEP_WAIT; -errno. */
int members_turn(struct members *m);
/* The next bytes of this part, at least n <= MEMBERS_LOOK of them unless it
 * ends before; valid until the next call. 0; STEP_WAIT; -errno. */
int members_look(struct members *m, size_t n, struct str *ret);
/* Go on behind so many of the bytes that were looked at. */
void members_take(struct members *m, size_t n);
/* Of this part: is it compressed; why it ended before its end, or NULL; and
 * where it begins in the file. */
bool members_is_gzip(const struct members *m);
const char *members_damage(const struct members *m);
uint64_t members_part(const struct members *m);
struct members_at members_at(const struct members *m);
/* Bytes of the file read so far, wherever from. */
uint64_t members_offset(const struct members *m);
/* Begin a part at this byte of the file, plain whatever it holds. The last
 * 64 KB are always within reach, what is farther is as far as the input can be
 * sought. 0 or -errno. */
int members_back(struct members *m, uint64_t offset);

#endif

/* fake_taker.h -- what push asks of ingest, played: pieces with "bad" in them
 * are refused, one with "fatal" ends the room, all else is accepted. */
#ifndef VIGIE_FAKE_TAKER_H
#define VIGIE_FAKE_TAKER_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ingest/push.h"

enum { TAKEN_MAX = 4096, KEYS_MAX = 64 };

static struct {
	char bytes[TAKEN_MAX]; /* pieces with their places, in their order */
	size_t n, pieces;
	bool full;
	size_t asked; /* bytes of the last has_room() */
	struct {
		char key[256], answer[8192];
	} keys[KEYS_MAX];
	size_t keys_in_all, keys_committed;
} taken;

static inline bool has_bytes(struct str s, const char *z)
{
	size_t n = strlen(z);

	for (; s.n >= n; s.p++, s.n--)
		if (!memcmp(s.p, z, n))
			return true;
	return false;
}

static inline int taker_take(void *self, const struct raw *raw,
			     struct err *why)
{
	(void)self;
	if (has_bytes(raw->bytes, "bad"))
		return err_set(why, STEP_REJECT, "%s: is bad: " STR_FMT,
			       raw->place, STR_ARG(raw->bytes));
	if (has_bytes(raw->bytes, "fatal"))
		return err_set(why, -EIO, "the journal: a disk is gone");
	taken.pieces++;
	if (taken.n < TAKEN_MAX)
		taken.n += (size_t)snprintf(taken.bytes + taken.n,
					    TAKEN_MAX - taken.n,
					    "%s %s" STR_FMT "\n", raw->place,
					    raw->again ? "again " : "",
					    STR_ARG(raw->bytes));
	return raw->kind == RAW_JSON ? 0 : -EINVAL;
}

static inline bool taker_has_room(void *self, size_t bytes)
{
	(void)self;
	taken.asked = bytes;
	return !taken.full;
}

/* Only what is committed is recalled. */
static inline int taker_recall(void *self, struct str key, struct buf *answer)
{
	(void)self;
	for (size_t i = 0; i < taken.keys_committed; i++)
		if (str_is(key, taken.keys[i].key)) {
			buf_add_z(answer, taken.keys[i].answer);
			return 0;
		}
	return STEP_END;
}

static inline int taker_remember(void *self, struct str key, struct str answer)
{
	(void)self;
	if (taken.keys_in_all == KEYS_MAX)
		return -ENOMEM;
	snprintf(taken.keys[taken.keys_in_all].key, 256, STR_FMT, STR_ARG(key));
	snprintf(taken.keys[taken.keys_in_all].answer, 8192, STR_FMT,
		 STR_ARG(answer));
	taken.keys_in_all++;
	return 0;
}

static const struct push_taker taker = { taker_take, taker_has_room,
					 taker_recall, taker_remember, NULL };

#endif

/* journal_frame.h -- the bytes of a journal's segment, written and read. Pure
 * functions; views live as long as the bytes they were read from. Behind
 * journal.h: for the journal_*.c files, their tests and the fuzzer.
 *
 *  segment head, 72 bytes; this layout is the same in every version
 *    0   "VIGIEJNL"
 *    8   u32  version
 *    12  u32  crc of the 12 bytes before it and all behind it
 *    16  origin, 16 bytes
 *    32  u64  number of the segment: 1, 2, 3 …
 *    40  u64  seq: no article in it has a lower one
 *    48  u64  frame: the number that its first frame gets
 *    56  u64  before: the number of the last frame before it (0: none)
 *    64  u64  total: articles accepted before it
 *
 *  frame head, 80 bytes
 *    0   mark: f7 "VIGFRM" fa, which is no UTF-8
 *    8   u32  crc of the 68 bytes of the head behind it
 *    12  u32  length of the entries in bytes
 *    16  u32  crc of the entries
 *    20  u32  how many of the entries are articles
 *    24  u32  entries
 *    28  u32  0
 *    32  origin, 16 bytes
 *    48  u64  number: 1, 2, 3 …, dense within a segment
 *    56  u64  seq: of the first article (else of the next to come)
 *    64  u64  end: one above that of the last article (else seq)
 *    72  u64  total: articles accepted before this frame
 *  then the entries, each
 *    0   u32  kind (journal.h)
 *    4   u32  length of name
 *    8   u32  length of value
 *    12  u64  seq
 *    20  name, value
 *
 * All integers are little-endian, all crcs CRC-32C. The head has a crc of its
 * own, so that a frame whose entries are damaged still tells where the next one
 * begins and which numbers are lost. The origin stands in every frame, so that
 * a damaged segment head loses nothing, and that a frame of another journal,
 * left in a block of the disk that was used before, is none of ours. */
#ifndef VIGIE_JOURNAL_FRAME_H
#define VIGIE_JOURNAL_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "ingest/journal.h"

enum {
	JOURNAL_HEAD = 72,
	JOURNAL_FRAME_HEAD = 80,
	JOURNAL_FRAME_MARK = 8,
	JOURNAL_ENTRY_HEAD = 20,
	/* The least that an article takes: its entry and a packed record of
	 * empty parts. So many bytes hold one number, at most. */
	JOURNAL_ARTICLE_MIN = JOURNAL_ENTRY_HEAD + 36,
};

/* No number of an article or a frame is as high; so that sums never pass
 * 64 bits. */
#define JOURNAL_NUMBER_MAX ((uint64_t)1 << 62)

extern const char journal_mark[JOURNAL_FRAME_MARK];

struct journal_head {
	uint32_t version;
	struct origin origin;
	uint64_t segment, seq, frame, before, total;
};

struct journal_frame {
	uint32_t length, crc, articles, entries;
	struct origin origin;
	uint64_t number, seq, end, total;
};

void journal_head_write(const struct journal_head *h,
			unsigned char out[JOURNAL_HEAD]);
/* False when the bytes are no head or a damaged one. Any version. */
bool journal_head_read(struct str bytes, struct journal_head *ret);

void journal_frame_write(const struct journal_frame *f,
			 unsigned char out[JOURNAL_FRAME_HEAD]);
/* False when the bytes begin with no head of a frame, a damaged one, or one
 * whose figures cannot be. */
bool journal_frame_read(struct str bytes, struct journal_frame *ret);
/* Are these the entries that the head speaks of: its crc, their lengths, and
 * ascending numbers from seq to below end? */
bool journal_frame_check(const struct journal_frame *f, struct str entries);

/* Append one entry; buf_error(out) tells. */
void journal_entry_write(struct buf *out, const struct journal_entry *entry);
/* Cut the next entry off *rest: 0 (entry.frame is left alone), STEP_END,
 * -EBADMSG. Kinds are not looked at: newer ones are passed over by who reads.
 */
int journal_entry_next(struct str *rest, struct journal_entry *ret);

#endif

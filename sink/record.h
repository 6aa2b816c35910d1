/* record.h -- the line that leaves vigie: its writer and its reader, side by
 * side so that they cannot drift apart. Pure functions over bytes.
 *
 *  {"vigie":1,"origin":"<32 hex>","seq":N,META[,"text":"…"],VERDICT,
 *   "crc":"<8 hex>"}\n
 *
 * (one line; broken here to fit.) META and VERDICT are finished JSON members,
 * spliced as they are. Origin and seq stand first, so that an output is
 * scanned without a JSON parser. crc is CRC-32C of the bytes of the line
 * before `,"crc"`. docs/record.schema.json describes the members. */
#ifndef VIGIE_RECORD_H
#define VIGIE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "wire/article.h"

/* No line is longer, its end included: text that is all escapes takes six
 * times ARTICLE_TEXT_MAX, and leaves 8 MB for the rest. */
enum { RECORD_LINE_MAX = WIRE_BATCH_MAX };

/* One line on its way out; all of it borrowed. */
struct record {
	struct origin origin;
	uint64_t seq;
	struct str line; /* with its \n */
	struct str keys; /* "topic.stance" lines */
	bool dead;	 /* a letter (letter.h) in its place */
};

/* Begin a line in out: its head, up to the comma behind seq. */
void record_begin(struct buf *out, struct origin o, uint64_t seq);
/* End the line that began at byte `from` of out: crc, brace, line feed. 0;
 * -EMSGSIZE when it is longer than RECORD_LINE_MAX; -ENOMEM. */
int record_seal(struct buf *out, size_t from);

/* Add the line of one article to out, with the member "text" when asked.
 * Returns 0; STEP_REJECT with the sentence for parts that would make no line
 * (a line end in a fragment, text that is no UTF-8, too long); -ENOMEM. On
 * failure out holds a piece of a line behind what it had. */
int record_line(struct buf *out, struct origin o, uint64_t seq,
		const struct article *a, bool text, struct err *e);
/* Whose line is it? The line comes without its \n. Returns 0, or -EBADMSG with
 * the sentence: no record of vigie's, or one with damage. */
int record_read(struct str line, struct origin *o, uint64_t *seq,
		struct err *e);
/* May the bytes be the beginning of a record that was cut off? Zeros at their
 * end do not count: some file systems leave them where the last pages of a
 * file never reached the disk. */
bool record_is_torn(struct str tail);

#endif

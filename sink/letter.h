/* letter.h -- a dead letter: the line of an article that was given up, in place
 * of its record, with all that is needed to try again. Head and crc are those
 * of a record, so that record_read() knows whose it is:
 *
 *  {"vigie":1,"origin":"<32 hex>","seq":N,
 *   "dead":{"stage":"…","reason":"…","signal":"…"|null,"attempts":N,
 *           "model":"…"|null,"at":"…"},
 *   "article":{META,"title":"…","text":"…","target":"…"}, or
 *   "article":{META},"raw":"BASE64",
 *   "crc":"<8 hex>"}\n
 *
 * (one line; broken here to fit.) raw is the piece as it came, or a text that
 * is no UTF-8; META are the members about the article, or about the piece.
 * Metadata that are no JSON come as article.metadata, in base64. Pure. */
#ifndef VIGIE_LETTER_H
#define VIGIE_LETTER_H

#include "sink/record.h"

/* Add the line of a, whose verdict holds the members of "dead". There is
 * always a line: what does not fit is left out and said ("cut": the bytes
 * that raw had). Returns 0 or -ENOMEM, a piece of a line being in out then. */
int letter_line(struct buf *out, struct origin o, uint64_t seq,
		const struct article *a);
/* Make the members of "dead" for an article that the sink itself cannot write:
 * into verdict, at being the time in UTC. */
void letter_refuse(struct buf *verdict, const char *reason, const char *at);

/* What a log says of a letter: "ID: STAGE: REASON", as far as is known. */
void letter_say(struct buf *out, const struct article *a);

#endif

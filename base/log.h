/* log.h -- the chatter, on standard error: one line an event, with the name of
 * the room. Only *_run() functions log; everything below returns a sentence.
 *
 * What an article or a file has put into a sentence can neither begin a line of
 * its own, nor steer a terminal, nor forge a field: control characters become
 * spaces, bytes that are no UTF-8 question marks.
 *
 *	text	vigie ingest: SENTENCE
 *	json	{"time":"…Z","level":"warning","room":"ingest","message":"…"}
 *
 * Levels are error, warning, notice and debug. Where standard error is systemd's
 * journal, a text goes there by log_by(); json, and a text that does not, begins
 * with the level that journald reads: "<4>". */
#ifndef VIGIE_LOG_H
#define VIGIE_LOG_H

#include <stdbool.h>

#include "base/str.h"

enum { LOG_LINE_MAX = 2048 }; /* bytes of one, with its name */

enum log_level { LOG_TROUBLE, LOG_WARN, LOG_NOTE, LOG_DETAIL };
enum log_format { LOG_TEXT, LOG_JSON };

/* Who speaks ("ingest") and how much is heard (LOG_NOTE unless told). The
 * name is borrowed for good. */
void log_name(const char *name);
void log_limit(enum log_level most);
void log_shape(enum log_format format); /* LOG_TEXT unless told */
/* Where standard error is the journal: who takes a text there, of a priority as
 * syslog(3) has them; false when it could not. None unless told; see
 * log_journal.h. */
typedef bool log_sender(int priority, const char *room, struct str text);
void log_by(log_sender *send);
const char *log_room(void);		/* "" unless told */
void log_line(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A progress line on a terminal, rewritten in place at most ten times a
 * second; silent where standard error is none. total may be 0: unknown.
 * Call with done == total to end the line (0 and 0 when total is unknown). */
void log_progress(const char *what, unsigned long done, unsigned long total);
bool log_is_terminal(void);

#endif

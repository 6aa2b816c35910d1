/* log.h -- the chatter, on standard error: one line an event, with the name of
 * the room. Only *_run() functions log; everything below returns a sentence.
 * Control characters in it become spaces. Where standard error is systemd's
 * journal the line begins with the level that journald reads. */
#ifndef VIGIE_LOG_H
#define VIGIE_LOG_H

#include <stdbool.h>

enum log_level { LOG_TROUBLE, LOG_WARN, LOG_NOTE, LOG_DETAIL };
enum log_format { LOG_TEXT, LOG_JSON };

/* Who speaks ("ingest") and how much is heard (LOG_NOTE unless told). The
 * name is borrowed for good. */
void log_name(const char *name);
void log_limit(enum log_level most);
void log_line(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A progress line on a terminal, rewritten in place at most ten times a
 * second; silent where standard error is none. total may be 0: unknown.
 * Call with done == total to end the line (0 and 0 when total is unknown). */
void log_progress(const char *what, unsigned long done, unsigned long total);
bool log_is_terminal(void);

#endif

/* log_journal.h -- lines into systemd's journal with their fields (MESSAGE,
 * PRIORITY, SYSLOG_IDENTIFIER, VIGIE_ROOM), by libsystemd, which a program that
 * is over in a millisecond does without. */
#ifndef VIGIE_LOG_JOURNAL_H
#define VIGIE_LOG_JOURNAL_H

#include <stdbool.h>

#include "base/str.h"

/* For log_by(). False where the journal's socket cannot be reached, or does not
 * take it. */
bool log_journal(int priority, const char *room, struct str text);

#endif

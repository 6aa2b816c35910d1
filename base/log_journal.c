#include "base/log_journal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
/* Where a line of C stands is nothing that a reader of ours wants. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "base/log.h"

/* The journal takes fields, each with its length, so that no byte of one can
 * begin another. Without its socket sd_journal_sendv() would drop the line
 * without a word. */
bool log_journal(int priority, const char *room, struct str text)
{
	char message[LOG_LINE_MAX + 64], who[64], level[32];
	char name[] = "SYSLOG_IDENTIFIER=vigie";
	struct iovec field[4] = { { .iov_base = message },
				  { .iov_base = level },
				  { .iov_base = name },
				  { .iov_base = who } };
	int fields = room[0] ? 4 : 3;

	if (access("/run/systemd/journal/socket", W_OK))
		return false;
	snprintf(message, sizeof(message), "MESSAGE=%s%s" STR_FMT, room,
		 room[0] ? ": " : "", STR_ARG(text));
	snprintf(level, sizeof(level), "PRIORITY=%d", priority);
	snprintf(who, sizeof(who), "VIGIE_ROOM=%s", room);
	for (int i = 0; i < fields; i++)
		field[i].iov_len = strlen(field[i].iov_base);
	return !sd_journal_sendv(field, fields);
}

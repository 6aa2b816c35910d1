#include "ingest/journal.h"

#define AT(member) offsetof(struct journal_settings, member)

const struct conf_key journal_keys[] = {
	{ "path", CONF_TEXT, AT(path),
	  .help = "a folder; none: the journal below $STATE_DIRECTORY, as "
		  "systemd sets it,\nelse articles are kept in memory only" },
	{ "group", CONF_INT, AT(group), "512", 1, 65536,
	  .help = "articles made to last by one sync, at most" },
	{ "patience", CONF_TIME, AT(patience), "5ms", 0, 60000,
	  .help = "an article waits so long for others to share its sync" },
	{ "segment", CONF_SIZE, AT(segment), "64M", 4096, 1e12,
	  .help = "bytes of one file of the journal" },
	{ "quota", CONF_SIZE, AT(quota), "4G", 65536, 1e15,
	  .help = "bytes of all; then sources wait, and pushes are told to "
		  "come again" },
	{ .name = NULL },
};

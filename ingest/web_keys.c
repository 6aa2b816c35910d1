#include <stddef.h>

#include "ingest/web.h"

#define AT(member) offsetof(struct web_settings, member)

const struct conf_key web_keys[] = {
	{ "agent", CONF_TEXT, AT(agent),
	  .help = "User-Agent; say who you are and where you can be reached; "
		  "vigie/VERSION\n(+its address) unless told" },
	{ "timeout", CONF_TIME, AT(timeout), "20s", 100, 600000,
	  .help = "for one answer, from the connection to its last byte" },
	{ "body", CONF_SIZE, AT(body), "15M", 1024, 15 << 20,
	  .help = "bytes of one answer, decoded, at most" },
	{ "gap", CONF_TIME, AT(gap), "2s", 0, 3600000,
	  .help = "between two requests to one host" },
	{ "connections", CONF_INT, AT(connections), "32", 1, 1024,
	  .help = "hosts that are asked at once" },
	{ "private", CONF_BOOL, AT(private), "false",
	  .help = "fetch from addresses that are not public, too (loopback, "
		  "10.0.0.0/8,\nmetadata services …)" },
	{ "robots", CONF_BOOL, AT(robots), "true",
	  .help = "fetch pages of articles only where the site's robots.txt "
		  "allows it" },
	{ "ca_file", CONF_TEXT, AT(ca_file),
	  .help = "certificates to trust (PEM) instead of the system's" },
	{ "every", CONF_TIME, AT(every), "60m", 60000, 7 * 86400000.0,
	  .help = "between two polls of a feed, at least; a feed may ask for "
		  "longer" },
	{ "at_most", CONF_TIME, AT(at_most), "24h", 60000, 30 * 86400000.0,
	  .help = "… at most, whatever the feed asks for; but for a host that "
		  "asks to be left\nalone, which is, for up to a week" },
	{ .name = NULL },
};

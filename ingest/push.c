#include "ingest/push.h"

#define AT(member) offsetof(struct push_settings, member)

const struct conf_key push_keys[] = {
	{ "bind", CONF_TEXT, AT(bind),
	  .help = "an endpoint where ZeroMQ clients bring articles (see "
		  "vigie-push(1))" },
	{ "requests", CONF_INT, AT(requests), "1024", 1, 65536,
	  .help = "requests that wait for their commit, at most" },
	{ "retry_after", CONF_TIME, AT(retry_after), "2s", 1000, 3600000,
	  .help = "who finds no room is asked to come again after this" },
	{ .name = NULL },
};

#include "wire/http.h"

#define AT(member) offsetof(struct http_settings, member)

const struct conf_key http_keys[] = {
	{ "listen", CONF_TEXT, AT(listen),
	  .help = "an address and port, as in 127.0.0.1:9470; none: no HTTP" },
	{ "token_file", CONF_TEXT, AT(token_file),
	  .help = "a file, 0600, with the token that requests must bear "
		  "(Authorization: Bearer …)" },
	{ "certificate", CONF_TEXT, AT(certificate),
	  .help = "a PEM file; with key, answers over TLS" },
	{ "key", CONF_TEXT, AT(key), .help = "its key, a PEM file, 0600" },
	{ "behind_proxy", CONF_BOOL, AT(behind_proxy), "false",
	  .help = "a reverse proxy does TLS and limits who comes: listen "
		  "beyond this machine without" },
	{ "body", CONF_SIZE, AT(body), "16M", 1024, 1 << 30,
	  .help = "the largest request" },
	{ "connections", CONF_INT, AT(connections), "64", 1, 4096,
	  .help = "at once, at most" },
	{ .name = NULL },
};

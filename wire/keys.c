#include "wire/keys.h"

const struct conf_key keys_keys[] = {
	{ "folder", CONF_TEXT, offsetof(struct keys_settings, folder),
	  .help = "where the keys of this machine and its peers are (see "
		  "vigie-keygen(1));\nwithout it no tcp endpoint is used" },
	{ .name = NULL },
};

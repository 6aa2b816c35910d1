#include "commands/commands.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "wire/keys.h"

struct keygen_options {
	bool show;
};

/* A word that the other machine can put behind the key. */
static void host_name(char name[HOST_NAME_MAX + 1])
{
	if (gethostname(name, HOST_NAME_MAX + 1) || !name[0])
		snprintf(name, HOST_NAME_MAX + 1, "this-machine");
	name[HOST_NAME_MAX] = '\0';
}

/* What the other machine must know of us. */
static void print_key(const char *folder, const struct keys *k)
{
	char public[KEY_TEXT + 1], secret[KEY_TEXT + 1];
	char name[HOST_NAME_MAX + 1];

	keys_own(k, public, secret);
	explicit_bzero(secret, sizeof(secret));
	host_name(name);
	printf("public key in %s:\n  %s\n"
	       "Where a machine is to let this one in, its file 'allowed' "
	       "gets the line\n  %s  %s\n"
	       "Where a machine is to connect to this one, its file 'servers' "
	       "gets the line\n  tcp://%s:*  %s\n",
	       folder, public, public, name, name, public);
}

static int keygen_main(int argc, char **argv)
{
	struct keygen_options o = { .show = false };
	struct opt_list rest = { .n = 0 };
	struct err e = { "" };
	struct keys *k = NULL;
	int r = opt_parse(&keygen_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (rest.n > 1)
		return opt_misuse(&keygen_cmd, "name one folder");
	if (!rest.n)
		return opt_misuse(&keygen_cmd, "name a folder for the keys, "
					       "such as /etc/vigie/keys");
	r = o.show ? 0 : keys_generate(rest.v[0], &e);
	if (!r)
		r = keys_open(rest.v[0], &k, &e);
	if (!r)
		print_key(rest.v[0], k);
	else
		fprintf(stderr, "vigie keygen: %s\n",
			e.text[0] ? e.text : strerror(-r));
	keys_free(k);
	return err_exit(r);
}

static const struct opt options[] = {
	{ "show", 0, OPT_FLAG, offsetof(struct keygen_options, show), NULL,
	  "make nothing, print the public key that is there" },
	{ .name = NULL },
};

const struct cmd keygen_cmd = {
	.name = "keygen",
	.args = "FOLDER",
	.summary = "Make the keys by which machines know each other",
	.about =
		"Makes FOLDER, private, and in it a new pair of keys for this "
		"machine: secret.key, which stays there, and public.key. "
		"Prints the public key and the lines that other machines add "
		"to the lists in their own folders. A pair that is there is "
		"never overwritten: move it away first.\n\n"
		"The folder is named under keys.folder in the configuration. "
		"Endpoints that begin with tcp:// need it; all that goes over "
		"them is encrypted, and both ends know each other by their "
		"keys (CurveZMQ). Endpoints that begin with ipc:// need "
		"none.\n\n"
		"The folder has two lists, each of a line a peer; what "
		"follows a # is a comment.\n\n"
		"allowed: who may connect to us. 'KEY  name', where the name "
		"is for people.\n\n"
		"servers: whom we connect to. 'tcp://host:port  KEY', with "
		"the endpoint as the configuration has it; 'tcp://host:*' "
		"stands for every port of that host. Daemons of this machine "
		"know each other without a line.\n\n"
		"secret.key must be readable by its owner only, and folder "
		"and lists writable by their owner only; else nothing "
		"starts.",
	.examples = "  vigie keygen /etc/vigie/keys\n"
		    "  vigie keygen --show /etc/vigie/keys\n",
	.opts = options,
	.run = keygen_main,
};

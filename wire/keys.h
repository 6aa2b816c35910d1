/* keys.h -- who may connect: CURVE keys (RFC 26/CurveZMQ) of this machine and
 * of its peers. One folder holds them all:
 *
 *	secret.key   ours: "secret KEY\npublic KEY\n", 0600 or refused
 *	public.key   what the others need of us: "public KEY\n"
 *	allowed      who may connect to us: "KEY  name", a line each; # comments
 *	servers      whom we connect to: "tcp://host:port  KEY", a line each;
 *	             "tcp://host:*" is every port of that host without a line
 *
 * KEY is 40 characters of Z85. Only secret.key must be there. The lists are
 * read again on SIGHUP; a new pair needs a restart. One thread. */
#ifndef VIGIE_KEYS_H
#define VIGIE_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/curve.h"

struct keys_settings {
	const char *folder; /* NULL: no tcp endpoint may be bound or met */
};

extern const struct conf_key keys_keys[];

struct keys;

/* Read the folder. 0; -EACCES when secret.key can be read by others, or the
 * folder or a file in it be written; -ENOENT, -EINVAL with FILE:LINE:COLUMN:
 * the sentence, which says how to mend it. */
int keys_open(const char *folder, struct keys **ret, struct err *e);
void keys_free(struct keys *k);
/* Read the lists again; on failure the old ones stay. *revoked: one that was
 * allowed no longer is. */
int keys_reload(struct keys *k, bool *revoked, struct err *e);
/* Names of those allowed, by public key (32 bytes); NULL: may not. Our own key
 * always may: daemons of one machine meet each other by it. */
const char *keys_allowed(const struct keys *k,
			 const unsigned char key[KEY_SIZE]);
/* The server's key for an endpoint we connect to, as Z85 text; our own for an
 * endpoint on this machine that is not listed. -ENOENT with the sentence. */
int keys_server(const struct keys *k, const char *endpoint,
		char out[KEY_TEXT + 1], struct err *e);
void keys_own(const struct keys *k, char public_key[KEY_TEXT + 1],
	      char secret_key[KEY_TEXT + 1]);
/* The folder, as it was given to keys_open(). */
const char *keys_folder(const struct keys *k);
/* Make the folder (0700) and a new pair in it; -EEXIST when there is one. Lists
 * that are not there are made too, with a comment that explains them. */
int keys_generate(const char *folder, struct err *e);

#endif

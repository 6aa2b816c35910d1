/* url.h -- addresses: relative ones made absolute (RFC 3986, section 5), and
 * their parts. Pure. */
#ifndef VIGIE_URL_H
#define VIGIE_URL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

enum { URL_MAX = 8192 };

/* The parts of an address as they are written; an absent one has .p NULL. host
 * is without user, port and brackets. */
struct url {
	struct str scheme, user, host, port, path, query, fragment;
};

void url_split(struct str s, struct url *ret);
/* Is it an absolute http or https address with a host? */
bool url_is_web(struct str s);
/* ref as seen from base, into *ret; dot segments are removed, white space at
 * the ends and newlines within are out, other bytes stay as they are. When base
 * is empty or not absolute, ref as it is. Returns 0; -EINVAL when it is too
 * long, -ENOMEM. */
int url_resolve(struct str base, struct str ref, struct arena *a,
		struct str *ret);
/* Do two addresses lie on one site: the same host but for "www.", "m.",
 * "mobile." and "amp."? */
bool url_same_site(struct str a, struct str b);

#endif

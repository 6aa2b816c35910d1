/* identity.h -- the article's own id: the same article has the same one,
 * wherever it comes from and wherever its file lies. Changing a rule here
 * changes ids that records already bear. Pure functions. */
#ifndef VIGIE_IDENTITY_H
#define VIGIE_IDENTITY_H

#include "base/arena.h"
#include "base/str.h"

enum {
	IDENTITY_HEX = 2 * 16 + 1,
	IDENTITY_URL_MAX = 8192,  /* a longer URL names nothing */
	IDENTITY_CANONICAL_MAX = 3 * IDENTITY_URL_MAX + 16,
	IDENTITY_TEXT_MAX = 200, /* bytes of the text that count */
};

/* The id of an article into out, 32 hexadecimal digits: the first half of the
 * SHA-256 of
 *
 *	"u" canonical URL			when it leads to an article
 *	"t" source 0 title 0 start of text	else
 *
 * source is what the article itself says, not where we found it; each may be
 * empty. The arena is scratch. Returns 0 or -ENOMEM. */
int identity(struct str url, struct str source, struct str title,
	     struct str text, struct arena scratch, char out[IDENTITY_HEX]);

/* Another name of an article as 32 digits of the same kind: an address gives
 * just what identity() gives of it, so that an article which was listed under
 * one address and names another is found under both; anything else (feed and
 * guid) the SHA-256 of "a" and its bytes. 0 or -ENOMEM. */
int identity_alias(struct str name, struct arena scratch,
		   char out[IDENTITY_HEX]);

/* Add the canonical form of url to out: "https", the host in small letters
 * without www., m., mobile., amp., port 80 or 443 and trailing dot; the path
 * without trailing slashes and /amp or .amp; the parameters that neither track
 * nor ask for an AMP page, sorted; no fragment. Escapes (%7e) are undone where
 * they change nothing, else in capitals, and added for what is no ASCII. At
 * most IDENTITY_CANONICAL_MAX bytes. Returns 0; -EINVAL, out being untouched,
 * when it is no http(s) URL, is too long, or has neither path nor parameters
 * (a home page is no article); -ENOMEM. */
int identity_canonical(struct str url, struct arena scratch, struct buf *out);

#endif

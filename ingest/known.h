/* known.h -- articles that came before: what their text was, and by which names
 * they go. What is remembered lies in state.h, so it lives as long as the
 * journal, and without a journal as long as the process; here is what it means.
 * Pure functions.
 *
 *  name                    what is remembered under it
 *  an article's id         its first id (itself), revision, hash of its text
 *  the id that an address  the id of the article that it belongs to, hash of
 *  would give              the text that it last gave
 *  another alias           the id of the article that it belongs to
 *
 * An article that is listed under a second address has an id of its own; when
 * an alias says that it is known, it goes under its first id from then on. Each
 * address remembers its own text, so that two articles which a feed gives one
 * guid, by mistake, are not taken for endless revisions of each other. */
#ifndef VIGIE_KNOWN_H
#define VIGIE_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/identity.h"

enum {
	KNOWN_ALIASES_MAX = 4,
	KNOWN_NAMES_MAX = 2 + KNOWN_ALIASES_MAX,
	KNOWN_NAME = 16,  /* bytes: an id or alias, packed */
	KNOWN_VALUE = 28, /* bytes, at most */
};

/* What is remembered of an article. */
struct known {
	char id[IDENTITY_HEX]; /* under which it went first */
	bool address;	       /* text and revision say something */
	uint64_t text;	       /* hash of its normalised text */
	uint32_t revision;     /* 1: as it first came */
	bool fading;	       /* half of all that are remembered are newer */
};

/* Hash of title and text for "is it still the same?": case, white space and
 * punctuation do not count, nor the form of quotes. 64 bits. */
uint64_t known_text(struct str title, struct str text);

/* The name and value of a JOURNAL_KNOWN entry. */
struct known_entry {
	char name[KNOWN_NAME], value[KNOWN_VALUE];
	size_t size; /* of value */
};

void known_name(const char id[IDENTITY_HEX], char out[KNOWN_NAME]);
void known_pack(const char *name, const struct known *k,
		struct known_entry *ret);
/* False when it is none. */
bool known_unpack(struct str value, struct known *ret);

/* An article that has come: its own id, its other names, its text's hash. */
struct known_asked {
	char id[IDENTITY_HEX];
	char alias[KNOWN_ALIASES_MAX][IDENTITY_HEX];
	size_t aliases;
	uint64_t text;
};

struct known_answer {
	char id[IDENTITY_HEX]; /* that it goes under */
	uint32_t revision;
	bool repeated; /* it came before, word for word */
	/* What is to be remembered with it; also of one that is repeated. */
	struct known_entry notes[KNOWN_NAMES_MAX];
	size_t count;
};

/* Which article is it? Its own id first, then its aliases as they come; an
 * alias that belongs to another article than its id stays with that one.
 * look() gives what is remembered under a name, an id: 0, STEP_END, -errno.
 * Returns 0 or its -errno. */
int known_judge(const struct known_asked *q,
		int (*look)(void *self, const char *name, struct known *ret),
		void *self, struct known_answer *ret);

#endif

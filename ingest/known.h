/* known.h -- articles that came before: what their text was, and by which names
 * they go. Rests on state.h, so it lives as long as the journal; without a
 * journal it lives as long as the process. Bounded: the newest STATE_KNOWN_MAX
 * are remembered. One thread. */
#ifndef VIGIE_KNOWN_H
#define VIGIE_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "ingest/identity.h"

enum { KNOWN_ALIASES_MAX = 4 };

/* What is remembered of an article. */
struct known {
	char id[IDENTITY_HEX]; /* under which it went first */
	uint64_t text;	       /* hash of its normalised text */
	uint32_t revision;     /* 1: as it first came */
};

/* Hash of title and text for "is it still the same?": case, white space and
 * punctuation do not count, nor the form of quotes. 64 bits of XXH3. */
uint64_t known_text(struct str title, struct str text);

#endif

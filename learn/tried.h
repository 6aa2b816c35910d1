/* tried.h -- the settings that a search has tried, and what came of them, in a
 * table that it can be taken up from again:
 *
 *   # vigie tune 0.1.0 recipe 0f3a… data 9c41… folds 77b0…
 *   figure	spread	seconds	settings
 *   0.774678	0.000000	0.62
 *   0.783262	0.000000	0.66	topic.c=1.8
 *   -	-	0.10	words.min_df=3
 *
 * A line each, in the order in which they were done; a dash where a setting
 * came to nothing. The table is appended to, and locked while it is open. */
#ifndef VIGIE_TRIED_H
#define VIGIE_TRIED_H

#include <stdio.h>

#include "base/err.h"
#include "base/hash.h"
#include "learn/trial.h"

struct tried {
	const char *path; /* NULL: in memory alone */
	struct tried_one *v;
	size_t n, room;
	int fd;
	bool torn; /* it ended in half a line, which was cut off */
};

/* Figures are in millionths, so that a table says all of them. */
struct tried_one {
	uint64_t hash;
	char *setting;
	double figure; /* -INFINITY: it came to nothing */
	double spread; /* standard deviation over repeats */
	double seconds;
	bool told; /* by a table that was there before */
};

/* What a table is of. */
struct tried_of {
	char recipe[HASH_SHA_HEX], data[HASH_SHA_HEX], folds[HASH_SHA_HEX];
};

/* What figures depend on: of the recipe, all but what it is called and where
 * its files lie. 0 or -ENOMEM. */
int tried_identify(struct tried_of *ret, const struct recipe *r,
		   const struct corpus *c, const struct trial_folds *f);

/* Open the table at path, which may be NULL, or begin it. Returns 0; -EBADMSG
 * with the sentence when it is of something else, or no such table; -EAGAIN
 * when another process has it; other -errno. tried_done() in every case. */
int tried_open(struct tried *t, const char *path, const struct tried_of *of,
	       struct err *e);
void tried_done(struct tried *t);

/* NULL when it has not been tried. */
const struct tried_one *tried_find(const struct tried *t, struct str setting);
/* Keep what came of it, and write the line when `write`: a setting that cannot
 * be needs none. Rounds the figure. 0, -ENOMEM, or what cannot be written with
 * its sentence. */
int tried_add(struct tried *t, struct str setting, double figure,
	      double spread, double seconds, bool write, struct err *e);

#endif

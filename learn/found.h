/* found.h -- what a search has found: a report for people, and the recipe that
 * won. */
#ifndef VIGIE_FOUND_H
#define VIGIE_FOUND_H

#include "learn/fresh.h"
#include "learn/tuning.h"

struct found {
	const struct tuning *tuning;
	const char *recipe; /* path of the start */
	const char *how;    /* "5-fold cross-validation" */
	const struct fresh *fresh; /* made or not */
	/* Files that were learnt from; beside the recipe, or else beside where
	 * vigie was started. */
	const struct conf_texts *data;
	bool beside_recipe;
};

void found_print(const struct found *f, FILE *out);

/* Before a search: is there a folder for its output? 0, or -errno with the
 * sentence. */
int found_check(const char *output, struct err *e);
/* Write the best as a recipe with every key, that says above how it was found.
 * Names of data files lead from its folder to where they are. 0, or -errno with
 * the sentence. */
int found_write(const struct found *f, const char *output, struct err *e);

/* How the file or pattern `name`, which stands beside the file `from` (or, with
 * NULL, in the working folder), is called beside the file `to`. Added to out. 0
 * or -errno, when a folder is not there. */
int found_path(const char *name, const char *from, const char *to,
	       struct buf *out);

#endif

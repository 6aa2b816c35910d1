/* articles.h -- articles that nobody has labelled, read as `vigie run` reads
 * them and kept, for what compares and exports. */
#ifndef VIGIE_ARTICLES_H
#define VIGIE_ARTICLES_H

#include "learn/corpus.h"

/* Read all articles of the files into a corpus of which each example has its
 * place, title, text and target, and no labels (NULL); its id is its place.
 * Topics and stances are those of the recipe, borrowed. What cannot be used is
 * warned of and left out. Returns 0; -EBADMSG when there is none; -errno; each
 * with the sentence. corpus_free() after success. */
int articles_read(struct corpus *ret, const struct recipe *r,
		  const char *const *files, size_t n, struct err *e);

#endif

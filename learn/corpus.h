/* corpus.h -- labelled documents, read from JSON lines. Owns every text. */
#ifndef VIGIE_CORPUS_H
#define VIGIE_CORPUS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "learn/recipe.h"

enum { CORPUS_NO_STANCE = 255 };

struct example {
	const char *id;
	const char *place; /* "FILE:LINE" */
	const char *hand;  /* NULL: not told */
	struct str title, text; /* UTF-8, form C */
	/* A byte a topic: 0 absent; 1 + stance; CORPUS_NO_STANCE present,
	 * without a stance. */
	unsigned char *labels;
};

struct corpus {
	struct arena block;
	struct example *v;
	size_t n;
	const char **topics; /* names, in the recipe's order or sorted */
	uint32_t topic_count;
	struct conf_texts stances; /* borrowed from the recipe */
	unsigned char digest[HASH_SHA_SIZE]; /* of the files' bytes */
	char *report; /* label errors, a line each; "" when there are none */
	size_t report_count;
};

/* Read the files (patterns of glob(7); beside folder unless absolute). Lines
 * that cannot be used are listed in ret->report with file and line: no text,
 * an unknown topic or stance, labels of the wrong type, the same text with
 * other labels than before. Returns 0, also then; -EBADMSG when nothing is
 * left; -ENOENT and other -errno, each with the sentence. */
int corpus_read(struct corpus *ret, const struct recipe *r, struct str folder,
		const char *const *files, size_t n, struct err *e);
void corpus_free(struct corpus *c);
/* Log the report; of a long one its first hundred lines and how many more. */
void corpus_warn(const struct corpus *c);

#endif

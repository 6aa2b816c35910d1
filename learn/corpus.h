/* corpus.h -- labelled documents, read from the forms in which they are
 * published. Owns every text.
 *
 *   JSON lines   an object a line; its members are named in recipe.fields.
 *		  Labels: {"topic": "stance"}, ["topic", …] or "topic".
 *   CSV, TSV     a row each below a header that names the columns as
 *		  recipe.fields does. Labels: "topic|topic" or
 *		  "topic.stance|topic"; an empty cell is none. CSV as in
 *		  RFC 4180; in TSV quotes and backslashes are themselves.
 *   fastText     __label__topic __label__topic.stance the text
 *   svmlight     topic,topic 1:0.43 3:0.12 # for a block of given terms
 *   folder       FOLDER/topic/any-name, a document each
 *
 * All are UTF-8, with or without its mark, and lines end in LF or CR LF. Where
 * the recipe has targets, documents come with one and a stance towards it,
 * which the first three forms (JSON lines, CSV, TSV) have fields for; those of
 * them that lack what the recipe's `only` asks for are passed over. */
#ifndef VIGIE_CORPUS_H
#define VIGIE_CORPUS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "learn/recipe.h"

enum {
	CORPUS_NO_STANCE = 255,
	CORPUS_WARNINGS_MAX = 100, /* lines that corpus_warn() shows */
};

struct example {
	const char *id;	   /* place, where it has none of its own */
	const char *place; /* "FILE:LINE"; of a file in a folder its path */
	const char *hand;  /* NULL: not told */
	const char *date;  /* as it was written; NULL: not told */
	struct str title, text; /* UTF-8, form C */
	/* The same, empty where the recipe has no targets; what the stance is
	 * towards, also where targets are topics. */
	struct str target;
	/* A byte a topic: 0 absent; 1 + stance; CORPUS_NO_STANCE present,
	 * without a stance. Of a target that is a text, labels[0]. */
	unsigned char *labels;
};

struct corpus {
	struct arena block;
	struct example *v; /* in the order read */
	size_t n;
	/* Names in form C, in the recipe's order; those of the data, sorted by
	 * bytes, where it gives none; "target" where targets are texts. */
	const char **topics;
	uint32_t topic_count;
	struct conf_texts stances; /* borrowed from the recipe */
	unsigned char digest[HASH_SHA_SIZE]; /* of the files' bytes */
	/* Label errors, a line each, then the summary; "" when there is
	 * nothing to tell. */
	char *report;
	size_t report_count; /* label errors */
	/* The last line of the report, which counts the documents that are the
	 * same as one before (title, text and target): with other labels, with
	 * the same ones. "" when there are none. */
	const char *summary;
	size_t contradictions, copies;
};

/* Read the files and folders (patterns of glob(7); beside folder unless
 * absolute) to train on. Lines that cannot be used are listed in ret->report
 * with file and line and left out: no text, an empty label, an unknown topic or
 * stance, labels of the wrong type, their number where the recipe says one_of,
 * no target or no stance where it has targets, bytes that are no UTF-8.
 * Documents that contradict one before are listed and kept. Returns 0, also
 * then; -EBADMSG when nothing is left or a file as a whole cannot be
 * understood; -EINVAL when a file's name does not tell its form or that form
 * has no fields and the recipe needs them; -ENOENT and other -errno; each with
 * the sentence. */
int corpus_read(struct corpus *ret, const struct recipe *r, struct str folder,
		const char *const *files, size_t n, struct err *e);
/* The same to be judged: a document with an unknown topic is listed and kept
 * without that label, one with an unknown stance with the topic alone; so the
 * documents are those of the files, whatever the model knows. */
int corpus_read_lenient(struct corpus *ret, const struct recipe *r,
			struct str folder, const char *const *files, size_t n,
			struct err *e);
void corpus_free(struct corpus *c);
/* Log the report; of a long one its first CORPUS_WARNINGS_MAX lines, how many
 * more, and the summary. */
void corpus_warn(const struct corpus *c);

#endif

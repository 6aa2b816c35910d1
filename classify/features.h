/* features.h -- from words to terms, block by block: n-grams of words, of
 * characters within or across them, how a text opens. An occurrence of a term
 * knows its words, so that a weight can be led back to the bytes that caused
 * it. One thread a struct features (its tokenizers have a state). */
#ifndef VIGIE_FEATURES_H
#define VIGIE_FEATURES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/conf.h"
#include "classify/memo.h"
#include "classify/tokens.h"

enum { FEATURES_VERSION = 2, FEATURES_BLOCKS_MAX = 16 };

struct tfidf;

/* What an article is read as. */
enum field { FIELD_TITLE, FIELD_TEXT, FIELD_TARGET, FIELD_COUNT };

/* "title", "text", "target": what recipes, records and cards call them. */
extern const char *const field_names[FIELD_COUNT];

enum features_kind {
	FEATURES_WORDS,	  /* runs of n words */
	FEATURES_CHARS,	  /* of n characters of " word ": scikit-learn's
			   * analyzer "char_wb" */
	FEATURES_ACROSS,  /* of n characters, over blanks */
	FEATURES_OPENING, /* the first words, their pairs, and how long */
	FEATURES_GIVEN,	  /* the field is a vector: "name:value name:value" */
	FEATURES_KINDS
};

/* Terms come in blocks, each with a vocabulary of its own. */
struct features_block {
	enum features_kind of;
	uint32_t cut;	 /* which tokenizer */
	unsigned fields; /* bit f: field f is read */
	uint32_t first;	 /* so many words of a field; 0: all */
	struct conf_range ngrams;
};

struct features {
	struct tokenizer *cut[FEATURES_BLOCKS_MAX];
	struct tokens_settings set[FEATURES_BLOCKS_MAX]; /* of each cut; what
							  * it borrows is gone */
	uint32_t cut_count;
	struct features_block block[FEATURES_BLOCKS_MAX];
	uint32_t block_count;
	const struct tfidf *known; /* see features_know() */
	struct memo grams;
};

/* The settings of a recipe as one cut takes them: least length, stemmer and
 * stop words are for words, not for marks and blanks. */
struct tokens_settings features_cut(const struct tokens_settings *common,
				    enum tokens_cut cut, bool cased,
				    bool hashtags);
/* Add a block that is cut by these settings; blocks that are cut alike share
 * the tokenizer. b->cut is set here. 0, or what tokenizer_new() returns. */
int features_add(struct features *f, const struct features_block *b,
		 const struct tokens_settings *s, struct err *e);
void features_done(struct features *f);
/* For judging by a vocabulary, which must outlive f: from now on blocks of
 * characters are read as the terms that it knows, which are kept for up to 16,384
 * words of up to 29 terms, in 3 MB. Returns 0 or -ENOMEM. */
int features_know(struct features *f, const struct tfidf *known);

struct occurrence {
	union {
		uint64_t hash; /* of block and term: its key in every table */
		struct { /* once tfidf_count() has seen it */
			uint32_t term; /* or TFIDF_NONE */
			uint32_t at;   /* its place in the counts */
		};
	};
	uint32_t first; /* index of its first word … */
	uint32_t last;	/* … and of its last */
	uint16_t from, size; /* bytes of it in the padded words; 0, 0 for
			      * n-grams of words */
	float n; /* what it counts: 1, or the value that was given */
};

struct occurrences {
	struct occurrence *v;
	size_t n;
	bool found; /* they have terms instead of hashes, all of them known,
		     * with their document frequency in `at` and no names */
};

/* A field as it is read: its words in every way that some block asks for, and
 * the terms that each block sees in them. */
struct reading {
	struct tokens cut[FEATURES_BLOCKS_MAX];
	struct occurrences block[FEATURES_BLOCKS_MAX];
};

/* Read one field, into the arena. Returns 0 or -ENOMEM. */
int features_read(const struct features *f, enum field field, struct str text,
		  struct arena *a, struct reading *ret);
/* The term of block b as text ("souveraineté numérique", " gai"), added to
 * out. r is the reading that it is in. */
void features_name(const struct features *f, uint32_t b,
		   const struct occurrence *o, const struct reading *r,
		   struct buf *out);

#endif

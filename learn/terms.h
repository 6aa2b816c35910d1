/* terms.h -- every term of a corpus, and how often each document holds it;
 * then, for any part of the documents, the vocabulary that this part alone
 * would have made. Owns its memory. */
#ifndef VIGIE_TERMS_H
#define VIGIE_TERMS_H

#include "classify/tfidf.h"
#include "learn/corpus.h"
#include "learn/recipe.h"

struct term {
	uint64_t hash;
	struct str name;
	uint32_t block;
};

struct terms {
	struct arena block;
	struct term *v; /* by block, then by name: the order of ids */
	uint32_t n;
	struct counts *docs; /* one a document; ids index v */
	uint64_t *groups;    /* one a document: equal for near-copies */
	size_t doc_count;
};

/* Cut and count all documents of c. 0, -EINVAL (stemmer) with the sentence, or
 * -ENOMEM. */
int terms_read(struct terms *ret, const struct corpus *c,
	       const struct recipe *r, struct err *e);
void terms_free(struct terms *t);

struct vocabulary {
	struct tfidf tfidf; /* points into the arrays below */
	uint32_t *local;    /* a term of the corpus to ours, or TFIDF_NONE */
	uint32_t *global;   /* and back */
	struct tfidf_slot *slots;
	double *idf;
	size_t documents;
};

/* The terms whose document frequency among the documents with use[i] != 0 is
 * within the recipe's bounds. 0; -EBADMSG with the sentence when no term is
 * left; -ENOMEM. */
int vocabulary_fit(struct vocabulary *ret, const struct terms *t,
		   const struct recipe *r, const unsigned char *use,
		   struct err *e);
void vocabulary_free(struct vocabulary *v);

/* The counts of a document in the vocabulary's ids, in the arena; v is NULL
 * when the arena is full. */
struct counts vocabulary_counts(const struct vocabulary *v, struct counts doc,
				struct arena *a);

#endif

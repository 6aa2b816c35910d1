/* rows.h -- a part of the corpus as training rows: a sparse vector for each
 * document, and one for each document as seen from each of its topics. Owns
 * the vocabulary of the part and all vectors. */
#ifndef VIGIE_ROWS_H
#define VIGIE_ROWS_H

#include "classify/kernel.h"
#include "learn/corpus.h"
#include "learn/gram.h"
#include "learn/recipe.h"
#include "learn/terms.h"

struct row {
	size_t doc;
	size_t topic_row;     /* of the same document */
	uint32_t topic;	      /* of a stance row */
	unsigned char stance; /* 1 + index */
	/* What the tables of inner products and solvers are given: the blocks
	 * that the support vector machine reads, as seen from the topic. */
	const struct feat *x;
	const struct feat *base; /* all blocks, of the document alone */
};

/* Rows of one space, of so many dimensions. */
struct rows {
	struct row *v;
	size_t n, dims;
	/* Of their machines' kernel, which LIBSVM shall read; none where
	 * nobody asks, or where it does not fit. */
	struct gram kernel;
};

struct row_set {
	const struct corpus *corpus;
	const struct recipe *recipe;
	struct arena block, free;
	struct vocabulary vocabulary;
	struct rows topic;
	/* In the space of classify/judge.h's judge_joint(). */
	struct rows stance;
};

/* The rows of the documents with use[i] != 0. 0; -EBADMSG when no term is
 * left; -EMSGSIZE when there are more dimensions than a solver can count;
 * -ENOMEM; each with the sentence. rows_free() in every case. */
int rows_make(struct row_set *ret, const struct corpus *c,
	      const struct terms *t, const struct recipe *r,
	      const unsigned char *use, struct err *e);
void rows_free(struct row_set *s);

/* The entries of x in the blocks that the support vector machine reads; and x
 * as seen from a topic, in the stance rows' space. In the arena, or NULL when
 * it is full. */
const struct feat *rows_svm_part(const struct row_set *s, const struct feat *x,
				 struct arena *a);
const struct feat *rows_joint(const struct row_set *s, const struct feat *x,
			      uint32_t topic, struct arena *a);

/* Is a machine over so many rows LIBSVM's, which wants kernel values, rather
 * than descent.h's or LIBLINEAR's? */
bool rows_by_libsvm(const struct recipe *r, const struct recipe_machine *m,
		    size_t n);

struct kernel_params rows_kernel(const struct recipe_machine *m);

/* The vectors of rows in an array that the caller frees, or NULL. */
const struct feat **rows_vectors(const struct rows *rows);

#endif

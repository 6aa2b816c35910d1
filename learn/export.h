/* export.h -- a bundle as files that LIBSVM's svm-predict reads.
 *
 * A file of machines speaks for one column (two classes: 1 where the decision
 * value is above the topic's threshold or, of what excludes others, above zero;
 * else -1) or for several that exclude each other (classes 1, 2, …: the one
 * with the largest decision value, which is the one that vigie tells). Pure but
 * for export_folder(). */
#ifndef VIGIE_EXPORT_H
#define VIGIE_EXPORT_H

#include "classify/judge.h"
#include "learn/corpus.h"

enum { EXPORT_NAME_MAX = 128 };

struct export_file {
	char name[EXPORT_NAME_MAX]; /* of its files, without an ending: letters,
				     * digits and hyphens */
	uint32_t first, count; /* columns; 1: two classes */
};

/* What there is to write: topics, stances, and what excludes each other. *ret
 * is to be freed. Returns their number, or -ENOMEM; -EINVAL with the sentence
 * when a machine is none of LIBSVM's. */
int export_list(const struct model *m, struct export_file **ret,
		struct err *e);

/* The model file (svm.cpp, svm_save_model). A linear machine is one support
 * vector a class, its weights; rho is what LIBSVM subtracts: minus the
 * intercept and, of a topic, plus the threshold. Where probabilities are
 * logistic, two classes have probA and probB, so that `svm-predict -b 1` gives
 * them. */
void export_model(const struct model *m, const struct export_file *f,
		  struct buf *out);

/* A vector as the file's machines read it, "LABEL index:value …\n". label is 0
 * where nothing is known. Needs scratch; -ENOMEM. */
int export_vector(const struct model *m, const struct judgement *j,
		  const struct export_file *f, int label,
		  struct arena scratch, struct buf *out);
/* The label of an example as the file counts: 1 or -1; 1, 2, …; 0 unknown. */
int export_label(const struct model *m, const struct export_file *f,
		 const struct example *x);

/* Terms, indices from 1: a line each, tabs between, "\t", "\n" and "\\" in a
 * term for what would divide. */
int export_vocabulary(const struct model *m, struct buf *out);
/* What the files are, and how to call svm-predict. */
void export_readme(const struct model *m, const struct export_file *v,
		   size_t n, bool vectors, struct buf *out);

/* Write it all into the folder, which is made when it is not there; with the
 * documents of c (whose topics are the model's, in order; labels may be NULL)
 * unless it is NULL. Returns 0 or -errno with the sentence. */
int export_folder(const struct model *m, const char *folder,
		  const struct corpus *c, struct err *e);

#endif

/* recipe.h -- what `vigie train` is asked for: data, labels, vectoriser,
 * machines, evaluation. One YAML file; every setting of it is kept in the
 * bundle. */
#ifndef VIGIE_RECIPE_H
#define VIGIE_RECIPE_H

#include "base/conf.h"
#include "classify/features.h"
#include "classify/kernel.h"
#include "classify/tfidf.h"
#include "classify/tokens.h"

struct recipe_block {
	struct conf_range ngrams;
	int64_t min_df; /* documents that a term must be in */
	double max_df;	/* part of the documents that it may be in */
	double weight;
};

struct recipe_machine {
	int kernel; /* enum kernel_type */
	int solver; /* RECIPE_SOLVER_*; of linear machines */
	int loss;   /* RECIPE_LOSS_* */
	int64_t large; /* rows beyond which auto means LIBLINEAR */
	double c, gamma, coef0;
	int64_t degree;
	bool balanced; /* errors weigh as n / (2 * examples of that side) */
};

struct recipe_fields {
	const char *id, *title, *text, *topics, *hand;
};

struct recipe {
	const char *name, *about;
	struct conf_texts data; /* files or patterns beside the recipe */
	struct recipe_fields fields;
	struct conf_texts topics; /* none: those of the data, by name */
	bool one_of;
	struct conf_texts stances; /* none: topics alone */
	double copy_weight, unsure;
	int threshold; /* RECIPE_THRESHOLD_* */
	struct {
		int64_t min_length;
		bool compounds, strip_accents;
		const char *stem;
		struct conf_texts stop;
	} tokens;
	struct recipe_block block[BLOCK_COUNT];
	bool sublinear, idf, norm;
	double title_weight;
	struct recipe_machine topic, stance;
	int64_t folds, seed;
	int64_t golden; /* articles kept for the bundle's self-test */
};

enum {
	RECIPE_SOLVER_AUTO,
	RECIPE_SOLVER_LIBSVM,
	RECIPE_SOLVER_LIBLINEAR,
};
enum { RECIPE_LOSS_HINGE, RECIPE_LOSS_SQUARED };
enum { RECIPE_THRESHOLD_ZERO, RECIPE_THRESHOLD_F1 };

extern const struct conf_key recipe_keys[];

/* Load the recipe at path into *ret; c owns its strings. Returns 0, -EINVAL
 * with every problem in the sentence, -errno. */
int recipe_load(struct conf *c, const char *path, struct recipe *ret,
		struct err *e);

void recipe_tokens(const struct recipe *r, struct tokens_settings *ret);
void recipe_features(const struct recipe *r, struct features_settings *ret);
void recipe_tfidf(const struct recipe *r, struct tfidf_settings *ret);

#endif

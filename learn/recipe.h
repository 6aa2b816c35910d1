/* recipe.h -- what `vigie train` is asked for: data, labels, vectoriser,
 * machines, evaluation. One YAML file; every setting of it is kept in the
 * bundle. */
#ifndef VIGIE_RECIPE_H
#define VIGIE_RECIPE_H

#include "base/conf.h"
#include "classify/bundle.h"
#include "classify/features.h"
#include "classify/kernel.h"
#include "classify/tfidf.h"
#include "classify/tokens.h"

/* Terms of one kind, weighed and normed for themselves. */
struct recipe_block {
	const char *name; /* as cards and records show it */
	int of;		  /* enum features_kind: what its terms are */
	int cut;	  /* enum tokens_cut: how a field falls into words */
	bool cased, hashtags;
	struct conf_texts fields; /* of RECIPE_FIELD_NAMES */
	int64_t first;	/* so many words of a field; 0: all */
	struct conf_range ngrams;
	int64_t min_df; /* documents that a term must be in */
	double max_df;	/* part of the documents that it may be in */
	int count;	/* enum tfidf_count_mode */
	double idf;	/* power of the inverse document frequency; 0: none */
	int supervised; /* RECIPE_SUPERVISED_* */
	double mix;	/* part of the supervised weight beside that of idf */
	bool norm;	/* to length 1 (L2) */
	double weight;	/* then times this */
	int machine;	/* RECIPE_MACHINE_*: who reads the block */
};

struct recipe_machine {
	int kernel; /* enum kernel_type */
	int solver; /* RECIPE_SOLVER_*; of linear machines */
	int loss;   /* RECIPE_LOSS_* */
	int64_t large; /* rows beyond which auto means descent.h */
	double c, gamma, coef0;
	int64_t degree;
	bool balanced; /* errors weigh as n / (2 * examples of that side) */
	/* Complement naive Bayes, added to the decision value times this. */
	double bayes, bayes_alpha;
};

struct recipe_fields {
	const char *id, *title, *text, *topics, *stance, *target, *hand,
		*date;
};

struct recipe {
	const char *name, *about;
	struct conf_texts data; /* files or patterns beside the recipe */
	int format;		/* RECIPE_FORMAT_* */
	struct recipe_fields fields;
	struct conf_texts only; /* field, value pairs that a document has */
	struct conf_texts topics; /* none: those of the data, by name */
	bool one_of;
	struct conf_texts stances; /* none: topics alone */
	int targets;		   /* enum bundle_targets */
	double copy_weight, unsure;
	int threshold; /* RECIPE_THRESHOLD_* */
	double threshold_part; /* of the way from zero to the threshold */
	double precision, cost;
	bool at_least_one;
	int calibration; /* RECIPE_CALIBRATION_* */
	int metric;	 /* RECIPE_METRIC_* */
	struct conf_texts metric_labels;
	struct {
		int64_t min_length;
		bool compounds, strip_accents;
		const char *stem;
		struct conf_texts stop;
	} tokens;
	struct recipe_block words, chars;
	struct conf_maps more; /* struct recipe_block */
	double title_weight;
	struct recipe_machine topic, stance;
	int64_t folds; /* 0: no cross-validation */
	int64_t seed;
	int64_t golden; /* articles kept for the bundle's self-test */
	/* Of the above, the blocks that are on; a term knows its block by the
	 * place here. */
	struct recipe_block block[FEATURES_BLOCKS_MAX];
	uint32_t block_count;
};

enum {
	RECIPE_SOLVER_AUTO,
	RECIPE_SOLVER_LIBSVM,
	RECIPE_SOLVER_LIBLINEAR,
};
enum { RECIPE_LOSS_HINGE, RECIPE_LOSS_SQUARED };
enum {
	RECIPE_SUPERVISED_NONE,
	RECIPE_SUPERVISED_BAYES,     /* naive Bayes' log-count ratios */
	RECIPE_SUPERVISED_RELEVANCE, /* relevance frequency */
};
enum { RECIPE_MACHINE_SVM = 1, RECIPE_MACHINE_BAYES = 2,
       RECIPE_MACHINE_BOTH = 3 };
enum {
	RECIPE_THRESHOLD_ZERO,
	RECIPE_THRESHOLD_F1,
	RECIPE_THRESHOLD_PRECISION, /* at least recipe.precision */
	RECIPE_THRESHOLD_COST, /* a label too many costs recipe.cost, one
				* missing 1 */
};
enum { RECIPE_CALIBRATION_PLATT, RECIPE_CALIBRATION_ISOTONIC };
/* Of the stances where documents have targets, else of the topics; where both
 * are learnt, the mean of both. */
enum {
	RECIPE_METRIC_MACRO_F1,
	RECIPE_METRIC_MICRO_F1,
	RECIPE_METRIC_ACCURACY,
	RECIPE_METRIC_MEAN_F1, /* of metric_labels */
};
enum {
	RECIPE_FORMAT_AUTO, /* by the file's name, or a folder */
	RECIPE_FORMAT_JSONL,
	RECIPE_FORMAT_CSV,
	RECIPE_FORMAT_TSV,
	RECIPE_FORMAT_FASTTEXT,
	RECIPE_FORMAT_SVMLIGHT,
	RECIPE_FORMAT_FOLDER,
};

/* Every key, in recipe_keys.c. */
extern const struct conf_key recipe_keys[];

/* Load the recipe at path into *ret; c owns its strings. Returns 0, -EINVAL
 * with every problem in the sentence, -errno. */
int recipe_load(struct conf *c, const char *path, struct recipe *ret,
		struct err *e);
/* The same from bytes; name stands for the path in the sentences. */
int recipe_parse(struct conf *c, const char *name, struct str yaml,
		 struct recipe *ret, struct err *e);

/* How block b is cut into words, and into which terms. */
void recipe_tokens(const struct recipe *r, uint32_t b,
		   struct tokens_settings *ret);
void recipe_features(const struct recipe *r, uint32_t b,
		     struct features_block *ret);
void recipe_tfidf(const struct recipe *r, uint32_t b,
		  struct tfidf_block *ret);
/* Are the classes exclusive? One_of topics are, and stances always. */
bool recipe_is_exclusive(const struct recipe *r, bool stance);

#endif

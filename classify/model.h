/* model.h -- a bundle opened for judging: in memory read-only, every count and
 * offset checked before it is used. Owns these bytes and the tokenizer; one
 * thread a model (the tokenizer's stemmer has a state), though processes share
 * the pages. */
#ifndef VIGIE_MODEL_H
#define VIGIE_MODEL_H

#include "base/err.h"
#include "base/json.h"
#include "classify/bundle.h"
#include "classify/bundle_bytes.h"
#include "classify/features.h"
#include "classify/kernel.h"
#include "classify/screen.h"
#include "classify/tfidf.h"
#include "classify/tokens.h"

struct model_topic {
	const char *name;
};

struct model {
	const char *name;
	char id[65]; /* SHA-256 of the file, hexadecimal */
	uint64_t tables; /* XXH3 of the sections behind the head, by kind */
	json_t *head; /* owns the names */
	struct features features;
	struct tfidf tfidf;
	const char *block_names[FEATURES_BLOCKS_MAX];
	bool one_of; /* exactly one topic is given */
	bool at_least_one;
	struct model_topic *topics;
	uint32_t topic_count;
	enum bundle_targets targets;
	const char *stances[BUNDLE_STANCES_MAX];
	uint32_t stance_count; /* 0: the model knows topics alone */
	double copy_weight;    /* of the features that a topic has for itself */
	double unsure;	       /* a stance below this probability is unsure */
	uint32_t column_count; /* topics, then topic by topic the stances */
	const struct bundle_column *columns;
	const double *weights; /* [terms][column_count] */
	struct screen screen;  /* of the topics */
	/* A machine speaks for a topic, or for a stance on every topic. */
	uint32_t machine_count; /* topics, then stances */
	const double *scales; /* [terms][machine_count], or NULL */
	const struct bundle_knot *knots;
	size_t knot_count;
	struct kernel *kernels;
	uint32_t kernel_count;
	const uint32_t *name_at; /* names of terms */
	const char *name_bytes;
	struct bundle_bytes bytes; /* none of a model that was viewed */
	struct err alone; /* why they are not shared, though they should be */
};

/* Map and check the bundle at path. Returns 0; -EBADMSG with a sentence that
 * names file and fault; -errno. */
int model_open(const char *path, struct model **ret, struct err *e);
/* The same from a copy, so that who writes into the file later changes nothing
 * of what was verified: that which all processes share in base (see
 * bundle_bytes.h), which is borrowed. Where there can be none, or base is
 * NULL, it is one of our own. */
int model_load(const char *path, const char *base, struct model **ret,
	       struct err *e);
/* The same from bytes that outlive the model and are aligned for anything. */
int model_view(const char *name, struct str bytes, struct model **ret,
	       struct err *e);
void model_free(struct model *m);

/* Judge the articles that the trainer put beside their verdicts, and the whole
 * of the model, and compare: 0, or -EBADMSG with the first that differs. */
int model_selftest(const struct model *m, struct err *e);
/* For the trainer, the head's member "whole": the decision values of a vector
 * that has every term, a number of what becomes of each column, and a
 * hash of tables and settings. NULL without memory. */
json_t *model_whole(const struct model *m);

/* Can this name a model, a topic or a stance? It has 1 to BUNDLE_NAME_MAX - 1
 * bytes, no quote, no backslash and no control character. */
bool model_is_name(const char *z);

/* The column of a stance on a topic. */
uint32_t model_stance_column(const struct model *m, uint32_t topic,
			     uint32_t stance);
/* The topic that a column speaks of; and of one of stances, which. */
uint32_t model_column_topic(const struct model *m, uint32_t column);
uint32_t model_column_stance(const struct model *m, uint32_t column);
/* The machine that a column is part of. */
uint32_t model_machine(const struct model *m, uint32_t column);
/* The name of a term, as features_name() gave it in training. */
struct str model_term(const struct model *m, uint32_t term);

#endif

/* kept.h -- what a bundle remembers of how its documents were read: enough of a
 * recipe to read and measure others in the same way. */
#ifndef VIGIE_KEPT_H
#define VIGIE_KEPT_H

#include "classify/model.h"
#include "learn/recipe.h"

/* Borrows from the model. What the head does not tell is a recipe's default. */
struct kept {
	struct conf conf; /* owns the defaults */
	/* Of it fields, format, only, topics, one_of, at_least_one, stances,
	 * targets, unsure, metric and metric_labels are the model's. */
	struct recipe recipe;
};

/* What the documents that m learnt from call their fields; a field that its
 * head does not tell has the recipe's default. Borrows from m. */
struct recipe_fields kept_fields(const struct model *m);

/* 0 or -ENOMEM, with the sentence; kept_done() in every case. */
int kept_open(struct kept *ret, const struct model *m, struct err *e);
void kept_done(struct kept *k);

/* Read files of another format: "jsonl", "csv", …; as in training where name is
 * NULL. 0, or -EINVAL with the sentence. */
int kept_set_format(struct kept *k, const char *name, struct err *e);
/* Read files that call a field something else: "text=body". pair is borrowed
 * for good. 0, or -EINVAL with the sentence. */
int kept_set_field(struct kept *k, const char *pair, struct err *e);

#endif

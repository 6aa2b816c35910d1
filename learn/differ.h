/* differ.h -- two models before the same documents: where they agree, where
 * they do not, and who was right. Owns what was said, borrows models, corpus
 * and names. */
#ifndef VIGIE_DIFFER_H
#define VIGIE_DIFFER_H

#include <stdio.h>

#include "classify/model.h"
#include "learn/compare.h"
#include "learn/corpus.h"

enum {
	DIFFER_LISTED = 20, /* documents told apart, of those that differ */
	DIFFER_UNSURE = 254, /* a stance byte: too unsure to be told */
};

/* What one side says, or what is so, of every document and common topic. */
struct differ_said {
	unsigned char *given; /* [n][topics]: 0 or 1 */
	/* [n][topics]: 0 none; 1 + place in the corpus's stances;
	 * DIFFER_UNSURE. Of models also where the topic is not given. */
	unsigned char *stance;
};

struct differ {
	const struct model *m[2];
	const struct corpus *corpus;
	bool labelled; /* documents have labels */
	uint32_t topics; /* that both models know */
	struct differ_topic {
		const char *name;
		uint32_t in[2], in_corpus; /* its place there */
	} *topic;
	struct differ_said said[2], gold;
	bool stances; /* both tell stances, and know some in common */
};

/* Which stances and topics both models know, as a recipe to read documents by:
 * all topics and stances of both, so that no label is unknown; fields are
 * called as the first model's recipe calls them. Borrows from the models; free
 * topics.v and stances.v. Returns 0; -EINVAL with the sentence
 * when they cannot be compared: no topic in common, or targets of another
 * kind; -ENOMEM. */
int differ_recipe(const struct model *const m[2], struct recipe *ret,
		  struct err *e);
/* Judge all documents by both. 0 or -ENOMEM; differ_done() in every case. */
int differ_init(struct differ *d, const struct model *const m[2],
		const struct corpus *c, bool labelled);
void differ_done(struct differ *d);

/* Of one topic, over all documents. */
struct differ_counts {
	uint64_t both, only[2], neither; /* documents that it is given to */
	uint64_t same, other; /* stances, where both give it */
	double f1[2];	      /* labelled: of giving it */
	struct compare_mcnemar test;
};
/* 0 or -ENOMEM. */
int differ_count(const struct differ *d, uint32_t topic,
		 struct differ_counts *ret);

/* Is one model better? Every pair of figures, the second model's less the
 * first's, with McNemar's test of the decisions and, of the macro F1, an
 * interval by the bootstrap. */
struct differ_test {
	uint64_t asked;
	double accuracy[2], micro_f1[2];
	struct compare_mcnemar test;	/* of the accuracy */
	struct compare_bootstrap macro; /* .a and .b are the macro F1 */
};
/* Topics: a document is right when all common topics are. 0 or -ENOMEM. */
int differ_test_topics(const struct differ *d, struct differ_test *ret);
/* Stances, of the common topics that documents have with a stance. */
int differ_test_stances(const struct differ *d, struct differ_test *ret);

/* Does document i differ in what is told of it? */
bool differ_at(const struct differ *d, size_t i);
/* What is told of document i, "sovereignty favour, market"; "none". */
void differ_tell(const struct differ *d, const struct differ_said *s,
		 size_t i, struct buf *out);

/* All of the above for people, and for programs (json_decref()). 0 or
 * -ENOMEM; NULL when there is no memory. */
int differ_print(const struct differ *d, FILE *out);
json_t *differ_json(const struct differ *d);

#endif

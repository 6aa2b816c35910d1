#include "learn/recipe.h"

#include <errno.h>
#include <string.h>

#include "classify/model.h"

#define AT(member) offsetof(struct recipe, member)

static const char *const kernels[] = { "linear", "poly", "rbf", "sigmoid",
				       NULL };
static const char *const solvers[] = { "auto", "libsvm", "liblinear", NULL };
static const char *const losses[] = { "hinge", "squared", NULL };
static const char *const thresholds[] = { "zero", "f1", NULL };

static const struct conf_key field_keys[] = {
	{ "id", CONF_TEXT, offsetof(struct recipe_fields, id), "id",
	  .help = "the document's own id" },
	{ "title", CONF_TEXT, offsetof(struct recipe_fields, title), "title",
	  .help = "its title" },
	{ "text", CONF_TEXT, offsetof(struct recipe_fields, text), "text",
	  .help = "its text" },
	{ "topics", CONF_TEXT, offsetof(struct recipe_fields, topics),
	  "topics",
	  .help = "its labels: {\"topic\": \"stance\"}, [\"topic\", …] or "
		  "\"topic\"" },
	{ "hand", CONF_TEXT, offsetof(struct recipe_fields, hand), "hand",
	  .help = "who wrote it, for a split by hand" },
	{ .name = NULL },
};

static const struct conf_key token_keys[] = {
	{ "min_length", CONF_INT, 0, "2", 1, 64,
	  .help = "shorter words are dropped; in characters" },
	{ "compounds", CONF_BOOL,
	  AT(tokens.compounds) - AT(tokens), "true",
	  .help = "Gaia-X and S3NS give terms as a whole and in parts" },
	{ "strip_accents", CONF_BOOL,
	  AT(tokens.strip_accents) - AT(tokens), "false",
	  .help = "état and etat are one word" },
	{ "stem", CONF_TEXT, AT(tokens.stem) - AT(tokens), "none",
	  .help = "a libstemmer algorithm such as french or english, or none" },
	{ "stop_words", CONF_TEXTS, AT(tokens.stop) - AT(tokens),
	  .help = "words left out, before n-grams are made" },
	{ .name = NULL },
};

#define BLOCK(member) offsetof(struct recipe_block, member)

static const struct conf_key word_keys[] = {
	{ "ngrams", CONF_RANGE, BLOCK(ngrams), "[1, 2]", 0, 16,
	  .help = "shortest and longest; [0, 0] turns the block off" },
	{ "min_df", CONF_INT, BLOCK(min_df), "1", 1, 1e9,
	  .help = "documents that a term must be in to be kept" },
	{ "max_df", CONF_REAL, BLOCK(max_df), "1", 0, 1,
	  .help = "part of the documents that it may be in" },
	{ "weight", CONF_REAL, BLOCK(weight), "1", 0, 1000,
	  .help = "of the block beside the other" },
	{ .name = NULL },
};

static const struct conf_key char_keys[] = {
	{ "ngrams", CONF_RANGE, BLOCK(ngrams), "[0, 0]", 0, 16,
	  .help = "of characters within words; [0, 0] turns the block off" },
	{ "min_df", CONF_INT, BLOCK(min_df), "1", 1, 1e9,
	  .help = "documents that a term must be in to be kept" },
	{ "max_df", CONF_REAL, BLOCK(max_df), "1", 0, 1,
	  .help = "part of the documents that it may be in" },
	{ "weight", CONF_REAL, BLOCK(weight), "1", 0, 1000,
	  .help = "of the block beside the other" },
	{ .name = NULL },
};

#define MACHINE(member) offsetof(struct recipe_machine, member)

static const struct conf_key machine_keys[] = {
	{ "kernel", CONF_CHOICE, MACHINE(kernel), "linear",
	  .choices = kernels, .help = "LIBSVM's" },
	{ "solver", CONF_CHOICE, MACHINE(solver), "auto",
	  .choices = solvers,
	  .help = "of a linear machine: libsvm, or liblinear, which large "
		  "corpora need; auto chooses by their size" },
	{ "large", CONF_INT, MACHINE(large), "6000", 0, 1e9,
	  .help = "more examples than this are large" },
	{ "loss", CONF_CHOICE, MACHINE(loss), "hinge", .choices = losses,
	  .help = "what an error costs: its size, or its square (liblinear "
		  "only)" },
	{ "c", CONF_REAL, MACHINE(c), "1", 1e-6, 1e6,
	  .help = "what an error costs" },
	{ "gamma", CONF_REAL, MACHINE(gamma), "1", 0, 1e6,
	  .help = "of poly, rbf and sigmoid" },
	{ "coef0", CONF_REAL, MACHINE(coef0), "0", -1e6, 1e6,
	  .help = "of poly and sigmoid" },
	{ "degree", CONF_INT, MACHINE(degree), "3", 1, 64,
	  .help = "of poly" },
	{ "balanced", CONF_BOOL, MACHINE(balanced), "true",
	  .help = "rare labels weigh as much as common ones" },
	{ .name = NULL },
};

const struct conf_key recipe_keys[] = {
	{ "name", CONF_TEXT, AT(name), "model",
	  .help = "the model's name, as records show it" },
	{ "about", CONF_TEXT, AT(about),
	  .help = "a sentence for the model's card" },
	{ "data", CONF_TEXTS, AT(data),
	  .help = "files of JSON lines, or patterns of such, beside the "
		  "recipe" },
	{ "fields", CONF_MAP, AT(fields), .keys = field_keys,
	  .help = "what the fields of a line are called" },
	{ "topics", CONF_TEXTS, AT(topics),
	  .help = "the topics to learn; none given: all that the data has" },
	{ "one_of", CONF_BOOL, AT(one_of), "false",
	  .help = "every document has exactly one topic" },
	{ "stances", CONF_TEXTS, AT(stances),
	  .help = "the stances to learn on each topic; none given: topics "
		  "alone" },
	{ "copy_weight", CONF_REAL, AT(copy_weight), "1", 0, 1000,
	  .help = "of the features that a topic has for itself, beside those "
		  "that all topics share, when stances are learnt" },
	{ "unsure", CONF_REAL, AT(unsure), "0", 0, 1,
	  .help = "a stance whose probability is below is called unsure" },
	{ "threshold", CONF_CHOICE, AT(threshold), "zero",
	  .choices = thresholds,
	  .help = "a topic is given above: zero, or where its F1 was best in "
		  "cross-validation" },
	{ "tokens", CONF_MAP, AT(tokens), .keys = token_keys,
	  .help = "how a text is cut into words" },
	{ "words", CONF_MAP, AT(block[BLOCK_WORDS]), .keys = word_keys,
	  .help = "the terms that are runs of words" },
	{ "chars", CONF_MAP, AT(block[BLOCK_CHARS]), .keys = char_keys,
	  .help = "the terms that are runs of characters within words" },
	{ "sublinear", CONF_BOOL, AT(sublinear), "true",
	  .help = "1 + ln(count) instead of the count" },
	{ "idf", CONF_BOOL, AT(idf), "true",
	  .help = "times the smoothed inverse document frequency" },
	{ "norm", CONF_BOOL, AT(norm), "true",
	  .help = "each block to length 1" },
	{ "title_weight", CONF_REAL, AT(title_weight), "1", 0, 1000,
	  .help = "what one occurrence in the title counts; 0: titles are not "
		  "read" },
	{ "topic", CONF_MAP, AT(topic), .keys = machine_keys,
	  .help = "the machine that tells whether a topic is there" },
	{ "stance", CONF_MAP, AT(stance), .keys = machine_keys,
	  .help = "the joint machine that tells the stance" },
	{ "folds", CONF_INT, AT(folds), "5", 2, 100,
	  .help = "of the cross-validation" },
	{ "seed", CONF_INT, AT(seed), "1", 0, 1e9,
	  .help = "of folds and solver" },
	{ "golden", CONF_INT, AT(golden), "4", 0, 100,
	  .help = "articles kept in the bundle for its self-test" },
	{ .name = NULL },
};

static void check_blocks(struct conf *c, const struct recipe *r)
{
	static const char *const names[] = { "words", "chars" };
	int on = 0;

	for (int b = 0; b < BLOCK_COUNT; b++) {
		const struct conf_range *n = &r->block[b].ngrams;

		on += n->hi > 0;
		if (n->hi && !n->lo)
			conf_problem(c, "%s.ngrams begin at 0, expected 1 or "
					"more, or [0, 0] for none",
				     names[b]);
	}
	if (!on)
		conf_problem(c, "words.ngrams and chars.ngrams are both off, "
				"so there is nothing to learn from");
}

static void bad_name(struct conf *c, const char *key, const char *name)
{
	conf_problem(c, "%s: '%s' cannot be a name, expected 1 to %d bytes "
			"without quotes, backslashes and control characters",
		     key, name, BUNDLE_NAME_MAX - 1);
}

static void check_names(struct conf *c, const char *key,
			const struct conf_texts *t, size_t most)
{
	if (t->n > most)
		return conf_problem(c, "%s: %zu names, expected at most %zu",
				    key, t->n, most);
	for (size_t i = 0; i < t->n; i++) {
		if (!model_is_name(t->v[i]))
			bad_name(c, key, t->v[i]);
		for (size_t k = 0; k < i; k++)
			if (!strcmp(t->v[k], t->v[i]))
				conf_problem(c, "%s: '%s' is there twice", key,
					     t->v[i]);
	}
}

static void check_machine(struct conf *c, const char *key,
			  const struct recipe_machine *m)
{
	bool linear = m->kernel == KERNEL_LINEAR;

	if (m->loss == RECIPE_LOSS_SQUARED &&
	    (m->solver == RECIPE_SOLVER_LIBSVM || !linear))
		conf_problem(c, "%s: the squared loss is liblinear's, for "
				"linear machines",
			     key);
	if (m->solver == RECIPE_SOLVER_LIBLINEAR && !linear)
		conf_problem(c, "%s: liblinear has linear machines only", key);
}

int recipe_load(struct conf *c, const char *path, struct recipe *ret,
		struct err *e)
{
	int r;

	*ret = (struct recipe){ .name = NULL };
	r = conf_load(c, path, recipe_keys, ret, e);
	if (r)
		return r;
	check_blocks(c, ret);
	check_machine(c, "topic", &ret->topic);
	check_machine(c, "stance", &ret->stance);
	if (!model_is_name(ret->name))
		bad_name(c, "name", ret->name);
	check_names(c, "topics", &ret->topics, BUNDLE_TOPICS_MAX);
	check_names(c, "stances", &ret->stances, BUNDLE_STANCES_MAX);
	if (!c->count)
		return 0;
	return err_set(e, -EINVAL, "%.*s", (int)c->problems.n - 1,
		       c->problems.p);
}

void recipe_tokens(const struct recipe *r, struct tokens_settings *ret)
{
	*ret = (struct tokens_settings){
		.min_length = r->tokens.min_length,
		.compounds = r->tokens.compounds,
		.strip_accents = r->tokens.strip_accents,
		.stem = r->tokens.stem,
		.stop = r->tokens.stop.v,
		.stop_count = r->tokens.stop.n,
	};
}

void recipe_features(const struct recipe *r, struct features_settings *ret)
{
	for (int b = 0; b < BLOCK_COUNT; b++)
		ret->ngrams[b] = r->block[b].ngrams;
}

void recipe_tfidf(const struct recipe *r, struct tfidf_settings *ret)
{
	*ret = (struct tfidf_settings){
		.sublinear = r->sublinear,
		.idf = r->idf,
		.norm = r->norm,
		.title_weight = r->title_weight,
	};
	for (int b = 0; b < BLOCK_COUNT; b++)
		ret->weight[b] = r->block[b].weight;
}

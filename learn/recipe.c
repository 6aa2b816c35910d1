#include "learn/recipe.h"

#include <errno.h>
#include <string.h>

#include "classify/model.h"

#define AT(member) offsetof(struct recipe, member)

static const char *const kernels[] = { "linear", "poly", "rbf", "sigmoid",
				       NULL };
static const char *const solvers[] = { "auto", "libsvm", "liblinear", NULL };
static const char *const losses[] = { "hinge", "squared", NULL };

static const char *const thresholds[] = { "zero", "f1", "precision", "cost",
					  NULL };
static const char *const formats[] = { "auto",	   "jsonl",    "csv",
				       "tsv",	   "fasttext", "svmlight",
				       "folder",   NULL };
static const char *const targets[] = { "none", "topics", "text", NULL };
static const char *const calibrations[] = { "platt", "isotonic", NULL };
static const char *const metrics[] = { "macro_f1", "micro_f1", "accuracy",
				       "mean_f1", NULL };
static const char *const kinds[] = { "words",	"chars", "across",
				     "opening", "given", NULL };
static const char *const cuts[] = { "words", "plain", "marks", "blanks",
				    NULL };
static const char *const counts[] = { "log", "plain", "once", NULL };
static const char *const supervisions[] = { "none", "bayes", "relevance",
					    NULL };
static const char *const machines[] = { "svm", "bayes", "both", NULL };
static const char *const field_names[] = { "title", "text", "target", NULL };

#define FIELD(member) offsetof(struct recipe_fields, member)

static const struct conf_key field_keys[] = {
	{ "id", CONF_TEXT, FIELD(id), "id",
	  .help = "the document's own id" },
	{ "title", CONF_TEXT, FIELD(title), "title", .help = "its title" },
	{ "text", CONF_TEXT, FIELD(text), "text", .help = "its text" },
	{ "topics", CONF_TEXT, FIELD(topics), "topics",
	  .help = "its labels: {\"topic\": \"stance\"}, [\"topic\", …] or "
		  "\"topic\"" },
	{ "stance", CONF_TEXT, FIELD(stance), "stance",
	  .help = "its stance towards its target" },
	{ "target", CONF_TEXT, FIELD(target), "target",
	  .help = "what the stance is towards" },
	{ "hand", CONF_TEXT, FIELD(hand), "hand",
	  .help = "who wrote it, for a split by hand" },
	{ "date", CONF_TEXT, FIELD(date), "date",
	  .help = "when, as 2022-11-30 or more exactly, for a split by time" },
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

/* The keys of a block, whose kind and n-grams have defaults of their own. */
#define BLOCK_KEYS(name_preset, of_preset, ngrams_preset)                   \
	{ "name", CONF_TEXT, BLOCK(name), name_preset,                      \
	  .help = "what cards call the block" },                            \
	{ "of", CONF_CHOICE, BLOCK(of), of_preset, .choices = kinds,        \
	  .help = "what its terms are: runs of words; of characters (chars " \
		  "within words, across them); how a text opens (opening);"  \
		  " or numbers given as \"name:value\"" },                   \
	{ "cut", CONF_CHOICE, BLOCK(cut), "words", .choices = cuts,         \
	  .help = "how a text falls into words: words, French and English " \
		  "done right; plain, runs of letters and digits; marks, "   \
		  "with #tags and punctuation; blanks, between spaces" },    \
	{ "cased", CONF_BOOL, BLOCK(cased), "false",                        \
	  .help = "capitals are kept" },                                    \
	{ "hashtags", CONF_BOOL, BLOCK(hashtags), "false",                  \
	  .help = "#PartOfTag is read in its parts as well" },              \
	{ "fields", CONF_TEXTS, BLOCK(fields), "[title, text]",             \
	  .help = "which fields it reads: title, text, target" },           \
	{ "first", CONF_INT, BLOCK(first), "0", 0, 1e6,                     \
	  .help = "only so many words of a field; 0: all" },                \
	{ "ngrams", CONF_RANGE, BLOCK(ngrams), ngrams_preset, 0, 16,        \
	  .help = "shortest and longest run; [0, 0] turns the block off" }, \
	{ "min_df", CONF_INT, BLOCK(min_df), "1", 1, 1e9,                   \
	  .help = "documents that a term must be in to be kept" },          \
	{ "max_df", CONF_REAL, BLOCK(max_df), "1", 0, 1,                    \
	  .help = "part of the documents that it may be in" },              \
	{ "count", CONF_CHOICE, BLOCK(count), "log", .choices = counts,     \
	  .help = "what n occurrences weigh: log, 1 + ln(n); plain, n; "    \
		  "once, 1" },                                              \
	{ "idf", CONF_REAL, BLOCK(idf), "1", 0, 8,                          \
	  .help = "times the smoothed inverse document frequency to this "  \
		  "power; 0: not" },                                        \
	{ "supervised", CONF_CHOICE, BLOCK(supervised), "none",             \
	  .choices = supervisions,                                          \
	  .help = "weights that know the labels, for each its own: naive "  \
		  "Bayes' log-count ratios, or relevance frequency" },       \
	{ "mix", CONF_REAL, BLOCK(mix), "0.8", 0, 1,                        \
	  .help = "the part of those weights beside idf's" },               \
	{ "norm", CONF_BOOL, BLOCK(norm), "true",                           \
	  .help = "the block to length 1" },                                \
	{ "weight", CONF_REAL, BLOCK(weight), "1", 0, 1000,                 \
	  .help = "then times this, beside the other blocks" },             \
	{ "machine", CONF_CHOICE, BLOCK(machine), "both",                   \
	  .choices = machines,                                              \
	  .help = "who reads the block: the support vector machine, naive "  \
		  "Bayes beside it, or both" }

static const struct conf_key word_keys[] = {
	BLOCK_KEYS("words", "words", "[1, 2]"),
	{ .name = NULL },
};
static const struct conf_key char_keys[] = {
	BLOCK_KEYS("chars", "chars", "[0, 0]"),
	{ .name = NULL },
};
static const struct conf_key more_keys[] = {
	BLOCK_KEYS("more", "words", "[1, 1]"),
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
	{ "bayes", CONF_REAL, MACHINE(bayes), "0", 0, 1000,
	  .help = "complement naive Bayes, added to the decision value times "
		  "this; 0: not" },
	{ "bayes_alpha", CONF_REAL, MACHINE(bayes_alpha), "0.1", 1e-9, 1000,
	  .help = "what naive Bayes adds to every count" },
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
	{ "format", CONF_CHOICE, AT(format), "auto", .choices = formats,
	  .help = "of the files; auto goes by their names, and takes a folder "
		  "for one that has a folder a topic" },
	{ "fields", CONF_MAP, AT(fields), .keys = field_keys,
	  .help = "what the fields of a document are called" },
	{ "only", CONF_ANY, AT(only),
	  .help = "fields and the text that each must have, as {lang: fr}: "
		  "other documents are passed over" },
	{ "topics", CONF_TEXTS, AT(topics),
	  .help = "the topics to learn; none given: all that the data has" },
	{ "one_of", CONF_BOOL, AT(one_of), "false",
	  .help = "every document has exactly one topic" },
	{ "stances", CONF_TEXTS, AT(stances),
	  .help = "the stances to learn on each topic; none given: topics "
		  "alone" },
	{ "targets", CONF_CHOICE, AT(targets), "none", .choices = targets,
	  .help = "what stances are towards: the topics found; the target "
		  "that comes with a document, one of a few (topics) or any "
		  "text, which a block should read (text)" },
	{ "copy_weight", CONF_REAL, AT(copy_weight), "1", 0, 1000,
	  .help = "of the features that a topic has for itself, beside those "
		  "that all topics share, when stances are learnt" },
	{ "unsure", CONF_REAL, AT(unsure), "0", 0, 1,
	  .help = "a stance whose probability is below is called unsure" },
	{ "threshold", CONF_CHOICE, AT(threshold), "zero",
	  .choices = thresholds,
	  .help = "a topic is given above: zero; or, in cross-validation, "
		  "where F1 was best, where precision was reached, where "
		  "errors cost least" },
	{ "threshold_part", CONF_REAL, AT(threshold_part), "1", 0, 1,
	  .help = "how far from zero to that threshold" },
	{ "precision", CONF_REAL, AT(precision), "0.9", 0, 1,
	  .help = "what threshold: precision asks for" },
	{ "cost", CONF_REAL, AT(cost), "1", 0, 1e6,
	  .help = "of a topic too many, where one missed costs 1, for "
		  "threshold: cost" },
	{ "at_least_one", CONF_BOOL, AT(at_least_one), "false",
	  .help = "a document without a topic gets the nearest" },
	{ "calibration", CONF_CHOICE, AT(calibration), "platt",
	  .choices = calibrations,
	  .help = "from decision values to probabilities: a logistic curve, "
		  "or one that only ascends (much data)" },
	{ "metric", CONF_CHOICE, AT(metric), "macro_f1", .choices = metrics,
	  .help = "the figure to look at and to tune for" },
	{ "metric_labels", CONF_TEXTS, AT(metric_labels),
	  .help = "the labels that mean_f1 is the mean of" },
	{ "tokens", CONF_MAP, AT(tokens), .keys = token_keys,
	  .help = "how a text is cut into words" },
	{ "words", CONF_MAP, AT(words), .keys = word_keys,
	  .help = "the terms that are runs of words" },
	{ "chars", CONF_MAP, AT(chars), .keys = char_keys,
	  .help = "the terms that are runs of characters within words" },
	{ "blocks", CONF_MAPS, AT(more), .keys = more_keys,
	  .size = sizeof(struct recipe_block),
	  .help = "further blocks of terms" },
	{ "title_weight", CONF_REAL, AT(title_weight), "1", 0, 1000,
	  .help = "what one occurrence in the title counts; 0: titles are not "
		  "read" },
	{ "topic", CONF_MAP, AT(topic), .keys = machine_keys,
	  .help = "the machine that tells whether a topic is there" },
	{ "stance", CONF_MAP, AT(stance), .keys = machine_keys,
	  .help = "the joint machine that tells the stance" },
	{ "folds", CONF_INT, AT(folds), "5", 0, 100,
	  .help = "of the cross-validation; 0: none, which leaves "
		  "probabilities and thresholds as they are born" },
	{ "seed", CONF_INT, AT(seed), "1", 0, 1e9,
	  .help = "of folds and solver" },
	{ "golden", CONF_INT, AT(golden), "4", 0, 100,
	  .help = "articles kept in the bundle for its self-test" },
	{ .name = NULL },
};

static enum field field_of(const char *name)
{
	int f = 0;

	while (f < FIELD_COUNT && strcmp(name, field_names[f]))
		f++;
	return (enum field)f;
}

static void check_block(struct conf *c, const struct recipe_block *b)
{
	if (!b->ngrams.lo)
		conf_problem(c, "%s.ngrams begin at 0, expected 1 or more, or "
				"[0, 0] for none",
			     b->name);
	if (!b->fields.n)
		conf_problem(c, "%s.fields is empty, expected some of title, "
				"text and target",
			     b->name);
	for (size_t i = 0; i < b->fields.n; i++)
		if (field_of(b->fields.v[i]) == FIELD_COUNT)
			conf_problem(c, "%s.fields: '%s' is no field, "
					"expected title, text or target",
				     b->name, b->fields.v[i]);
	if (b->supervised && b->machine + 1 != RECIPE_MACHINE_SVM)
		conf_problem(c, "%s: supervised weights are the support "
				"vector machine's: say machine: svm",
			     b->name);
	if (b->of == FEATURES_GIVEN && b->cut != TOKENS_BLANKS)
		conf_problem(c, "%s: given numbers stand between blanks: say "
				"cut: blanks",
			     b->name);
}

static void add_block(struct conf *c, struct recipe *r,
		      const struct recipe_block *b)
{
	if (!b->ngrams.hi)
		return;
	if (r->block_count == FEATURES_BLOCKS_MAX) {
		conf_problem(c, "more than %d blocks of terms",
			     FEATURES_BLOCKS_MAX);
		return;
	}
	check_block(c, b);
	r->block[r->block_count] = *b;
	r->block[r->block_count++].machine++; /* the choices are bits */
}

static void gather_blocks(struct conf *c, struct recipe *r)
{
	const struct recipe_block *more = r->more.v;

	add_block(c, r, &r->words);
	add_block(c, r, &r->chars);
	for (size_t i = 0; i < r->more.n; i++)
		add_block(c, r, &more[i]);
	if (!r->block_count)
		conf_problem(c, "words.ngrams and chars.ngrams are both off "
				"and there are no other blocks, so there is "
				"nothing to learn from");
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
	if (m->bayes > 0 && !linear)
		conf_problem(c, "%s: naive Bayes is added to linear machines "
				"only",
			     key);
}

/* Where weights are each machine's own, no table of inner products can be
 * shared, and kernels are made of such. */
static void check_supervised(struct conf *c, const struct recipe *r)
{
	bool any = false;

	for (uint32_t b = 0; b < r->block_count; b++)
		any |= r->block[b].supervised != RECIPE_SUPERVISED_NONE;
	if (any && (r->topic.kernel || (r->stances.n && r->stance.kernel)))
		conf_problem(c, "supervised weights are for linear machines");
	if (any && (r->topic.solver == RECIPE_SOLVER_LIBSVM ||
		    (r->stances.n && r->stance.solver == RECIPE_SOLVER_LIBSVM)))
		conf_problem(c, "supervised weights are for liblinear");
}

/* What judges by a kernel is shown the whole article. */
static void check_kernels(struct conf *c, const struct recipe *r)
{
	bool kernel = r->topic.kernel || (r->stances.n && r->stance.kernel);

	for (uint32_t b = 0; b < r->block_count && kernel; b++)
		if (!(r->block[b].machine & RECIPE_MACHINE_SVM))
			conf_problem(c, "%s: a machine with a kernel reads all "
					"blocks: say machine: both",
				     r->block[b].name);
}

static void check_targets(struct conf *c, const struct recipe *r)
{
	if (!r->targets)
		return;
	if (!r->stances.n)
		conf_problem(c, "targets: there are no stances towards them: "
				"name them in 'stances'");
	if (r->one_of)
		conf_problem(c, "targets: a document's target is its topic, "
				"so that one_of says nothing");
	if (r->targets == BUNDLE_TARGETS_TEXT && r->topics.n)
		conf_problem(c, "topics: with targets: text there is one "
				"topic, the target");
}

static void check_metric(struct conf *c, const struct recipe *r)
{
	bool mean = r->metric == RECIPE_METRIC_MEAN_F1;

	if (mean && !r->metric_labels.n)
		conf_problem(c, "metric_labels: mean_f1 wants to know of which "
				"labels");
	if (!mean && r->metric_labels.n)
		conf_problem(c, "metric_labels: only mean_f1 looks at them");
}

/* What single keys cannot say of themselves. */
static int check_recipe(struct conf *c, struct recipe *ret, struct err *e)
{
	gather_blocks(c, ret);
	check_machine(c, "topic", &ret->topic);
	check_machine(c, "stance", &ret->stance);
	check_supervised(c, ret);
	check_kernels(c, ret);
	check_targets(c, ret);
	check_metric(c, ret);
	if (ret->folds == 1)
		conf_problem(c, "folds: one fold leaves nothing to learn from, "
				"expected 2 or more, or 0 for none");
	if (!model_is_name(ret->name))
		bad_name(c, "name", ret->name);
	check_names(c, "topics", &ret->topics, BUNDLE_TOPICS_MAX);
	check_names(c, "stances", &ret->stances, BUNDLE_STANCES_MAX);
	if (!c->count)
		return 0;
	return err_set(e, -EINVAL, "%.*s", (int)c->problems.n - 1,
		       c->problems.p);
}

int recipe_load(struct conf *c, const char *path, struct recipe *ret,
		struct err *e)
{
	int r;

	*ret = (struct recipe){ .name = NULL };
	r = conf_load(c, path, recipe_keys, ret, e);
	return r ? r : check_recipe(c, ret, e);
}

int recipe_parse(struct conf *c, const char *name, struct str yaml,
		 struct recipe *ret, struct err *e)
{
	int r;

	*ret = (struct recipe){ .name = NULL };
	r = conf_parse(c, name, yaml, recipe_keys, ret, e);
	return r ? r : check_recipe(c, ret, e);
}

void recipe_tokens(const struct recipe *r, uint32_t b,
		   struct tokens_settings *ret)
{
	struct tokens_settings common = {
		.min_length = r->tokens.min_length,
		.compounds = r->tokens.compounds,
		.strip_accents = r->tokens.strip_accents,
		.stem = r->tokens.stem,
		.stop = r->tokens.stop.v,
		.stop_count = r->tokens.stop.n,
	};

	if (common.stem && !strcmp(common.stem, "none"))
		common.stem = NULL;
	*ret = features_cut(&common, (enum tokens_cut)r->block[b].cut,
			    r->block[b].cased, r->block[b].hashtags);
}

void recipe_features(const struct recipe *r, uint32_t b,
		     struct features_block *ret)
{
	const struct recipe_block *block = &r->block[b];

	*ret = (struct features_block){
		.of = (enum features_kind)block->of,
		.first = (uint32_t)block->first,
		.ngrams = block->ngrams,
	};
	for (size_t i = 0; i < block->fields.n; i++)
		ret->fields |= 1u << field_of(block->fields.v[i]);
}

void recipe_tfidf(const struct recipe *r, uint32_t b, struct tfidf_block *ret)
{
	const struct recipe_block *block = &r->block[b];

	*ret = (struct tfidf_block){
		.count = (enum tfidf_count_mode)block->count,
		.idf = block->idf,
		.norm = block->norm,
		.weight = block->weight,
		.supervised = block->supervised != RECIPE_SUPERVISED_NONE,
	};
}

bool recipe_is_exclusive(const struct recipe *r, bool stance)
{
	return stance || r->one_of;
}

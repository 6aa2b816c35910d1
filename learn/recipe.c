#include "learn/recipe.h"

#include <errno.h>
#include <string.h>

#include "classify/model.h"

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
		conf_problem(c, "%s: the squared loss is not libsvm's, but "
				"for linear machines",
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
		conf_problem(c, "supervised weights are not for libsvm");
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

/* A machine without a block tells every document the same. */
static void check_reader(struct conf *c, const char *key,
			 const struct recipe_machine *m, int read)
{
	if (m->bayes > 0 && !(read & RECIPE_MACHINE_BAYES))
		conf_problem(c, "%s.bayes: no block is naive Bayes' to read: "
				"say machine: both in one, or machine: bayes",
			     key);
	if (m->bayes <= 0 && !(read & RECIPE_MACHINE_SVM))
		conf_problem(c, "%s.bayes is 0, but naive Bayes alone reads "
				"the blocks: say machine: both in one, or more "
				"than 0",
			     key);
}

static void check_readers(struct conf *c, const struct recipe *r)
{
	int read = 0;

	for (uint32_t b = 0; b < r->block_count; b++)
		read |= r->block[b].machine;
	if (read && !r->targets)
		check_reader(c, "topic", &r->topic, read);
	if (read && r->stances.n)
		check_reader(c, "stance", &r->stance, read);
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
	check_readers(c, ret);
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

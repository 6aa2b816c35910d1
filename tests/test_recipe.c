#include "learn/recipe.h"

#include <errno.h>

#include "classify/bundle.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct conf conf;
static struct err why;

static int load(const char *yaml, struct recipe *r)
{
	int result;

	check_folder(folder);
	check_file(folder, "r.yaml", yaml, strlen(yaml), path);
	err_clear(&why);
	result = recipe_load(&conf, path, r, &why);
	check_folder_done(folder);
	return result;
}

/* The recipe is refused with a sentence that names the file and has this. */
static void refused(const char *yaml, const char *sentence)
{
	struct recipe r;

	ck_assert_int_eq(load(yaml, &r), -EINVAL);
	ck_assert_msg(strstr(why.text, path) != NULL, "%s", why.text);
	ck_assert_msg(strstr(why.text, sentence) != NULL, "%s", why.text);
	conf_done(&conf);
}

START_TEST(load_nothing_gives_the_defaults)
{
	struct recipe r;

	ck_assert_int_eq(load("", &r), 0);
	ck_assert_str_eq(r.name, "model");
	ck_assert_uint_eq(r.topics.n + r.stances.n + r.data.n, 0);
	ck_assert_str_eq(r.fields.topics, "topics");
	ck_assert_int_eq(r.tokens.min_length, 2);
	ck_assert(r.tokens.compounds && !r.tokens.strip_accents);
	ck_assert_str_eq(r.tokens.stem, "none");
	ck_assert_uint_eq(r.block_count, 1);
	ck_assert_str_eq(r.block[0].name, "words");
	ck_assert_int_eq(r.block[0].of, FEATURES_WORDS);
	ck_assert_int_eq(r.block[0].cut, TOKENS_WORDS);
	ck_assert_int_eq(r.block[0].ngrams.hi, 2);
	ck_assert_int_eq(r.block[0].machine, RECIPE_MACHINE_BOTH);
	ck_assert_int_eq(r.block[0].count, TFIDF_LOG);
	ck_assert(r.block[0].idf == 1 && r.block[0].norm);
	ck_assert(!r.block[0].supervised && !r.block[0].first);
	ck_assert_uint_eq(r.block[0].fields.n, 2);
	ck_assert(!r.one_of && !r.at_least_one && !r.targets);
	ck_assert(r.topic.bayes == 0 && r.stance.bayes == 0);
	ck_assert_int_eq(r.topic.loss, RECIPE_LOSS_HINGE);
	ck_assert_int_eq(r.calibration, RECIPE_CALIBRATION_PLATT);
	ck_assert_int_eq(r.format, RECIPE_FORMAT_AUTO);
	ck_assert_int_eq(r.metric, RECIPE_METRIC_MACRO_F1);
	ck_assert_int_eq(r.topic.kernel, KERNEL_LINEAR);
	ck_assert(r.topic.c == 1 && r.topic.balanced);
	ck_assert_int_eq(r.folds, 5);
	ck_assert_int_eq(r.threshold, RECIPE_THRESHOLD_ZERO);
	conf_done(&conf);
}
END_TEST

START_TEST(load_every_setting_reaches_its_place)
{
	struct tokens_settings tokens;
	struct features_block features;
	struct tfidf_block tfidf;
	struct recipe r;

	ck_assert_int_eq(load("name: n\ntopics: [a, b]\nstances: [x, y]\n"
			      "one_of: true\nthreshold: f1\nunsure: 0.5\n"
			      "fields: {title: headline, hand: who}\n"
			      "tokens: {min_length: 3, compounds: false, "
			      "strip_accents: true, stem: french, "
			      "stop_words: [le, la]}\n"
			      "words: {ngrams: [2, 3], min_df: 4, max_df: 0.5, "
			      "weight: 0.25, count: once, idf: 0.5, "
			      "norm: false}\nchars: {ngrams: [3, 5]}\n"
			      "title_weight: 3\n"
			      "topic: {kernel: rbf, c: 2, gamma: 0.5}\n"
			      "stance: {kernel: poly, degree: 2, coef0: 1, "
			      "balanced: false}\n"
			      "folds: 3\nseed: 9\ngolden: 0\n", &r), 0);
	recipe_tokens(&r, 0, &tokens);
	recipe_features(&r, 0, &features);
	recipe_tfidf(&r, 0, &tfidf);
	ck_assert_int_eq(tokens.min_length, 3);
	ck_assert(!tokens.compounds && tokens.strip_accents);
	ck_assert_str_eq(tokens.stem, "french");
	ck_assert_uint_eq(tokens.stop_count, 2);
	ck_assert_str_eq(tokens.stop[1], "la");
	ck_assert_int_eq(features.ngrams.lo, 2);
	ck_assert_int_eq(features.ngrams.hi, 3);
	ck_assert_uint_eq(features.fields, 1 << FIELD_TITLE | 1 << FIELD_TEXT);
	ck_assert(tfidf.count == TFIDF_ONCE && tfidf.idf == 0.5);
	ck_assert(!tfidf.norm && !tfidf.supervised && tfidf.weight == 0.25);
	ck_assert(r.title_weight == 3);
	ck_assert_int_eq(r.block[0].min_df, 4);
	ck_assert(r.block[0].max_df == 0.5);
	recipe_features(&r, 1, &features);
	recipe_tfidf(&r, 1, &tfidf);
	ck_assert_int_eq(features.of, FEATURES_CHARS);
	ck_assert_int_eq(features.ngrams.hi, 5);
	ck_assert(tfidf.weight == 1 && tfidf.norm);
	ck_assert_str_eq(r.fields.title, "headline");
	ck_assert_str_eq(r.fields.hand, "who");
	ck_assert_int_eq(r.topic.kernel, KERNEL_RBF);
	ck_assert(r.topic.c == 2 && r.topic.gamma == 0.5);
	ck_assert_int_eq(r.stance.kernel, KERNEL_POLY);
	ck_assert_int_eq(r.stance.degree, 2);
	ck_assert(!r.stance.balanced);
	ck_assert(r.one_of && r.unsure == 0.5);
	ck_assert_int_eq(r.threshold, RECIPE_THRESHOLD_F1);
	ck_assert_int_eq(r.seed, 9);
	conf_done(&conf);
}
END_TEST

START_TEST(load_blocks_come_behind_words_and_chars)
{
	struct tokens_settings tokens;
	struct features_block f;
	struct tfidf_block w;
	struct recipe r;

	ck_assert_msg(!load("words: {cut: marks, cased: true, hashtags: true}\n"
			    "chars: {ngrams: [3, 5], cut: blanks}\n"
			    "tokens: {stem: english, min_length: 3, "
			    "stop_words: [the]}\n"
			    "blocks:\n"
			    "- {name: begin, of: opening, first: 20, "
			    "fields: [text]}\n"
			    "- {of: across, ngrams: [2, 6], cut: plain, "
			    "supervised: relevance, mix: 0.3, machine: svm}\n"
			    "- {name: numbers, of: given, cut: blanks, "
			    "fields: [text, target], count: plain, idf: 0, "
			    "machine: bayes}\n", &r), "%s", why.text);
	ck_assert_uint_eq(r.block_count, 5);
	recipe_tokens(&r, 0, &tokens);
	ck_assert(tokens.cut == TOKENS_MARKS && tokens.cased &&
		  tokens.hashtags && !tokens.stem && tokens.min_length == 1);
	recipe_tokens(&r, 1, &tokens);
	ck_assert(tokens.cut == TOKENS_BLANKS && !tokens.cased);
	recipe_features(&r, 2, &f);
	ck_assert_str_eq(r.block[2].name, "begin");
	ck_assert(f.of == FEATURES_OPENING && f.first == 20 &&
		  f.fields == 1 << FIELD_TEXT);
	recipe_features(&r, 3, &f);
	recipe_tokens(&r, 3, &tokens);
	recipe_tfidf(&r, 3, &w);
	ck_assert(f.of == FEATURES_ACROSS && f.ngrams.hi == 6 && !f.first);
	ck_assert(tokens.cut == TOKENS_PLAIN && tokens.min_length == 3);
	ck_assert_str_eq(tokens.stem, "english");
	ck_assert_uint_eq(tokens.stop_count, 1);
	ck_assert(w.supervised && r.block[3].mix == 0.3);
	ck_assert_int_eq(r.block[3].supervised, RECIPE_SUPERVISED_RELEVANCE);
	ck_assert_int_eq(r.block[3].machine, RECIPE_MACHINE_SVM);
	recipe_features(&r, 4, &f);
	recipe_tfidf(&r, 4, &w);
	ck_assert(f.of == FEATURES_GIVEN &&
		  f.fields == (1 << FIELD_TEXT | 1 << FIELD_TARGET));
	ck_assert(w.count == TFIDF_PLAIN && w.idf == 0 && !w.supervised);
	ck_assert_int_eq(r.block[4].machine, RECIPE_MACHINE_BAYES);
	conf_done(&conf);
}
END_TEST

START_TEST(load_blocks_that_are_off_have_no_place)
{
	struct recipe r;

	ck_assert_int_eq(load("words: {ngrams: [0, 0]}\n"
			      "blocks: [{ngrams: [0, 0]}, {of: opening}]\n",
			      &r), 0);
	ck_assert_uint_eq(r.block_count, 1);
	ck_assert_int_eq(r.block[0].of, FEATURES_OPENING);
	ck_assert_str_eq(r.block[0].name, "more");
	conf_done(&conf);
}
END_TEST

START_TEST(load_choices_reach_their_places)
{
	struct recipe r;

	ck_assert_msg(!load("format: svmlight\n"
			    "fields: {stance: side, target: about, date: day}\n"
			    "threshold: cost\nthreshold_part: 0.5\n"
			    "precision: 0.8\ncost: 3\nat_least_one: true\n"
			    "calibration: isotonic\nmetric: mean_f1\n"
			    "metric_labels: [a, b]\n"
			    "topic: {solver: liblinear, loss: squared, "
			    "large: 10, bayes: 0.5, bayes_alpha: 2}\n", &r),
		      "%s", why.text);
	ck_assert_int_eq(r.format, RECIPE_FORMAT_SVMLIGHT);
	ck_assert_str_eq(r.fields.stance, "side");
	ck_assert_str_eq(r.fields.target, "about");
	ck_assert_str_eq(r.fields.date, "day");
	ck_assert_int_eq(r.threshold, RECIPE_THRESHOLD_COST);
	ck_assert(r.threshold_part == 0.5 && r.precision == 0.8 &&
		  r.cost == 3);
	ck_assert(r.at_least_one);
	ck_assert_int_eq(r.calibration, RECIPE_CALIBRATION_ISOTONIC);
	ck_assert_int_eq(r.metric, RECIPE_METRIC_MEAN_F1);
	ck_assert_uint_eq(r.metric_labels.n, 2);
	ck_assert_int_eq(r.topic.solver, RECIPE_SOLVER_LIBLINEAR);
	ck_assert_int_eq(r.topic.loss, RECIPE_LOSS_SQUARED);
	ck_assert_int_eq(r.topic.large, 10);
	ck_assert(r.topic.bayes == 0.5 && r.topic.bayes_alpha == 2);
	conf_done(&conf);
}
END_TEST

START_TEST(load_targets_and_what_is_exclusive)
{
	struct recipe r;

	ck_assert_int_eq(load("targets: topics\nstances: [for, against]\n"
			      "topics: [a, b]\n", &r), 0);
	ck_assert_int_eq(r.targets, BUNDLE_TARGETS_TOPICS);
	ck_assert(recipe_is_exclusive(&r, true));
	ck_assert(!recipe_is_exclusive(&r, false));
	conf_done(&conf);
	ck_assert_int_eq(load("targets: text\nstances: [for, against]\n"
			      "words: {fields: [title, text, target]}\n", &r),
			 0);
	ck_assert_int_eq(r.targets, BUNDLE_TARGETS_TEXT);
	conf_done(&conf);
	ck_assert_int_eq(load("one_of: true\n", &r), 0);
	ck_assert(recipe_is_exclusive(&r, false));
	conf_done(&conf);
}
END_TEST

START_TEST(load_unknown_key_or_value_is_refused)
{
	refused("tokns: {}\n", "tokens");
	refused("name: a\ntopic: {kernel: lineal}\n", ":2:");
	refused("topic: {c: 0}\n", "c");
	refused("words: {ngrams: [2, 1]}\n", "ngrams");
	refused("folds: 1\n", "one fold leaves nothing");
	refused("folds: 101\n", "folds");
}
END_TEST

START_TEST(load_nothing_to_learn_from_is_refused)
{
	refused("words: {ngrams: [0, 0]}\n", "nothing to learn from");
	refused("words: {ngrams: [0, 2]}\n", "words.ngrams begin at 0");
	refused("chars: {ngrams: [0, 3]}\n", "chars.ngrams begin at 0");
	refused("blocks: [{name: x, ngrams: [0, 3]}]\n",
		"x.ngrams begin at 0");
}
END_TEST

START_TEST(load_block_that_cannot_be_is_refused)
{
	refused("words: {fields: []}\n", "words.fields is empty");
	refused("chars: {ngrams: [3, 3], fields: [text, titel]}\n",
		"chars.fields: 'titel' is no field");
	refused("blocks: [{name: x, supervised: bayes}]\n",
		"x: supervised weights are the support vector machine's");
	refused("blocks: [{name: x, supervised: relevance, machine: bayes}]\n",
		"say machine: svm");
	refused("blocks: [{name: x, of: given}]\n",
		"x: given numbers stand between blanks");
	refused("words: {idf: true}\n", "idf");
	refused("words: {count: twice}\n", "count");
	refused("words: {mix: 1.5}\n", "mix");
	refused("sublinear: true\n", "sublinear");
}
END_TEST

START_TEST(load_as_many_blocks_as_a_bundle_holds)
{
	for (int n = FEATURES_BLOCKS_MAX - 1; n <= FEATURES_BLOCKS_MAX; n++) {
		char yaml[512] = "blocks: [{of: opening}";
		struct recipe r;

		for (int i = 1; i < n; i++)
			strcat(yaml, ", {of: opening}");
		strcat(yaml, "]\n");
		ck_assert_int_eq(load(yaml, &r),
				 n < FEATURES_BLOCKS_MAX ? 0 : -EINVAL);
		ck_assert_uint_eq(r.block_count, FEATURES_BLOCKS_MAX);
		if (n == FEATURES_BLOCKS_MAX)
			ck_assert_ptr_nonnull(strstr(
				why.text, "more than 16 blocks of terms"));
		conf_done(&conf);
	}
}
END_TEST

START_TEST(load_machine_that_cannot_be_is_refused)
{
	refused("topic: {loss: squared, solver: libsvm}\n",
		"topic: the squared loss is not libsvm's");
	refused("stance: {loss: squared, kernel: rbf}\n",
		"stance: the squared loss is not libsvm's");
	refused("stance: {solver: liblinear, kernel: rbf}\n",
		"stance: liblinear has linear machines only");
	refused("topic: {bayes: 1, kernel: poly}\n",
		"topic: naive Bayes is added to linear machines");
	refused("words: {supervised: bayes, machine: svm}\n"
		"topic: {kernel: rbf}\n",
		"supervised weights are for linear machines");
	refused("words: {supervised: bayes, machine: svm}\n"
		"topic: {solver: libsvm}\n",
		"supervised weights are not for libsvm");
	refused("words: {supervised: bayes, machine: svm}\n"
		"stances: [a, b]\nstance: {kernel: rbf}\n",
		"supervised weights are for linear machines");
	refused("words: {machine: bayes}\nchars: {ngrams: [3, 3]}\n"
		"topic: {kernel: rbf}\n",
		"words: a machine with a kernel reads all blocks");
}
END_TEST

/* Without stances nothing is said of the stance machine. */
START_TEST(load_stance_machine_matters_only_with_stances)
{
	struct recipe r;

	ck_assert_int_eq(load("words: {supervised: bayes, machine: svm}\n"
			      "stance: {kernel: rbf}\n", &r), 0);
	conf_done(&conf);
	ck_assert_int_eq(load("words: {machine: bayes}\n"
			      "topic: {bayes: 1}\n"
			      "stance: {kernel: rbf}\n", &r), 0);
	conf_done(&conf);
}
END_TEST

START_TEST(load_machine_without_a_block_is_refused)
{
	struct recipe r;

	refused("words: {machine: bayes}\n", "topic.bayes is 0");
	refused("words: {machine: bayes}\nstances: [a, b]\n"
		"topic: {bayes: 1}\n", "stance.bayes is 0");
	refused("words: {machine: svm}\ntopic: {bayes: 1}\n",
		"topic.bayes: no block");
	refused("words: {machine: svm}\nstances: [a, b]\n"
		"stance: {bayes: 1}\n", "stance.bayes: no block");
	/* Targets are given: there is no machine of topics. */
	ck_assert_int_eq(load("words: {machine: bayes}\ntargets: text\n"
			      "stances: [a, b]\nstance: {bayes: 1}\n", &r), 0);
	conf_done(&conf);
	ck_assert_int_eq(load("words: {machine: svm}\n"
			      "blocks: [{machine: bayes}]\n"
			      "topic: {bayes: 1}\n", &r), 0);
	conf_done(&conf);
}
END_TEST

START_TEST(load_targets_that_cannot_be_are_refused)
{
	refused("targets: topics\n", "there are no stances towards them");
	refused("targets: text\nstances: [a, b]\none_of: true\n",
		"one_of says nothing");
	refused("targets: text\nstances: [a, b]\ntopics: [x]\n",
		"with targets: text there is one topic");
}
END_TEST

START_TEST(load_metric_and_its_labels_go_together)
{
	refused("metric: mean_f1\n", "mean_f1 wants to know");
	refused("metric_labels: [a]\n", "only mean_f1 looks at them");
}
END_TEST

/* The bundle would be refused when it is all trained. */
START_TEST(load_what_is_no_name_is_refused)
{
	refused("name: ''\n", "name: ''");
	refused("name: 'a\"b'\n", "name");
	refused("topics: [a, '']\n", "topics: ''");
	refused("stances: ['a\\b']\n", "stances: 'a\\b'");
	refused("topics: [a, b, a]\n", "topics: 'a' is there twice");
}
END_TEST

START_TEST(load_as_many_stances_as_a_bundle_holds)
{
	for (int n = BUNDLE_STANCES_MAX - 1; n <= BUNDLE_STANCES_MAX + 1; n++) {
		char yaml[256] = "stances: [";
		struct recipe r;

		for (int i = 0; i < n; i++)
			sprintf(yaml + strlen(yaml), "s%d,", i);
		strcat(yaml, "]\n");
		ck_assert_int_eq(load(yaml, &r),
				 n > BUNDLE_STANCES_MAX ? -EINVAL : 0);
		conf_done(&conf);
	}
}
END_TEST

START_TEST(load_all_problems_are_told)
{
	struct recipe r;

	ck_assert_int_eq(load("name: ''\ntopics: [a, a]\n"
			      "words: {ngrams: [0, 1]}\n", &r), -EINVAL);
	ck_assert_uint_eq(conf.count, 3);
	conf_done(&conf);
}
END_TEST

START_TEST(load_missing_file_is_told)
{
	struct recipe r;

	err_clear(&why);
	ck_assert_int_eq(recipe_load(&conf, "/no/such.yaml", &r, &why),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(why.text, "/no/such.yaml"));
	conf_done(&conf);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(load_nothing_gives_the_defaults),
		CHECK_TEST(load_every_setting_reaches_its_place),
		CHECK_TEST(load_blocks_come_behind_words_and_chars),
		CHECK_TEST(load_blocks_that_are_off_have_no_place),
		CHECK_TEST(load_choices_reach_their_places),
		CHECK_TEST(load_targets_and_what_is_exclusive),
		CHECK_TEST(load_unknown_key_or_value_is_refused),
		CHECK_TEST(load_nothing_to_learn_from_is_refused),
		CHECK_TEST(load_block_that_cannot_be_is_refused),
		CHECK_TEST(load_as_many_blocks_as_a_bundle_holds),
		CHECK_TEST(load_machine_that_cannot_be_is_refused),
		CHECK_TEST(load_stance_machine_matters_only_with_stances),
		CHECK_TEST(load_machine_without_a_block_is_refused),
		CHECK_TEST(load_targets_that_cannot_be_are_refused),
		CHECK_TEST(load_metric_and_its_labels_go_together),
		CHECK_TEST(load_what_is_no_name_is_refused),
		CHECK_TEST(load_as_many_stances_as_a_bundle_holds),
		CHECK_TEST(load_all_problems_are_told),
		CHECK_TEST(load_missing_file_is_told),
		CHECK_END,
	};

	return check_main("recipe", tests);
}

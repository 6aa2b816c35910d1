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
	ck_assert_int_eq(r.block[BLOCK_WORDS].ngrams.hi, 2);
	ck_assert_int_eq(r.block[BLOCK_CHARS].ngrams.hi, 0);
	ck_assert(r.sublinear && r.idf && r.norm && !r.one_of);
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
	struct features_settings features;
	struct tfidf_settings tfidf;
	struct recipe r;

	ck_assert_int_eq(load("name: n\ntopics: [a, b]\nstances: [x, y]\n"
			      "one_of: true\nthreshold: f1\nunsure: 0.5\n"
			      "fields: {title: headline, hand: who}\n"
			      "tokens: {min_length: 3, compounds: false, "
			      "strip_accents: true, stem: french, "
			      "stop_words: [le, la]}\n"
			      "words: {ngrams: [2, 3], min_df: 4, max_df: 0.5, "
			      "weight: 0.25}\nchars: {ngrams: [3, 5]}\n"
			      "sublinear: false\nidf: false\nnorm: false\n"
			      "title_weight: 3\n"
			      "topic: {kernel: rbf, c: 2, gamma: 0.5}\n"
			      "stance: {kernel: poly, degree: 2, coef0: 1, "
			      "balanced: false}\n"
			      "folds: 3\nseed: 9\ngolden: 0\n", &r), 0);
	recipe_tokens(&r, &tokens);
	recipe_features(&r, &features);
	recipe_tfidf(&r, &tfidf);
	ck_assert_int_eq(tokens.min_length, 3);
	ck_assert(!tokens.compounds && tokens.strip_accents);
	ck_assert_str_eq(tokens.stem, "french");
	ck_assert_uint_eq(tokens.stop_count, 2);
	ck_assert_str_eq(tokens.stop[1], "la");
	ck_assert_int_eq(features.ngrams[BLOCK_WORDS].lo, 2);
	ck_assert_int_eq(features.ngrams[BLOCK_CHARS].hi, 5);
	ck_assert(!tfidf.sublinear && !tfidf.idf && !tfidf.norm);
	ck_assert(tfidf.title_weight == 3);
	ck_assert(tfidf.weight[BLOCK_WORDS] == 0.25);
	ck_assert(tfidf.weight[BLOCK_CHARS] == 1);
	ck_assert_int_eq(r.block[BLOCK_WORDS].min_df, 4);
	ck_assert(r.block[BLOCK_WORDS].max_df == 0.5);
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

START_TEST(load_unknown_key_or_value_is_refused)
{
	refused("tokns: {}\n", "tokens");
	refused("name: a\ntopic: {kernel: lineal}\n", ":2:");
	refused("topic: {c: 0}\n", "c");
	refused("words: {ngrams: [2, 1]}\n", "ngrams");
	refused("folds: 1\n", "folds");
}
END_TEST

START_TEST(load_nothing_to_learn_from_is_refused)
{
	refused("words: {ngrams: [0, 0]}\n", "nothing to learn from");
	refused("words: {ngrams: [0, 2]}\n", "words.ngrams begin at 0");
	refused("chars: {ngrams: [0, 3]}\n", "chars.ngrams begin at 0");
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
		CHECK_TEST(load_unknown_key_or_value_is_refused),
		CHECK_TEST(load_nothing_to_learn_from_is_refused),
		CHECK_TEST(load_what_is_no_name_is_refused),
		CHECK_TEST(load_as_many_stances_as_a_bundle_holds),
		CHECK_TEST(load_all_problems_are_told),
		CHECK_TEST(load_missing_file_is_told),
		CHECK_END,
	};

	return check_main("recipe", tests);
}

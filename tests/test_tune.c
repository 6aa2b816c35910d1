#include "learn/tune.h"

#include <sysexits.h>

#include "learn/recipe.h"
#include "learn/train.h"
#include "tests/data/command.h"
#include "tests/data/tiny.h"

#define RECIPE                                         \
	"name: small\ndata: [data.jsonl]\n"            \
	"topics: [sovereignty, partnership, market]\n" \
	"words: {ngrams: [1, 1], first: 3}\n"          \
	"topic: {c: 0.02}\nfolds: 3\n"

static struct command got;
static struct tiny tiny; /* its folder alone */
static char recipe[CHECK_PATH_MAX], best[CHECK_PATH_MAX];
static char table[CHECK_PATH_MAX], bundle[CHECK_PATH_MAX];

static void begin(const char *yaml)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	tiny_lines(&b, 24);
	tiny_files(&tiny, yaml, buf_view(&b), recipe);
	buf_done(&b);
	snprintf(best, sizeof(best), "%s/best.yaml", tiny.folder);
	snprintf(table, sizeof(table), "%s/table.tsv", tiny.folder);
	snprintf(bundle, sizeof(bundle), "%s/out.vigie", tiny.folder);
}

static void end(void)
{
	check_folder_done(tiny.folder);
}

#define TUNE(...)                                                           \
	COMMAND(&tune_cmd, &got, tiny.folder, "tune", recipe, "--output",   \
		best, "--table", table, "--only", "topic.c", __VA_ARGS__)

static void good(void)
{
	ck_assert_msg(got.code == EX_OK, "%d %s", got.code, got.err);
}

static void says(const char *text)
{
	ck_assert_msg(strstr(got.out, text) != NULL, "%s", got.out);
}

static void complains(int code, const char *text)
{
	ck_assert_msg(got.code == code, "%d %s", got.code, got.err);
	ck_assert_msg(strstr(got.err, text) != NULL, "%s", got.err);
}

static size_t lines_of(const char *path)
{
	struct str s;
	size_t n = 0;

	ck_assert_int_eq(file_read(path, 1 << 20, &s, NULL), 0);
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	free((char *)s.p);
	return n;
}

/* The number behind a text. */
static double number_in(const char *all, const char *after)
{
	const char *at = strstr(all, after);

	ck_assert_msg(at != NULL, "%s in %s", after, all);
	return strtod(at + strlen(after), NULL);
}

/* What it told is what the new recipe reaches. */
START_TEST(tune_writes_a_recipe_that_trains_to_its_figure)
{
	struct recipe r;
	struct conf conf;
	struct err e = { "" };
	double told;
	char *yaml;
	struct str s;

	begin(RECIPE);
	TUNE("--jobs", "2");
	good();
	says("24 documents, 3-fold cross-validation, macro_f1\n");
	says("the recipe as it is\n");
	says("settings were scored in ");
	says("; nothing more gains.\n");
	says("its figure flattered");
	says("The best is the recipe with topic.c=");
	says("On fresh folds");
	says("Paired bootstrap of the topics: macro_f1");
	ck_assert_int_eq(recipe_load(&conf, best, &r, &e), 0);
	ck_assert(r.topic.c != 0.02);
	ck_assert_int_eq(r.words.first, 3);
	ck_assert_uint_eq(r.data.n, 1);
	ck_assert_str_eq(r.data.v[0], "data.jsonl");
	conf_done(&conf);
	ck_assert_int_eq(file_read(best, 1 << 20, &s, NULL), 0);
	yaml = (char *)s.p;
	ck_assert_ptr_nonnull(strstr(yaml, "#   "));
	ck_assert_ptr_nonnull(strstr(yaml, "on fresh folds it has"));
	told = number_in(yaml, "macro_f1 ");
	free(yaml);
	COMMAND(&train_cmd, &got, tiny.folder, "train", best, "--output",
		bundle);
	good();
	ck_assert_double_eq_tol(number_in(got.out, "metric macro_f1 "), told,
				0.0006);
	end();
}
END_TEST

START_TEST(tune_goes_on_from_its_table)
{
	char first[CHECK_PATH_MAX];
	size_t lines;

	begin(RECIPE);
	TUNE("--fresh", "0");
	good();
	ck_assert_ptr_null(strstr(got.out, "fresh"));
	lines = lines_of(table);
	ck_assert_uint_gt(lines, 4);
	snprintf(first, sizeof(first), "%.*s",
		 (int)(strstr(got.out, "\n\n") - got.out), got.out);
	TUNE("--fresh", "0");
	good();
	ck_assert_uint_eq(lines_of(table), lines);
	ck_assert(!strncmp(got.out, first, strlen(first)));
	says("of them by the table before");
	ck_assert_ptr_nonnull(strstr(got.err, "settings are known from"));
	end();
}
END_TEST

static void rewrite(const char *yaml)
{
	char path[CHECK_PATH_MAX];

	check_file(tiny.folder, "recipe.yaml", yaml, strlen(yaml), path);
}

START_TEST(tune_refuses_a_table_of_something_else)
{
	char data[CHECK_PATH_MAX];
	struct buf b;

	begin(RECIPE);
	TUNE("--fresh", "0");
	good();
	rewrite("about: the same\n" RECIPE);
	TUNE("--fresh", "0");
	good();
	rewrite(RECIPE "words.idf: 2\n");
	TUNE("--fresh", "0");
	complains(EX_CONFIG, "words.idf");
	rewrite(RECIPE "title_weight: 3\n");
	TUNE("--fresh", "0");
	complains(EX_DATAERR, "table.tsv: this table was made from another "
			      "recipe");
	rewrite(RECIPE);
	TUNE("--repeats", "2");
	complains(EX_DATAERR, "on other folds");
	buf_init(&b, 1 << 20);
	tiny_lines(&b, 28);
	check_file(tiny.folder, "data.jsonl", b.p, b.n, data);
	buf_done(&b);
	TUNE("--fresh", "0");
	complains(EX_DATAERR, "from other data");
	end();
}
END_TEST

START_TEST(tune_repeats_are_told_with_their_spread)
{
	struct str s;

	begin(RECIPE);
	TUNE("--repeats", "2", "--fresh", "2");
	good();
	says("3-fold cross-validation, 2 times, macro_f1");
	says(" ± ");
	says("(2 times), macro_f1 is");
	ck_assert_int_eq(file_read(table, 1 << 20, &s, NULL), 0);
	/* Of some setting the two are not the same. */
	ck_assert_ptr_nonnull(strstr(s.p, "\t0.0"));
	free((char *)s.p);
	end();
}
END_TEST

START_TEST(tune_by_a_file_of_folds)
{
	char path[CHECK_PATH_MAX];
	struct buf b;

	begin(RECIPE);
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 24; i++)
		buf_printf(&b, "{\"id\": \"d%d\", \"folds\": [%d, %d]}\n", i,
			   i % 2, i % 3);
	check_file(tiny.folder, "folds.jsonl", b.p, b.n, path);
	buf_done(&b);
	TUNE("--folds", path, "--repeats", "3");
	complains(EX_CONFIG, "--repeats 3: ");
	TUNE("--folds", path);
	good();
	says("folds.jsonl, 2 times, macro_f1");
	end();
}
END_TEST

START_TEST(tune_only_fix_and_try)
{
	begin(RECIPE);
	COMMAND(&tune_cmd, &got, tiny.folder, "tune", recipe, "--only",
		"topic.c", "--fix", "topic", "--try",
		"words.first=0|words.first=9", "--fresh", "0");
	good();
	says("  words.first=");
	ck_assert_ptr_null(strstr(got.out, "topic.c"));
	COMMAND(&tune_cmd, &got, tiny.folder, "tune", recipe, "--fix",
		"topics.c");
	complains(EX_CONFIG, "--fix topics.c: a recipe has no key");
	COMMAND(&tune_cmd, &got, tiny.folder, "tune", recipe, "--try",
		"topic.c=x");
	complains(EX_CONFIG, "--try 'topic.c=x': topic.c: 'x', expected");
	end();
}
END_TEST

START_TEST(tune_without_gain_keeps_the_recipe)
{
	struct recipe r;
	struct conf conf;
	struct err e = { "" };

	begin(RECIPE);
	TUNE("--least", "1");
	good();
	says("None gains more than 1: the recipe stays as it is.");
	ck_assert_int_eq(recipe_load(&conf, best, &r, &e), 0);
	ck_assert(r.topic.c == 0.02);
	conf_done(&conf);
	end();
}
END_TEST

START_TEST(tune_tells_misuse)
{
	begin(RECIPE);
	COMMAND(&tune_cmd, &got, tiny.folder, "tune");
	complains(EX_USAGE, "name one recipe");
	TUNE("--budget", "10");
	complains(EX_USAGE, "--budget wants a time such as 90s, 10m or 2h, "
			    "not '10'");
	TUNE("--budget", "0s");
	complains(EX_USAGE, "--budget");
	TUNE("--least", "-1");
	complains(EX_USAGE, "--least wants a number from 0 to 1");
	TUNE("--fresh", "no");
	complains(EX_USAGE, "--fresh");
	TUNE("--repeats", "1001");
	complains(EX_USAGE, "--repeats");
	end();
}
END_TEST

START_TEST(tune_tells_what_is_not_there_before_it_begins)
{
	begin(RECIPE);
	TUNE("--data", "none.jsonl");
	complains(EX_NOINPUT, "none.jsonl");
	snprintf(best, sizeof(best), "%s/none/best.yaml", tiny.folder);
	TUNE("--fresh", "0");
	complains(EX_NOINPUT, "none/best.yaml: No such file");
	rewrite(RECIPE "golden: 0\nseed: 2\nabout: [\n");
	TUNE("--fresh", "0");
	complains(EX_CONFIG, "recipe.yaml:");
	end();
	begin("data: [data.jsonl]\nfolds: 0\n");
	TUNE("--fresh", "0");
	complains(EX_CONFIG, "has 'folds: 0', so that nothing can be scored");
	end();
	begin("folds: 3\n");
	TUNE("--fresh", "0");
	complains(EX_CONFIG, "has no 'data'");
	end();
}
END_TEST

START_TEST(tune_names_given_data_in_the_recipe)
{
	char here[CHECK_PATH_MAX];
	struct recipe r;
	struct conf conf;
	struct err e = { "" };

	begin(RECIPE);
	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	ck_assert_int_eq(chdir("/"), 0);
	COMMAND(&tune_cmd, &got, tiny.folder, "tune", recipe, "--output",
		best, "--only", "topic.c", "--data", tiny.data + 1);
	good();
	ck_assert_int_eq(chdir(here), 0);
	ck_assert_int_eq(recipe_load(&conf, best, &r, &e), 0);
	ck_assert_uint_eq(r.data.n, 1);
	ck_assert_str_eq(r.data.v[0], "data.jsonl");
	conf_done(&conf);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(tune_writes_a_recipe_that_trains_to_its_figure),
		CHECK_TEST(tune_goes_on_from_its_table),
		CHECK_TEST(tune_refuses_a_table_of_something_else),
		CHECK_TEST(tune_repeats_are_told_with_their_spread),
		CHECK_TEST(tune_by_a_file_of_folds),
		CHECK_TEST(tune_only_fix_and_try),
		CHECK_TEST(tune_without_gain_keeps_the_recipe),
		CHECK_TEST(tune_tells_misuse),
		CHECK_TEST(tune_tells_what_is_not_there_before_it_begins),
		CHECK_TEST(tune_names_given_data_in_the_recipe),
		CHECK_END,
	};

	return check_main("tune", tests);
}

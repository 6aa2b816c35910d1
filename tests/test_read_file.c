#include "learn/read_file.h"

#include <errno.h>
#include <sys/stat.h>

#include "tests/test_read_gather.h"

static struct gather g;
static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];

static void setup(const char *name, const char *z)
{
	gather_init(&g);
	check_folder(folder);
	check_file(folder, name, z, strlen(z), path);
}

static void teardown(void)
{
	gather_done(&g);
	check_folder_done(folder);
}

/* The file of this name and these bytes is read as one example. */
static void reads(const char *name, int format, const char *z,
		  const char *example)
{
	setup(name, z);
	g.recipe.format = format;
	ck_assert_int_eq(read_file(&g.sink, path, &g.why), 0);
	GATHER_ASSERT_STR(buf_view(&g.out), example);
	GATHER_ASSERT_STR(buf_view(&g.bytes), z);
	ck_assert_str_eq(g.sink.path, "F");
	teardown();
}

START_TEST(format_is_told_by_the_ending)
{
	ck_assert_int_eq(read_format_of("a.jsonl"), RECIPE_FORMAT_JSONL);
	ck_assert_int_eq(read_format_of("a.ndjson"), RECIPE_FORMAT_JSONL);
	ck_assert_int_eq(read_format_of("a.json"), RECIPE_FORMAT_JSONL);
	ck_assert_int_eq(read_format_of("a.csv"), RECIPE_FORMAT_CSV);
	ck_assert_int_eq(read_format_of("A.CSV"), RECIPE_FORMAT_CSV);
	ck_assert_int_eq(read_format_of("a.tsv"), RECIPE_FORMAT_TSV);
	ck_assert_int_eq(read_format_of("a.tab"), RECIPE_FORMAT_TSV);
	ck_assert_int_eq(read_format_of("a.svm"), RECIPE_FORMAT_SVMLIGHT);
	ck_assert_int_eq(read_format_of("a.svmlight"),
			 RECIPE_FORMAT_SVMLIGHT);
	ck_assert_int_eq(read_format_of("a.libsvm"), RECIPE_FORMAT_SVMLIGHT);
	ck_assert_int_eq(read_format_of("a.dat"), RECIPE_FORMAT_SVMLIGHT);
	ck_assert_int_eq(read_format_of("a.txt"), RECIPE_FORMAT_FASTTEXT);
	ck_assert_int_eq(read_format_of("a.csv.ft"), RECIPE_FORMAT_FASTTEXT);
}
END_TEST

START_TEST(format_without_an_ending_is_json)
{
	ck_assert_int_eq(read_format_of("-"), RECIPE_FORMAT_JSONL);
	ck_assert_int_eq(read_format_of("/dev/fd/63"), RECIPE_FORMAT_JSONL);
	ck_assert_int_eq(read_format_of("../data.d/csv"), RECIPE_FORMAT_JSONL);
	ck_assert_int_eq(read_format_of("a.xlsx"), RECIPE_FORMAT_AUTO);
	ck_assert_int_eq(read_format_of("a."), RECIPE_FORMAT_AUTO);
}
END_TEST

START_TEST(file_is_read_in_its_form)
{
	reads("a.jsonl", 0, "{\"text\":\"x\",\"topics\":\"m\"}",
	      "1 text=<x> [m]\n");
	reads("a.csv", 0, "text,topics\n\"x\",m\n", "2 text=<x> ~[m]\n");
	reads("a.tsv", 0, "text\ttopics\nx\tm\n", "2 text=<x> ~[m]\n");
	reads("a.txt", 0, "__label__m x\n", "1 text=<x> ~[m]\n");
	reads("a.svm", 0, "m 1:1\n", "1 text=<1:1> [m]\n");
}
END_TEST

START_TEST(file_format_of_the_recipe_goes_first)
{
	reads("a.txt", RECIPE_FORMAT_CSV, "text,topics\nx,m\n",
	      "2 text=<x> ~[m]\n");
	reads("a.odd", RECIPE_FORMAT_JSONL,
	      "{\"text\":\"x\",\"topics\":\"m\"}\n", "1 text=<x> [m]\n");
	reads("a.csv", RECIPE_FORMAT_TSV, "text\ttopics\nx\tm\n",
	      "2 text=<x> ~[m]\n");
	reads("a.csv", RECIPE_FORMAT_FASTTEXT, "__label__m x\n",
	      "1 text=<x> ~[m]\n");
	reads("a.csv", RECIPE_FORMAT_SVMLIGHT, "m 1:1\n",
	      "1 text=<1:1> [m]\n");
}
END_TEST

START_TEST(file_that_is_a_folder_holds_labels)
{
	char label[CHECK_PATH_MAX];

	setup(".x", "");
	snprintf(label, sizeof(label), "%s/m", folder);
	ck_assert_int_eq(mkdir(label, 0700), 0);
	check_file(folder, "m/1", "x", 1, path);
	ck_assert_int_eq(read_file(&g.sink, folder, &g.why), 0);
	GATHER_ASSERT_STR(buf_view(&g.out), "0 id=<m/1> text=<x> [m]\n");
	g.recipe.format = RECIPE_FORMAT_JSONL;
	ck_assert_int_eq(read_file(&g.sink, folder, &g.why), -EISDIR);
	err_clear(&g.why);
	g.recipe.format = RECIPE_FORMAT_FOLDER;
	ck_assert_int_eq(read_file(&g.sink, path, &g.why), -ENOTDIR);
	teardown();
}
END_TEST

START_TEST(file_of_unknown_form_is_refused)
{
	setup("a.xlsx", "x");
	ck_assert_int_eq(read_file(&g.sink, path, &g.why), -EINVAL);
	ck_assert_ptr_nonnull(strstr(g.why.text,
				     "a.xlsx: its name does not say what form "
				     "it has: set the recipe's 'format'"));
	teardown();
}
END_TEST

START_TEST(file_without_fields_that_are_needed_is_refused)
{
	const char *only[] = { "lang", "fr" };

	setup("a.txt", "__label__m x\n");
	g.recipe.targets = BUNDLE_TARGETS_TOPICS;
	ck_assert_int_eq(read_file(&g.sink, path, &g.why), -EINVAL);
	ck_assert_ptr_nonnull(strstr(g.why.text,
				     "a.txt: in its form (fastText's) "
				     "documents have no fields for the "
				     "recipe's 'targets'"));
	err_clear(&g.why);
	ck_assert_int_eq(read_file(&g.sink, folder, &g.why), -EINVAL);
	err_clear(&g.why);
	ck_assert_int_eq(read_file(&g.sink, "a.svm", &g.why), -EINVAL);
	err_clear(&g.why);
	ck_assert_int_eq(read_file(&g.sink, "a.csv", &g.why), -ENOENT);
	err_clear(&g.why);
	g.recipe.targets = BUNDLE_TARGETS_NONE;
	g.recipe.only = (struct conf_texts){ only, 2 };
	ck_assert_int_eq(read_file(&g.sink, path, &g.why), -EINVAL);
	ck_assert_ptr_nonnull(strstr(g.why.text, "the recipe's 'only'"));
	teardown();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(format_is_told_by_the_ending),
		CHECK_TEST(format_without_an_ending_is_json),
		CHECK_TEST(file_is_read_in_its_form),
		CHECK_TEST(file_format_of_the_recipe_goes_first),
		CHECK_TEST(file_that_is_a_folder_holds_labels),
		CHECK_TEST(file_of_unknown_form_is_refused),
		CHECK_TEST(file_without_fields_that_are_needed_is_refused),
		CHECK_END,
	};

	return check_main("read_file", tests);
}

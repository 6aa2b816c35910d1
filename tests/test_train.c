#include "learn/train.h"

#include <sysexits.h>

#include "tests/data/command.h"
#include "tests/data/tiny.h"

static struct command got;
static struct tiny tiny; /* its folder alone */
static char recipe[CHECK_PATH_MAX], bundle[CHECK_PATH_MAX];
static char report[CHECK_PATH_MAX];

#define DATA "data: [data.jsonl]\nthreshold: f1\n"
#define RECIPE TINY_RECIPE DATA

/* Without cross-validation; TINY_RECIPE asks for it. */
#define RECIPE_FOLDS_0                                        \
	"name: tiny\nfolds: 0\n"                              \
	"topics: [sovereignty, partnership, market]\n"        \
	"stances: [favour, against, neutral]\n" DATA

static void files(const char *yaml, size_t documents)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	tiny_lines(&b, documents);
	tiny_files(&tiny, yaml, buf_view(&b), recipe);
	buf_done(&b);
	snprintf(bundle, sizeof(bundle), "%s/out.vigie", tiny.folder);
	snprintf(report, sizeof(report), "%s/report.json", tiny.folder);
}

static void train(const char *jobs)
{
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "--output",
		bundle, "--jobs", jobs);
}

START_TEST(train_writes_a_bundle_that_proves_itself)
{
	struct err e = { "" };
	struct model *m;
	json_t *f;

	files(RECIPE, 24);
	train("2");
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "24 documents"));
	ck_assert_ptr_nonnull(strstr(got.out, "3-fold cross-validation"));
	ck_assert_ptr_nonnull(strstr(got.out, "sovereignty"));
	ck_assert_ptr_nonnull(strstr(got.err, "model tiny"));
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	ck_assert_int_eq(model_selftest(m, &e), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(m->head, "golden")),
			  4);
	f = json_object_get(json_object_get(m->head, "figures"), "documents");
	ck_assert_int_eq(json_integer_value(f), 24);
	ck_assert_ptr_nonnull(strstr(got.err, m->id));
	/* Calibrated: more of it, more probable; and no longer as it was. */
	for (uint32_t c = 0; c < m->topic_count; c++) {
		ck_assert_double_lt(m->columns[c].a, 0);
		ck_assert(m->columns[c].a != -1 && m->columns[c].b != 0);
		ck_assert(m->columns[c].threshold != 0);
	}
	model_free(m);
	check_folder_done(tiny.folder);
}
END_TEST

/* From another folder, by another name, with more processes. */
START_TEST(train_again_gives_the_same_bytes)
{
	struct str s[3];

	for (int i = 0; i < 3; i++) {
		char here[CHECK_PATH_MAX];

		ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
		files(RECIPE, 24);
		ck_assert_int_eq(chdir(tiny.folder), 0);
		if (i == 1)
			strcpy(recipe, "recipe.yaml");
		train(i ? "2" : "1");
		ck_assert_msg(got.code == EX_OK, "%s", got.err);
		ck_assert_int_eq(file_read(bundle, 1 << 24, &s[i], NULL), 0);
		ck_assert_int_eq(chdir(here), 0);
		check_folder_done(tiny.folder);
	}
	for (int i = 1; i < 3; i++) {
		ck_assert_uint_eq(s[i].n, s[0].n);
		ck_assert_mem_eq(s[i].p, s[0].p, s[0].n);
	}
	for (int i = 0; i < 3; i++)
		free((char *)s[i].p);
}
END_TEST

START_TEST(train_data_given_stands_for_the_recipes)
{
	files(TINY_RECIPE, 24);
	train("1");
	ck_assert_int_eq(got.code, EX_CONFIG);
	ck_assert_ptr_nonnull(strstr(got.err, "has no 'data'"));
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "-o", bundle,
		"--data", tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_by_hand_reports_once_more)
{
	files(RECIPE, 24);
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "-o", bundle,
		"--by-hand");
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "each hand judged by the "
					      "others'"));
	check_folder_done(tiny.folder);
	files(RECIPE "fields: {hand: nobody}\n", 24);
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "-o", bundle,
		"--by-hand");
	ck_assert_int_eq(got.code, EX_DATAERR);
	ck_assert_ptr_nonnull(strstr(got.err, "'nobody'"));
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_one_of_and_topics_alone)
{
	struct err e = { "" };
	struct model *m;

	tiny_files(&tiny, "one_of: true\nfolds: 2\n",
		   STR("{\"text\":\"aa bb\",\"topics\":\"t\"}\n"
		       "{\"text\":\"cc dd\",\"topics\":\"u\"}\n"
		       "{\"text\":\"aa bb ee\",\"topics\":\"t\"}\n"
		       "{\"text\":\"cc dd ff\",\"topics\":\"u\"}\n"
		       "{\"text\":\"none\",\"topics\":[]}\n"), recipe);
	snprintf(bundle, sizeof(bundle), "%s/out.vigie", tiny.folder);
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "-o", bundle,
		"-d", tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "accuracy"));
	ck_assert_ptr_nonnull(strstr(got.err, "data.jsonl:5: 0 topics where"));
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	ck_assert(m->one_of);
	ck_assert_uint_eq(m->column_count, 2);
	model_free(m);
	check_folder_done(tiny.folder);
}
END_TEST

static json_t *read_report(void)
{
	struct err e = { "" };
	struct str s;
	json_t *o;

	ck_assert_int_eq(file_read(report, 1 << 24, &s, &e), 0);
	o = json_parse(s, &e);
	ck_assert_msg(o != NULL, "%s", e.text);
	free((char *)s.p);
	return o;
}

START_TEST(train_cross_alone_writes_no_bundle)
{
	json_t *o;

	files(RECIPE, 24);
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "--cross",
		"--repeats", "2", "--report", report);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.err, "no bundle was written"));
	ck_assert_int_ne(access(bundle, F_OK), 0);
	ck_assert_ptr_nonnull(strstr(got.out, "over 2 repeats"));
	o = read_report();
	ck_assert_int_eq(json_integer_value(json_object_get(
				 json_object_get(o, "spread"), "n")), 2);
	json_decref(o);
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_report_has_what_the_head_has_and_curves)
{
	struct err e = { "" };
	struct model *m;
	json_t *o, *labels, *f;

	files(RECIPE, 24);
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "-o", bundle,
		"--report", report);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	o = read_report();
	labels = json_object_get(json_object_get(o, "topics"), "labels");
	ck_assert_ptr_nonnull(json_object_get(
		json_object_get(labels, "market"), "curve"));
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	f = json_object_get(m->head, "figures");
	ck_assert(json_equal(json_object_get(o, "metric"),
			     json_object_get(f, "metric")));
	labels = json_object_get(json_object_get(f, "topics"), "labels");
	ck_assert_ptr_nonnull(json_object_get(labels, "market"));
	ck_assert_ptr_null(json_object_get(json_object_get(labels, "market"),
					   "curve"));
	json_decref(o);
	model_free(m);
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_folds_0_is_uncalibrated_and_says_so)
{
	struct err e = { "" };
	struct model *m;

	files(RECIPE_FOLDS_0, 24);
	train("1");
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_str_eq(got.out, "");
	ck_assert_ptr_nonnull(strstr(got.err, "not calibrated"));
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	ck_assert(json_is_null(json_object_get(m->head, "figures")));
	for (uint32_t c = 0; c < m->column_count; c++) {
		ck_assert(m->columns[c].a == -1 && m->columns[c].b == 0);
		ck_assert(m->columns[c].threshold == 0);
	}
	model_free(m);
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_folds_0_has_nothing_to_report)
{
	static const char *const wants[] = { "--report", "--predictions",
					     "--repeats" };

	files(RECIPE_FOLDS_0, 24);
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "--cross");
	ck_assert_int_eq(got.code, EX_CONFIG);
	ck_assert_ptr_nonnull(strstr(got.err, "'folds: 0'"));
	ck_assert_ptr_nonnull(strstr(got.err, "--cross"));
	for (size_t i = 0; i < 3; i++) {
		COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "-o",
			bundle, wants[i], i == 2 ? "2" : report);
		ck_assert_int_eq(got.code, EX_CONFIG);
		ck_assert_ptr_nonnull(strstr(got.err, wants[i]));
	}
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_isotonic_curves_come_into_the_bundle)
{
	struct err e = { "" };
	struct model *m;

	files(RECIPE "calibration: isotonic\n", 24);
	train("1");
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	ck_assert_uint_gt(m->knot_count, 0);
	for (uint32_t c = 0; c < m->column_count; c++)
		ck_assert_uint_gt(m->columns[c].knots, 1);
	model_free(m);
	check_folder_done(tiny.folder);
}
END_TEST

/* Train anew with SOURCE_DATE_EPOCH set so, or unset; the date that the bundle
 * then has, or "", and the bundle's bytes. */
static struct str dated(const char *epoch, char date[16])
{
	struct err e = { "" };
	struct model *m;
	struct str s;
	json_t *o;

	if (epoch)
		setenv("SOURCE_DATE_EPOCH", epoch, 1);
	else
		unsetenv("SOURCE_DATE_EPOCH");
	files(RECIPE_FOLDS_0, 12);
	train("1");
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	o = json_object_get(m->head, "date");
	ck_assert(!o || json_is_string(o));
	snprintf(date, 16, "%s", o ? json_string_value(o) : "");
	model_free(m);
	ck_assert_int_eq(file_read(bundle, 1 << 24, &s, NULL), 0);
	check_folder_done(tiny.folder);
	return s;
}

START_TEST(train_date_is_the_day_of_source_date_epoch)
{
	static const char *const days[][2] = {
		{ "0", "1970-01-01" },		{ "86399", "1970-01-01" },
		{ "86400", "1970-01-02" },	{ "951782400", "2000-02-29" },
		{ "1767225599", "2025-12-31" }, { "1767225600", "2026-01-01" },
	};
	char date[16];

	/* Wherever the builder is, the day is of Greenwich. */
	setenv("TZ", "XXX-14", 1);
	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
		free((char *)dated(days[i][0], date).p);
		ck_assert_str_eq(date, days[i][1]);
	}
}
END_TEST

START_TEST(train_without_source_date_epoch_has_no_date)
{
	static const char *const none[] = {
		NULL, "", "today", "12x", "2026-01-01", "0x",
		"99999999999999999999999",
	};
	struct str first = { NULL, 0 };
	char date[16];

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct str s = dated(none[i], date);

		ck_assert_str_eq(date, "");
		first = i ? first : s;
		ck_assert_uint_eq(s.n, first.n);
		ck_assert_mem_eq(s.p, first.p, s.n);
		if (i)
			free((char *)s.p);
	}
	free((char *)first.p);
}
END_TEST

START_TEST(train_bad_usage_is_told)
{
	files(RECIPE, 12);
	COMMAND(&train_cmd, &got, tiny.folder, "train", "-o", bundle);
	ck_assert_int_eq(got.code, EX_USAGE);
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe);
	ck_assert_int_eq(got.code, EX_USAGE);
	ck_assert_ptr_nonnull(strstr(got.err, "--output"));
	ck_assert_ptr_nonnull(strstr(got.err, "--cross"));
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "-o", bundle,
		"--cross");
	ck_assert_int_eq(got.code, EX_USAGE);
	COMMAND(&train_cmd, &got, tiny.folder, "train", "/no/such.yaml", "-o",
		bundle);
	ck_assert_int_eq(got.code, EX_NOINPUT);
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_output_without_a_folder_is_told_before_the_work)
{
	char below[CHECK_PATH_MAX + 16];

	files(RECIPE, 12);
	snprintf(below, sizeof(below), "%s/none/x", tiny.folder);
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "-o", below);
	ck_assert_int_eq(got.code, EX_NOINPUT);
	ck_assert_ptr_nonnull(strstr(got.err, below));
	ck_assert_str_eq(got.out, "");
	COMMAND(&train_cmd, &got, tiny.folder, "train", recipe, "--cross",
		"--report", below);
	ck_assert_int_eq(got.code, EX_NOINPUT);
	ck_assert_ptr_nonnull(strstr(got.err, below));
	ck_assert_str_eq(got.out, "");
	check_folder_done(tiny.folder);
}
END_TEST

/* What the numbers come to is known when they are there. */
START_TEST(train_kernel_that_overflows_is_told)
{
	files(RECIPE "topic: {kernel: poly, degree: 64, gamma: 1000000}\n",
	      12);
	train("1");
	ck_assert_int_eq(got.code, EX_CONFIG);
	ck_assert_ptr_nonnull(strstr(got.err, "no finite number"));
	ck_assert_ptr_nonnull(strstr(got.err, "degree"));
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_number_below_zero_is_not_for_naive_bayes)
{
#define GIVEN "data: [data.jsonl]\nfolds: 0\n" \
	      "words: {of: given, cut: blanks, machine: "
	static const char lines[] =
		"{\"text\":\"a:1 b:2\",\"topics\":[\"x\"]}\n"
		"{\"text\":\"a:2 b:-1\",\"topics\":[]}\n";

	tiny_files(&tiny, GIVEN "both}\ntopic: {bayes: 1}\n", str_of(lines),
		   recipe);
	snprintf(bundle, sizeof(bundle), "%s/out.vigie", tiny.folder);
	train("1");
	ck_assert_int_eq(got.code, EX_DATAERR);
	ck_assert_ptr_nonnull(strstr(got.err, "data.jsonl:2: a number below"));
	check_folder_done(tiny.folder);
	tiny_files(&tiny, GIVEN "both}\n", str_of(lines), recipe);
	snprintf(bundle, sizeof(bundle), "%s/out.vigie", tiny.folder);
	train("1");
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	check_folder_done(tiny.folder);
}
END_TEST

START_TEST(train_fault_in_the_recipe_or_data_is_told)
{
	files("data: [nowhere.jsonl]\n", 12);
	train("1");
	ck_assert_int_eq(got.code, EX_NOINPUT);
	ck_assert_ptr_nonnull(strstr(got.err, "nowhere.jsonl"));
	check_folder_done(tiny.folder);
	files(RECIPE "tokens: {stem: klingon}\n", 12);
	train("1");
	ck_assert_int_eq(got.code, EX_CONFIG);
	ck_assert_ptr_nonnull(strstr(got.err, "klingon"));
	check_folder_done(tiny.folder);
	files("data: [data.jsonl]\nwords: {min_df: 1000}\n", 12);
	train("1");
	ck_assert_int_eq(got.code, EX_DATAERR);
	ck_assert_ptr_nonnull(strstr(got.err, "min_df"));
	check_folder_done(tiny.folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(train_writes_a_bundle_that_proves_itself),
		CHECK_TEST(train_again_gives_the_same_bytes),
		CHECK_TEST(train_data_given_stands_for_the_recipes),
		CHECK_TEST(train_by_hand_reports_once_more),
		CHECK_TEST(train_one_of_and_topics_alone),
		CHECK_TEST(train_cross_alone_writes_no_bundle),
		CHECK_TEST(train_report_has_what_the_head_has_and_curves),
		CHECK_TEST(train_folds_0_is_uncalibrated_and_says_so),
		CHECK_TEST(train_folds_0_has_nothing_to_report),
		CHECK_TEST(train_isotonic_curves_come_into_the_bundle),
		CHECK_TEST(train_date_is_the_day_of_source_date_epoch),
		CHECK_TEST(train_without_source_date_epoch_has_no_date),
		CHECK_TEST(train_bad_usage_is_told),
		CHECK_TEST(train_output_without_a_folder_is_told_before_the_work),
		CHECK_TEST(train_kernel_that_overflows_is_told),
		CHECK_TEST(train_number_below_zero_is_not_for_naive_bayes),
		CHECK_TEST(train_fault_in_the_recipe_or_data_is_told),
		CHECK_END,
	};

	return check_main("train", tests);
}

#include "learn/evaluate.h"

#include <sysexits.h>

#include "tests/data/command.h"
#include "tests/data/tiny.h"

static struct command got;
static struct tiny tiny;
static char bundle[CHECK_PATH_MAX];

static void make(void)
{
	struct buf b;

	tiny_made(&tiny, TINY_RECIPE, 24);
	tiny_bundle(&tiny, &b);
	check_file(tiny.folder, "m.vigie", b.p, b.n, bundle);
	buf_done(&b);
}

START_TEST(evaluate_json_parses)
{
	struct err e = { "" };
	struct model *m;
	json_t *o;

	make();
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--json", bundle,
		tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	o = json_parse(str_of(got.out), &e);
	ck_assert_msg(o != NULL, "%s", e.text);
	ck_assert_int_eq(json_integer_value(json_object_get(o, "documents")),
			 24);
	ck_assert_ptr_nonnull(json_object_get(json_object_get(o, "stances"),
					      "confusion"));
	ck_assert_int_eq(model_open(bundle, &m, &e), 0);
	ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(o,
						       "model")), m->id));
	model_free(m);
	json_decref(o);
	tiny_done(&tiny);
}
END_TEST

START_TEST(evaluate_table_names_every_topic)
{
	make();
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle,
		tiny.data);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "tiny ("));
	ck_assert_ptr_nonnull(strstr(got.out, "on 24 documents"));
	for (size_t i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(strstr(got.out, tiny_topics[i]));
		ck_assert_ptr_nonnull(strstr(got.out, tiny_stances[i]));
	}
	tiny_done(&tiny);
}
END_TEST

/* Every file after the bundle counts; the same text twice is no error. */
START_TEST(evaluate_many_files)
{
	char more[CHECK_PATH_MAX];
	const char *line = "{\"text\":\"rien\",\"topics\":{}}\n"
			   "{\"text\":\"rien\",\"topics\":{\"sport\":null}}\n";

	make();
	check_file(tiny.folder, "more.jsonl", line, strlen(line), more);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle,
		tiny.data, more);
	ck_assert_msg(got.code == EX_OK, "%s", got.err);
	ck_assert_ptr_nonnull(strstr(got.out, "on 25 documents"));
	ck_assert_ptr_nonnull(strstr(got.err, "more.jsonl:2: unknown topic "
					      "'sport'"));
	tiny_done(&tiny);
}
END_TEST

START_TEST(evaluate_thresholds_are_the_bundles)
{
	struct fit_column columns[12];
	struct buf b;
	json_t *o, *labels;

	tiny_made(&tiny, TINY_RECIPE, 24);
	for (int i = 0; i < 12; i++)
		columns[i] = (struct fit_column){ -1, 0, i == 1 ? 1e9 : -1e9 };
	tiny.fit.columns = columns;
	tiny_bundle(&tiny, &b);
	check_file(tiny.folder, "m.vigie", b.p, b.n, bundle);
	buf_done(&b);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", "--json", bundle,
		tiny.data);
	o = json_parse(str_of(got.out), NULL);
	labels = json_object_get(json_object_get(o, "topics"), "labels");
	ck_assert(json_number_value(json_object_get(
			  json_object_get(labels, "partnership"),
			  "recall")) == 0);
	ck_assert(json_number_value(json_object_get(
			  json_object_get(labels, "market"), "recall")) == 1);
	json_decref(o);
	tiny_done(&tiny);
}
END_TEST

START_TEST(evaluate_bad_usage_or_file_is_told)
{
	make();
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle);
	ck_assert_int_eq(got.code, EX_USAGE);
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", tiny.data,
		bundle);
	ck_assert_int_eq(got.code, EX_DATAERR);
	ck_assert_ptr_nonnull(strstr(got.err, "data.jsonl: is no bundle"));
	COMMAND(&evaluate_cmd, &got, tiny.folder, "evaluate", bundle,
		"/no/such.jsonl");
	ck_assert_int_eq(got.code, EX_NOINPUT);
	ck_assert_ptr_nonnull(strstr(got.err, "/no/such.jsonl"));
	tiny_done(&tiny);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(evaluate_json_parses),
		CHECK_TEST(evaluate_table_names_every_topic),
		CHECK_TEST(evaluate_many_files),
		CHECK_TEST(evaluate_thresholds_are_the_bundles),
		CHECK_TEST(evaluate_bad_usage_or_file_is_told),
		CHECK_END,
	};

	return check_main("evaluate", tests);
}

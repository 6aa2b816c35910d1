#include "learn/validate.h"

#include <errno.h>

#include "base/file.h"
#include "tests/data/tiny.h"

enum { DOCS = 24 };

static struct tiny t;
static struct err e;

static int run(struct validation *v, const struct validate_options *o)
{
	e = (struct err){ "" };
	return validate(v, &t.fit, o, &e);
}

static void must(struct validation *v, const struct validate_options *o)
{
	int r = run(v, o);

	ck_assert_msg(!r, "%s", e.text);
}

static char *printed(const struct validation *v)
{
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	validation_print(v, &t.fit, f);
	fclose(f);
	return out;
}

static size_t lines_of(const char *path)
{
	struct str s;
	size_t n = 0;

	ck_assert_int_eq(file_read(path, 1 << 24, &s, NULL), 0);
	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	free((char *)s.p);
	return n;
}

START_TEST(validate_crosses_once)
{
	const struct validate_options o = { .repeats = 0 };
	struct validation v;
	char *out;

	tiny_made(&t, TINY_RECIPE "threshold: f1\n", DOCS);
	must(&v, &o);
	ck_assert(v.cross.made && !v.hand.made && !v.time.made);
	ck_assert_str_eq(v.cross.how, "3-fold cross-validation");
	ck_assert(v.cross.report.head.documents == DOCS);
	ck_assert_uint_eq(v.cross.report.repeats, 1);
	ck_assert_ptr_nonnull(v.columns.v);
	ck_assert(v.columns.v[0].a != -1);
	out = printed(&v);
	ck_assert(!strncmp(out, "24 documents, ", 14));
	ck_assert_ptr_nonnull(strstr(out, "3-fold cross-validation\n\nmetric "
					  "macro_f1 "));
	free(out);
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

/* The mean over other dealings; the calibration of the first. */
START_TEST(validate_repeats_deal_anew)
{
	struct validate_options o = { .repeats = 3 };
	char path[CHECK_PATH_MAX + 8];
	struct validation one, v;

	tiny_made(&t, TINY_RECIPE, DOCS);
	snprintf(path, sizeof(path), "%s/said", t.folder);
	o.predictions = path;
	must(&v, &o);
	ck_assert_uint_eq(lines_of(path), 3 * DOCS);
	ck_assert_uint_eq(v.cross.report.repeats, 3);
	ck_assert_str_eq(v.cross.how, "3-fold cross-validation, 3 times");
	ck_assert_double_gt(v.cross.report.spread->topics.brier, 0);
	o.repeats = 1;
	must(&one, &o);
	ck_assert_uint_eq(lines_of(path), DOCS);
	ck_assert_mem_eq(one.columns.v, v.columns.v,
			 12 * sizeof(*v.columns.v));
	ck_assert(one.cross.report.topics.brier != v.cross.report.topics.brier);
	validation_done(&one);
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

static void folds_file(char path[CHECK_PATH_MAX], int missing)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	for (int i = 0; i < DOCS; i++)
		if (i != missing)
			buf_printf(&b, "{\"id\":\"d%d\",\"folds\":[%d,%d]}\n",
				   i, i % 2, i % 4);
	check_file(t.folder, "folds.jsonl", b.p, b.n, path);
	buf_done(&b);
}

START_TEST(validate_by_a_file_of_folds)
{
	struct validate_options o = { .repeats = 0 };
	char path[CHECK_PATH_MAX], said[CHECK_PATH_MAX + 8];
	struct validation v;
	struct str s;

	tiny_made(&t, TINY_RECIPE, DOCS);
	t.recipe.folds = 0; /* the file is stronger */
	folds_file(path, -1);
	snprintf(said, sizeof(said), "%s/said", t.folder);
	o.folds = path;
	o.predictions = said;
	must(&v, &o);
	ck_assert_uint_eq(v.cross.report.repeats, 2);
	ck_assert_ptr_nonnull(strstr(v.cross.how, "folds.jsonl, 2 times"));
	ck_assert_ptr_nonnull(v.columns.v);
	ck_assert_uint_eq(lines_of(said), 2 * DOCS);
	ck_assert_int_eq(file_read(said, 1 << 24, &s, NULL), 0);
	ck_assert_ptr_nonnull(strstr(s.p, "\"d5\",\"repeat\":0,\"fold\":1,"));
	ck_assert_ptr_nonnull(strstr(s.p, "\"d7\",\"repeat\":1,\"fold\":3,"));
	free((char *)s.p);
	validation_done(&v);
	o.repeats = 1;
	must(&v, &o);
	ck_assert_uint_eq(v.cross.report.repeats, 1);
	validation_done(&v);
	o.repeats = 3;
	ck_assert_int_eq(run(&v, &o), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "--repeats 3: "));
	validation_done(&v);
	folds_file(path, 13);
	ck_assert_int_eq(run(&v, &o), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "'d13'"));
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

START_TEST(validate_nothing_when_folds_is_0)
{
	const struct validate_options o = { .by_hand = true };
	struct validation v;
	json_t *j;

	tiny_made(&t, TINY_RECIPE, DOCS);
	t.recipe.folds = 0;
	ck_assert(!validate_crosses(&t.recipe, &o));
	must(&v, &o);
	ck_assert(!v.cross.made && v.hand.made);
	ck_assert_ptr_null(v.columns.v);
	j = validation_json(&v, &t.fit);
	ck_assert_ptr_null(json_object_get(j, "topics"));
	ck_assert_ptr_nonnull(json_object_get(json_object_get(j, "by_hand"),
					      "topics"));
	json_decref(j);
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

START_TEST(validate_by_hand_wants_hands)
{
	const struct validate_options o = { .by_hand = true };
	struct validation v;

	tiny_made(&t, TINY_RECIPE, DOCS);
	must(&v, &o);
	ck_assert(v.hand.made && v.hand.report.head.documents == DOCS);
	validation_done(&v);
	t.corpus.v[3].hand = NULL;
	ck_assert_int_eq(run(&v, &o), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "field 'hand'"));
	ck_assert(!v.cross.made); /* told before the long work */
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

static void dates(void)
{
	static char date[DOCS][16];

	for (int i = 0; i < DOCS; i++) {
		snprintf(date[i], sizeof(date[i]), "2023-01-%02d", i + 1);
		t.corpus.v[i].date = date[i];
	}
}

/* How often each topic was given. */
static void given(const struct validation *v, double out[3])
{
	for (int i = 0; i < 3; i++)
		out[i] = v->time.report.topic[i].tp +
			 v->time.report.topic[i].fp;
}

/* What the newest are labelled with changes what is right, not what is said:
 * neither machines nor thresholds have learnt from them. */
START_TEST(validate_by_time_learns_from_the_older_alone)
{
	const struct validate_options o = { .by_time = true };
	struct validation v;
	double before[3], after[3], right;
	char *out;

	tiny_made(&t, TINY_RECIPE "threshold: f1\n", DOCS);
	dates();
	must(&v, &o);
	ck_assert(v.time.made && v.time.report.head.documents == 5);
	ck_assert_uint_eq(v.cut.judged, 5);
	ck_assert_str_eq(v.cut.date, "2023-01-20");
	out = printed(&v);
	ck_assert_ptr_nonnull(strstr(out, "the 5 from 2023-01-20 on judged by "
					  "what the 19 older ones teach"));
	free(out);
	given(&v, before);
	right = v.time.report.topics.brier;
	validation_done(&v);
	for (int i = 19; i < DOCS; i++)
		for (int k = 0; k < 3; k++)
			t.corpus.v[i].labels[k] =
				t.corpus.v[i].labels[k] ? 0 : 1;
	must(&v, &o);
	given(&v, after);
	ck_assert_mem_eq(before, after, sizeof(before));
	ck_assert(v.time.report.topics.brier != right);
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

START_TEST(validate_by_time_wants_dates)
{
	const struct validate_options o = { .by_time = true };
	struct validation v;

	tiny_made(&t, TINY_RECIPE, DOCS);
	ck_assert_int_eq(run(&v, &o), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "data.jsonl:1: has no date"));
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

START_TEST(validate_predictions_that_cannot_be_written)
{
	const struct validate_options o = { .predictions = "/no/such/file" };
	struct validation v;

	tiny_made(&t, TINY_RECIPE, DOCS);
	ck_assert_int_eq(run(&v, &o), -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, "/no/such/file"));
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

START_TEST(json_has_every_split)
{
	const struct validate_options o = { .by_hand = true, .by_time = true };
	struct validation v;
	json_t *j;

	tiny_made(&t, TINY_RECIPE, DOCS);
	dates();
	must(&v, &o);
	j = validation_json(&v, &t.fit);
	ck_assert_str_eq(json_string_value(json_object_get(j, "how")),
			 "3-fold cross-validation");
	ck_assert_str_eq(json_string_value(json_object_get(j, "recipe")),
			 "tiny");
	ck_assert_int_eq(json_integer_value(json_object_get(j, "documents")),
			 DOCS);
	ck_assert_ptr_nonnull(json_object_get(json_object_get(j, "by_hand"),
					      "stances"));
	ck_assert_str_eq(json_string_value(json_object_get(
				 json_object_get(j, "by_time"), "cut")),
			 "2023-01-20");
	json_decref(j);
	validation_done(&v);
	tiny_done(&t);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(validate_crosses_once),
		CHECK_TEST(validate_repeats_deal_anew),
		CHECK_TEST(validate_by_a_file_of_folds),
		CHECK_TEST(validate_nothing_when_folds_is_0),
		CHECK_TEST(validate_by_hand_wants_hands),
		CHECK_TEST(validate_by_time_learns_from_the_older_alone),
		CHECK_TEST(validate_by_time_wants_dates),
		CHECK_TEST(validate_predictions_that_cannot_be_written),
		CHECK_TEST(json_has_every_split),
		CHECK_END,
	};

	return check_main("validate", tests);
}

#include "learn/report.h"

#include "tests/data/allocations.h"
#include "tests/check_main.h"

static const char *const topics[] = { "sovereignty", "market", "weather" };
static const char *const stances[] = { "favour", "against" };

static void add(struct report *r, const char *gold, const char *given,
		const char *is, const char *said)
{
	unsigned char a[3], b[3];
	int x[3], y[3];

	for (int i = 0; i < 3; i++) {
		a[i] = gold[i] == '1';
		b[i] = given[i] == '1';
		x[i] = is[i] == '.' ? -1 : is[i] == 'a';
		y[i] = said[i] == 'a';
	}
	report_add(r, a, b, x, y);
}

/* sovereignty: 2 right, 1 wrong, 1 missed; market: 1 right, 1 missed; weather:
 * 1 wrong. Stances, row by row: favour 2 1, against 1 0. */
static struct report small(void)
{
	struct report r;

	ck_assert_int_eq(report_init(&r, 3, 2, false), 0);
	add(&r, "110", "110", "ff.", "fff");
	add(&r, "100", "100", "a..", "fff");
	add(&r, "010", "101", ".f.", "faf");
	add(&r, "100", "000", "...", "fff");
	return r;
}

START_TEST(figures_by_hand)
{
	struct report r = small();

	ck_assert_uint_eq(r.documents, 4);
	ck_assert_uint_eq(r.exact, 2);
	ck_assert(report_precision(&r.topic[0]) == 2.0 / 3);
	ck_assert(report_recall(&r.topic[0]) == 2.0 / 3);
	ck_assert(report_f1(&r.topic[0]) == 4.0 / 6);
	ck_assert(report_precision(&r.topic[1]) == 1);
	ck_assert(report_recall(&r.topic[1]) == 0.5);
	ck_assert(report_f1(&r.topic[1]) == 2.0 / 3);
	ck_assert(report_f1(&r.topic[2]) == 0);
	/* 3 right, 2 wrong, 2 missed; weather does not occur. */
	ck_assert(report_micro_f1(&r) == 6.0 / 10);
	ck_assert_double_eq_tol(report_macro_f1(&r), 2.0 / 3, 1e-15);
	/* favour: 2 right, 1 wrong, 1 missed; against: none right. */
	ck_assert(report_stance_macro_f1(&r) == (4.0 / 6 + 0) / 2);
	report_done(&r);
}
END_TEST

START_TEST(figures_of_nothing_are_zero)
{
	struct report r;
	struct report_label none = { 0, 0, 0 };

	ck_assert(report_precision(&none) == 0);
	ck_assert(report_recall(&none) == 0);
	ck_assert(report_f1(&none) == 0);
	ck_assert_int_eq(report_init(&r, 3, 2, true), 0);
	ck_assert(report_micro_f1(&r) == 0);
	ck_assert(report_macro_f1(&r) == 0);
	ck_assert(report_stance_macro_f1(&r) == 0);
	report_done(&r);
}
END_TEST

START_TEST(one_of_has_a_confusion_matrix)
{
	static const uint64_t want[] = { 1, 1, 0, 0, 1, 0, 0, 0, 0 };
	struct report r;
	json_t *o, *m;

	ck_assert_int_eq(report_init(&r, 3, 0, true), 0);
	add(&r, "100", "100", "...", "fff");
	add(&r, "100", "010", "...", "fff");
	add(&r, "010", "010", "...", "fff");
	ck_assert_mem_eq(r.topic_confusion, want, sizeof(want));
	o = report_json(&r, topics, NULL);
	m = json_object_get(json_object_get(o, "topics"), "confusion");
	ck_assert_int_eq(json_integer_value(json_array_get(
				 json_array_get(m, 0), 1)), 1);
	ck_assert(json_real_value(json_object_get(json_object_get(o, "topics"),
						  "accuracy")) == 2.0 / 3);
	ck_assert_ptr_null(json_object_get(o, "stances"));
	json_decref(o);
	report_done(&r);
}
END_TEST

static double figure(const json_t *o, const char *a, const char *b,
		     const char *c)
{
	o = json_object_get(json_object_get(o, a), b);
	return json_number_value(c ? json_object_get(o, c) : o);
}

START_TEST(json_holds_the_figures)
{
	struct report r = small();
	json_t *o = report_json(&r, topics, stances), *labels, *m;

	ck_assert_int_eq(json_integer_value(json_object_get(o, "documents")),
			 4);
	labels = json_object_get(json_object_get(o, "topics"), "labels");
	ck_assert(figure(labels, "sovereignty", "f1", NULL) == 4.0 / 6);
	ck_assert(figure(labels, "market", "support", NULL) == 2);
	ck_assert(figure(o, "topics", "micro", "f1") == 6.0 / 10);
	ck_assert(figure(o, "topics", "macro_f1", NULL) ==
		  report_macro_f1(&r));
	ck_assert(figure(o, "topics", "exact", NULL) == 0.5);
	m = json_object_get(json_object_get(json_object_get(o, "topics"),
					    "confusion"), "sovereignty");
	/* Right, missed; wrong, rightly not given. */
	ck_assert_int_eq(json_integer_value(json_array_get(
				 json_array_get(m, 0), 0)), 2);
	ck_assert_int_eq(json_integer_value(json_array_get(
				 json_array_get(m, 0), 1)), 1);
	ck_assert_int_eq(json_integer_value(json_array_get(
				 json_array_get(m, 1), 0)), 1);
	ck_assert_int_eq(json_integer_value(json_array_get(
				 json_array_get(m, 1), 1)), 0);
	ck_assert(figure(o, "stances", "macro_f1", NULL) ==
		  report_stance_macro_f1(&r));
	/* market: favour once right, once taken for against. */
	ck_assert(figure(o, "stances", "macro_f1_by_topic", "market") ==
		  2.0 / 3);
	m = json_object_get(json_object_get(o, "stances"), "confusion");
	ck_assert_uint_eq(json_array_size(m), 2);
	ck_assert_int_eq(json_integer_value(json_array_get(
				 json_array_get(m, 1), 0)), 1);
	json_decref(o);
	report_done(&r);
}
END_TEST

START_TEST(print_is_the_table)
{
	static const char want[] =
		"topics       precision  recall      F1  support\n"
		"sovereignty      0.667   0.667   0.667        3\n"
		"market           1.000   0.500   0.667        2\n"
		"weather          0.000   0.000   0.000        0\n"
		"micro            0.600   0.600   0.600        5\n"
		"macro                            0.667\n"
		"all right                        0.500        4\n";
	struct report r = small();
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	report_print(&r, topics, stances, f);
	fclose(f);
	ck_assert_msg(!strncmp(out, want, strlen(want)), "%s", out);
	ck_assert_ptr_nonnull(strstr(out, "rightly not given"));
	ck_assert_ptr_nonnull(strstr(out, "favour           2         1\n"));
	ck_assert_ptr_nonnull(strstr(out, "against          1         0\n"));
	free(out);
	report_done(&r);
}
END_TEST

START_TEST(init_every_allocation_fails_once)
{
	for (unsigned long nth = 1; nth <= 3; nth++) {
		struct report r;

		allocations_fail_at(nth);
		ck_assert_int_lt(report_init(&r, 3, 2, true), 0);
		allocations_fail_at(0);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(figures_by_hand),
		CHECK_TEST(figures_of_nothing_are_zero),
		CHECK_TEST(one_of_has_a_confusion_matrix),
		CHECK_TEST(json_holds_the_figures),
		CHECK_TEST(print_is_the_table),
		CHECK_TEST(init_every_allocation_fails_once),
		CHECK_END,
	};

	return check_main("report", tests);
}

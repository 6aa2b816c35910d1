#include "learn/report.h"

#include "tests/data/said.h"

static char *printed(const struct report *r)
{
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	report_print(r, f);
	fclose(f);
	return out;
}

static void has(const char *out, const char *line)
{
	ck_assert_msg(strstr(out, line) != NULL, "no '%s' in\n%s", line, out);
}

START_TEST(print_is_the_table)
{
	static const char want[] =
		"metric macro_f1 0.500\n"
		"words that the model did not know: 37.5 %\n"
		"\n"
		"topics       precision  recall      F1  support   Brier     "
		"ECE\n"
		"sovereignty      0.667   0.667   0.667        3   0.205   "
		"0.400\n"
		"market           1.000   0.500   0.667        2   0.173   "
		"0.275\n"
		"weather          0.000   0.000   0.000        0   0.125   "
		"0.200\n"
		"micro            0.600   0.600   0.600            0.168   "
		"0.242\n"
		"macro                            0.667                    "
		"0.292\n"
		"all right                        0.500        4\n";
	struct said x;
	struct report r;
	char *out;

	said_small(&x);
	r = said_report(&x);
	out = printed(&r);
	ck_assert_msg(!strncmp(out, want, strlen(want)), "%s", out);
	has(out, "surest       10 %  20 %");
	has(out, "sovereignty             2             1       1"
		 "                  0\n");
	has(out, "accuracy                         0.500        4\n");
	has(out, "macro F1 of the stances on\n");
	has(out, "favour           2         1\n");
	has(out, "against          1         0\n");
	ck_assert_ptr_null(strstr(out, "unsure"));
	ck_assert_ptr_null(strstr(out, "±"));
	free(out);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(print_tells_what_is_unsure)
{
	struct said x;
	struct report r;
	char *out;

	said_small(&x);
	x.set.unsure = 0.8;
	r = said_report(&x);
	out = printed(&r);
	has(out, "unsure below 0.80: 25.0 % of the stances; of the others "
		 "0.667 are right\n");
	free(out);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(print_of_a_mean_has_its_spread)
{
	struct report v[2], m;
	struct said x;
	char *out;

	said_small(&x);
	v[0] = said_report(&x);
	x.s.given[0] = 0;
	v[1] = said_report(&x);
	ck_assert_int_eq(report_mean(&m, v, 2), 0);
	out = printed(&m);
	has(out, " over 2 repeats\n");
	has(out, "metric macro_f1 0.467 ± 0.047");
	has(out, "±            micro ");
	has(out, "sovereignty           1.5           1.0     1.5  ");
	free(out);
	report_done(&m);
	report_done(&v[0]);
	report_done(&v[1]);
	said_done(&x);
}
END_TEST

START_TEST(print_of_targets_has_no_topics)
{
	struct said x;
	struct report r;
	char *out;

	said_small(&x);
	x.set.targets = true;
	r = said_report(&x);
	out = printed(&r);
	ck_assert_ptr_null(strstr(out, "topics"));
	has(out, "stances      precision");
	free(out);
	report_done(&r);
	said_done(&x);
}
END_TEST

/* A matrix of more than twelve classes would not fit: what was confused most is
 * listed, the most first. */
START_TEST(print_of_many_classes_lists_confusions)
{
	enum { N = 13 };
	static const char *names[N] = { "a", "b", "c", "d", "é", "f", "g",
					"h", "i", "j", "k", "l", "m" };
	double cells[N * N] = { 0 };
	struct report_label labels[N] = { { .tp = 0 } };
	const struct report r = {
		.set = { .topics = names, .topic_count = N, .one_of = true },
		.topic = labels, .topic_confusion = cells, .repeats = 1
	};
	char *out;

	for (int i = 0; i < N; i++)
		cells[i * N + i] = 100;
	cells[0 * N + 1] = 3;
	cells[4 * N + 0] = 7;
	cells[2 * N + 3] = 3;
	out = printed(&r);
	ck_assert_ptr_nonnull(strstr(out, "       7  é, taken for a\n"
					  "       3  a, taken for b\n"
					  "       3  c, taken for d\n"));
	ck_assert_ptr_null(strstr(out, "rows are"));
	free(out);
}
END_TEST

/* Names are padded by what is seen of them, not by their bytes. */
START_TEST(print_columns_stand_under_each_other)
{
	const char *names[] = { "sovereignty", "marché", "weather" };
	struct said x;
	struct report r;
	char *out;

	said_small(&x);
	x.set.topics = names;
	r = said_report(&x);
	out = printed(&r);
	has(out, "marché           1.000");
	has(out, "sovereignty      0.667");
	free(out);
	report_done(&r);
	said_done(&x);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(print_is_the_table),
		CHECK_TEST(print_tells_what_is_unsure),
		CHECK_TEST(print_of_a_mean_has_its_spread),
		CHECK_TEST(print_of_targets_has_no_topics),
		CHECK_TEST(print_of_many_classes_lists_confusions),
		CHECK_TEST(print_columns_stand_under_each_other),
		CHECK_END,
	};

	return check_main("report_text", tests);
}

#include "base/metrics.h"

#include <math.h>

#include "tests/check_main.h"

static struct metrics *m;
static struct buf page;

static void begin(void)
{
	ck_assert_int_eq(metrics_new(&m), 0);
	buf_init(&page, 1 << 20);
}

static void done(void)
{
	metrics_free(m);
	buf_done(&page);
}

static const char *written(void)
{
	buf_clear(&page);
	metrics_write(m, &page);
	buf_add_char(&page, '\0');
	ck_assert_int_eq(buf_error(&page), 0);
	return page.p;
}

static struct metric *counter(const char *name, const char *labels)
{
	return metrics_get(m, METRIC_COUNTER, name, "Help.", labels);
}

/* What a gauge of x is written as. */
static const char *number(double x)
{
	static const char head[] = "# HELP g Help.\n# TYPE g gauge\ng ";
	const char *text;

	metric_set(metrics_get(m, METRIC_GAUGE, "g", "Help.", NULL), x);
	text = written();
	ck_assert(str_starts(str_of(text), STR(head)));
	page.p[strlen(text) - 1] = '\0';
	return text + strlen(head);
}

START_TEST(write_nothing_of_nothing)
{
	begin();
	ck_assert_str_eq(written(), "");
	done();
}
END_TEST

START_TEST(write_groups_rows_by_name_in_order_of_first)
{
	begin();
	metric_add(counter("b_total", "source=\"x\""), 1);
	metric_set(metrics_get(m, METRIC_GAUGE, "a", "A \\ \"gauge\"\nof.",
			       NULL), -2);
	metric_add(counter("b_total", NULL), 2);
	metric_add(counter("b_total", "source=\"x\""), 3);
	ck_assert_str_eq(written(), "# HELP b_total Help.\n"
				    "# TYPE b_total counter\n"
				    "b_total{source=\"x\"} 4\n"
				    "b_total 2\n"
				    "# HELP a A \\\\ \"gauge\"\\nof.\n"
				    "# TYPE a gauge\n"
				    "a -2\n");
	done();
}
END_TEST

START_TEST(get_again_gives_the_same_row)
{
	begin();
	ck_assert_ptr_eq(counter("a", NULL), counter("a", ""));
	ck_assert_ptr_ne(counter("a", NULL), counter("a", "x=\"1\""));
	metric_add(counter("a", NULL), 7);
	ck_assert(metric_value(counter("a", NULL)) == 7);
	done();
}
END_TEST

START_TEST(get_of_another_kind_is_counted_and_not_printed)
{
	struct metric *h;

	begin();
	metric_add(counter("a", NULL), 1);
	h = metrics_get(m, METRIC_HISTOGRAM, "a", "Help.", NULL);
	ck_assert_ptr_nonnull(h);
	metric_observe(h, 1);
	metric_set(metrics_get(m, METRIC_GAUGE, "a", "Help.", "x=\"1\""), 5);
	ck_assert_str_eq(written(),
			 "# HELP a Help.\n# TYPE a counter\na 1\n");
	done();
}
END_TEST

START_TEST(get_past_the_last_row_is_counted_and_not_printed)
{
	char labels[32];
	size_t n;

	begin();
	for (int i = 0; i < METRICS_ROWS_MAX + 10; i++) {
		snprintf(labels, sizeof(labels), "n=\"%d\"", i);
		metric_add(counter("a", labels), 1);
	}
	metric_add(counter("another", NULL), 1);
	n = 0;
	for (const char *p = written(); (p = strstr(p, "a{")); p++)
		n++;
	ck_assert_uint_eq(n, METRICS_ROWS_MAX);
	ck_assert_ptr_null(strstr(page.p, "another"));
	/* Who is there stays. */
	metric_add(counter("a", "n=\"7\""), 1);
	ck_assert_ptr_nonnull(strstr(written(), "a{n=\"7\"} 2\n"));
	done();
}
END_TEST

START_TEST(counter_never_falls)
{
	begin();
	metric_add(counter("a", NULL), 2);
	metric_add(counter("a", NULL), -1);
	metric_add(counter("a", NULL), (double)NAN);
	metric_observe(counter("a", NULL), 5);
	ck_assert(metric_value(counter("a", NULL)) == 2);
	done();
}
END_TEST

START_TEST(number_is_short_and_reads_back)
{
	begin();
	ck_assert_str_eq(number(0), "0");
	ck_assert_str_eq(number(-0.0), "0");
	ck_assert_str_eq(number(42), "42");
	ck_assert_str_eq(number(1e15), "1000000000000000");
	ck_assert_str_eq(number(9007199254740991.0), "9007199254740991");
	ck_assert_str_eq(number(0.1), "0.1");
	ck_assert_str_eq(number(0.1 + 0.2), "0.30000000000000004");
	ck_assert_str_eq(number(1.0 / 3), "0.3333333333333333");
	ck_assert_str_eq(number(5e-324), "4.94065645841247e-324");
	ck_assert_str_eq(number(1e300), "1e+300");
	ck_assert_str_eq(number((double)INFINITY), "+Inf");
	ck_assert_str_eq(number(-(double)INFINITY), "-Inf");
	ck_assert_str_eq(number((double)NAN), "NaN");
	for (double x = 1e-9; x < 1e18; x *= 1.37)
		ck_assert(strtod(number(x), NULL) == x);
	done();
}
END_TEST

START_TEST(label_is_escaped)
{
	struct buf b;

	begin();
	buf_init(&b, 256);
	metrics_label(&b, "source", STR("a\"b\\c\nd\te é"));
	metrics_label(&b, "kind", STR("\xff\xc3(\0)\xe2\x82"));
	metrics_label(&b, "none", STR(""));
	buf_add_char(&b, '\0');
	ck_assert_str_eq(b.p, "source=\"a\\\"b\\\\c\\nd\te é\","
			      "kind=\"\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd)"
			      "\xef\xbf\xbd\xef\xbf\xbd\",none=\"\"");
	counter("a", b.p);
	ck_assert_ptr_nonnull(strstr(written(), b.p));
	buf_done(&b);
	done();
}
END_TEST

START_TEST(histogram_counts_into_cumulative_buckets)
{
	struct metric *h;

	begin();
	h = metrics_get(m, METRIC_HISTOGRAM, "s", "Help.", "k=\"v\"");
	metric_observe(h, 0);
	metric_observe(h, -3);	   /* as 0 */
	metric_observe(h, 0.0001); /* a bound belongs to its bucket */
	metric_observe(h, 0.00011);
	metric_observe(h, 1);
	metric_observe(h, 60);
	metric_observe(h, 61);
	metric_observe(h, (double)NAN);
	metric_observe(h, (double)INFINITY);
	metric_add(h, 5);
	metric_set(h, 5);
	ck_assert(metric_value(h) == 7);
	ck_assert_str_eq(written(),
			 "# HELP s Help.\n# TYPE s histogram\n"
			 "s_bucket{k=\"v\",le=\"0.0001\"} 3\n"
			 "s_bucket{k=\"v\",le=\"0.00025\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.0005\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.001\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.0025\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.005\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.01\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.025\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.05\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.1\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.25\"} 4\n"
			 "s_bucket{k=\"v\",le=\"0.5\"} 4\n"
			 "s_bucket{k=\"v\",le=\"1\"} 5\n"
			 "s_bucket{k=\"v\",le=\"2.5\"} 5\n"
			 "s_bucket{k=\"v\",le=\"5\"} 5\n"
			 "s_bucket{k=\"v\",le=\"10\"} 5\n"
			 "s_bucket{k=\"v\",le=\"30\"} 5\n"
			 "s_bucket{k=\"v\",le=\"60\"} 6\n"
			 "s_bucket{k=\"v\",le=\"+Inf\"} 7\n"
			 "s_sum{k=\"v\"} 122.00021000000001\n"
			 "s_count{k=\"v\"} 7\n");
	done();
}
END_TEST

START_TEST(histogram_without_labels_has_le_alone)
{
	begin();
	metrics_get(m, METRIC_HISTOGRAM, "s", "Help.", NULL);
	ck_assert_ptr_nonnull(strstr(written(), "s_bucket{le=\"+Inf\"} 0\n"
						"s_sum 0\ns_count 0\n"));
	done();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(write_nothing_of_nothing),
		CHECK_TEST(write_groups_rows_by_name_in_order_of_first),
		CHECK_TEST(get_again_gives_the_same_row),
		CHECK_TEST(get_of_another_kind_is_counted_and_not_printed),
		CHECK_TEST(get_past_the_last_row_is_counted_and_not_printed),
		CHECK_TEST(counter_never_falls),
		CHECK_TEST(number_is_short_and_reads_back),
		CHECK_TEST(label_is_escaped),
		CHECK_TEST(histogram_counts_into_cumulative_buckets),
		CHECK_TEST(histogram_without_labels_has_le_alone),
		CHECK_END,
	};

	return check_main("metrics", tests);
}

#include "learn/report.h"

#include "tests/data/said.h"

/* The member at a path of names and indices, "topics.labels.market.f1". */
static const json_t *at(const json_t *o, const char *path)
{
	char part[64];

	while (*path && o) {
		size_t n = strcspn(path, ".");

		snprintf(part, sizeof(part), "%.*s", (int)n, path);
		o = json_is_array(o)
			    ? json_array_get(o, strtoul(part, NULL, 10))
			    : json_object_get(o, part);
		path += n + (path[n] == '.');
	}
	return o;
}

static double figure(const json_t *o, const char *path)
{
	const json_t *v = at(o, path);

	ck_assert_msg(json_is_number(v), "no number %s", path);
	return json_number_value(v);
}

START_TEST(json_holds_the_figures)
{
	struct said x;
	struct report r;
	json_t *o;

	said_small(&x);
	x.set.unsure = 0.8;
	r = said_report(&x);
	o = report_json(&r, REPORT_ALL);
	ck_assert(json_is_integer(at(o, "documents")));
	ck_assert(figure(o, "documents") == 4);
	ck_assert_str_eq(json_string_value(at(o, "metric.name")), "macro_f1");
	ck_assert(figure(o, "metric.value") == r.head.metric);
	ck_assert(figure(o, "unknown_words") == 0.375);
	ck_assert(figure(o, "topics.labels.sovereignty.f1") == 4.0 / 6);
	ck_assert(figure(o, "topics.labels.market.support") == 2);
	ck_assert(figure(o, "topics.labels.market.brier") ==
		  r.topic[1].brier);
	ck_assert(figure(o, "topics.labels.market.ece") == r.topic[1].ece);
	ck_assert(figure(o, "topics.labels.market.average_precision") ==
		  r.topic[1].average_precision);
	ck_assert(figure(o, "topics.micro.f1") == 6.0 / 10);
	ck_assert(figure(o, "topics.macro_f1") == r.topics.macro_f1);
	ck_assert(figure(o, "topics.exact") == 0.5);
	ck_assert(figure(o, "topics.brier") == r.topics.brier);
	ck_assert(figure(o, "topics.macro_ece") == r.topics.macro_ece);
	ck_assert(figure(o, "topics.coverage.9.accuracy") ==
		  r.topics.step[9].accuracy);
	/* Right, missed; wrong, rightly not given. */
	ck_assert(figure(o, "topics.confusion.sovereignty.0.0") == 2);
	ck_assert(figure(o, "topics.confusion.sovereignty.0.1") == 1);
	ck_assert(figure(o, "topics.confusion.sovereignty.1.0") == 1);
	ck_assert(figure(o, "topics.confusion.sovereignty.1.1") == 0);
	ck_assert(figure(o, "stances.macro_f1") == r.stances.macro_f1);
	ck_assert(figure(o, "stances.accuracy") == 0.5);
	ck_assert(figure(o, "stances.macro_f1_by_topic.market") == 2.0 / 3);
	ck_assert(figure(o, "stances.coverage.4.macro_f1") ==
		  r.stances.step[4].macro_f1);
	ck_assert(figure(o, "stances.unsure.part") == 0.25);
	ck_assert(figure(o, "stances.unsure.below") == 0.8);
	ck_assert(figure(o, "stances.unsure.accuracy_of_others") == 2.0 / 3);
	ck_assert(figure(o, "stances.confusion.1.0") == 1);
	ck_assert(figure(o, "stances.confusion_by_topic.market.0.1") == 1);
	ck_assert_str_eq(json_string_value(at(o, "stances.order.1")),
			 "against");
	ck_assert_ptr_null(at(o, "spread"));
	json_decref(o);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(json_curves_and_bins_are_asked_for)
{
	struct said x;
	struct report r;
	json_t *o;

	said_small(&x);
	r = said_report(&x);
	o = report_json(&r, REPORT_ALL);
	ck_assert_uint_eq(json_array_size(at(o, "topics.labels.sovereignty"
						".curve")),
			  r.topic_curve[0].n);
	ck_assert(figure(o, "topics.labels.sovereignty.curve.0.precision") ==
		  1);
	ck_assert(figure(o, "topics.labels.sovereignty.curve.0.threshold") ==
		  r.topic_curve[0].v[0].threshold);
	ck_assert_uint_eq(json_array_size(at(o, "stances.labels.favour"
						".reliability")), 10);
	/* sovereignty at 0.9: one, and it is so. */
	ck_assert(figure(o, "topics.labels.sovereignty.reliability.9.n") == 1);
	ck_assert(figure(o, "topics.labels.sovereignty.reliability.9"
			    ".probability") == 0.9);
	ck_assert(figure(o, "topics.labels.sovereignty.reliability.9"
			    ".positive") == 1);
	ck_assert(figure(o, "topics.labels.sovereignty.reliability.5"
			    ".positive") == 0);
	json_decref(o);
	o = report_json(&r, REPORT_FIGURES);
	ck_assert_ptr_null(at(o, "topics.labels.sovereignty.curve"));
	ck_assert_ptr_null(at(o, "topics.labels.sovereignty.reliability"));
	ck_assert(figure(o, "topics.reliability.9.n") == 1);
	ck_assert(figure(o, "topics.labels.sovereignty.f1") == 4.0 / 6);
	json_decref(o);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(json_of_one_of_has_accuracy_and_matrix)
{
	struct said x;
	struct report r;
	json_t *o;

	said_init(&x, 0);
	said_add(&x, "-..", "900", "");
	said_add(&x, "-..", "460", "");
	said_add(&x, ".-.", "080", "");
	x.set.one_of = true;
	r = said_report(&x);
	o = report_json(&r, REPORT_FIGURES);
	ck_assert(figure(o, "topics.confusion.0.1") == 1);
	ck_assert(figure(o, "topics.accuracy") == 2.0 / 3);
	ck_assert_str_eq(json_string_value(at(o, "topics.order.1")), "market");
	ck_assert_ptr_null(at(o, "stances"));
	json_decref(o);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(json_of_targets_has_stances_alone)
{
	struct said x;
	struct report r;
	json_t *o;

	said_small(&x);
	x.set.targets = true;
	r = said_report(&x);
	o = report_json(&r, REPORT_ALL);
	ck_assert_ptr_null(at(o, "topics"));
	ck_assert(figure(o, "stances.asked") == 4);
	json_decref(o);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(json_of_a_mean_has_its_spread)
{
	const char *labels[] = { "market" };
	struct report v[2], m;
	struct said x;
	json_t *o;

	said_small(&x);
	x.set.metric = RECIPE_METRIC_MEAN_F1;
	x.set.metric_labels = (struct conf_texts){ labels, 1 };
	v[0] = said_report(&x);
	x.s.given[0] = 0;
	v[1] = said_report(&x);
	ck_assert_int_eq(report_mean(&m, v, 2), 0);
	o = report_json(&m, REPORT_FIGURES);
	ck_assert(figure(o, "spread.n") == 2);
	ck_assert(figure(o, "spread.topics.macro_f1") ==
		  m.spread->topics.macro_f1);
	ck_assert(figure(o, "spread.stances.accuracy") == 0);
	ck_assert(figure(o, "topics.mean_f1") == 2.0 / 3);
	ck_assert_ptr_null(at(o, "stances.mean_f1"));
	json_decref(o);
	report_done(&m);
	report_done(&v[0]);
	report_done(&v[1]);
	said_done(&x);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(json_holds_the_figures),
		CHECK_TEST(json_curves_and_bins_are_asked_for),
		CHECK_TEST(json_of_one_of_has_accuracy_and_matrix),
		CHECK_TEST(json_of_targets_has_stances_alone),
		CHECK_TEST(json_of_a_mean_has_its_spread),
		CHECK_END,
	};

	return check_main("report_json", tests);
}

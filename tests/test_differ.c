#include "learn/differ.h"

#include <errno.h>

#include "tests/data/tiny.h"

/* Five documents, two topics, two stances, by hand:
 *
 *	document  so		  A		   B
 *	0	  rail favour	  rail favour	   rail against
 *	1	  rail favour	  none		   rail favour
 *	2	  wind against	  wind against	   wind against
 *	3	  none		  wind unsure	   none
 *	4	  rail, wind fav. rail unsure	   rail fav., wind fav. */
enum { N = 5, TOPICS = 2 };

static const char *const names[] = { "rail", "wind" };
static const char *stances[] = { "favour", "against" };
static unsigned char so[] = { 1, 0, 1, 0, 0, 1, 0, 0, 1, 1 };
static unsigned char so_stance[] = { 1, 0, 1, 0, 0, 2, 0, 0, 0, 1 };
static unsigned char a_given[] = { 1, 0, 0, 0, 0, 1, 0, 1, 1, 0 };
static unsigned char a_stance[] = { 1, 1, 1, 1,	  1,
				    2, 1, DIFFER_UNSURE, DIFFER_UNSURE, 1 };
static unsigned char b_given[] = { 1, 0, 1, 0, 0, 1, 0, 0, 1, 1 };
static unsigned char b_stance[] = { 2, 1, 1, 1, 1, 2, 1, 1, 1, 1 };

static struct corpus corpus;
static struct differ_topic topics[TOPICS];
static const struct model no_targets;

static struct differ by_hand(bool labelled)
{
	corpus = (struct corpus){ .n = N, .stances = { stances, 2 } };
	for (uint32_t t = 0; t < TOPICS; t++)
		topics[t].name = names[t];
	return (struct differ){ .m = { &no_targets, &no_targets },
				.corpus = &corpus,
				.labelled = labelled,
				.topics = TOPICS,
				.topic = topics,
				.said = { { a_given, a_stance },
					  { b_given, b_stance } },
				.gold = { so, so_stance },
				.stances = true };
}

START_TEST(count_of_a_topic)
{
	struct differ d = by_hand(true);
	struct differ_counts c;

	ck_assert_int_eq(differ_count(&d, 0, &c), 0);
	ck_assert_uint_eq(c.both, 2);
	ck_assert_uint_eq(c.only[0], 0);
	ck_assert_uint_eq(c.only[1], 1);
	ck_assert_uint_eq(c.neither, 2);
	ck_assert_uint_eq(c.same, 0); /* unsure is not favour */
	ck_assert_uint_eq(c.other, 2);
	ck_assert_double_eq_tol(c.f1[0], 2 * 2.0 / (2 + 3), 1e-15);
	ck_assert_double_eq_tol(c.f1[1], 1, 1e-15);
	ck_assert_uint_eq(c.test.only_a, 0);
	ck_assert_uint_eq(c.test.only_b, 1);
	ck_assert(c.test.p == 1); /* one pair proves nothing */
	ck_assert_int_eq(differ_count(&d, 1, &c), 0);
	ck_assert_uint_eq(c.both, 1);
	ck_assert_uint_eq(c.only[0], 1);
	ck_assert_uint_eq(c.only[1], 1);
	ck_assert_uint_eq(c.neither, 2);
	ck_assert_uint_eq(c.same, 1);
}
END_TEST

START_TEST(test_of_topics_asks_for_all_of_a_document)
{
	struct differ d = by_hand(true);
	struct differ_test t;

	ck_assert_int_eq(differ_test_topics(&d, &t), 0);
	ck_assert_uint_eq(t.asked, N);
	ck_assert_double_eq_tol(t.accuracy[0], 0.4, 1e-15);
	ck_assert_double_eq_tol(t.accuracy[1], 1, 1e-15);
	ck_assert_double_eq_tol(t.micro_f1[0], 2 * 3.0 / (4 + 5), 1e-15);
	ck_assert_double_eq_tol(t.micro_f1[1], 1, 1e-15);
	ck_assert_double_eq_tol(t.macro.a, (0.8 + 0.5) / 2, 1e-12);
	ck_assert_double_eq_tol(t.macro.b, 1, 1e-12);
	ck_assert_uint_eq(t.test.only_a, 0);
	ck_assert_uint_eq(t.test.only_b, 3);
}
END_TEST

/* Also where the topic was not given; unsure is wrong, but no other stance. */
START_TEST(test_of_stances_asks_what_has_one)
{
	struct differ d = by_hand(true);
	struct differ_test t;

	ck_assert_int_eq(differ_test_stances(&d, &t), 0);
	ck_assert_uint_eq(t.asked, 4);
	ck_assert_double_eq_tol(t.accuracy[0], 1, 1e-15);
	ck_assert_double_eq_tol(t.accuracy[1], 0.75, 1e-15);
	ck_assert_uint_eq(t.test.only_a, 1);
	ck_assert_uint_eq(t.test.only_b, 0);
}
END_TEST

static void tells(const struct differ *d, const struct differ_said *s,
		  size_t i, const char *want)
{
	struct buf b;

	buf_init(&b, 1024);
	differ_tell(d, s, i, &b);
	ck_assert_msg(str_is(buf_view(&b), want), STR_FMT,
		      STR_ARG(buf_view(&b)));
	buf_done(&b);
}

START_TEST(tell_says_topics_and_stances)
{
	struct differ d = by_hand(true);

	tells(&d, &d.said[0], 1, "none");
	tells(&d, &d.said[0], 3, "wind unsure");
	tells(&d, &d.said[1], 4, "rail favour, wind favour");
	tells(&d, &d.gold, 4, "rail, wind favour");
}
END_TEST

START_TEST(documents_that_differ)
{
	struct differ d = by_hand(false);
	static const bool want[] = { true, true, false, true, true };

	for (size_t i = 0; i < N; i++)
		ck_assert(differ_at(&d, i) == want[i]);
	d.stances = false; /* one of both knows none */
	ck_assert(!differ_at(&d, 0));
	ck_assert(differ_at(&d, 1));
}
END_TEST

static json_t *member(const json_t *o, const char *a, const char *b)
{
	o = json_object_get(o, a);
	return b ? json_object_get(o, b) : (json_t *)o;
}

START_TEST(json_has_it_all)
{
	struct differ d = by_hand(true);
	struct model named = { .name = "x", .id = "abc" };
	json_t *o, *one;

	d.m[0] = d.m[1] = &named;
	corpus.v = calloc(N, sizeof(*corpus.v));
	for (size_t i = 0; i < N; i++)
		corpus.v[i].id = "id";
	o = differ_json(&d);
	ck_assert_ptr_nonnull(o);
	ck_assert_int_eq(json_integer_value(member(o, "differ", NULL)), 4);
	ck_assert_uint_eq(json_array_size(member(o, "listed", NULL)), 4);
	one = json_array_get(member(o, "listed", NULL), 2);
	ck_assert_str_eq(json_string_value(member(one, "a", "wind")),
			 "unsure");
	ck_assert_uint_eq(json_object_size(member(one, "b", NULL)), 0);
	ck_assert_ptr_nonnull(member(o, "all_topics", "mcnemar"));
	ck_assert_double_eq_tol(
		json_number_value(json_object_get(
			member(o, "stances", "accuracy"), "difference")),
		-0.25, 1e-12);
	json_decref(o);
	d.labelled = false;
	o = differ_json(&d);
	ck_assert_ptr_null(member(o, "stances", NULL));
	ck_assert_ptr_null(member(
		json_array_get(member(o, "listed", NULL), 0), "labels", NULL));
	json_decref(o);
	free(corpus.v);
}
END_TEST

/* With models. */

START_TEST(recipe_knows_the_labels_of_both)
{
	struct model_topic ta[] = { { "rail" }, { "wind" } };
	struct model_topic tb[] = { { "coal" }, { "rail" } };
	struct model a = { .topics = ta, .topic_count = 2, .stance_count = 2,
			   .stances = { "favour", "against" } };
	struct model b = { .topics = tb, .topic_count = 2, .stance_count = 1,
			   .stances = { "neutral" } };
	const struct model *const m[2] = { &a, &b };
	struct err e = { "" };
	struct recipe r;

	ck_assert_int_eq(differ_recipe(m, &r, &e), 0);
	ck_assert_uint_eq(r.topics.n, 3);
	ck_assert_str_eq(r.topics.v[2], "coal");
	ck_assert_uint_eq(r.stances.n, 3);
	ck_assert_str_eq(r.fields.topics, "topics"); /* a head without names */
	free(r.topics.v);
	free(r.stances.v);
	tb[1].name = "sea";
	ck_assert_int_eq(differ_recipe(m, &r, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "no topic in common"));
	err_clear(&e);
	tb[1].name = "rail";
	b.targets = BUNDLE_TARGETS_TOPICS;
	ck_assert_int_eq(differ_recipe(m, &r, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "target"));
}
END_TEST

START_TEST(a_model_does_not_differ_from_itself)
{
	struct buf bundle;
	struct tiny t;
	struct model *m;
	struct differ d;
	size_t given = 0;

	tiny_made(&t, TINY_RECIPE, 36);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	ck_assert_int_eq(differ_init(&d, (const struct model *const[2]){ m, m },
				     &t.corpus, true),
			 0);
	ck_assert_uint_eq(d.topics, 3);
	ck_assert(d.stances);
	for (size_t i = 0; i < t.corpus.n; i++) {
		ck_assert(!differ_at(&d, i));
		for (uint32_t k = 0; k < 3; k++) {
			given += d.said[0].given[i * 3 + k];
			ck_assert(d.gold.given[i * 3 + k] ==
				  (t.corpus.v[i].labels[k] != 0));
		}
	}
	ck_assert_uint_gt(given, 0);
	differ_done(&d);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

/* The corpus that both are asked about need not be in either's order. */
START_TEST(topics_are_met_by_name)
{
	static const char *mixed[] = { "market", "coal", "sovereignty" };
	struct buf bundle;
	struct tiny t;
	struct model *m;
	struct differ d;
	struct corpus c;

	tiny_made(&t, TINY_RECIPE, 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	c = t.corpus;
	c.topics = mixed;
	ck_assert_int_eq(differ_init(&d, (const struct model *const[2]){ m, m },
				     &c, false),
			 0);
	ck_assert_uint_eq(d.topics, 2);
	ck_assert_str_eq(d.topic[0].name, "sovereignty");
	ck_assert_uint_eq(d.topic[0].in[0], 0);
	ck_assert_uint_eq(d.topic[0].in_corpus, 2);
	ck_assert_str_eq(d.topic[1].name, "market");
	ck_assert_uint_eq(d.topic[1].in[1], 2);
	ck_assert_uint_eq(d.topic[1].in_corpus, 0);
	differ_done(&d);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(count_of_a_topic),
		CHECK_TEST(test_of_topics_asks_for_all_of_a_document),
		CHECK_TEST(test_of_stances_asks_what_has_one),
		CHECK_TEST(tell_says_topics_and_stances),
		CHECK_TEST(documents_that_differ),
		CHECK_TEST(json_has_it_all),
		CHECK_TEST(recipe_knows_the_labels_of_both),
		CHECK_TEST(a_model_does_not_differ_from_itself),
		CHECK_TEST(topics_are_met_by_name),
		CHECK_END,
	};

	return check_main("differ", tests);
}

#include "classify/judge.h"

#include <errno.h>
#include <math.h>

#include "tests/data/targets.h"

enum { TOPICS = TINY_MANY }; /* at most, here */

static char block[1 << 21];

/* Two topics, three stances each: columns 0 and 1, 2 to 4, 5 to 7. */
static struct bundle_column columns[8];

static struct model by_hand(void)
{
	for (size_t i = 0; i < 8; i++)
		columns[i] = (struct bundle_column){ .a = -1 };
	return (struct model){ .topic_count = 2, .stance_count = 3,
			       .column_count = 8, .columns = columns };
}

static bool is_given(const struct model *m, const struct judgement *j,
		     uint32_t topic)
{
	unsigned char given[8];

	judge_topics(m, j, given);
	return given[topic];
}

START_TEST(probability_is_the_calibrated_logistic)
{
	struct model m = by_hand();

	ck_assert(judge_probability(&m, 0, 0) == 0.5);
	columns[1].a = -2;
	columns[1].b = 0.5;
	ck_assert_double_eq_tol(judge_probability(&m, 1, 1.5),
				1 / (1 + exp(-2.5)), 1e-15);
	ck_assert(judge_probability(&m, 1, 1e6) == 1);
	ck_assert(judge_probability(&m, 1, -1e6) == 0);
}
END_TEST

START_TEST(probability_is_interpolated_between_knots)
{
	static const struct bundle_knot knots[] = {
		{ 9, 0.9 }, /* another column's */
		{ -1, 0.125 }, { 0, 0.25 }, { 2, 0.25 }, { 4, 0.75 },
	};
	static const double in[] = { -1e300, -1, -0.5, 0, 1, 3, 3.5, 4, 1e300,
				     -INFINITY, INFINITY };
	static const double out[] = { 0.125, 0.125, 0.1875, 0.25, 0.25, 0.5,
				      0.625, 0.75, 0.75, 0.125, 0.75 };
	struct model m = by_hand();

	m.knots = knots;
	columns[3].knot = 1;
	columns[3].knots = 4;
	for (size_t i = 0; i < sizeof(in) / sizeof(*in); i++)
		ck_assert_double_eq_tol(judge_probability(&m, 3, in[i]),
					out[i], 1e-15);
	/* What overflowed on the way is no number. */
	ck_assert(judge_probability(&m, 3, NAN) == 0.125);
	ck_assert(judge_probability(&m, 2, 0) == 0.5);
}
END_TEST

START_TEST(given_topic_lies_above_its_threshold)
{
	struct model m = by_hand();
	double d[8] = { 0.5, -3 };
	struct judgement j = { .decision = d };

	ck_assert(is_given(&m, &j, 0));
	columns[0].threshold = 0.5;
	ck_assert(!is_given(&m, &j, 0));
	columns[1].threshold = -3.001;
	ck_assert(is_given(&m, &j, 1));
}
END_TEST

START_TEST(given_of_one_is_the_largest)
{
	struct model m = by_hand();
	double d[8] = { -2, -1 };
	struct judgement j = { .decision = d };

	m.one_of = true;
	ck_assert(!is_given(&m, &j, 0));
	ck_assert(is_given(&m, &j, 1));
	d[0] = -1; /* equal: the first, and no other */
	ck_assert(is_given(&m, &j, 0));
	ck_assert(!is_given(&m, &j, 1));
}
END_TEST

START_TEST(given_at_least_one_is_the_nearest)
{
	struct model m = by_hand();
	double d[8] = { -2, -1 };
	struct judgement j = { .decision = d };

	m.at_least_one = true;
	ck_assert(!is_given(&m, &j, 0));
	ck_assert(is_given(&m, &j, 1));
	columns[1].threshold = 1; /* 2 below; the other is 1.5 below */
	columns[0].threshold = -0.5;
	ck_assert(is_given(&m, &j, 0));
	ck_assert(!is_given(&m, &j, 1));
	d[1] = 1.25; /* found: nothing has to be added */
	ck_assert(!is_given(&m, &j, 0));
	ck_assert(is_given(&m, &j, 1));
	d[0] = 0;
	ck_assert(is_given(&m, &j, 0));
	ck_assert(is_given(&m, &j, 1));
}
END_TEST

START_TEST(given_target_is_the_topic_whatever_is_decided)
{
	static struct model_topic topics[] = { { "cloud" }, { "marché" } };
	struct model m = by_hand();
	double d[8] = { 5, -5 };
	struct judgement j = { .decision = d };

	m.topics = topics;
	m.targets = BUNDLE_TARGETS_TOPICS;
	j.field[FIELD_TARGET] = STR("marché");
	ck_assert(!is_given(&m, &j, 0));
	ck_assert(is_given(&m, &j, 1));
	j.field[FIELD_TARGET] = STR("Marché");
	ck_assert(!is_given(&m, &j, 0) && !is_given(&m, &j, 1));
	j.field[FIELD_TARGET] = STR("");
	ck_assert(!is_given(&m, &j, 0) && !is_given(&m, &j, 1));
}
END_TEST

START_TEST(given_single_target_needs_no_name)
{
	static struct model_topic topics[] = { { "target" } };
	struct model m = by_hand();
	double d[4] = { -5 };
	struct judgement j = { .decision = d };

	m.topics = topics;
	m.topic_count = 1;
	m.targets = BUNDLE_TARGETS_TEXT;
	j.field[FIELD_TARGET] = STR("any text");
	ck_assert(is_given(&m, &j, 0));
	j.field[FIELD_TARGET] = STR("");
	ck_assert(!is_given(&m, &j, 0));
	m.targets = BUNDLE_TARGETS_TOPICS;
	ck_assert(is_given(&m, &j, 0));
}
END_TEST

START_TEST(stance_is_the_largest_and_sums_to_one)
{
	struct model m = by_hand();
	double d[8] = { 0, 0, 9, 9, 9, -1, 2, 0.5 }, p, sum;
	struct judgement j = { .decision = d };

	ck_assert_uint_eq(judge_stance(&m, &j, 1, &p), 1);
	sum = 1 / (1 + exp(1)) + 1 / (1 + exp(-2)) + 1 / (1 + exp(-0.5));
	ck_assert_double_eq_tol(p, 1 / (1 + exp(-2)) / sum, 1e-15);
	ck_assert_uint_eq(judge_stance(&m, &j, 0, &p), 0);
	ck_assert_double_eq_tol(p, 1.0 / 3, 1e-15);
}
END_TEST

START_TEST(stance_without_any_probability_is_even)
{
	struct model m = by_hand();
	double d[8] = { 0, 0, -1e6, -1e6, -1e6 }, p;
	struct judgement j = { .decision = d };

	judge_stance(&m, &j, 0, &p);
	ck_assert_double_eq_tol(p, 1.0 / 3, 1e-15);
}
END_TEST

/* A recipe's model, judging by it, and what came of it. */
static struct tiny t;
static struct buf bundle;
static struct model *m;

static void open_model(const char *yaml)
{
	tiny_made(&t, yaml, 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
}

static void close_model(void)
{
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}

/* The decision value by its definition, over an explicit vector. */
START_TEST(judge_linear_is_intercept_plus_weights)
{
	open_model(TINY_RECIPE);
	ck_assert_uint_eq(m->column_count, 12);
	for (size_t i = 0; i < t.corpus.n; i++) {
		struct arena a = { block, block + sizeof(block) };
		struct judgement j;

		tiny_judge(m, &t.corpus.v[i], &a, &j);
		for (uint32_t c = 0; c < m->column_count; c++) {
			double d = m->columns[c].intercept;

			for (size_t k = 0; k < j.counts.n; k++)
				d += j.x[k].value *
				     m->weights[j.x[k].index * 12 + (int)c];
			TINY_ASSERT_NEAR(j.decision[c], d);
		}
	}
	close_model();
}
END_TEST

/* Of what is given the bits of judge(), and the same is given. */
static void check_quick(const struct example *x)
{
	struct arena a = { block, block + sizeof(block) };
	const struct str field[] = { x->title, x->text, x->target };
	unsigned char given[TOPICS], quick[TOPICS];
	struct judgement all, j;

	ck_assert_int_eq(judge(m, field, &a, &all), 0);
	ck_assert_int_eq(judge_quick(m, field, &a, &j), 0);
	judge_topics(m, &all, given);
	judge_topics(m, &j, quick);
	ck_assert_mem_eq(given, quick, m->topic_count);
	for (uint32_t c = 0; c < m->column_count; c++) {
		if (given[model_column_topic(m, c)])
			ck_assert(j.decision[c] == all.decision[c]);
		else if (c >= m->topic_count)
			ck_assert(isnan(j.decision[c]));
	}
}

START_TEST(quick_gives_what_judge_gives)
{
	static const char *const yamls[] = {
		TINY_RECIPE,
		TINY_RECIPE "one_of: true\n",
		TINY_RECIPE "at_least_one: true\n",
		TINY_RECIPE "topic: {kernel: rbf}\nstance: {kernel: rbf}\n",
		TINY_RECIPE "stance: {kernel: poly}\n",
		TINY_RECIPE "blocks: [{supervised: bayes, machine: svm}, "
			    "{of: across, ngrams: [3, 3], cut: blanks}]\n",
	};

	for (size_t y = 0; y < sizeof(yamls) / sizeof(*yamls); y++) {
		open_model(yamls[y]);
		for (size_t i = 0; i < t.corpus.n; i++)
			check_quick(&t.corpus.v[i]);
		close_model();
	}
	for (size_t y = 0; y < 2; y++) {
		m = targets_model(&t, y ? TARGETS_TOPICS : TARGETS_TEXT, 48,
				  &bundle);
		for (size_t i = 0; i < t.corpus.n; i++)
			check_quick(&t.corpus.v[i]);
		close_model();
	}
}
END_TEST

static void open_many(void)
{
	tiny_many(&t, "name: many\n");
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	ck_assert_uint_eq(m->topic_count, TOPICS);
	ck_assert_ptr_nonnull(m->screen.rows);
}

/* Thresholds that an article reaches, just misses or just passes. */
static void set_thresholds(const struct example *x)
{
	struct bundle_column *c = (struct bundle_column *)(uintptr_t)m->columns;
	struct arena a = { block, block + sizeof(block) };
	struct judgement j;

	tiny_judge(m, x, &a, &j);
	for (uint32_t k = 0; k < TOPICS; k++) {
		double d = j.decision[k];
		double to[] = { d, nextafter(d, -9), nextafter(d, 9), d + 1e-4,
				INFINITY, -INFINITY };

		c[k].threshold = to[k % 6];
	}
}

static void never(void)
{
	struct bundle_column *c = (struct bundle_column *)(uintptr_t)m->columns;

	for (uint32_t k = 0; k < TOPICS; k++)
		c[k].threshold = INFINITY;
}

START_TEST(quick_rules_out_nothing_that_is_given)
{
	for (int y = 0; y < 3; y++) {
		open_many();
		m->one_of = y == 1;
		m->at_least_one = y == 2;
		for (size_t i = 0; i < t.corpus.n; i++) {
			check_quick(&t.corpus.v[i]);
			set_thresholds(&t.corpus.v[i]);
			check_quick(&t.corpus.v[i]);
			never();
			check_quick(&t.corpus.v[i]);
		}
		close_model();
	}
}
END_TEST

START_TEST(quick_does_not_look_twice_at_what_is_far_off)
{
	struct arena a = { block, block + sizeof(block) };
	struct judgement all, j;
	uint32_t same = 0;

	open_many();
	tiny_judge(m, &t.corpus.v[0], &a, &all);
	ck_assert_int_eq(judge_quick(m, all.field, &a, &j), 0);
	for (uint32_t k = 0; k < TOPICS; k++) {
		ck_assert_double_eq_tol(j.decision[k], all.decision[k], 0.05);
		same += j.decision[k] == all.decision[k];
	}
	ck_assert_uint_ge(same, 1);
	ck_assert_uint_lt(same, TOPICS / 4);
	close_model();
}
END_TEST

/* The length of a block's vector as a machine weighs its terms. */
static double length_of(const struct judgement *j, uint32_t from, uint32_t to,
			uint32_t machine)
{
	double sum = 0;

	for (size_t k = 0; k < j->counts.n; k++) {
		uint32_t term = (uint32_t)j->x[k].index;
		double v = j->x[k].value;

		if (term >= from && term < to)
			sum += v * v *
			       m->scales[term * m->machine_count + machine];
	}
	return sqrt(sum);
}

START_TEST(judge_supervised_is_weights_over_the_length)
{
	open_model(TINY_RECIPE "blocks: [{of: opening, supervised: bayes, "
			       "machine: svm, weight: 2}]\n");
	ck_assert_ptr_nonnull(m->scales);
	for (size_t i = 0; i < t.corpus.n; i++) {
		struct arena a = { block, block + sizeof(block) };
		uint32_t from = m->tfidf.block[1].end;
		struct judgement j;

		tiny_judge(m, &t.corpus.v[i], &a, &j);
		for (uint32_t c = 0; c < m->column_count; c++) {
			double d = m->columns[c].intercept, share = d;
			double len = length_of(&j, from, m->tfidf.terms,
					       model_machine(m, c));
			double *shares = arena_take_array(
				&a, j.counts.n + 1, sizeof(*shares));

			judge_shares(m, &j, c, shares);
			ck_assert_double_gt(len, 0);
			for (size_t k = 0; k < j.counts.n; k++) {
				uint32_t term = (uint32_t)j.x[k].index;
				double one = j.x[k].value *
					     m->weights[term * 12 + c];

				d += term < from ? one : one * 2 / len;
				share += shares[k];
			}
			TINY_ASSERT_NEAR(j.decision[c], d);
			TINY_ASSERT_NEAR(j.decision[c], share);
		}
	}
	close_model();
}
END_TEST

START_TEST(unknown_is_the_part_of_words_that_are_not_known)
{
	static const struct {
		const char *title, *text;
		double unknown;
	} all[] = {
		{ "", "", 0 },
		{ "", "… !", 0 },
		{ "", "cloud marché", 0 },
		{ "", "zzz qqq", 1 },
		{ "", "cloud cloud zzz cloud", 0.25 },
		{ "zzz", "cloud zzz cloud", 0.5 },
		/* Extras are words of it: gaia, gaia-x; s3ns, ns. */
		{ "", "Gaia-X S3NS", 0 },
		{ "", "Gaia-Z", 0.5 },
	};

	open_model(TINY_RECIPE);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct arena a = { block, block + sizeof(block) };
		struct example x = tiny_example(all[i].title, all[i].text);
		struct judgement j;

		tiny_judge(m, &x, &a, &j);
		ck_assert_msg(judge_unknown(m, &j) == all[i].unknown,
			      "%s: %g", all[i].text, judge_unknown(m, &j));
	}
	close_model();
}
END_TEST

START_TEST(unknown_without_single_words_is_none)
{
	static const char *const yamls[] = {
		"words: {of: chars, ngrams: [3, 3]}\n",
		"words: {ngrams: [2, 2]}\n",
	};

	for (size_t i = 0; i < 2; i++) {
		struct arena a = { block, block + sizeof(block) };
		struct example x = tiny_example("", "zzz qqq");
		struct judgement j;

		open_model(yamls[i]);
		tiny_judge(m, &x, &a, &j);
		ck_assert(judge_unknown(m, &j) == 0);
		close_model();
	}
}
END_TEST

START_TEST(unknown_titles_that_are_not_read_do_not_count)
{
	struct arena a = { block, block + sizeof(block) };
	struct example x = tiny_example("zzz qqq", "cloud marché");
	struct judgement j;

	open_model("title_weight: 0\n");
	tiny_judge(m, &x, &a, &j);
	ck_assert(judge_unknown(m, &j) == 0);
	close_model();
}
END_TEST

/* The first block of words speaks, wherever it stands. */
START_TEST(unknown_is_asked_of_the_first_block_of_words)
{
	struct arena a = { block, block + sizeof(block) };
	struct example x = tiny_example("", "Cloud zzz");
	struct judgement j;

	open_model("words: {ngrams: [0, 0]}\nchars: {ngrams: [2, 2]}\n"
		   "blocks: [{ngrams: [1, 1]}, {cased: true}]\n");
	tiny_judge(m, &x, &a, &j);
	ck_assert(judge_unknown(m, &j) == 0.5);
	close_model();
}
END_TEST

START_TEST(judge_targets_give_the_target_and_its_stance)
{
	static const char *const yamls[] = { TARGETS_TOPICS, TARGETS_TEXT };

	for (size_t y = 0; y < 2; y++) {
		m = targets_model(&t, yamls[y], 48, &bundle);
		ck_assert_uint_eq(m->topic_count, y ? 1 : 3);
		ck_assert_uint_eq(m->column_count, y ? 3 : 9);
		for (size_t i = 0; i < t.corpus.n; i++) {
			struct arena a = { block, block + sizeof(block) };
			const struct example *x = &t.corpus.v[i];
			struct judgement j;
			double p;

			tiny_judge(m, x, &a, &j);
			ck_assert(str_eq(j.field[FIELD_TARGET], x->target));
			for (uint32_t k = 0; k < m->topic_count; k++) {
				bool is = x->labels[k] != 0;

				ck_assert(is_given(m, &j, k) == is);
				ck_assert(j.decision[k] == 1);
				if (is)
					ck_assert_uint_eq(
						judge_stance(m, &j, k, &p) + 1,
						x->labels[k]);
			}
		}
		close_model();
	}
}
END_TEST

START_TEST(joint_of_one_topic_is_what_is_shared)
{
	static const struct feat x[] = { { 0, 1 }, { 2, 3 }, { -1, 0 } };
	struct arena a = { block, block + sizeof(block) };
	struct judge_space one = { 5, 1, 2 }, three = { 5, 3, 2 };
	static const struct feat want[] = {
		{ 0, 1 }, { 2, 3 }, { 10, 2 }, { 12, 6 }, { 21, 1 },
	};
	struct feat *z = judge_joint(&one, x, 2, 0, &a);

	ck_assert_uint_eq(judge_joint_dims(&one), 5);
	ck_assert(z[0].index == 0 && z[1].value == 3 && z[2].index == -1);
	ck_assert_uint_eq(judge_joint_dims(&three), 23);
	z = judge_joint(&three, x, 2, 1, &a);
	for (int i = 0; i < 5; i++)
		ck_assert(z[i].index == want[i].index &&
			  z[i].value == want[i].value);
	ck_assert_int_eq(z[5].index, -1);
}
END_TEST

START_TEST(judge_nothing_gives_the_intercepts)
{
	static const char *const texts[] = { "", "… !", "zzz qqq" };
	static const char *const yamls[] = {
		"stances: [favour, against, neutral]\n",
		"stances: [favour, against, neutral]\n"
		"words: {supervised: bayes, machine: svm}\n",
	};

	for (size_t y = 0; y < 2; y++) {
		open_model(yamls[y]);
		for (size_t i = 0; i < 3; i++) {
			struct arena a = { block, block + sizeof(block) };
			struct example x = tiny_example("", texts[i]);
			struct judgement j;

			tiny_judge(m, &x, &a, &j);
			ck_assert_uint_eq(j.counts.n, 0);
			for (uint32_t c = 0; c < m->column_count; c++)
				ck_assert(j.decision[c] ==
					  m->columns[c].intercept);
		}
		close_model();
	}
}
END_TEST

START_TEST(judge_arena_too_small_is_out_of_memory)
{
	static const char *const yamls[] = {
		TINY_RECIPE,
		TINY_RECIPE "topic: {kernel: rbf}\nstance: {kernel: rbf}\n",
		TINY_RECIPE "blocks: [{supervised: bayes, machine: svm}, "
			    "{of: across, ngrams: [3, 3], cut: blanks}]\n",
	};

	for (size_t y = 0; y < 3; y++) {
		size_t size = 0;
		int r;

		open_model(yamls[y]);
		do {
			const struct example *x = &t.corpus.v[0];
			const struct str field[] = { x->title, x->text,
						     x->target };
			char *exact = malloc(size + 1);
			struct arena a = { exact, exact + size };
			struct judgement j;

			r = judge(m, field, &a, &j);
			ck_assert(r == 0 || r == -ENOMEM);
			a = (struct arena){ exact, exact + size };
			r = r ? r : judge_quick(m, field, &a, &j);
			ck_assert(r == 0 || r == -ENOMEM);
			free(exact);
			size += 16;
			ck_assert_uint_lt(size, 1 << 20);
		} while (r);
		ck_assert_uint_gt(size, 4096);
		close_model();
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(probability_is_the_calibrated_logistic),
		CHECK_TEST(probability_is_interpolated_between_knots),
		CHECK_TEST(given_topic_lies_above_its_threshold),
		CHECK_TEST(given_of_one_is_the_largest),
		CHECK_TEST(given_at_least_one_is_the_nearest),
		CHECK_TEST(given_target_is_the_topic_whatever_is_decided),
		CHECK_TEST(given_single_target_needs_no_name),
		CHECK_TEST(stance_is_the_largest_and_sums_to_one),
		CHECK_TEST(stance_without_any_probability_is_even),
		CHECK_TEST(judge_linear_is_intercept_plus_weights),
		CHECK_TEST(quick_gives_what_judge_gives),
		CHECK_TEST(quick_rules_out_nothing_that_is_given),
		CHECK_TEST(quick_does_not_look_twice_at_what_is_far_off),
		CHECK_TEST(judge_supervised_is_weights_over_the_length),
		CHECK_TEST(unknown_is_the_part_of_words_that_are_not_known),
		CHECK_TEST(unknown_without_single_words_is_none),
		CHECK_TEST(unknown_titles_that_are_not_read_do_not_count),
		CHECK_TEST(unknown_is_asked_of_the_first_block_of_words),
		CHECK_TEST(judge_targets_give_the_target_and_its_stance),
		CHECK_TEST(joint_of_one_topic_is_what_is_shared),
		CHECK_TEST(judge_nothing_gives_the_intercepts),
		CHECK_TEST(judge_arena_too_small_is_out_of_memory),
		CHECK_END,
	};

	return check_main("judge", tests);
}

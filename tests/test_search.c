#include "learn/search.h"

#include <math.h>

#include "tests/check_main.h"

/* A made-up world: what a setting's figure would be, and which are known. */
struct world {
	double (*truth)(const struct recipe *r);
	struct known {
		char *setting;
		double figure;
	} v[4000];
	size_t n;
};

static struct conf conf;
static struct recipe recipe;
static struct setting_base base;
static struct space space;
static struct search search;
static struct search_plan plan;
static struct arena block;
static struct world world;

static double look_up(void *arg, struct str setting)
{
	const struct world *w = arg;

	for (size_t i = 0; i < w->n; i++)
		if (str_is(setting, w->v[i].setting))
			return w->v[i].figure;
	return (double)NAN;
}

static void begin(const char *yaml, double (*truth)(const struct recipe *))
{
	struct err e = { "" };
	int r = recipe_parse(&conf, "r", str_of(yaml), &recipe, &e);

	ck_assert_msg(!r, "%s", e.text);
	ck_assert_int_eq(setting_base_init(&base, &recipe, &e), 0);
	ck_assert_int_eq(arena_open(&block, 1 << 28), 0);
	space = (struct space){ .topics = true };
	search = (struct search){ .base = &base, .space = &space,
				  .least = 0.001, .seed = 1,
				  .figure = look_up, .arg = &world };
	world.truth = truth;
}

static void end(void)
{
	for (size_t i = 0; i < world.n; i++)
		free(world.v[i].setting);
	world.n = 0;
	setting_base_done(&base);
	conf_done(&conf);
	arena_close(block);
}

static void walk(size_t wants)
{
	struct arena a = block;

	ck_assert_int_eq(search_plan(&search, wants, &a, &plan), 0);
	ck_assert_uint_le(plan.want_count, wants);
}

/* The figure of want i comes in. */
static void learn(size_t i)
{
	const struct search_want *w = &plan.wants[i];

	ck_assert_uint_lt(world.n, 4000);
	world.v[world.n++] = (struct known){
		strndup(w->setting.p, w->setting.n), world.truth(&w->recipe)
	};
}

/* To the end, so many at once, of which the last comes in first. */
static void run(size_t at_once)
{
	for (walk(at_once); !plan.over; walk(at_once)) {
		ck_assert_uint_gt(plan.want_count, 0);
		learn(plan.want_count - 1);
	}
}

/* Best at c = 10, words of one, idf of 1.5. */
static double hill(const struct recipe *r)
{
	return 0.8 - 0.05 * fabs(log(r->topic.c / 10)) -
	       0.03 * (double)(r->words.ngrams.hi - 1) -
	       0.02 * fabs(r->words.idf - 1.5);
}

START_TEST(search_climbs_to_the_top)
{
	begin("", hill);
	run(1);
	ck_assert(plan.best.topic.c == 10);
	ck_assert_int_eq(plan.best.words.ngrams.hi, 1);
	ck_assert(plan.best.words.idf == 1.5);
	ck_assert(str_is(plan.setting, "words.ngrams=[1, 1]; words.idf=1.5; "
				       "topic.c=10"));
	ck_assert_double_eq(plan.figure, hill(&plan.best));
	/* Step by step, each higher. */
	ck_assert_uint_ge(plan.step_count, 6);
	ck_assert(str_is(plan.steps[0].change, "topic.c=1.8"));
	ck_assert(str_is(plan.steps[1].change, "topic.c=3.2"));
	for (size_t i = 1; i < plan.step_count; i++)
		ck_assert(plan.steps[i].figure > plan.steps[i - 1].figure);
	end();
}
END_TEST

/* How many are tried at once, and which comes in first, changes nothing of
 * what is found. */
START_TEST(search_is_the_same_at_any_speed)
{
	char found[3][200];
	size_t steps[3];

	for (size_t i = 0; i < 3; i++) {
		begin("", hill);
		run(i * i * 4 + 1);
		snprintf(found[i], sizeof(found[i]), STR_FMT,
			 STR_ARG(plan.setting));
		steps[i] = plan.step_count;
		end();
	}
	ck_assert_str_eq(found[0], found[1]);
	ck_assert_str_eq(found[0], found[2]);
	ck_assert_uint_eq(steps[0], steps[1]);
	ck_assert_uint_eq(steps[0], steps[2]);
}
END_TEST

START_TEST(search_wants_the_start_first_and_each_once)
{
	begin("", hill);
	walk(8);
	ck_assert(isnan(plan.figure));
	ck_assert_uint_eq(plan.want_count, 8);
	ck_assert(str_is(plan.wants[0].setting, ""));
	for (size_t i = 0; i < 8; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert(!str_eq(plan.wants[i].setting,
					  plan.wants[k].setting));
	ck_assert_uint_gt(plan.left, 8);
	ck_assert_uint_eq(plan.done, 0);
	learn(0);
	walk(8);
	ck_assert_double_eq(plan.figure, hill(&recipe));
	ck_assert_uint_eq(plan.done, 0);
	ck_assert_uint_eq(plan.round, 1);
	end();
}
END_TEST

/* What a table knows is not wanted again. */
START_TEST(search_goes_on_where_it_ended)
{
	size_t before;

	begin("", hill);
	run(2);
	before = world.n;
	run(2);
	ck_assert_uint_eq(world.n, before);
	ck_assert(plan.best.topic.c == 10);
	/* Half of it forgotten is tried again, and no more. */
	while (world.n > before / 2)
		free(world.v[--world.n].setting);
	run(2);
	ck_assert_uint_le(world.n, before + 2);
	ck_assert(plan.best.topic.c == 10);
	end();
}
END_TEST

static double flat(const struct recipe *r)
{
	return r->words.idf == 1.5 ? 0.5005 : 0.5;
}

START_TEST(search_leaves_small_gains)
{
	begin("", flat);
	run(1);
	ck_assert_uint_eq(plan.step_count, 0);
	ck_assert(str_is(plan.setting, ""));
	end();
	begin("", flat);
	search.least = 0;
	run(1);
	ck_assert(str_is(plan.setting, "words.idf=1.5"));
	end();
}
END_TEST

/* Two changes that only gain together. */
static double gate(const struct recipe *r)
{
	bool a = r->words.idf == 0, b = !r->topic.balanced;

	return a && b ? 0.9 : a || b ? 0.4 : 0.5;
}

START_TEST(search_draws_pairs_where_no_single_move_gains)
{
	begin("", gate);
	search.seed = 3;
	run(2);
	ck_assert(str_is(plan.setting, "words.idf=0; topic.balanced=false"));
	ck_assert_uint_eq(plan.step_count, 1);
	ck_assert_uint_eq(plan.round, 2);
	end();
}
END_TEST

/* Settings that cannot be are known to be of no use. */
static double cliff(const struct recipe *r)
{
	return r->topic.c > 1 ? -INFINITY : 0.5 - fabs(r->topic.c - 0.56);
}

START_TEST(search_goes_around_what_cannot_be)
{
	begin("", cliff);
	run(1);
	ck_assert(str_is(plan.setting, "topic.c=0.56"));
	end();
}
END_TEST

/* Blocks that a move has added are moved in turn. */
static double block_of_bayes(const struct recipe *r)
{
	const struct recipe_block *b = r->more.v;
	double f = 0.5 + (r->topic.bayes > 0 && r->more.n ? 0.1 : 0);

	return f + (r->more.n && b[0].min_df == 3 ? 0.1 : 0);
}

START_TEST(search_moves_a_new_block)
{
	const struct recipe_block *b;

	begin("", block_of_bayes);
	run(1);
	ck_assert_double_ge(plan.figure, 0.69);
	ck_assert_uint_gt(plan.best.more.n, 0);
	b = plan.best.more.v;
	ck_assert_int_eq(b[0].min_df, 3);
	end();
}
END_TEST

/* A move is decided when all of its figures are there; until then the best of
 * those that are. */
START_TEST(search_takes_what_is_known_until_all_is)
{
	begin("one_of: true\n", hill);
	walk(3);
	for (size_t i = 0; i < 3; i++)
		if (!str_is(plan.wants[i].setting, "topic.c=0.56"))
			learn(i);
	walk(3);
	ck_assert(str_is(plan.setting, "topic.c=1.8"));
	ck_assert(str_is(plan.wants[0].setting, "topic.c=0.56"));
	ck_assert(str_is(plan.wants[1].setting, "topic.c=3.2"));
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(search_climbs_to_the_top),
		CHECK_TEST(search_is_the_same_at_any_speed),
		CHECK_TEST(search_wants_the_start_first_and_each_once),
		CHECK_TEST(search_goes_on_where_it_ended),
		CHECK_TEST(search_leaves_small_gains),
		CHECK_TEST(search_draws_pairs_where_no_single_move_gains),
		CHECK_TEST(search_goes_around_what_cannot_be),
		CHECK_TEST(search_moves_a_new_block),
		CHECK_TEST(search_takes_what_is_known_until_all_is),
		CHECK_END,
	};

	return check_main("search", tests);
}

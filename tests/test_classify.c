/* The step alone; the loop is a matter of sockets. */
#include "classify/classify.h"

#include <errno.h>

#include "classify/judge.h"
#include "tests/data/allocations.h"
#include "tests/data/targets.h"

static char block[1 << 22];

static struct tiny tiny;
static struct buf bundle;
static struct model *model;

static void open_model(void)
{
	tiny_made(&tiny, TINY_RECIPE, 24);
	tiny_bundle(&tiny, &bundle);
	model = tiny_view(&bundle);
}

static void close_model(void)
{
	model_free(model);
	buf_done(&bundle);
	tiny_done(&tiny);
}

static struct article article(void)
{
	return (struct article){
		.seq = 7,
		.meta = STR("\"id\":\"x\""),
		.title = STR("Gaia-X salue la souveraineté"),
		.text = STR("La souveraineté européenne : l’indépendance, "
			    "Gaia-X et S3NS, enfin une réussite."),
		.target = STR("market"),
	};
}

START_TEST(step_article_gets_verdict_and_keys)
{
	struct arena a = { block, block + sizeof(block) };
	struct article x = article();
	struct err e = { "" };

	open_model();
	ck_assert_int_eq(classify_step(model, 0, &a, &x, &e), 0);
	ck_assert(str_starts(x.keys, STR("sovereignty.")));
	ck_assert(str_ends(x.keys, STR("\n")));
	ck_assert(str_starts(x.verdict, STR("\"topics\":[{\"topic\":"
					    "\"sovereignty\"")));
	ck_assert_ptr_null(tiny_find(x.verdict, "\"scores\""));
	ck_assert_uint_eq(x.seq, 7);
	ck_assert(str_is(x.meta, "\"id\":\"x\""));
	close_model();
}
END_TEST

START_TEST(step_text_goes_only_where_it_is_wanted)
{
	struct err e = { "" };

	open_model();
	for (uint32_t flags = 0; flags < 4; flags++) {
		struct arena a = { block, block + sizeof(block) };
		struct article x = article(), y = article();

		ck_assert_int_eq(classify_step(model, flags, &a, &x, &e), 0);
		if (flags & WIRE_WANT_TEXT) {
			ck_assert(str_eq(x.title, y.title));
			ck_assert(str_eq(x.text, y.text));
			ck_assert(str_eq(x.target, y.target));
		} else {
			ck_assert_uint_eq(x.title.n + x.text.n + x.target.n,
					  0);
		}
		ck_assert_int_eq(!!(flags & WIRE_WANT_SCORES),
				 tiny_find(x.verdict, "\"scores\"") != NULL);
	}
	close_model();
}
END_TEST

START_TEST(step_stance_is_towards_the_target)
{
	static const char *const targets[] = { "market", "sovereignty", "" };
	static const char *const keys[] = { "market.favour\n",
					    "sovereignty.favour\n",
					    "none\n" };

	model = targets_model(&tiny, TARGETS_TOPICS, 24, &bundle);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct arena a = { block, block + sizeof(block) };
		struct article x = article();
		struct err e = { "" };

		x.target = str_of(targets[i]);
		ck_assert_int_eq(classify_step(model, 0, &a, &x, &e), 0);
		ck_assert_msg(str_is(x.keys, keys[i]), STR_FMT,
			      STR_ARG(x.keys));
	}
	close_model();
}
END_TEST

START_TEST(step_same_article_gets_the_same_bytes)
{
	struct arena a = { block, block + sizeof(block) };
	struct article x = article(), y = article(), z = article();
	struct err e = { "" };

	open_model();
	ck_assert_int_eq(classify_step(model, 3, &a, &x, &e), 0);
	z.text = STR("autre chose");
	ck_assert_int_eq(classify_step(model, 3, &a, &z, &e), 0);
	ck_assert_int_eq(classify_step(model, 3, &a, &y, &e), 0);
	ck_assert(str_eq(x.verdict, y.verdict));
	ck_assert(str_eq(x.keys, y.keys));
	ck_assert(!str_eq(x.verdict, z.verdict));
	close_model();
}
END_TEST

START_TEST(step_empty_article_has_a_verdict)
{
	struct arena a = { block, block + sizeof(block) };
	struct article x = { .seq = 1, .title = STR(""), .text = STR(""),
			     .target = STR("") };
	struct err e = { "" };

	open_model();
	ck_assert_int_eq(classify_step(model, 0, &a, &x, &e), 0);
	ck_assert_uint_gt(x.keys.n, 0);
	ck_assert_uint_gt(x.verdict.n, 0);
	close_model();
}
END_TEST

START_TEST(step_arena_too_small_is_rejected)
{
	size_t size = 0;
	int r;

	open_model();
	do {
		char *exact = malloc(size + 1);
		struct arena a = { exact, exact + size };
		struct article x = article();
		struct err e = { "" };

		r = classify_step(model, 0, &a, &x, &e);
		ck_assert(r == 0 || r == STEP_REJECT);
		if (r)
			ck_assert_str_eq(e.text, "article 7 is too large to be "
						 "judged");
		free(exact);
		size += 64;
		ck_assert_uint_lt(size, 1 << 20);
	} while (r);
	close_model();
}
END_TEST

static unsigned long allocations_to_judge(const struct article *x)
{
	const struct str field[FIELD_COUNT] = { x->title, x->text, x->target };
	struct arena a = { block, block + sizeof(block) };
	unsigned long before = allocations;
	struct judgement j;

	ck_assert_int_eq(judge(model, field, &a, &j), 0);
	return allocations - before;
}

/* Whatever an article's length: what says why, and the verdict, lie in the
 * arena. */
START_TEST(step_allocates_nothing_beside_judging)
{
	struct buf text;
	struct err e = { "" };

	open_model();
	buf_init(&text, 1 << 20);
	for (size_t n = 1; n <= 1000; n *= 10) {
		struct arena a = { block, block + sizeof(block) };
		struct article x = article();
		unsigned long before, judging;

		for (size_t i = 0; i < n; i++)
			buf_add_str(&text, article().text);
		x.text = buf_view(&text);
		if (n == 1000)
			x.text.n = 20000;
		judging = allocations_to_judge(&x);
		before = allocations;
		ck_assert_int_eq(classify_step(model, 3, &a, &x, &e), 0);
		ck_assert_uint_eq(allocations - before, judging);
	}
	buf_done(&text);
	close_model();
}
END_TEST

START_TEST(step_every_allocation_fails_once)
{
	unsigned long nth = 0;
	int r = -1;

	open_model();
	while (nth < 100) {
		struct arena a = { block, block + sizeof(block) };
		struct article x = article();
		struct err e = { "" };

		allocations_fail_at(++nth);
		r = classify_step(model, 3, &a, &x, &e);
		if (!allocations_failed())
			break;
		allocations_fail_at(0);
		/* Sorting can do without. */
		ck_assert(r == 0 || r == STEP_REJECT);
	}
	allocations_fail_at(0);
	ck_assert_int_eq(r, 0);
	close_model();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(step_article_gets_verdict_and_keys),
		CHECK_TEST(step_text_goes_only_where_it_is_wanted),
		CHECK_TEST(step_stance_is_towards_the_target),
		CHECK_TEST(step_same_article_gets_the_same_bytes),
		CHECK_TEST(step_empty_article_has_a_verdict),
		CHECK_TEST(step_arena_too_small_is_rejected),
		CHECK_TEST(step_allocates_nothing_beside_judging),
		CHECK_TEST(step_every_allocation_fails_once),
		CHECK_END,
	};

	return check_main("classify", tests);
}

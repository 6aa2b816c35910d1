#include "classify/swap.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "classify/verdict.h"
#include "tests/data/tiny.h"

#define RECIPE                                              \
	"name: tiny\nstances: [favour, against, neutral]\n" \
	"words: {ngrams: [1, 1], min_df: 3}\ntokens: {stem: french}\n"

static struct tiny t;
static struct buf first, second; /* two bundles */
static char path[CHECK_PATH_MAX];
static struct swap *s;
static int64_t now; /* of the clock that the tests turn */
static struct err err;

static void put(const struct buf *b, size_t n)
{
	char again[CHECK_PATH_MAX];

	unlink(path); /* another inode, so that it is another file for sure */
	check_file(t.folder, "a.vigie", b->p, n, again);
	ck_assert(!*path || !strcmp(path, again));
	strcpy(path, again);
}

static void begin(bool watch)
{
	struct fit_column columns[12] = { { 0 } };

	tiny_made(&t, RECIPE, 24);
	t.fit.extra = tiny_golden;
	t.fit.extra_arg = &t.corpus;
	tiny_bundle(&t, &first);
	for (size_t i = 0; i < 12; i++)
		columns[i] = (struct fit_column){ .a = -2 };
	t.fit.columns = columns;
	tiny_bundle(&t, &second);
	t.fit.columns = NULL;
	ck_assert(first.n != second.n || memcmp(first.p, second.p, first.n));
	put(&first, first.n);
	now = 1000000;
	ck_assert_int_eq(swap_open(path, t.folder, watch, &s, &err), 0);
}

static void end(void)
{
	swap_free(s);
	buf_done(&first);
	buf_done(&second);
	tiny_done(&t);
}

static bool judges_by(const struct buf *b)
{
	struct model *m = tiny_view(b);
	bool so = !strcmp(m->id, swap_model(s)->id);

	model_free(m);
	return so;
}

/* Until a load is over. */
static enum swap_result turns(void)
{
	enum swap_result is;

	err_clear(&err);
	while ((is = swap_turn(s, now, &err)) == SWAP_NONE)
		sched_yield();
	return is;
}

/* So many looks, a second apart, at which nothing is begun. */
static void looks_in_vain(int n)
{
	for (; n; n--, now += 1000) {
		ck_assert(!swap_is_loading(s));
		ck_assert_int_eq(swap_turn(s, now, &err), SWAP_NONE);
		ck_assert_int_eq(swap_turn(s, now + 999, &err), SWAP_NONE);
	}
}

START_TEST(open_what_fails_its_selftest_is_refused)
{
	char *at;

	begin(true);
	at = tiny_find(buf_view(&second), "\"scores\":[");
	at = strchr(at, '.') + 1;
	*at = *at == '5' ? '6' : '5';
	tiny_seal(second.p, second.n);
	swap_free(s);
	s = NULL;
	put(&second, second.n);
	ck_assert_int_eq(swap_open(path, t.folder, true, &s, &err), -EBADMSG);
	ck_assert_ptr_eq(strstr(err.text, path), err.text);
	ck_assert_ptr_null(s);
	err_clear(&err);
	unlink(path);
	ck_assert_int_eq(swap_open(path, t.folder, true, &s, &err), -ENOENT);
	end();
}
END_TEST

START_TEST(ask_loads_what_is_there_now)
{
	begin(false);
	ck_assert(judges_by(&first));
	ck_assert_ptr_null(swap_before(s));
	swap_ask(s);
	ck_assert_int_eq(turns(), SWAP_SAME);
	put(&second, second.n);
	looks_in_vain(5); /* nobody watches */
	swap_ask(s);
	ck_assert_int_eq(turns(), SWAP_DONE);
	ck_assert(judges_by(&second));
	ck_assert_str_ne(swap_before(s)->id, swap_model(s)->id);
	looks_in_vain(2);
	end();
}
END_TEST

START_TEST(changed_file_is_loaded_when_it_rests)
{
	begin(true);
	looks_in_vain(3);
	put(&second, second.n / 2);
	looks_in_vain(1); /* seen */
	put(&second, second.n - 1);
	looks_in_vain(1); /* again another */
	put(&second, second.n);
	looks_in_vain(1);
	ck_assert_int_eq(turns(), SWAP_DONE);
	ck_assert(judges_by(&second));
	now += 1000;
	looks_in_vain(3);
	end();
}
END_TEST

START_TEST(missing_file_changes_nothing)
{
	begin(true);
	unlink(path);
	looks_in_vain(3);
	ck_assert(judges_by(&first));
	swap_ask(s); /* then it is told */
	ck_assert_int_eq(turns(), SWAP_REFUSED);
	ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
	put(&first, first.n);
	now += 1000;
	looks_in_vain(1);
	ck_assert_int_eq(turns(), SWAP_SAME);
	end();
}
END_TEST

START_TEST(bad_bundle_is_refused_and_tried_once)
{
	begin(true);
	put(&second, second.n - 1);
	looks_in_vain(1);
	ck_assert_int_eq(turns(), SWAP_REFUSED);
	ck_assert_ptr_nonnull(strstr(err.text, path));
	ck_assert_ptr_nonnull(strstr(err.text, "cut short"));
	ck_assert(judges_by(&first));
	now += 1000;
	looks_in_vain(5);
	swap_ask(s); /* but when it is asked for */
	ck_assert_int_eq(turns(), SWAP_REFUSED);
	put(&second, second.n);
	now += 1000;
	looks_in_vain(1);
	ck_assert_int_eq(turns(), SWAP_DONE);
	ck_assert(judges_by(&second));
	end();
}
END_TEST

/* cp(1) writes into the file that is there. What judges was copied from it. */
START_TEST(writing_into_the_file_does_not_change_who_judges)
{
	static char block[1 << 20];
	struct arena a = { block, block + sizeof(block) };
	struct buf before, after, keys;
	struct judgement j;
	FILE *f;

	begin(true);
	buf_init(&before, 1 << 20);
	buf_init(&after, 1 << 20);
	buf_init(&keys, 1 << 20);
	tiny_judge(swap_model(s), &t.corpus.v[1], &a, &j);
	ck_assert_int_eq(verdict_write(swap_model(s), &j, true, a, &before,
				       &keys),
			 0);
	f = fopen(path, "r+b");
	for (size_t i = 0; i < first.n; i++)
		fputc('x', f);
	fclose(f);
	ck_assert_int_eq(truncate(path, 100), 0);
	a = (struct arena){ block, block + sizeof(block) };
	tiny_judge(swap_model(s), &t.corpus.v[1], &a, &j);
	ck_assert_int_eq(verdict_write(swap_model(s), &j, true, a, &after,
				       &keys),
			 0);
	ck_assert(str_eq(buf_view(&before), buf_view(&after)));
	buf_done(&before);
	buf_done(&after);
	buf_done(&keys);
	end();
}
END_TEST

/* Under ThreadSanitizer: judging goes on while the thread loads. */
START_TEST(judging_goes_on_while_bundles_are_swapped)
{
	enum { SWAPS = 20 };
	static char block[1 << 20];
	int swaps = 0, judged = 0;

	begin(false);
	while (swaps < SWAPS) {
		struct arena a = { block, block + sizeof(block) };
		const struct model *m = swap_model(s);
		enum swap_result is;
		struct judgement j;

		tiny_judge(m, &t.corpus.v[(size_t)judged++ % t.corpus.n], &a,
			   &j);
		is = swap_turn(s, now, &err);
		ck_assert_int_ne(is, SWAP_REFUSED);
		if (is == SWAP_DONE) {
			swaps++;
			ck_assert(judges_by(swaps % 2 ? &second : &first));
		}
		if (is == SWAP_DONE || judged == 1) {
			put(swaps % 2 ? &first : &second,
			    swaps % 2 ? first.n : second.n);
			swap_ask(s);
		}
	}
	ck_assert_int_gt(judged, SWAPS);
	end();
}
END_TEST

START_TEST(free_waits_for_a_load)
{
	begin(false);
	put(&second, second.n);
	swap_ask(s);
	ck_assert_int_eq(swap_turn(s, now, &err), SWAP_NONE);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(open_what_fails_its_selftest_is_refused),
		CHECK_TEST(ask_loads_what_is_there_now),
		CHECK_TEST(changed_file_is_loaded_when_it_rests),
		CHECK_TEST(missing_file_changes_nothing),
		CHECK_TEST(bad_bundle_is_refused_and_tried_once),
		CHECK_TEST(writing_into_the_file_does_not_change_who_judges),
		CHECK_TEST(judging_goes_on_while_bundles_are_swapped),
		CHECK_TEST(free_waits_for_a_load),
		CHECK_END,
	};

	return check_main("swap", tests);
}

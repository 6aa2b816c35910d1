#include "ingest/hosts.h"

#include "tests/check_main.h"

enum { ENTRIES = 8 };

static struct hosts *hosts;
static struct hosts_entry entry[ENTRIES];

static void begin(void)
{
	ck_assert_int_eq(hosts_new(&hosts), 0);
}

static void queue(int i, const char *name, int64_t now)
{
	ck_assert_int_eq(hosts_queue(hosts, str_of(name), &entry[i], false,
				     now),
			 0);
}

/* Whose turn it is; -1: nobody's. */
static int take(int64_t now)
{
	struct hosts_entry *e = hosts_take(hosts, now);

	return e ? (int)(e - entry) : -1;
}

static void done(int i, int64_t next, int64_t now)
{
	hosts_done(hosts, &entry[i], next, now);
}

START_TEST(take_one_host_gives_one_at_a_time_in_order)
{
	begin();
	for (int i = 0; i < 3; i++)
		queue(i, "a", 0);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(take(0), i);
		ck_assert_int_eq(take(0), -1);
		ck_assert_int_eq(hosts_due(hosts), -1);
		done(i, 0, 0);
	}
	ck_assert_int_eq(take(0), -1);
	hosts_free(hosts);
}
END_TEST

START_TEST(take_hosts_gives_all_who_waited_longest_first)
{
	begin();
	queue(0, "b", 5);
	queue(1, "a", 6);
	queue(2, "c", 6);
	ck_assert_int_eq(take(6), 0);
	ck_assert_int_eq(take(6), 1);
	ck_assert_int_eq(take(6), 2);
	hosts_free(hosts);
}
END_TEST

START_TEST(take_before_the_gap_is_over_gives_none)
{
	begin();
	queue(0, "a", 0);
	queue(1, "a", 0);
	ck_assert_int_eq(take(0), 0);
	done(0, 100, 10);
	ck_assert_int_eq(hosts_due(hosts), 100);
	ck_assert_int_eq(take(99), -1);
	ck_assert_int_eq(take(100), 1);
	hosts_free(hosts);
}
END_TEST

START_TEST(gap_holds_for_who_comes_later)
{
	begin();
	queue(0, "a", 0);
	ck_assert_int_eq(take(0), 0);
	done(0, 100, 10);
	ck_assert_int_eq(hosts_due(hosts), -1);
	queue(1, "a", 20);
	ck_assert_int_eq(take(99), -1);
	ck_assert_int_eq(take(100), 1);
	hosts_free(hosts);
}
END_TEST

START_TEST(queue_first_goes_before_the_others)
{
	begin();
	queue(0, "a", 0);
	queue(1, "a", 0);
	ck_assert_int_eq(hosts_queue(hosts, STR("a"), &entry[2], true, 0), 0);
	ck_assert_int_eq(take(0), 2);
	done(2, 0, 0);
	ck_assert_int_eq(take(0), 0);
	hosts_free(hosts);
}
END_TEST

START_TEST(leave_anywhere_in_the_queue_keeps_the_others)
{
	begin();
	for (int i = 0; i < 4; i++)
		queue(i, "a", 0);
	hosts_leave(hosts, &entry[1]);
	hosts_leave(hosts, &entry[0]);
	hosts_leave(hosts, &entry[3]);
	ck_assert_ptr_null(entry[1].host);
	ck_assert_int_eq(take(0), 2);
	done(2, 0, 0);
	ck_assert_int_eq(take(0), -1);
	queue(0, "a", 0);
	hosts_leave(hosts, &entry[0]);
	ck_assert_int_eq(hosts_due(hosts), -1);
	hosts_free(hosts);
}
END_TEST

/* Many hosts, due at any times, come in the order of these. */
START_TEST(take_many_hosts_are_in_the_order_in_which_they_are_due)
{
	enum { N = 10000 };
	struct hosts_entry *many = calloc(N, sizeof(*many)), *e;
	int64_t now = 0;
	char name[16];

	begin();
	for (unsigned i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "h%u", i);
		hosts_queue(hosts, str_of(name), &many[i], false,
			    i * 7919 % N);
	}
	for (unsigned i = 0; i < N; i += 3)
		hosts_leave(hosts, &many[i]);
	for (unsigned n = 0; n < N - (N + 2) / 3; n++) {
		ck_assert_int_ge(hosts_due(hosts), now);
		now = hosts_due(hosts);
		e = hosts_take(hosts, now);
		ck_assert_ptr_nonnull(e);
		ck_assert_int_eq((e - many) * 7919 % N, now);
		hosts_done(hosts, e, now, now);
	}
	ck_assert_int_eq(hosts_due(hosts), -1);
	hosts_tidy(hosts, N, 0);
	hosts_free(hosts);
	free(many);
}
END_TEST

START_TEST(tidy_forgets_the_idle_alone)
{
	char name[16];

	begin();
	hosts_rest(hosts, STR("rests"), 1000, 0);
	queue(0, "waits", 0);
	queue(1, "gap", 0);
	queue(2, "busy", 0);
	ck_assert_int_eq(take(0), 0);
	done(0, 0, 0);
	queue(0, "waits", 5);
	ck_assert_int_eq(take(0), 1);
	done(1, 500, 0);
	ck_assert_int_eq(take(0), 2);
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "h%u", i);
		hosts_rest(hosts, str_of(name), 0, 0);
	}
	hosts_tidy(hosts, 10, 10);
	ck_assert_int_eq(hosts_rest_until(hosts, STR("rests"), 0), 1000);
	ck_assert_int_eq(take(10), 0);
	queue(1, "gap", 20);
	ck_assert_int_eq(take(499), -1);
	done(2, 0, 20);
	hosts_free(hosts);
}
END_TEST

START_TEST(rest_told_is_obeyed_up_to_a_week)
{
	begin();
	ck_assert_int_eq(hosts_rest(hosts, STR("a"), 5000, 100), 5000);
	ck_assert_int_eq(hosts_rest_until(hosts, STR("a"), 5099), 5100);
	ck_assert_int_eq(hosts_rest_until(hosts, STR("a"), 5100), 0);
	ck_assert_int_eq(hosts_rest_until(hosts, STR("b"), 0), 0);
	ck_assert_int_eq(hosts_rest(hosts, STR("a"), HOSTS_TOLD_MAX + 1, 0),
			 HOSTS_TOLD_MAX);
	hosts_free(hosts);
}
END_TEST

START_TEST(rest_not_told_grows_until_it_is_good)
{
	int64_t expected = HOSTS_REST_MIN;

	begin();
	for (int i = 0; i < 12; i++) {
		ck_assert_int_eq(hosts_rest(hosts, STR("a"), -1, 0), expected);
		expected = expected * 2 < HOSTS_REST_MAX ? expected * 2
							 : HOSTS_REST_MAX;
	}
	hosts_good(hosts, STR("a"));
	ck_assert_int_eq(hosts_rest_until(hosts, STR("a"), 0), 0);
	ck_assert_int_eq(hosts_rest(hosts, STR("a"), -1, 0), HOSTS_REST_MIN);
	hosts_free(hosts);
}
END_TEST

START_TEST(rest_remembered_is_cut_to_a_week)
{
	begin();
	hosts_rest_set(hosts, STR("a"), 500, 100);
	ck_assert_int_eq(hosts_rest_until(hosts, STR("a"), 100), 500);
	hosts_rest_set(hosts, STR("a"), INT64_MAX, 100);
	ck_assert_int_eq(hosts_rest_until(hosts, STR("a"), 100),
			 100 + HOSTS_TOLD_MAX);
	hosts_rest_set(hosts, STR("a"), 0, 100);
	ck_assert_int_eq(hosts_rest_until(hosts, STR("a"), 100), 0);
	hosts_rest_set(hosts, STR("b"), 0, 100);
	hosts_free(hosts);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(take_one_host_gives_one_at_a_time_in_order),
		CHECK_TEST(take_hosts_gives_all_who_waited_longest_first),
		CHECK_TEST(take_before_the_gap_is_over_gives_none),
		CHECK_TEST(gap_holds_for_who_comes_later),
		CHECK_TEST(queue_first_goes_before_the_others),
		CHECK_TEST(leave_anywhere_in_the_queue_keeps_the_others),
		CHECK_TEST(
			take_many_hosts_are_in_the_order_in_which_they_are_due),
		CHECK_TEST(tidy_forgets_the_idle_alone),
		CHECK_TEST(rest_told_is_obeyed_up_to_a_week),
		CHECK_TEST(rest_not_told_grows_until_it_is_good),
		CHECK_TEST(rest_remembered_is_cut_to_a_week),
		CHECK_END,
	};

	return check_main("hosts", tests);
}

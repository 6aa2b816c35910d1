#include "ingest/workers.h"

#include <errno.h>

#include "tests/check_main.h"

enum { FIRST_SESSION = 100, PATIENCE = 1000 };

static struct workers w;
static struct pending *p;
static int64_t now;

static void begin(int articles)
{
	ck_assert_int_eq(pending_new(64, 1 << 20, 0, &p), 0);
	workers_init(&w, FIRST_SESSION);
	while (articles-- > 0) {
		ck_assert_int_eq(pending_add(p, pending_stats(p).next,
					     STR("record"), 0), 0);
	}
}

static void end(void)
{
	workers_done(&w);
	pending_free(p);
}

static struct link_peer peer(int number)
{
	struct link_peer at = { .n = sizeof(number) };

	memcpy(at.id, &number, sizeof(number));
	return at;
}

static int credit(int number, uint64_t session, uint64_t done,
		  uint64_t records, uint64_t bytes)
{
	struct link_peer at = peer(number);
	struct credit c = { session, done, records, bytes };

	return workers_credit(&w, &at, &c, now, p);
}

/* Send it the next n that wait, as one batch of so many bytes. */
static void batch(struct worker *one, uint32_t n, uint64_t bytes)
{
	uint64_t seqs[64];
	struct str record;

	for (uint32_t i = 0; i < n; i++) {
		ck_assert(pending_peek(p, &seqs[i], &record));
		pending_sent(p, seqs[i], one->session, now);
	}
	ck_assert_int_eq(worker_took(one, seqs, n, bytes), 0);
}

static uint64_t lose(size_t at)
{
	return workers_gone(&w, &w.v[at], true, p).records;
}

START_TEST(credit_new_peer_gets_a_session)
{
	begin(0);
	ck_assert_int_eq(credit(1, 0, 0, 10, 1000), 0);
	ck_assert_int_eq(credit(2, 0, 0, 10, 1000), 0);
	ck_assert_int_eq(credit(1, 0, 0, 10, 1000), 0);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(w.v[0].session, FIRST_SESSION + 1);
	ck_assert_uint_eq(w.v[1].session, FIRST_SESSION + 2);
	end();
}
END_TEST

START_TEST(credit_is_absolute_and_may_repeat)
{
	begin(8);
	credit(1, 0, 0, 4, 1000);
	batch(&w.v[0], 2, 200);
	batch(&w.v[0], 2, 200);
	ck_assert(!worker_has_room(&w.v[0], 1, 1));
	for (int i = 0; i < 3; i++) {
		credit(1, FIRST_SESSION + 1, 1, 4, 1000);
		ck_assert_uint_eq(w.v[0].held_records, 2);
		ck_assert_uint_eq(w.v[0].held_bytes, 200);
	}
	/* An older one, of the time when nothing was done. */
	credit(1, FIRST_SESSION + 1, 0, 4, 1000);
	ck_assert_uint_eq(w.v[0].held_records, 2);
	credit(1, FIRST_SESSION + 1, 2, 4, 1000);
	ck_assert_uint_eq(w.v[0].held_records, 0);
	end();
}
END_TEST

START_TEST(credit_of_batches_never_sent_is_ignored)
{
	begin(2);
	credit(1, 0, 0, 4, 1000);
	batch(&w.v[0], 1, 100);
	credit(1, FIRST_SESSION + 1, 2, 4, 1000);
	credit(1, FIRST_SESSION + 1, UINT64_MAX, 4, 1000);
	ck_assert_uint_eq(w.v[0].held_records, 1);
	end();
}
END_TEST

START_TEST(credit_of_a_stale_session_frees_nothing)
{
	begin(2);
	credit(1, 0, 0, 4, 1000);
	batch(&w.v[0], 1, 100);
	now += PATIENCE + 1;
	ck_assert(worker_is_silent(&w.v[0], now, PATIENCE));
	ck_assert_uint_eq(lose(0), 1);
	/* It was only slow, and speaks of what it had then. */
	credit(1, FIRST_SESSION + 1, 1, 4, 1000);
	ck_assert_uint_eq(w.v[0].session, FIRST_SESSION + 2);
	batch(&w.v[0], 1, 100);
	credit(1, FIRST_SESSION + 1, 1, 4, 1000);
	ck_assert_uint_eq(w.v[0].held_records, 1);
	credit(1, FIRST_SESSION + 2, 1, 4, 1000);
	ck_assert_uint_eq(w.v[0].held_records, 0);
	end();
}
END_TEST

START_TEST(credit_of_nothing_is_a_farewell)
{
	begin(4);
	credit(1, 0, 0, 4, 1000);
	batch(&w.v[0], 1, 100);
	batch(&w.v[0], 2, 100);
	ck_assert_uint_eq(pending_stats(p).waiting, 1);
	/* Its last word tells of one that it has handed on. */
	credit(1, FIRST_SESSION + 1, 1, 0, 0);
	ck_assert_uint_eq(w.n, 0);
	ck_assert_uint_eq(pending_stats(p).waiting, 3);
	credit(9, 0, 0, 0, 0); /* from one that we never heard of */
	ck_assert_uint_eq(w.n, 0);
	end();
}
END_TEST

START_TEST(credit_worker_limit)
{
	begin(0);
	for (int i = 0; i < WORKERS_MAX; i++)
		ck_assert_int_eq(credit(i, 0, 0, 1, 1), 0);
	ck_assert_int_eq(credit(WORKERS_MAX, 0, 0, 1, 1), -EMFILE);
	ck_assert_int_eq(credit(0, 0, 0, 2, 1), 0);
	credit(5, 0, 0, 0, 0);
	ck_assert_int_eq(credit(WORKERS_MAX, 0, 0, 1, 1), 0);
	ck_assert_uint_eq(w.n, WORKERS_MAX);
	end();
}
END_TEST

START_TEST(silence_is_measured_from_the_last_credit)
{
	begin(4);
	credit(1, 0, 0, 4, 1000);
	credit(2, 0, 0, 4, 1000);
	batch(&w.v[0], 1, 100);
	batch(&w.v[1], 2, 100);
	now += PATIENCE;
	ck_assert(!worker_is_silent(&w.v[1], now, PATIENCE));
	credit(1, FIRST_SESSION + 1, 0, 4, 1000);
	now++;
	ck_assert(!worker_is_silent(&w.v[0], now, PATIENCE));
	ck_assert(worker_is_silent(&w.v[1], now, PATIENCE));
	end();
}
END_TEST

START_TEST(gone_in_the_middle_leaves_the_others)
{
	begin(6);
	for (int i = 1; i <= 3; i++)
		credit(i, 0, 0, 4, 1000);
	for (int i = 0; i < 3; i++)
		batch(&w.v[i], 2, 100);
	ck_assert_uint_eq(lose(0), 2);
	ck_assert_uint_eq(w.n, 2);
	ck_assert_uint_eq(lose(1), 2);
	ck_assert_uint_eq(lose(0), 2);
	ck_assert_ptr_null(workers_next(&w, 1));
	end();
}
END_TEST

START_TEST(room_in_records)
{
	begin(8);
	credit(1, 0, 0, 4, 1000);
	batch(&w.v[0], 1, 10);
	ck_assert(worker_has_room(&w.v[0], 2, 10));
	ck_assert(worker_has_room(&w.v[0], 3, 10));
	ck_assert(!worker_has_room(&w.v[0], 4, 10));
	end();
}
END_TEST

START_TEST(room_in_bytes)
{
	begin(8);
	credit(1, 0, 0, 4, 1000);
	batch(&w.v[0], 1, 10);
	ck_assert(worker_has_room(&w.v[0], 1, 989));
	ck_assert(worker_has_room(&w.v[0], 1, 990));
	ck_assert(!worker_has_room(&w.v[0], 1, 991));
	end();
}
END_TEST

START_TEST(room_in_batches)
{
	begin(WORKER_BATCHES + 1);
	credit(1, 0, 0, 100, 1000);
	for (int i = 0; i < WORKER_BATCHES; i++) {
		ck_assert_ptr_nonnull(workers_next(&w, 1));
		batch(&w.v[0], 1, 1);
	}
	ck_assert_ptr_null(workers_next(&w, 1));
	credit(1, w.v[0].session, 1, 100, 1000);
	ck_assert_ptr_nonnull(workers_next(&w, 1));
	end();
}
END_TEST

START_TEST(room_oversize_goes_to_an_idle_one_alone)
{
	begin(8);
	credit(1, 0, 0, 4, 1000);
	credit(2, 0, 0, 4, 1000);
	batch(&w.v[0], 1, 10);
	ck_assert_ptr_eq(workers_next(&w, 5000), &w.v[1]);
	ck_assert(!worker_has_room(&w.v[1], 2, 5000));
	batch(&w.v[1], 1, 5000);
	ck_assert_ptr_null(workers_next(&w, 5000));
	ck_assert(!worker_has_room(&w.v[1], 1, 1));
	end();
}
END_TEST

START_TEST(room_of_no_records_is_none)
{
	begin(1);
	credit(1, 0, 0, 0, 1000);
	ck_assert_uint_eq(w.n, 1);
	ck_assert_ptr_null(workers_next(&w, 1));
	end();
}
END_TEST

START_TEST(next_takes_turns)
{
	begin(0);
	ck_assert_ptr_null(workers_next(&w, 1));
	for (int i = 1; i <= 3; i++)
		credit(i, 0, 0, 4, 1000);
	for (int i = 0; i < 6; i++)
		ck_assert_ptr_eq(workers_next(&w, 1), &w.v[i % 3]);
	credit(2, 0, 0, 0, 1);
	ck_assert_ptr_eq(workers_next(&w, 1), &w.v[0]);
	ck_assert_ptr_eq(workers_next(&w, 1), &w.v[2]);
	end();
}
END_TEST

START_TEST(took_counts_batches)
{
	begin(40);
	credit(1, 0, 0, 64, 1000);
	for (uint64_t i = 1; i <= 20; i++) {
		batch(&w.v[0], 2, 10);
		ck_assert_uint_eq(w.v[0].batches, i);
	}
	ck_assert_uint_eq(w.v[0].held_records, 40);
	ck_assert_uint_eq(w.v[0].held_bytes, 200);
	credit(1, FIRST_SESSION + 1, 19, 64, 1000);
	ck_assert_uint_eq(w.v[0].held_records, 2);
	ck_assert_uint_eq(lose(0), 2);
	end();
}
END_TEST

START_TEST(suspects_go_to_one_worker_with_empty_hands)
{
	struct worker *one;

	begin(8);
	credit(1, 0, 0, 4, 1000);
	credit(2, 0, 0, 4, 1000);
	batch(&w.v[0], 2, 100);
	batch(&w.v[1], 1, 100);
	ck_assert_ptr_null(workers_for_suspect(&w));
	ck_assert_ptr_eq(workers_next(&w, 1), &w.v[0]); /* the other's kept */
	ck_assert_ptr_eq(workers_next(&w, 1), &w.v[0]);
	credit(2, w.v[1].session, 1, 4, 1000);
	one = workers_for_suspect(&w);
	ck_assert_ptr_eq(one, &w.v[1]);
	batch(one, 1, 100);
	ck_assert_ptr_null(workers_for_suspect(&w));
	/* Nobody shares the fate of the last of them. */
	workers_release(&w);
	ck_assert_ptr_eq(workers_next(&w, 1), &w.v[0]);
	ck_assert_ptr_eq(workers_next(&w, 1), &w.v[0]);
	credit(2, w.v[1].session, 2, 4, 1000);
	workers_release(&w);
	ck_assert_ptr_eq(workers_next(&w, 1), &w.v[1]);
	end();
}
END_TEST

START_TEST(suspects_need_a_worker_that_takes)
{
	begin(1);
	ck_assert_ptr_null(workers_for_suspect(&w));
	credit(1, 0, 0, 0, 1000);
	ck_assert_ptr_null(workers_for_suspect(&w));
	credit(1, 0, 0, 1, 1);
	ck_assert_ptr_eq(workers_for_suspect(&w), &w.v[0]);
	ck_assert_ptr_eq(workers_find(&w, w.v[0].session), &w.v[0]);
	ck_assert_ptr_null(workers_find(&w, 1));
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(credit_new_peer_gets_a_session),
		CHECK_TEST(credit_is_absolute_and_may_repeat),
		CHECK_TEST(credit_of_batches_never_sent_is_ignored),
		CHECK_TEST(credit_of_a_stale_session_frees_nothing),
		CHECK_TEST(credit_of_nothing_is_a_farewell),
		CHECK_TEST(credit_worker_limit),
		CHECK_TEST(silence_is_measured_from_the_last_credit),
		CHECK_TEST(gone_in_the_middle_leaves_the_others),
		CHECK_TEST(room_in_records),
		CHECK_TEST(room_in_bytes),
		CHECK_TEST(room_in_batches),
		CHECK_TEST(room_oversize_goes_to_an_idle_one_alone),
		CHECK_TEST(room_of_no_records_is_none),
		CHECK_TEST(next_takes_turns),
		CHECK_TEST(took_counts_batches),
		CHECK_TEST(suspects_go_to_one_worker_with_empty_hands),
		CHECK_TEST(suspects_need_a_worker_that_takes),
		CHECK_END,
	};

	return check_main("workers", tests);
}

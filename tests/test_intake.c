#include "ingest/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stop.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 16];
static struct ingest_settings set;
static struct intake *t;
static struct err err;

static void open_it(void)
{
	ck_assert_msg(!intake_open(&set, &t, &err), "%s", err.text);
}

static void begin(void)
{
	check_folder(folder);
	snprintf(path, sizeof(path), "%s/journal", folder);
	set = (struct ingest_settings){
		.window = 64,
		.window_bytes = 1 << 20,
		.journal = { .path = path,
			     .group = 512,
			     .patience = 5,
			     .segment = 1 << 16,
			     .quota = 1 << 24 },
	};
	open_it();
}

static void again(void)
{
	intake_free(t);
	open_it();
}

static void end(void)
{
	intake_free(t);
	check_folder_done(folder);
}

static struct raw piece(const char *key, const char *position,
			const char *bytes)
{
	return (struct raw){ .kind = RAW_JSON,
			     .bytes = str_of(bytes),
			     .place = "in.jsonl:1",
			     .key = str_of(key),
			     .position = str_of(position) };
}

static void take(const char *key, const char *position)
{
	struct raw raw = piece(key, position, "{\"text\":\"a\"}");

	ck_assert_int_eq(intake_take(t, &raw, &err), 0);
}

/* So many articles of 8 kB. */
static void take_large(int n)
{
	static char bytes[8192];
	struct raw raw;

	memset(bytes, 'x', sizeof(bytes) - 1);
	memcpy(bytes, "{\"text\":\"", 9);
	memcpy(bytes + sizeof(bytes) - 3, "\"}", 2);
	raw = piece("k", "large", bytes);
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(intake_take(t, &raw, &err), 0);
}

static void commit(void)
{
	ck_assert_msg(!intake_commit(t, &err), "%s", err.text);
}

/* All that is committed is handed out, and these acknowledged. */
static void ack(uint64_t low)
{
	struct ack a = { .low = low };
	struct pending *p = intake_pending(t);
	struct str record;
	uint64_t seq;

	ck_assert_int_eq(intake_feed(t, 0, &err), 0);
	while (pending_peek(p, &seq, &record))
		pending_sent(p, seq, 1, 0);
	ck_assert_int_eq(intake_ack(t, &a, NULL, NULL, &err), 0);
}

static void is_at(const char *key, const char *position)
{
	struct buf b;
	int r;

	buf_init(&b, 256);
	r = intake_position(t, str_of(key), &b);
	ck_assert_int_eq(r, position ? 0 : STEP_END);
	if (position)
		ck_assert(str_eq(buf_view(&b), str_of(position)));
	buf_done(&b);
}

/* A folder opens a file again before the group is committed. */
START_TEST(position_is_told_before_it_is_committed)
{
	begin();
	is_at("k", NULL);
	take("k", "1");
	is_at("k", "1");
	take("j", "7");
	is_at("k", "1");
	take("k", "2");
	is_at("k", "2");
	is_at("j", "7");
	commit();
	is_at("k", "2");
	is_at("j", "7");
	end();
}
END_TEST

/* The room has ended, perhaps since a sync failed: what it had read goes with
 * the group, and so must its position. */
START_TEST(what_was_not_committed_is_not_remembered)
{
	begin();
	take("k", "1");
	commit();
	take("k", "2");
	take("j", "7");
	ck_assert_int_eq(intake_remember(t, STR("key"), STR("told")), 0);
	again();
	is_at("k", "1");
	is_at("j", NULL);
	ck_assert_int_eq(intake_key(t, STR("key"), &(struct buf){ .max = 9 }),
			 STEP_END);
	ck_assert_uint_eq(intake_stats(t).accepted, 1);
	end();
}
END_TEST

START_TEST(what_was_committed_is_remembered)
{
	struct buf b;

	begin();
	take("k", "1");
	take("j", "7");
	ck_assert_int_eq(intake_remember(t, STR("key"), STR("told")), 0);
	commit();
	for (int i = 0; i < 3; i++) {
		again();
		is_at("k", "1");
		is_at("j", "7");
		buf_init(&b, 256);
		ck_assert_int_eq(intake_key(t, STR("key"), &b), 0);
		ck_assert(str_eq(buf_view(&b), STR("told")));
		buf_done(&b);
		ck_assert_int_eq(intake_keep(t, i == 1, &err), 0);
	}
	end();
}
END_TEST

/* Below a limit of the file's size, which is as a full disk. */
START_TEST(full_disk_is_made_empty_by_acks)
{
	struct rlimit was, full;
	uint64_t bytes;

	begin();
	stop_install(); /* ignores SIGXFSZ */
	for (int i = 0; i < 12; i++) {
		take_large(1);
		commit();
	}
	bytes = intake_stats(t).journal_bytes;
	getrlimit(RLIMIT_FSIZE, &was);
	full = was;
	full.rlim_cur = 40000;
	setrlimit(RLIMIT_FSIZE, &full);
	take("k", "later");
	ck_assert_int_eq(intake_commit(t, &err), STEP_WAIT);
	ck_assert(!intake_has_room(t));
	ack(12);
	ck_assert_int_eq(intake_keep(t, false, &err), 0);
	ck_assert_uint_lt(intake_stats(t).journal_bytes, bytes - 50000);
	setrlimit(RLIMIT_FSIZE, &was);
	is_at("k", "later");
	commit();
	ck_assert(intake_has_room(t));
	again();
	is_at("k", "later");
	ck_assert_uint_eq(intake_stats(t).accepted, 13);
	end();
}
END_TEST

START_TEST(segment_that_fills_the_quota_alone_goes)
{
	begin();
	set.journal.quota = 1 << 16;
	again();
	take_large(20);
	commit();
	ck_assert(!intake_has_room(t));
	ack(20);
	ck_assert_int_eq(intake_keep(t, false, &err), 0);
	ck_assert(intake_has_room(t));
	end();
}
END_TEST

START_TEST(refused_piece_is_a_letter_with_a_number)
{
	struct raw raw = piece("k", "1", "{no");
	struct err why = { "" };

	begin();
	ck_assert_int_eq(intake_take(t, &raw, &why), STEP_REJECT);
	is_at("k", NULL);
	ck_assert_uint_eq(intake_stats(t).refused, 0);
	ck_assert_int_eq(intake_refuse(t, &raw, str_of(why.text), &err), 0);
	ck_assert_uint_eq(intake_stats(t).refused, 1);
	is_at("k", "1");
	commit();
	ck_assert_uint_eq(intake_stats(t).accepted, 1);
	end();
}
END_TEST

/* The segment's file as it is now. */
static struct str copy(char at[CHECK_PATH_MAX + 64])
{
	struct str s;

	snprintf(at, CHECK_PATH_MAX + 64, "%s/0000000000000001.journal", path);
	ck_assert_int_eq(file_read(at, 1 << 24, &s, &err), 0);
	return s;
}

/* An old copy of the journal is put beside the newer cache: no number is given
 * again, and positions are remembered all the same. */
START_TEST(journal_older_than_its_cache_gives_no_number_again)
{
	char at[CHECK_PATH_MAX + 64];
	struct str old;
	int fd;

	begin();
	take("k", "1");
	commit();
	old = copy(at);
	for (int i = 0; i < 5; i++) {
		take("k", "2");
		commit();
	}
	ack(6);
	ck_assert_int_eq(intake_keep(t, true, &err), 0);
	intake_free(t);
	fd = open(at, O_WRONLY | O_TRUNC);
	ck_assert_int_eq(file_write_all(fd, old), 0);
	close(fd);
	free((void *)(uintptr_t)old.p);
	open_it();
	is_at("k", "2");
	take("k", "3");
	commit();
	ck_assert_int_eq(intake_feed(t, 0, &err), 0);
	ck_assert_uint_eq(pending_stats(intake_pending(t)).held, 1);
	ck_assert_uint_gt(pending_stats(intake_pending(t)).low, 6);
	again();
	is_at("k", "3");
	end();
}
END_TEST

START_TEST(without_a_journal_nothing_is_remembered)
{
	begin();
	intake_free(t);
	set.journal.path = NULL;
	open_it();
	take("k", "1");
	is_at("k", NULL);
	ck_assert_int_eq(intake_due(t, 0), -1);
	ck_assert_uint_eq(pending_stats(intake_pending(t)).held, 1);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(position_is_told_before_it_is_committed),
		CHECK_TEST(what_was_not_committed_is_not_remembered),
		CHECK_TEST(what_was_committed_is_remembered),
		CHECK_TEST(full_disk_is_made_empty_by_acks),
		CHECK_TEST(segment_that_fills_the_quota_alone_goes),
		CHECK_TEST(refused_piece_is_a_letter_with_a_number),
		CHECK_TEST(journal_older_than_its_cache_gives_no_number_again),
		CHECK_TEST(without_a_journal_nothing_is_remembered),
		CHECK_END,
	};

	return check_main("intake", tests);
}

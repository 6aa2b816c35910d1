/* The journal as ingest uses it: what is added, committed, read, forgotten.
 * What is damaged: test_journal_open.c, test_journal_damage.c. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "tests/journal_kit.h"

/* Ours stand before libc's, so that a disk can fail. */
static int syncs, sync_errno, folder_errno, cut_errno;

int fdatasync(int fd)
{
	syncs++;
	errno = sync_errno;
	return sync_errno ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	syncs++;
	errno = folder_errno;
	return folder_errno ? -1 : (int)syscall(SYS_fsync, fd);
}

int ftruncate(int fd, off_t n)
{
	errno = cut_errno;
	return cut_errno ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_new_journal_is_empty_and_private)
{
	struct journal_stats s;
	struct stat st;

	kit_begin();
	kit_open();
	kit_quiet();
	ck_assert_uint_eq(journal_next(kit.j), 0);
	ck_assert_uint_eq(journal_waiting(kit.j), 0);
	ck_assert_int_eq(journal_due(kit.j, 1000, false), -1);
	ck_assert_int_eq(journal_commit(kit.j, &kit.err), 0);
	kit_reads_end();
	s = journal_stats(kit.j);
	ck_assert_uint_eq(s.segments, 1);
	ck_assert_uint_eq(s.bytes, JOURNAL_HEAD);
	ck_assert_uint_eq(s.frames + s.total + s.first, 0);
	ck_assert_int_eq(stat(kit.folder, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	ck_assert_int_eq(stat(kit_path(1), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	kit_end();
}
END_TEST

START_TEST(what_was_committed_is_replayed_and_read)
{
	struct origin origin;

	kit_begin();
	kit_open();
	origin = journal_origin(kit.j);
	kit_frames(3, 5);
	kit_add_named(JOURNAL_POSITION, "feed", "17");
	kit_add_named(JOURNAL_KEY, "a key", "");
	kit_commit();
	kit_frames(1, 1);
	kit_add();
	kit_close(); /* the last was not committed */
	kit_open();
	kit_quiet();
	ck_assert_int_eq(origin_cmp(journal_origin(kit.j), origin), 0);
	ck_assert_uint_eq(kit.articles, 16);
	ck_assert_uint_eq(kit.others, 2);
	ck_assert_uint_eq(kit.last_frame, 5);
	ck_assert_uint_eq(journal_next(kit.j), 16);
	ck_assert_uint_eq(journal_stats(kit.j).frames, 5);
	ck_assert_uint_eq(journal_stats(kit.j).total, 16);
	for (uint64_t seq = 0; seq < 16; seq++)
		kit_reads(seq);
	kit_reads_end();
	kit_end();
}
END_TEST

static struct journal_entry copies[8];
static size_t copied;

static int copy_entry(void *self, const struct journal_entry *entry)
{
	struct journal_entry *to = &copies[copied++];

	(void)self;
	*to = *entry;
	to->name.p = strndup(entry->name.p, entry->name.n);
	to->value.p = strndup(entry->value.p, entry->value.n);
	return 0;
}

START_TEST(entries_of_every_kind_come_back_as_they_were)
{
	const struct journal_replay replay = { .each = copy_entry };
	const struct journal_entry all[] = {
		{ JOURNAL_ARTICLE, 0, 1, { "", 0 }, STR("record") },
		{ JOURNAL_POSITION, 0, 1, STR("feed"), STR("{\"at\":3}") },
		{ JOURNAL_KEY, 0, 1, STR("k"), STR("") },
		{ JOURNAL_ATTEMPT, 0, 1, { "", 0 }, STR("killed by 11") },
		{ JOURNAL_DEAD, 0, 1, { "", 0 }, STR("\"stage\":\"judge\"") },
	};
	size_t n = sizeof(all) / sizeof(*all);

	kit_begin();
	kit_open();
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(journal_add(kit.j, &all[i]), 0);
	ck_assert_uint_eq(journal_waiting(kit.j), n);
	kit_commit();
	kit_close();
	ck_assert_int_eq(journal_open(&kit.s, &replay, &kit.notes, &kit.j,
				      &kit.err),
			 0);
	ck_assert_uint_eq(copied, n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(copies[i].kind, all[i].kind);
		ck_assert_uint_eq(copies[i].seq, all[i].seq);
		ck_assert_uint_eq(copies[i].frame, 1);
		ck_assert(str_eq(copies[i].name, all[i].name));
		ck_assert(str_eq(copies[i].value, all[i].value));
		free((char *)copies[i].name.p);
		free((char *)copies[i].value.p);
	}
	kit_end();
}
END_TEST

static int refuse(void *self, const struct journal_entry *entry)
{
	(void)self;
	(void)entry;
	return -ECANCELED;
}

START_TEST(a_replay_that_fails_ends_the_opening)
{
	const struct journal_replay replay = { .each = refuse };

	kit_begin();
	kit_open();
	kit_frames(1, 1);
	kit_close();
	ck_assert_int_eq(journal_open(&kit.s, &replay, &kit.notes, &kit.j,
				      &kit.err),
			 -ECANCELED);
	kit_open(); /* and the lock is free again */
	kit_end();
}
END_TEST

START_TEST(due_is_when_the_group_is_full_or_patience_over)
{
	kit_begin();
	kit.s.group = 3;
	kit.s.patience = 50;
	kit_open();
	kit_add();
	ck_assert_int_eq(journal_due(kit.j, 1000, false), 50);
	ck_assert_int_eq(journal_due(kit.j, 1049, false), 1);
	ck_assert_int_eq(journal_due(kit.j, 1050, false), 0);
	ck_assert_int_eq(journal_due(kit.j, 9000, false), 0);
	kit_add();
	ck_assert_int_eq(journal_due(kit.j, 1010, false), 40);
	kit_add();
	ck_assert_int_eq(journal_due(kit.j, 1010, false), 0);
	kit_commit();
	ck_assert_int_eq(journal_due(kit.j, 1010, false), -1);
	kit_add();
	ck_assert_int_eq(journal_due(kit.j, 2000, false), 50);
	kit_end();
}
END_TEST

/* With a flood behind it; nobody waits for it then. */
START_TEST(due_in_a_flood_is_nine_commits_later)
{
	int64_t worth;

	kit_begin();
	kit.s.patience = 0;
	kit_open();
	kit_add();
	ck_assert_int_eq(journal_due(kit.j, 1000, true), 0);
	kit_commit();
	worth = 9 * journal_stats(kit.j).commit_ns / 1000000;
	worth = worth < 100 ? worth : 100;
	kit_add();
	ck_assert_int_eq(journal_due(kit.j, 2000, true), worth);
	ck_assert_int_eq(journal_due(kit.j, 2000, false), 0);
	ck_assert_int_eq(journal_due(kit.j, 2000 + worth, true), 0);
	kit_end();
}
END_TEST

START_TEST(a_commit_is_one_write_and_one_sync)
{
	kit_begin();
	kit_open();
	syncs = 0;
	kit_frames(1, 100);
	ck_assert_int_eq(syncs, 1);
	ck_assert_int_gt(journal_stats(kit.j).commit_ns, 0);
	kit_end();
}
END_TEST

START_TEST(add_past_the_largest_frame_wants_a_commit_first)
{
	static char big[1 << 20];
	const size_t left = JOURNAL_FRAME_MAX - JOURNAL_FRAME_HEAD -
			    63 * (sizeof(big) + JOURNAL_ENTRY_HEAD) -
			    JOURNAL_ENTRY_HEAD;
	struct journal_entry entry = { .kind = JOURNAL_ARTICLE,
				       .value = { big, sizeof(big) } };
	struct str record;
	uint64_t seq;

	kit_begin();
	kit_open();
	for (; entry.seq < 63; entry.seq++)
		ck_assert_int_eq(journal_add(kit.j, &entry), 0);
	ck_assert_int_eq(journal_due(kit.j, 0, false), 0);
	entry.value.n = left + 1;
	ck_assert_int_eq(journal_add(kit.j, &entry), -EMSGSIZE);
	ck_assert_uint_eq(journal_next(kit.j), 63);
	ck_assert_uint_eq(journal_waiting(kit.j), 63);
	entry.value.n = left;
	ck_assert_int_eq(journal_add(kit.j, &entry), 0);
	entry = (struct journal_entry){ .kind = JOURNAL_KEY };
	ck_assert_int_eq(journal_add(kit.j, &entry), -EMSGSIZE);
	kit_commit();
	ck_assert_uint_eq(journal_stats(kit.j).bytes,
			  JOURNAL_HEAD + JOURNAL_FRAME_MAX);
	ck_assert_int_eq(journal_add(kit.j, &entry), 0);
	kit_commit();
	for (uint64_t i = 0; i < 64; i++) {
		ck_assert_int_eq(journal_read(kit.j, &seq, &record, NULL), 0);
		ck_assert_uint_eq(seq, i);
		ck_assert_uint_eq(record.n, i < 63 ? sizeof(big) : left);
	}
	kit_close();
	ck_assert_int_eq(journal_open(&kit.s, NULL, &kit.notes, &kit.j,
				      &kit.err),
			 0);
	kit_quiet();
	ck_assert_uint_eq(journal_next(kit.j), 64);
	kit_end();
}
END_TEST

START_TEST(segments_change_and_the_cursor_follows)
{
	kit_begin();
	kit.s.segment = 4096;
	kit_open();
	for (uint64_t seq = 0; seq < 200; seq++) {
		kit_frames(1, 1);
		kit_reads(seq);
		kit_reads_end();
	}
	ck_assert_uint_gt(journal_stats(kit.j).segments, 10);
	ck_assert_int_le(kit_length(1), 4096);
	journal_seek(kit.j, 0);
	for (uint64_t seq = 0; seq < 200; seq++)
		kit_reads(seq);
	kit_close();
	kit_open();
	kit_quiet();
	ck_assert_uint_eq(kit.articles, 200);
	journal_seek(kit.j, 77);
	kit_reads(77);
	journal_seek(kit.j, 150);
	kit_reads(150);
	kit_reads(151);
	journal_seek(kit.j, 3);
	kit_reads(3);
	journal_seek(kit.j, 1000);
	kit_reads_end();
	kit_end();
}
END_TEST

START_TEST(the_cursor_sees_only_what_is_committed)
{
	kit_begin();
	kit_open();
	kit_add();
	kit_reads_end();
	kit_commit();
	kit_reads(0);
	kit_reads_end();
	kit_add_named(JOURNAL_POSITION, "feed", "1");
	kit_commit();
	kit_reads_end();
	kit_frames(2, 3);
	for (uint64_t seq = 1; seq < 7; seq++)
		kit_reads(seq);
	kit_reads_end();
	kit_end();
}
END_TEST

START_TEST(skip_goes_on_higher_and_the_cursor_passes_over)
{
	kit_begin();
	kit_open();
	kit_frames(1, 2);
	journal_skip(kit.j, 1); /* lower than next: nothing */
	ck_assert_uint_eq(journal_next(kit.j), 2);
	kit_add();
	journal_skip(kit.j, 50); /* amid a group */
	kit_add();
	kit_commit();
	for (int again = 0; again < 2; again++) {
		ck_assert_uint_eq(journal_next(kit.j), 51);
		ck_assert_uint_eq(journal_stats(kit.j).total, 4);
		kit_reads(0);
		kit_reads(1);
		kit_reads(2);
		kit_reads(50);
		kit_reads_end();
		journal_seek(kit.j, 3);
		kit_reads(50);
		kit_close();
		kit_open();
		kit_quiet();
	}
	kit_end();
}
END_TEST

START_TEST(forget_unlinks_old_segments_that_are_done)
{
	struct journal_stats s;

	kit_begin();
	kit.s.segment = 4096;
	kit_open();
	kit_frames(100, 1);
	s = journal_stats(kit.j);
	ck_assert_uint_gt(s.segments, 5);
	ck_assert_int_eq(journal_forget(kit.j, 0, 1000, &kit.err), 0);
	ck_assert_int_eq(journal_forget(kit.j, 1000, 0, &kit.err), 0);
	ck_assert_uint_eq(journal_stats(kit.j).segments, s.segments);
	kit_reads(0);
	ck_assert_int_eq(journal_forget(kit.j, 50, 60, &kit.err), 0);
	s = journal_stats(kit.j);
	ck_assert_uint_gt(s.first, 0);
	ck_assert_uint_le(s.first, 50);
	ck_assert_int_eq(kit_files("0"), (int)s.segments);
	/* The cursor has its file open still, then goes on at what is left. */
	kit_reads(1);
	journal_seek(kit.j, 2);
	kit_reads(2);
	journal_seek(kit.j, 0);
	kit_reads(s.first);
	kit_close();
	kit_open();
	kit_quiet();
	ck_assert_uint_eq(kit.articles, 100 - s.first);
	ck_assert_uint_eq(journal_stats(kit.j).total, 100);
	ck_assert_uint_eq(journal_stats(kit.j).damaged_articles, 0);
	ck_assert_int_eq(journal_forget(kit.j, 100, 100, &kit.err), 0);
	ck_assert_uint_eq(journal_stats(kit.j).segments, 1);
	kit_close();
	kit_open();
	ck_assert_uint_eq(journal_next(kit.j), 100);
	ck_assert_uint_eq(journal_stats(kit.j).frames, 100);
	kit_end();
}
END_TEST

START_TEST(quota_counts_what_is_written_waits_and_may_come)
{
	const uint64_t room = ARTICLE_TEXT_MAX + ARTICLE_META_MAX + 4096;
	const uint64_t one = JOURNAL_FRAME_HEAD + JOURNAL_ENTRY_HEAD;

	kit_begin();
	kit.s.quota = (int64_t)(4 * room);
	kit_open();
	ck_assert(journal_has_room(kit.j));
	while (journal_has_room(kit.j))
		kit_add();
	ck_assert_uint_gt(journal_next(kit.j) * 540, 3 * room - 2 * one);
	kit_commit();
	ck_assert(!journal_has_room(kit.j));
	ck_assert_uint_le(journal_stats(kit.j).bytes, 4 * room);
	kit_end();
}
END_TEST

START_TEST(a_small_quota_never_stays_full_once_all_is_acked)
{
	kit_begin();
	kit.s.quota = 65536;
	kit_open();
	for (int round = 0; round < 20; round++) {
		ck_assert(journal_has_room(kit.j));
		while (journal_has_room(kit.j))
			kit_add();
		kit_commit(); /* one frame as large as the quota */
		ck_assert(!journal_has_room(kit.j));
		ck_assert_int_eq(journal_forget(kit.j, journal_next(kit.j) - 1,
						journal_stats(kit.j).frames,
						&kit.err),
				 0);
		ck_assert(!journal_has_room(kit.j));
		ck_assert_int_eq(journal_forget(kit.j, journal_next(kit.j),
						journal_stats(kit.j).frames,
						&kit.err),
				 0);
	}
	kit_end();
}
END_TEST

START_TEST(a_full_disk_makes_wait_and_the_call_works_later)
{
	off_t had;

	kit_begin();
	kit_open();
	kit_frames(2, 4);
	had = kit_length(1);
	for (int i = 0; i < 10; i++)
		kit_add();
	limit_files((rlim_t)had + 1000);
	for (int i = 0; i < 3; i++) {
		err_clear(&kit.err);
		ck_assert_int_eq(journal_commit(kit.j, &kit.err), STEP_WAIT);
		ck_assert_ptr_nonnull(strstr(kit.err.text, kit_path(1)));
		ck_assert_ptr_nonnull(strstr(kit.err.text, "wait"));
		ck_assert_int_eq(kit_length(1), had);
		ck_assert_uint_eq(journal_waiting(kit.j), 10);
		ck_assert_int_eq(journal_due(kit.j, 5 + i * 1000, false), i ? 0 : 5);
	}
	limit_files(RLIM_INFINITY);
	kit_commit();
	for (uint64_t seq = 0; seq < 18; seq++)
		kit_reads(seq);
	kit_close();
	kit_open();
	kit_quiet();
	ck_assert_uint_eq(kit.articles, 18);
	kit_end();
}
END_TEST

START_TEST(a_disk_too_full_for_a_segment_makes_wait)
{
	kit_begin();
	kit.s.segment = 4096;
	kit_open();
	while (kit_length(1) < 3600)
		kit_frames(1, 1);
	for (int i = 0; i < 4; i++)
		kit_add();
	limit_files(10);
	ck_assert_int_eq(journal_commit(kit.j, &kit.err), STEP_WAIT);
	ck_assert_int_eq(kit_files("0000000000000002"), 0);
	limit_files(RLIM_INFINITY);
	kit_commit();
	ck_assert_uint_eq(journal_stats(kit.j).segments, 2);
	kit_end();
}
END_TEST

START_TEST(a_disk_too_full_at_the_start_does_not_block_it)
{
	uint64_t last;

	kit_begin();
	kit_open();
	kit_frames(3, 3);
	kit_close();
	ck_assert_int_eq(truncate(kit_path(1), kit_length(1) - 1), 0);
	limit_files(10);
	kit_open();
	kit_says("no room");
	ck_assert_uint_eq(kit.articles, 6);
	last = journal_next(kit.j);
	ck_assert_uint_eq(last, 6 + WIRE_WINDOW_MAX);
	kit_add();
	ck_assert_int_eq(journal_commit(kit.j, &kit.err), STEP_WAIT);
	for (uint64_t seq = 0; seq < 6; seq++)
		kit_reads(seq);
	limit_files(RLIM_INFINITY);
	kit_commit();
	kit_reads(last);
	ck_assert_uint_eq(journal_stats(kit.j).segments, 2);
	kit_close();
	kit_open();
	kit_quiet();
	ck_assert_uint_eq(journal_next(kit.j), last + 1);
	kit_end();
}
END_TEST

static void is_broken_for_good(void)
{
	ck_assert_int_eq(journal_commit(kit.j, &kit.err), -EIO);
	ck_assert(kit.err.text[0]);
	sync_errno = folder_errno = cut_errno = 0;
	for (int i = 0; i < 2; i++) {
		err_clear(&kit.err);
		ck_assert_int_eq(journal_commit(kit.j, &kit.err), -EIO);
		ck_assert(kit.err.text[0]);
	}
}

START_TEST(a_failed_sync_is_never_tried_again)
{
	kit_begin();
	kit_open();
	kit_frames(1, 1);
	kit_add();
	sync_errno = EIO;
	is_broken_for_good();
	kit_reads(0);
	kit_reads_end();
	kit_end();
}
END_TEST

START_TEST(a_sync_that_finds_the_disk_full_breaks_it)
{
	kit_begin();
	kit_open();
	kit_add();
	sync_errno = ENOSPC;
	is_broken_for_good();
	kit_end();
}
END_TEST

START_TEST(a_folder_that_cannot_be_synced_breaks_it)
{
	kit_begin();
	kit.s.segment = 4096;
	kit_open();
	while (kit_length(1) < 3600)
		kit_frames(1, 1);
	for (int i = 0; i < 4; i++)
		kit_add();
	folder_errno = EIO;
	is_broken_for_good();
	kit_end();
}
END_TEST

START_TEST(a_write_that_cannot_be_taken_back_breaks_it)
{
	kit_begin();
	kit_open();
	kit_frames(1, 1);
	kit_add();
	limit_files((rlim_t)kit_length(1) + 10);
	cut_errno = EIO;
	is_broken_for_good();
	limit_files(RLIM_INFINITY);
	kit_close();
	kit_open();
	kit_says("never finished");
	ck_assert_uint_eq(kit.articles, 1);
	kit_end();
}
END_TEST

START_TEST(what_was_found_is_synced_before_it_is_relied_on)
{
	kit_begin();
	kit_open();
	kit_frames(1, 1);
	kit_close();
	sync_errno = EIO;
	ck_assert_int_eq(kit_try(), -EIO);
	sync_errno = 0;
	kit_end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(a_new_journal_is_empty_and_private),
		CHECK_TEST(what_was_committed_is_replayed_and_read),
		CHECK_TEST(entries_of_every_kind_come_back_as_they_were),
		CHECK_TEST(a_replay_that_fails_ends_the_opening),
		CHECK_TEST(due_is_when_the_group_is_full_or_patience_over),
		CHECK_TEST(due_in_a_flood_is_nine_commits_later),
		CHECK_TEST(a_commit_is_one_write_and_one_sync),
		CHECK_TEST(add_past_the_largest_frame_wants_a_commit_first),
		CHECK_TEST(segments_change_and_the_cursor_follows),
		CHECK_TEST(the_cursor_sees_only_what_is_committed),
		CHECK_TEST(skip_goes_on_higher_and_the_cursor_passes_over),
		CHECK_TEST(forget_unlinks_old_segments_that_are_done),
		CHECK_TEST(quota_counts_what_is_written_waits_and_may_come),
		CHECK_TEST(a_small_quota_never_stays_full_once_all_is_acked),
		CHECK_TEST(a_full_disk_makes_wait_and_the_call_works_later),
		CHECK_TEST(a_disk_too_full_for_a_segment_makes_wait),
		CHECK_TEST(a_disk_too_full_at_the_start_does_not_block_it),
		CHECK_TEST(a_failed_sync_is_never_tried_again),
		CHECK_TEST(a_sync_that_finds_the_disk_full_breaks_it),
		CHECK_TEST(a_folder_that_cannot_be_synced_breaks_it),
		CHECK_TEST(a_write_that_cannot_be_taken_back_breaks_it),
		CHECK_TEST(what_was_found_is_synced_before_it_is_relied_on),
		CHECK_END,
	};

	return check_main("journal", tests);
}

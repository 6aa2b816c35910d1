/* Opening: the lock, versions, and the cases of recovery one by one. What comes
 * by the thousand is in test_journal_damage.c. */
#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/journal_kit.h"

/* Ours stands before libc's, so that a page of a disk can be unreadable. */
static off_t sick_from = -1;

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	if (sick_from >= 0 && at < sick_from + 4096 &&
	    at + (off_t)n > sick_from) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_pread64, fd, p, n, at);
}

/* A segment of so many frames of three articles each; ends as kit_ends(). */
static size_t make(size_t frames, uint64_t ends[64])
{
	struct str bytes;
	size_t n;

	kit_begin();
	kit_open();
	kit_frames(frames, 3);
	kit_close();
	bytes = kit_bytes(1);
	n = kit_ends(bytes, ends, 64);
	free((char *)bytes.p);
	ck_assert_uint_eq(n, frames);
	return n;
}

START_TEST(a_second_opener_is_refused)
{
	struct journal *second;

	kit_begin();
	kit_open();
	kit_frames(1, 1);
	ck_assert_int_eq(journal_open(&kit.s, NULL, &kit.notes, &second,
				      &kit.err),
			 -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(kit.err.text, kit.folder));
	kit_frames(1, 1); /* the first is not disturbed */
	kit_close();
	kit_open();
	ck_assert_uint_eq(kit.articles, 2);
	kit_end();
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_told)
{
	kit_begin();
	kit.s.path = "/dev/null/journal";
	ck_assert_int_eq(kit_try(), -ENOTDIR);
	ck_assert_ptr_nonnull(strstr(kit.err.text, "/dev/null/journal"));
	kit_end();
}
END_TEST

/* Put a head of other figures on segment 1. */
static void patch_head(void (*change)(struct journal_head *h))
{
	unsigned char out[JOURNAL_HEAD];
	struct str bytes = kit_bytes(1);
	struct journal_head h;

	ck_assert(journal_head_read(bytes, &h));
	change(&h);
	journal_head_write(&h, out);
	kit_patch(1, 0, out, sizeof(out));
	free((char *)bytes.p);
}

static void make_newer(struct journal_head *h)
{
	h->version = JOURNAL_VERSION + 1;
}

START_TEST(a_newer_version_is_refused_and_nothing_touched)
{
	uint64_t ends[64];
	struct str had, have;

	make(3, ends);
	patch_head(make_newer);
	ck_assert_int_eq(truncate(kit_path(1), (off_t)ends[3] - 5), 0);
	had = kit_bytes(1);
	ck_assert_int_eq(kit_try(), -EPROTONOSUPPORT);
	ck_assert_ptr_nonnull(strstr(kit.err.text, kit_path(1)));
	ck_assert_ptr_nonnull(strstr(kit.err.text, "version 2"));
	ck_assert_uint_eq(kit.entries, 0);
	have = kit_bytes(1);
	ck_assert(str_eq(had, have));
	ck_assert_int_eq(kit_files("0"), 1);
	free((char *)had.p);
	free((char *)have.p);
	kit_end();
}
END_TEST

START_TEST(segments_of_two_journals_are_refused)
{
	struct str other;
	uint64_t ends[64];

	make(2, ends);
	other = kit_bytes(1);
	unlink(kit_path(1));
	kit_open();
	kit_close();
	kit_put(2, other);
	ck_assert_int_eq(kit_try(), -EINVAL);
	ck_assert_ptr_nonnull(strstr(kit.err.text, kit_path(2)));
	ck_assert_ptr_nonnull(strstr(kit.err.text, "another journal"));
	free((char *)other.p);
	kit_end();
}
END_TEST

START_TEST(other_files_of_the_folder_are_left_alone)
{
	char path[CHECK_PATH_MAX];
	uint64_t ends[64];

	make(2, ends);
	check_file(kit.folder, "0000000000000009.journal~", "x", 1, path);
	check_file(kit.folder, "1.journal", "x", 1, path);
	check_file(kit.folder, "0000000000000000.journal", "x", 1, path);
	kit_open();
	kit_quiet();
	ck_assert_uint_eq(journal_stats(kit.j).segments, 1);
	kit_end();
}
END_TEST

START_TEST(a_clean_end_goes_on_in_the_same_segment)
{
	uint64_t ends[64];

	make(2, ends);
	kit_open();
	ck_assert_uint_eq(journal_next(kit.j), 6);
	kit_frames(1, 1);
	ck_assert_uint_eq(journal_stats(kit.j).segments, 1);
	ck_assert_int_gt(kit_length(1), (off_t)ends[2]);
	kit_end();
}
END_TEST

START_TEST(a_torn_frame_is_cut_and_its_numbers_are_never_given)
{
	const uint64_t next = 3 + WIRE_WINDOW_MAX;
	uint64_t ends[64];

	make(2, ends);
	ck_assert_int_eq(truncate(kit_path(1), (off_t)ends[2] - 1), 0);
	kit_open();
	kit_says("never finished");
	ck_assert_int_eq(kit_length(1), (off_t)ends[1]);
	ck_assert_int_eq(kit_files("damaged"), 0);
	ck_assert_uint_eq(journal_next(kit.j), next);
	ck_assert_uint_eq(journal_stats(kit.j).total, 3);
	kit_close();
	kit_open(); /* nothing was added: still so */
	kit_quiet();
	ck_assert_uint_eq(journal_next(kit.j), next);
	kit_frames(1, 2);
	ck_assert_uint_eq(journal_stats(kit.j).segments, 2);
	/* Nor is the number of its frame, which others remember. */
	ck_assert_uint_gt(journal_stats(kit.j).frames, 2);
	kit_close();
	kit_open();
	kit_quiet();
	ck_assert_uint_eq(kit.articles, 5);
	ck_assert_uint_eq(journal_next(kit.j), next + 2);
	kit_reads(0);
	kit_reads(1);
	kit_reads(2);
	kit_reads(next);
	kit_end();
}
END_TEST

START_TEST(a_whole_damaged_last_frame_is_set_aside_and_cut)
{
	char path[CHECK_PATH_MAX + 64];
	struct str aside, had;
	uint64_t ends[64];

	make(3, ends);
	kit_patch(1, ends[2] + JOURNAL_FRAME_HEAD + 30, "damage", 6);
	had = kit_bytes(1);
	kit_open();
	snprintf(path, sizeof(path), "damaged-%016d-%d.bin", 1, (int)ends[2]);
	kit_says(path);
	kit_says("1 frame, 3 articles");
	snprintf(path, sizeof(path), "%s/damaged-%016d-%d.bin", kit.folder, 1,
		 (int)ends[2]);
	ck_assert_int_eq(file_read(path, 1 << 20, &aside, NULL), 0);
	ck_assert(str_eq(aside, (struct str){ had.p + ends[2],
					      had.n - ends[2] }));
	ck_assert_int_eq(kit_length(1), (off_t)ends[2]);
	ck_assert_uint_eq(journal_next(kit.j), 9 + WIRE_WINDOW_MAX);
	ck_assert_uint_eq(journal_stats(kit.j).damaged_frames, 1);
	ck_assert_uint_eq(journal_stats(kit.j).damaged_articles, 3);
	kit_close();
	kit_open();
	kit_quiet();
	free((char *)aside.p);
	free((char *)had.p);
	kit_end();
}
END_TEST

START_TEST(numbers_rise_by_what_a_large_tail_may_have_held)
{
	static char junk[8 << 20];
	uint64_t ends[64];
	struct str s;
	char *both;

	make(1, ends);
	memset(junk, 'j', sizeof(junk));
	s = kit_bytes(1);
	both = malloc(s.n + sizeof(junk));
	memcpy(both, s.p, s.n);
	memcpy(both + s.n, junk, sizeof(junk));
	kit_put(1, (struct str){ both, s.n + sizeof(junk) });
	kit_open();
	ck_assert_uint_eq(journal_next(kit.j),
			  3 + sizeof(junk) / JOURNAL_ARTICLE_MIN);
	ck_assert_uint_eq(journal_stats(kit.j).cut_bytes, sizeof(junk));
	free(both);
	free((char *)s.p);
	kit_end();
}
END_TEST

START_TEST(damage_in_the_middle_costs_its_frame_only)
{
	uint64_t ends[64];

	make(5, ends);
	kit_patch(1, ends[2] + JOURNAL_FRAME_HEAD + 30, "damage", 6);
	for (int again = 0; again < 2; again++) {
		kit_open();
		kit_says("are damaged (1 frame, 3 articles); set aside");
		ck_assert_uint_eq(kit.articles, 12);
		ck_assert_uint_eq(kit.seen[5] + kit.seen[9], 2);
		ck_assert_uint_eq(journal_next(kit.j), 15);
		ck_assert_uint_eq(journal_stats(kit.j).damaged_frames, 1);
		ck_assert_uint_eq(journal_stats(kit.j).damaged_articles, 3);
		ck_assert_uint_eq(journal_stats(kit.j).damaged_bytes,
				  ends[3] - ends[2]);
		ck_assert_uint_eq(journal_stats(kit.j).total, 15);
		/* The cursor passes over it, and counts it no second time. */
		for (uint64_t seq = 0; seq < 15; seq++)
			if (seq < 6 || seq > 8)
				kit_reads(seq);
		kit_reads_end();
		ck_assert_uint_eq(journal_stats(kit.j).damaged_frames, 1);
		ck_assert_int_eq(kit_files("damaged"), 1);
		/* Nothing is appended behind it. */
		ck_assert_uint_eq(journal_stats(kit.j).segments, 2);
		kit_close();
	}
	kit_end();
}
END_TEST

START_TEST(a_damaged_head_of_a_frame_costs_that_frame)
{
	uint64_t ends[64];

	make(5, ends);
	kit_patch(1, ends[1] + 13, "\xff\xff", 2); /* its length */
	kit_open();
	kit_says("(1 frame, 3 articles)");
	ck_assert_uint_eq(kit.articles, 12);
	kit_end();
}
END_TEST

START_TEST(two_damaged_frames_in_a_row_are_one_place)
{
	static const char zeros[200];
	uint64_t ends[64];

	make(6, ends);
	kit_patch(1, ends[2] - 100, zeros, sizeof(zeros));
	kit_open();
	kit_says("(2 frames, 6 articles)");
	ck_assert_uint_eq(kit.articles, 12);
	ck_assert_int_eq(kit_files("damaged"), 1);
	kit_end();
}
END_TEST

START_TEST(a_damaged_head_of_the_segment_costs_nothing)
{
	struct origin origin;
	uint64_t ends[64];

	make(4, ends);
	kit_open();
	origin = journal_origin(kit.j);
	kit_close();
	kit_patch(1, 20, "damage", 6);
	kit_open();
	kit_says("are damaged");
	ck_assert_uint_eq(kit.articles, 12);
	ck_assert_uint_eq(journal_next(kit.j), 12);
	ck_assert_int_eq(origin_cmp(journal_origin(kit.j), origin), 0);
	for (uint64_t seq = 0; seq < 12; seq++)
		kit_reads(seq);
	kit_frames(1, 1);
	kit_reads(12);
	kit_end();
}
END_TEST

START_TEST(damage_that_comes_later_is_passed_over_and_counted)
{
	uint64_t ends[64];

	make(4, ends);
	kit_open();
	kit_patch(1, ends[1] + JOURNAL_FRAME_HEAD + 30, "damage", 6);
	for (int again = 0; again < 2; again++) {
		journal_seek(kit.j, 0);
		for (uint64_t seq = 0; seq < 12; seq++)
			if (seq < 3 || seq > 5)
				kit_reads(seq);
		kit_reads_end();
		ck_assert_uint_eq(journal_stats(kit.j).damaged_articles, 3);
		ck_assert_uint_eq(journal_stats(kit.j).damaged_frames, 1);
	}
	kit_end();
}
END_TEST

START_TEST(a_page_that_cannot_be_read_costs_its_frames)
{
	uint64_t ends[64];
	uint64_t kept = 0;
	size_t n = make(40, ends);

	sick_from = 8192;
	for (size_t i = 0; i < n; i++)
		if (ends[i + 1] <= 8192 || ends[i] >= 8192 + 4096)
			kept += 3;
	ck_assert_uint_lt(kept, 3 * n);
	kit_open();
	kit_says("are damaged");
	ck_assert_uint_eq(kit.articles, kept);
	ck_assert_uint_eq(journal_next(kit.j), 3 * n);
	ck_assert_int_eq(kit_files("damaged"), 1);
	kit_end();
}
END_TEST

START_TEST(an_empty_or_torn_last_segment_is_no_damage)
{
	uint64_t ends[64];
	struct str head;

	make(2, ends);
	head = kit_bytes(1);
	for (size_t n = 0; n < JOURNAL_HEAD; n += 9) {
		kit_put(2, (struct str){ head.p, n });
		kit_open();
		ck_assert_uint_eq(kit.articles, 6);
		ck_assert_uint_eq(journal_next(kit.j), 6 + WIRE_WINDOW_MAX);
		ck_assert_uint_eq(journal_stats(kit.j).damaged_bytes, 0);
		ck_assert_int_eq(kit_files("damaged"), 0);
		kit_frames(1, 1);
		kit_close();
		kit_open();
		kit_quiet();
		ck_assert_uint_eq(kit.articles, 7);
		kit_close();
		unlink(kit_path(3));
	}
	free((char *)head.p);
	kit_end();
}
END_TEST

START_TEST(a_last_segment_of_a_head_alone_is_fine)
{
	uint64_t ends[64];

	make(2, ends);
	ck_assert_int_eq(truncate(kit_path(1), (off_t)ends[2] - 1), 0);
	kit_open();
	kit_close();
	ck_assert_int_eq(kit_length(2), JOURNAL_HEAD);
	kit_open();
	kit_quiet();
	kit_frames(1, 1);
	ck_assert_uint_eq(journal_stats(kit.j).segments, 2);
	kit_end();
}
END_TEST

/* Power goes between the new segment and the cut of the old one. */
START_TEST(a_tail_that_was_not_cut_is_no_end)
{
	uint64_t ends[64], next;
	struct str torn;

	make(2, ends);
	ck_assert_int_eq(truncate(kit_path(1), (off_t)ends[2] - 1), 0);
	torn = kit_bytes(1);
	kit_open();
	next = journal_next(kit.j);
	kit_close();
	kit_put(1, torn);
	kit_open();
	ck_assert_uint_eq(kit.articles, 3);
	ck_assert_uint_eq(journal_next(kit.j), next);
	kit_frames(1, 1);
	kit_reads(0);
	journal_seek(kit.j, next);
	kit_reads(next);
	free((char *)torn.p);
	kit_end();
}
END_TEST

START_TEST(a_missing_segment_is_told)
{
	uint64_t total = 0;

	kit_begin();
	kit.s.segment = 4096;
	kit_open();
	kit_frames(50, 1);
	ck_assert_uint_ge(journal_stats(kit.j).segments, 4);
	kit_close();
	unlink(kit_path(2));
	kit_open();
	kit_says("are missing");
	total = kit.articles + journal_stats(kit.j).damaged_articles;
	ck_assert_uint_eq(total, 50);
	ck_assert_uint_eq(journal_stats(kit.j).total, 50);
	for (uint64_t seq = 0; seq < 50; seq++)
		if (kit.seen[seq])
			kit_reads(seq);
	kit_reads_end();
	kit_end();
}
END_TEST

START_TEST(a_middle_segment_cut_at_a_frame_is_told)
{
	struct str bytes;
	uint64_t ends[64];
	size_t n;

	kit_begin();
	kit.s.segment = 4096;
	kit_open();
	kit_frames(50, 1);
	kit_close();
	bytes = kit_bytes(2);
	n = kit_ends(bytes, ends, 64);
	ck_assert_int_eq(truncate(kit_path(2), (off_t)ends[n - 2]), 0);
	kit_open();
	kit_says("missing (2 frames, 2 articles)");
	ck_assert_uint_eq(kit.articles, 48);
	ck_assert_uint_eq(journal_next(kit.j), 50);
	free((char *)bytes.p);
	kit_end();
}
END_TEST

START_TEST(a_journal_of_nothing_but_damage_starts_anew)
{
	static char junk[10000];

	kit_begin();
	ck_assert_int_eq(mkdir(kit.folder, 0700), 0);
	memset(junk, 'j', sizeof(junk));
	kit_put(7, (struct str){ junk, sizeof(junk) });
	kit_open();
	kit_says("10000 bytes at byte 0 are damaged");
	kit_frames(1, 1);
	kit_reads(0);
	ck_assert_int_eq(kit_files("0000000000000008"), 1);
	kit_close();
	kit_open();
	kit_quiet();
	kit_end();
}
END_TEST

/* An article that holds a frame of this journal, as one might push it. */
START_TEST(a_frame_within_an_article_is_never_taken_for_one)
{
	struct journal_entry entry = { .kind = JOURNAL_ARTICLE };
	uint64_t ends[64];
	struct str bytes;

	make(3, ends);
	kit_open();
	kit_add_named(JOURNAL_POSITION, "feed", "1");
	kit_commit();
	bytes = kit_bytes(1);
	entry.seq = journal_next(kit.j);
	entry.value = (struct str){ bytes.p + ends[1], bytes.n - ends[1] };
	ck_assert_int_eq(journal_add(kit.j, &entry), 0);
	kit_commit();
	kit_frames(1, 2);
	kit_close();
	/* The frame around it is damaged; what it holds is whole. */
	kit_patch(1, bytes.n + 20, "\xff", 1);
	kit_open();
	ck_assert_uint_eq(kit.others, 1);
	ck_assert_uint_eq(kit.articles, 9 + 2);
	for (uint64_t seq = 0; seq < 12; seq++)
		ck_assert_uint_eq(kit.seen[seq], seq != 9);
	free((char *)bytes.p);
	kit_end();
}
END_TEST

START_TEST(many_damaged_places_are_summed_up)
{
	uint64_t ends[64];

	make(40, ends);
	for (size_t i = 0; i < 40; i += 2)
		kit_patch(1, ends[i] + JOURNAL_FRAME_HEAD + 25, "damage", 6);
	kit_open();
	kit_says("20 places are damaged, the first 8 of them named above");
	ck_assert_uint_eq(kit.articles, 60);
	ck_assert_int_eq(kit_files("damaged"), 20);
	kit_end();
}
END_TEST

START_TEST(entries_of_unknown_kinds_are_passed_over)
{
	kit_begin();
	kit_open();
	kit_add();
	kit_add_named((enum journal_kind)77, "newer", "x");
	kit_add();
	kit_commit();
	kit_reads(0);
	kit_reads(1);
	kit_close();
	kit_open();
	kit_says("passed over 1 entry of kinds");
	ck_assert_uint_eq(kit.entries, 2);
	kit_end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(a_second_opener_is_refused),
		CHECK_TEST(a_folder_that_cannot_be_made_is_told),
		CHECK_TEST(a_newer_version_is_refused_and_nothing_touched),
		CHECK_TEST(segments_of_two_journals_are_refused),
		CHECK_TEST(other_files_of_the_folder_are_left_alone),
		CHECK_TEST(a_clean_end_goes_on_in_the_same_segment),
		CHECK_TEST(a_torn_frame_is_cut_and_its_numbers_are_never_given),
		CHECK_TEST(a_whole_damaged_last_frame_is_set_aside_and_cut),
		CHECK_TEST(numbers_rise_by_what_a_large_tail_may_have_held),
		CHECK_TEST(damage_in_the_middle_costs_its_frame_only),
		CHECK_TEST(a_damaged_head_of_a_frame_costs_that_frame),
		CHECK_TEST(two_damaged_frames_in_a_row_are_one_place),
		CHECK_TEST(a_damaged_head_of_the_segment_costs_nothing),
		CHECK_TEST(damage_that_comes_later_is_passed_over_and_counted),
		CHECK_TEST(a_page_that_cannot_be_read_costs_its_frames),
		CHECK_TEST(an_empty_or_torn_last_segment_is_no_damage),
		CHECK_TEST(a_last_segment_of_a_head_alone_is_fine),
		CHECK_TEST(a_tail_that_was_not_cut_is_no_end),
		CHECK_TEST(a_missing_segment_is_told),
		CHECK_TEST(a_middle_segment_cut_at_a_frame_is_told),
		CHECK_TEST(a_journal_of_nothing_but_damage_starts_anew),
		CHECK_TEST(a_frame_within_an_article_is_never_taken_for_one),
		CHECK_TEST(many_damaged_places_are_summed_up),
		CHECK_TEST(entries_of_unknown_kinds_are_passed_over),
		CHECK_END,
	};

	return check_main("journal_open", tests);
}

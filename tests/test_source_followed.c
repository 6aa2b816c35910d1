/* Texts and folders that are followed; lines are in test_tail.c. */
#include "ingest/source_folder.h"
#include "ingest/source_text.h"

#include <dirent.h>
#include <errno.h>

#include "tests/follow.h"

/* The same, put into place by a rename: another inode. */
static void replace(const char *name, const char *bytes)
{
	append("beside", bytes);
	rotate("beside", name);
}

START_TEST(text_that_did_not_change_is_not_read_again)
{
	begin();
	append("a.txt", "one");
	reopen("a.txt", false);
	gives("one");
	ends();
	reopen("a.txt", false);
	ends();
	replace("a.txt", "two");
	reopen("a.txt", false);
	gives("two");
	ends();
	append("a.txt", "+");
	reopen("a.txt", false);
	gives("two+");
	done();
}
END_TEST

START_TEST(text_that_is_followed_is_read_when_it_changes)
{
	begin();
	reopen("a.txt", true);
	waits();
	append("a.txt", "");
	waits();
	append("a.txt", "one");
	gives("one");
	waits();
	replace("a.txt", "two");
	gives("two");
	waits();
	reopen("a.txt", true);
	waits();
	ck_assert_int_eq(unlink(at("a.txt")), 0);
	waits();
	replace("a.txt", "three");
	gives("three");
	waits();
	done();
}
END_TEST

START_TEST(text_that_was_refused_is_not_read_again)
{
	struct raw raw;

	begin();
	append("a.html", "page");
	reopen("a.html", false);
	ck_assert_int_eq(next(&raw), STEP_REJECT);
	remember(&raw);
	reopen("a.html", false);
	ends();
	done();
}
END_TEST

START_TEST(text_from_a_pipe_that_is_followed_is_one_a_writer)
{
	int fd;

	begin();
	ck_assert_int_eq(mkfifo(at("a"), 0600), 0);
	reopen("a", true);
	for (int i = 0; i < 3; i++) {
		waits();
		fd = open(at("a"), O_WRONLY);
		ck_assert_int_eq(write(fd, "one", 3), 3);
		waits();
		close(fd);
		gives("one");
		waits();
	}
	done();
}
END_TEST

/* Of source_folder itself, so that no test waits for its pause. */
static void *drop;

static void drop_open(void)
{
	options = (struct source_options){ .path = folder,
					   .follow = true,
					   .memory = &memory,
					   .notes = &notes };
	ck_assert_int_eq(source_folder_open(&options, &drop, &err), 0);
}

static void drop_gives(const char *bytes)
{
	struct raw raw = { 0 };
	int r = source_folder_next(drop, &raw, &err);

	ck_assert_msg(!r, "%d, not '%s': %s", r, bytes, err.text);
	ck_assert_msg(str_is(raw.bytes, bytes), "'" STR_FMT "', not '%s'",
		      STR_ARG(raw.bytes), bytes);
	ck_assert_uint_gt(raw.key.n, 0);
	remember(&raw);
}

static void drop_refuses(void)
{
	struct raw raw = { 0 };

	ck_assert_int_eq(source_folder_next(drop, &raw, &err), STEP_REJECT);
	err_clear(&err);
}

/* Nothing now, nor in another walk. */
static void drop_waits(void)
{
	struct raw raw = { 0 };

	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(source_folder_next(drop, &raw, &err),
				 STEP_WAIT);
		source_folder_hurry(drop);
	}
}

static void drop_done(void)
{
	source_folder_close(drop);
	done();
}

START_TEST(folder_new_and_grown_files_are_read)
{
	begin();
	append("a.jsonl", "1\n2");
	append("b.txt", "text");
	drop_open();
	drop_gives("1");
	drop_gives("text");
	drop_waits();
	append("a.jsonl", "2\n");
	drop_gives("22");
	drop_waits();
	append("c.jsonl", "3\n");
	replace("b.txt", "text again");
	drop_gives("text again");
	drop_gives("3");
	drop_waits();
	ck_assert_int_eq(mkdir(at("sub"), 0700), 0);
	append("sub/d.jsonl", "4\n");
	drop_gives("4");
	drop_waits();
	drop_done();
}
END_TEST

START_TEST(folder_begun_again_reads_what_is_new)
{
	begin();
	append("a.jsonl", "1\n2\n");
	append("b.txt", "text");
	drop_open();
	drop_gives("1");
	source_folder_close(drop);
	drop_open();
	drop_gives("2");
	drop_gives("text");
	source_folder_close(drop);
	append("a.jsonl", "3\n");
	drop_open();
	drop_gives("3");
	drop_waits();
	source_folder_close(drop);
	/* Nor without follow. */
	reopen("", false);
	ends();
	append("a.jsonl", "4\n");
	reopen("", false);
	gives("4");
	ends();
	done();
}
END_TEST

/* Its own positions are newer than what has reached the memory. */
START_TEST(folder_does_not_depend_on_how_fast_is_remembered)
{
	begin();
	append("a.jsonl", "1\n2\n");
	options = (struct source_options){ .path = folder, .follow = true };
	ck_assert_int_eq(source_folder_open(&options, &drop, &err), 0);
	drop_gives("1");
	drop_gives("2");
	drop_waits();
	append("a.jsonl", "3\n");
	drop_gives("3");
	drop_waits();
	drop_done();
}
END_TEST

START_TEST(folder_rotation_within_it_reads_each_line_once)
{
	begin();
	append("a.jsonl", "1\n");
	drop_open();
	drop_gives("1");
	drop_waits();
	append("a.jsonl", "2\n");
	rotate("a.jsonl", "a.jsonl.1");
	drop_waits(); /* not as a text; under its name, with the next */
	append("a.jsonl", "3\n");
	drop_gives("2");
	drop_gives("3");
	drop_waits();
	drop_done();
}
END_TEST

START_TEST(folder_complains_once_until_it_has_changed)
{
	begin();
	ck_assert_int_eq(symlink("nowhere", at("link")), 0);
	append("a.html", "page");
	drop_open();
	drop_refuses();
	drop_refuses();
	drop_waits();
	append("nowhere", "text");
	drop_gives("text"); /* through the link */
	drop_gives("text");
	drop_waits();
	drop_done();
}
END_TEST

START_TEST(folder_that_is_not_there_yet_is_waited_for)
{
	static char sub[FOLLOW_PATH];

	begin();
	strcpy(sub, at("sub"));
	options = (struct source_options){ .path = sub,
					   .follow = true,
					   .kind = "folder",
					   .memory = &memory };
	ck_assert_int_eq(source_folder_open(&options, &drop, &err), 0);
	drop_waits();
	ck_assert_int_eq(mkdir(sub, 0700), 0);
	append("sub/a.jsonl", "1\n");
	drop_gives("1");
	drop_waits();
	drop_done();
}
END_TEST

START_TEST(folder_waits_before_it_walks_again)
{
	struct raw raw = { 0 };

	begin();
	append("a.jsonl", "1\n");
	drop_open();
	drop_gives("1");
	ck_assert_int_eq(source_folder_next(drop, &raw, &err), STEP_WAIT);
	append("a.jsonl", "2\n");
	ck_assert_int_eq(source_folder_next(drop, &raw, &err), STEP_WAIT);
	drop_done();
}
END_TEST

static int open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

START_TEST(folder_keeps_no_files_open)
{
	char name[32];
	int before;

	begin();
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "%02d.jsonl", i);
		append(name, "1\n2\nhalf");
	}
	before = open_files();
	drop_open();
	for (int i = 0; i < 60; i++) {
		drop_gives("1");
		drop_gives("2");
		ck_assert_int_le(open_files(), before + 2);
	}
	drop_waits();
	ck_assert_int_eq(open_files(), before);
	drop_done();
}
END_TEST

START_TEST(source_of_any_kind_that_is_not_there_yet_is_waited_for)
{
	begin();
	reopen("later", true);
	waits();
	ck_assert_int_eq(mkdir(at("later"), 0700), 0);
	append("later/a.jsonl", "1\n");
	gives("1");
	waits();
	done();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(text_that_did_not_change_is_not_read_again),
		CHECK_TEST(text_that_is_followed_is_read_when_it_changes),
		CHECK_TEST(text_that_was_refused_is_not_read_again),
		CHECK_TEST(text_from_a_pipe_that_is_followed_is_one_a_writer),
		CHECK_TEST(folder_new_and_grown_files_are_read),
		CHECK_TEST(folder_begun_again_reads_what_is_new),
		CHECK_TEST(folder_does_not_depend_on_how_fast_is_remembered),
		CHECK_TEST(folder_rotation_within_it_reads_each_line_once),
		CHECK_TEST(folder_complains_once_until_it_has_changed),
		CHECK_TEST(folder_that_is_not_there_yet_is_waited_for),
		CHECK_TEST(folder_waits_before_it_walks_again),
		CHECK_TEST(folder_keeps_no_files_open),
		CHECK_TEST(
			source_of_any_kind_that_is_not_there_yet_is_waited_for),
		CHECK_END,
	};

	return check_main("source_followed", tests);
}

#include "ingest/tail.h"

#include <errno.h>

#include "tests/follow.h"

START_TEST(reopened_file_goes_on_where_it_was)
{
	begin();
	append("a.jsonl", "1\n2\n3\n");
	reopen("a.jsonl", false);
	gives("1");
	gives("2");
	reopen("a.jsonl", false);
	gives("3");
	ends();
	reopen("a.jsonl", false);
	ends();
	append("a.jsonl", "4\n");
	reopen("a.jsonl", false);
	gives("4");
	ends();
	ck_assert_uint_eq(notes.n, 0);
	done();
}
END_TEST

START_TEST(reopened_file_goes_on_counting_lines)
{
	struct raw raw;

	begin();
	append("a.jsonl", "1\n\n3\n4\n");
	reopen("a.jsonl", false);
	gives("1");
	gives("3");
	reopen("a.jsonl", false);
	ck_assert_int_eq(next(&raw), 0);
	ck_assert(str_ends(str_of(raw.place), STR("/a.jsonl:4")));
	done();
}
END_TEST

START_TEST(without_memory_it_begins_at_its_beginning)
{
	begin();
	append("a.jsonl", "1\n");
	reopen("a.jsonl", false);
	gives("1");
	source_free(s);
	options.memory = NULL;
	ck_assert_int_eq(source_open(&options, &s, &err), 0);
	gives("1");
	ends();
	done();
}
END_TEST

START_TEST(key_is_the_absolute_path_of_the_real_folder)
{
	struct raw raw;
	char want[FOLLOW_PATH];

	begin();
	ck_assert_int_eq(mkdir(at("real"), 0700), 0);
	ck_assert_int_eq(symlink("real", at("link")), 0);
	append("real/a.jsonl", "1\n");
	reopen("link/../link//a.jsonl", false);
	ck_assert_int_eq(next(&raw), 0);
	snprintf(want, sizeof(want), "file:%s", at("real/a.jsonl"));
	ck_assert(str_is(raw.key, want));
	ck_assert_int_eq(chdir(at("link")), 0);
	source_free(s);
	options.path = "a.jsonl";
	ck_assert_int_eq(source_open(&options, &s, &err), 0);
	ck_assert_int_eq(next(&raw), 0);
	ck_assert(str_is(raw.key, want));
	ck_assert_int_eq(chdir("/"), 0);
	done();
}
END_TEST

START_TEST(followed_file_waits_for_more)
{
	begin();
	append("a.jsonl", "1\n");
	reopen("a.jsonl", true);
	gives("1");
	waits();
	append("a.jsonl", "2\n3\n");
	gives("2");
	gives("3");
	waits();
	done();
}
END_TEST

START_TEST(followed_half_line_waits_for_its_end)
{
	begin();
	append("a.jsonl", "1\n2");
	reopen("a.jsonl", true);
	gives("1");
	waits();
	append("a.jsonl", "2");
	waits();
	reopen("a.jsonl", true);
	waits();
	append("a.jsonl", "2\n");
	gives("222");
	append("a.jsonl", "3");
	waits();
	reopen("a.jsonl", false); /* nobody waits: it is a line */
	gives("3");
	ends();
	done();
}
END_TEST

START_TEST(followed_file_that_is_not_there_yet_is_waited_for)
{
	begin();
	reopen("a.jsonl", true);
	waits();
	append("a.jsonl", "");
	waits();
	append("a.jsonl", "1\n");
	gives("1");
	waits();
	done();
}
END_TEST

START_TEST(missing_file_that_is_not_followed_is_told)
{
	begin();
	options = (struct source_options){ .path = at("a.jsonl") };
	ck_assert_int_eq(source_open(&options, &s, &err), -ENOENT);
	done();
}
END_TEST

START_TEST(rotated_while_open_is_read_to_its_end)
{
	begin();
	append("a.jsonl", "1\n");
	reopen("a.jsonl", true);
	gives("1");
	waits();
	append("a.jsonl", "2\n");
	rotate("a.jsonl", "a.jsonl.1");
	gives("2");
	waits();
	append("a.jsonl.1", "3\n"); /* who writes has not moved on */
	gives("3");
	append("a.jsonl", "");
	waits();
	append("a.jsonl.1", "4\n");
	gives("4");
	waits();
	append("a.jsonl.1", "5\n");
	append("a.jsonl", "6\n");
	gives("5");
	gives("6");
	waits();
	append("a.jsonl", "7\n");
	gives("7");
	done();
}
END_TEST

START_TEST(rotated_half_line_is_a_line_once_another_file_grows)
{
	begin();
	append("a.jsonl", "1\n2");
	reopen("a.jsonl", true);
	gives("1");
	rotate("a.jsonl", "a.jsonl.1");
	waits();
	append("a.jsonl", "3\n");
	gives("2");
	gives("3");
	reopen("a.jsonl", true);
	waits();
	done();
}
END_TEST

static void rotated_in_between(bool follow, const char *to)
{
	begin();
	append("a.jsonl", "1\n2\n3\n");
	reopen("a.jsonl", follow);
	gives("1");
	rotate("a.jsonl", to);
	append("a.jsonl", "4\n5\n");
	reopen("a.jsonl", follow);
	gives("2");
	reopen("a.jsonl", follow);
	gives("3");
	reopen("a.jsonl", follow);
	gives("4");
	reopen("a.jsonl", follow);
	gives("5");
	follow ? waits() : ends();
	ck_assert_uint_eq(notes.n, 0);
	memset(memories, 0, sizeof(memories));
	done();
	s = NULL;
}

START_TEST(rotated_between_two_lives_loses_nothing)
{
	for (int follow = 0; follow < 2; follow++) {
		rotated_in_between(follow, "a.jsonl.1");
		rotated_in_between(follow, "a.jsonl-20240131");
		rotated_in_between(follow, "a.jsonl.2024-01-31");
		rotated_in_between(follow, "moved");
	}
}
END_TEST

static void rotated_twice(bool follow, const char *first, const char *second)
{
	begin();
	append("a.jsonl.9.gz", "no line\n");
	append("a.jsonl.99", "older\n");
	append("a.jsonl-20200101", "older\n");
	append("a.jsonl", "1\n2\n");
	reopen("a.jsonl", follow);
	gives("1");
	rotate("a.jsonl", first);
	append(second, "3\n");
	append("a.jsonl", "4\n");
	reopen("a.jsonl", follow);
	gives("2");
	gives("3");
	gives("4");
	follow ? waits() : ends();
	done();
	s = NULL;
	memset(memories, 0, sizeof(memories));
}

START_TEST(rotated_twice_between_two_lives_loses_nothing)
{
	for (int follow = 0; follow < 2; follow++) {
		rotated_twice(follow, "a.jsonl.2", "a.jsonl.1");
		rotated_twice(follow, "a.jsonl.10", "a.jsonl.9");
		rotated_twice(follow, "a.jsonl-20231231", "a.jsonl-20240101");
	}
}
END_TEST

START_TEST(rotated_and_gone_is_noted)
{
	begin();
	append("a.jsonl", "1\n2\n");
	reopen("a.jsonl", true);
	gives("1");
	rotate("a.jsonl", "b");
	append("a.jsonl", "3\n"); /* or it would get the same inode */
	ck_assert_int_eq(unlink(at("b")), 0);
	reopen("a.jsonl", true);
	gives("3");
	ck_assert_ptr_nonnull(strstr(notes.p, "which is not beside it"));
	done();
}
END_TEST

START_TEST(cut_while_open_is_read_from_its_beginning)
{
	begin();
	append("a.jsonl", "1\n2\n");
	reopen("a.jsonl", true);
	gives("1");
	gives("2");
	waits();
	rewrite("a.jsonl", "");
	waits();
	append("a.jsonl", "3\n");
	gives("3");
	append("a.jsonl", "half");
	waits();
	rewrite("a.jsonl", "4\n"); /* shorter */
	gives("4");
	rewrite("a.jsonl", "5\n"); /* as long */
	gives("5");
	rewrite("a.jsonl", "6\n7\n"); /* longer */
	gives("6");
	gives("7");
	waits();
	done();
}
END_TEST

START_TEST(cut_between_two_lives_is_read_from_its_beginning)
{
	begin();
	append("a.jsonl", "1\n2\n");
	reopen("a.jsonl", true);
	gives("1");
	gives("2");
	rewrite("a.jsonl", "3\n"); /* shorter */
	reopen("a.jsonl", true);
	gives("3");
	rewrite("a.jsonl", "4\n"); /* as long */
	reopen("a.jsonl", true);
	gives("4");
	rewrite("a.jsonl", "5\n6\n"); /* longer */
	reopen("a.jsonl", true);
	gives("5");
	gives("6");
	waits();
	ck_assert_ptr_nonnull(strstr(notes.p, "cut short or written anew"));
	done();
}
END_TEST

START_TEST(deleted_and_made_again_is_waited_for)
{
	begin();
	append("a.jsonl", "1\n2\n");
	reopen("a.jsonl", true);
	gives("1");
	ck_assert_int_eq(unlink(at("a.jsonl")), 0);
	gives("2");
	waits();
	append("a.jsonl", "3\n");
	gives("3");
	waits();
	ck_assert_int_eq(unlink(at("a.jsonl")), 0);
	reopen("a.jsonl", true);
	waits();
	append("a.jsonl", "4\n");
	gives("4");
	done();
}
END_TEST

START_TEST(refused_line_is_not_read_again)
{
	size_t n = RAW_MAX + 1;
	char *line = malloc(n + 1);
	struct raw raw;

	memset(line, 'x', n);
	line[n] = '\0';
	begin();
	append("a.jsonl", line);
	append("a.jsonl", "\n2\n");
	reopen("a.jsonl", true);
	ck_assert_int_eq(next(&raw), STEP_REJECT);
	remember(&raw);
	reopen("a.jsonl", true);
	gives("2");
	done();
	free(line);
}
END_TEST

static long resident_pages(void)
{
	long all, resident;
	FILE *f = fopen("/proc/self/statm", "r");

	ck_assert_int_eq(fscanf(f, "%ld %ld", &all, &resident), 2);
	fclose(f);
	return resident;
}

START_TEST(hundred_megabytes_in_a_line_are_one_refusal)
{
	static char block[1 << 20];
	long before;
	struct raw raw;
	int fd;

	begin();
	append("a.jsonl", "1\n");
	fd = open(at("a.jsonl"), O_WRONLY | O_APPEND);
	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(write(fd, block, sizeof(block)),
				 sizeof(block));
	ck_assert_int_eq(write(fd, "\n3\n", 3), 3);
	close(fd);
	reopen("a.jsonl", true);
	gives("1");
	before = resident_pages();
	ck_assert_int_eq(next(&raw), STEP_REJECT);
	remember(&raw);
	ck_assert(str_ends(str_of(err.text),
			   STR("/a.jsonl:2: a line of more than 16777216 "
			       "bytes; one line is one article")));
	ck_assert_int_lt((resident_pages() - before) / 256, 80);
	gives("3");
	waits();
	done();
}
END_TEST

START_TEST(what_is_remembered_of_another_kind_is_passed_over)
{
	struct raw raw = { .position = STR("lines2 what is to come") };
	char key[FOLLOW_PATH];

	begin();
	append("a.jsonl", "1\n");
	snprintf(key, sizeof(key), "file:%s", at("a.jsonl"));
	raw.key = str_of(key);
	remember(&raw);
	reopen("a.jsonl", false);
	gives("1");
	ck_assert_ptr_nonnull(strstr(notes.p, "not of this kind"));
	done();
}
END_TEST

static int forgets(void *self, struct str key, struct buf *position)
{
	(void)self, (void)key, (void)position;
	return -EIO;
}

START_TEST(memory_that_fails_is_told)
{
	static const struct source_memory bad = { .recall = forgets };

	begin();
	append("a.jsonl", "1\n");
	options = (struct source_options){ .path = at("a.jsonl"),
					   .memory = &bad };
	ck_assert_int_eq(source_open(&options, &s, &err), -EIO);
	ck_assert_ptr_nonnull(strstr(err.text, "recalling where it was"));
	done();
}
END_TEST

/* Without O_NONBLOCK, the open would wait for a writer here. */
START_TEST(named_pipe_waits_for_a_writer_and_ends_with_it)
{
	struct raw raw;
	int fd;

	begin();
	ck_assert_int_eq(mkfifo(at("a.jsonl"), 0600), 0);
	reopen("a.jsonl", false);
	waits();
	fd = open(at("a.jsonl"), O_WRONLY);
	waits();
	ck_assert_int_eq(write(fd, "1\n2", 3), 3);
	ck_assert_int_eq(next(&raw), 0);
	ck_assert_uint_eq(raw.key.n, 0);
	waits();
	close(fd);
	gives("2");
	ends();
	done();
}
END_TEST

START_TEST(named_pipe_that_is_followed_waits_for_the_next_writer)
{
	int fd;

	begin();
	ck_assert_int_eq(mkfifo(at("a.jsonl"), 0600), 0);
	reopen("a.jsonl", true);
	for (int i = 0; i < 3; i++) {
		waits();
		fd = open(at("a.jsonl"), O_WRONLY);
		ck_assert_int_eq(write(fd, "1\n2", 3), 3);
		close(fd);
		gives("1");
		gives("2");
		waits();
	}
	done();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(reopened_file_goes_on_where_it_was),
		CHECK_TEST(reopened_file_goes_on_counting_lines),
		CHECK_TEST(without_memory_it_begins_at_its_beginning),
		CHECK_TEST(key_is_the_absolute_path_of_the_real_folder),
		CHECK_TEST(followed_file_waits_for_more),
		CHECK_TEST(followed_half_line_waits_for_its_end),
		CHECK_TEST(followed_file_that_is_not_there_yet_is_waited_for),
		CHECK_TEST(missing_file_that_is_not_followed_is_told),
		CHECK_TEST(rotated_while_open_is_read_to_its_end),
		CHECK_TEST(
			rotated_half_line_is_a_line_once_another_file_grows),
		CHECK_TEST(rotated_between_two_lives_loses_nothing),
		CHECK_TEST(rotated_twice_between_two_lives_loses_nothing),
		CHECK_TEST(rotated_and_gone_is_noted),
		CHECK_TEST(cut_while_open_is_read_from_its_beginning),
		CHECK_TEST(cut_between_two_lives_is_read_from_its_beginning),
		CHECK_TEST(deleted_and_made_again_is_waited_for),
		CHECK_TEST(refused_line_is_not_read_again),
		CHECK_TEST(hundred_megabytes_in_a_line_are_one_refusal),
		CHECK_TEST(what_is_remembered_of_another_kind_is_passed_over),
		CHECK_TEST(memory_that_fails_is_told),
		CHECK_TEST(named_pipe_waits_for_a_writer_and_ends_with_it),
		CHECK_TEST(
			named_pipe_that_is_followed_waits_for_the_next_writer),
		CHECK_END,
	};

	return check_main("tail", tests);
}

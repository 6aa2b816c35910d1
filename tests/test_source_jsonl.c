#include "ingest/source_jsonl.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct err err;
static void *self;
static struct source_options options;

static int open_at(const char *at)
{
	options = (struct source_options){ .path = at };
	return source_jsonl_open(&options, &self, &err);
}

static void open_bytes(struct str bytes)
{
	check_folder(folder);
	check_file(folder, "a.jsonl", bytes.p, bytes.n, path);
	ck_assert_int_eq(open_at(path), 0);
}

static void done(void)
{
	source_jsonl_close(self);
	check_folder_done(folder);
}

/* The next line is this one, at FILE:number. */
static void gives(struct str line, int number)
{
	struct raw raw;
	char place[CHECK_PATH_MAX + 16];

	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), 0);
	ck_assert_uint_eq(raw.bytes.n, line.n);
	ck_assert_mem_eq(raw.bytes.p, line.p, line.n);
	snprintf(place, sizeof(place), "%s:%d", path, number);
	ck_assert_str_eq(raw.place, place);
	ck_assert_int_eq(raw.kind, RAW_JSON);
	ck_assert_str_eq(raw.file, path);
}

static void ends(void)
{
	struct raw raw;

	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), STEP_END);
	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), STEP_END);
	ck_assert_str_eq(err.text, "");
}

static void refuses_long(int number)
{
	struct raw raw;
	char want[CHECK_PATH_MAX + 128];

	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), STEP_REJECT);
	snprintf(want, sizeof(want),
		 "%s:%d: a line of more than 16777216 bytes; one line is one "
		 "article", path, number);
	ck_assert_str_eq(err.text, want);
	err_clear(&err);
}

START_TEST(next_lines_come_one_by_one)
{
	open_bytes(STR("{\"a\":1}\n{\"b\":2}\n"));
	gives(STR("{\"a\":1}"), 1);
	gives(STR("{\"b\":2}"), 2);
	ends();
	done();
}
END_TEST

START_TEST(next_last_line_without_newline_is_given)
{
	open_bytes(STR("one\ntwo"));
	gives(STR("one"), 1);
	gives(STR("two"), 2);
	ends();
	done();
}
END_TEST

START_TEST(next_empty_file_ends)
{
	open_bytes(STR(""));
	ends();
	done();
}
END_TEST

START_TEST(next_empty_lines_are_skipped_and_counted)
{
	open_bytes(STR("\n\r\n  \t\none\n\n\ntwo\n\n  "));
	gives(STR("one"), 4);
	gives(STR("two"), 7);
	ends();
	done();
}
END_TEST

START_TEST(next_crlf_is_cut_off)
{
	open_bytes(STR("one\r\ntwo\r\nthree\r"));
	gives(STR("one"), 1);
	gives(STR("two"), 2);
	gives(STR("three"), 3);
	ends();
	done();
}
END_TEST

START_TEST(next_mark_at_the_start_is_cut_off)
{
	open_bytes(STR("\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo\n"));
	gives(STR("one"), 1);
	gives(STR("\xEF\xBB\xBFtwo"), 2);
	ends();
	done();
}
END_TEST

START_TEST(next_mark_alone_is_an_empty_line)
{
	open_bytes(STR("\xEF\xBB\xBF\r\none\n"));
	gives(STR("one"), 2);
	ends();
	done();
}
END_TEST

START_TEST(next_nul_stays_in_its_line)
{
	open_bytes(STR("a\0b\n\0\nc"));
	gives(STR("a\0b"), 1);
	gives(STR("\0"), 2);
	gives(STR("c"), 3);
	ends();
	done();
}
END_TEST

/* Lines that end just before, at and after the end of a block. */
START_TEST(next_line_across_blocks_is_whole)
{
	static char bytes[3 * 65536 + 16];

	for (size_t n = 65534; n <= 65537; n++) {
		memset(bytes, 'x', sizeof(bytes));
		bytes[n] = '\n';
		bytes[n + 65536] = '\n';
		open_bytes((struct str){ bytes, n + 65536 + 1 });
		gives((struct str){ bytes, n }, 1);
		gives((struct str){ bytes + n + 1, 65535 }, 2);
		ends();
		done();
	}
}
END_TEST

/* n bytes of x, then what follows, then a line "next". */
static char *long_line(size_t n, const char *end, struct str *ret)
{
	size_t room = n + 16;
	char *p = malloc(room);

	memset(p, 'x', n);
	ret->n = n + (size_t)snprintf(p + n, 16, "%snext\n", end);
	ret->p = p;
	return p;
}

START_TEST(next_line_length_limit)
{
	for (size_t n = RAW_MAX - 1; n <= RAW_MAX + 1; n++) {
		struct str bytes;
		char *p = long_line(n, "\n", &bytes);

		open_bytes(bytes);
		if (n <= RAW_MAX)
			gives((struct str){ p, n }, 1);
		else
			refuses_long(1);
		gives(STR("next"), 2);
		ends();
		done();
		free(p);
	}
}
END_TEST

START_TEST(next_cr_does_not_count_for_the_limit)
{
	for (size_t n = RAW_MAX; n <= RAW_MAX + 1; n++) {
		struct str bytes;
		char *p = long_line(n, "\r\n", &bytes);

		open_bytes(bytes);
		if (n <= RAW_MAX)
			gives((struct str){ p, n }, 1);
		else
			refuses_long(1);
		gives(STR("next"), 2);
		done();
		free(p);
	}
}
END_TEST

START_TEST(next_long_last_line_is_refused)
{
	struct str bytes;
	char *p = long_line(3 * (size_t)RAW_MAX, "", &bytes);

	bytes.n--; /* no newline at all */
	open_bytes(bytes);
	refuses_long(1);
	ends();
	done();
	free(p);
}
END_TEST

START_TEST(open_missing_file_is_told)
{
	ck_assert_int_eq(open_at("/nowhere/a.jsonl"),
			 -ENOENT);
	ck_assert_str_eq(err.text,
			 "/nowhere/a.jsonl: No such file or directory");
}
END_TEST

START_TEST(next_folder_is_told)
{
	struct raw raw;

	ck_assert_int_eq(open_at("/"), 0);
	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), -EISDIR);
	ck_assert_str_eq(err.text, "/: Is a directory");
	source_jsonl_close(self);
}
END_TEST

/* Standard input is a pipe; returns the end to write to. */
static int pipe_in(int flags)
{
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(fcntl(fd[0], F_SETFL, flags), 0);
	ck_assert_int_eq(dup2(fd[0], STDIN_FILENO), STDIN_FILENO);
	close(fd[0]);
	return fd[1];
}

static void put(int fd, struct str s)
{
	ck_assert_int_eq(write(fd, s.p, s.n), (ssize_t)s.n);
}

static void stdin_gives(struct str line, const char *place)
{
	struct raw raw;

	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), 0);
	ck_assert_uint_eq(raw.bytes.n, line.n);
	ck_assert_mem_eq(raw.bytes.p, line.p, line.n);
	ck_assert_str_eq(raw.place, place);
	ck_assert_ptr_null(raw.file);
}

/* The writer stays open: waiting for more than the line would hang. */
START_TEST(next_stdin_line_comes_as_soon_as_it_is_there)
{
	int fd = pipe_in(0);

	ck_assert_int_eq(open_at("-"), 0);
	put(fd, STR("one\n"));
	stdin_gives(STR("one"), "standard input:1");
	put(fd, STR("two\nthree\n"));
	stdin_gives(STR("two"), "standard input:2");
	stdin_gives(STR("three"), "standard input:3");
	close(fd);
	ends();
	source_jsonl_close(self);
}
END_TEST

START_TEST(next_stdin_half_a_line_waits_for_the_rest)
{
	int fd = pipe_in(O_NONBLOCK);
	struct raw raw;

	ck_assert_int_eq(open_at("-"), 0);
	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), STEP_WAIT);
	put(fd, STR("on"));
	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), STEP_WAIT);
	put(fd, STR("e\n"));
	stdin_gives(STR("one"), "standard input:1");
	ck_assert_int_eq(source_jsonl_next(self, &raw, &err), STEP_WAIT);
	put(fd, STR("two"));
	close(fd);
	stdin_gives(STR("two"), "standard input:2");
	ends();
	source_jsonl_close(self);
}
END_TEST

START_TEST(resume_goes_on_after_what_was_read)
{
	int fd = pipe_in(0);

	put(fd, STR("\"a\":1}\n{}\n"));
	close(fd);
	options = (struct source_options){ .path = "-" };
	ck_assert_int_eq(source_jsonl_resume(&options, STR("{"), 4, &self, &err), 0);
	stdin_gives(STR("{\"a\":1}"), "standard input:5");
	stdin_gives(STR("{}"), "standard input:6");
	ends();
	source_jsonl_close(self);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_lines_come_one_by_one),
		CHECK_TEST(next_last_line_without_newline_is_given),
		CHECK_TEST(next_empty_file_ends),
		CHECK_TEST(next_empty_lines_are_skipped_and_counted),
		CHECK_TEST(next_crlf_is_cut_off),
		CHECK_TEST(next_mark_at_the_start_is_cut_off),
		CHECK_TEST(next_mark_alone_is_an_empty_line),
		CHECK_TEST(next_nul_stays_in_its_line),
		CHECK_TEST(next_line_across_blocks_is_whole),
		CHECK_TEST(next_line_length_limit),
		CHECK_TEST(next_cr_does_not_count_for_the_limit),
		CHECK_TEST(next_long_last_line_is_refused),
		CHECK_TEST(open_missing_file_is_told),
		CHECK_TEST(next_folder_is_told),
		CHECK_TEST(next_stdin_line_comes_as_soon_as_it_is_there),
		CHECK_TEST(next_stdin_half_a_line_waits_for_the_rest),
		CHECK_TEST(resume_goes_on_after_what_was_read),
		CHECK_END,
	};

	return check_main("source_jsonl", tests);
}

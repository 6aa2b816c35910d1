#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "sink/target.h"
#include "tests/check_main.h"

static const struct origin origin = { "0123456789abcde" };
static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 16];
static struct done *found;
static struct buf notes;
static struct err err;
static void *self;

/* Ours stands before libc's, so that a disk can fail. */
static int syncs, sync_errno;

int fdatasync(int fd)
{
	syncs++;
	errno = sync_errno;
	return sync_errno ? -1 : (int)syscall(SYS_fdatasync, fd);
}

static void begin(void)
{
	check_folder(folder);
	snprintf(path, sizeof(path), "%s/out.jsonl", folder);
	buf_init(&notes, 1 << 16);
}

static int open_place(const char *place, bool truncate)
{
	const struct target_options o = { .place = place,
					  .truncate = truncate,
					  .found = found,
					  .notes = &notes };

	return target_jsonl.open(&o, &self, &err);
}

static void open_at(const char *place)
{
	ck_assert_int_eq(done_new(&found), 0);
	ck_assert_msg(open_place(place, false) == 0, "%s", err.text);
}

static void close_it(void)
{
	target_jsonl.close(self);
	done_free(found);
}

static void end(void)
{
	buf_done(&notes);
	check_folder_done(folder);
}

/* The line of seq with so many bytes of filling. */
static void add_line(struct buf *out, uint64_t seq, size_t fill)
{
	char *text = malloc(fill + 1);
	struct article a = { .meta = STR("\"id\":\"i\""),
			     .verdict = STR("\"topics\":[]") };

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', fill);
	a.text = (struct str){ text, fill };
	ck_assert_int_eq(record_line(out, origin, seq, &a, true, &err), 0);
	free(text);
}

static void write_line(uint64_t seq, size_t fill)
{
	struct record r = { .origin = origin, .seq = seq };
	struct buf out;

	buf_init(&out, RECORD_LINE_MAX);
	add_line(&out, seq, fill);
	r.line = buf_view(&out);
	ck_assert_int_eq(target_jsonl.write(self, &r, &err), 0);
	buf_done(&out);
}

static int commit(void)
{
	err_clear(&err);
	return target_jsonl.commit(self, &err);
}

static void put_file(struct str bytes)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	ck_assert_int_eq(fclose(f), 0);
}

static void file_is(struct str want)
{
	struct str got;

	ck_assert_int_eq(file_read(path, 1 << 28, &got, NULL), 0);
	ck_assert_uint_eq(got.n, want.n);
	ck_assert(str_eq(got, want));
	free((char *)got.p);
}

static void notes_are(const char *want)
{
	buf_add_char(&notes, '\0');
	ck_assert_str_eq(notes.p, want);
	buf_clear(&notes);
}

START_TEST(open_missing_file_makes_an_empty_one)
{
	begin();
	open_at(path);
	ck_assert(target_jsonl.commits(self));
	ck_assert_int_eq(commit(), 0);
	ck_assert_uint_eq(done_low(found, origin), 0);
	notes_are("");
	file_is(STR(""));
	close_it();
	end();
}
END_TEST

START_TEST(commit_appends_what_was_written_and_syncs_once)
{
	struct buf want;

	begin();
	buf_init(&want, 1 << 20);
	open_at(path);
	syncs = 0;
	for (uint64_t seq = 0; seq < 3; seq++) {
		write_line(seq, 5);
		add_line(&want, seq, 5);
	}
	file_is(STR(""));
	ck_assert_int_eq(commit(), 0);
	file_is(buf_view(&want));
	ck_assert_int_eq(syncs, 1);
	ck_assert_int_eq(commit(), 0);
	ck_assert_int_eq(syncs, 1);
	write_line(3, 0);
	add_line(&want, 3, 0);
	ck_assert_int_eq(commit(), 0);
	file_is(buf_view(&want));
	ck_assert_int_eq(syncs, 2);
	buf_done(&want);
	close_it();
	end();
}
END_TEST

START_TEST(open_again_finds_what_was_written)
{
	begin();
	open_at(path);
	write_line(0, 5);
	write_line(1, 5);
	write_line(3, 5);
	ck_assert_int_eq(commit(), 0);
	close_it();
	syncs = 0;
	open_at(path);
	ck_assert_int_eq(syncs, 1); /* a killed life may have missed it */
	ck_assert_uint_eq(done_low(found, origin), 2);
	ck_assert(!done_has(found, origin, 2) && done_has(found, origin, 3));
	notes_are("");
	close_it();
	end();
}
END_TEST

START_TEST(open_truncate_starts_anew)
{
	begin();
	open_at(path);
	write_line(0, 5);
	ck_assert_int_eq(commit(), 0);
	close_it();
	ck_assert_int_eq(done_new(&found), 0);
	ck_assert_int_eq(open_place(path, true), 0);
	ck_assert(!done_has(found, origin, 0));
	file_is(STR(""));
	close_it();
	end();
}
END_TEST

/* A crash may leave any number of bytes of the last line. */
START_TEST(open_torn_tail_at_every_cut_is_mended)
{
	struct buf want;
	char note[2 * CHECK_PATH_MAX];

	begin();
	buf_init(&want, 1 << 20);
	for (uint64_t seq = 0; seq < 3; seq++)
		add_line(&want, seq, 3);
	for (size_t n = 0; n < want.n; n++) {
		uint64_t lines = n / (want.n / 3);
		size_t torn = n % (want.n / 3);

		put_file((struct str){ want.p, n });
		open_at(path);
		ck_assert_uint_eq(done_low(found, origin), lines);
		file_is((struct str){ want.p, n - torn });
		snprintf(note, sizeof(note),
			 "%s: cut %zu bytes of an incomplete last line\n",
			 path, torn);
		notes_are(torn ? note : "");
		for (uint64_t seq = lines; seq < 3; seq++)
			write_line(seq, 3);
		ck_assert_int_eq(commit(), 0);
		file_is(buf_view(&want));
		close_it();
	}
	buf_done(&want);
	end();
}
END_TEST

START_TEST(open_tail_of_zeros_is_cut)
{
	struct buf want;
	size_t whole;

	begin();
	buf_init(&want, 1 << 20);
	add_line(&want, 0, 3);
	whole = want.n;
	buf_add(&want, "\0\0\0\0", 4);
	put_file(buf_view(&want));
	open_at(path);
	file_is((struct str){ want.p, whole });
	ck_assert(done_has(found, origin, 0));
	buf_done(&want);
	close_it();
	end();
}
END_TEST

/* Somebody named the wrong file: not a byte of it goes. */
START_TEST(open_foreign_tail_becomes_a_line)
{
	char want[3 * CHECK_PATH_MAX];

	begin();
	put_file(STR("{\"mine\":1}\n{\"all\":[1,2]}"));
	open_at(path);
	file_is(STR("{\"mine\":1}\n{\"all\":[1,2]}\n"));
	snprintf(want, sizeof(want),
		 "%s:1: no record of vigie's; it is left alone\n"
		 "%s:2: neither a record nor a whole line; it is left alone\n",
		 path, path);
	notes_are(want);
	close_it();
	end();
}
END_TEST

START_TEST(open_damaged_line_is_named_and_left_alone)
{
	struct buf want;
	size_t second;

	begin();
	buf_init(&want, 1 << 20);
	add_line(&want, 0, 3);
	second = want.n;
	add_line(&want, 1, 3);
	add_line(&want, 2, 3);
	strstr(want.p + second, "xxx")[1] = 'y';
	put_file(buf_view(&want));
	open_at(path);
	ck_assert(done_has(found, origin, 0) && !done_has(found, origin, 1) &&
		  done_has(found, origin, 2));
	file_is(buf_view(&want));
	buf_add_char(&notes, '\0');
	ck_assert(!strncmp(notes.p, path, strlen(path)));
	ck_assert(!strncmp(notes.p + strlen(path), ":2: damaged: ", 13));
	ck_assert_ptr_eq(strchr(notes.p, '\n') + 1,
			 notes.p + notes.n - 1);
	buf_done(&want);
	close_it();
	end();
}
END_TEST

static size_t count_lines(struct str s)
{
	size_t n = 0;

	while (s.n) {
		str_cut(&s, '\n');
		n++;
	}
	return n;
}

START_TEST(open_many_foreign_lines_are_named_up_to_eight)
{
	begin();
	for (size_t n = 7; n <= 100; n += n == 9 ? 91 : 1) {
		struct buf b;

		buf_init(&b, 1 << 20);
		for (size_t i = 0; i < n; i++)
			buf_add_z(&b, "what is this\n");
		put_file(buf_view(&b));
		buf_done(&b);
		open_at(path);
		ck_assert_uint_eq(count_lines(buf_view(&notes)),
				  n <= 8 ? n : 9);
		buf_clear(&notes);
		close_it();
	}
	end();
}
END_TEST

/* Line ends just before, at and after the end of a block that is read. */
START_TEST(open_lines_across_blocks_are_found)
{
	struct buf want;
	size_t base;

	begin();
	buf_init(&want, 1 << 20);
	add_line(&want, 0, 1);
	base = want.n - 1;
	for (size_t end_at = 65534; end_at <= 65538; end_at++) {
		buf_clear(&want);
		add_line(&want, 0, end_at - base);
		ck_assert_uint_eq(want.n, end_at);
		add_line(&want, 1, 70000);
		add_line(&want, 2, 0);
		put_file(buf_view(&want));
		open_at(path);
		ck_assert_uint_eq(done_low(found, origin), 3);
		notes_are("");
		file_is(buf_view(&want));
		close_it();
	}
	buf_done(&want);
	end();
}
END_TEST

/* A line longer than any record is passed over in bounded memory. */
START_TEST(open_line_at_ceiling)
{
	struct buf want;

	begin();
	buf_init(&want, (size_t)RECORD_LINE_MAX + 4096);
	for (size_t more = 0; more < 2; more++) {
		char note[2 * CHECK_PATH_MAX];

		buf_clear(&want);
		memset(buf_grow(&want, RECORD_LINE_MAX + more), 'x',
		       RECORD_LINE_MAX + more);
		buf_add_char(&want, '\n');
		add_line(&want, 0, 0);
		put_file(buf_view(&want));
		open_at(path);
		ck_assert(done_has(found, origin, 0));
		snprintf(note, sizeof(note), "%s:1: %s; it is left alone\n",
			 path, more ? "longer than any record"
				    : "no record of vigie's");
		notes_are(note);
		close_it();
	}
	buf_done(&want);
	end();
}
END_TEST

START_TEST(open_second_time_is_refused)
{
	char want[3 * CHECK_PATH_MAX];
	void *first;

	begin();
	open_at(path);
	first = self;
	ck_assert_int_eq(open_place(path, true), -EADDRINUSE);
	snprintf(want, sizeof(want),
		 "%s: another sink, or another target of this one, is writing "
		 "to it",
		 path);
	ck_assert_str_eq(err.text, want);
	self = first;
	close_it();
	open_at(path);
	close_it();
	end();
}
END_TEST

START_TEST(open_folder_is_refused)
{
	char want[3 * CHECK_PATH_MAX];

	begin();
	ck_assert_int_eq(open_place(folder, false), -EISDIR);
	snprintf(want, sizeof(want), "%s: Is a directory", folder);
	ck_assert_str_eq(err.text, want);
	end();
}
END_TEST

/* Room for some of a hundred lines: what is in the file is whole lines, and
 * trying in vain adds none. Then there is room. */
static void fill_up(void (*make_room)(void), size_t fill)
{
	struct buf want;
	struct str got;
	size_t one;

	buf_init(&want, 1 << 20);
	for (uint64_t seq = 100; seq < 200; seq++) {
		write_line(seq, fill);
		add_line(&want, seq, fill);
	}
	one = want.n / 100;
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(commit(), STEP_WAIT);
		ck_assert(str_starts(str_of(err.text), str_of(path)));
		ck_assert_int_eq(file_read(path, 1 << 20, &got, NULL), 0);
		ck_assert(got.n > 0 && got.n < want.n && got.n % one == 0);
		ck_assert(!memcmp(got.p, want.p, got.n));
		free((char *)got.p);
	}
	make_room();
	ck_assert_int_eq(commit(), 0);
	file_is(buf_view(&want));
	buf_done(&want);
}

static void set_file_limit(rlim_t n)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = n;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void lift_limit(void)
{
	set_file_limit(RLIM_INFINITY);
}

START_TEST(commit_at_file_size_limit_waits_and_goes_on)
{
	begin();
	signal(SIGXFSZ, SIG_IGN);
	open_at(path);
	/* Check writes its own messages to a file, which must stay below. */
	set_file_limit(200000);
	fill_up(lift_limit, 3000);
	close_it();
	end();
}
END_TEST

static char filler[CHECK_PATH_MAX];

static void remove_filler(void)
{
	ck_assert_int_eq(unlink(filler), 0);
}

/* A file system of 64 kB in a mount namespace that dies with this test. */
static bool mount_tiny(void)
{
	enum { NEW_MOUNTS = 0x00020000, NEW_USERS = 0x10000000 };

	return (!syscall(SYS_unshare, NEW_MOUNTS) ||
		!syscall(SYS_unshare, NEW_MOUNTS | NEW_USERS)) &&
	       !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("none", folder, "tmpfs", 0, "size=64k");
}

START_TEST(commit_on_full_disk_waits_and_goes_on)
{
	static const char bytes[40000];

	begin();
	if (mount_tiny()) {
		check_file(folder, "filler", bytes, sizeof(bytes), filler);
		open_at(path);
		fill_up(remove_filler, 300);
		ck_assert_int_eq(commit(), 0);
		close_it();
		ck_assert_int_eq(umount(folder), 0);
	} else {
		fprintf(stderr, "no mount is allowed here: a full disk is "
				"tested through RLIMIT_FSIZE alone\n");
	}
	end();
}
END_TEST

START_TEST(commit_failed_sync_is_never_tried_again)
{
	begin();
	open_at(path);
	write_line(0, 5);
	syncs = 0;
	sync_errno = EIO;
	ck_assert_int_eq(commit(), -EIO);
	ck_assert_ptr_nonnull(strstr(err.text, "sync"));
	sync_errno = 0;
	ck_assert_int_eq(commit(), -EIO);
	write_line(1, 5);
	ck_assert_int_eq(commit(), -EIO);
	ck_assert_int_eq(syncs, 1);
	close_it();
	end();
}
END_TEST

START_TEST(open_failed_sync_is_told)
{
	begin();
	sync_errno = EIO;
	ck_assert_int_eq(done_new(&found), 0);
	ck_assert_int_eq(open_place(path, false), -EIO);
	done_free(found);
	end();
}
END_TEST

/* Standard output becomes a pipe. Returns the end that reads. */
static int pipe_out(void)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
	close(ends[1]);
	return ends[0];
}

START_TEST(stdout_commits_without_sync)
{
	int fd = pipe_out();
	char got[4096];
	struct buf want;

	begin();
	buf_init(&want, 4096);
	add_line(&want, 0, 10);
	open_at("-");
	ck_assert(!target_jsonl.commits(self));
	syncs = 0;
	write_line(0, 10);
	ck_assert_int_eq(commit(), 0);
	ck_assert_int_eq(read(fd, got, sizeof(got)), (ssize_t)want.n);
	ck_assert_mem_eq(got, want.p, want.n);
	ck_assert_int_eq(syncs, 0);
	buf_done(&want);
	close_it();
	end();
}
END_TEST

START_TEST(stdout_without_reader_is_epipe)
{
	begin();
	signal(SIGPIPE, SIG_IGN);
	close(pipe_out());
	open_at("-");
	write_line(0, 10);
	ck_assert_int_eq(commit(), -EPIPE);
	ck_assert_str_eq(err.text, "standard output: Broken pipe");
	close_it();
	end();
}
END_TEST

/* A pager that is not scrolled: no error, no sentence, nothing twice. */
START_TEST(stdout_with_slow_reader_waits_and_goes_on)
{
	int fd = pipe_out(), r;
	struct buf want, got;

	begin();
	buf_init(&want, 1 << 20);
	buf_init(&got, 1 << 20);
	open_at("-");
	for (uint64_t seq = 0; seq < 10; seq++) {
		write_line(seq, 30000);
		add_line(&want, seq, 30000);
	}
	ck_assert_int_eq(commit(), STEP_WAIT);
	ck_assert_str_eq(err.text, "");
	do {
		char *at = buf_grow(&got, 60000);
		ssize_t n = read(fd, at, 60000);

		ck_assert_int_gt(n, 0);
		got.n -= 60000 - (size_t)n;
		r = commit();
	} while (r == STEP_WAIT);
	ck_assert_int_eq(r, 0);
	while (got.n < want.n) {
		ssize_t n = read(fd, buf_grow(&got, 60000), 60000);

		ck_assert_int_gt(n, 0);
		got.n -= 60000 - (size_t)n;
	}
	ck_assert(str_eq(buf_view(&got), buf_view(&want)));
	buf_done(&got);
	buf_done(&want);
	close_it();
	end();
}
END_TEST

START_TEST(device_that_is_full_waits)
{
	begin();
	open_at("/dev/full");
	ck_assert(!target_jsonl.commits(self));
	write_line(0, 10);
	ck_assert_int_eq(commit(), STEP_WAIT);
	ck_assert_str_eq(err.text, "/dev/full: No space left on device");
	close_it();
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(open_missing_file_makes_an_empty_one),
		CHECK_TEST(commit_appends_what_was_written_and_syncs_once),
		CHECK_TEST(open_again_finds_what_was_written),
		CHECK_TEST(open_truncate_starts_anew),
		CHECK_TEST(open_torn_tail_at_every_cut_is_mended),
		CHECK_TEST(open_tail_of_zeros_is_cut),
		CHECK_TEST(open_foreign_tail_becomes_a_line),
		CHECK_TEST(open_damaged_line_is_named_and_left_alone),
		CHECK_TEST(open_many_foreign_lines_are_named_up_to_eight),
		CHECK_TEST(open_lines_across_blocks_are_found),
		CHECK_TEST(open_line_at_ceiling),
		CHECK_TEST(open_second_time_is_refused),
		CHECK_TEST(open_folder_is_refused),
		CHECK_TEST(commit_at_file_size_limit_waits_and_goes_on),
		CHECK_TEST(commit_on_full_disk_waits_and_goes_on),
		CHECK_TEST(commit_failed_sync_is_never_tried_again),
		CHECK_TEST(open_failed_sync_is_told),
		CHECK_TEST(stdout_commits_without_sync),
		CHECK_TEST(stdout_without_reader_is_epipe),
		CHECK_TEST(stdout_with_slow_reader_waits_and_goes_on),
		CHECK_TEST(device_that_is_full_waits),
		CHECK_END,
	};

	return check_main("target_jsonl", tests);
}

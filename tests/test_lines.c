#include "sink/lines.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "sink/record.h"
#include "tests/check_main.h"

enum { ALL = 40, KILLED = 9, ROTATE = 700 };

static const struct origin origin = { "0123456789abcde" };
static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 16];
static struct done *found;
static struct buf notes;
static struct err err;
static struct lines *lines;
static struct lines_options options = { .path = path, .notes = &notes };

/* Ours stand before libc's: a process dies at the n-th call that changes
 * anything, time goes on when it is told to, and calls fail. */
static long calls_left = -1, skipped_ms;
static int link_errno, rename_errno, data_errno, sync_errno;

static bool dies_here(void)
{
	return calls_left >= 0 && calls_left-- == 0;
}

static void die_here(void)
{
	if (dies_here())
		_exit(KILLED);
}

ssize_t write(int fd, const void *p, size_t n)
{
	if (dies_here()) {
		syscall(SYS_write, fd, p, n / 2);
		_exit(KILLED);
	}
	return syscall(SYS_write, fd, p, n);
}

int fdatasync(int fd)
{
	die_here();
	errno = data_errno;
	return data_errno ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	die_here();
	errno = sync_errno;
	return sync_errno ? -1 : (int)syscall(SYS_fsync, fd);
}

int link(const char *from, const char *to)
{
	die_here();
	errno = link_errno;
	return link_errno ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from,
					      AT_FDCWD, to, 0);
}

int rename(const char *from, const char *to)
{
	die_here();
	errno = rename_errno;
	return rename_errno ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from,
						AT_FDCWD, to, 0);
}

int unlink(const char *name)
{
	die_here();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, name, 0);
}

int ftruncate(int fd, off_t n)
{
	die_here();
	return (int)syscall(SYS_ftruncate, fd, n);
}

int clock_gettime(clockid_t id, struct timespec *t)
{
	int r = (int)syscall(SYS_clock_gettime, id, t);

	t->tv_sec += skipped_ms / 1000;
	return r;
}

static void begin(void)
{
	check_folder(folder);
	snprintf(path, sizeof(path), "%s/out.jsonl", folder);
	buf_init(&notes, 1 << 16);
}

static void end(void)
{
	buf_done(&notes);
	check_folder_done(folder);
}

static void open_it(void)
{
	ck_assert_int_eq(done_new(&found), 0);
	options.found = found;
	ck_assert_msg(lines_open(&options, &lines, &err) == 0, "%s", err.text);
}

static void close_it(void)
{
	lines_free(lines);
	done_free(found);
}

static void write_line(uint64_t seq)
{
	struct article a = { .meta = STR("\"id\":\"i\""),
			     .verdict = STR("\"topics\":[]") };
	struct buf out;

	buf_init(&out, RECORD_LINE_MAX);
	ck_assert_int_eq(record_line(&out, origin, seq, &a, false, &err), 0);
	ck_assert_int_eq(lines_write(lines, buf_view(&out), &err), 0);
	ck_assert_int_eq(done_add(found, origin, seq, &err), 0);
	buf_done(&out);
}

static void commit(void)
{
	ck_assert_msg(lines_commit(lines, &err) == 0, "%s", err.text);
}

/* As the sink: what is not found is written, two a commit. */
static void write_up_to(uint64_t n)
{
	for (uint64_t seq = 0; seq < n; seq++) {
		if (!done_has(found, origin, seq))
			write_line(seq);
		if (seq % 2)
			commit();
	}
	commit();
}

/* Which numbers are in the file, and how often. */
static void count_in(const char *name, unsigned *times)
{
	char at[2 * CHECK_PATH_MAX];
	struct str got, rest;
	struct origin o;
	uint64_t seq;

	snprintf(at, sizeof(at), "%s/%s", folder, name);
	ck_assert_int_eq(file_read(at, 1 << 24, &got, NULL), 0);
	for (rest = got; rest.n;) {
		struct str line = str_cut(&rest, '\n');

		ck_assert_msg(!record_read(line, &o, &seq, &err), "%s: %s", name,
			      err.text);
		ck_assert_uint_lt(seq, ALL);
		times[seq]++;
	}
	free((char *)got.p);
}

static bool is_rotated(const char *name)
{
	return !strncmp(name, "out.jsonl.2", 11);
}

/* Each number below n is there once, in all files together. Returns how many
 * files that are. */
static int each_is_there_once(uint64_t n)
{
	unsigned times[ALL] = { 0 };
	const struct dirent *d;
	DIR *dir = opendir(folder);
	int files = 0;

	while ((d = readdir(dir)))
		if (is_rotated(d->d_name) || !strcmp(d->d_name, "out.jsonl")) {
			count_in(d->d_name, times);
			files++;
		}
	closedir(dir);
	for (uint64_t seq = 0; seq < n; seq++)
		ck_assert_msg(times[seq] == 1, "%u times %lu", times[seq],
			      (unsigned long)seq);
	return files;
}

/* rm out.jsonl.2*: what a user does with files that are full. */
static void remove_rotated(void)
{
	char at[2 * CHECK_PATH_MAX];
	const struct dirent *d;
	DIR *dir = opendir(folder);

	while ((d = readdir(dir)))
		if (is_rotated(d->d_name)) {
			snprintf(at, sizeof(at), "%s/%s", folder, d->d_name);
			ck_assert_int_eq(unlink(at), 0);
		}
	closedir(dir);
}

static void notes_have(const char *words)
{
	buf_add_char(&notes, '\0');
	ck_assert_msg(strstr(notes.p, words) != NULL, "notes: %s", notes.p);
	buf_clear(&notes);
}

static void no_notes(void)
{
	ck_assert_msg(!notes.n, "notes: " STR_FMT, STR_ARG(buf_view(&notes)));
}

START_TEST(commit_full_file_gets_another_name)
{
	begin();
	options.rotate_size = ROTATE;
	open_it();
	write_up_to(ALL);
	ck_assert_uint_lt(lines_size(lines), ROTATE);
	ck_assert_uint_eq(lines_count(lines), ALL);
	ck_assert_int_ge(each_is_there_once(ALL), 4);
	close_it();
	open_it();
	ck_assert_uint_eq(done_low(found, origin), ALL);
	ck_assert_uint_eq(lines_count(lines), ALL);
	no_notes();
	close_it();
	end();
}
END_TEST

/* The process ends at each call in turn; the next life does the rest. */
START_TEST(killed_at_any_call_loses_and_repeats_nothing)
{
	uint64_t *acked = mmap(NULL, sizeof(*acked), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = KILLED << 8;
	long n = 0;

	ck_assert(acked != MAP_FAILED);
	options.rotate_size = ROTATE;
	for (; status; n++) {
		pid_t child;

		begin();
		*acked = 0;
		child = fork();
		ck_assert_int_ge(child, 0);
		if (!child) {
			calls_left = n / 2; /* once, and with files gone */
			open_it();
			for (uint64_t seq = 0; seq < 20; seq += 2) {
				write_line(seq);
				write_line(seq + 1);
				commit();
				*acked = seq + 2;
			}
			_exit(0);
		}
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert(WIFEXITED(status));
		ck_assert(!status || WEXITSTATUS(status) == KILLED);
		if (n % 2)
			remove_rotated();
		open_it();
		ck_assert_uint_ge(done_low(found, origin), *acked);
		write_up_to(ALL);
		if (n % 2 == 0)
			each_is_there_once(ALL);
		close_it();
		end();
	}
	ck_assert_int_gt(n, 60);
}
END_TEST

START_TEST(killed_twice_in_a_rotation_finishes_it)
{
	begin();
	options.rotate_size = ROTATE;
	for (long n = 0; n < 60; n++) {
		pid_t child = fork();

		ck_assert_int_ge(child, 0);
		if (!child) {
			calls_left = n;
			open_it();
			write_up_to(ALL);
			_exit(0);
		}
		ck_assert_int_eq(waitpid(child, NULL, 0), child);
	}
	open_it();
	write_up_to(ALL);
	ck_assert_int_ge(each_is_there_once(ALL), 4);
	close_it();
	end();
}
END_TEST

START_TEST(open_rotated_files_may_be_gone)
{
	begin();
	options.rotate_size = ROTATE;
	open_it();
	write_up_to(ALL);
	close_it();
	remove_rotated();
	open_it();
	ck_assert_uint_eq(done_low(found, origin), ALL);
	ck_assert_uint_eq(lines_count(lines), ALL);
	no_notes();
	close_it();
	end();
}
END_TEST

static void checkpoint_is_of_no_use(void)
{
	open_it();
	ck_assert_uint_eq(done_low(found, origin), ALL);
	ck_assert_uint_eq(lines_count(lines), ALL);
	write_up_to(ALL);
	each_is_there_once(ALL);
	close_it();
}

START_TEST(open_without_or_with_damaged_checkpoint_reads_all)
{
	char done_path[2 * CHECK_PATH_MAX];

	begin();
	options.rotate_size = ROTATE;
	open_it();
	write_up_to(ALL);
	close_it();
	snprintf(done_path, sizeof(done_path), "%s.done", path);
	ck_assert_int_eq(unlink(done_path), 0);
	checkpoint_is_of_no_use();
	no_notes();
	check_file(folder, "out.jsonl.done", "what is this", 12, done_path);
	checkpoint_is_of_no_use();
	notes_have("out.jsonl.done: damaged; the whole output is read");
	end();
}
END_TEST

/* What lies before the checkpoint is not looked at again, so a damaged line
 * there is no matter; what is behind it is read. */
START_TEST(open_reads_from_the_checkpoint_on)
{
	char at[2 * CHECK_PATH_MAX];

	begin();
	options.rotate_size = ROTATE;
	open_it();
	link_errno = ENOSPC; /* so that it stops after the checkpoint */
	write_up_to(8);
	notes_have("another name: No space left on device; it is put off");
	write_up_to(10);
	close_it();
	ck_assert_int_eq(each_is_there_once(10), 1);
	snprintf(at, sizeof(at), "f=%s; printf X | dd of=$f bs=1 seek=100 "
		 "conv=notrunc status=none", path);
	ck_assert_int_eq(system(at), 0);
	open_it();
	ck_assert_uint_eq(done_low(found, origin), 10);
	no_notes();
	close_it();
	end();
}
END_TEST

START_TEST(commit_without_room_for_a_checkpoint_puts_rotation_off)
{
	begin();
	options.rotate_size = ROTATE;
	rename_errno = ENOSPC;
	open_it();
	write_up_to(20);
	ck_assert_int_eq(each_is_there_once(20), 1);
	notes_have("No space left on device; it is put off\n");
	rename_errno = 0;
	commit(); /* not yet: once a second */
	ck_assert_int_eq(each_is_there_once(20), 1);
	skipped_ms += 2000;
	commit();
	ck_assert_int_eq(each_is_there_once(20), 2);
	no_notes();
	close_it();
	end();
}
END_TEST

START_TEST(commit_without_second_names_renames)
{
	begin();
	options.rotate_size = ROTATE;
	link_errno = EPERM;
	open_it();
	write_up_to(ALL);
	ck_assert_int_ge(each_is_there_once(ALL), 4);
	no_notes();
	close_it();
	end();
}
END_TEST

START_TEST(commit_after_a_time_begins_a_new_file)
{
	begin();
	options.rotate_every = 60000;
	open_it();
	skipped_ms += 120000;
	write_up_to(2); /* the time runs from the first line */
	ck_assert_int_eq(each_is_there_once(2), 1);
	skipped_ms += 59000;
	commit();
	ck_assert_int_eq(each_is_there_once(2), 1);
	skipped_ms += 2000;
	commit();
	ck_assert_int_eq(each_is_there_once(2), 2);
	skipped_ms += 120000;
	commit(); /* an empty file is not rotated */
	ck_assert_int_eq(each_is_there_once(2), 2);
	close_it();
	end();
}
END_TEST

START_TEST(commit_failed_sync_of_a_rotation_is_the_end)
{
	begin();
	options.rotate_size = 1;
	open_it();
	write_line(0);
	sync_errno = EIO; /* of the checkpoint or the folder */
	ck_assert_int_eq(lines_commit(lines, &err), -EIO);
	sync_errno = 0;
	ck_assert_int_eq(lines_commit(lines, &err), -EIO);
	close_it();
	open_it();
	write_line(1);
	data_errno = EIO; /* of the lines */
	ck_assert_int_eq(lines_commit(lines, &err), -EIO);
	data_errno = 0;
	ck_assert_int_eq(lines_commit(lines, &err), -EIO);
	close_it();
	end();
}
END_TEST

START_TEST(commit_of_a_file_that_was_moved_away_is_not_rotated)
{
	char moved[2 * CHECK_PATH_MAX];

	begin();
	options.rotate_size = ROTATE;
	open_it();
	write_line(0);
	commit();
	snprintf(moved, sizeof(moved), "%s/moved", folder);
	ck_assert_int_eq(rename(path, moved), 0);
	check_file(folder, "out.jsonl", "mine\n", 5, moved);
	write_up_to(20);
	notes_have("is not the file that is written to; it is put off");
	close_it();
	end();
}
END_TEST

START_TEST(commit_keeps_who_may_read)
{
	struct stat st;

	begin();
	options.rotate_size = 1;
	open_it();
	ck_assert_int_eq(chmod(path, 0640), 0);
	write_up_to(4);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
	close_it();
	end();
}
END_TEST

START_TEST(open_truncate_forgets_the_checkpoint_and_keeps_rotated_files)
{
	begin();
	options.rotate_size = ROTATE;
	open_it();
	write_up_to(ALL);
	close_it();
	options.truncate = true;
	open_it();
	ck_assert_uint_eq(done_low(found, origin), 0);
	ck_assert_uint_eq(lines_size(lines), 0);
	close_it();
	end();
}
END_TEST

/* A crash came between the second name and the new file; then rotation was
 * turned off, or the file is to be emptied: the rotated one stays as it was. */
START_TEST(open_with_both_names_gives_up_the_first)
{
	char at[2 * CHECK_PATH_MAX];
	struct stat st;

	for (int truncate = 0; truncate < 2; truncate++) {
		begin();
		options.truncate = false;
		open_it();
		write_up_to(4);
		close_it();
		snprintf(at, sizeof(at), "%s.20260102T030405Z", path);
		ck_assert_int_eq(link(path, at), 0);
		ck_assert_int_eq(stat(path, &st), 0);
		options.truncate = truncate;
		open_it();
		if (truncate)
			ck_assert_uint_eq(done_low(found, origin), 0);
		else
			write_up_to(6);
		ck_assert_int_eq(truncate ? 2 : each_is_there_once(6), 2);
		close_it();
		ck_assert_int_eq(truncate ? stat(at, &st) : 0, 0);
		ck_assert_int_gt(st.st_size, 0);
		end();
	}
}
END_TEST

START_TEST(open_bit_rot_in_a_rotated_file_does_not_hinder)
{
	char at[2 * CHECK_PATH_MAX];

	begin();
	options.rotate_size = ROTATE;
	open_it();
	write_up_to(8);
	close_it();
	snprintf(at, sizeof(at), "sed -i 2s/topics/tropic/ %s.2*", path);
	ck_assert_int_eq(system(at), 0);
	snprintf(at, sizeof(at), "%s.done", path);
	ck_assert_int_eq(unlink(at), 0);
	open_it();
	ck_assert(done_has(found, origin, 0) && !done_has(found, origin, 1) &&
		  done_has(found, origin, 2) && done_has(found, origin, 7));
	notes_have("Z:2: damaged: ");
	close_it();
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(commit_full_file_gets_another_name),
		CHECK_TEST(killed_at_any_call_loses_and_repeats_nothing),
		CHECK_TEST(killed_twice_in_a_rotation_finishes_it),
		CHECK_TEST(open_rotated_files_may_be_gone),
		CHECK_TEST(open_without_or_with_damaged_checkpoint_reads_all),
		CHECK_TEST(open_reads_from_the_checkpoint_on),
		CHECK_TEST(
			commit_without_room_for_a_checkpoint_puts_rotation_off),
		CHECK_TEST(commit_without_second_names_renames),
		CHECK_TEST(commit_after_a_time_begins_a_new_file),
		CHECK_TEST(commit_failed_sync_of_a_rotation_is_the_end),
		CHECK_TEST(
			commit_of_a_file_that_was_moved_away_is_not_rotated),
		CHECK_TEST(commit_keeps_who_may_read),
		CHECK_TEST(
			open_truncate_forgets_the_checkpoint_and_keeps_rotated_files),
		CHECK_TEST(open_with_both_names_gives_up_the_first),
		CHECK_TEST(open_bit_rot_in_a_rotated_file_does_not_hinder),
		CHECK_END,
	};

	return check_main("lines", tests);
}

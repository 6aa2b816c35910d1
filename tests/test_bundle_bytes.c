#include "classify/bundle_bytes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check_main.h"

enum { SIZE = 5 << 20 }; /* two huge pages and a half */

static char base[CHECK_PATH_MAX], file[CHECK_PATH_MAX];
static char folder[CHECK_PATH_MAX]; /* where the copies are */
static char *bytes;
static struct err e;

static void put(char first)
{
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 2654435761u >> 13);
	bytes[0] = first;
	bytes[SIZE - 1] = first; /* of the digest, and so of the name */
	check_file(base, "a.vigie", bytes, SIZE, file);
}

static void begin(void)
{
	check_folder(base);
	snprintf(folder, sizeof(folder), "%s/vigie-bundles-%u", base,
		 (unsigned)geteuid());
	bytes = malloc(SIZE);
	put('a');
}

static void end(void)
{
	free(bytes);
	check_folder_done(base);
}

static int share(struct bundle_bytes *ret)
{
	int fd = open(file, O_RDONLY);
	int r = bundle_bytes_shared(base, fd, SIZE, ret, &e);

	close(fd);
	return r;
}

static void share_well(struct bundle_bytes *ret)
{
	ck_assert_int_eq(share(ret), 0);
	ck_assert_uint_eq(ret->view.n, SIZE);
	ck_assert(!memcmp(ret->view.p, bytes, SIZE));
}

/* The files among the copies; -1 without the folder. */
static int copies(char last[CHECK_PATH_MAX])
{
	DIR *d = opendir(folder);
	struct dirent *at;
	int n = 0;

	if (!d)
		return -1;
	while ((at = readdir(d))) {
		if (*at->d_name == '.')
			continue;
		snprintf(last, CHECK_PATH_MAX, "%s/%s", folder, at->d_name);
		n++;
	}
	closedir(d);
	return n;
}

static ino_t inode(const struct bundle_bytes *b)
{
	struct stat st;

	ck_assert_int_eq(fstat(b->file, &st), 0);
	return st.st_ino;
}

START_TEST(map_has_the_bytes_of_the_file)
{
	struct bundle_bytes b;
	int fd;

	begin();
	fd = open(file, O_RDONLY);
	ck_assert_int_eq(bundle_bytes_map(fd, SIZE, &b), 0);
	close(fd);
	ck_assert(!memcmp(b.view.p, bytes, SIZE));
	bundle_bytes_done(&b);
	ck_assert_ptr_null(b.view.p);
	bundle_bytes_done(&b);
	end();
}
END_TEST

START_TEST(own_keeps_its_bytes_whatever_becomes_of_the_file)
{
	struct bundle_bytes b;
	int fd;

	begin();
	fd = open(file, O_RDWR);
	ck_assert_int_eq(bundle_bytes_own(fd, SIZE, &b), 0);
	ck_assert_int_eq(pwrite(fd, "xyz", 3, 1000), 3);
	ck_assert_int_eq(ftruncate(fd, 2000), 0);
	ck_assert(!memcmp(b.view.p, bytes, SIZE));
	bundle_bytes_done(&b);
	close(fd);
	end();
}
END_TEST

START_TEST(own_of_a_file_that_shrank_ends_in_zeros)
{
	struct bundle_bytes b;
	int fd;

	begin();
	ck_assert_int_eq(truncate(file, SIZE / 2), 0);
	fd = open(file, O_RDONLY);
	ck_assert_int_eq(bundle_bytes_own(fd, SIZE, &b), 0);
	ck_assert(!memcmp(b.view.p, bytes, SIZE / 2));
	for (size_t i = SIZE / 2; i < SIZE; i++)
		ck_assert_int_eq(b.view.p[i], 0);
	bundle_bytes_done(&b);
	close(fd);
	end();
}
END_TEST

START_TEST(shared_is_made_once_and_nobody_may_write_it)
{
	struct bundle_bytes a, b;
	char at[CHECK_PATH_MAX];
	struct stat st;

	begin();
	share_well(&a);
	share_well(&b);
	ck_assert_uint_eq(inode(&a), inode(&b));
	ck_assert_int_eq(copies(at), 1);
	ck_assert_ptr_nonnull(strstr(at, "61.vigie"));
	ck_assert_int_eq(stat(at, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0400);
	ck_assert_int_eq(stat(folder, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	ck_assert_int_eq(truncate(file, 100), 0); /* what it came from */
	ck_assert(!memcmp(a.view.p, bytes, SIZE));
	bundle_bytes_done(&a);
	bundle_bytes_done(&b);
	end();
}
END_TEST

START_TEST(done_of_the_last_user_leaves_nothing_behind)
{
	struct bundle_bytes a, b;
	char at[CHECK_PATH_MAX];

	begin();
	share_well(&a);
	share_well(&b);
	bundle_bytes_done(&a);
	ck_assert_int_eq(copies(at), 1);
	ck_assert(!memcmp(b.view.p, bytes, SIZE));
	bundle_bytes_done(&b);
	ck_assert_int_eq(copies(at), -1);
	share_well(&a); /* the folder is made again */
	bundle_bytes_done(&a);
	end();
}
END_TEST

START_TEST(shared_of_another_bundle_is_another_file)
{
	struct bundle_bytes a, b;
	char at[CHECK_PATH_MAX];

	begin();
	share_well(&a);
	put('b');
	share_well(&b);
	ck_assert_int_eq(a.view.p[0], 'a');
	ck_assert_int_eq(copies(at), 2);
	bundle_bytes_done(&a);
	ck_assert_int_eq(copies(at), 1);
	bundle_bytes_done(&b);
	end();
}
END_TEST

/* A process that is killed gives up its lock, and nothing else. */
static void leave_behind(void)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		struct bundle_bytes lost;

		_exit(share(&lost) ? 1 : 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

START_TEST(shared_finds_what_a_killed_process_left)
{
	struct bundle_bytes a;
	char at[CHECK_PATH_MAX], again[CHECK_PATH_MAX];
	struct stat before;

	begin();
	leave_behind();
	ck_assert_int_eq(copies(at), 1);
	ck_assert_int_eq(stat(at, &before), 0);
	share_well(&a);
	ck_assert_uint_eq(inode(&a), before.st_ino);
	ck_assert_int_eq(copies(again), 1);
	bundle_bytes_done(&a);
	end();
}
END_TEST

START_TEST(shared_removes_what_nobody_uses)
{
	struct bundle_bytes b;
	char at[CHECK_PATH_MAX];

	begin();
	leave_behind();
	check_file(folder, "new", "half", 4, at); /* killed in the middle */
	put('b');
	share_well(&b);
	ck_assert_int_eq(copies(at), 1);
	ck_assert_ptr_nonnull(strstr(at, "62.vigie"));
	bundle_bytes_done(&b);
	end();
}
END_TEST

START_TEST(sweep_spares_what_is_in_use)
{
	struct bundle_bytes a;
	char at[CHECK_PATH_MAX];

	begin();
	bundle_bytes_sweep(base);
	ck_assert_int_eq(copies(at), -1); /* it makes no folder */
	leave_behind();
	put('b');
	leave_behind();
	share_well(&a);
	bundle_bytes_sweep(base);
	ck_assert_int_eq(copies(at), 1);
	bundle_bytes_done(&a);
	leave_behind();
	bundle_bytes_sweep(base);
	ck_assert_int_eq(copies(at), -1);
	end();
}
END_TEST

/* The folder went, and is another's now, who is about to fill it. */
START_TEST(done_spares_the_folder_of_those_who_came_after)
{
	struct bundle_bytes a;
	char at[CHECK_PATH_MAX];

	begin();
	share_well(&a);
	ck_assert_int_eq(copies(at), 1);
	ck_assert_int_eq(unlink(at), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	bundle_bytes_done(&a);
	ck_assert_int_eq(copies(at), 0);
	end();
}
END_TEST

START_TEST(shared_copy_that_is_damaged_is_made_anew)
{
	struct bundle_bytes a, b;
	char at[CHECK_PATH_MAX];
	int fd;

	begin();
	share_well(&a);
	ck_assert_int_eq(copies(at), 1);
	chmod(at, 0600);
	fd = open(at, O_RDWR);
	ck_assert_int_eq(pwrite(fd, "x", 1, SIZE - 100), 1);
	fchmod(fd, 0400);
	close(fd);
	share_well(&b);
	ck_assert_uint_ne(inode(&a), inode(&b));
	ck_assert_int_eq(copies(at), 1);
	bundle_bytes_done(&a);
	bundle_bytes_done(&b);
	end();
}
END_TEST

START_TEST(shared_copy_that_is_not_as_we_make_them_is_made_anew)
{
	struct bundle_bytes a;
	char at[CHECK_PATH_MAX];

	begin();
	leave_behind();
	ck_assert_int_eq(copies(at), 1);
	chmod(at, 0600); /* somebody may write it */
	share_well(&a);
	bundle_bytes_done(&a);
	leave_behind();
	chmod(at, 0600);
	ck_assert_int_eq(truncate(at, SIZE - 1), 0); /* torn */
	chmod(at, 0400);
	share_well(&a);
	bundle_bytes_done(&a);
	leave_behind();
	unlink(at);
	ck_assert_int_eq(symlink(file, at), 0);
	share_well(&a);
	ck_assert_int_eq(truncate(file, 10), 0);
	ck_assert(!memcmp(a.view.p, bytes, SIZE));
	bundle_bytes_done(&a);
	end();
}
END_TEST

START_TEST(shared_folder_that_is_not_ours_alone_is_refused)
{
	struct bundle_bytes a;
	char elsewhere[CHECK_PATH_MAX + 8];

	begin();
	mkdir(folder, 0700);
	chmod(folder, 0750);
	ck_assert_int_eq(share(&a), -EACCES);
	ck_assert_ptr_nonnull(strstr(e.text, folder));
	rmdir(folder);
	err_clear(&e);
	snprintf(elsewhere, sizeof(elsewhere), "%s/other", base);
	mkdir(elsewhere, 0700);
	ck_assert_int_eq(symlink(elsewhere, folder), 0);
	ck_assert_int_lt(share(&a), 0);
	ck_assert_ptr_nonnull(strstr(e.text, folder));
	unlink(folder);
	if (!geteuid()) { /* another's, of our name */
		mkdir(folder, 0700);
		ck_assert_int_eq(chown(folder, 1, 1), 0);
		err_clear(&e);
		ck_assert_int_eq(share(&a), -EACCES);
	}
	end();
}
END_TEST

START_TEST(shared_without_base_is_an_error)
{
	struct bundle_bytes a;
	int fd;

	begin();
	fd = open(file, O_RDONLY);
	ck_assert_int_eq(bundle_bytes_shared("/nowhere/at/all", fd, SIZE, &a,
					     &e),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, "/nowhere/at/all"));
	close(fd);
	end();
}
END_TEST

START_TEST(shared_that_cannot_be_written_leaves_nothing_behind)
{
	const struct rlimit little = { SIZE / 2, SIZE / 2 };
	struct bundle_bytes a;
	char at[CHECK_PATH_MAX];

	begin();
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &little);
	ck_assert_int_eq(share(&a), -EFBIG);
	ck_assert_int_eq(copies(at), -1);
	end();
}
END_TEST

START_TEST(shared_of_what_has_no_digest_is_refused)
{
	struct bundle_bytes a;
	char at[CHECK_PATH_MAX];
	int fd;

	begin();
	fd = open(file, O_RDONLY);
	ck_assert_int_eq(bundle_bytes_shared(base, fd, 31, &a, &e), -EBADMSG);
	close(fd);
	ck_assert_int_eq(truncate(file, SIZE / 2), 0); /* meanwhile */
	ck_assert_int_eq(share(&a), -EBADMSG);
	ck_assert_int_eq(copies(at), -1);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(map_has_the_bytes_of_the_file),
		CHECK_TEST(own_keeps_its_bytes_whatever_becomes_of_the_file),
		CHECK_TEST(own_of_a_file_that_shrank_ends_in_zeros),
		CHECK_TEST(shared_is_made_once_and_nobody_may_write_it),
		CHECK_TEST(done_of_the_last_user_leaves_nothing_behind),
		CHECK_TEST(shared_of_another_bundle_is_another_file),
		CHECK_TEST(shared_finds_what_a_killed_process_left),
		CHECK_TEST(shared_removes_what_nobody_uses),
		CHECK_TEST(sweep_spares_what_is_in_use),
		CHECK_TEST(done_spares_the_folder_of_those_who_came_after),
		CHECK_TEST(shared_copy_that_is_damaged_is_made_anew),
		CHECK_TEST(shared_copy_that_is_not_as_we_make_them_is_made_anew),
		CHECK_TEST(shared_folder_that_is_not_ours_alone_is_refused),
		CHECK_TEST(shared_without_base_is_an_error),
		CHECK_TEST(shared_that_cannot_be_written_leaves_nothing_behind),
		CHECK_TEST(shared_of_what_has_no_digest_is_refused),
		CHECK_END,
	};

	return check_main("bundle_bytes", tests);
}

#include "sink/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "tests/check_main.h"

static const struct origin a = { "origin a" }, b = { "origin b" };
static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 8],
	file[CHECK_PATH_MAX];
static struct err err;

static void begin(void)
{
	check_folder(folder);
	check_file(folder, "f", "0123456789", 10, file);
	snprintf(path, sizeof(path), "%s/c", folder);
}

static void end(void)
{
	check_folder_done(folder);
}

static struct done *empty(void)
{
	struct done *d;

	ck_assert_int_eq(done_new(&d), 0);
	return d;
}

static struct done *full(void)
{
	struct done *d = empty();

	done_raise(d, b, 1000000);
	done_found(d, b, 1000000 + WIRE_WINDOW_MAX - 1);
	done_found(d, a, 0);
	done_found(d, a, 2);
	return d;
}

static void put(struct done *d)
{
	struct checkpoint c = { 1, 2, 3, 4, 5 };

	ck_assert_msg(!checkpoint_write(path, &c, d, &err), "%s", err.text);
}

static int get(struct done *d, struct checkpoint *c)
{
	err_clear(&err);
	return checkpoint_read(path, c, d, &err);
}

START_TEST(read_gives_what_was_written)
{
	struct done *d = full(), *back = empty();
	struct checkpoint c;
	struct origin first;

	begin();
	put(d);
	ck_assert_msg(!get(back, &c), "%s", err.text);
	ck_assert_uint_eq(c.device, 1);
	ck_assert_uint_eq(c.inode, 2);
	ck_assert_uint_eq(c.offset, 3);
	ck_assert_uint_eq(c.tail, 4);
	ck_assert_uint_eq(c.records, 5);
	ck_assert_uint_eq(done_low(back, a), 1);
	ck_assert(!done_has(back, a, 1) && done_has(back, a, 2) &&
		  !done_has(back, a, 3));
	ck_assert_uint_eq(done_low(back, b), 1000000);
	ck_assert(done_has(back, b, 1000000 + WIRE_WINDOW_MAX - 1));
	ck_assert_uint_eq(done_count(back), done_count(d));
	ck_assert(done_origin(back, 0, &first) && !origin_cmp(first, b));
	done_free(d);
	done_free(back);
	end();
}
END_TEST

START_TEST(read_missing_is_enoent)
{
	struct checkpoint c;
	struct done *d = empty();

	begin();
	ck_assert_int_eq(get(d, &c), -ENOENT);
	done_free(d);
	end();
}
END_TEST

/* Each byte but one is damaged in turn, and each beginning is cut off. */
START_TEST(read_any_damage_is_noticed_and_changes_nothing)
{
	struct done *d = full(), *back = empty();
	struct checkpoint c = { .records = 77 };
	struct str bytes;
	char at[CHECK_PATH_MAX];

	begin();
	done_free(d);
	d = empty();
	done_found(d, a, 0);
	done_found(d, a, 2);
	put(d);
	ck_assert_int_eq(file_read(path, 1 << 20, &bytes, &err), 0);
	for (size_t i = 0; i < bytes.n; i++) {
		((char *)bytes.p)[i] ^= 1;
		check_file(folder, "c", bytes.p, bytes.n, at);
		((char *)bytes.p)[i] ^= 1;
		ck_assert_int_eq(get(back, &c), -EBADMSG);
		check_file(folder, "c", bytes.p, i, at);
		ck_assert_int_eq(get(back, &c), -EBADMSG);
	}
	ck_assert_uint_eq(done_count(back), 0);
	ck_assert_uint_eq(c.records, 77);
	free((char *)bytes.p);
	done_free(d);
	done_free(back);
	end();
}
END_TEST

/* With a right crc, so that only what it says can be wrong. */
static int get_text(const char *text)
{
	struct checkpoint c;
	struct done *d = empty();
	char at[CHECK_PATH_MAX];
	struct buf out;
	int r;

	buf_init(&out, 1 << 20);
	buf_add_z(&out, text);
	buf_printf(&out, "crc %08x\n", hash_crc32c(0, buf_view(&out)));
	check_file(folder, "c", out.p, out.n, at);
	r = get(d, &c);
	if (r)
		ck_assert_uint_eq(done_count(d), 0);
	buf_done(&out);
	done_free(d);
	return r;
}

#define ONE "origin 00000000000000000000000000000001 "

START_TEST(read_other_version_or_form_is_refused)
{
	begin();
	ck_assert_int_eq(get_text("vigie-done 1\nfile 1 2 3 4\nrecords 5\n" ONE
				  "7 05\n"),
			 0);
	ck_assert_int_eq(get_text("vigie-done 2\nfile 1 2 3 4\nrecords 5\n"),
			 -EPROTONOSUPPORT);
	ck_assert_ptr_nonnull(strstr(err.text, "'vigie-done 2' is not of"));
	ck_assert_int_eq(get_text(""), -EPROTONOSUPPORT);
	ck_assert_int_eq(get_text("vigie-done 1\n"), -EBADMSG);
	ck_assert_int_eq(get_text("vigie-done 1\nfile 1 2 3\nrecords 5\n"),
			 -EBADMSG);
	ck_assert_int_eq(get_text("vigie-done 1\nfile 1 2 -3 4\nrecords 5\n"),
			 -EBADMSG);
	ck_assert_int_eq(get_text("vigie-done 1\nfile 1 2 "
				  "18446744073709551615 4\nrecords 5\n"),
			 -EBADMSG);
	ck_assert_int_eq(get_text("vigie-done 1\nfile 1 2 3 4\nrecords 5\n" ONE
				  "7 05\n" ONE "7 5\n"),
			 -EBADMSG);
	ck_assert_int_eq(get_text("vigie-done 1\nfile 1 2 3 4\nrecords 5\n" ONE
				  "7 0x\n"),
			 -EBADMSG);
	end();
}
END_TEST

START_TEST(fits_the_same_file_that_has_grown)
{
	struct checkpoint c;
	int fd;

	begin();
	fd = open(file, O_RDWR | O_APPEND);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(checkpoint_of(fd, 10, &c), 0);
	ck_assert(checkpoint_fits(&c, fd));
	ck_assert_int_eq(write(fd, "more", 4), 4);
	ck_assert(checkpoint_fits(&c, fd));
	ck_assert_int_eq(pwrite(fd, "", 0, 0), 0);
	ck_assert_int_eq(ftruncate(fd, 9), 0);
	ck_assert(!checkpoint_fits(&c, fd)); /* shorter */
	ck_assert_int_eq(write(fd, "x more", 6), 6);
	ck_assert(!checkpoint_fits(&c, fd)); /* other bytes */
	close(fd);
	end();
}
END_TEST

START_TEST(fits_no_other_file)
{
	struct checkpoint c;
	char other[CHECK_PATH_MAX];
	int fd, fd2;

	begin();
	check_file(folder, "g", "0123456789", 10, other);
	fd = open(file, O_RDONLY);
	fd2 = open(other, O_RDONLY);
	ck_assert_int_eq(checkpoint_of(fd, 10, &c), 0);
	ck_assert(!checkpoint_fits(&c, fd2));
	ck_assert_int_eq(checkpoint_of(fd, 0, &c), 0);
	ck_assert(!checkpoint_fits(&c, fd2) && checkpoint_fits(&c, fd));
	close(fd);
	close(fd2);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(read_gives_what_was_written),
		CHECK_TEST(read_missing_is_enoent),
		CHECK_TEST(read_any_damage_is_noticed_and_changes_nothing),
		CHECK_TEST(read_other_version_or_form_is_refused),
		CHECK_TEST(fits_the_same_file_that_has_grown),
		CHECK_TEST(fits_no_other_file),
		CHECK_END,
	};

	return check_main("checkpoint", tests);
}

#include "ingest/unpack.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/archive_kit.h"
#include "tests/check_main.h"
#include "tests/warc_kit.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct buf file;
static struct unpack *unpack;
static struct unpack_entry entry;
static struct err err;
static int fd;

static void begin(void)
{
	check_folder(folder);
	buf_init(&file, 1 << 30);
}

/* Of texts; "crash" is asked about by nobody who lives. */
static bool is_wanted(struct str name, struct str first)
{
	if (str_is(first, "crash"))
		abort();
	if (str_is(first, "open"))
		open("/dev/null", O_RDONLY);
	if (str_is(first, "eat"))
		for (;;)
			memset(malloc(1 << 20), 1, 1 << 20);
	return str_ends(name, STR(".txt")) || str_is(name, "data");
}

static void open_after(uint64_t skip)
{
	check_file(folder, "a", file.p ? file.p : "", file.n, path);
	fd = open(path, O_RDONLY);
	ck_assert_int_eq(unpack_open(fd, skip, is_wanted, &unpack, &err), 0);
}

static int next(void)
{
	int r;

	err_clear(&err);
	do
		r = unpack_next(unpack, &entry, &err);
	while (r == STEP_WAIT);
	return r;
}

static void gives(const char *name, struct str bytes, uint64_t number)
{
	ck_assert_int_eq(next(), 0);
	ck_assert(str_is(entry.name, name));
	ck_assert(str_eq(entry.bytes, bytes));
	ck_assert_uint_eq(entry.number, number);
}

static void shut(void)
{
	unpack_free(unpack);
	close(fd);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* no child left */
}

static void done(void)
{
	ck_assert_int_eq(next(), STEP_END);
	shut();
	buf_done(&file);
	check_folder_done(folder);
}

/* It gives no more, and says so. */
static void breaks(const char *part)
{
	ck_assert_int_eq(next(), -EBADMSG);
	ck_assert_msg(strstr(err.text, part) != NULL, "%s", err.text);
	done();
}

static void wrap(void)
{
	struct buf plain = file;

	buf_init(&file, 1 << 30);
	kit_gzip(&file, buf_view(&plain));
	buf_done(&plain);
}

START_TEST(next_tar_gives_what_is_wanted)
{
	for (int coded = 0; coded < 2; coded++) {
		begin();
		kit_tar(&file, "d/a.txt", STR("one"));
		kit_tar(&file, "b.png", STR("two"));
		kit_tar_of(&file, "l.txt", '2', 0, STR(""));
		kit_tar_of(&file, "d/", '5', 0, STR(""));
		kit_tar(&file, "e.txt", STR(""));
		kit_tar_end(&file);
		if (coded)
			wrap();
		open_after(0);
		gives("d/a.txt", STR("one"), 1);
		gives("e.txt", STR(""), 5);
		done();
	}
}
END_TEST

START_TEST(next_zip_gives_what_is_wanted)
{
	const struct kit_file v[] = { { "a.txt", { "one", 3 } },
				      { "b.png", { "two", 3 } },
				      { "d\303\251.txt", { "three", 5 } } };

	begin();
	kit_zip(&file, v, 3);
	open_after(0);
	gives("a.txt", STR("one"), 1);
	gives("d\303\251.txt", STR("three"), 3);
	done();
}
END_TEST

START_TEST(next_single_file_in_gzip_is_called_data)
{
	begin();
	buf_add_z(&file, "a text");
	wrap();
	open_after(0);
	gives("data", STR("a text"), 1);
	done();
}
END_TEST

START_TEST(open_after_some_gives_the_rest)
{
	begin();
	kit_tar(&file, "a.txt", STR("one"));
	kit_tar(&file, "b.txt", STR("two"));
	kit_tar_end(&file);
	open_after(1);
	gives("b.txt", STR("two"), 2);
	ck_assert_uint_eq(unpack_entries(unpack), 2);
	done();
	begin();
	kit_tar(&file, "a.txt", STR("one"));
	kit_tar_end(&file);
	open_after(7);
	done();
}
END_TEST

START_TEST(next_names_are_tamed)
{
	char name[UNPACK_NAME_MAX + 2];
	struct kit_file long_name = { name, { "x", 1 } };

	memset(name, 'n', sizeof(name));
	memcpy(name + sizeof(name) - 5, ".txt", 5);
	begin();
	kit_tar(&file, "../../\033[31m\n\377.txt", STR("one"));
	kit_tar(&file, "/etc/passwd.txt", STR("two"));
	kit_tar_end(&file);
	open_after(0);
	gives("../../ [31m ?.txt", STR("one"), 1);
	gives("/etc/passwd.txt", STR("two"), 2);
	done();
	begin();
	kit_zip(&file, &long_name, 1);
	open_after(0);
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(entry.name.n, UNPACK_NAME_MAX);
	done();
}
END_TEST

START_TEST(next_size_limit_of_an_entry)
{
	char *p = calloc(1, UNPACK_ENTRY_MAX + 1);

	begin();
	for (int more = -1; more <= 1; more++)
		kit_tar(&file, "a.txt",
			(struct str){ p, (size_t)(UNPACK_ENTRY_MAX + more) });
	kit_tar(&file, "b.txt", STR("two"));
	kit_tar_end(&file);
	wrap();
	open_after(0);
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(entry.bytes.n, UNPACK_ENTRY_MAX - 1);
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(entry.bytes.n, UNPACK_ENTRY_MAX);
	ck_assert_int_eq(next(), STEP_REJECT);
	ck_assert_str_eq(err.text, "larger than 16777216 bytes; such entries "
				   "are not read");
	ck_assert_uint_eq(entry.number, 3);
	gives("b.txt", STR("two"), 4);
	done();
	free(p);
}
END_TEST

START_TEST(next_bomb_is_given_up)
{
	size_t n = 64 << 20;
	char *zeros = calloc(1, n);
	struct buf one, coded;

	begin();
	buf_init(&one, 1 << 30);
	buf_init(&coded, 1 << 20);
	kit_tar(&one, "a.png", (struct str){ zeros, n });
	kit_gzip(&coded, buf_view(&one));
	for (int i = 0; i < 24; i++) /* members in a row are one stream */
		buf_add_str(&file, buf_view(&coded));
	open_after(0);
	breaks("200 times as large");
	buf_done(&one);
	buf_done(&coded);
	free(zeros);
}
END_TEST

START_TEST(next_million_of_empty_entries_is_given_up)
{
	struct buf some;

	begin();
	buf_init(&some, 1 << 20);
	for (int i = 0; i < 2000; i++)
		kit_tar(&some, "a", STR(""));
	for (int i = 0; i < 501; i++)
		kit_gzip(&file, buf_view(&some));
	open_after(0);
	breaks("more than 1000000 entries");
	buf_done(&some);
}
END_TEST

START_TEST(next_damaged_archive_is_told)
{
	begin();
	kit_tar(&file, "a.txt", STR("one"));
	kit_tar_of(&file, "b.txt", '0', 5000, STR("two"));
	open_after(0);
	gives("a.txt", STR("one"), 1);
	ck_assert_int_eq(next(), STEP_REJECT);
	while (next() == STEP_REJECT)
		;
	shut();
	buf_done(&file);
	check_folder_done(folder);
}
END_TEST

START_TEST(next_what_kills_the_child_ends_the_archive)
{
	static const char *const what[] = { "crash", "open", "eat" };

	for (size_t i = 0; i < 3; i++) {
#ifdef __SANITIZE_ADDRESS__ /* its memory is not limited */
		if (i == 2)
			break;
#endif
		begin();
		kit_tar(&file, "a.txt", STR("one"));
		kit_tar(&file, "b.txt", str_of(what[i]));
		kit_tar_end(&file);
		open_after(0);
		gives("a.txt", STR("one"), 1);
		breaks("the process that unpacks it died");
	}
}
END_TEST

START_TEST(next_empty_file_ends)
{
	begin();
	open_after(0);
	done();
}
END_TEST

START_TEST(free_in_the_middle_leaves_no_child)
{
	char *p = calloc(1, 8 << 20);

	begin();
	for (int i = 0; i < 4; i++)
		kit_tar(&file, "a.txt", (struct str){ p, 8 << 20 });
	open_after(0);
	ck_assert_int_eq(next(), 0);
	shut();
	buf_done(&file);
	check_folder_done(folder);
	free(p);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_tar_gives_what_is_wanted),
		CHECK_TEST(next_zip_gives_what_is_wanted),
		CHECK_TEST(next_single_file_in_gzip_is_called_data),
		CHECK_TEST(open_after_some_gives_the_rest),
		CHECK_TEST(next_names_are_tamed),
		CHECK_TEST(next_size_limit_of_an_entry),
		CHECK_TEST(next_bomb_is_given_up),
		CHECK_TEST(next_million_of_empty_entries_is_given_up),
		CHECK_TEST(next_damaged_archive_is_told),
		CHECK_TEST(next_what_kills_the_child_ends_the_archive),
		CHECK_TEST(next_empty_file_ends),
		CHECK_TEST(free_in_the_middle_leaves_no_child),
		CHECK_END,
	};

	return check_main("unpack", tests);
}

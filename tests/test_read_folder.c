#include "learn/read_folder.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test_read_gather.h"

static struct gather g;
static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];

static void make(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void write_z(const char *name, const char *z)
{
	check_file(folder, name, z, strlen(z), path);
}

static void setup(void)
{
	gather_init(&g);
	check_folder(folder);
	make("sport");
	make("économie");
	write_z("sport/2.txt", "Title\n\nText of sport 2\n");
	write_z("sport/10", "\xEF\xBB\xBFsport 10");
	write_z("économie/1.txt", "économie 1");
}

static void teardown(void)
{
	gather_done(&g);
	check_folder_done(folder);
}

/* The report with FOLDER for the folder's own path. */
static void report_is(const char *expected)
{
	struct str s = buf_view(&g.sink.report);
	struct buf b;

	buf_init(&b, 1 << 16);
	while (s.n) {
		if (str_starts(s, str_of(folder))) {
			buf_add_z(&b, "FOLDER");
			s.p += strlen(folder);
			s.n -= strlen(folder);
		}
		buf_add_str(&b, str_cut(&s, '\n'));
		buf_add_char(&b, '\n');
	}
	GATHER_ASSERT_STR(buf_view(&b), expected);
	buf_done(&b);
}

#define GOOD                                                            \
	"0 id=<sport/10> text=<sport 10> [sport]\n"                     \
	"0 id=<sport/2.txt> text=<Title\n\nText of sport 2\n> [sport]\n" \
	"0 id=<économie/1.txt> text=<économie 1> [économie]\n"

START_TEST(folder_files_in_order)
{
	setup();
	ck_assert_int_eq(read_folder(&g.sink, folder, &g.why), 0);
	GATHER_ASSERT_STR(buf_view(&g.out), GOOD);
	GATHER_ASSERT_STR(buf_view(&g.bytes),
			  "\xEF\xBB\xBFsport 10Title\n\nText of sport 2\n"
			  "économie 1");
	report_is("");
	ck_assert_str_eq(g.sink.path, "F");
	gather_clear(&g);
	strcat(folder, "//");
	ck_assert_int_eq(read_folder(&g.sink, folder, &g.why), 0);
	GATHER_ASSERT_STR(buf_view(&g.out), GOOD);
	teardown();
}
END_TEST

START_TEST(folder_what_is_no_document_is_told)
{
	setup();
	write_z("README", "about");
	write_z(".hidden", "nothing");
	write_z("sport/.hidden", "nothing");
	write_z("sport/empty", " \n");
	write_z("sport/latin", "\xE9t\xE9");
	check_file(folder, "sport/nul", "a\0b", 3, path);
	make(".git");
	make("sport/football");
	write_z("sport/football/1.txt", "too deep");
	make("empty");
	ck_assert_int_eq(read_folder(&g.sink, folder, &g.why), 0);
	GATHER_ASSERT_STR(buf_view(&g.out), GOOD);
	report_is("FOLDER/README: is no folder and is passed over: documents "
		  "lie in a folder that has their label's name\n"
		  "FOLDER/sport/empty: no text: the file is empty\n"
		  "FOLDER/sport/football: is no file and is passed over: the "
		  "documents of a label lie in its folder itself\n"
		  "FOLDER/sport/latin: byte 1 of the file is no UTF-8\n"
		  "FOLDER/sport/nul: byte 2 of the file is NUL, which is no "
		  "text\n");
	teardown();
}
END_TEST

START_TEST(folder_byte_is_counted_with_the_mark)
{
	setup();
	write_z("sport/bad", "\xEF\xBB\xBFok \xE9");
	ck_assert_int_eq(read_folder(&g.sink, folder, &g.why), 0);
	report_is("FOLDER/sport/bad: byte 7 of the file is no UTF-8\n");
	teardown();
}
END_TEST

START_TEST(folder_label_that_is_no_text_is_told)
{
	setup();
	make("caf\xE9");
	write_z("caf\xE9/1", "x");
	ck_assert_int_eq(read_folder(&g.sink, folder, &g.why), 0);
	GATHER_ASSERT_STR(buf_view(&g.out), GOOD);
	report_is("FOLDER/caf\xE9: byte 4 of the folder's name is no UTF-8\n");
	teardown();
}
END_TEST

START_TEST(folder_links_are_followed_and_pipes_are_not_read)
{
	char to[CHECK_PATH_MAX];

	setup();
	snprintf(to, sizeof(to), "%s/sport/3", folder);
	ck_assert_int_eq(symlink("2.txt", to), 0);
	snprintf(to, sizeof(to), "%s/sport/4", folder);
	ck_assert_int_eq(mkfifo(to, 0600), 0);
	ck_assert_int_eq(read_folder(&g.sink, folder, &g.why), 0);
	ck_assert_ptr_nonnull(strstr(g.out.p, "id=<sport/3> text=<Title"));
	report_is("FOLDER/sport/4: is no file and is passed over: the "
		  "documents of a label lie in its folder itself\n");
	snprintf(to, sizeof(to), "%s/sport/5", folder);
	ck_assert_int_eq(symlink("nowhere", to), 0);
	ck_assert_int_eq(read_folder(&g.sink, folder, &g.why), -ENOENT);
	ck_assert_ptr_nonnull(strstr(g.why.text, "/sport/5: "));
	teardown();
}
END_TEST

START_TEST(folder_that_is_none_is_refused)
{
	setup();
	write_z("file", "x");
	ck_assert_int_eq(read_folder(&g.sink, path, &g.why), -ENOTDIR);
	ck_assert_ptr_nonnull(strstr(g.why.text, "/file: "));
	teardown();
}
END_TEST

START_TEST(folder_trouble_of_the_sink_ends_it)
{
	setup();
	g.answer = -ENOMEM;
	ck_assert_int_eq(read_folder(&g.sink, folder, &g.why), -ENOMEM);
	GATHER_ASSERT_STR(buf_view(&g.out),
			  "0 id=<sport/10> text=<sport 10> [sport]\n");
	teardown();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(folder_files_in_order),
		CHECK_TEST(folder_what_is_no_document_is_told),
		CHECK_TEST(folder_byte_is_counted_with_the_mark),
		CHECK_TEST(folder_label_that_is_no_text_is_told),
		CHECK_TEST(folder_links_are_followed_and_pipes_are_not_read),
		CHECK_TEST(folder_that_is_none_is_refused),
		CHECK_TEST(folder_trouble_of_the_sink_ends_it),
		CHECK_END,
	};

	return check_main("read_folder", tests);
}

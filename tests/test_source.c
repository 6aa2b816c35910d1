#include "ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct err err;

static int open_as(const char *kind, const char *at, const char *name,
		   struct source **s)
{
	static struct source_options options;

	options = (struct source_options){ .kind = kind, .path = at,
					   .name = name };
	return source_open(&options, s, &err);
}

/* A file of this name, opened by its looks, gives a first piece of a kind. */
static void looks_like(const char *name, enum raw_kind kind)
{
	struct source *s;
	struct raw raw;

	check_folder(folder);
	check_file(folder, name, "{}\n{}\n", 6, path);
	ck_assert_int_eq(open_as(NULL, path, "Le Monde", &s), 0);
	ck_assert_int_eq(source_next(s, &raw, &err), 0);
	ck_assert_int_eq(raw.kind, kind);
	ck_assert_uint_eq(raw.bytes.n, kind == RAW_JSON ? 2 : 6);
	ck_assert_str_eq(raw.name, "Le Monde");
	ck_assert_str_eq(raw.file, path);
	source_free(s);
	check_folder_done(folder);
}

START_TEST(open_json_names_are_lines)
{
	looks_like("a.jsonl", RAW_JSON);
	looks_like("a.ndjson", RAW_JSON);
	looks_like("a.json", RAW_JSON);
	looks_like("a.JSONL", RAW_JSON);
}
END_TEST

START_TEST(open_all_else_is_text)
{
	looks_like("a.txt", RAW_TEXT);
	looks_like("jsonl", RAW_TEXT);
	looks_like("a.jsonl.old", RAW_TEXT);
}
END_TEST

START_TEST(open_folder_is_entered)
{
	struct source *s;
	struct raw raw;

	check_folder(folder);
	check_file(folder, "a.txt", "a", 1, path);
	ck_assert_int_eq(open_as(NULL, folder, NULL, &s), 0);
	ck_assert_int_eq(source_next(s, &raw, &err), 0);
	ck_assert_str_eq(raw.place, path);
	ck_assert_ptr_null(raw.name);
	ck_assert_int_eq(source_next(s, &raw, &err), STEP_END);
	source_free(s);
	check_folder_done(folder);
}
END_TEST

START_TEST(open_named_kind_beats_looks)
{
	struct source *s;
	struct raw raw;

	check_folder(folder);
	check_file(folder, "a.txt", "{}\n", 3, path);
	ck_assert_int_eq(open_as("jsonl", path, NULL, &s), 0);
	ck_assert_int_eq(source_next(s, &raw, &err), 0);
	ck_assert_int_eq(raw.kind, RAW_JSON);
	source_free(s);
	check_folder_done(folder);
}
END_TEST

START_TEST(open_unknown_kind_is_told)
{
	struct source *s;

	ck_assert_int_eq(open_as("jsonk", "-", NULL, &s), -EINVAL);
	ck_assert_str_eq(err.text, "no kind of source is called 'jsonk'; did "
				   "you mean jsonl?");
	err_clear(&err);
	ck_assert_int_eq(open_as("parquet", "-", NULL, &s), -EINVAL);
	ck_assert_str_eq(err.text, "no kind of source is called 'parquet'; "
				   "there are jsonl, text, folder, page, "
				   "warc, archive, feed, sitemap and opml");
}
END_TEST

START_TEST(open_missing_file_is_told)
{
	struct source *s;

	ck_assert_int_eq(open_as(NULL, "/nowhere.jsonl", NULL, &s),
			 -ENOENT);
	ck_assert_str_eq(err.text,
			 "/nowhere.jsonl: No such file or directory");
	err_clear(&err);
	ck_assert_int_eq(open_as("text", "/nowhere", NULL, &s),
			 -ENOENT);
	ck_assert_str_eq(err.text, "/nowhere: No such file or directory");
	err_clear(&err);
	ck_assert_int_eq(open_as(NULL, "news.example/rss", NULL, &s), -ENOENT);
	ck_assert_str_eq(err.text, "news.example/rss: no such file; an address "
				   "begins with https://");
	err_clear(&err);
	ck_assert_int_eq(open_as(NULL, "./nowhere.txt", NULL, &s), -ENOENT);
	ck_assert_str_eq(err.text, "./nowhere.txt: No such file or directory");
}
END_TEST

static void stdin_holds(struct str bytes)
{
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(write(fd[1], bytes.p, bytes.n), (ssize_t)bytes.n);
	ck_assert_int_eq(dup2(fd[0], STDIN_FILENO), STDIN_FILENO);
	close(fd[0]);
	close(fd[1]);
}

static void stdin_gives(struct str all, enum raw_kind kind, const char *first,
			const char *place)
{
	struct source *s;
	struct raw raw;

	stdin_holds(all);
	ck_assert_int_eq(open_as(NULL, "-", "wire", &s), 0);
	ck_assert_int_eq(source_next(s, &raw, &err), 0);
	ck_assert_int_eq(raw.kind, kind);
	ck_assert_msg(str_is(raw.bytes, first), "got " STR_FMT,
		      STR_ARG(raw.bytes));
	ck_assert_str_eq(raw.place, place);
	ck_assert_str_eq(raw.name, "wire");
	ck_assert_ptr_null(raw.file);
	source_free(s);
}

START_TEST(next_stdin_with_brace_is_lines)
{
	stdin_gives(STR("{\"a\":1}\n{}\n"), RAW_JSON, "{\"a\":1}",
		    "standard input:1");
	stdin_gives(STR(" \n\t\r\n {}\n"), RAW_JSON, "{}", "standard input:3");
	stdin_gives(STR("\xEF\xBB\xBF{}"), RAW_JSON, "{}", "standard input:1");
}
END_TEST

START_TEST(next_stdin_with_all_else_is_one_text)
{
	stdin_gives(STR("\n Titre\nTexte\n"), RAW_TEXT, "Titre\nTexte\n",
		    "standard input");
	stdin_gives(STR("[1]\n{}"), RAW_TEXT, "[1]\n{}", "standard input");
	stdin_gives(STR("\xEF\xBB\xBFTitre"), RAW_TEXT, "Titre",
		    "standard input");
	stdin_gives(STR("\xEF\xBB{"), RAW_TEXT, "\xEF\xBB{", "standard input");
	stdin_gives(STR("\xEF"), RAW_TEXT, "\xEF", "standard input");
}
END_TEST

START_TEST(next_empty_stdin_ends)
{
	static const struct str all[] = { { "", 0 }, { " \n", 2 },
					  { "\xEF\xBB\xBF", 3 } };

	for (size_t i = 0; i < 3; i++) {
		struct source *s;
		struct raw raw;

		stdin_holds(all[i]);
		ck_assert_int_eq(open_as(NULL, "-", NULL, &s), 0);
		ck_assert_int_eq(source_next(s, &raw, &err), STEP_END);
		source_free(s);
	}
}
END_TEST

/* A kind that is given is not looked for: a text may begin with a brace. */
START_TEST(open_stdin_as_text_is_text)
{
	struct source *s;
	struct raw raw;

	stdin_holds(STR("{}\n"));
	ck_assert_int_eq(open_as("text", "-", NULL, &s), 0);
	ck_assert_int_eq(source_next(s, &raw, &err), 0);
	ck_assert_int_eq(raw.kind, RAW_TEXT);
	source_free(s);
}
END_TEST

START_TEST(next_stdin_with_nothing_yet_waits)
{
	struct source *s;
	struct raw raw;
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(dup2(fd[0], STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(open_as(NULL, "-", NULL, &s), 0);
	ck_assert_int_eq(source_next(s, &raw, &err), STEP_WAIT);
	ck_assert_int_eq(write(fd[1], "\n", 1), 1);
	ck_assert_int_eq(source_next(s, &raw, &err), STEP_WAIT);
	ck_assert_int_eq(write(fd[1], "{}\n", 3), 3);
	ck_assert_int_eq(source_next(s, &raw, &err), 0);
	ck_assert_str_eq(raw.place, "standard input:2");
	source_free(s);
}
END_TEST

START_TEST(free_before_the_first_next_is_fine)
{
	struct source *s;

	ck_assert_int_eq(open_as(NULL, "-", NULL, &s), 0);
	source_free(s);
	source_free(NULL);
}
END_TEST

START_TEST(kinds_table_rows_are_whole)
{
	const struct source_kind *k = source_kinds();
	size_t n = 0;

	for (; k[n].name; n++) {
		ck_assert_ptr_nonnull(k[n].help);
		ck_assert(k[n].open && k[n].next && k[n].close);
	}
	ck_assert_uint_ge(n, 6);
}
END_TEST

START_TEST(is_parsed_what_is_surely_taken_apart)
{
	ck_assert(source_is_parsed("https://a.example/rss", NULL));
	ck_assert(source_is_parsed("a.WARC.gz", NULL));
	ck_assert(source_is_parsed("a.html", NULL));
	ck_assert(source_is_parsed("a.txt", "page"));
	ck_assert(!source_is_parsed("a.html", "text"));
	ck_assert(!source_is_parsed("a.jsonl", NULL));
	ck_assert(!source_is_parsed("-", NULL));
	ck_assert(!source_is_parsed("folder", NULL));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(open_json_names_are_lines),
		CHECK_TEST(open_all_else_is_text),
		CHECK_TEST(open_folder_is_entered),
		CHECK_TEST(open_named_kind_beats_looks),
		CHECK_TEST(open_unknown_kind_is_told),
		CHECK_TEST(open_missing_file_is_told),
		CHECK_TEST(next_stdin_with_brace_is_lines),
		CHECK_TEST(next_stdin_with_all_else_is_one_text),
		CHECK_TEST(next_empty_stdin_ends),
		CHECK_TEST(open_stdin_as_text_is_text),
		CHECK_TEST(next_stdin_with_nothing_yet_waits),
		CHECK_TEST(free_before_the_first_next_is_fine),
		CHECK_TEST(kinds_table_rows_are_whole),
		CHECK_TEST(is_parsed_what_is_surely_taken_apart),
		CHECK_END,
	};

	return check_main("source", tests);
}

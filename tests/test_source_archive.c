#include "ingest/source_archive.h"

#include <sys/stat.h>
#include <unistd.h>

#include "ingest/parser.h"
#include "tests/archive_kit.h"
#include "tests/check_main.h"
#include "tests/fake_document.h"
#include "tests/warc_kit.h"

#define LONG50 "A sentence of fifty characters, so that it counts. "
#define LONG LONG50 LONG50 LONG50 LONG50 LONG50 LONG50
#define PAGE(title) "<!doctype html><title>" title "</title><p>" LONG "</p>"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX];
static struct source_options options;
static struct source_memory memory;
static struct source_tools tools;
static struct buf file, notes, kept;
static void *self;
static struct raw raw;
static struct err err;

static int recall(void *unused, struct str key, struct buf *position)
{
	(void)unused;
	(void)key;
	if (!kept.n)
		return STEP_END;
	buf_add_str(position, buf_view(&kept));
	return 0;
}

static int remember(void *unused, struct str key, struct str position)
{
	(void)unused;
	(void)key;
	buf_clear(&kept);
	buf_add_str(&kept, position);
	return 0;
}

static void begin(void)
{
	check_folder(folder);
	buf_init(&file, 64 << 20);
	buf_init(&notes, 1 << 16);
	buf_init(&kept, 4096);
	ck_assert_int_eq(parser_new(&tools.parser), 0);
	memory = (struct source_memory){ recall, NULL, remember };
	options = (struct source_options){ .path = path, .notes = &notes,
					   .tools = &tools,
					   .memory = &memory };
}

static void save(const char *name)
{
	check_file(folder, name, file.p ? file.p : "", file.n, path);
}

static void open_it(void)
{
	ck_assert_int_eq(source_archive_open(&options, &self, &err), 0);
}

static int next(void)
{
	int r;

	err_clear(&err);
	raw = (struct raw){ .place = "" };
	do
		r = source_archive_next(self, &raw, &err);
	while (r == STEP_WAIT && !options.follow);
	return r;
}

static void gives(enum raw_kind kind, const char *part, const char *place)
{
	char want[2 * CHECK_PATH_MAX];

	ck_assert_msg(next() == 0, "%s", err.text);
	snprintf(want, sizeof(want), "%s%s", path, place);
	ck_assert_str_eq(raw.place, want);
	ck_assert_int_eq(raw.kind, kind);
	ck_assert(raw.once);
	ck_assert_msg(fake_find(raw.bytes, part) != NULL, STR_FMT,
		      STR_ARG(raw.bytes));
	remember(NULL, raw.key, raw.position);
}

static void refuses(const char *why)
{
	char want[2 * CHECK_PATH_MAX];

	ck_assert_int_eq(next(), STEP_REJECT);
	snprintf(want, sizeof(want), "%s%s", path, why);
	ck_assert_str_eq(err.text, want);
	remember(NULL, raw.key, raw.position);
}

static void shut(void)
{
	source_archive_close(self);
}

static void done(void)
{
	ck_assert_int_eq(next(), STEP_END);
	ck_assert_int_eq(next(), STEP_END);
	shut();
	parser_free(tools.parser);
	buf_done(&file);
	buf_done(&notes);
	buf_done(&kept);
	check_folder_done(folder);
}

/* One of each. */
static void add_all(void)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	kit_tar(&file, "d/p.html", STR(PAGE("P")));
	kit_tar(&file, "looks", STR(PAGE("Q")));
	kit_tar(&file, "i.png", STR("\x89PNG"));
	kit_tar(&file, "t.txt", STR("Title\n\nText."));
	kit_tar(&file, "l.jsonl", STR("{\"a\":1}\n\n{\"a\":2}"));
	kit_tar(&file, "f.xml", STR("<?xml?><rss><item>F|u</item></rss>"));
	kit_tar(&file, "n.xml", STR("<?xml?><note/>"));
	kit_tar(&file, "._x.html", STR(PAGE("hidden")));
	kit_gzip(&b, STR(PAGE("G")));
	kit_tar(&file, "g.html.gz", buf_view(&b));
	buf_clear(&b);
	kit_member(&b, "resource", "http://a/", STR(PAGE("W")));
	kit_member(&b, "resource", "http://a/", STR(PAGE("V")));
	kit_tar(&file, "w.warc.gz", buf_view(&b));
	kit_tar(&file, "s.html", STR("<title>s</title><p>short</p>"));
	kit_tar_end(&file);
	buf_done(&b);
}

enum { ALL = 9 };

static void gives_nth(int i)
{
	static const struct {
		enum raw_kind kind;
		const char *part, *place;
	} want[ALL] = {
		{ RAW_PARSED, "\"title\":\"P\"", ": d/p.html" },
		{ RAW_PARSED, "\"title\":\"Q\"", ": looks" },
		{ RAW_TEXT, "Text.", ": t.txt" },
		{ RAW_JSON, "{\"a\":1}", ": l.jsonl:1" },
		{ RAW_JSON, "{\"a\":2}", ": l.jsonl:3" },
		{ RAW_PARSED, "\"title\":\"F\"", ": f.xml" },
		{ RAW_PARSED, "\"title\":\"G\"", ": g.html.gz" },
		{ RAW_PARSED, "\"title\":\"W\"",
		  ": w.warc.gz: record 1 at byte 0" },
		{ RAW_PARSED, "\"title\":\"V\"", ": w.warc.gz: record 2 at "
						 "byte 216" },
	};
	const char *place = want[i].place;

	if (i == ALL - 1) { /* where zlib puts the second is its affair */
		ck_assert_int_eq(next(), 0);
		ck_assert_ptr_nonnull(fake_find(raw.bytes, want[i].part));
		remember(NULL, raw.key, raw.position);
		return;
	}
	gives(want[i].kind, want[i].part, place);
}

START_TEST(next_every_entry_by_its_looks)
{
	char want[2 * CHECK_PATH_MAX];

	begin();
	add_all();
	save("x.tar");
	open_it();
	for (int i = 0; i < ALL; i++) {
		gives_nth(i);
		if (i)
			continue;
		snprintf(want, sizeof(want), "\"file\":\"%s/d/p.html\"", path);
		ck_assert_ptr_nonnull(fake_find(raw.bytes, want));
	}
	ck_assert_int_eq(next(), STEP_END);
	ck_assert_ptr_nonnull(strstr(notes.p, "passed over: 1\n"));
	done();
}
END_TEST

START_TEST(open_again_behind_each_piece_gives_each_once)
{
	begin();
	add_all();
	save("x.tar");
	for (int i = 0; i < ALL; i++) {
		open_it();
		gives_nth(i);
		shut();
	}
	open_it();
	ck_assert_int_eq(next(), STEP_END);
	shut();
	open_it();
	done();
}
END_TEST

START_TEST(open_again_when_it_has_changed_reads_all)
{
	begin();
	kit_tar(&file, "a.txt", STR("one"));
	kit_tar_end(&file);
	save("x.tar");
	open_it();
	gives(RAW_TEXT, "one", ": a.txt");
	shut();
	buf_clear(&file);
	kit_tar(&file, "a.txt", STR("one"));
	kit_tar(&file, "b.txt", STR("two"));
	kit_tar_end(&file);
	save("x.tar");
	open_it();
	gives(RAW_TEXT, "one", ": a.txt");
	gives(RAW_TEXT, "two", ": b.txt");
	ck_assert_ptr_nonnull(strstr(notes.p, "it has changed"));
	done();
}
END_TEST

START_TEST(next_entry_that_is_wrong_is_refused_and_the_rest_goes_on)
{
	begin();
	kit_tar(&file, "a.html.gz", STR("\x1f\x8b\x08 is damaged"));
	kit_tar(&file, "b.html", STR("<html>no"));
	kit_tar(&file, "c.txt", STR("three"));
	kit_tar_end(&file);
	save("x.tar");
	open_it();
	refuses(": a.html.gz: its gzip is damaged");
	refuses(": b.html: no such page");
	gives(RAW_TEXT, "three", ": c.txt");
	done();
}
END_TEST

START_TEST(next_archive_that_is_cut_is_told)
{
	begin();
	add_all();
	file.n = 3000;
	save("x.tar");
	open_it();
	while (next() == 0 || raw.place[0])
		if (!err.text[0] && !raw.place[0])
			break;
	shut();
	parser_free(tools.parser);
	check_folder_done(folder);
}
END_TEST

START_TEST(next_nothing_for_us_is_told)
{
	begin();
	kit_tar(&file, "a.png", STR("\x89PNG"));
	kit_tar_end(&file);
	save("x.tar");
	open_it();
	ck_assert_int_eq(next(), STEP_END);
	ck_assert_ptr_nonnull(strstr(notes.p, "none of its 1 entries"));
	done();
}
END_TEST

START_TEST(next_what_is_no_archive_is_told)
{
	begin();
	buf_add_z(&file, "hello, world\n");
	save("x.zip");
	open_it();
	ck_assert_int_eq(next(), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(err.text, "neither zip nor tar"));
	ck_assert_str_eq(raw.place, path);
	shut();
	parser_free(tools.parser);
	check_folder_done(folder);
}
END_TEST

START_TEST(next_gzip_of_nothing_for_us_is_told)
{
	begin();
	kit_gzip(&file, STR("\x89PNG"));
	save("x.tar.gz");
	open_it();
	ck_assert_int_eq(next(), STEP_END);
	ck_assert_ptr_nonnull(strstr(notes.p, "none of its 1 entries"));
	done();
}
END_TEST

START_TEST(next_single_file_in_gzip)
{
	begin();
	kit_gzip(&file, STR("{\"a\":1}\n{\"a\":2}\n"));
	save("x.jsonl.gz");
	open_it();
	gives(RAW_JSON, "{\"a\":1}", ":1");
	gives(RAW_JSON, "{\"a\":2}", ":2");
	done();
}
END_TEST

START_TEST(followed_is_read_again_when_it_has_changed)
{
	begin();
	kit_tar(&file, "a.txt", STR("one"));
	kit_tar_end(&file);
	save("x.tar");
	options.follow = true;
	open_it();
	while (next() == STEP_WAIT)
		;
	ck_assert(str_is(raw.bytes, "one"));
	while (err_clear(&err), source_archive_next(self, &raw, &err) == 0)
		;
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(next(), STEP_WAIT);
	kit_tar(&file, "b.txt", STR("two"));
	buf_clear(&file);
	kit_tar(&file, "c.txt", STR("three"));
	kit_tar(&file, "d.txt", STR("four"));
	kit_tar_end(&file);
	save("x.tar");
	while (next() == STEP_WAIT)
		;
	ck_assert(str_is(raw.bytes, "three"));
	options.follow = false;
	gives(RAW_TEXT, "four", ": d.txt");
	done();
}
END_TEST

START_TEST(open_no_regular_file_is_told)
{
	begin();
	snprintf(path, sizeof(path), "%s", folder);
	ck_assert_int_lt(source_archive_open(&options, &self, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "regular file"));
	err_clear(&err);
	snprintf(path, sizeof(path), "%s/none.zip", folder);
	ck_assert_int_eq(source_archive_open(&options, &self, &err), -ENOENT);
	parser_free(tools.parser);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_every_entry_by_its_looks),
		CHECK_TEST(open_again_behind_each_piece_gives_each_once),
		CHECK_TEST(open_again_when_it_has_changed_reads_all),
		CHECK_TEST(
			next_entry_that_is_wrong_is_refused_and_the_rest_goes_on),
		CHECK_TEST(next_archive_that_is_cut_is_told),
		CHECK_TEST(next_what_is_no_archive_is_told),
		CHECK_TEST(next_gzip_of_nothing_for_us_is_told),
		CHECK_TEST(next_nothing_for_us_is_told),
		CHECK_TEST(next_single_file_in_gzip),
		CHECK_TEST(followed_is_read_again_when_it_has_changed),
		CHECK_TEST(open_no_regular_file_is_told),
		CHECK_END,
	};

	return check_main("source_archive", tests);
}

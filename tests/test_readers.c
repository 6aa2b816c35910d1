#include "ingest/readers.h"

#include <errno.h>
#include <unistd.h>

#include "base/log.h"
#include "ingest/ingest.h"
#include "tests/check_main.h"

enum { MANY = 200, LOOK_MS = 1000 }; /* longer than a source is left alone */

static char folder[CHECK_PATH_MAX], paths[4][CHECK_PATH_MAX];
static struct ingest_source sources[4];
static struct conf_maps all = { sources, 0 };
static struct readers *r;
static int64_t now;

/* A source of lines NAME0, NAME1 … */
static void add(const char *name, int lines, bool follow)
{
	char text[1 << 14] = "", file[64];
	size_t n = all.n++;

	for (int i = 0; i < lines; i++)
		sprintf(text + strlen(text), "{\"%s\":%d}\n", name, i);
	snprintf(file, sizeof(file), "%s.jsonl", name);
	check_file(folder, file, text, strlen(text), paths[n]);
	sources[n] =
		(struct ingest_source){ .path = paths[n], .follow = follow };
}

static void append(size_t n, const char *text)
{
	FILE *f = fopen(paths[n], "ab");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static void begin(void)
{
	check_folder(folder);
}

static void go(void)
{
	ck_assert_int_eq(readers_open(&all, NULL, NULL, false, &r), 0);
}

static void end(void)
{
	readers_free(r);
	check_folder_done(folder);
}

/* What comes next: a line and whose it is, or how it ends. */
static int next(char line[64], size_t *from)
{
	struct err why = { "" };
	struct raw raw;
	int code = readers_next(r, now, &raw, from, &why);

	line[0] = '\0';
	if (!code)
		snprintf(line, 64, STR_FMT, STR_ARG(raw.bytes));
	if (code == STEP_REJECT)
		ck_assert(why.text[0]);
	return code;
}

static void gives(size_t from, const char *line)
{
	char got[64];
	size_t whose;

	ck_assert_int_eq(next(got, &whose), 0);
	ck_assert_str_eq(got, line);
	ck_assert_uint_eq(whose, from);
}

static void comes_to(int code)
{
	char got[64];
	size_t whose;

	ck_assert_int_eq(next(got, &whose), code);
}

START_TEST(sources_that_end_come_one_after_the_other)
{
	begin();
	add("a", 2, false);
	add("b", 0, false);
	add("c", MANY, false);
	go();
	gives(0, "{\"a\":0}");
	gives(0, "{\"a\":1}");
	for (int i = 0; i < MANY; i++) {
		char want[64];

		sprintf(want, "{\"c\":%d}", i);
		gives(2, want);
	}
	ck_assert(!readers_ended(r));
	comes_to(STEP_END);
	ck_assert(readers_ended(r));
	comes_to(STEP_END);
	ck_assert_int_eq(readers_trouble(r), 0);
	end();
}
END_TEST

START_TEST(followed_source_waits_for_nobody)
{
	int seen[2] = { 0, 0 }, first_b = -1;

	begin();
	add("a", MANY, false);
	add("b", MANY, true);
	go();
	for (int i = 0; i < 2 * MANY; i++) {
		char got[64];
		size_t whose;

		ck_assert_int_eq(next(got, &whose), 0);
		seen[whose]++;
		if (whose == 1 && first_b < 0)
			first_b = i;
	}
	ck_assert_int_eq(seen[0], MANY);
	ck_assert_int_eq(seen[1], MANY);
	ck_assert_int_lt(first_b, MANY / 2);
	comes_to(STEP_WAIT);
	ck_assert(!readers_ended(r));
	end();
}
END_TEST

START_TEST(ending_source_does_not_wait_for_a_followed_one)
{
	begin();
	add("a", 1, true);
	add("b", 1, false);
	add("c", 1, false);
	go();
	gives(0, "{\"a\":0}");
	gives(1, "{\"b\":0}");
	gives(2, "{\"c\":0}");
	comes_to(STEP_WAIT);
	end();
}
END_TEST

START_TEST(source_that_waits_is_looked_at_after_a_while)
{
	begin();
	add("a", 1, true);
	go();
	gives(0, "{\"a\":0}");
	comes_to(STEP_WAIT);
	append(0, "{\"a\":1}\n");
	comes_to(STEP_WAIT); /* not yet */
	now += LOOK_MS;
	gives(0, "{\"a\":1}");
	comes_to(STEP_WAIT);
	end();
}
END_TEST

START_TEST(trouble_of_one_leaves_the_others)
{
	begin();
	add("a", 1, false);
	add("b", 1, false);
	add("c", 1, false);
	unlink(paths[1]);
	go();
	gives(0, "{\"a\":0}");
	gives(2, "{\"c\":0}");
	comes_to(STEP_END);
	ck_assert_int_eq(readers_trouble(r), -ENOENT);
	end();
}
END_TEST

START_TEST(followed_source_need_not_be_there_yet)
{
	begin();
	add("a", 0, true);
	add("b", 1, false);
	unlink(paths[0]);
	go();
	gives(1, "{\"b\":0}");
	comes_to(STEP_WAIT);
	append(0, "{\"a\":0}\n");
	now += LOOK_MS;
	gives(0, "{\"a\":0}");
	ck_assert_int_eq(readers_trouble(r), 0);
	end();
}
END_TEST

START_TEST(refused_piece_is_handed_on_and_the_source_goes_on)
{
	static char page[] = "<!DOCTYPE html><p>a";

	begin();
	check_file(folder, "a.html", page, strlen(page), paths[0]);
	sources[all.n++] = (struct ingest_source){ .path = paths[0] };
	add("b", 1, false);
	go();
	comes_to(STEP_REJECT);
	gives(1, "{\"b\":0}");
	comes_to(STEP_END);
	ck_assert_int_eq(readers_trouble(r), 0);
	end();
}
END_TEST

START_TEST(no_sources_are_at_their_end)
{
	begin();
	go();
	ck_assert(readers_ended(r));
	comes_to(STEP_END);
	ck_assert_int_eq(readers_fd(r), -1);
	end();
}
END_TEST

START_TEST(standard_input_can_be_waited_for)
{
	int ends[2];

	begin();
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	sources[all.n++] = (struct ingest_source){ .path = "-" };
	add("b", 1, false);
	go();
	ck_assert_int_eq(readers_fd(r), -1);
	comes_to(STEP_WAIT);
	ck_assert_int_eq(readers_fd(r), STDIN_FILENO);
	ck_assert_int_eq(write(ends[1], "{\"a\":0}\n", 8), 8);
	gives(0, "{\"a\":0}");
	close(ends[1]);
	gives(1, "{\"b\":0}");
	ck_assert_int_eq(readers_fd(r), -1);
	comes_to(STEP_END);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(sources_that_end_come_one_after_the_other),
		CHECK_TEST(followed_source_waits_for_nobody),
		CHECK_TEST(ending_source_does_not_wait_for_a_followed_one),
		CHECK_TEST(source_that_waits_is_looked_at_after_a_while),
		CHECK_TEST(trouble_of_one_leaves_the_others),
		CHECK_TEST(followed_source_need_not_be_there_yet),
		CHECK_TEST(refused_piece_is_handed_on_and_the_source_goes_on),
		CHECK_TEST(no_sources_are_at_their_end),
		CHECK_TEST(standard_input_can_be_waited_for),
		CHECK_END,
	};

	return check_main("readers", tests);
}

#include "ingest/state_read.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "ingest/state.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 16];
static const struct origin ours = { "0123456789abcde" };
static struct buf notes, seen;
static struct state *s;
static struct err err;

static void put(uint64_t frame, const char *name, const char *value)
{
	struct journal_entry x = { .kind = JOURNAL_POSITION, .frame = frame,
				   .name = str_of(name),
				   .value = str_of(value) };

	ck_assert_int_eq(state_apply(s, &x, &err), 0);
}

static void begin(void)
{
	check_folder(folder);
	snprintf(path, sizeof(path), "%s/a %%?.db", folder);
	buf_init(&notes, 4096);
	buf_init(&seen, 4096);
	ck_assert_int_eq(state_open(path, ours, &notes, &s, &err), 0);
	put(1, "feed:b", "2");
	put(2, "feed:a", "1");
	put(3, "file:c", "3");
	put(4, "fee", "4");
	ck_assert_int_eq(state_commit(s, 4, 0, false, &err), 0);
}

static void done(void)
{
	buf_done(&notes);
	buf_done(&seen);
	check_folder_done(folder);
}

static int each(void *self, struct str name, struct str value)
{
	(void)self;
	buf_printf(&seen, STR_FMT "=" STR_FMT " ", STR_ARG(name),
		   STR_ARG(value));
	return 0;
}

static int stop(void *self, struct str name, struct str value)
{
	each(self, name, value);
	return STEP_REJECT;
}

static bool sees(const char *text)
{
	ck_assert_msg(!state_peek(path, STR("feed:"), each, NULL, &err), "%s",
		      err.text);
	return str_is(buf_view(&seen), text);
}

START_TEST(peek_beside_the_writer_sees_what_is_committed)
{
	begin();
	ck_assert(sees("feed:a=1 feed:b=2 "));
	buf_clear(&seen);
	put(5, "feed:a", "5");
	ck_assert(sees("feed:a=1 feed:b=2 "));
	buf_clear(&seen);
	ck_assert_int_eq(state_commit(s, 5, 0, true, &err), 0);
	ck_assert(sees("feed:a=5 feed:b=2 "));
	state_free(s);
	done();
}
END_TEST

START_TEST(peek_after_the_writer_has_gone_sees_it)
{
	begin();
	state_free(s);
	ck_assert(sees("feed:a=1 feed:b=2 "));
	done();
}
END_TEST

START_TEST(peek_without_a_file_ends)
{
	ck_assert_int_eq(state_peek("/nowhere/state.db", STR(""), each, NULL,
				    &err),
			 STEP_END);
}
END_TEST

START_TEST(peek_ends_as_it_is_told)
{
	begin();
	ck_assert_int_eq(state_peek(path, STR(""), stop, NULL, &err),
			 STEP_REJECT);
	ck_assert(str_is(buf_view(&seen), "fee=4 "));
	state_free(s);
	done();
}
END_TEST

START_TEST(peek_row_with_a_wrong_checksum_is_passed_over)
{
	sqlite3 *db;

	begin();
	state_free(s);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db,
				      "UPDATE position SET value=x'40' WHERE "
				      "name=CAST('feed:a' AS BLOB)",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	ck_assert(sees("feed:b=2 "));
	done();
}
END_TEST

START_TEST(peek_what_is_no_database_is_told)
{
	check_folder(folder);
	check_file(folder, "x", "no database here", 16, path);
	ck_assert_int_eq(state_peek(path, STR(""), each, NULL, &err), -EIO);
	ck_assert_ptr_nonnull(strstr(err.text, "/x: "));
	ck_assert_ptr_nonnull(strstr(err.text, "sets it aside"));
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(peek_beside_the_writer_sees_what_is_committed),
		CHECK_TEST(peek_after_the_writer_has_gone_sees_it),
		CHECK_TEST(peek_without_a_file_ends),
		CHECK_TEST(peek_ends_as_it_is_told),
		CHECK_TEST(peek_row_with_a_wrong_checksum_is_passed_over),
		CHECK_TEST(peek_what_is_no_database_is_told),
		CHECK_END
	};

	return check_main("state_read", tests);
}

#include "ingest/state.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 16];
static const struct origin ours = { "0123456789abcde" };
static const struct origin others = { "another journal" };
static struct err err;
static struct buf notes, value;
static struct state *s;

static void reopen(struct origin origin)
{
	buf_clear(&notes);
	ck_assert_msg(!state_open(path, origin, &notes, &s, &err), "%s",
		      err.text);
}

static void begin(void)
{
	check_folder(folder);
	snprintf(path, sizeof(path), "%s/state.db", folder);
	buf_init(&notes, 4096);
	buf_init(&value, 1 << 20);
	reopen(ours);
}

static void done(void)
{
	state_free(s);
	buf_done(&notes);
	buf_done(&value);
	check_folder_done(folder);
}

/* As after a kill: what was not committed is gone. The state of before stays
 * open, and is not spoken to any more. */
static void killed(void)
{
	static struct state *before;

	before = s;
	reopen(ours);
	ck_assert_ptr_ne(before, s);
}

static void apply(enum journal_kind kind, uint64_t frame, const char *name,
		  const char *what)
{
	struct journal_entry x = { .kind = kind,
				   .frame = frame,
				   .name = str_of(name),
				   .value = str_of(what) };

	ck_assert_msg(!state_apply(s, &x, &err), "%s", err.text);
}

static void commit(uint64_t frame, uint64_t low, bool durable)
{
	ck_assert_msg(!state_commit(s, frame, low, durable, &err), "%s",
		      err.text);
}

static void position_is(const char *name, const char *want)
{
	int r = state_position(s, str_of(name), &value, &err);

	ck_assert_int_eq(r, want ? 0 : STEP_END);
	if (want)
		ck_assert_msg(str_is(buf_view(&value), want), STR_FMT,
			      STR_ARG(buf_view(&value)));
}

static void key_is(const char *name, const char *want)
{
	int r = state_key(s, str_of(name), &value, &err);

	ck_assert_int_eq(r, want ? 0 : STEP_END);
	if (want)
		ck_assert(str_is(buf_view(&value), want));
}

static void known_is(const char *name, const char *want)
{
	bool fading;
	int r = state_known(s, str_of(name), &value, &fading, &err);

	ck_assert_int_eq(r, want ? 0 : STEP_END);
	ck_assert(!fading);
	if (want)
		ck_assert(str_is(buf_view(&value), want));
}

static void list(void *self, struct str id, struct str what)
{
	buf_printf(self, STR_FMT "=" STR_FMT " ", STR_ARG(id), STR_ARG(what));
}

static void signatures_are(const char *want)
{
	struct buf all;

	buf_init(&all, 1 << 20);
	ck_assert_int_eq(state_signatures(s, list, &all, &err), 0);
	ck_assert_msg(str_is(buf_view(&all), want), STR_FMT,
		      STR_ARG(buf_view(&all)));
	buf_done(&all);
}

static bool there(const char *tail)
{
	char name[CHECK_PATH_MAX + 64];

	snprintf(name, sizeof(name), "%s%s", path, tail);
	return access(name, F_OK) == 0;
}

START_TEST(open_new_file_is_empty_and_private)
{
	struct stat st;

	begin();
	ck_assert_uint_eq(notes.n, 0);
	ck_assert_uint_eq(state_frame(s), 0);
	ck_assert_uint_eq(state_low(s), 0);
	position_is("file:/a", NULL);
	key_is("k", NULL);
	apply(JOURNAL_POSITION, 1, "file:/a", "at");
	commit(1, 0, false);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	strcat(path, "-wal");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	done();
}
END_TEST

START_TEST(apply_is_seen_before_and_after_its_commit)
{
	begin();
	apply(JOURNAL_POSITION, 1, "file:/a", "1");
	apply(JOURNAL_POSITION, 1, "file:/b", "1");
	apply(JOURNAL_POSITION, 1, "file:/a", "2");
	apply(JOURNAL_KEY, 1, "k", "told");
	apply(JOURNAL_KEY, 1, "", "");
	apply(JOURNAL_ARTICLE, 1, "file:/a", "no position");
	position_is("file:/a", "2");
	key_is("k", "told");
	ck_assert_uint_eq(state_frame(s), 0);
	commit(1, 7, false);
	ck_assert_uint_eq(state_frame(s), 1);
	ck_assert_uint_eq(state_low(s), 7);
	position_is("file:/a", "2");
	apply(JOURNAL_POSITION, 2, "file:/a", "3");
	position_is("file:/a", "3");
	state_free(s);
	reopen(ours);
	ck_assert_uint_eq(notes.n, 0);
	ck_assert_uint_eq(state_low(s), 7);
	position_is("file:/a", "3");
	position_is("file:/b", "1");
	key_is("k", "told");
	key_is("", "");
	done();
}
END_TEST

START_TEST(apply_passes_over_what_was_applied)
{
	begin();
	apply(JOURNAL_POSITION, 5, "file:/a", "new");
	commit(5, 0, false);
	apply(JOURNAL_POSITION, 4, "file:/a", "old");
	apply(JOURNAL_POSITION, 5, "file:/a", "old");
	position_is("file:/a", "new");
	apply(JOURNAL_POSITION, 6, "file:/a", "newer");
	position_is("file:/a", "newer");
	done();
}
END_TEST

START_TEST(commit_never_goes_back)
{
	begin();
	commit(5, 9, false);
	commit(3, 2, true);
	ck_assert_uint_eq(state_frame(s), 5);
	ck_assert_uint_eq(state_low(s), 9);
	commit(UINT64_MAX, UINT64_MAX, true);
	state_free(s);
	reopen(ours);
	ck_assert_uint_eq(state_frame(s), UINT64_MAX);
	ck_assert_uint_eq(state_low(s), UINT64_MAX);
	done();
}
END_TEST

START_TEST(what_was_not_committed_is_applied_again)
{
	begin();
	apply(JOURNAL_POSITION, 1, "file:/a", "1");
	commit(1, 0, true);
	apply(JOURNAL_POSITION, 2, "file:/a", "2");
	apply(JOURNAL_KEY, 2, "k", "told");
	killed();
	ck_assert_uint_eq(notes.n, 0);
	ck_assert_uint_eq(state_frame(s), 1);
	position_is("file:/a", "1");
	key_is("k", NULL);
	/* The journal rolls it forward from its beginning. */
	apply(JOURNAL_POSITION, 1, "file:/a", "1");
	apply(JOURNAL_POSITION, 2, "file:/a", "2");
	apply(JOURNAL_KEY, 2, "k", "told");
	commit(2, 0, true);
	position_is("file:/a", "2");
	key_is("k", "told");
	done();
}
END_TEST

/* The file alone, as a crash that lost the log would leave it. */
START_TEST(durable_commit_lies_in_the_file_itself)
{
	char copy[CHECK_PATH_MAX + 64], line[3 * CHECK_PATH_MAX];

	begin();
	apply(JOURNAL_POSITION, 1, "file:/a", "1");
	commit(1, 1, false);
	commit(1, 1, true);
	snprintf(copy, sizeof(copy), "%s/copy.db", folder);
	snprintf(line, sizeof(line), "cp '%s' '%s'", path, copy);
	ck_assert_int_eq(system(line), 0);
	state_free(s);
	strcpy(path, copy);
	reopen(ours);
	ck_assert_uint_eq(notes.n, 0);
	ck_assert_uint_eq(state_frame(s), 1);
	position_is("file:/a", "1");
	done();
}
END_TEST

START_TEST(keys_the_oldest_go_first)
{
	char name[32];

	begin();
	for (int i = 0; i < STATE_KEYS_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		apply(JOURNAL_KEY, 1, name, "told");
	}
	commit(1, 0, false);
	key_is("0", "told");
	apply(JOURNAL_KEY, 2, "0", "told again"); /* now one of the newest */
	apply(JOURNAL_KEY, 2, "new", "told");
	commit(2, 0, false);
	key_is("0", "told again");
	key_is("1", NULL);
	key_is("2", "told");
	key_is("new", "told");
	done();
}
END_TEST

START_TEST(keys_rolled_forward_at_once_are_bounded_too)
{
	char name[32];

	begin();
	for (int i = 0; i < 5 * STATE_KEYS_MAX / 2; i++) {
		snprintf(name, sizeof(name), "%d", i);
		apply(JOURNAL_KEY, 1, name, "told");
	}
	commit(1, 0, false);
	snprintf(name, sizeof(name), "%d", 3 * STATE_KEYS_MAX / 2 - 1);
	key_is(name, NULL);
	snprintf(name, sizeof(name), "%d", 3 * STATE_KEYS_MAX / 2);
	key_is(name, "told");
	done();
}
END_TEST

START_TEST(known_is_seen_before_and_after_its_commit)
{
	begin();
	known_is("a", NULL);
	apply(JOURNAL_KNOWN, 1, "a", "1");
	known_is("a", "1");
	commit(1, 0, false);
	known_is("a", "1");
	apply(JOURNAL_KNOWN, 2, "a", "2");
	apply(JOURNAL_KNOWN, 2, "b", "3");
	known_is("a", "2");
	state_free(s);
	reopen(ours);
	known_is("a", "2");
	known_is("b", "3");
	known_is("c", NULL);
	done();
}
END_TEST

static void know(uint64_t frame, int from, int to)
{
	struct journal_entry x = { .kind = JOURNAL_KNOWN,
				   .frame = frame,
				   .value = STR("x") };
	char name[32];
	int failed = 0;

	for (int i = from; i < to; i++) {
		snprintf(name, sizeof(name), "%d", i);
		x.name = str_of(name);
		failed += state_apply(s, &x, &err);
	}
	ck_assert_int_eq(failed, 0);
}

static bool is_fading(const char *name)
{
	bool fading;

	ck_assert_int_eq(state_known(s, str_of(name), &value, &fading, &err),
			 0);
	return fading;
}

START_TEST(known_the_oldest_fade_then_go)
{
	begin();
	state_limit(s, JOURNAL_KNOWN, 100);
	know(1, 0, 52);
	commit(1, 0, false);
	ck_assert(is_fading("0"));
	ck_assert(!is_fading("1"));
	know(2, 0, 1); /* again */
	commit(2, 0, false);
	ck_assert(!is_fading("0"));
	ck_assert(is_fading("1"));
	know(3, 52, 101);
	commit(3, 0, false);
	known_is("1", NULL);
	ck_assert(is_fading("2"));
	ck_assert(!is_fading("0"));
	know(4, 101, 300);
	commit(4, 0, false);
	known_is("199", NULL);
	ck_assert(is_fading("200"));
	ck_assert(!is_fading("299"));
	done();
}
END_TEST

START_TEST(signatures_come_oldest_first_over_commits)
{
	begin();
	state_limit(s, JOURNAL_SIGNATURE, 3);
	signatures_are("");
	apply(JOURNAL_SIGNATURE, 1, "a", "1");
	apply(JOURNAL_SIGNATURE, 1, "b", "2");
	commit(1, 0, false);
	apply(JOURNAL_SIGNATURE, 2, "a", "3"); /* a revision */
	signatures_are("a=1 b=2 a=3 ");
	commit(2, 0, false);
	apply(JOURNAL_SIGNATURE, 3, "c", "4");
	apply(JOURNAL_SIGNATURE, 3, "d", "5");
	commit(3, 0, true);
	state_free(s);
	reopen(ours);
	signatures_are("a=3 c=4 d=5 ");
	done();
}
END_TEST

START_TEST(signatures_rolled_forward_at_once_are_bounded_too)
{
	begin();
	state_limit(s, JOURNAL_SIGNATURE, 2);
	for (int i = 0; i < 50; i++)
		apply(JOURNAL_SIGNATURE, 1, i % 2 ? "b" : "a", "x");
	apply(JOURNAL_SIGNATURE, 1, "c", "x");
	commit(1, 0, false);
	signatures_are("b=x c=x ");
	done();
}
END_TEST

START_TEST(memory_only_remembers_until_it_is_freed)
{
	ck_assert_int_eq(state_open(NULL, ours, NULL, &s, &err), 0);
	buf_init(&value, 4096);
	apply(JOURNAL_KNOWN, 1, "a", "1");
	known_is("a", "1");
	commit(1, 1, true);
	known_is("a", "1");
	apply(JOURNAL_KNOWN, 2, "a", "2");
	known_is("a", "2");
	state_free(s);
	buf_done(&value);
}
END_TEST

/* As the first version wrote it. */
static const char first_version[] =
	"PRAGMA journal_mode=WAL;"
	"CREATE TABLE position(name BLOB PRIMARY KEY, value BLOB NOT NULL, "
	"crc INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE key(number INTEGER PRIMARY KEY, name BLOB NOT NULL "
	"UNIQUE, value BLOB NOT NULL, crc INTEGER NOT NULL);"
	"CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), version "
	"INTEGER NOT NULL, origin BLOB NOT NULL, frame INTEGER NOT NULL, low "
	"INTEGER NOT NULL, crc INTEGER NOT NULL);";

static void run(const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
		      "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

START_TEST(open_file_of_the_first_version_keeps_all_of_it)
{
	char text[1024], hex[2 * WIRE_ORIGIN_SIZE + 1];
	uint32_t crc = hash_crc32c(
		0, (struct str){ (const char *)ours.id, WIRE_ORIGIN_SIZE });

	begin();
	state_free(s);
	unlink(path);
	run(first_version);
	origin_hex(ours, hex);
	snprintf(text, sizeof(text),
		 "INSERT INTO position VALUES(x'61', x'31', %u);"
		 "INSERT INTO key VALUES(1, x'6b', x'32', %u);"
		 "INSERT INTO state VALUES(1, 1, x'%s', 7, 5, %u)",
		 hash_crc32c(0, STR("a1")), hash_crc32c(0, STR("k2")), hex,
		 hash_crc32c(crc, STR("1 7 5")));
	run(text);
	for (int i = 0; i < 2; i++) {
		reopen(ours);
		ck_assert_uint_eq(notes.n, 0);
		ck_assert_uint_eq(state_frame(s), 7);
		ck_assert_uint_eq(state_low(s), 5);
		position_is("a", "1");
		key_is("k", "2");
		known_is("n", i ? "3" : NULL);
		apply(JOURNAL_KNOWN, 8, "n", "3");
		state_free(s);
		s = NULL;
	}
	done();
}
END_TEST

/* Else it would be made anew, and all that was known be forgotten. */
START_TEST(open_table_under_another_name_is_set_aside)
{
	begin();
	apply(JOURNAL_KNOWN, 1, "n", "3");
	commit(1, 0, true);
	state_free(s);
	run("ALTER TABLE known RENAME TO knowm");
	reopen(ours);
	ck_assert_ptr_nonnull(strstr(notes.p, "a table that is none of ours"));
	ck_assert(there(".damaged"));
	done();
}
END_TEST

START_TEST(another_origin_is_set_aside)
{
	begin();
	apply(JOURNAL_POSITION, 1, "file:/a", "1");
	commit(1, 0, true);
	state_free(s);
	reopen(others);
	ck_assert_ptr_nonnull(strstr(notes.p, "another journal; set aside as"));
	ck_assert(there(".old"));
	ck_assert_uint_eq(state_frame(s), 0);
	position_is("file:/a", NULL);
	state_free(s);
	reopen(others);
	ck_assert_uint_eq(notes.n, 0);
	done();
}
END_TEST

static void damage(const char *bytes, size_t n)
{
	char at[CHECK_PATH_MAX];

	state_free(s);
	check_file(folder, "state.db", bytes, n, at);
	reopen(ours);
	ck_assert(there(".damaged"));
	ck_assert_uint_gt(notes.n, 0);
	ck_assert_uint_eq(state_frame(s), 0);
	position_is("file:/a", NULL);
	apply(JOURNAL_POSITION, 1, "file:/a", "1");
	commit(1, 1, true);
	state_free(s);
	reopen(ours);
	ck_assert_uint_eq(notes.n, 0);
	position_is("file:/a", "1");
}

START_TEST(open_garbage_is_set_aside)
{
	static char garbage[8192];

	begin();
	memset(garbage, 'x', sizeof(garbage));
	damage(garbage, sizeof(garbage));
	damage("x", 1);
	damage("SQLite format 3", 16);
	done();
}
END_TEST

START_TEST(open_foreign_tables_are_set_aside)
{
	sqlite3 *db;

	begin();
	state_free(s);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE mine(x)", NULL, NULL,
				      NULL), SQLITE_OK);
	sqlite3_close(db);
	reopen(ours);
	ck_assert(there(".damaged"));
	done();
}
END_TEST

/* Its head, checksum and all, as version 2 would write it. */
START_TEST(open_newer_version_is_refused)
{
	char text[512], hex[2 * WIRE_ORIGIN_SIZE + 1];
	uint32_t crc = hash_crc32c(
		0, (struct str){ (const char *)ours.id, WIRE_ORIGIN_SIZE });
	sqlite3 *db;

	begin();
	commit(1, 1, true);
	state_free(s);
	origin_hex(ours, hex);
	crc = hash_crc32c(crc, STR("2 1 1"));
	snprintf(text, sizeof(text),
		 "REPLACE INTO state VALUES(1, 2, x'%s', 1, 1, %u)", hex, crc);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	ck_assert_int_eq(state_open(path, ours, &notes, &s, &err),
			 -EPROTONOSUPPORT);
	ck_assert_ptr_nonnull(strstr(err.text, "of version 2; this vigie "
					       "reads version 1"));
	ck_assert(!there(".damaged"));
	s = NULL;
	done();
}
END_TEST

static char *slurp(size_t *n)
{
	static char all[1 << 18];
	int fd = open(path, O_RDONLY);
	ssize_t k = read(fd, all, sizeof(all));

	ck_assert_int_gt(k, 0);
	close(fd);
	*n = (size_t)k;
	return all;
}

static void lay(const char *bytes, size_t n)
{
	char line[CHECK_PATH_MAX + 64], at[CHECK_PATH_MAX];

	snprintf(line, sizeof(line), "%s-wal", path);
	unlink(line);
	check_file(folder, "state.db", bytes, n, at);
}

/* What is opened is either set aside or just what was written. */
static void opens_sound_or_aside(unsigned *aside)
{
	reopen(ours);
	if (notes.n) {
		++*aside;
		ck_assert_uint_eq(state_frame(s), 0);
	} else {
		ck_assert_uint_eq(state_frame(s), 3);
		ck_assert_uint_eq(state_low(s), 2);
		position_is("file:/a", "position of a");
		position_is("file:/b", "position of b");
		key_is("key", "what it was told");
		known_is("name", "what is known");
		signatures_are("id=its signature ");
	}
	state_free(s);
}

static void fill(void)
{
	apply(JOURNAL_POSITION, 1, "file:/a", "position of a");
	apply(JOURNAL_POSITION, 2, "file:/b", "position of b");
	apply(JOURNAL_KEY, 3, "key", "what it was told");
	apply(JOURNAL_KNOWN, 3, "name", "what is known");
	apply(JOURNAL_SIGNATURE, 3, "id", "its signature");
	commit(3, 2, true);
	state_free(s);
}

/* Every other byte, so that there is time for it. */
static void flip(size_t first)
{
	static char good[1 << 18];
	unsigned aside = 0, tried = 0;
	char *bytes;
	size_t n;

	begin();
	fill();
	bytes = slurp(&n);
	memcpy(good, bytes, n);
	for (size_t i = first; i < n; i += 2) {
		if (i > 100 && !good[i] && i % 61)
			continue;
		bytes[i] = (char)(good[i] ^ (1 << i / 2 % 8));
		lay(bytes, n);
		opens_sound_or_aside(&aside);
		bytes[i] = good[i];
		tried++;
	}
	ck_assert_uint_gt(tried, 400);
	ck_assert_uint_gt(aside, tried / 3);
	lay(good, n);
	reopen(ours);
	done();
}

START_TEST(open_flipped_even_bytes_never_lie)
{
	flip(0);
}
END_TEST

START_TEST(open_flipped_odd_bytes_never_lie)
{
	flip(1);
}
END_TEST

START_TEST(open_truncated_never_lies)
{
	unsigned aside = 0, tried = 0;
	char *bytes;
	size_t n;

	begin();
	fill();
	bytes = slurp(&n);
	for (size_t cut = 1; cut < n; cut += 97, tried++) {
		lay(bytes, cut);
		opens_sound_or_aside(&aside);
	}
	ck_assert_uint_eq(aside, tried);
	reopen(ours);
	done();
}
END_TEST

START_TEST(open_that_cannot_be_is_told)
{
	check_folder(folder);
	ck_assert_int_eq(state_open("/nowhere/state.db", ours, NULL, &s, &err),
			 -ENOENT);
	ck_assert_str_eq(err.text,
			 "/nowhere/state.db: No such file or directory");
	err_clear(&err);
	ck_assert_int_eq(state_open(folder, ours, NULL, &s, &err), -EISDIR);
	check_folder_done(folder);
}
END_TEST

static void file_limit(rlim_t n)
{
	struct rlimit limit = { n, RLIM_INFINITY };

	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A limit on files stands for the disk: a write past it fails. */
START_TEST(commit_full_disk_waits_and_loses_nothing)
{
	char name[32];
	int failed = 0;

	signal(SIGXFSZ, SIG_IGN);
	begin();
	apply(JOURNAL_POSITION, 1, "file:/a", "1");
	commit(1, 1, true);
	/* Each assertion that is reached lengthens a file of Check's own. */
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "file:/%d", i);
		failed += state_apply(s,
				      &(struct journal_entry){
					      .kind = JOURNAL_POSITION,
					      .frame = 2,
					      .name = str_of(name),
					      .value = STR("x") },
				      &err);
	}
	ck_assert_int_eq(failed, 0);
	file_limit(20000);
	for (int i = 0; i < 3; i++) {
		int r = state_commit(s, 2, 2, i == 1, &err);

		ck_assert_int_eq(r, STEP_WAIT);
		ck_assert_uint_ne(strlen(err.text), 0);
		err_clear(&err);
		ck_assert_uint_eq(state_frame(s), 1);
		position_is("file:/4999", "x");
		position_is("file:/a", "1");
	}
	apply(JOURNAL_POSITION, 3, "file:/a", "3");
	file_limit(RLIM_INFINITY);
	commit(3, 2, true);
	state_free(s);
	reopen(ours);
	ck_assert_uint_eq(state_frame(s), 3);
	position_is("file:/a", "3");
	position_is("file:/0", "x");
	position_is("file:/4999", "x");
	done();
}
END_TEST

/* Somebody looks at the file with a tool of his own. */
START_TEST(commit_goes_on_beside_a_reader)
{
	sqlite3 *db;

	begin();
	apply(JOURNAL_POSITION, 1, "file:/a", "1");
	commit(1, 1, true);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "BEGIN; SELECT * FROM position",
				      NULL, NULL, NULL), SQLITE_OK);
	apply(JOURNAL_POSITION, 2, "file:/a", "2");
	commit(2, 2, true);
	sqlite3_close(db);
	killed();
	position_is("file:/a", "2");
	done();
}
END_TEST

START_TEST(free_of_nothing_is_fine)
{
	state_free(NULL);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(open_new_file_is_empty_and_private),
		CHECK_TEST(apply_is_seen_before_and_after_its_commit),
		CHECK_TEST(apply_passes_over_what_was_applied),
		CHECK_TEST(commit_never_goes_back),
		CHECK_TEST(what_was_not_committed_is_applied_again),
		CHECK_TEST(durable_commit_lies_in_the_file_itself),
		CHECK_TEST(keys_the_oldest_go_first),
		CHECK_TEST(keys_rolled_forward_at_once_are_bounded_too),
		CHECK_TEST(known_is_seen_before_and_after_its_commit),
		CHECK_TEST(known_the_oldest_fade_then_go),
		CHECK_TEST(signatures_come_oldest_first_over_commits),
		CHECK_TEST(signatures_rolled_forward_at_once_are_bounded_too),
		CHECK_TEST(memory_only_remembers_until_it_is_freed),
		CHECK_TEST(open_file_of_the_first_version_keeps_all_of_it),
		CHECK_TEST(open_table_under_another_name_is_set_aside),
		CHECK_TEST(another_origin_is_set_aside),
		CHECK_TEST(open_garbage_is_set_aside),
		CHECK_TEST(open_foreign_tables_are_set_aside),
		CHECK_TEST(open_newer_version_is_refused),
		CHECK_TEST(open_flipped_even_bytes_never_lie),
		CHECK_TEST(open_flipped_odd_bytes_never_lie),
		CHECK_TEST(open_truncated_never_lies),
		CHECK_TEST(open_that_cannot_be_is_told),
		CHECK_TEST(commit_full_disk_waits_and_loses_nothing),
		CHECK_TEST(commit_goes_on_beside_a_reader),
		CHECK_TEST(free_of_nothing_is_fine),
		CHECK_END,
	};

	return check_main("state", tests);
}

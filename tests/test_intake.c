#include "ingest/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stop.h"
#include "ingest/near_copies.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 16];
static struct ingest_settings set;
static struct intake *t;
static struct err err;

static void open_it(void)
{
	ck_assert_msg(!intake_open(&set, &t, &err), "%s", err.text);
}

static void begin(void)
{
	check_folder(folder);
	snprintf(path, sizeof(path), "%s/journal", folder);
	set = (struct ingest_settings){
		.window = 64,
		.window_bytes = 1 << 20,
		.journal = { .path = path,
			     .group = 512,
			     .patience = 5,
			     .segment = 1 << 16,
			     .quota = 1 << 24 },
	};
	open_it();
}

static void again(void)
{
	intake_free(t);
	open_it();
}

static void end(void)
{
	intake_free(t);
	check_folder_done(folder);
}

static struct raw piece(const char *key, const char *position,
			const char *bytes)
{
	return (struct raw){ .kind = RAW_JSON,
			     .bytes = str_of(bytes),
			     .place = "in.jsonl:1",
			     .key = str_of(key),
			     .position = str_of(position) };
}

static void take(const char *key, const char *position)
{
	struct raw raw = piece(key, position, "{\"text\":\"a\"}");

	ck_assert_int_eq(intake_take(t, &raw, &err), 0);
}

/* So many articles of 8 kB. */
static void take_large(int n)
{
	static char bytes[8192];
	struct raw raw;

	memset(bytes, 'x', sizeof(bytes) - 1);
	memcpy(bytes, "{\"text\":\"", 9);
	memcpy(bytes + sizeof(bytes) - 3, "\"}", 2);
	raw = piece("k", "large", bytes);
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(intake_take(t, &raw, &err), 0);
}

static void commit(void)
{
	ck_assert_msg(!intake_commit(t, &err), "%s", err.text);
}

/* All that is committed is handed out, and these acknowledged. */
static void ack(uint64_t low)
{
	struct ack a = { .low = low };
	struct pending *p = intake_pending(t);
	struct str record;
	uint64_t seq;

	ck_assert_int_eq(intake_feed(t, 0, &err), 0);
	while (pending_peek(p, &seq, &record))
		pending_sent(p, seq, 1, 0);
	ck_assert_int_eq(intake_ack(t, &a, NULL, NULL, &err), 0);
}

static void is_at(const char *key, const char *position)
{
	struct buf b;
	int r;

	buf_init(&b, 256);
	r = intake_position(t, str_of(key), &b);
	ck_assert_int_eq(r, position ? 0 : STEP_END);
	if (position)
		ck_assert(str_eq(buf_view(&b), str_of(position)));
	buf_done(&b);
}

/* A folder opens a file again before the group is committed. */
START_TEST(position_is_told_before_it_is_committed)
{
	begin();
	is_at("k", NULL);
	take("k", "1");
	is_at("k", "1");
	take("j", "7");
	is_at("k", "1");
	take("k", "2");
	is_at("k", "2");
	is_at("j", "7");
	commit();
	is_at("k", "2");
	is_at("j", "7");
	end();
}
END_TEST

/* The room has ended, perhaps since a sync failed: what it had read goes with
 * the group, and so must its position. */
START_TEST(what_was_not_committed_is_not_remembered)
{
	begin();
	take("k", "1");
	commit();
	take("k", "2");
	take("j", "7");
	ck_assert_int_eq(intake_remember(t, STR("key"), STR("told")), 0);
	again();
	is_at("k", "1");
	is_at("j", NULL);
	ck_assert_int_eq(intake_key(t, STR("key"), &(struct buf){ .max = 9 }),
			 STEP_END);
	ck_assert_uint_eq(intake_stats(t).accepted, 1);
	end();
}
END_TEST

START_TEST(what_was_committed_is_remembered)
{
	struct buf b;

	begin();
	take("k", "1");
	take("j", "7");
	ck_assert_int_eq(intake_remember(t, STR("key"), STR("told")), 0);
	commit();
	for (int i = 0; i < 3; i++) {
		again();
		is_at("k", "1");
		is_at("j", "7");
		buf_init(&b, 256);
		ck_assert_int_eq(intake_key(t, STR("key"), &b), 0);
		ck_assert(str_eq(buf_view(&b), STR("told")));
		buf_done(&b);
		ck_assert_int_eq(intake_keep(t, i == 1, &err), 0);
	}
	end();
}
END_TEST

/* Below a limit of the file's size, which is as a full disk. */
START_TEST(full_disk_is_made_empty_by_acks)
{
	struct rlimit was, full;
	uint64_t bytes;

	begin();
	stop_install(); /* ignores SIGXFSZ */
	for (int i = 0; i < 12; i++) {
		take_large(1);
		commit();
	}
	/* The limit is for each file: the tables themselves have room. */
	ck_assert_int_eq(intake_keep(t, true, &err), 0);
	bytes = intake_stats(t).journal_bytes;
	getrlimit(RLIMIT_FSIZE, &was);
	full = was;
	full.rlim_cur = 40000;
	setrlimit(RLIMIT_FSIZE, &full);
	take("k", "later");
	ck_assert_int_eq(intake_commit(t, &err), STEP_WAIT);
	ck_assert(!intake_has_room(t));
	ack(12);
	ck_assert_int_eq(intake_keep(t, false, &err), 0);
	ck_assert_uint_lt(intake_stats(t).journal_bytes, bytes - 50000);
	setrlimit(RLIMIT_FSIZE, &was);
	is_at("k", "later");
	commit();
	ck_assert(intake_has_room(t));
	again();
	is_at("k", "later");
	ck_assert_uint_eq(intake_stats(t).accepted, 13);
	end();
}
END_TEST

START_TEST(segment_that_fills_the_quota_alone_goes)
{
	begin();
	set.journal.quota = 1 << 16;
	again();
	take_large(20);
	commit();
	ck_assert(!intake_has_room(t));
	ack(20);
	ck_assert_int_eq(intake_keep(t, false, &err), 0);
	ck_assert(intake_has_room(t));
	end();
}
END_TEST

START_TEST(refused_piece_is_a_letter_with_a_number)
{
	struct raw raw = piece("k", "1", "{no");
	struct err why = { "" };

	begin();
	ck_assert_int_eq(intake_take(t, &raw, &why), STEP_REJECT);
	is_at("k", NULL);
	ck_assert_uint_eq(intake_stats(t).refused, 0);
	ck_assert_int_eq(intake_refuse(t, &raw, str_of(why.text), &err), 0);
	ck_assert_uint_eq(intake_stats(t).refused, 1);
	is_at("k", "1");
	commit();
	ck_assert_uint_eq(intake_stats(t).accepted, 1);
	end();
}
END_TEST

/* The segment's file as it is now. */
static struct str copy(char at[CHECK_PATH_MAX + 64])
{
	struct str s;

	snprintf(at, CHECK_PATH_MAX + 64, "%s/0000000000000001.journal", path);
	ck_assert_int_eq(file_read(at, 1 << 24, &s, &err), 0);
	return s;
}

/* An old copy of the journal is put beside the newer cache: no number is given
 * again, and positions are remembered all the same. */
START_TEST(journal_older_than_its_cache_gives_no_number_again)
{
	char at[CHECK_PATH_MAX + 64];
	struct str old;
	int fd;

	begin();
	take("k", "1");
	commit();
	old = copy(at);
	for (int i = 0; i < 5; i++) {
		take("k", "2");
		commit();
	}
	ack(6);
	ck_assert_int_eq(intake_keep(t, true, &err), 0);
	intake_free(t);
	fd = open(at, O_WRONLY | O_TRUNC);
	ck_assert_int_eq(file_write_all(fd, old), 0);
	close(fd);
	free((void *)(uintptr_t)old.p);
	open_it();
	is_at("k", "2");
	take("k", "3");
	commit();
	ck_assert_int_eq(intake_feed(t, 0, &err), 0);
	ck_assert_uint_eq(pending_stats(intake_pending(t)).held, 1);
	ck_assert_uint_gt(pending_stats(intake_pending(t)).low, 6);
	again();
	is_at("k", "3");
	end();
}
END_TEST

START_TEST(without_a_journal_nothing_is_remembered)
{
	begin();
	intake_free(t);
	set.journal.path = NULL;
	open_it();
	take("k", "1");
	is_at("k", NULL);
	ck_assert_int_eq(intake_due(t, 0, false), -1);
	ck_assert_uint_eq(pending_stats(intake_pending(t)).held, 1);
	end();
}
END_TEST

/* Articles that came before. */

static uint64_t next_seq(void)
{
	return pending_stats(intake_pending(t)).next;
}

/* A piece of a source that may give it again. */
static struct raw item(const char *position, const char *bytes,
		       const char *guid)
{
	struct raw raw = piece("feed", position, bytes);

	raw.once = true;
	if (guid)
		raw.alias[0] = str_of(guid);
	return raw;
}

static bool takes(struct raw raw)
{
	err_clear(&err);
	ck_assert_msg(!intake_take(t, &raw, &err), "%s", err.text);
	return intake_took(t);
}

#define ONE "{\"url\":\"https://e.org/1\",\"text\":\"One.\"}"
#define ONE_MORE "{\"url\":\"https://e.org/1\",\"text\":\"One, and more.\"}"
#define ONE_MOVED "{\"url\":\"https://e.org/uno\",\"text\":\"One.\"}"
#define TWO "{\"url\":\"https://e.org/2\",\"text\":\"Two.\"}"
/* As identity.h has it: of "uhttps://e.org/1". */
#define ID_ONE "512f51ce7328ef84c029cbf89a28e6b3"

/* The member `name` of the article of this number, as it stands there. */
static const char *told(uint64_t seq, const char *name)
{
	static char out[256];
	struct article a;
	const char *at;

	ck_assert_int_eq(intake_feed(t, 0, &err), 0);
	ck_assert_int_eq(record_open(pending_record(intake_pending(t), seq),
				     &a, &err), 0);
	snprintf(out, sizeof(out), STR_FMT, STR_ARG(a.meta));
	at = strstr(out, name);
	ck_assert_ptr_nonnull(at);
	at += strlen(name) + 2;
	out[(size_t)(at - out) + strcspn(at, ",")] = '\0';
	return at;
}

static void is_told(uint64_t seq, const char *id, const char *revision)
{
	ck_assert_str_eq(told(seq, "id"), id);
	ck_assert_str_eq(told(seq, "revision"), revision);
}

START_TEST(repeated_in_the_same_group_is_passed_over)
{
	begin();
	ck_assert(takes(item("1", ONE, NULL)));
	ck_assert(takes(item("2", TWO, NULL)));
	ck_assert(!takes(item("3", ONE, NULL)));
	is_at("feed", "3");
	ck_assert_uint_eq(intake_stats(t).repeated, 1);
	commit();
	ck_assert_uint_eq(intake_stats(t).accepted, 2);
	is_at("feed", "3");
	end();
}
END_TEST

START_TEST(repeated_is_known_after_commit_and_restart)
{
	begin();
	ck_assert(takes(item("1", ONE, "g")));
	commit();
	ck_assert(!takes(item("2", ONE, "g")));
	commit();
	for (int i = 0; i < 3; i++) {
		again();
		is_at("feed", i ? "3" : "2");
		ck_assert(!takes(item("3", ONE, NULL)));
		ck_assert(!takes(item("3", ONE_MOVED, "g")));
		commit();
		ck_assert_int_eq(intake_keep(t, i == 1, &err), 0);
	}
	ck_assert_uint_eq(intake_stats(t).accepted, 1);
	end();
}
END_TEST

/* The state is lost: the journal has it all. */
START_TEST(repeated_is_known_by_the_journal_alone)
{
	char name[CHECK_PATH_MAX + 64];

	begin();
	ck_assert(takes(item("1", ONE, NULL)));
	commit();
	intake_free(t);
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s/state.db%s", path,
			 i ? "-wal" : "");
		unlink(name);
	}
	open_it();
	ck_assert(!takes(item("2", ONE, NULL)));
	end();
}
END_TEST

/* Neither the article nor that it came. */
START_TEST(what_was_lost_with_its_group_is_not_known)
{
	begin();
	ck_assert(takes(item("1", ONE, NULL)));
	again();
	is_at("feed", NULL);
	ck_assert(takes(item("1", ONE, NULL)));
	commit();
	ck_assert_uint_eq(intake_stats(t).accepted, 1);
	end();
}
END_TEST

START_TEST(changed_text_is_a_revision_under_the_first_id)
{
	begin();
	ck_assert(takes(item("1", ONE, "g")));
	commit();
	ck_assert(takes(item("2", ONE_MORE, NULL)));
	commit();
	ck_assert(!takes(item("3", ONE_MORE, NULL)));
	ck_assert(takes(item("4", ONE_MOVED, "g")));
	commit();
	is_told(0, "\"" ID_ONE "\"", "1");
	is_told(1, "\"" ID_ONE "\"", "2");
	is_told(2, "\"" ID_ONE "\"", "3");
	end();
}
END_TEST

/* Nothing is looked up, nor remembered. */
START_TEST(plain_pieces_come_as_often_as_they_are_given)
{
	begin();
	for (int i = 0; i < 3; i++)
		ck_assert(takes(piece("k", "1", ONE)));
	ck_assert(takes(item("1", ONE, NULL)));
	commit();
	ck_assert_uint_eq(intake_stats(t).accepted, 4);
	is_told(2, "\"" ID_ONE "\"", "1");
	is_told(3, "\"" ID_ONE "\"", "1");
	end();
}
END_TEST

START_TEST(plain_pieces_are_dropped_where_that_is_asked_for)
{
	struct raw letter = piece("", "", ONE);

	begin();
	set.repeats = INGEST_REPEATS_DROP;
	ck_assert(takes(piece("k", "1", ONE)));
	ck_assert(!takes(piece("k", "2", ONE)));
	ck_assert(!takes(piece("", "", ONE)));
	letter.again = true; /* a dead letter that is replayed */
	ck_assert(takes(letter));
	commit();
	is_at("k", "2");
	end();
}
END_TEST

START_TEST(repeated_without_a_journal_is_known_in_memory)
{
	begin();
	intake_free(t);
	set.journal.path = NULL;
	open_it();
	ck_assert(takes(item("1", ONE, "g")));
	ck_assert(!takes(item("2", ONE, "g")));
	ck_assert(!takes(item("2", ONE_MOVED, "g")));
	ck_assert(takes(item("3", ONE_MORE, NULL)));
	is_at("feed", NULL);
	is_told(1, "\"" ID_ONE "\"", "2");
	ck_assert_uint_eq(next_seq(), 2);
	end();
}
END_TEST

/* A poll that brings nothing new is one commit, and not one for each item. */
START_TEST(repeated_alone_wait_for_each_other)
{
	begin();
	set.journal.patience = 1000;
	again();
	ck_assert(takes(item("1", ONE, NULL)));
	ck_assert(takes(item("1", TWO, NULL)));
	commit();
	ck_assert_int_eq(intake_due(t, 0, false), -1);
	ck_assert(!takes(item("2", ONE, NULL)));
	ck_assert_int_eq(intake_due(t, 0, false), 1000);
	ck_assert(!takes(item("3", TWO, NULL)));
	ck_assert_int_gt(intake_due(t, 10, false), 0);
	commit();
	ck_assert_int_eq(intake_due(t, 0, false), -1);
	again();
	is_at("feed", "3");
	end();
}
END_TEST

/* Near-copies. */

static void with_copies(int policy)
{
	set.copies = policy;
	set.copies_window = 1024;
	set.copies_at = 0.35;
	again();
}

/* An article under this address: words from..to. */
static struct raw words(const char *position, const char *url, int from, int to)
{
	static char bytes[1 << 14];
	size_t n = (size_t)snprintf(bytes, sizeof(bytes),
				    "{\"url\":\"https://%s\",\"text\":\"",
				    url);

	for (int i = from; i < to; i++)
		n += (size_t)snprintf(bytes + n, sizeof(bytes) - n, "w%d ", i);
	snprintf(bytes + n, sizeof(bytes) - n, "\"}");
	return piece("k", position, bytes);
}

START_TEST(copies_are_marked_with_their_leader)
{
	begin();
	with_copies(COPIES_MARK);
	ck_assert(takes(words("1", "e.org/1", 0, 200)));
	ck_assert(takes(words("2", "b.org/x", 0, 180)));
	ck_assert(takes(words("3", "c.org/y", 500, 700)));
	ck_assert(takes(words("4", "e.org/1", 0, 190))); /* itself */
	commit();
	ck_assert_str_eq(told(0, "near_of"), "null");
	ck_assert_str_eq(told(1, "near_of"), "\"" ID_ONE "\"");
	ck_assert_str_eq(told(2, "near_of"), "null");
	ck_assert_str_eq(told(3, "near_of"), "null");
	ck_assert_uint_eq(intake_stats(t).copies, 1);
	end();
}
END_TEST

START_TEST(copies_are_dropped_where_that_is_asked_for)
{
	struct raw raw;

	begin();
	with_copies(COPIES_DROP);
	ck_assert(takes(words("1", "e.org/1", 0, 200)));
	raw = words("2", "b.org/x", 0, 180);
	raw.once = true;
	ck_assert(!takes(raw));
	is_at("k", "2");
	commit();
	ck_assert_uint_eq(intake_stats(t).accepted, 1);
	ck_assert_uint_eq(intake_stats(t).copies, 1);
	/* Polled again it is known, and no second copy. */
	ck_assert(!takes(raw));
	ck_assert_uint_eq(intake_stats(t).copies, 1);
	ck_assert_uint_eq(intake_stats(t).repeated, 1);
	end();
}
END_TEST

START_TEST(copies_brought_back_on_purpose_are_always_taken)
{
	struct raw raw;

	begin();
	with_copies(COPIES_DROP);
	ck_assert(takes(words("1", "e.org/1", 0, 200)));
	raw = words("2", "b.org/x", 0, 180);
	ck_assert(!takes(raw));
	raw.again = true;
	ck_assert(takes(raw));
	commit();
	ck_assert_str_eq(told(1, "near_of"), "\"" ID_ONE "\"");
	end();
}
END_TEST

START_TEST(copies_are_found_after_a_restart)
{
	begin();
	with_copies(COPIES_MARK);
	ck_assert(takes(words("1", "e.org/1", 0, 200)));
	commit();
	again();
	ck_assert(takes(words("3", "c.org/y", 40, 240)));
	commit();
	again();
	/* A copy of the copy, unlike the first, names the first. */
	ck_assert(takes(words("4", "d.org/y", 100, 300)));
	ck_assert(takes(words("5", "a.org/y", 110, 310)));
	commit();
	ck_assert_str_eq(told(1, "near_of"), "\"" ID_ONE "\"");
	ck_assert_str_eq(told(2, "near_of"), "\"" ID_ONE "\"");
	ck_assert_str_eq(told(3, "near_of"), "\"" ID_ONE "\"");
	end();
}
END_TEST

START_TEST(copies_of_short_texts_are_exact_only)
{
	begin();
	with_copies(COPIES_MARK);
	ck_assert(takes(words("1", "e.org/1", 0, 49)));
	ck_assert(takes(words("2", "b.org/x", 0, 49)));
	ck_assert(takes(words("3", "c.org/x", 0, 48)));
	commit();
	ck_assert_str_eq(told(1, "near_of"), "\"" ID_ONE "\"");
	ck_assert_str_eq(told(2, "near_of"), "null");
	end();
}
END_TEST

START_TEST(copies_without_a_journal_are_found)
{
	begin();
	intake_free(t);
	set.journal.path = NULL;
	open_it();
	with_copies(COPIES_MARK);
	ck_assert(takes(words("1", "e.org/1", 0, 200)));
	ck_assert(takes(words("2", "b.org/x", 0, 180)));
	ck_assert_str_eq(told(1, "near_of"), "\"" ID_ONE "\"");
	end();
}
END_TEST

/* The group has room for all of an article's entries or takes none of them. */
START_TEST(full_group_takes_an_article_whole_or_not)
{
	static char bytes[1 << 20];
	char url[64];
	struct raw raw = item("1", bytes, NULL);
	uint64_t taken = 0;
	int r = 0;

	begin();
	set.journal.quota = 1 << 28;
	with_copies(COPIES_MARK);
	for (size_t size = sizeof(bytes) - 8; size > 64; size /= 2) {
		for (;; taken++) {
			snprintf(url, sizeof(url),
				 "{\"url\":\"https://e.org/%u\",\"text\":\"",
				 (unsigned)taken);
			memset(bytes, 'x', size);
			memcpy(bytes, url, strlen(url));
			memcpy(bytes + size - 2, "\"}", 3);
			raw.bytes = (struct str){ bytes, size };
			r = intake_take(t, &raw, &err);
			if (r)
				break;
		}
		ck_assert_int_eq(r, STEP_WAIT);
	}
	ck_assert_int_eq(intake_take(t, &raw, &err), STEP_WAIT);
	commit();
	ck_assert_uint_eq(intake_stats(t).accepted, taken);
	ck_assert(takes(raw));
	commit();
	again();
	ck_assert(!takes(raw));
	ck_assert_uint_eq(intake_stats(t).accepted, taken + 1);
	end();
}
END_TEST

/* More than is rolled forward in one part. */
START_TEST(long_journal_is_rolled_forward_whole)
{
	char bytes[96], name[CHECK_PATH_MAX + 64];
	struct raw raw;

	begin();
	set.journal.segment = set.journal.quota = 1 << 28;
	again();
	for (unsigned i = 0; i < 60000; i++) {
		snprintf(bytes, sizeof(bytes),
			 "{\"url\":\"https://e.org/%u\",\"text\":\"x\"}", i);
		raw = item("1", bytes, NULL);
		if (intake_take(t, &raw, &err))
			ck_abort();
		if (i % 10000 == 9999)
			commit();
	}
	commit();
	intake_free(t);
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s/state.db%s", path,
			 i ? "-wal" : "");
		unlink(name);
	}
	open_it();
	for (unsigned i = 0; i < 60000; i += 999) {
		snprintf(bytes, sizeof(bytes),
			 "{\"url\":\"https://e.org/%u\",\"text\":\"x\"}", i);
		ck_assert(!takes(item("1", bytes, NULL)));
	}
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(position_is_told_before_it_is_committed),
		CHECK_TEST(what_was_not_committed_is_not_remembered),
		CHECK_TEST(what_was_committed_is_remembered),
		CHECK_TEST(full_disk_is_made_empty_by_acks),
		CHECK_TEST(segment_that_fills_the_quota_alone_goes),
		CHECK_TEST(refused_piece_is_a_letter_with_a_number),
		CHECK_TEST(journal_older_than_its_cache_gives_no_number_again),
		CHECK_TEST(without_a_journal_nothing_is_remembered),
		CHECK_TEST(repeated_in_the_same_group_is_passed_over),
		CHECK_TEST(repeated_is_known_after_commit_and_restart),
		CHECK_TEST(repeated_is_known_by_the_journal_alone),
		CHECK_TEST(what_was_lost_with_its_group_is_not_known),
		CHECK_TEST(changed_text_is_a_revision_under_the_first_id),
		CHECK_TEST(plain_pieces_come_as_often_as_they_are_given),
		CHECK_TEST(plain_pieces_are_dropped_where_that_is_asked_for),
		CHECK_TEST(repeated_without_a_journal_is_known_in_memory),
		CHECK_TEST(repeated_alone_wait_for_each_other),
		CHECK_TEST(copies_are_marked_with_their_leader),
		CHECK_TEST(copies_are_dropped_where_that_is_asked_for),
		CHECK_TEST(copies_brought_back_on_purpose_are_always_taken),
		CHECK_TEST(copies_are_found_after_a_restart),
		CHECK_TEST(copies_of_short_texts_are_exact_only),
		CHECK_TEST(copies_without_a_journal_are_found),
		CHECK_TEST(full_group_takes_an_article_whole_or_not),
		CHECK_TEST(long_journal_is_rolled_forward_whole),
		CHECK_END,
	};

	return check_main("intake", tests);
}

/* test_log.c -- lines on standard error, which is a file or a terminal here, and
 * in a journal that this program plays itself. */
#include "base/log.h"
#include "base/log_journal.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/str.h"
#include "tests/check_main.h"

static FILE *file;
static int saved;
static bool journal_is_there, journal_fails;
static char fields[4][4096];
static int field_count;

/* libsystemd's, and the question whether the journal's socket is there, as this
 * test answers them. */
int sd_journal_sendv(const struct iovec *iov, int n)
{
	field_count = 0;
	for (int i = 0; i < n && i < 4; i++) {
		ck_assert_uint_lt(iov[i].iov_len, sizeof(fields[0]));
		memcpy(fields[i], iov[i].iov_base, iov[i].iov_len);
		fields[i][iov[i].iov_len] = '\0';
		field_count++;
	}
	return journal_fails ? -ENOBUFS : 0;
}

int access(const char *path, int mode)
{
	(void)mode;
	ck_assert_str_eq(path, "/run/systemd/journal/socket");
	return journal_is_there ? 0 : -1;
}

/* Standard error into a file; each test has a process of its own, whose
 * complaints go out again after release(). */
static void capture(void)
{
	file = tmpfile();
	ck_assert_ptr_nonnull(file);
	saved = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	unsetenv("JOURNAL_STREAM");
}

static const char *release(void)
{
	static char text[8192];
	size_t n;

	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	rewind(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	return text;
}

START_TEST(line_carries_the_name_of_the_room)
{
	capture();
	log_line(LOG_WARN, "before %d", 1);
	log_name("ingest");
	log_line(LOG_NOTE, "after");
	ck_assert_str_eq(release(), "vigie: before 1\nvigie ingest: after\n");
}
END_TEST

START_TEST(line_above_the_limit_is_not_heard)
{
	capture();
	log_line(LOG_DETAIL, "a");
	log_line(LOG_NOTE, "b");
	log_limit(LOG_DETAIL);
	log_line(LOG_DETAIL, "c");
	log_limit(LOG_TROUBLE);
	log_line(LOG_WARN, "d");
	log_line(LOG_TROUBLE, "e");
	ck_assert_str_eq(release(), "vigie: b\nvigie: c\nvigie: e\n");
}
END_TEST

START_TEST(line_with_control_characters_stays_one_and_harmless)
{
	capture();
	log_line(LOG_NOTE, "%s", "a\nvigie: forged\033[2J\x7f é");
	ck_assert_str_eq(release(), "vigie: a vigie: forged [2J  é\n");
}
END_TEST

START_TEST(line_endless_is_cut_and_ended)
{
	static char word[5000];
	const char *text;

	memset(word, 'x', sizeof(word) - 1);
	capture();
	log_line(LOG_NOTE, "%s", word);
	text = release();
	ck_assert_uint_gt(strlen(text), 2000);
	ck_assert_uint_le(strlen(text), 2048);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
}
END_TEST

START_TEST(line_at_the_size_of_the_buffer_is_whole_or_cut_by_one)
{
	static char word[2048];
	const char *text;

	/* "vigie: " and "\n" around it; the buffer keeps a byte for a NUL */
	for (size_t n = 2037; n <= 2041; n++) {
		memset(word, 'x', n);
		word[n] = '\0';
		capture();
		log_line(LOG_NOTE, "%s", word);
		text = release();
		ck_assert_uint_eq(strlen(text), n < 2039 ? n + 8 : 2047);
		ck_assert_int_eq(text[strlen(text) - 1], '\n');
	}
}
END_TEST

/* Standard error as if it led to the journal. */
static void capture_journal(void)
{
	char stream[64];
	struct stat st;

	capture();
	ck_assert_int_eq(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%lu:%lu", (unsigned long)st.st_dev,
		 (unsigned long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	journal_is_there = true;
	log_by(log_journal);
	log_limit(LOG_DETAIL);
}

START_TEST(line_without_the_journals_socket_begins_with_its_level)
{
	capture_journal();
	journal_is_there = false;
	log_line(LOG_TROUBLE, "a");
	log_line(LOG_WARN, "b");
	log_line(LOG_NOTE, "c");
	log_line(LOG_DETAIL, "d");
	ck_assert_str_eq(release(), "<3>vigie: a\n<4>vigie: b\n"
				    "<5>vigie: c\n<7>vigie: d\n");
	ck_assert_int_eq(field_count, 0);
}
END_TEST

START_TEST(line_that_the_journal_refuses_goes_to_standard_error)
{
	capture_journal();
	journal_fails = true;
	log_line(LOG_WARN, "b");
	ck_assert_str_eq(release(), "<4>vigie: b\n");
}
END_TEST

START_TEST(line_into_the_journal_has_fields)
{
	capture_journal();
	log_name("ingest");
	log_line(LOG_WARN, "feed.xml:%d: no date", 3);
	ck_assert_str_eq(release(), "");
	ck_assert_int_eq(field_count, 4);
	ck_assert_str_eq(fields[0], "MESSAGE=ingest: feed.xml:3: no date");
	ck_assert_str_eq(fields[1], "PRIORITY=4");
	ck_assert_str_eq(fields[2], "SYSLOG_IDENTIFIER=vigie");
	ck_assert_str_eq(fields[3], "VIGIE_ROOM=ingest");
}
END_TEST

START_TEST(line_into_the_journal_without_a_room_has_no_room)
{
	capture_journal();
	log_line(LOG_DETAIL, "x");
	release();
	ck_assert_int_eq(field_count, 3);
	ck_assert_str_eq(fields[0], "MESSAGE=x");
	ck_assert_str_eq(fields[1], "PRIORITY=7");
}
END_TEST

/* A title that would be a priority, a room and a record of its own. */
static const char forgery[] = "t\nPRIORITY=0\nVIGIE_ROOM=sink\n\n\x01"
			      "\",\"level\":\"error\",\"room\":\"sink\"}\n"
			      "{\"message\":\"\\u0000\xff\xc3( \xc2\x9b"
			      "2J \xe2\x82";

START_TEST(line_that_would_forge_fields_is_one_message)
{
	capture_journal();
	log_name("ingest");
	log_line(LOG_NOTE, "%s", forgery);
	release();
	ck_assert_int_eq(field_count, 4);
	ck_assert_str_eq(fields[0],
			 "MESSAGE=ingest: t PRIORITY=0 VIGIE_ROOM=sink   "
			 "\",\"level\":\"error\",\"room\":\"sink\"} "
			 "{\"message\":\"\\u0000?\?(   2J ?\?");
	ck_assert_str_eq(fields[1], "PRIORITY=5");
	ck_assert_str_eq(fields[3], "VIGIE_ROOM=ingest");
}
END_TEST

START_TEST(line_that_would_forge_json_is_one_object)
{
	const char *text, *time, *level, *room, *message;
	json_t *v;

	capture();
	log_name("ingest");
	log_shape(LOG_JSON);
	log_line(LOG_WARN, "%s", forgery);
	text = release();
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	v = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(v);
	ck_assert_int_eq(json_unpack(v, "{s:s, s:s, s:s, s:s!}", "time", &time,
				     "level", &level, "room", &room,
				     "message", &message), 0);
	ck_assert_uint_eq(strlen(time), strlen("2022-11-29T00:00:00Z"));
	ck_assert_str_eq(level, "warning");
	ck_assert_str_eq(room, "ingest");
	ck_assert(str_starts(str_of(message), STR("t PRIORITY=0 VIGIE_ROOM")));
	json_decref(v);
}
END_TEST

START_TEST(line_of_json_names_its_level)
{
	static const char *const names[] = { "error", "warning", "notice",
					     "debug" };
	const char *text;

	for (int i = 0; i < 4; i++) {
		char want[64];

		capture();
		log_shape(LOG_JSON);
		log_limit(LOG_DETAIL);
		log_line((enum log_level)i, "x");
		text = release();
		snprintf(want, sizeof(want),
			 "\"level\":\"%s\",\"room\":\"\",\"message\":\"x\"}\n",
			 names[i]);
		ck_assert(str_ends(str_of(text), str_of(want)));
	}
}
END_TEST

START_TEST(line_of_json_goes_to_the_journal_with_its_level)
{
	const char *text;

	capture_journal();
	log_shape(LOG_JSON);
	log_line(LOG_WARN, "x");
	text = release();
	ck_assert(str_starts(str_of(text), STR("<4>{\"time\":\"2")));
	ck_assert_int_eq(field_count, 0);
}
END_TEST

START_TEST(line_cut_within_a_character_is_still_utf8)
{
	static char word[4001];
	const char *text;

	for (size_t i = 0; i < 4000; i += 2)
		memcpy(word + i, "é", 2);
	capture();
	log_shape(LOG_JSON);
	log_line(LOG_NOTE, "%s", word);
	log_line(LOG_NOTE, "x%s", word);
	text = release();
	for (int i = 0; i < 2; i++) {
		json_t *v = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);

		ck_assert_ptr_nonnull(v);
		json_decref(v);
		text = strchr(text, '\n') + 1;
	}
}
END_TEST

START_TEST(line_elsewhere_than_the_journal_has_no_level)
{
	capture();
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_line(LOG_NOTE, "a");
	setenv("JOURNAL_STREAM", "rubbish", 1);
	log_line(LOG_NOTE, "b");
	ck_assert_str_eq(release(), "vigie: a\nvigie: b\n");
}
END_TEST

START_TEST(progress_without_a_terminal_is_silent)
{
	capture();
	ck_assert(!log_is_terminal());
	log_progress("reading", 1, 2);
	log_progress("reading", 2, 2);
	ck_assert_str_eq(release(), "");
}
END_TEST

/* What the terminal is sent up to and with a mark; it arrives piecemeal, when
 * the kernel finds the time. */
static void seen(int master, const char *mark, char out[64])
{
	struct pollfd p = { .fd = master, .events = POLLIN };
	size_t n = 0;

	out[0] = '\0';
	while (n < 63 && !str_ends(str_of(out), str_of(mark)) &&
	       poll(&p, 1, 10000) == 1 && read(master, out + n, 1) == 1)
		out[++n] = '\0';
}

/* -1 where no terminal is to be had: a bare chroot has no /dev/pts. */
static int terminal(void)
{
	int master, slave;

	if (openpty(&master, &slave, NULL, NULL, NULL)) {
		fprintf(stderr, "no terminal is to be had here: progress is "
				"not tested\n");
		return -1;
	}
	saved = dup(STDERR_FILENO);
	dup2(slave, STDERR_FILENO);
	return master;
}

static void back(void)
{
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
}

START_TEST(progress_on_a_terminal_is_rewritten_and_ended)
{
	char first[64], end[64], log[64];
	int master = terminal();

	if (master < 0)
		return;
	log_progress("reading", 1, 4);
	seen(master, ")", first);
	/* again at once: unless a tenth of a second has passed, not shown */
	log_progress("reading", 2, 4);
	log_progress("reading", 4, 4);
	seen(master, "\033[K", end);
	log_line(LOG_NOTE, "x");
	seen(master, "\n", log);
	back();
	ck_assert_str_eq(first, "\r\033[Kreading 1 of 4 (25 %)");
	ck_assert_str_eq(end, "\r\033[K");
	if (strncmp(log, "reading 2 of 4", 14) != 0)
		ck_assert_str_eq(log, "vigie: x\r\n");
}
END_TEST

START_TEST(progress_of_unknown_total_ends_with_zeros)
{
	char first[64], end[64], again[64];
	int master = terminal();

	if (master < 0)
		return;
	log_progress("reading", 7, 0);
	seen(master, "7", first);
	log_progress("reading", 0, 0);
	seen(master, "\033[K", end);
	log_progress("reading", 8, 0);
	seen(master, "8", again);
	back();
	ck_assert_str_eq(first, "\r\033[Kreading 7");
	ck_assert_str_eq(end, "\r\033[K");
	ck_assert_str_eq(again, "\r\033[Kreading 8");
}
END_TEST

START_TEST(line_amid_progress_clears_it_first)
{
	char text[64];
	int master = terminal();

	if (master < 0)
		return;
	log_progress("reading", 1, 4);
	seen(master, ")", text);
	log_line(LOG_WARN, "x");
	seen(master, "\n", text);
	back();
	ck_assert_str_eq(text, "\r\033[Kvigie: x\r\n");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(line_carries_the_name_of_the_room),
		CHECK_TEST(line_above_the_limit_is_not_heard),
		CHECK_TEST(line_with_control_characters_stays_one_and_harmless),
		CHECK_TEST(line_endless_is_cut_and_ended),
		CHECK_TEST(line_at_the_size_of_the_buffer_is_whole_or_cut_by_one),
		CHECK_TEST(line_without_the_journals_socket_begins_with_its_level),
		CHECK_TEST(line_that_the_journal_refuses_goes_to_standard_error),
		CHECK_TEST(line_into_the_journal_has_fields),
		CHECK_TEST(line_into_the_journal_without_a_room_has_no_room),
		CHECK_TEST(line_that_would_forge_fields_is_one_message),
		CHECK_TEST(line_that_would_forge_json_is_one_object),
		CHECK_TEST(line_of_json_names_its_level),
		CHECK_TEST(line_of_json_goes_to_the_journal_with_its_level),
		CHECK_TEST(line_cut_within_a_character_is_still_utf8),
		CHECK_TEST(line_elsewhere_than_the_journal_has_no_level),
		CHECK_TEST(progress_without_a_terminal_is_silent),
		CHECK_TEST(progress_on_a_terminal_is_rewritten_and_ended),
		CHECK_TEST(progress_of_unknown_total_ends_with_zeros),
		CHECK_TEST(line_amid_progress_clears_it_first),
		CHECK_END,
	};

	return check_main("log", tests);
}

/* test_log.c -- lines on standard error, which is a file or a terminal here. */
#include "base/log.h"

#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "tests/check_main.h"

static FILE *file;
static int saved;

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

START_TEST(line_into_the_journal_begins_with_its_level)
{
	char stream[64];
	struct stat st;

	capture();
	ck_assert_int_eq(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%lu:%lu", (unsigned long)st.st_dev,
		 (unsigned long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_limit(LOG_DETAIL);
	log_line(LOG_TROUBLE, "a");
	log_line(LOG_WARN, "b");
	log_line(LOG_NOTE, "c");
	log_line(LOG_DETAIL, "d");
	ck_assert_str_eq(release(), "<3>vigie: a\n<4>vigie: b\n"
				    "<5>vigie: c\n<7>vigie: d\n");
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
		CHECK_TEST(line_into_the_journal_begins_with_its_level),
		CHECK_TEST(line_elsewhere_than_the_journal_has_no_level),
		CHECK_TEST(progress_without_a_terminal_is_silent),
		CHECK_TEST(progress_on_a_terminal_is_rewritten_and_ended),
		CHECK_TEST(progress_of_unknown_total_ends_with_zeros),
		CHECK_TEST(line_amid_progress_clears_it_first),
		CHECK_END,
	};

	return check_main("log", tests);
}

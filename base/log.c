#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/unicode.h"

/* As syslog(3) has them; a field's name must not change. */
static const struct {
	const char *name;
	int priority;
} levels[] = {
	[LOG_TROUBLE] = { "error", 3 },
	[LOG_WARN] = { "warning", 4 },
	[LOG_NOTE] = { "notice", 5 },
	[LOG_DETAIL] = { "debug", 7 },
};

static const char *log_who = "";
static enum log_format log_format;
static enum log_level log_most = LOG_NOTE;
static bool progress_open;
static log_sender *log_send;

void log_name(const char *name)
{
	log_who = name;
}

const char *log_room(void)
{
	return log_who;
}

void log_shape(enum log_format format)
{
	log_format = format;
}

void log_by(log_sender *send)
{
	log_send = send;
}

void log_limit(enum log_level most)
{
	log_most = most;
}

bool log_is_terminal(void)
{
	return isatty(STDERR_FILENO) == 1;
}

static void end_progress(void)
{
	if (progress_open)
		fputs("\r\033[K", stderr);
	progress_open = false;
}

/* Whether standard error is the journal. The variable alone does not say: a
 * terminal started by a user's systemd inherits it (systemd.exec(5)). */
static bool is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long device, inode;
	struct stat st;

	return stream && sscanf(stream, "%lu:%lu", &device, &inode) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == device &&
	       st.st_ino == inode;
}

/* What an article or a file has put into a sentence must neither begin a line
 * of its own nor steer the terminal, and whoever reads JSON must be able to.
 * Nothing becomes longer. */
static void tame(char *p, size_t n)
{
	size_t i = 0, good = 0, size;

	while (i < n) {
		uint32_t c = '?';

		if (i == good)
			good += unicode_valid((struct str){ p + i, n - i });
		size = 1;
		if (i < good)
			c = unicode_decode(p + i, p + good, &size);
		else
			p[i] = '?', good = i + 1;
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			memset(p + i, ' ', size);
		i += size;
	}
}

static void add_json(struct buf *b, enum log_level level, struct str text)
{
	char stamp[CLOCK_STAMP_MAX];

	clock_stamp(stamp);
	buf_add_char(b, '{');
	json_add_name(b, "time");
	json_add_text(b, str_of(stamp));
	json_add_name(b, "level");
	json_add_text(b, str_of(levels[level].name));
	json_add_name(b, "room");
	json_add_text(b, str_of(log_who));
	json_add_name(b, "message");
	json_add_text(b, text);
	buf_add_char(b, '}');
}

/* One write a line: daemons forked by `vigie run` share standard error. */
static void write_line(enum log_level level, bool journal, struct str text)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	if (journal)
		buf_printf(&b, "<%d>", levels[level].priority);
	if (log_format == LOG_JSON)
		add_json(&b, level, text);
	else
		buf_printf(&b, "vigie%s%s: " STR_FMT, log_who[0] ? " " : "",
			   log_who, STR_ARG(text));
	buf_add_char(&b, '\n');
	end_progress();
	if (buf_error(&b)) /* no memory */
		fprintf(stderr, "vigie: " STR_FMT "\n", STR_ARG(text));
	else
		fwrite(b.p, 1, b.n, stderr);
	fflush(stderr);
	buf_done(&b);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	char text[LOG_LINE_MAX];
	struct str line = { text, 0 };
	/* A line of text, with its name, fits into LOG_LINE_MAX. */
	size_t name = log_who[0] ? strlen(log_who) + 1 : 0;
	size_t room = sizeof(text) - sizeof("vigie: ") - name;
	bool journal;
	va_list ap;
	int n;

	if (level > log_most)
		return;
	journal = is_journal();
	va_start(ap, fmt);
	n = vsnprintf(text, room, fmt, ap);
	va_end(ap);
	line.n = n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
	tame(text, line.n);
	if (!journal || log_format == LOG_JSON || !log_send ||
	    !log_send(levels[level].priority, log_who, line))
		write_line(level, journal, line);
}

void log_progress(const char *what, unsigned long done, unsigned long total)
{
	static int64_t last;
	int64_t now = clock_ms();

	if (!log_is_terminal())
		return;
	if (total ? done >= total : !done) {
		end_progress();
		last = 0;
		return;
	}
	if (last && now - last < 100)
		return;
	last = now;
	progress_open = true;
	if (total)
		fprintf(stderr, "\r\033[K%s %lu of %lu (%lu %%)", what, done,
			total, done * 100 / total);
	else
		fprintf(stderr, "\r\033[K%s %lu", what, done);
	fflush(stderr);
}

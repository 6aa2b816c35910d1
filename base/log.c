#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

static const char *log_who = "";
static enum log_level log_most = LOG_NOTE;
static bool progress_open;

void log_name(const char *name)
{
	log_who = name;
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
 * of its own nor steer the terminal. */
static void tame(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			p[i] = ' ';
}

/* One write a line: daemons forked by `vigie run` share standard error. */
void log_line(enum log_level level, const char *fmt, ...)
{
	/* sd-daemon(3): err, warning, notice, debug. */
	static const char *const mark[] = { "<3>", "<4>", "<5>", "<7>" };
	char line[2048];
	va_list ap;
	int n;

	if (level > log_most)
		return;
	n = snprintf(line, sizeof(line), "%svigie%s%s: ",
		     is_journal() ? mark[level] : "",
		     log_who[0] ? " " : "", log_who);
	va_start(ap, fmt);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n - 1, fmt, ap);
	va_end(ap);
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	tame(line, (size_t)n);
	line[n++] = '\n';
	end_progress();
	fwrite(line, 1, (size_t)n, stderr);
	fflush(stderr);
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

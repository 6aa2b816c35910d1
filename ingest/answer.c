#include "ingest/answer.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/run.h"
#include "base/unicode.h"

struct head {
	int32_t result;
	uint32_t n;
};

/* In the child there is no poll(): it waits in the call itself. */
static int wait_for(int fd, short what, int64_t until_ms)
{
	struct pollfd p = { .fd = fd, .events = what };
	int64_t left = until_ms - clock_ms();
	int n;

	if (left <= 0)
		return -ETIMEDOUT;
	n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
	return n < 0 && errno != EINTR ? -errno : 0;
}

/* What to do after a call gave n: 0 to go on. */
static int after(ssize_t n, int fd, short what, int64_t until_ms)
{
	if (n > 0 || errno == EINTR)
		return 0;
	if (errno == ECONNRESET || errno == EPIPE)
		return -EPIPE;
	if (errno == EAGAIN && until_ms >= 0)
		return wait_for(fd, what, until_ms);
	return -errno;
}

int answer_read(int fd, void *p, size_t n, int64_t until_ms)
{
	int how = until_ms < 0 ? 0 : MSG_DONTWAIT, r = 0;
	char *at = p;

	while (n && !r) {
		ssize_t got = recv(fd, at, n, how);

		if (!got)
			return -EPIPE;
		r = after(got, fd, POLLIN, until_ms);
		if (got > 0) {
			at += got;
			n -= (size_t)got;
		}
	}
	return r;
}

int answer_write(int fd, const void *p, size_t n, int64_t until_ms)
{
	int how = MSG_NOSIGNAL | (until_ms < 0 ? 0 : MSG_DONTWAIT), r = 0;
	const char *at = p;

	while (n && !r) {
		ssize_t put = send(fd, at, n, how);

		r = after(put, fd, POLLOUT, until_ms);
		if (put > 0) {
			at += put;
			n -= (size_t)put;
		}
	}
	return r;
}

int answer_give(int fd, int r, struct str out, const struct err *e)
{
	struct str text = r ? str_of(e->text) : out;
	struct head h = { .result = r, .n = (uint32_t)text.n };
	int done = answer_write(fd, &h, sizeof(h), -1);

	return done ? done : answer_write(fd, text.p, text.n, -1);
}

static bool is_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		i += run_uncontrolled(s.p + i, s.n - i);
		if (i < s.n && (unsigned char)s.p[i] < 0x20 && s.p[i] != '\n')
			return false;
	}
	return unicode_valid(s) == s.n;
}

static bool is_result(int r)
{
	return r <= STEP_REJECT && r > -4096; /* the last errno there may be */
}

static int take_text(int fd, int64_t until_ms, size_t n, struct buf *out)
{
	char *at = buf_grow(out, n);
	int r;

	if (!at)
		return buf_error(out);
	r = answer_read(fd, at, n, until_ms);
	if (!r && !is_text(buf_view(out)))
		r = -EBADMSG;
	return r;
}

int answer_take(int fd, int64_t until_ms, size_t max, int *result,
		struct buf *out, struct err *e)
{
	struct head h;
	int r = answer_read(fd, &h, sizeof(h), until_ms);

	buf_clear(out);
	if (!r && (!is_result(h.result) ||
		   h.n > (h.result ? sizeof(e->text) : max)))
		r = -EBADMSG;
	if (!r)
		r = take_text(fd, until_ms, h.n, out);
	if (!r) {
		*result = h.result;
		if (h.result)
			err_set(e, 0, STR_FMT, STR_ARG(buf_view(out)));
	}
	if (r || h.result)
		buf_clear(out);
	return r;
}

/* fake_client.h -- an HTTP server under test and its clients, in one process:
 * raw sockets over loopback; who waits for an answer turns the server. A wait
 * ends when what it waits for comes, and fails the test after PATIENCE_MS. */
#ifndef VIGIE_FAKE_CLIENT_H
#define VIGIE_FAKE_CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/check_main.h"
#include "wire/http.h"

enum { CLIENT_WAIT_MS = 20000, ANSWER_MAX = 1 << 16 };

static char answer[ANSWER_MAX]; /* the last one that was heard */

/* What turns the server: http_turn(), and what the test adds. */
static void turn(void);

static inline int dial(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* Send it all; false when the server cut the connection on the way. */
static inline bool put(int fd, const void *bytes, size_t n)
{
	int64_t until = clock_ms() + CLIENT_WAIT_MS;
	const char *p = bytes;

	while (n) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		turn();
		if (sent < 0 && errno != EAGAIN)
			return false;
		p += sent > 0 ? sent : 0;
		n -= sent > 0 ? (size_t)sent : 0;
		ck_assert_int_lt(clock_ms(), until);
	}
	return true;
}

static inline bool put_z(int fd, const char *text)
{
	return put(fd, text, strlen(text));
}

/* Bytes of the answer that are expected once its head is there, or 0. */
static inline size_t answer_size(bool head)
{
	const char *end = strstr(answer, "\r\n\r\n");
	const char *length = strstr(answer, "\r\nContent-Length: ");

	if (!end)
		return 0;
	return (size_t)(end + 4 - answer) +
	       (!head && length ? strtoul(length + 18, NULL, 10) : 0);
}

static inline size_t hear_some(int fd, size_t had, size_t most)
{
	ssize_t n = recv(fd, answer + had, most, 0);

	if (n > 0)
		answer[had + (size_t)n] = '\0';
	if (n == 0 || (n < 0 && errno != EAGAIN))
		return SIZE_MAX;
	return had + (n > 0 ? (size_t)n : 0);
}

/* The next answer, whole, into `answer`; its status, or 0 when the connection
 * ended before one came. */
static inline int hear_answer(int fd, bool head)
{
	int64_t until = clock_ms() + CLIENT_WAIT_MS;
	size_t n = 0, want = 0;

	answer[0] = '\0';
	while (!want || n < want) {
		size_t next = hear_some(fd, n, want ? want - n : 1);

		if (next == SIZE_MAX)
			return 0;
		if (next == n) {
			struct pollfd p = { fd, POLLIN, 0 };

			turn();
			poll(&p, 1, 1);
		}
		n = next;
		want = answer_size(head);
		ck_assert_int_lt(clock_ms(), until);
	}
	if (!strncmp(answer, "HTTP/1.1 100", 12))
		return hear_answer(fd, head);
	return atoi(answer + 9);
}

static inline int hear(int fd)
{
	return hear_answer(fd, false);
}

/* Nothing comes, however often the server turns. */
static inline bool silent(int fd)
{
	for (int i = 0; i < 20; i++) {
		struct pollfd p = { fd, POLLIN, 0 };

		turn();
		if (poll(&p, 1, 1))
			return false;
	}
	return true;
}

static inline const char *answer_body(void)
{
	const char *end = strstr(answer, "\r\n\r\n");

	return end ? end + 4 : "";
}

static inline bool answer_has(const char *words)
{
	return strstr(answer, words) != NULL;
}

#endif

/* fake_room.h -- a room under test in a process of its own, over ipc in a
 * folder of the test's own; the test plays its neighbours. A wait ends when
 * what it waits for comes, and fails the test after PATIENCE_MS. */
#ifndef VIGIE_FAKE_ROOM_H
#define VIGIE_FAKE_ROOM_H

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/stop.h"
#include "tests/check_main.h"
#include "wire/link.h"

enum {
	PATIENCE_MS = 20000,
	SILENCE_MS = 200, /* nothing comes for so long: nothing comes */
};

static char folder[CHECK_PATH_MAX];
static struct link_net *net;
static pid_t room;
static struct err err;

/* The body of the room: its code of exit. */
typedef int (*room_body)(void);

static inline const char *endpoint(const char *name)
{
	static char at[4][128];
	static int turn;
	char *out = at[turn++ % 4];

	snprintf(out, sizeof(*at), "ipc://%s/%s", folder, name);
	return out;
}

static inline void room_start(room_body body)
{
	char path[CHECK_PATH_MAX + 8];
	int code;

	fflush(NULL);
	room = fork();
	ck_assert_int_ge(room, 0);
	if (room)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	stop_install();
	snprintf(path, sizeof(path), "%s/log", folder);
	if (!freopen(path, "a", stderr))
		_exit(99);
	code = body();
	fflush(NULL);
	_exit(code);
}

/* The peers of a test are made after the fork: ZeroMQ does not survive one. */
static inline void peers_begin(void)
{
	ck_assert_int_eq(link_net_open(&net, &err), 0);
}

static inline struct link *peer(enum link_kind kind, const char *name,
				bool bind)
{
	struct link_options o = { .queue = 100, .message_max = WIRE_BATCH_MAX };
	struct link *l;

	ck_assert_int_eq(link_open(net, kind, endpoint(name), bind, o, &l,
				   &err), 0);
	return l;
}

static inline void say(struct link *l, const struct link_peer *to,
		       struct buf *b)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	int r;

	while ((r = link_send(l, to, b, &err)) == STEP_WAIT) {
		ck_assert_int_lt(clock_ms(), until);
		link_wait_send(l, 50);
	}
	ck_assert_int_eq(r, 0);
	buf_done(b);
}

/* The next message, or false when none comes for ms. */
static inline bool heard(struct link *l, struct link_message *m, int64_t ms)
{
	int64_t until = clock_ms() + ms;
	int r;

	while ((r = link_recv(l, m, &err)) == STEP_WAIT) {
		int64_t left = until - clock_ms();

		if (left <= 0)
			return false;
		link_wait(&l, 1, left);
	}
	ck_assert_int_eq(r, 0);
	return true;
}

/* The code with which the room ended. */
static inline int room_end(void)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	int status;

	while (!waitpid(room, &status, WNOHANG)) {
		ck_assert_int_lt(clock_ms(), until);
		link_wait(NULL, 0, 10);
	}
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static inline bool log_has(const char *words)
{
	char path[CHECK_PATH_MAX + 8];
	struct str log;
	bool has;

	snprintf(path, sizeof(path), "%s/log", folder);
	ck_assert_int_eq(file_read(path, 1 << 24, &log, &err), 0);
	has = strstr(log.p, words) != NULL;
	free((void *)(uintptr_t)log.p);
	return has;
}

#endif

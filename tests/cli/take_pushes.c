/* take_pushes.c -- an ingest that only takes pushes, for tests of its clients:
 *
 *	take_pushes ENDPOINT ADDRESS OUT [TOKEN_FILE]
 *
 * Listens on both, writes what it took to OUT, a line a piece, and the port of
 * HTTP to OUT.port. Pieces with "bad" in them are refused. It commits a group
 * after 10 ms; COMMIT_MS in the environment is how long the first one takes,
 * and TURN_AWAY how many requests find no room. Ends on SIGTERM. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "tests/fake_taker.h"

static FILE *out;
static long turn_away, commit_ms;

static int take(void *self, const struct raw *raw, struct err *why)
{
	int r = taker_take(self, raw, why);

	if (!r)
		fprintf(out, STR_FMT "\n", STR_ARG(raw->bytes));
	return r;
}

static bool has_room(void *self, size_t bytes)
{
	(void)self;
	(void)bytes;
	return turn_away-- <= 0;
}

static long number(const char *name)
{
	const char *z = getenv(name);

	return z ? atol(z) : 0;
}

static int serve(struct push *push, struct http *http, struct err *e)
{
	struct link *link = push_link(push);
	int fd = http_fd(http), r = 0;
	int64_t due = 0;

	while (!r && !stop_asked()) {
		link_wait_fds(&link, 1, &fd, 1, 10);
		r = http_turn(http, e);
		if (!r)
			r = push_turn(push, e);
		if (!push_waiting(push) || r)
			continue;
		if (!due)
			due = clock_ms() + commit_ms;
		if (clock_ms() < due)
			continue;
		fflush(out);
		taken.keys_committed = taken.keys_in_all;
		r = push_committed(push, e);
		due = 0;
		commit_ms = 10;
	}
	return r;
}

static int say_port(const char *path, int port)
{
	char name[4096];
	FILE *f;

	snprintf(name, sizeof(name), "%s.port", path);
	f = fopen(name, "w");
	if (!f)
		return -errno;
	fprintf(f, "%d\n", port);
	return fclose(f) ? -errno : 0;
}

int main(int argc, char **argv)
{
	const struct push_taker t = { take, has_room, taker_recall,
				      taker_remember, NULL };
	struct push_settings s = { .requests = 100, .retry_after = 1000 };
	struct http_settings h = { .body = 1 << 20, .connections = 16 };
	struct link_net *net = NULL;
	struct push *push = NULL;
	struct http *http = NULL;
	struct err e = { "" };
	int r;

	if (argc < 4)
		return 64;
	s.bind = argv[1];
	h.listen = argv[2];
	h.token_file = argc > 4 ? argv[4] : NULL;
	turn_away = number("TURN_AWAY");
	commit_ms = number("COMMIT_MS");
	stop_install();
	out = fopen(argv[3], "a");
	r = out ? link_net_open(&net, &e) : -errno;
	if (!r)
		r = push_open(net, &s, &t, &push, &e);
	if (!r)
		r = http_open(&h, push_http(push), &http, &e);
	if (!r)
		r = say_port(argv[3], http_port(http));
	if (!r)
		r = serve(push, http, &e);
	if (r)
		fprintf(stderr, "%s\n", e.text);
	http_free(http);
	push_free(push);
	link_net_free(net);
	if (out)
		fclose(out);
	return r ? 1 : 0;
}

/* push_at_rate.c -- pushes articles at a rate, one a request, and says how long
 * each took: from when it was meant to leave until its push was answered (it
 * is in the journal), and until its line was committed (it is in the file).
 *
 *	push_at_rate DOOR ACKS ARTICLES OUTPUT FOLDER RATE SECONDS [JSON]
 *
 * DOOR is where ingest takes pushes: a ZeroMQ endpoint, or HOST:PORT of HTTP
 * on this machine. ACKS is an endpoint that is bound here and named in
 * sink.connect beside ingest's: the sink tells it what it has synced, as it
 * tells ingest. So "committed" is when the word of it arrives, which is a hop
 * later than the sync: the time is too long by that, never too short. Lines of
 * OUTPUT then say which article had which number.
 *
 * The loop is open: articles are due by a clock (exponential pauses, the same
 * ones each time), whatever became of those before; one that leaves late has
 * its wait counted. The first second is not. Beside them, every 20 ms, a small
 * append to a file in FOLDER is synced and timed: what the disk takes, with
 * this load on it; and before the load, without.
 *
 * Prints a table and a histogram, and appends an object to the file JSON. Ends
 * with 1 when not every article has exactly one line. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "wire/article.h"
#include "wire/link.h"

enum {
	CONNECTIONS = 256,
	SYNCS = 1 << 16,
	QUIET_SYNCS = 100,
	SYNC_MS = 20,
	WARM_NS = 1000000000,
	LATE_MS = 30000, /* after the last was due; then they are lost */
	HEAD = 160,	 /* of a request or an answer, about */
	BINS = 14,	 /* the first below FIRST_MS, each twice as wide */
};

static const double FIRST_MS = 0.125;

struct connection {
	int fd;
	uint64_t article; /* that is on its way */
	char answer[1024];
	size_t n;
};

struct syncs {
	uint64_t n;
	int64_t ns[SYNCS];
};

struct bench {
	struct str *lines;
	size_t line_count;
	uint64_t n, sent, answered, committed;
	int64_t *due, *answer, *ack; /* of article; ack is by seq */
	int64_t start;
	struct link_net *net;
	struct link *push, *acks; /* push NULL: over HTTP */
	struct connection http[CONNECTIONS], *idle[CONNECTIONS];
	size_t idle_count;
	int timer, epoll;
	uint64_t low; /* all below are committed */
	struct syncs *quiet, *loaded;
};

__attribute__((noreturn)) static void die(const char *what, const char *why)
{
	fprintf(stderr, "push_at_rate: %s: %s\n", what, why);
	exit(1);
}

static void *take(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		die("memory", strerror(errno));
	return p;
}

/* The disk by itself. */

static void sync_once(int fd, struct syncs *s)
{
	static const char bytes[512];
	int64_t begun;

	if (write(fd, bytes, sizeof(bytes)) < 0)
		die("sync", strerror(errno));
	begun = clock_ns();
	if (fdatasync(fd))
		die("sync", strerror(errno));
	if (s->n < SYNCS)
		s->ns[s->n++] = clock_ns() - begun;
}

static int sync_file(const char *folder)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/sync", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		die(path, strerror(errno));
	unlink(path);
	return fd;
}

static pid_t sync_beside(int fd, struct syncs *s)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		sync_once(fd, s);
		usleep(1000 * SYNC_MS);
	}
}

static struct syncs *shared_syncs(void)
{
	void *p = mmap(NULL, sizeof(struct syncs), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap", strerror(errno));
	return p;
}

/* What is pushed. */

static struct str read_all(const char *path)
{
	struct buf b;
	size_t n;
	FILE *f = fopen(path, "r");

	if (!f)
		die(path, strerror(errno));
	buf_init(&b, (size_t)4 << 30);
	do {
		char *at = buf_grow(&b, 1 << 20);

		n = at ? fread(at, 1, 1 << 20, f) : 0;
		b.n -= (1 << 20) - n;
	} while (n);
	fclose(f);
	buf_add_char(&b, 0); /* for strstr() */
	b.n--;
	return buf_view(&b);
}

static void read_articles(struct bench *b, const char *path)
{
	struct str all = read_all(path), rest = all;
	size_t room = 0;

	for (size_t i = 0; i < all.n; i++)
		room += all.p[i] == '\n';
	b->lines = take(room + 1, sizeof(*b->lines));
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');

		if (line.n > 1 && line.p[0] == '{')
			b->lines[b->line_count++] = line;
	}
	if (!b->line_count)
		die(path, "no line of it is an object");
}

static void plan(struct bench *b, double rate, double seconds)
{
	unsigned short seed[3] = { 1, 2, 3 };
	double at = 0;

	b->n = (uint64_t)(rate * seconds);
	b->due = take(b->n, sizeof(int64_t));
	b->answer = take(b->n, sizeof(int64_t));
	b->ack = take(b->n, sizeof(int64_t));
	for (uint64_t i = 0; i < b->n; i++) {
		at -= log(1 - erand48(seed)) / rate;
		b->due[i] = (int64_t)(at * 1e9);
	}
}

/* With its number as a field of its own, which the record brings back. */
static size_t make_body(const struct bench *b, uint64_t i, char *out,
			size_t room)
{
	struct str line = b->lines[i % b->line_count];
	int n = snprintf(out, room, "{\"n\":%" PRIu64 "," STR_FMT, i,
			 STR_ARG(((struct str){ line.p + 1, line.n - 1 })));

	if (n < 0 || (size_t)n >= room)
		die("articles", "a line is too long");
	return (size_t)n;
}

/* Over ZeroMQ, where answers come in the order of their requests. */
static bool ask(struct bench *b, uint64_t i)
{
	static char body[1 << 16];
	struct err e = { "" };
	size_t n = make_body(b, i, body, sizeof(body));
	int r = link_send_keyed(b->push, NULL, STR(""),
				(struct str){ body, n }, &e);

	if (r < 0)
		die("push", e.text);
	return !r;
}

static void answered(struct bench *b, uint64_t i, struct str answer)
{
	if (!str_starts(answer, STR("{\"accepted\":1,")))
		die("not accepted", answer.p);
	b->answer[i] = clock_ns();
	b->answered++;
}

static void hear_zmq(struct bench *b)
{
	struct link_message m;
	struct err e = { "" };

	while (!link_recv(b->push, &m, &e))
		answered(b, b->answered, m.body);
}

/* Over HTTP. */

static void connect_all(struct bench *b, const char *door)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int on = 1;

	at.sin_port = htons((uint16_t)atoi(strrchr(door, ':') + 1));
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		struct connection *c = &b->http[i];
		struct epoll_event ev = { EPOLLIN, { .ptr = c } };

		c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(c->fd, (void *)&at, sizeof(at)) ||
		    fcntl(c->fd, F_SETFL, O_NONBLOCK) ||
		    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on,
			       sizeof(on)) ||
		    epoll_ctl(b->epoll, EPOLL_CTL_ADD, c->fd, &ev))
			die(door, strerror(errno));
		b->idle[b->idle_count++] = c;
	}
}

static bool post(struct bench *b, uint64_t i)
{
	static char body[1 << 16], request[(1 << 16) + HEAD];
	struct connection *c;
	size_t n;
	int all;

	if (!b->idle_count)
		return false;
	c = b->idle[--b->idle_count];
	n = make_body(b, i, body, sizeof(body));
	all = snprintf(request, sizeof(request),
		       "POST /articles HTTP/1.1\r\nHost: localhost\r\n"
		       "Content-Type: application/json\r\n"
		       "Content-Length: %zu\r\n\r\n%.*s", n, (int)n, body);
	if (write(c->fd, request, (size_t)all) != all)
		die("write", "a request did not fit into its socket");
	c->article = i;
	c->n = 0;
	return true;
}

/* An answer is whole with the end of its only line. */
static void hear_connection(struct bench *b, struct connection *c)
{
	ssize_t n = read(c->fd, c->answer + c->n, sizeof(c->answer) - 1 - c->n);
	char *body;

	if (n <= 0)
		die("answer", n ? strerror(errno) : "the server hung up");
	c->n += (size_t)n;
	c->answer[c->n] = 0;
	body = strstr(c->answer, "\r\n\r\n");
	if (!body || c->answer[c->n - 1] != '\n' || !body[4])
		return;
	answered(b, c->article, str_of(body + 4));
	b->idle[b->idle_count++] = c;
}

static void hear_http(struct bench *b)
{
	struct epoll_event v[64];
	int n = epoll_wait(b->epoll, v, 64, 0);

	for (int i = 0; i < n; i++)
		hear_connection(b, v[i].data.ptr);
}

/* What the sink has. */

static void note(struct bench *b, uint64_t seq, int64_t now)
{
	if (seq >= b->n || b->ack[seq])
		return;
	b->ack[seq] = now;
	b->committed++;
}

static void hear_acks(struct bench *b)
{
	struct link_message m;
	struct err e = { "" };
	struct ack a;

	while (!link_recv(b->acks, &m, &e)) {
		int64_t now = clock_ns();

		if (ack_read(m.body, &a, &e))
			die("ack", e.text);
		for (; b->low < a.low; b->low++)
			note(b, b->low, now);
		for (uint64_t i = 0; i < 8 * a.bits.n; i++)
			if (a.bits.p[i / 8] >> i % 8 & 1)
				note(b, a.low + i, now);
	}
}

/* The loop. */

static void set_timer(const struct bench *b, int64_t at)
{
	struct itimerspec t = { .it_value = { at / 1000000000,
					      at % 1000000000 } };

	timerfd_settime(b->timer, TFD_TIMER_ABSTIME, &t, NULL);
}

static void send_due(struct bench *b)
{
	int64_t now = clock_ns();

	while (b->sent < b->n && b->start + b->due[b->sent] <= now &&
	       (b->push ? ask(b, b->sent) : post(b, b->sent)))
		b->sent++;
	if (b->sent < b->n && b->start + b->due[b->sent] > now)
		set_timer(b, b->start + b->due[b->sent]);
}

static void run(struct bench *b)
{
	struct link *const links[] = { b->push, b->acks };
	const int fds[] = { b->timer, b->push ? -1 : b->epoll };
	int64_t end;

	b->start = clock_ns() + 100000000;
	end = b->start + b->due[b->n - 1] + LATE_MS * 1000000LL;
	set_timer(b, b->start);
	while ((b->answered < b->n || b->committed < b->n) &&
	       clock_ns() < end) {
		uint64_t ignored;

		if (link_wait_fds(links, 2, fds, 2, 100) < 0)
			die("wait", strerror(errno));
		if (read(b->timer, &ignored, sizeof(ignored)) < 0 &&
		    errno != EAGAIN)
			die("timer", strerror(errno));
		send_due(b);
		if (b->push)
			hear_zmq(b);
		else
			hear_http(b);
		hear_acks(b);
	}
}

/* What came of it. */

static uint64_t number_behind(struct str line, const char *name)
{
	const char *at = strstr(line.p, name);

	return at && at < line.p + line.n
		       ? strtoull(at + strlen(name), NULL, 10)
		       : UINT64_MAX;
}

/* Of each article the time of its line; every one has one. */
static int64_t *times_of_lines(const struct bench *b, const char *path)
{
	int64_t *ret = take(b->n, sizeof(*ret));
	struct str rest = read_all(path);
	uint64_t lines = 0;

	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		uint64_t i = number_behind(line, "\"input\":{\"n\":");
		uint64_t seq = number_behind(line, "\"seq\":");

		if (i >= b->n || seq >= b->n || ret[i] || !b->ack[seq])
			die(path, "a line that is not of these articles, or a "
				  "second one");
		ret[i] = b->ack[seq];
		lines++;
	}
	if (lines != b->n)
		die(path, "not every article has a line");
	return ret;
}

struct series {
	const char *name, *key;
	int64_t *ns;
	size_t n;
};

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double ms_at(const struct series *s, double part)
{
	size_t at = (size_t)(part * (double)s->n);

	return (double)s->ns[at < s->n ? at : s->n - 1] / 1e6;
}

static struct series between(const struct bench *b, const char *name,
			     const char *key, const int64_t *from,
			     int64_t from_zero, const int64_t *to)
{
	struct series s = { name, key, take(b->n, sizeof(int64_t)), 0 };

	for (uint64_t i = 0; i < b->n; i++)
		if (b->due[i] >= WARM_NS)
			s.ns[s.n++] = to[i] - from[i] - from_zero;
	qsort(s.ns, s.n, sizeof(*s.ns), by_size);
	return s;
}

static struct series of_syncs(struct syncs *s, const char *name,
			      const char *key)
{
	qsort(s->ns, s->n, sizeof(*s->ns), by_size);
	return (struct series){ name, key, s->ns, s->n };
}

static void print_table(const struct series *s, size_t n)
{
	printf("%-28s %8s %8s %8s %8s %8s\n", "milliseconds", "p50", "p90",
	       "p99", "max", "of");
	for (size_t i = 0; i < n; i++)
		printf("%-28s %8.2f %8.2f %8.2f %8.2f %8zu\n", s[i].name,
		       ms_at(&s[i], 0.5), ms_at(&s[i], 0.9),
		       ms_at(&s[i], 0.99), ms_at(&s[i], 1), s[i].n);
}

static size_t count_in(const struct series *s, double from, double below)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += (double)s->ns[i] / 1e6 >= from &&
		     (double)s->ns[i] / 1e6 < below;
	return n;
}

/* A row a width, a column a series, in per cent, with a bar for the middle
 * one. */
static void print_histogram(const struct series *s, size_t n, size_t bar)
{
	double from = 0, below = FIRST_MS;

	printf("\n%18s", "");
	for (size_t i = 0; i < n; i++)
		printf(" %8s", s[i].key);
	printf("  (per cent; bars: %s)\n", s[bar].key);
	for (int row = 0; row < BINS; row++, from = below, below *= 2) {
		double last = row == BINS - 1 ? HUGE_VAL : below, part = 0;

		printf("%7.3f .. %4.4g ms", from, last);
		for (size_t i = 0; i < n; i++) {
			double p = 100. * (double)count_in(&s[i], from, last) /
				   (double)s[i].n;

			printf(" %8.1f", p);
			part = i == bar ? p : part;
		}
		printf("  %.*s\n", (int)(part / 2 + 0.5),
		       "##################################################");
	}
}

static void write_json(const char *path, const char *door, double rate,
		       const struct series *s, size_t n)
{
	FILE *f = fopen(path, "a");

	if (!f)
		die(path, strerror(errno));
	fprintf(f, "{\"door\":\"%s\",\"rate\":%g",
		strstr(door, "://") ? "zmq" : "http", rate);
	for (size_t i = 0; i < n; i++)
		fprintf(f, ",\"%s\":{\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,"
			   "\"max\":%.3f}", s[i].key, ms_at(&s[i], 0.5),
			ms_at(&s[i], 0.9), ms_at(&s[i], 0.99),
			ms_at(&s[i], 1));
	fprintf(f, "}\n");
	if (fclose(f))
		die(path, strerror(errno));
}

static void report(struct bench *b, char **argv, double rate)
{
	int64_t *line = times_of_lines(b, argv[4]);
	struct series s[] = {
		between(b, "push to answer", "answer", b->due, b->start,
			b->answer),
		between(b, "push to committed line", "line", b->due, b->start,
			line),
		between(b, "answer to committed line", "rest", b->answer, 0,
			line),
		of_syncs(b->loaded, "fdatasync under this load", "sync"),
		of_syncs(b->quiet, "fdatasync before it", "quiet"),
	};

	print_table(s, 5);
	print_histogram(s, 5, 1);
	if (argv[8])
		write_json(argv[8], argv[1], rate, s, 5);
}

static void open_all(struct bench *b, char **argv)
{
	const struct link_options o = { .queue = 65536,
					.message_max = 1 << 20 };
	struct err e = { "" };
	bool zmq = strstr(argv[1], "://");

	b->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (link_net_open(&b->net, &e) ||
	    link_open(b->net, LINK_ROUTER, argv[2], true, o, &b->acks, &e) ||
	    (zmq && link_open(b->net, LINK_ASK, argv[1], false, o, &b->push,
			      &e)))
		die("open", e.text);
	if (!zmq)
		connect_all(b, argv[1]);
}

int main(int argc, char **argv)
{
	static struct bench b;
	double rate;
	pid_t beside;
	int fd;

	if (argc < 8 || argc > 9)
		die("usage", "DOOR ACKS ARTICLES OUTPUT FOLDER RATE SECONDS "
			     "[JSON]");
	rate = atof(argv[6]);
	read_articles(&b, argv[3]);
	plan(&b, rate, atof(argv[7]));
	b.quiet = shared_syncs();
	b.loaded = shared_syncs();
	fd = sync_file(argv[5]);
	for (int i = 0; i < QUIET_SYNCS; i++)
		sync_once(fd, b.quiet);
	beside = sync_beside(fd, b.loaded);
	open_all(&b, argv);
	run(&b);
	kill(beside, SIGKILL);
	waitpid(beside, NULL, 0);
	if (b.answered < b.n || b.committed < b.n)
		fprintf(stderr, "of %" PRIu64 ": sent %" PRIu64 ", answered "
			"%" PRIu64 ", committed %" PRIu64 "\n", b.n, b.sent,
			b.answered, b.committed);
	report(&b, argv, rate);
	link_free(b.push);
	link_free(b.acks);
	link_net_free(b.net);
	return b.committed < b.n;
}

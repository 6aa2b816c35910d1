/* sink_room.h -- the sink as a process of its own, over real sockets: the test
 * is ingest (a ROUTER that hears acks) and classify (a PUSH). */
#ifndef VIGIE_SINK_ROOM_H
#define VIGIE_SINK_ROOM_H

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"
#include "sink/record.h"
#include "sink/sink.h"
#include "tests/check_main.h"
#include "wire/link.h"

enum { PATIENCE_MS = 20000, PLACE_MAX = CHECK_PATH_MAX + 32 };

static const struct origin origin = { "0123456789abcde" };
static const struct link_options how = { .queue = 100,
					.message_max = WIRE_BATCH_MAX };
static char folder[CHECK_PATH_MAX], file[PLACE_MAX], log_file[PLACE_MAX];
static char verdicts[PLACE_MAX], articles[PLACE_MAX];
static const char *connect_to[] = { articles };
static struct sink_target target = { .jsonl = file };
static struct sink_settings settings = {
	.bind = verdicts,
	.connect = { connect_to, 1 },
	.targets = { &target, 1 },
};
static struct link_net *net;
static struct link *ingest, *classify;
static struct err err;
static pid_t child;
static uint64_t epoch; /* of the last ack */
static uint32_t flags; /* the same */

static inline void child_main(void)
{
	struct err e = { "" };
	int r, fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* should the test fail */
	fd = open(log_file, O_WRONLY | O_CREAT | O_APPEND, 0600);

	dup2(fd, STDERR_FILENO);
	close(fd);
	stop_install();
	log_name("sink");
	r = sink_run(&settings, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text);
	exit(r ? err_exit(r) : 0);
}

/* Before any socket of ours: a context does not live through fork(). */
static inline void start(void)
{
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child)
		child_main();
}

static inline void open_links(void)
{
	ck_assert_int_eq(link_net_open(&net, &err), 0);
	ck_assert_int_eq(link_open(net, LINK_ROUTER, articles, true, how,
				   &ingest, &err),
			 0);
	ck_assert_int_eq(link_open(net, LINK_PUSH, verdicts, false, how,
				   &classify, &err),
			 0);
}

static inline void close_links(void)
{
	link_free(ingest);
	link_free(classify);
	link_net_free(net);
}

static inline void make_folder(void)
{
	check_folder(folder);
	snprintf(file, sizeof(file), "%s/out.jsonl", folder);
	snprintf(log_file, sizeof(log_file), "%s/log", folder);
	snprintf(verdicts, sizeof(verdicts), "ipc://%s/verdicts", folder);
	snprintf(articles, sizeof(articles), "ipc://%s/articles", folder);
}

static inline void begin(void)
{
	make_folder();
	start();
	open_links();
}

static inline int exit_code(void)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static inline void stop(void)
{
	ck_assert_int_eq(kill(child, SIGTERM), 0);
	ck_assert_int_eq(exit_code(), 0);
}

static inline void end(void)
{
	stop();
	close_links();
	check_folder_done(folder);
}

/* What is pushed. */

static inline struct article article_of(uint64_t seq)
{
	static char meta[64];

	snprintf(meta, sizeof(meta), "\"id\":\"%llu\"",
		 (unsigned long long)seq);
	return (struct article){
		.seq = seq,
		.meta = str_of(meta),
		.text = STR("A text."),
		.keys = STR("sovereignty.favour\n"),
		.verdict = STR("\"topics\":[],\"model\":\"m\""),
	};
}

static inline void begin_batch(struct buf *b, enum wire_kind kind, uint64_t low,
			uint32_t batch_flags)
{
	struct batch_head h = { .kind = kind,
				.origin = origin,
				.low = low,
				.window = WIRE_WINDOW_MAX,
				.flags = batch_flags };

	buf_init(b, WIRE_BATCH_MAX);
	batch_begin(b, &h);
}

static inline void push(struct buf *b)
{
	int64_t until = clock_ms() + PATIENCE_MS;

	while (link_send(classify, NULL, b, &err) == STEP_WAIT) {
		ck_assert_int_lt(clock_ms(), until);
		link_wait_send(classify, 100);
	}
	ck_assert_str_eq(err.text, "");
	buf_done(b);
}

static inline void push_kind(enum wire_kind kind, uint64_t low, uint32_t batch_flags,
		      const uint64_t *seqs, uint32_t n)
{
	struct buf b;

	begin_batch(&b, kind, low, batch_flags);
	for (uint32_t i = 0; i < n; i++) {
		struct article a = article_of(seqs[i]);

		batch_add(&b, &a);
	}
	ck_assert_int_eq(batch_end(&b, n), 0);
	push(&b);
}

#define PUSH(low, ...) \
	push_kind(WIRE_VERDICTS, low, 0, (const uint64_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)

static inline void push_bytes(struct str s)
{
	struct buf b;

	buf_init(&b, WIRE_BATCH_MAX);
	buf_add_str(&b, s);
	push(&b);
}

/* What is heard. */

static inline bool hear(struct ack *ack, int64_t ms)
{
	struct link_message m;

	if (link_wait(&ingest, 1, ms) != 1)
		return false;
	ck_assert_int_eq(link_recv(ingest, &m, &err), 0);
	ck_assert_int_eq(ack_read(m.body, ack, &err), 0);
	ck_assert_uint_ne(ack->epoch, 0);
	epoch = ack->epoch;
	flags = ack->flags;
	return true;
}

static inline bool is_greeting(const struct ack *ack)
{
	static const struct origin zeros;

	return !origin_cmp(ack->origin, zeros);
}

/* Wait for the ack that says exactly this. */
static inline void acked(uint64_t low, struct str bits)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	struct ack ack;

	do {
		ck_assert_int_lt(clock_ms(), until);
	} while (!hear(&ack, 100) || origin_cmp(ack.origin, origin) ||
		 ack.low != low || !str_eq(ack.bits, bits));
}

static inline void greeted(void)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	struct ack ack;

	do {
		ck_assert_int_lt(clock_ms(), until);
	} while (!hear(&ack, 100) || !is_greeting(&ack));
}

/* What is written. */

static inline void add_line(struct buf *want, uint64_t seq, bool text)
{
	struct article a = article_of(seq);

	ck_assert_int_eq(record_line(want, origin, seq, &a, text, &err), 0);
}

static inline void file_is_at(const char *path, bool text, const uint64_t *seqs,
		       size_t n)
{
	struct buf want;
	struct str got;

	buf_init(&want, 1 << 24);
	for (size_t i = 0; i < n; i++)
		add_line(&want, seqs[i], text);
	ck_assert_int_eq(file_read(path, 1 << 24, &got, NULL), 0);
	ck_assert_msg(str_eq(got, buf_view(&want)), "got " STR_FMT,
		      STR_ARG(got));
	free((char *)got.p);
	buf_done(&want);
}

#define FILE_IS(...) \
	file_is_at(file, false, (const uint64_t[]){ __VA_ARGS__ }, \
		   sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)

/* How often the log says it. */
static inline int logged(const char *what)
{
	struct str got;
	int n = 0;

	ck_assert_int_eq(file_read(log_file, 1 << 20, &got, NULL), 0);
	for (const char *p = got.p; (p = strstr(p, what)); p++)
		n++;
	free((char *)got.p);
	return n;
}

static inline void append(const char *bytes, size_t n)
{
	FILE *f = fopen(file, "ab");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

static inline void limit_child(rlim_t n)
{
	struct rlimit limit = { n, RLIM_INFINITY };

	ck_assert_int_eq(syscall(SYS_prlimit64, child, RLIMIT_FSIZE, &limit,
				 NULL),
			 0);
}

#endif

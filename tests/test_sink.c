/* The sink as a process of its own, over real sockets: this test is ingest
 * (a ROUTER that hears acks) and classify (a PUSH). */
#include "sink/sink.h"

#include <errno.h>
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
#include "tests/check_main.h"
#include "wire/link.h"

enum { PATIENCE_MS = 20000, PLACE_MAX = CHECK_PATH_MAX + 32 };

static const struct origin origin = { "0123456789abcde" };
static const struct link_options how = { 100, 0, WIRE_BATCH_MAX };
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

static void child_main(void)
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
static void start(void)
{
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child)
		child_main();
}

static void open_links(void)
{
	ck_assert_int_eq(link_net_open(&net, &err), 0);
	ck_assert_int_eq(link_open(net, LINK_ROUTER, articles, true, how,
				   &ingest, &err),
			 0);
	ck_assert_int_eq(link_open(net, LINK_PUSH, verdicts, false, how,
				   &classify, &err),
			 0);
}

static void close_links(void)
{
	link_free(ingest);
	link_free(classify);
	link_net_free(net);
}

static void make_folder(void)
{
	check_folder(folder);
	snprintf(file, sizeof(file), "%s/out.jsonl", folder);
	snprintf(log_file, sizeof(log_file), "%s/log", folder);
	snprintf(verdicts, sizeof(verdicts), "ipc://%s/verdicts", folder);
	snprintf(articles, sizeof(articles), "ipc://%s/articles", folder);
}

static void begin(void)
{
	make_folder();
	start();
	open_links();
}

static int exit_code(void)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void stop(void)
{
	ck_assert_int_eq(kill(child, SIGTERM), 0);
	ck_assert_int_eq(exit_code(), 0);
}

static void end(void)
{
	stop();
	close_links();
	check_folder_done(folder);
}

/* What is pushed. */

static struct article article_of(uint64_t seq)
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

static void begin_batch(struct buf *b, enum wire_kind kind, uint64_t low,
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

static void push(struct buf *b)
{
	int64_t until = clock_ms() + PATIENCE_MS;

	while (link_send(classify, NULL, b, &err) == STEP_WAIT) {
		ck_assert_int_lt(clock_ms(), until);
		link_wait_send(classify, 100);
	}
	ck_assert_str_eq(err.text, "");
	buf_done(b);
}

static void push_kind(enum wire_kind kind, uint64_t low, uint32_t batch_flags,
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

static void push_bytes(struct str s)
{
	struct buf b;

	buf_init(&b, WIRE_BATCH_MAX);
	buf_add_str(&b, s);
	push(&b);
}

/* What is heard. */

static bool hear(struct ack *ack, int64_t ms)
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

static bool is_greeting(const struct ack *ack)
{
	static const struct origin zeros;

	return !origin_cmp(ack->origin, zeros);
}

/* Wait for the ack that says exactly this. */
static void acked(uint64_t low, struct str bits)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	struct ack ack;

	do {
		ck_assert_int_lt(clock_ms(), until);
	} while (!hear(&ack, 100) || origin_cmp(ack.origin, origin) ||
		 ack.low != low || !str_eq(ack.bits, bits));
}

static void greeted(void)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	struct ack ack;

	do {
		ck_assert_int_lt(clock_ms(), until);
	} while (!hear(&ack, 100) || !is_greeting(&ack));
}

/* What is written. */

static void add_line(struct buf *want, uint64_t seq, bool text)
{
	struct article a = article_of(seq);

	ck_assert_int_eq(record_line(want, origin, seq, &a, text, &err), 0);
}

static void file_is_at(const char *path, bool text, const uint64_t *seqs,
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
static int logged(const char *what)
{
	struct str got;
	int n = 0;

	ck_assert_int_eq(file_read(log_file, 1 << 20, &got, NULL), 0);
	for (const char *p = got.p; (p = strstr(p, what)); p++)
		n++;
	free((char *)got.p);
	return n;
}

START_TEST(run_greets_at_once_and_again)
{
	uint64_t first;
	int64_t last;

	begin();
	greeted();
	first = epoch;
	ck_assert_uint_eq(flags, 0);
	last = clock_ms();
	for (int i = 0; i < 8; i++) {
		greeted();
		ck_assert_uint_eq(epoch, first);
		ck_assert_int_lt(clock_ms() - last, 2000);
		last = clock_ms();
	}
	end();
}
END_TEST

START_TEST(run_any_order_gives_each_line_once)
{
	begin();
	PUSH(0, 2, 0);
	acked(1, STR("\x02"));
	PUSH(0, 0, 1, 2);
	acked(3, STR(""));
	PUSH(0, 4, 4, 3, 4); /* twice in one batch */
	PUSH(0, 3, 5, 0);
	acked(6, STR(""));
	FILE_IS(2, 0, 1, 4, 3, 5);
	end();
}
END_TEST

START_TEST(run_low_of_a_batch_counts_as_done)
{
	begin();
	PUSH(100, 99, 101, 5);
	acked(100, STR("\x02"));
	PUSH(50, 100, 99);
	acked(102, STR(""));
	FILE_IS(101, 100);
	end();
}
END_TEST

START_TEST(run_acks_are_repeated)
{
	begin();
	PUSH(0, 1);
	for (int i = 0; i < 3; i++)
		acked(0, STR("\x02"));
	end();
}
END_TEST

START_TEST(run_at_window_end_refuses)
{
	const uint64_t last = 7 + WIRE_WINDOW_MAX - 1;
	static char bits[WIRE_WINDOW_MAX / 8];

	begin();
	PUSH(7, last + 1, last);
	bits[sizeof(bits) - 1] = (char)0x80;
	acked(7, (struct str){ bits, sizeof(bits) });
	FILE_IS(last);
	ck_assert_int_eq(logged("seq 65543 of origin"), 1);
	end();
}
END_TEST

START_TEST(run_malformed_messages_are_passed_over)
{
	const uint64_t seqs[] = { 1, 2 };
	struct article bad = article_of(3);
	struct buf b;

	begin();
	push_bytes(STR(""));
	push_bytes(STR("what is this"));
	push_kind(WIRE_ARTICLES, 0, 0, seqs, 2);
	begin_batch(&b, WIRE_VERDICTS, 0, 0); /* a record short */
	bad.meta = STR("\n");
	batch_add(&b, &bad);
	bad = article_of(0);
	batch_add(&b, &bad);
	ck_assert_int_eq(batch_end(&b, 3), 0);
	push(&b);
	acked(1, STR("\x04"));
	PUSH(0, 1);
	acked(2, STR("\x02"));
	FILE_IS(0, 1);
	ck_assert_int_eq(logged("refused: "), 4);
	ck_assert_int_eq(logged("is no batch of protocol"), 2);
	ck_assert_int_eq(logged("a batch without verdicts"), 1);
	ck_assert_int_eq(logged("given up, and no dead_letters file to keep "
				"it: seq 3: ?: sink: seq 3: its metadata"),
			 1);
	ck_assert_int_eq(logged("a batch ends inside a record"), 1);
	end();
}
END_TEST

static void append(const char *bytes, size_t n)
{
	FILE *f = fopen(file, "ab");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

START_TEST(run_killed_and_started_again_drops_what_is_written)
{
	uint64_t first;
	struct buf torn;

	begin();
	PUSH(0, 0, 1, 3);
	acked(2, STR("\x02"));
	first = epoch;
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close_links();
	buf_init(&torn, 4096);
	add_line(&torn, 2, false);
	append(torn.p, torn.n / 2);
	buf_done(&torn);
	start();
	open_links();
	PUSH(0, 0, 1, 2, 3, 4);
	acked(5, STR(""));
	ck_assert_uint_ne(epoch, first);
	FILE_IS(0, 1, 3, 2, 4);
	ck_assert_int_eq(logged("bytes of an incomplete last line"), 1);
	end();
}
END_TEST

/* Killed at any moment, however often: each line is there once. */
START_TEST(run_killed_often_loses_and_repeats_nothing)
{
	enum { ALL = 4000, EACH = 50 };
	uint64_t seqs[ALL];
	struct str got, rest;
	static bool seen[ALL];
	size_t lines = 0;

	make_folder();
	for (uint64_t i = 0; i < ALL; i++)
		seqs[i] = i;
	for (int life = 0; life < 10; life++) {
		start();
		open_links();
		greeted();
		for (size_t at = 0; at < ALL; at += EACH)
			push_kind(WIRE_VERDICTS, 0, 0, seqs + at, EACH);
		if (life == 9)
			acked(ALL, STR(""));
		else
			while (link_wait(&ingest, 1, 1) == 1) {
				struct ack ack;

				hear(&ack, 0);
				if (!is_greeting(&ack))
					break;
			}
		ck_assert_int_eq(kill(child, SIGKILL), 0);
		ck_assert_int_eq(waitpid(child, NULL, 0), child);
		close_links();
	}
	ck_assert_int_eq(file_read(file, 1 << 24, &got, NULL), 0);
	for (rest = got; rest.n; lines++) {
		struct origin o;
		uint64_t seq;

		ck_assert_int_eq(record_read(str_cut(&rest, '\n'), &o, &seq,
					     &err),
				 0);
		ck_assert(seq < ALL && !seen[seq]);
		seen[seq] = true;
	}
	ck_assert_uint_eq(lines, ALL);
	free((char *)got.p);
	check_folder_done(folder);
}
END_TEST

START_TEST(run_stopped_has_committed_all_and_exits_0)
{
	const uint64_t seqs[] = { 0, 1, 2, 3, 4, 5 };

	begin();
	greeted();
	for (uint32_t i = 0; i < 6; i++)
		push_kind(WIRE_VERDICTS, 0, 0, seqs + i, 1);
	acked(6, STR(""));
	stop();
	file_is_at(file, false, seqs, 6);
	close_links();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_second_sink_on_the_file_is_refused)
{
	pid_t first;

	begin();
	greeted();
	first = child;
	verdicts[strlen(verdicts) - 1] = '2';
	close_links();
	start();
	ck_assert_int_eq(exit_code(), EX_UNAVAILABLE);
	ck_assert_int_eq(logged("is writing to it"), 1);
	child = first;
	stop();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_ordered_holds_back)
{
	settings.ordered = true;
	begin();
	PUSH(0, 2, 1);
	acked(0, STR(""));
	file_is_at(file, false, NULL, 0);
	PUSH(0, 4, 2, 0);
	acked(3, STR(""));
	FILE_IS(0, 1, 2);
	PUSH(4, 5); /* 3 was written elsewhere, says ingest */
	acked(6, STR(""));
	FILE_IS(0, 1, 2, 4, 5);
	end();
}
END_TEST

START_TEST(run_with_text_takes_only_batches_that_have_it)
{
	const uint64_t seqs[] = { 0 };
	const uint32_t both = WIRE_WANT_TEXT | WIRE_WANT_SCORES;

	settings.text = true;
	settings.scores = SINK_SCORES_ALL;
	begin();
	greeted();
	ck_assert_uint_eq(flags, both);
	push_kind(WIRE_VERDICTS, 0, 0, seqs, 1);
	push_kind(WIRE_VERDICTS, 0, WIRE_WANT_TEXT, seqs, 1);
	push_kind(WIRE_VERDICTS, 0, both, seqs, 1);
	acked(1, STR(""));
	file_is_at(file, true, seqs, 1);
	ck_assert_int_eq(logged("a batch without the text"), 1);
	ck_assert_int_eq(logged("a batch without the scores"), 1);
	end();
}
END_TEST

/* The targets were not even when the last life ended. */
START_TEST(run_two_targets_each_gets_what_it_lacks)
{
	static char other[PLACE_MAX];
	static struct sink_target both[] = { { .jsonl = file },
					     { .jsonl = other } };
	const uint64_t in_other[] = { 1, 2, 0 };
	struct buf b;

	make_folder();
	snprintf(other, sizeof(other), "%s/other", folder);
	settings.targets = (struct conf_maps){ both, 2 };
	buf_init(&b, 4096);
	add_line(&b, 1, false);
	append(b.p, b.n);
	add_line(&b, 2, false);
	check_file(folder, "other", b.p, b.n, other);
	buf_clear(&b);
	add_line(&b, 0, false);
	append(b.p, b.n);
	buf_done(&b);
	start();
	open_links();
	PUSH(0, 1);
	acked(0, STR("\x02"));
	PUSH(0, 0, 1, 2);
	acked(3, STR(""));
	FILE_IS(1, 0, 2);
	file_is_at(other, false, in_other, 3);
	end();
}
END_TEST

static void limit_child(rlim_t n)
{
	struct rlimit limit = { n, RLIM_INFINITY };

	ck_assert_int_eq(syscall(SYS_prlimit64, child, RLIMIT_FSIZE, &limit,
				 NULL),
			 0);
}

START_TEST(run_without_room_pauses_and_goes_on)
{
	struct ack ack;

	begin();
	PUSH(0, 0);
	acked(1, STR(""));
	limit_child(200); /* of the file and, below that, of the log */
	PUSH(0, 1, 2, 3);
	for (int i = 0; i < 3; i++) {
		do
			ck_assert(hear(&ack, PATIENCE_MS));
		while (is_greeting(&ack));
		ck_assert_uint_eq(ack.low, 1);
		greeted();
	}
	limit_child(RLIM_INFINITY);
	acked(4, STR(""));
	FILE_IS(0, 1, 2, 3);
	ck_assert_int_eq(logged("nothing is read until there is room"), 1);
	ck_assert_int_eq(logged("there is room again"), 1);
	end();
}
END_TEST

START_TEST(run_stopped_without_room_leaves_the_rest_to_ingest)
{
	begin();
	PUSH(0, 0);
	acked(1, STR(""));
	limit_child(200);
	PUSH(0, 1);
	acked(1, STR(""));
	stop();
	FILE_IS(0);
	close_links();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_stdout_without_reader_is_epipe)
{
	static struct sink_target out = { .jsonl = "-" };
	int ends[2], old = dup(STDOUT_FILENO);

	settings.targets = (struct conf_maps){ &out, 1 };
	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	begin();
	dup2(old, STDOUT_FILENO);
	PUSH(0, 0);
	ck_assert_int_eq(exit_code(), EX_IOERR);
	ck_assert_int_eq(logged("standard output: Broken pipe"), 1);
	close_links();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_summary_is_printed_at_the_end)
{
	settings.summary = true;
	begin();
	PUSH(0, 0, 1, 0);
	acked(2, STR(""));
	stop();
	ck_assert_int_eq(logged("topic        articles  favour\n"
				"sovereignty         2       2\n\n"
				"2 articles, 0 without a topic\n"),
			 1);
	close_links();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_truncate_starts_the_file_anew)
{
	settings.truncate = true;
	make_folder();
	append("old\n", 4);
	start();
	open_links();
	PUSH(0, 0);
	acked(1, STR(""));
	FILE_IS(0);
	end();
}
END_TEST

static void target_is_refused(struct sink_target t, const char *why)
{
	make_folder();
	settings.targets = (struct conf_maps){ &t, 1 };
	err_clear(&err);
	ck_assert_int_eq(sink_run(&settings, &err), -EINVAL);
	ck_assert_str_eq(err.text, why);
	check_folder_done(folder);
}

START_TEST(run_target_without_or_with_two_places_is_refused)
{
	target_is_refused((struct sink_target){ .timeout = 0 },
			  "target 1 names no place; give each target one of "
			  "jsonl, sqlite, postgres, webhook and publish");
	target_is_refused((struct sink_target){ .jsonl = "a",
						.publish = "ipc:///b" },
			  "target 1 names more than one place; give each "
			  "target one of jsonl, sqlite, postgres, webhook and "
			  "publish");
}
END_TEST

START_TEST(keys_defaults)
{
	struct sink_settings s = { .bind = NULL };
	struct conf c;

	ck_assert_int_eq(conf_load(&c, NULL, sink_keys, &s, &err), 0);
	ck_assert_ptr_null(s.bind); /* each subcommand has its own */
	ck_assert_uint_eq(s.connect.n, 0);
	ck_assert_uint_eq(s.targets.n, 0);
	ck_assert(!s.text && !s.ordered && !s.truncate && !s.summary);
	ck_assert_int_eq(s.scores, SINK_SCORES_GIVEN);
	conf_done(&c);
}
END_TEST

START_TEST(keys_full_file_is_read)
{
	struct str yaml = STR("bind: ipc:///x/v\n"
			      "connect: [ipc:///x/a, ipc:///y/a]\n"
			      "targets:\n"
			      "  - jsonl: out.jsonl\n"
			      "  - publish: ipc:///x/p\n"
			      "record:\n"
			      "  text: true\n"
			      "  scores: all\n"
			      "ordered: true\n");
	struct sink_settings s = { .bind = NULL };
	const struct sink_target *t;
	struct conf c;

	ck_assert_msg(conf_parse(&c, "f", yaml, sink_keys, &s, &err) == 0,
		      "%s", err.text);
	t = s.targets.v;
	ck_assert_uint_eq(s.connect.n, 2);
	ck_assert_uint_eq(s.targets.n, 2);
	ck_assert_str_eq(t[0].jsonl, "out.jsonl");
	ck_assert_ptr_null(t[0].publish);
	ck_assert_str_eq(t[1].publish, "ipc:///x/p");
	ck_assert(s.text && s.ordered);
	ck_assert_int_eq(s.scores, SINK_SCORES_ALL);
	conf_done(&c);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(run_greets_at_once_and_again),
		CHECK_TEST(run_any_order_gives_each_line_once),
		CHECK_TEST(run_low_of_a_batch_counts_as_done),
		CHECK_TEST(run_acks_are_repeated),
		CHECK_TEST(run_at_window_end_refuses),
		CHECK_TEST(run_malformed_messages_are_passed_over),
		CHECK_TEST(run_killed_and_started_again_drops_what_is_written),
		CHECK_TEST(run_killed_often_loses_and_repeats_nothing),
		CHECK_TEST(run_stopped_has_committed_all_and_exits_0),
		CHECK_TEST(run_second_sink_on_the_file_is_refused),
		CHECK_TEST(run_ordered_holds_back),
		CHECK_TEST(run_with_text_takes_only_batches_that_have_it),
		CHECK_TEST(run_two_targets_each_gets_what_it_lacks),
		CHECK_TEST(run_without_room_pauses_and_goes_on),
		CHECK_TEST(run_stopped_without_room_leaves_the_rest_to_ingest),
		CHECK_TEST(run_stdout_without_reader_is_epipe),
		CHECK_TEST(run_summary_is_printed_at_the_end),
		CHECK_TEST(run_truncate_starts_the_file_anew),
		CHECK_TEST(run_target_without_or_with_two_places_is_refused),
		CHECK_TEST(keys_defaults),
		CHECK_TEST(keys_full_file_is_read),
		CHECK_END,
	};

	return check_main("sink", tests);
}

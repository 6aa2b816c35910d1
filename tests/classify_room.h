/* classify_room.h -- the classify room under test, with a model of its own; the
 * test plays ingest and sink. For the tests of classify.c and worker.c. */
#ifndef VIGIE_CLASSIFY_ROOM_H
#define VIGIE_CLASSIFY_ROOM_H

#include <fcntl.h>
#include <sysexits.h>

#include "classify/classify.h"
#include "learn/train.h"
#include "tests/data/tiny.h"
#include "tests/fake_room.h"

static struct classify_settings set;
static const char *connect_to[2];

static inline int body(void)
{
	struct err e = { "" };
	int r;

	stop_install_daemon();
	r = classify_run(&set, &e);

	if (r)
		fprintf(stderr, "%s\n", e.text);
	return err_exit(r);
}

/* Train a recipe, in a process whose report nobody reads. */
static inline void train_by(const char *recipe, const char *path)
{
	char *words[] = { "train", (char *)(uintptr_t)recipe, "--output",
			  (char *)(uintptr_t)path, NULL };
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		_exit(train_cmd.run(4, words));
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

static inline void begin(void)
{
	static char bundle[CHECK_PATH_MAX + 16];

	check_folder(folder);
	snprintf(bundle, sizeof(bundle), "%s/tiny.vigie", folder);
	train_by("tests/data/tiny.yaml", bundle);
	connect_to[0] = strdup(endpoint("articles"));
	set = (struct classify_settings){
		.connect = { connect_to, 1 },
		.sink = strdup(endpoint("verdicts")),
		.model = bundle,
		.room = 7,
		.room_bytes = 12345,
	};
}

static inline void go(void)
{
	room_start(body);
	peers_begin();
}

static inline void end(void)
{
	link_net_free(net);
	free((void *)(uintptr_t)connect_to[0]);
	free((void *)(uintptr_t)set.sink);
	check_folder_done(folder);
}

/* Ingest, as classify sees it. */

static struct link_peer worker;

static inline bool hears_credit(struct link *l, struct credit *c, int64_t ms)
{
	struct link_message m;

	if (!heard(l, &m, ms))
		return false;
	worker = m.peer;
	ck_assert_int_eq(credit_read(m.body, c, &err), 0);
	return true;
}

/* Wait for a credit that says so. */
static inline struct credit hears_done(struct link *l, uint64_t batches)
{
	struct credit c;

	do
		ck_assert(hears_credit(l, &c, PATIENCE_MS));
	while (c.done_batches != batches);
	return c;
}

static inline struct batch_head head(uint64_t batch, uint32_t flags)
{
	return (struct batch_head){ .kind = WIRE_ARTICLES,
				    .origin = { "some origin" },
				    .batch = batch,
				    .session = 33,
				    .flags = flags,
				    .low = 2,
				    .window = 4096 };
}

/* Send n articles of this text, numbered from first. */
static inline void give(struct link *l, uint64_t batch, uint32_t flags,
			uint64_t first, uint32_t n, struct str text)
{
	struct batch_head h = head(batch, flags);
	struct buf b;

	buf_init(&b, WIRE_BATCH_MAX);
	batch_begin(&b, &h);
	for (uint32_t i = 0; i < n; i++) {
		struct article a = { .seq = first + i,
				     .meta = STR("\"id\":1"),
				     .title = STR("Rail"),
				     .text = text };

		batch_add(&b, &a);
	}
	ck_assert_int_eq(batch_end(&b, n), 0);
	say(l, &worker, &b);
}

static const struct str some_text = STR("The trains are late and the rail "
					"line is a costly failure.");

#endif

#include "classify/guard.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sysexits.h>

#include "tests/fake_room.h"

/* What the worker of a test and the test know of each other. */
static struct shared {
	_Atomic int lives;
	_Atomic int worker; /* its process */
	_Atomic bool reloaded;
} * shared;

static struct classify_settings set;
static guard_work work;
static const char *connect_to[2];
static bool daemon_signals;

static int body(void)
{
	struct err e = { "" };
	int r;

	if (daemon_signals)
		stop_install_daemon();
	r = guard_run(&set, work, &e);
	if (r)
		fprintf(stderr, "%s\n", e.text);
	return err_exit(r);
}

static void begin(guard_work w)
{
	check_folder(folder);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
	connect_to[0] = strdup(endpoint("articles"));
	connect_to[1] = strdup(endpoint("more"));
	set = (struct classify_settings){ .connect = { connect_to, 2 },
					  .stuck_after = 60000 };
	work = w;
	daemon_signals = false;
}

static void go(void)
{
	room_start(body);
	peers_begin();
}

static void end(void)
{
	link_net_free(net);
	free((void *)(uintptr_t)connect_to[0]);
	free((void *)(uintptr_t)connect_to[1]);
	munmap(shared, sizeof(*shared));
	check_folder_done(folder);
}

/* Until the work was begun so many times. */
static void await_lives(int n)
{
	int64_t until = clock_ms() + PATIENCE_MS;

	while (atomic_load(&shared->lives) < n) {
		ck_assert_int_lt(clock_ms(), until);
		link_wait(NULL, 0, 5);
	}
}

/* Not asked of the link: the new worker of a test has none. */
static struct obituary hears_obituary(struct link *l)
{
	struct link_message m;
	struct obituary o;

	ck_assert(heard(l, &m, PATIENCE_MS));
	ck_assert_int_eq(obituary_read(m.body, &o, &err), 0);
	return o;
}

/* The workers of the tests. */

static int begin_life(struct guard_page *p)
{
	atomic_store(&shared->worker, (int)getpid());
	atomic_store(&p->ready, true);
	return atomic_fetch_add(&shared->lives, 1) + 1;
}

static int work_until_told(struct guard_page *p)
{
	while (!stop_asked()) {
		if (stop_reload_asked())
			atomic_store(&shared->reloaded, true);
		atomic_fetch_add(&p->turns, 1);
		link_wait(NULL, 0, 5);
	}
	return 0;
}

static int obey(const struct classify_settings *s, struct guard_page *p,
		struct err *e)
{
	(void)s;
	(void)e;
	begin_life(p);
	return work_until_told(p);
}

/* In its first life it is told articles by the second ingest, and dies. */
static int crash_once(const struct classify_settings *s, struct guard_page *p,
		      struct err *e)
{
	(void)s;
	(void)e;
	if (begin_life(p) == 1) {
		atomic_store(&p->session[1], 4711);
		kill(getpid(), SIGKILL);
	}
	return work_until_told(p);
}

START_TEST(killed_worker_is_told_and_replaced)
{
	struct link *other, *ingest;
	struct link_message m;
	struct obituary o;

	begin(crash_once);
	go();
	other = peer(LINK_ROUTER, "articles", true);
	ingest = peer(LINK_ROUTER, "more", true);
	o = hears_obituary(ingest);
	ck_assert_uint_eq(o.session, 4711);
	ck_assert_uint_eq(o.signal, SIGKILL);
	ck_assert_uint_eq(o.code, 0);
	await_lives(2);
	ck_assert(!heard(other, &m, SILENCE_MS)); /* nothing of its was held */
	ck_assert(!heard(ingest, &m, 0));
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert_int_eq(shared->lives, 2);
	ck_assert(log_has("the worker was killed by signal 9 (Killed): "
			  "another takes its place"));
	link_free(other);
	link_free(ingest);
	end();
}
END_TEST

static int end_once(const struct classify_settings *s, struct guard_page *p,
		    struct err *e)
{
	(void)s;
	if (begin_life(p) > 1)
		return work_until_told(p);
	atomic_store(&p->session[0], 8);
	strcpy(p->model, "m@sha256:1");
	return err_set(e, -EIO, "a disk has gone");
}

START_TEST(worker_that_ends_by_itself_is_told_with_its_code)
{
	struct link *ingest;
	struct obituary o;

	begin(end_once);
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	o = hears_obituary(ingest);
	ck_assert_uint_eq(o.session, 8);
	ck_assert(!o.judging);
	ck_assert(str_is(o.model, "m@sha256:1"));
	ck_assert_uint_eq(o.signal, 0);
	ck_assert_uint_eq(o.code, EX_IOERR);
	await_lives(2);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert(log_has("a disk has gone"));
	link_free(ingest);
	end();
}
END_TEST

static int stick_once(const struct classify_settings *s, struct guard_page *p,
		      struct err *e)
{
	(void)s;
	(void)e;
	if (begin_life(p) > 1)
		return work_until_told(p);
	atomic_store(&p->session[0], 9);
	/* Slow, but it gets on … */
	atomic_fetch_add(&p->steps, 1);
	for (int i = 0; i < 20; i++) { /* its pauses are never seen */
		atomic_fetch_add(&p->steps, 2);
		atomic_fetch_add(&p->judged, 1);
		link_wait(NULL, 0, 50);
	}
	for (;;) /* … and then no more. */
		link_wait(NULL, 0, 1000);
	return 0;
}

START_TEST(stuck_worker_is_killed)
{
	struct link *ingest;
	struct obituary o;
	int64_t begun = clock_ms();

	begin(stick_once);
	set.stuck_after = 300;
	go();
	ingest = peer(LINK_ROUTER, "articles", true);
	o = hears_obituary(ingest);
	ck_assert_uint_eq(o.session, 9);
	ck_assert_uint_eq(o.signal, SIGKILL);
	ck_assert(o.judging);
	ck_assert_int_ge(clock_ms() - begun, 1300);
	await_lives(2);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert(log_has("does not get on with an article"));
	link_free(ingest);
	end();
}
END_TEST

/* Between two articles it may take its time. */
START_TEST(waiting_worker_is_not_stuck)
{
	begin(obey);
	set.stuck_after = 100;
	go();
	await_lives(1);
	link_wait(NULL, 0, 500);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert_int_eq(shared->lives, 1);
	end();
}
END_TEST

static int never_ready(const struct classify_settings *s, struct guard_page *p,
		       struct err *e)
{
	(void)s;
	(void)p;
	atomic_fetch_add(&shared->lives, 1);
	return err_set(e, -EBADMSG, "x.vigie: is no bundle of vigie");
}

START_TEST(worker_that_cannot_begin_ends_the_room)
{
	begin(never_ready);
	go();
	ck_assert_int_eq(room_end(), EX_DATAERR);
	ck_assert_int_eq(shared->lives, 1);
	ck_assert(log_has("\nx.vigie: is no bundle") ||
		  log_has("x.vigie: is no bundle"));
	end();
}
END_TEST

static int ready_once(const struct classify_settings *s, struct guard_page *p,
		      struct err *e)
{
	(void)s;
	switch (atomic_fetch_add(&shared->lives, 1) + 1) {
	case 1:
		atomic_store(&p->ready, true);
		kill(getpid(), SIGABRT);
		break;
	case 2:
		return err_set(e, -EBADMSG, "x.vigie: is being copied");
	default:
		return work_until_told(p);
	}
	return 0;
}

/* A bundle that is just being replaced is no reason to end a room that has
 * served. */
START_TEST(worker_that_cannot_begin_again_is_tried_again)
{
	begin(ready_once);
	go();
	await_lives(3);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert(log_has("is being copied"));
	end();
}
END_TEST

static int die_unready(const struct classify_settings *s, struct guard_page *p,
		       struct err *e)
{
	(void)s;
	(void)p;
	(void)e;
	atomic_fetch_add(&shared->lives, 1);
	kill(getpid(), SIGKILL);
	return 0;
}

START_TEST(workers_that_are_killed_unready_end_the_room)
{
	begin(die_unready);
	go();
	ck_assert_int_eq(room_end(), EX_SOFTWARE);
	ck_assert_int_eq(shared->lives, 5);
	ck_assert(log_has("killed by signal 9 (Killed) before it was ready"));
	end();
}
END_TEST

static int die_idle(const struct classify_settings *s, struct guard_page *p,
		    struct err *e)
{
	(void)s;
	(void)e;
	begin_life(p);
	kill(getpid(), SIGKILL);
	return 0;
}

static int die_busy(const struct classify_settings *s, struct guard_page *p,
		    struct err *e)
{
	(void)s;
	(void)e;
	begin_life(p);
	atomic_fetch_add(&p->judged, 1);
	kill(getpid(), SIGKILL);
	return 0;
}

START_TEST(who_dies_without_judging_is_started_ever_more_slowly)
{
	begin(die_idle);
	go();
	await_lives(2);
	link_wait(NULL, 0, 1000);
	ck_assert_int_le(shared->lives, 3);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	end();
	begin(die_busy);
	go();
	await_lives(20);
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	end();
}
END_TEST

START_TEST(signals_are_handed_on)
{
	int64_t until = clock_ms() + PATIENCE_MS;

	begin(obey);
	daemon_signals = true;
	go();
	await_lives(1);
	kill(room, SIGHUP);
	while (!atomic_load(&shared->reloaded)) {
		ck_assert_int_lt(clock_ms(), until);
		link_wait(NULL, 0, 5);
	}
	/* What a terminal or a group gets besides is the guard's to judge. */
	kill(shared->worker, SIGTERM);
	kill(shared->worker, SIGINT);
	kill(shared->worker, SIGHUP);
	link_wait(NULL, 0, SILENCE_MS);
	ck_assert_int_eq(shared->lives, 1);
	kill(room, SIGINT);
	ck_assert_int_eq(room_end(), EX_OK);
	ck_assert_int_eq(shared->lives, 1);
	end();
}
END_TEST

static bool runs(int pid)
{
	char path[64], state = 'Z';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(f);
	return state != 'Z';
}

START_TEST(killed_guard_takes_its_worker_along)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	int status;

	begin(obey);
	go();
	await_lives(1);
	ck_assert(runs(shared->worker));
	kill(room, SIGKILL);
	ck_assert_int_eq(waitpid(room, &status, 0), room);
	while (runs(shared->worker)) {
		ck_assert_int_lt(clock_ms(), until);
		link_wait(NULL, 0, 5);
	}
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(killed_worker_is_told_and_replaced),
		CHECK_TEST(worker_that_ends_by_itself_is_told_with_its_code),
		CHECK_TEST(stuck_worker_is_killed),
		CHECK_TEST(waiting_worker_is_not_stuck),
		CHECK_TEST(worker_that_cannot_begin_ends_the_room),
		CHECK_TEST(worker_that_cannot_begin_again_is_tried_again),
		CHECK_TEST(workers_that_are_killed_unready_end_the_room),
		CHECK_TEST(
			who_dies_without_judging_is_started_ever_more_slowly),
		CHECK_TEST(signals_are_handed_on),
		CHECK_TEST(killed_guard_takes_its_worker_along),
		CHECK_END,
	};

	return check_main("guard", tests);
}

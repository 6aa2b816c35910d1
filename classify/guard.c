#include "classify/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/service.h"
#include "base/stop.h"
#include "wire/link.h"

enum {
	TURN_MS = 250,
	SOON_READY_MS = 20, /* the same until there is a worker that is ready */
	/* No turn of ours takes so long: we stood still ourselves, and perhaps
	 * the worker with us. */
	GAP_MS = 2000,
	PATIENCE_MS = 10000, /* with a worker that was told to stop */
	SLOWEST_MS = 5000,   /* between two starts */
	FIRST_MS = 125,
	/* Deaths by a signal before any worker was ever ready. */
	STILLBORN_MAX = 5,
	LINGER_MS = 500,
	REACH_MS = 2000, /* all ingests together */
	MESSENGER_S = 5,
	NO_WAY_TO_LIVE = -ECANCELED, /* EX_SOFTWARE */
};

struct guard {
	const struct classify_settings *set;
	guard_work work;
	struct guard_page *page;
	sigset_t outside; /* the signals that were blocked before */
	pid_t pid;	  /* 0: no worker */
	int64_t due_ms;	  /* when to start one */
	uint64_t judged;  /* when it was started */
	int idle_deaths;  /* in a row, each without an article judged */
	bool ever_ready;
	int64_t turn_ms;  /* our last turn */
	uint64_t turns;	  /* of the worker, as they were seen last */
	bool ready;	  /* the manager was told so */
	uint64_t steps;	  /* as they were seen last … */
	int64_t moved_ms; /* … and since when they are so */
	int told;	  /* stops that were handed on */
	int64_t told_ms;
	/* Of the last that died: its sessions, and what it was about. */
	uint64_t lost[GUARD_INGESTS_MAX];
	bool lost_judging;
	char lost_model[GUARD_MODEL_MAX];
	bool over;
	int result;
};

struct conf_texts guard_ingests(const struct classify_settings *s)
{
	static const char *usual[] = { "ipc:///run/vigie/articles" };

	return s->connect.n ? s->connect : (struct conf_texts){ usual, 1 };
}

/* The worker's side. */

static void worker_main(struct guard *g, pid_t parent)
{
	struct err e = { "" };
	int r;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	stop_install_child();
	service_report_to(-1); /* the guard speaks, of what the page says */
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &g->outside, NULL);
	r = g->work(g->set, g->page, &e);
	memcpy(g->page->sentence, e.text, sizeof(e.text));
	g->page->result = r;
	fflush(NULL);
	_exit(err_exit(r));
}

static int start(struct guard *g, struct err *e)
{
	struct guard_page *p = g->page;
	pid_t parent = getpid();

	atomic_store(&p->steps, 0);
	atomic_store(&p->ready, false);
	for (size_t i = 0; i < GUARD_INGESTS_MAX; i++)
		atomic_store(&p->session[i], 0);
	p->result = 0;
	p->sentence[0] = '\0';
	g->judged = atomic_load(&p->judged);
	g->steps = 0;
	g->moved_ms = clock_ms();
	fflush(NULL);
	g->pid = fork();
	if (g->pid < 0) {
		g->pid = 0;
		return err_sys(e, -errno, "starting a worker");
	}
	if (!g->pid)
		worker_main(g, parent);
	return 0;
}

/* Obituaries, by a process of their own: ZeroMQ has threads, and waits. */

/* A connection comes first: what is not there after a while was missed. */
static void send_one(struct link *l, const struct obituary *o, int64_t until_ms)
{
	struct err ignored = { "" };
	int64_t left;
	struct buf b;

	buf_init(&b, 4096);
	obituary_write(&b, o);
	while (link_send(l, NULL, &b, &ignored) == STEP_WAIT &&
	       (left = until_ms - clock_ms()) > 0)
		link_wait_send(l, left);
	buf_done(&b);
}

static void send_all(const struct guard *g, struct link_net *net,
		     struct obituary o)
{
	struct link_options how = { .queue = 1,
				    .linger_ms = LINGER_MS,
				    .message_max = 1 << 16 };
	struct conf_texts at = guard_ingests(g->set);
	struct link *links[GUARD_INGESTS_MAX] = { NULL };
	int64_t until_ms = clock_ms() + REACH_MS;
	struct err ignored = { "" };

	for (size_t i = 0; i < at.n && i < GUARD_INGESTS_MAX; i++)
		if (g->lost[i])
			(void)link_open(net, LINK_DEALER, at.v[i], false, how,
					&links[i], &ignored);
	for (size_t i = 0; i < GUARD_INGESTS_MAX; i++) {
		o.session = g->lost[i];
		if (links[i])
			send_one(links[i], &o, until_ms);
		link_free(links[i]);
	}
}

/* Whom this does not reach finds out by the silence. */
static void messenger_main(const struct guard *g, int signal, int code)
{
	const struct obituary o = {
		.signal = (uint32_t)signal,
		.code = (uint32_t)code,
		.judging = g->lost_judging,
		.model = str_of(g->lost_model),
	};
	struct err ignored = { "" };
	struct link_net *net;

	alarm(MESSENGER_S);
	if (!link_net_open(&net, &ignored) &&
	    !link_net_secure(net, g->set->keys, &ignored)) {
		send_all(g, net, o);
		link_net_free(net);
	}
	_exit(EXIT_SUCCESS);
}

/* The page is the next worker's as soon as that is there. */
static void tell_ingests(struct guard *g, int status)
{
	bool any = false;

	for (size_t i = 0; i < GUARD_INGESTS_MAX; i++) {
		g->lost[i] = atomic_load(&g->page->session[i]);
		any |= g->lost[i] != 0;
	}
	g->lost_judging = atomic_load(&g->page->steps) % 2;
	memcpy(g->lost_model, g->page->model, sizeof(g->lost_model));
	g->lost_model[sizeof(g->lost_model) - 1] = '\0';
	if (!any)
		return;
	fflush(NULL);
	if (!fork())
		messenger_main(g, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
			       WIFEXITED(status) ? WEXITSTATUS(status) : 0);
}

/* What a death means. */

static void describe(int status, char *out, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(out, size, "was killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(out, size, "ended with code %d", WEXITSTATUS(status));
}

/* At once, and slower each time that it died without having judged. */
static void plan_next(struct guard *g)
{
	int64_t wait = 0;

	g->idle_deaths = atomic_load(&g->page->judged) == g->judged
				 ? g->idle_deaths + 1
				 : 0;
	if (g->idle_deaths > 1)
		wait = FIRST_MS << (g->idle_deaths < 8 ? g->idle_deaths : 8);
	g->due_ms = clock_ms() + (wait < SLOWEST_MS ? wait : SLOWEST_MS);
}

static int give_up(struct guard *g, int r)
{
	g->over = true;
	g->result = r;
	return r;
}

/* It never worked: the next would not either. */
static int stillborn(struct guard *g, int status, struct err *e)
{
	char how[96];

	if (WIFEXITED(status) && g->page->result)
		return give_up(g, err_set(e, g->page->result, "%s",
					  g->page->sentence));
	describe(status, how, sizeof(how));
	plan_next(g);
	if (WIFSIGNALED(status) && g->idle_deaths < STILLBORN_MAX) {
		log_line(LOG_WARN, "the worker %s before it was ready", how);
		return 0;
	}
	return give_up(g, err_set(e, NO_WAY_TO_LIVE,
				  "the worker %s before it was ready", how));
}

static int bury(struct guard *g, int status, struct err *e)
{
	bool stopped = stop_asked() && WIFEXITED(status);
	char how[96];

	g->pid = 0;
	g->ever_ready |= atomic_load(&g->page->ready);
	if (!stop_asked())
		atomic_fetch_add(&g->page->deaths, 1);
	if (stopped && (g->ever_ready || !g->page->result))
		return give_up(g, err_set(e, g->page->result, "%s",
					  g->page->sentence));
	tell_ingests(g, status);
	if (stop_asked() && WIFSIGNALED(status))
		return give_up(g, 0);
	if (!g->ever_ready)
		return stillborn(g, status, e);
	describe(status, how, sizeof(how));
	plan_next(g);
	if (g->page->sentence[0])
		log_line(LOG_TROUBLE, "%s", g->page->sentence);
	log_line(LOG_WARN, "the worker %s: another takes its place", how);
	return 0;
}

static int reap(struct guard *g, struct err *e)
{
	int status, r = 0;
	pid_t pid;

	while (!r && (pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == g->pid)
			r = bury(g, status, e);
	return r;
}

/* Looking after the one that lives. */

static void hand_on_signals(struct guard *g)
{
	bool reload = stop_reload_asked();

	if (!g->pid)
		return;
	if (reload) {
		service_reloading();
		kill(g->pid, STOP_RELOAD);
		service_ready(); /* what comes of it is in the log */
	}
	if (stop_count() > g->told) {
		g->told_ms = g->told ? g->told_ms : clock_ms();
		service_stopping();
		g->told = stop_count();
		kill(g->pid, STOP_CHILD);
	}
	if (g->told && clock_ms() - g->told_ms > PATIENCE_MS) {
		log_line(LOG_WARN, "the worker does not stop: killed");
		kill(g->pid, SIGKILL);
	}
}

static void look_if_stuck(struct guard *g)
{
	uint64_t steps = atomic_load(&g->page->steps);
	int64_t now = clock_ms();

	if (steps != g->steps || steps % 2 == 0 || now - g->turn_ms > GAP_MS)
		g->moved_ms = now;
	g->steps = steps;
	if (!g->pid || g->set->stuck_after <= 0 ||
	    now - g->moved_ms < g->set->stuck_after)
		return;
	log_line(LOG_WARN,
		 "the worker does not get on with an article for %lld ms: "
		 "killed",
		 (long long)(now - g->moved_ms));
	g->moved_ms = now;
	kill(g->pid, SIGKILL);
}

/* A worker that is not there, or not ready, is our business, which gets on. */
static void tell_manager(struct guard *g)
{
	uint64_t turns = atomic_load(&g->page->turns);
	bool works = g->pid && atomic_load(&g->page->ready);

	if (works && !g->ready) {
		g->ready = true;
		service_ready();
	}
	service_turn(!works || turns != g->turns);
	g->turns = turns;
}

/* Wait for a signal, and for so long at most. Signals are heard here alone. */
static void rest(struct guard *g)
{
	int64_t ms = g->ready ? TURN_MS : SOON_READY_MS,
		left = g->due_ms - clock_ms();
	struct timespec t;

	if (g->set->stuck_after > 0 && g->set->stuck_after / 4 < ms)
		ms = g->set->stuck_after / 4;
	if (!g->pid && left < ms)
		ms = left > 0 ? left : 0;
	t = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
	g->turn_ms = clock_ms();
	(void)pselect(0, NULL, NULL, NULL, &t, &g->outside);
}

static int turn(struct guard *g, struct err *e)
{
	int r = 0;

	if (!g->pid && stop_asked())
		return give_up(g, 0);
	if (!g->pid && clock_ms() >= g->due_ms)
		r = start(g, e);
	if (r)
		return give_up(g, r);
	rest(g);
	hand_on_signals(g);
	look_if_stuck(g);
	tell_manager(g);
	return reap(g, e);
}

static void on_child(int number)
{
	(void)number;
}

/* Signals are blocked but where we wait, so that none is missed between a
 * question and the wait. They keep their handlers, see base/stop.h. */
static void block_signals(struct guard *g)
{
	struct sigaction act = { .sa_handler = on_child };
	sigset_t all;

	sigemptyset(&act.sa_mask);
	sigaction(SIGCHLD, &act, NULL);
	sigemptyset(&all);
	sigaddset(&all, SIGCHLD);
	sigaddset(&all, SIGTERM);
	sigaddset(&all, SIGINT);
	sigaddset(&all, SIGHUP);
	sigaddset(&all, STOP_CHILD);
	sigaddset(&all, STOP_RELOAD);
	sigprocmask(SIG_BLOCK, &all, &g->outside);
	sigdelset(&g->outside, SIGCHLD);
}

int guard_run(const struct classify_settings *s, guard_work work, struct err *e)
{
	struct guard g = { .set = s, .work = work, .turn_ms = clock_ms() };

	g.page = mmap(NULL, sizeof(*g.page), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (g.page == MAP_FAILED)
		return err_sys(e, -errno, "a page to watch the worker by");
	block_signals(&g);
	while (!g.over)
		(void)turn(&g, e);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &g.outside, NULL);
	munmap(g.page, sizeof(*g.page));
	return g.result;
}

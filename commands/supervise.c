/* The rooms are the same daemons that `vigie ingest`, `vigie classify` and
 * `vigie sink` are, over ipc in a private folder. Whoever dies is started
 * again where that loses and repeats nothing; else the run ends and says so. */
#include "commands/supervise.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/service.h"
#include "base/stop.h"
#include "classify/bundle_bytes.h"
#include "commands/pulse.h"

enum {
	SOON_MS = 1000,	     /* who dies so soon after its start … */
	SOON_MAX = 5,	     /* … so often in a row, is given up */
	TURN_MS = 500,	     /* between looks at who is there */
	SOON_READY_MS = 50,  /* the same until all are ready */
	PATIENCE_MS = 10000, /* with a room that was told to stop */
	ORPHANS_MS = 1000, /* for the children of whom we killed to die */
	SAME_MS = 300, /* timeout(1) signals us, and then our whole group */
	EXIT_PIPE = 128 + SIGPIPE, /* as a shell says of a closed pipe */
};

enum room { INGEST, SINK, CLASSIFY };

struct child {
	enum room room;
	int number; /* among the classify daemons */
	struct pulse pulse;
	pid_t pid; /* 0: not running */
	int64_t born_ms;
	int soon; /* deaths in a row, each soon after birth */
};

struct run {
	struct settings *s;
	bool alone; /* nobody else may join */
	bool same;  /* the same input gives the same numbers again */
	char folder[64];
	char articles[96], verdicts[96];
	char articles_at[PATH_MAX]; /* for those who connect */
	char verdicts_at[PATH_MAX];
	const char *articles_list;
	struct child *children;
	size_t n;
	sigset_t signals;
	bool ready, stopping; /* the service manager was told so */
	bool asked; /* to stop */
	bool slew;  /* killed rooms, which may leave children to us */
	int code;   /* to end with */
};

/* Endpoints: in a folder of our own, unless the configuration has others. */

static const char *folder_base(void)
{
	const char *base = getenv("XDG_RUNTIME_DIR");

	return base && strlen(base) <= 32 && !access(base, W_OK) ? base
								  : "/tmp";
}

static int make_folder(struct run *run, struct err *e)
{
	snprintf(run->folder, sizeof(run->folder), "%s/vigie-XXXXXX",
		 folder_base());
	if (!mkdtemp(run->folder)) /* 0700 */
		return err_sys(e, -errno, "folder %s", run->folder);
	snprintf(run->articles, sizeof(run->articles), "ipc://%s/articles",
		 run->folder);
	snprintf(run->verdicts, sizeof(run->verdicts), "ipc://%s/verdicts",
		 run->folder);
	return 0;
}

static void remove_folder(const struct run *run)
{
	unlink(run->articles + strlen("ipc://"));
	unlink(run->verdicts + strlen("ipc://"));
	rmdir(run->folder);
	if (run->s->classify.share)
		bundle_bytes_sweep(run->s->classify.share);
}

/* Who binds to every address is met at this machine's own. */
static void reach(const char *bound, char at[PATH_MAX])
{
	static const char every[] = "tcp://*:";
	bool is_every = !strncmp(bound, every, strlen(every));

	snprintf(at, PATH_MAX, "%s%s", is_every ? "tcp://127.0.0.1:" : "",
		 bound + (is_every ? strlen(every) : 0));
}

static void set_endpoints(struct run *run)
{
	struct settings *s = run->s;

	if (run->alone || !s->ingest.bind)
		s->ingest.bind = run->articles;
	if (run->alone || !s->sink.bind)
		s->sink.bind = run->verdicts;
	reach(s->ingest.bind, run->articles_at);
	reach(s->sink.bind, run->verdicts_at);
	run->articles_list = run->articles_at;
	s->classify.sink = run->verdicts_at;
	s->classify.connect = (struct conf_texts){ &run->articles_list, 1 };
	if (!s->classify.share) /* not in ours, whose name dies with us */
		s->classify.share = folder_base();
	s->sink.connect = s->classify.connect;
}

bool supervise_is_stream(const char *target)
{
	struct stat st;
	bool there = strcmp(target, "-") ? !stat(target, &st)
					 : !fstat(STDOUT_FILENO, &st);

	return there && !S_ISREG(st.st_mode);
}

/* Children. */

static const char *const names[] = { "ingest", "sink", "classify" };

static int room_main(struct run *run, enum room room, struct err *e)
{
	switch (room) {
	case INGEST:
		return ingest_run(&run->s->ingest, e);
	case SINK:
		return sink_run(&run->s->sink, e);
	default:
		return classify_run(&run->s->classify, e);
	}
}

static void child_main(struct run *run, const struct child *c, int report,
		       pid_t parent)
{
	enum room room = c->room;
	struct err e = { "" };
	int r;

	/* Without us nothing that is on its way arrives; what has arrived may
	 * be written. */
	prctl(PR_SET_PDEATHSIG, room == SINK ? STOP_CHILD : SIGKILL);
	if (getppid() != parent)
		_exit(EX_UNAVAILABLE);
	stop_install_child();
	sigprocmask(SIG_UNBLOCK, &run->signals, NULL);
	log_name(names[room]);
	run->s->classify.number = c->number;
	for (size_t i = 0; i < run->n; i++)
		pulse_end(&run->children[i].pulse);
	service_report_to(report);
	if (room != INGEST && !freopen("/dev/null", "r", stdin))
		_exit(EX_OSERR);
	r = room_main(run, room, &e);
	if (r < 0 && r != -EPIPE)
		log_line(LOG_TROUBLE, "%s",
			 e.text[0] ? e.text : strerror(-r));
	fflush(stdout);
	if (getppid() != parent)
		remove_folder(run);
	_exit(r == -EPIPE ? EXIT_PIPE : err_exit(r));
}

static int start(struct run *run, struct child *c, struct err *e)
{
	pid_t parent = getpid();
	int report = pulse_begin(&c->pulse), r;

	if (report < 0)
		return err_sys(e, report, "starting %s", names[c->room]);
	fflush(NULL);
	c->born_ms = clock_ms();
	c->pid = fork();
	if (!c->pid)
		child_main(run, c, report, parent);
	r = c->pid < 0 ? -errno : 0;
	close(report);
	if (r) {
		c->pid = 0;
		return err_sys(e, r, "starting %s", names[c->room]);
	}
	/* A file begins anew once: a sink that is started again goes on. */
	if (c->room == SINK)
		run->s->sink.truncate = false;
	return 0;
}

static int start_all(struct run *run, struct err *e)
{
	size_t workers = (size_t)run->s->workers;
	int r = 0;

	if (!workers)
		workers = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
	run->children = calloc(2 + workers, sizeof(*run->children));
	if (!run->children)
		return -ENOMEM;
	run->n = 2 + workers;
	for (size_t i = 0; i < run->n && !r; i++) {
		run->children[i].room = i == 0	 ? INGEST
					: i == 1 ? SINK
						 : CLASSIFY;
		run->children[i].number = i < 2 ? 0 : (int)i - 2;
		r = start(run, &run->children[i], e);
	}
	return r;
}

static void tell(struct run *run, enum room room, int signal)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->children[i].room == room && run->children[i].pid)
			kill(run->children[i].pid, signal);
}

/* What a room has started dies with it, a little later: we hear of that. */
static void slay(struct run *run, enum room room)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	run->slew = true;
	tell(run, room, SIGKILL);
}

static bool any_left(const struct run *run, enum room room)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->children[i].room == room && run->children[i].pid)
			return true;
	return false;
}

/* The service manager hears of the whole what each room reports. */

static bool room_is_ready(const struct run *run, enum room room)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->children[i].room == room && run->children[i].pulse.ready)
			return true;
	return false;
}

static void tell_ready(struct run *run)
{
	if (run->ready || !room_is_ready(run, INGEST) ||
	    !room_is_ready(run, SINK) || !room_is_ready(run, CLASSIFY))
		return;
	run->ready = true;
	service_ready();
	service_status("ready; %zu classify daemon%s", run->n - 2,
		       run->n == 3 ? "" : "s");
}

static void hear_rooms(struct run *run)
{
	int64_t now = clock_ms();
	bool get_on = true, more_time = false;

	for (size_t i = 0; i < run->n; i++) {
		struct child *c = &run->children[i];

		more_time |= pulse_hear(&c->pulse, now);
		if (c->pid)
			get_on &= pulse_gets_on(&c->pulse, now);
	}
	/* A room that is started again amid all this has all the time. */
	if (more_time && (!run->ready || run->asked))
		service_extend(SERVICE_EXTEND_MS);
	tell_ready(run);
	service_turn(get_on);
}

/* What a death means. */

static bool writes_streams(const struct sink_settings *s)
{
	const struct sink_target *t = s->targets.v;

	for (size_t i = 0; i < s->targets.n; i++)
		if (t[i].jsonl &&
		    (!strcmp(t[i].jsonl, "-") || supervise_is_stream(t[i].jsonl)))
			return true;
	return !s->targets.n;
}

/* Why the room cannot simply begin again; NULL when it can. */
static const char *why_not_again(const struct run *run, enum room room)
{
	if (room == INGEST && run->s->ingest.journal.path &&
	    !run->s->ingest.one_shot)
		return NULL; /* what it had accepted is in there */
	if (room == INGEST && (!run->same || run->asked))
		return "what it had read and the sink had not acknowledged "
		       "is not read again";
	if (room == SINK && writes_streams(&run->s->sink))
		return "how much of its output had been written is not known "
		       "any more";
	return NULL;
}

static void give_up(struct run *run, int code)
{
	if (!run->code)
		run->code = code;
	run->asked = true;
	/* The trouble has been told; that articles were not written because of
	 * it would be news to nobody. Classify keeps nothing. */
	slay(run, INGEST);
	slay(run, CLASSIFY);
}

static void describe(int status, char *out, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(out, size, "was killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(out, size, "ended with code %d", WEXITSTATUS(status));
}

/* A room died that nobody told to. */
static void revive(struct run *run, struct child *c, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
	const char *why = why_not_again(run, c->room);
	struct err e = { "" };
	char how[96];

	describe(status, how, sizeof(how));
	c->soon = clock_ms() - c->born_ms < SOON_MS ? c->soon + 1 : 0;
	/* A room that ends by itself has said why, and would say it again. */
	if (WIFEXITED(status)) {
		give_up(run, code ? code : EX_SOFTWARE);
	} else if (why) {
		log_line(LOG_TROUBLE, "%s %s; %s, so the run ends here",
			 names[c->room], how, why);
		give_up(run, EX_SOFTWARE);
	} else if (c->soon >= SOON_MAX) {
		log_line(LOG_TROUBLE, "%s %s %d times in a row: given up",
			 names[c->room], how, c->soon);
		give_up(run, EX_SOFTWARE);
	} else {
		log_line(LOG_WARN, "%s %s: started again", names[c->room],
			 how);
		if (start(run, c, &e)) {
			log_line(LOG_TROUBLE, "%s", e.text);
			give_up(run, EX_OSERR);
		} else if (run->asked && c->room == INGEST) {
			/* Only to let what is in the journal arrive. */
			kill(c->pid, STOP_CHILD);
		}
	}
}

static void bury(struct run *run, pid_t pid, int status)
{
	for (size_t i = 0; i < run->n; i++) {
		struct child *c = &run->children[i];

		if (c->pid != pid)
			continue;
		c->pid = 0;
		/* Ingest ends when all is read and acknowledged, or cannot be;
		 * until then the others are needed, also to drain. */
		if (run->code)
			continue;
		if (c->room == INGEST && WIFEXITED(status))
			run->code = WEXITSTATUS(status);
		else if (c->room == INGEST || any_left(run, INGEST))
			revive(run, c, status);
	}
}

static void reap(struct run *run)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		bury(run, pid, status);
}

/* A terminal that goes away takes its command along; to a daemon SIGHUP says
 * that files were changed. */
static bool is_reload(const struct run *run, int number)
{
	return number == STOP_RELOAD || (number == SIGHUP && !run->alone);
}

static void reload(struct run *run)
{
	if (run->ready)
		service_reloading();
	for (size_t i = 0; i < run->n; i++)
		if (run->children[i].pid)
			kill(run->children[i].pid, STOP_RELOAD);
	/* What comes of it the rooms say themselves. */
	if (run->ready)
		service_ready();
}

/* Wait for a signal or ms, then see who died and who reports. Returns the signal
 * if it asks to stop, else 0. */
static int attend(struct run *run, int64_t ms)
{
	struct timespec t = { 0, ms * 1000000 };
	int number = sigtimedwait(&run->signals, NULL, &t);

	if (is_reload(run, number)) {
		reload(run);
		number = 0;
	}
	reap(run);
	hear_rooms(run);
	return number > 0 && number != SIGCHLD ? number : 0;
}

static void tell_stopping(struct run *run)
{
	if (run->stopping)
		return;
	run->stopping = true;
	service_stopping();
	service_status("stopping: what is on its way arrives");
}

static void watch(struct run *run)
{
	int64_t told_ms = -SAME_MS;

	while (any_left(run, INGEST) && !run->code) {
		if (!attend(run, run->ready ? TURN_MS : SOON_READY_MS) ||
		    clock_ms() - told_ms < SAME_MS)
			continue;
		/* The first signal lets ingest drain, the second does not. */
		told_ms = clock_ms();
		tell_stopping(run);
		run->asked = true;
		tell(run, INGEST, STOP_CHILD);
	}
}

/* From the front to the back, so that what is on its way arrives. */
static void stop_room(struct run *run, enum room room)
{
	int64_t begin = clock_ms();

	tell(run, room, STOP_CHILD);
	while (any_left(run, room)) {
		if (clock_ms() - begin > PATIENCE_MS)
			slay(run, room);
		if (attend(run, 200)) /* asked again: now */
			tell(run, room, STOP_CHILD);
	}
}

/* A worker has the copy of its bundle until it is dead, which would then stay.
 * Of children that we did not start, as a shell that became us has them, some
 * never end. */
static void await_orphans(struct run *run)
{
	int64_t until_ms = clock_ms() + ORPHANS_MS;

	while (run->slew && waitpid(-1, NULL, WNOHANG) >= 0 &&
	       clock_ms() < until_ms)
		attend(run, 20);
}

static void run_all(struct run *run)
{
	struct err e = { "" };
	int r = start_all(run, &e);

	if (r) {
		log_line(LOG_TROUBLE, "%s",
			 e.text[0] ? e.text : strerror(-r));
		run->code = err_exit(r);
	} else {
		watch(run);
	}
	tell_stopping(run);
	run->asked = true;
	stop_room(run, INGEST);
	stop_room(run, CLASSIFY);
	stop_room(run, SINK);
	await_orphans(run);
	for (size_t i = 0; i < run->n; i++)
		pulse_end(&run->children[i].pulse);
	free(run->children);
}

static void block_signals(struct run *run)
{
	sigemptyset(&run->signals);
	sigaddset(&run->signals, SIGCHLD);
	sigaddset(&run->signals, SIGTERM);
	sigaddset(&run->signals, SIGINT);
	sigaddset(&run->signals, SIGHUP);
	sigaddset(&run->signals, STOP_CHILD); /* kept until a child is ready */
	sigaddset(&run->signals, STOP_RELOAD);
	sigprocmask(SIG_BLOCK, &run->signals, NULL);
	signal(SIGPIPE, SIG_IGN); /* nobody reads our chatter any more */
	signal(SIGCHLD, SIG_DFL); /* ignored, none could be waited for */
}

int supervise(struct settings *s, bool alone, bool same, int *code,
	      struct err *e)
{
	struct run run = { .s = s, .alone = alone, .same = same };
	int r;

	block_signals(&run); /* from here on nothing is left behind */
	r = make_folder(&run, e);
	if (r)
		return r;
	set_endpoints(&run);
	run_all(&run);
	remove_folder(&run);
	*code = run.code;
	return 0;
}

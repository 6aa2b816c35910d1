/* The rooms are the same daemons that `vigie ingest`, `vigie classify` and
 * `vigie sink` are, over ipc in a private folder. Whoever dies is started
 * again where that loses and repeats nothing; else the run ends and says so. */
#include "commands.h"

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
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"
#include "ingest/workers.h"
#include "stages.h"

enum {
	SOON_MS = 1000,	     /* who dies so soon after its start … */
	SOON_MAX = 5,	     /* … so often in a row, is given up */
	SECOND = 1000,
	PATIENCE_MS = 10000, /* with a room that was told to stop */
	SAME_MS = 300, /* timeout(1) signals us, and then our whole group */
	EXIT_PIPE = 128 + SIGPIPE, /* as a shell says of a closed pipe */
};

struct run_options {
	const char *config, *model, *output, *publish;
	uint64_t workers;
	bool text, scores, quiet, summary, verbose;
};

enum room { INGEST, SINK, CLASSIFY };

struct child {
	enum room room;
	pid_t pid; /* 0: not running */
	int64_t born_ms;
	int soon; /* deaths in a row, each soon after birth */
};

struct run {
	struct settings s;
	bool files; /* named on the command line: one-shot */
	bool same;  /* the same input gives the same numbers again */
	char folder[64];
	char articles[96], verdicts[96];
	char articles_at[PATH_MAX]; /* for those who connect */
	char verdicts_at[PATH_MAX];
	const char *articles_list;
	struct child *children;
	size_t n;
	sigset_t signals;
	bool asked; /* to stop */
	int code;   /* to end with */
};

/* Endpoints: in a folder of our own, unless the configuration has others. */

static int make_folder(struct run *run, struct err *e)
{
	const char *base = getenv("XDG_RUNTIME_DIR");

	if (!base || strlen(base) > 32 || access(base, W_OK))
		base = "/tmp";
	snprintf(run->folder, sizeof(run->folder), "%s/vigie-XXXXXX", base);
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
	struct settings *s = &run->s;

	if (run->files || !s->ingest.bind)
		s->ingest.bind = run->articles;
	if (run->files || !s->sink.bind)
		s->sink.bind = run->verdicts;
	reach(s->ingest.bind, run->articles_at);
	reach(s->sink.bind, run->verdicts_at);
	run->articles_list = run->articles_at;
	s->classify.sink = run->verdicts_at;
	s->classify.connect = (struct conf_texts){ &run->articles_list, 1 };
	s->sink.connect = s->classify.connect;
}

/* What is read and what is written. */

/* The path without links of a file that may not be there yet, or "". */
static void real_path(const char *path, char out[PATH_MAX])
{
	struct str folder = file_folder(path);
	char name[PATH_MAX];

	out[0] = '\0';
	if (realpath(path, out))
		return;
	snprintf(name, sizeof(name), STR_FMT, STR_ARG(folder));
	if (!realpath(folder.n ? name : ".", out)) {
		out[0] = '\0';
		return;
	}
	snprintf(name, sizeof(name), "%s/%s", out, path + folder.n);
	memcpy(out, name, sizeof(name));
}

static bool is_in(const char *file, const char *file_or_folder)
{
	size_t n = strlen(file_or_folder);

	return !strncmp(file, file_or_folder, n) &&
	       (!file[n] || file[n] == '/');
}

/* A pipe, a terminal: what was written to it cannot be found again. */
static bool is_stream(const char *target)
{
	struct stat st;
	bool there = strcmp(target, "-") ? !stat(target, &st)
					 : !fstat(STDOUT_FILENO, &st);

	return there && !S_ISREG(st.st_mode);
}

/* A run that reads its own output never ends. */
static int check_target(const struct run *run, const char *target,
			struct err *e)
{
	const struct ingest_source *s = run->s.ingest.sources.v;
	bool is_stdout = !strcmp(target, "-");
	char out[PATH_MAX], in[PATH_MAX];

	if (is_stream(target))
		return 0;
	real_path(is_stdout ? "/proc/self/fd/1" : target, out);
	for (size_t i = 0; i < run->s.ingest.sources.n; i++)
		if (strcmp(s[i].path, "-") && realpath(s[i].path, in) &&
		    is_in(out, in))
			return err_set(e, -EINVAL,
				       "%s would be written and, being in %s, "
				       "read as well; write to another place",
				       is_stdout ? out : target, s[i].path);
	return 0;
}

static int check_targets(const struct run *run, struct err *e)
{
	const struct sink_target *t = run->s.sink.targets.v;
	size_t n = run->s.sink.targets.n;
	int r = n ? 0 : check_target(run, "-", e);

	for (size_t i = 0; i < n && !r; i++)
		if (t[i].jsonl)
			r = check_target(run, t[i].jsonl, e);
	return r;
}

/* Children. */

static const char *const names[] = { "ingest", "sink", "classify" };

static int room_main(struct run *run, enum room room, struct err *e)
{
	switch (room) {
	case INGEST:
		return ingest_run(&run->s.ingest, e);
	case SINK:
		return sink_run(&run->s.sink, e);
	default:
		return classify_run(&run->s.classify, e);
	}
}

static void child_main(struct run *run, enum room room, pid_t parent)
{
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

	fflush(NULL);
	c->born_ms = clock_ms();
	c->pid = fork();
	if (c->pid < 0) {
		c->pid = 0;
		return err_sys(e, -errno, "starting %s", names[c->room]);
	}
	if (!c->pid)
		child_main(run, c->room, parent);
	/* A file begins anew once: a sink that is started again goes on. */
	if (c->room == SINK)
		run->s.sink.truncate = false;
	return 0;
}

static int start_all(struct run *run, struct err *e)
{
	size_t workers = (size_t)run->s.workers;
	int r = 0;

	if (!workers)
		workers = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
	run->n = 2 + workers;
	run->children = calloc(run->n, sizeof(*run->children));
	if (!run->children)
		return -ENOMEM;
	for (size_t i = 0; i < run->n && !r; i++) {
		run->children[i].room = i == 0	 ? INGEST
					: i == 1 ? SINK
						 : CLASSIFY;
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

static bool any_left(const struct run *run, enum room room)
{
	for (size_t i = 0; i < run->n; i++)
		if (run->children[i].room == room && run->children[i].pid)
			return true;
	return false;
}

/* What a death means. */

static bool writes_streams(const struct sink_settings *s)
{
	const struct sink_target *t = s->targets.v;

	for (size_t i = 0; i < s->targets.n; i++)
		if (t[i].jsonl &&
		    (!strcmp(t[i].jsonl, "-") || is_stream(t[i].jsonl)))
			return true;
	return !s->targets.n;
}

/* Why the room cannot simply begin again; NULL when it can. */
static const char *why_not_again(const struct run *run, enum room room)
{
	if (room == INGEST && (!run->same || run->asked))
		return "what it had read and the sink had not acknowledged "
		       "is not read again";
	if (room == SINK && writes_streams(&run->s.sink))
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
	tell(run, INGEST, SIGKILL);
	tell(run, CLASSIFY, SIGKILL);
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

/* Wait for a signal or ms, then see who died. Returns the signal, 0 for none. */
static int attend(struct run *run, int64_t ms)
{
	struct timespec t = { ms / SECOND, ms % SECOND * 1000000 };
	int number = sigtimedwait(&run->signals, NULL, &t);

	reap(run);
	return number > 0 && number != SIGCHLD ? number : 0;
}

static void watch(struct run *run)
{
	int64_t told_ms = -SAME_MS;

	while (any_left(run, INGEST) && !run->code) {
		if (!attend(run, SECOND) || clock_ms() - told_ms < SAME_MS)
			continue;
		/* The first signal lets ingest drain, the second does not. */
		told_ms = clock_ms();
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
			tell(run, room, SIGKILL);
		if (attend(run, 200)) /* asked again: now */
			tell(run, room, STOP_CHILD);
	}
}

static void supervise(struct run *run)
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
	run->asked = true;
	stop_room(run, INGEST);
	stop_room(run, CLASSIFY);
	stop_room(run, SINK);
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
	sigprocmask(SIG_BLOCK, &run->signals, NULL);
	signal(SIGPIPE, SIG_IGN); /* nobody reads our chatter any more */
	signal(SIGCHLD, SIG_DFL); /* ignored, none could be waited for */
}

/* The command line. */

static bool has_stdin(const struct conf_maps *sources)
{
	const struct ingest_source *s = sources->v;

	for (size_t i = 0; i < sources->n; i++)
		if (!strcmp(s[i].path, "-"))
			return true;
	return false;
}

static int apply(struct run *run, const struct run_options *o,
		 const struct opt_list *files)
{
	struct settings *s = &run->s;
	bool told = o->output || o->publish || !s->sink.targets.n;

	run->files = files->n > 0;
	stages_targets(s, o->output ? o->output
			  : o->publish ? "-"
				       : NULL,
		       o->publish);
	if (o->model)
		s->classify.model = o->model;
	if (o->workers)
		s->workers = (int64_t)o->workers;
	s->sink.text |= o->text;
	if (o->scores)
		s->sink.scores = SINK_SCORES_ALL;
	if (stages_sources(s, files))
		return -ENOMEM;
	/* What goes to a file that the command line named, or to standard
	 * output, is written anew, in order, without a clock time. */
	s->ingest.one_shot = s->sink.truncate = run->files && told;
	s->sink.ordered |= run->files;
	run->same = s->ingest.one_shot && !has_stdin(&s->ingest.sources);
	s->sink.summary = o->summary || (run->files && log_is_terminal());
	s->sink.summary &= !o->quiet;
	s->ingest.progress = run->files && !o->quiet && !isatty(STDOUT_FILENO);
	return 0;
}

static int run_with(struct run *run, struct err *e)
{
	int r = settings_need_model(&run->s, e);
	struct model *m;

	if (r)
		return r;
	if (!run->s.ingest.sources.n)
		return err_set(e, -EINVAL,
			       "nothing to read: name files, or list sources "
			       "in a configuration");
	/* Said once here, rather than by every worker. */
	r = model_open(run->s.classify.model, &m, e);
	if (r)
		return r;
	model_free(m);
	r = check_targets(run, e);
	if (r)
		return r;
	block_signals(run); /* from here on nothing is left behind */
	r = make_folder(run, e);
	if (r)
		return r;
	set_endpoints(run);
	supervise(run);
	remove_folder(run);
	return 0;
}

static int run_main(int argc, char **argv)
{
	struct run_options o = { .config = NULL };
	struct opt_list rest = { .n = 0 };
	struct run run = { .code = 0 };
	struct err e = { "" };
	struct conf conf;
	int r = opt_parse(&run_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (!rest.n && !o.config)
		return opt_misuse(&run_cmd, "name files to read, or a "
					    "configuration");
	if (o.workers > WORKERS_MAX)
		return opt_misuse(&run_cmd, "more than %d workers",
				  WORKERS_MAX);
	log_name("run");
	r = settings_load(&conf, o.config, &run.s, &e);
	if (!r)
		r = apply(&run, &o, &rest);
	log_limit(o.verbose ? LOG_DETAIL : (enum log_level)run.s.log);
	if (!r)
		r = run_with(&run, &e);
	if (r)
		stages_complain(&conf, r, &e);
	conf_done(&conf);
	return r ? err_exit(r) : run.code;
}

#define AT(member) offsetof(struct run_options, member)

static const struct opt options[] = {
	{ "config", 'c', OPT_TEXT, AT(config), "CONFIG",
	  "read this configuration (see vigie.yaml(5))" },
	{ "model", 'm', OPT_TEXT, AT(model), "BUNDLE",
	  "judge by this bundle" },
	{ "output", 'o', OPT_TEXT, AT(output), "FILE",
	  "write records to this file instead of standard output" },
	{ "publish", 'p', OPT_TEXT, AT(publish), "ENDPOINT",
	  "also publish records by topic.stance on a ZeroMQ PUB socket" },
	{ "text", 't', OPT_FLAG, AT(text), NULL,
	  "write the cleaned text into each record" },
	{ "scores", 0, OPT_FLAG, AT(scores), NULL,
	  "write all decision values into each record" },
	{ "workers", 'w', OPT_COUNT, AT(workers), "N",
	  "keep so many classify daemons; else one a processor" },
	{ "summary", 0, OPT_FLAG, AT(summary), NULL,
	  "end with a table on standard error even where that is no "
	  "terminal" },
	{ "quiet", 'q', OPT_FLAG, AT(quiet), NULL,
	  "no table and no progress" },
	{ "verbose", 'v', OPT_FLAG, AT(verbose), NULL, "say more" },
	{ NULL },
};

const struct cmd run_cmd = {
	.name = "run",
	.args = "[FILE…]",
	.summary = "Classify articles: all three daemons, looked after",
	.about =
		"With FILEs (JSON lines, texts, folders of them, - for "
		"standard input) it reads them once, prints a line of JSON for "
		"each article in the order in which they came, and ends. It "
		"remembers nothing: the same input gives the same output. No "
		"configuration is needed.\n\n"
		"With --config alone it runs as a daemon on the sources and "
		"targets of the configuration.\n\n"
		"Either way it starts ingest, classify and sink as processes "
		"of their own, connected in a private folder, and starts again "
		"what dies, as long as that loses and repeats nothing. On "
		"SIGTERM or SIGINT it stops reading, lets what is on its way "
		"arrive, and ends with code 0.\n\n"
		"A line or file that cannot be used is reported with its place "
		"and left out; the rest goes on.",
	.examples = "  vigie run articles/*.txt\n"
		    "  zcat news.jsonl.gz | vigie run - > records.jsonl\n"
		    "  vigie run --config vigie.yaml\n",
	.opts = options,
	.run = run_main,
};

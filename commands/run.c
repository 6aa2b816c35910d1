#include "commands/commands.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "ingest/workers.h"
#include "commands/stages.h"
#include "commands/supervise.h"
#include "ingest/source.h"

struct run_options {
	const char *config, *model, *output, *publish, *copies;
	uint64_t workers;
	bool text, scores, keep_raw, quiet, summary, verbose;
};

struct run {
	struct settings s;
	bool files; /* named on the command line: one-shot */
	bool same;  /* the same input gives the same numbers again */
	int code;   /* to end with */
};

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

/* A run that reads its own output never ends. */
static int check_target(const struct run *run, const char *target,
			struct err *e)
{
	const struct ingest_source *s = run->s.ingest.sources.v;
	bool is_stdout = !strcmp(target, "-");
	char out[PATH_MAX], in[PATH_MAX];

	if (supervise_is_stream(target))
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

/* The command line. */

/* Does any give something else when it is read again? */
static bool has_stream(const struct conf_maps *sources)
{
	const struct ingest_source *s = sources->v;

	for (size_t i = 0; i < sources->n; i++)
		if (!strcmp(s[i].path, "-") || source_is_web(s[i].path))
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
	s->ingest.keep_raw |= o->keep_raw;
	s->ingest.copies = stages_copies(o->copies, s->ingest.copies);
	if (stages_sources(s, files))
		return -ENOMEM;
	/* These are read once, and nothing is remembered; the journal may be
	 * that of a daemon that runs. */
	if (run->files)
		s->ingest.journal.path = s->ingest.push.bind = NULL;
	/* What goes to a file that the command line named, or to standard
	 * output, is written anew, in order, without a clock time. */
	s->ingest.one_shot = s->sink.truncate = run->files && told;
	s->ingest.once = run->files;
	s->sink.ordered |= run->files;
	/* One input, one bundle. */
	s->classify.watch &= !run->files;
	run->same = s->ingest.one_shot && !has_stream(&s->ingest.sources);
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
	if (!run->s.ingest.sources.n && !settings_take_pushes(&run->s))
		return err_set(e, -EINVAL,
			       "nothing to read: name files, or list sources "
			       "in a configuration, or have articles pushed");
	/* Said once here, rather than by every worker. */
	r = model_open(run->s.classify.model, &m, e);
	if (r)
		return r;
	model_free(m);
	r = check_targets(run, e);
	return r ? r
		 : supervise(&run->s, run->files, run->same, &run->code, e);
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
	if (stages_copies(o.copies, 0) < 0)
		return opt_misuse(&run_cmd, STAGES_COPIES, o.copies);
	log_name("run");
	r = settings_load(&conf, o.config, &run.s, &e);
	if (!r)
		r = apply(&run, &o, &rest);
	log_limit(o.verbose ? LOG_DETAIL : (enum log_level)run.s.log);
	log_shape((enum log_format)run.s.log_format);
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
	{ "keep-raw", 0, OPT_FLAG, AT(keep_raw), NULL,
	  "say in each record what was cut out of the text" },
	{ "copies", 0, OPT_TEXT, AT(copies), "HOW",
	  "mark near-copies of an article, drop or keep them" },
	{ "workers", 'w', OPT_COUNT, AT(workers), "N",
	  "keep so many classify daemons; else one a processor" },
	{ "summary", 0, OPT_FLAG, AT(summary), NULL,
	  "end with a table on standard error even where that is no "
	  "terminal" },
	{ "quiet", 'q', OPT_FLAG, AT(quiet), NULL,
	  "no table and no progress" },
	{ "verbose", 'v', OPT_FLAG, AT(verbose), NULL, "say more" },
	{ .name = NULL },
};

const struct cmd run_cmd = {
	.name = "run",
	.args = "[FILE…]",
	.summary = "Classify articles: all three daemons, looked after",
	.about =
		"With FILEs (JSON lines, texts, HTML pages, crawl archives, "
		"folders of them, addresses of feeds, - for standard input; "
		"see vigie-ingest(1)) it reads them once, prints a line of JSON for "
		"each article in the order in which they came, and ends. It "
		"remembers nothing: the same input gives the same output. No "
		"configuration is needed.\n\n"
		"With --config alone it runs as a daemon on the sources and "
		"targets of the configuration: with a journal, followed "
		"sources and pushes if it has them (see vigie-ingest(1)). "
		"SIGHUP then has the rooms read again what they read from "
		"files, bundles and lists of keys.\n\n"
		"Either way it starts ingest, classify and sink as processes "
		"of their own, connected in a private folder, and starts again "
		"what dies, as long as that loses and repeats nothing. On "
		"SIGTERM or SIGINT it stops reading, lets what is on its way "
		"arrive, and ends with code 0; a second one ends it at once, "
		"with code 75 when articles are left.\n\n"
		"A line or file that cannot be used is reported with its place "
		"and left out; the rest goes on.",
	.examples = "  vigie run articles/*.txt\n"
		    "  vigie run https://news.example/rss.xml\n"
		    "  zcat news.jsonl.gz | vigie run - > records.jsonl\n"
		    "  vigie run --config vigie.yaml\n",
	.opts = options,
	.run = run_main,
};

#include "commands/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/stop.h"
#include "commands/dump_cmd.h"
#include "commands/stages.h"
#include "ingest/warc_dump.h"

struct stage_options {
	const char *config, *bind, *sink, *model, *output, *publish, *copies;
	struct dump_options dump; /* for the table: see dump_cmd.h */
	struct opt_list connect;
	bool keep_raw, verbose;
};

void stages_complain(const struct conf *c, int r, const struct err *e)
{
	struct str rest = buf_view(&c->problems);

	if (r != -EINVAL || !c->count) {
		log_line(LOG_TROUBLE, "%s",
			 e->text[0] ? e->text : strerror(-r));
		return;
	}
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');

		log_line(LOG_TROUBLE, STR_FMT, STR_ARG(line));
	}
}

int stages_sources(struct settings *s, const struct opt_list *files)
{
	static struct ingest_source *v; /* as long as the process */

	if (!files->n)
		return 0;
	v = calloc(files->n, sizeof(*v));
	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < files->n; i++)
		v[i].path = files->v[i];
	s->ingest.sources = (struct conf_maps){ v, files->n };
	return 0;
}

void stages_targets(struct settings *s, const char *output,
		    const char *publish)
{
	static struct sink_target v[2];
	size_t n = 0;

	if (output)
		v[n++] = (struct sink_target){ .jsonl = output };
	if (publish)
		v[n++] = (struct sink_target){ .publish = publish };
	if (n)
		s->sink.targets = (struct conf_maps){ v, n };
}

int stages_copies(const char *how, int usual)
{
	static const char *const names[] = { "keep", "mark", "drop" };

	if (!how)
		return usual;
	for (int i = 0; i < 3; i++)
		if (!strcmp(how, names[i]))
			return i;
	return -1;
}

static void set(const char **at, const char *told)
{
	if (told)
		*at = told;
}

static int apply(struct settings *s, const struct stage_options *o,
		 const struct opt_list *rest, const struct cmd *room)
{
	bool sink = room == &sink_cmd;
	struct conf_texts *connect = sink ? &s->sink.connect
					  : &s->classify.connect;

	set(sink ? &s->sink.bind : &s->ingest.bind, o->bind);
	set(&s->classify.sink, o->sink);
	set(&s->classify.model, o->model);
	if (o->connect.n)
		*connect = (struct conf_texts){ o->connect.v,
						o->connect.n };
	stages_targets(s, o->output, o->publish);
	settings_endpoints(s);
	s->ingest.keep_raw |= o->keep_raw;
	s->ingest.copies = stages_copies(o->copies, s->ingest.copies);
	return stages_sources(s, rest);
}

static int run_room(struct settings *s, const struct cmd *room, struct err *e)
{
	int r;

	if (room == &ingest_cmd && !s->ingest.sources.n &&
	    !settings_take_pushes(s))
		return err_set(e, -EINVAL,
			       "no source: name files, list them under "
			       "ingest.sources, or have articles pushed "
			       "(ingest.push.bind)");
	if (room == &ingest_cmd)
		return ingest_run(&s->ingest, e);
	if (room == &sink_cmd)
		return sink_run(&s->sink, e);
	r = settings_need_model(s, e);
	return r ? r : classify_run(&s->classify, e);
}

/* The records of a crawl archive; other dumps are dump_cmd.h's. */
static int dump_records(const struct opt_list *files)
{
	const char *path = files->n ? files->v[0] : "-";
	bool named = strcmp(path, "-");
	struct err e = { "" };
	int fd = named ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	int r = fd < 0 ? err_sys(&e, -errno, "opening it")
		       : warc_dump(fd, stdout, &e);

	if (r)
		log_line(LOG_TROUBLE, "%s: %s", named ? path : "standard input",
			 e.text);
	if (named && fd >= 0)
		close(fd);
	return err_exit(r);
}

static int stage(const struct cmd *c, int argc, char **argv)
{
	struct stage_options o = { .config = NULL };
	struct opt_list rest = { .n = 0 };
	struct settings s;
	struct conf conf;
	struct err e = { "" };
	int r = opt_parse(c, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (rest.n && c != &ingest_cmd)
		return opt_misuse(c, "takes no files");
	if (stages_copies(o.copies, 0) < 0)
		return opt_misuse(c, STAGES_COPIES, o.copies);
	log_name(c->name);
	if (o.dump.type || o.dump.base)
		return opt_misuse(c, "--content-type and --base go with "
				     "--dump of a document");
	if (o.dump.kind && rest.n > 1)
		return opt_misuse(c, "--dump takes one file");
	if (o.dump.kind)
		return dump_records(&rest);
	r = settings_load(&conf, o.config, &s, &e);
	if (!r)
		r = apply(&s, &o, &rest, c);
	if (!r) {
		log_limit(o.verbose ? LOG_DETAIL : (enum log_level)s.log);
		log_shape((enum log_format)s.log_format);
		stop_install_daemon();
		r = settings_check(&conf, &s);
		if (r)
			err_set(&e, r, "%.*s", (int)conf.problems.n - 1,
				conf.problems.p);
		else
			r = run_room(&s, c, &e);
	}
	if (r)
		stages_complain(&conf, r, &e);
	conf_done(&conf);
	return err_exit(r);
}

#define AT(member) offsetof(struct stage_options, member)
#define AT_DUMP(member) AT(dump.member)
#define CONFIG                                                               \
	{ "config", 'c', OPT_TEXT, AT(config), "CONFIG",                     \
	  "read this configuration (see vigie.yaml(5))" }
#define VERBOSE                                                              \
	{ "verbose", 'v', OPT_FLAG, AT(verbose), NULL, "say more" }

static int ingest_main(int argc, char **argv)
{
	if (dump_asked(argc, argv))
		return dump_main(argc, argv);
	return stage(&ingest_cmd, argc, argv);
}

static int classify_main(int argc, char **argv)
{
	return stage(&classify_cmd, argc, argv);
}

static int sink_main(int argc, char **argv)
{
	return stage(&sink_cmd, argc, argv);
}

static const struct opt ingest_options[] = {
	CONFIG,
	{ "bind", 'b', OPT_TEXT, AT(bind), "ENDPOINT",
	  "let classify and sink connect here" },
	{ "keep-raw", 0, OPT_FLAG, AT(keep_raw), NULL,
	  "say in each record what was cut out of the text" },
	{ "copies", 0, OPT_TEXT, AT(copies), "HOW",
	  "mark near-copies of an article, drop or keep them" },
	DUMP_OPTIONS(AT_DUMP),
	VERBOSE,
	{ .name = NULL },
};

const struct cmd ingest_cmd = {
	.name = "ingest",
	.args = "[FILE…]",
	.summary = "Read articles and hand them to classify daemons",
	.about =
		"The first of the three daemons. Reads the sources that the "
		"configuration lists, or the FILEs. Every article is remembered "
		"until the sink has acknowledged it; what is lost on the way is "
		"sent again. The articles in memory are bounded by "
		"ingest.window and ingest.window_bytes.\n\n"
		"With a journal (ingest.journal.path) an article counts as "
		"accepted when it is on disk, and then comes out once, whatever "
		"is killed and whenever: as a record, or as a dead letter with "
		"its reason. Then, too, sources with follow: true are read on "
		"as they grow, from where an earlier life was, over rotation, "
		"and others may bring articles: over ZeroMQ (ingest.push.bind, "
		"see vigie-push(1)) or by POST /articles (ingest.http.listen). "
		"Without a journal what was read and is not acknowledged is "
		"lost when ingest is killed.\n\n"
		"A source is read by its kind, which shows by its looks unless "
		"`kind` says it. jsonl: JSON lines, an article a line. text: "
		"one article. page (*.html): the article of a saved page. "
		"warc (*.warc.gz): the pages of a crawl archive. archive "
		"(*.zip, *.tar.*): what the files within give. folder: the "
		"same of a folder. feed (an address, *.rss): the items of a "
		"feed, polled; the page of an item where the feed has only a "
		"summary. sitemap: the pages that a news sitemap lists, "
		"polled. opml: the feeds of a list. What is polled needs a "
		"journal; what came before is passed over, and what has "
		"changed comes with `revision` one higher. vigie-feeds(1) "
		"lists the feeds. With ingest.copies near-copies of an article "
		"are marked (`near_of`) or dropped.\n\n"
		"Ends with code 0 when all sources have ended, none is pushed, "
		"and every article is acknowledged. On SIGTERM it stops "
		"reading and waits for the last acks as long as ingest.drain "
		"says. What is left then stays in the journal, and the code is "
		"0; without a journal it is 75. SIGHUP has it read the lists "
		"of keys again.\n\n"
		"With --dump it is no daemon: it prints, as JSON, what it "
		"makes of one document, FILE or standard input, of at most 15 "
		"MB. feed: {\"feed\": …, \"items\": […]}; sitemap, opml and "
		"links (the feeds that a page names): {\"head\": …, "
		"\"items\": […]}; page: the article; any: as it looks; text: "
		"a plain text without what is no part of it, and what was cut; "
		"language; charset: its name and the text in UTF-8; date: FILE "
		"itself, as feeds write dates, in UTC, or nothing; warc: a "
		"line a record of a crawl archive of any size. As in the "
		"daemon a process that can open nothing takes it apart. A "
		"document that is refused, or takes more than 2 s of processor "
		"time or 60 MB, is code 65.",
	.examples = "  vigie ingest --config /etc/vigie/vigie.yaml\n"
		    "  vigie ingest --bind ipc:///tmp/v/articles news.jsonl\n"
		    "  vigie ingest --dump feed < feed.xml\n"
		    "  vigie ingest --dump page "
		    "--base https://news.example/a page.html\n",
	.opts = ingest_options,
	.run = ingest_main,
};

static const struct opt classify_options[] = {
	CONFIG,
	{ "model", 'm', OPT_TEXT, AT(model), "BUNDLE",
	  "judge by this bundle" },
	{ "connect", 0, OPT_LIST, AT(connect), "ENDPOINT",
	  "pull articles from this ingest; may be given again" },
	{ "sink", 's', OPT_TEXT, AT(sink), "ENDPOINT",
	  "push verdicts to this sink" },
	VERBOSE,
	{ .name = NULL },
};

const struct cmd classify_cmd = {
	.name = "classify",
	.args = "",
	.summary = "Judge articles by a model",
	.about =
		"The second of the three daemons. Pulls articles from one or "
		"more ingests, judges them and pushes the verdicts to the "
		"sink. It keeps nothing: start as many as you like, stop or "
		"kill them at any time; what they held is judged by another.\n\n"
		"Each is two processes: a worker, and a guard that starts it "
		"again when it dies, or kills it when it works on one article "
		"for longer than classify.stuck_after. An article that takes "
		"its worker with it is sent alone from then on, and given up "
		"after as many deaths as ingest.solo says: a dead letter.\n\n"
		"A bundle that was replaced (vigie model install) is verified "
		"and taken over between two batches, within two seconds or on "
		"SIGHUP; one that is damaged is refused, and the old one judges "
		"on. Every record names the bundle that judged it.\n\n"
		"All classify daemons of a user share one copy of the bundle "
		"in memory, in a folder vigie-bundles-UID that is beside the "
		"first ipc socket or where classify.share says; the last to "
		"leave removes it.",
	.examples = "  vigie classify --config /etc/vigie/vigie.yaml\n"
		    "  vigie classify --model mine.vigie \\\n"
		    "      --connect ipc:///tmp/v/articles "
		    "--sink ipc:///tmp/v/verdicts\n",
	.opts = classify_options,
	.run = classify_main,
};

static const struct opt sink_options[] = {
	CONFIG,
	{ "bind", 'b', OPT_TEXT, AT(bind), "ENDPOINT",
	  "let classify daemons push verdicts here" },
	{ "connect", 0, OPT_LIST, AT(connect), "ENDPOINT",
	  "acknowledge to this ingest; may be given again" },
	{ "output", 'o', OPT_TEXT, AT(output), "FILE",
	  "append records to this file; - is standard output" },
	{ "publish", 'p', OPT_TEXT, AT(publish), "ENDPOINT",
	  "publish records by topic.stance on a ZeroMQ PUB socket" },
	VERBOSE,
	{ .name = NULL },
};

const struct cmd sink_cmd = {
	.name = "sink",
	.args = "",
	.summary = "Write records and acknowledge them",
	.about =
		"The third of the three daemons. Receives verdicts, writes one "
		"line of JSON an article, and acknowledges to ingest what is "
		"written. A verdict that comes twice is written once: of every "
		"ingest it knows exactly which articles are written, and it "
		"learns that again from the file when it is started anew. A "
		"line that was cut by a crash is cut off at the start; its "
		"article comes again. An article that was given up goes to the "
		"dead letters (sink.dead_letters, see vigie-dlq(1)); without "
		"such a file only the log tells of it. SIGHUP has the lists of "
		"keys read again.\n\n"
		"Every target promises something, and `vigie check` says what. "
		"A jsonl file, a sqlite file and a postgres database get every "
		"record exactly once, whatever is killed and whenever: the file "
		"is synced before the ack, the databases take rows and "
		"watermark in one transaction and refuse to work where a "
		"commit does not outlive a power cut. When a disk is full or a "
		"server away the sink waits, says so, and goes on where it "
		"stopped.\n\n"
		"A webhook gets every record at least once: lines are posted "
		"until they are answered with 2xx, each post with an "
		"Idempotency-Key, and one that is refused for good is named and "
		"posted again until it is taken. Standard output and a PUB "
		"socket are weaker: what their reader did not get is lost. Of "
		"these three lines may come again after a restart of the "
		"sink; origin and seq tell.\n\n"
		"A PUB socket sends one message a topic, its first frame "
		"'topic.stance' ('none' for an article without a topic), its "
		"second the line, so that a subscriber filters by prefix.",
	.examples = "  vigie sink --config /etc/vigie/vigie.yaml\n"
		    "  vigie sink --bind ipc:///tmp/v/verdicts \\\n"
		    "      --connect ipc:///tmp/v/articles "
		    "--output records.jsonl\n",
	.opts = sink_options,
	.run = sink_main,
};

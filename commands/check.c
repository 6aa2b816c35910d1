#include "commands/commands.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "commands/settings.h"
#include "ingest/source.h"
#include "sink/target.h"
#include "wire/endpoint.h"

struct check_options {
	bool example, show;
};

static void check_readable(struct conf *c, const struct settings *s)
{
	const struct ingest_source *v = s->ingest.sources.v;

	for (size_t i = 0; i < s->ingest.sources.n; i++) {
		if (!v[i].path || !strcmp(v[i].path, "-") ||
		    source_is_web(v[i].path) || !access(v[i].path, R_OK))
			continue;
		if (v[i].follow && errno == ENOENT)
			printf("note: %s is not there yet and is waited for\n",
			       v[i].path);
		else
			conf_problem(c, "ingest.sources: %s: %s", v[i].path,
				     strerror(errno));
	}
}

static void check_folder(struct conf *c, const char *key, const char *path)
{
	struct str folder;
	char name[PATH_MAX];

	if (!path || !strcmp(path, "-"))
		return;
	folder = file_folder(path);
	snprintf(name, sizeof(name), STR_FMT, STR_ARG(folder));
	if (access(folder.n ? name : ".", W_OK))
		conf_problem(c, "%s: the folder of %s: %s", key, path,
			     strerror(errno));
}

/* It is made when it is not there, but for the folder that it is in. */
static void check_journal(struct conf *c, const struct settings *s)
{
	const char *path = s->ingest.journal.path;
	struct stat st;

	if (!path)
		return;
	if (stat(path, &st) && errno == ENOENT)
		check_folder(c, "ingest.journal.path", path);
	else if (access(path, R_OK | W_OK | X_OK))
		conf_problem(c, "ingest.journal.path: %s: %s", path,
			     strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		conf_problem(c, "ingest.journal.path: %s: %s", path,
			     strerror(ENOTDIR));
}

/* The place of a target and its kind; NULL when it names none. */
static const struct target_kind *kind_of(const struct sink_target *t,
					 const char **place)
{
	const struct {
		const struct target_kind *kind;
		const char *place;
	} all[] = {
		{ &target_jsonl, t->jsonl },
		{ &target_pub, t->publish },
		{ &target_sqlite, t->sqlite },
		{ &target_postgres, t->postgres },
		{ &target_webhook, t->webhook },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].place) {
			*place = all[i].place;
			return all[i].kind;
		}
	return NULL;
}

static void print_notes(const struct buf *notes)
{
	struct str rest = buf_view(notes);

	while (rest.n) {
		struct str note = str_cut(&rest, '\n');

		printf("note: " STR_FMT "\n", STR_ARG(note));
	}
}

static void check_target(struct conf *c, const struct sink_target *t)
{
	struct target_options o = { .settings = t };
	const struct target_kind *kind = kind_of(t, &o.place);
	struct err e = { "" };
	struct buf notes;

	if (kind == &target_sqlite || kind == &target_jsonl)
		check_folder(c, "sink.targets", o.place);
	if (!kind || !kind->check)
		return;
	buf_init(&notes, 4096);
	o.notes = &notes;
	if (kind->check(&o, &e))
		conf_problem(c, "sink.targets.%s: %s", kind->name, e.text);
	print_notes(&notes);
	buf_done(&notes);
}

static void check_targets(struct conf *c, const struct settings *s)
{
	const struct sink_target *v = s->sink.targets.v;

	for (size_t i = 0; i < s->sink.targets.n; i++)
		check_target(c, &v[i]);
	check_folder(c, "sink.dead_letters", s->sink.dead_letters);
}

static void check_model(struct conf *c, const struct settings *s)
{
	struct err e = { "" };
	struct model *m;

	if (settings_need_model(s, &e)) {
		conf_problem(c, "%s", e.text);
		return;
	}
	if (model_open(s->classify.model, &m, &e)) {
		conf_problem(c, "classify.model: %s", e.text);
		return;
	}
	if (model_selftest(m, &e))
		conf_problem(c, "classify.model: %s: %s", s->classify.model,
			     e.text);
	else
		printf("model %s@sha256:%s: %u topics, %u stances, %u terms, "
		       "self-test passed\n",
		       m->name, m->id, m->topic_count, m->stance_count,
		       m->tfidf.terms);
	model_free(m);
}

static void check_server(struct conf *c, const struct keys *k,
			 const char *key, const char *endpoint)
{
	char text[KEY_TEXT + 1];
	struct err e = { "" };

	if (endpoint && endpoint_is_tcp(endpoint) &&
	    keys_server(k, endpoint, text, &e))
		conf_problem(c, "%s: %s", key, e.text);
}

static void check_servers(struct conf *c, const struct keys *k,
			  const char *key, const struct conf_texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		check_server(c, k, key, t->v[i]);
}

static void check_keys(struct conf *c, const struct settings *s)
{
	struct err e = { "" };
	struct keys *k;

	if (!s->keys.folder)
		return;
	if (keys_open(s->keys.folder, &k, &e)) {
		conf_problem(c, "keys: %s", e.text);
		return;
	}
	check_server(c, k, "classify.sink", s->classify.sink);
	check_servers(c, k, "classify.connect", &s->classify.connect);
	check_servers(c, k, "sink.connect", &s->sink.connect);
	keys_free(k);
}

/* How strong the promise of each target is, for who relies on it. A place may
 * hold a password, so that only paths and endpoints are printed. */
static void say_promise(size_t number, const struct sink_target *t)
{
	const char *place = NULL, *weaker;
	const struct target_kind *kind = kind_of(t, &place);

	if (!kind)
		return;
	weaker = kind->weaker;
	if (kind == &target_jsonl && !strcmp(place, "-"))
		weaker = "standard output is not synced; what its reader did "
			 "not get is lost";
	if (weaker)
		printf("note: target %zu (%s): %s\n", number, kind->name,
		       weaker);
	else
		printf("target %zu (%s): every record once, whatever is "
		       "killed\n",
		       number, kind->name);
}

static void say_sources(const struct ingest_settings *s)
{
	const struct ingest_source *v = s->sources.v;

	for (size_t i = 0; i < s->sources.n; i++)
		if (v[i].path && !strcmp(v[i].path, "-"))
			puts("note: standard input cannot be read again: what "
			     "ingest has taken from it\n      and not accepted "
			     "is lost when it is killed");
}

static void say_accepted(const struct settings *s)
{
	const struct ingest_settings *in = &s->ingest;

	if (in->journal.path)
		printf("ingest: an article is accepted when it is on disk, in "
		       "%s\n",
		       in->journal.path);
	else
		puts("note: no ingest.journal.path: articles in ingest's memory "
		     "are lost when it is\n      killed, and its sources are "
		     "read from their beginning");
	if (in->http.listen && in->journal.path)
		printf("ingest: takes articles by POST /articles at %s\n",
		       in->http.listen);
	else if (in->http.listen)
		puts("note: ingest.http.listen without a journal shows health "
		     "and metrics, and takes\n      no articles");
	if (!s->sink.dead_letters)
		puts("note: no sink.dead_letters: of an article that is given "
		     "up only the log tells");
	say_sources(in);
}

static void say_promises(const struct settings *s)
{
	static const struct sink_target out = { .jsonl = "-" };
	const struct sink_target *v = s->sink.targets.v;

	if (!s->sink.targets.n)
		say_promise(1, &out);
	for (size_t i = 0; i < s->sink.targets.n; i++)
		say_promise(i + 1, &v[i]);
	say_accepted(s);
}

static int check(const char *path, bool show, struct err *e)
{
	struct settings s;
	struct conf c;
	int r = settings_load(&c, path, &s, e);

	if (r && r != -EINVAL) {
		conf_done(&c);
		return r;
	}
	if (show) {
		conf_show(settings_keys, &s, stdout);
	} else {
		check_readable(&c, &s);
		check_journal(&c, &s);
		check_targets(&c, &s);
		check_model(&c, &s);
		check_keys(&c, &s);
		say_promises(&s);
	}
	if (c.count) {
		fwrite(c.problems.p, 1, c.problems.n, stderr);
		fprintf(stderr, "%s: %zu problem%s\n", path ? path : "settings",
			c.count, c.count == 1 ? "" : "s");
		r = -EINVAL;
	} else if (!show) {
		printf("%s: good\n", path ? path : "defaults");
	}
	conf_done(&c);
	return r;
}

static void example(void)
{
	puts("# vigie.yaml: every setting with its default, commented out.\n"
	     "# vigie check vigie.yaml says whether all is well.");
	conf_example(settings_keys, stdout);
}

static int check_main(int argc, char **argv)
{
	struct check_options o = { .example = false };
	struct opt_list rest = { .n = 0 };
	struct err e = { "" };
	int r = opt_parse(&check_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (o.example) {
		example();
		return EX_OK;
	}
	if (rest.n > 1 || (!rest.n && !o.show))
		return opt_misuse(&check_cmd, "name one configuration");
	r = check(rest.n ? rest.v[0] : NULL, o.show, &e);
	if (r && r != -EINVAL)
		fprintf(stderr, "vigie check: %s\n", e.text);
	return r == -EINVAL ? EX_CONFIG : err_exit(r);
}

#define AT(member) offsetof(struct check_options, member)

static const struct opt options[] = {
	{ "example", 0, OPT_FLAG, AT(example), NULL,
	  "print a configuration to start from, with every key explained" },
	{ "show", 0, OPT_FLAG, AT(show), NULL,
	  "print the configuration that is in effect, defaults included" },
	{ .name = NULL },
};

const struct cmd check_cmd = {
	.name = "check",
	.args = "CONFIG",
	.summary = "Say all that is wrong with a configuration",
	.about =
		"Reads the configuration and lists every problem with file, "
		"line and column: unknown keys, wrong types, values out of "
		"bounds, endpoints that are none, sources that cannot be read, "
		"folders that cannot be written, connection strings and URLs "
		"that are none. Says of each target how strong its promise is "
		"(see vigie-sink(1)), and what a kill could cost without a "
		"journal or a file for dead letters; databases are not "
		"connected to. "
		"Opens the model, verifies its "
		"checksum and lets it judge the articles of its own self-test. "
		"Ends with code 78 when there is a problem.\n\n"
		"With --show, and no CONFIG, prints the defaults.",
	.examples = "  vigie check --example > vigie.yaml\n"
		    "  vigie check vigie.yaml\n"
		    "  vigie check --show vigie.yaml\n",
	.opts = options,
	.run = check_main,
};

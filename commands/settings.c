#include "commands/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ingest/source.h"
#include "ingest/web_url.h"
#include "ingest/workers.h"
#include "wire/endpoint.h"
#include "wire/link.h"

#define AT(member) offsetof(struct settings, member)

static const char *const levels[] = { "trouble", "warnings", "notes",
				      "details", NULL };

static const char *const formats[] = { "text", "json", NULL };

static const struct conf_key log_keys[] = {
	{ "level", CONF_CHOICE, 0, "notes", .choices = levels,
	  .help = "how much is said on standard error" },
	{ "format", CONF_CHOICE, sizeof(int), "text", .choices = formats,
	  .help = "text for people, json for machines" },
	{ .name = NULL },
};

static const struct conf_key run_keys[] = {
	{ "workers", CONF_INT, 0, "0", 0, WORKERS_MAX,
	  .help = "classify daemons that 'vigie run' keeps; 0: one a "
		  "processor.\nWhere classify.http.listen is set, the first "
		  "listens on its port, the second\non the port after it, and "
		  "so on" },
	{ .name = NULL },
};

const struct conf_key settings_keys[] = {
	{ "ingest", CONF_MAP, AT(ingest), .keys = ingest_keys,
	  .help = "Reading articles and keeping them until they are written" },
	{ "classify", CONF_MAP, AT(classify), .keys = classify_keys,
	  .help = "Judging articles" },
	{ "sink", CONF_MAP, AT(sink), .keys = sink_keys,
	  .help = "Writing records" },
	{ "run", CONF_MAP, AT(workers), .keys = run_keys,
	  .help = "The three of them together" },
	{ "keys", CONF_MAP, AT(keys), .keys = keys_keys,
	  .help = "Who may connect from other machines" },
	{ "log", CONF_MAP, AT(log), .keys = log_keys,
	  .help = "What is said while working" },
	{ .name = NULL },
};

/* Beside the program as it was built, or where it was installed. */
static void find_model(struct settings *s)
{
	static const char *const places[] = {
		"../../models/cloud.vigie",
		"../../share/vigie/models/cloud.vigie",
		"models/cloud.vigie", /* without door.c */
	};
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	struct str folder;

	if (s->classify.model || n < 0)
		return;
	self[n] = '\0';
	folder = file_folder(self);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		snprintf(s->model_path, sizeof(s->model_path), STR_FMT "%s",
			 STR_ARG(folder), places[i]);
		if (!access(s->model_path, R_OK)) {
			s->classify.model = s->model_path;
			return;
		}
	}
}

/* From here on an address is a path like others. */
static void take_addresses(const struct conf_maps *sources)
{
	struct ingest_source *v = sources->v;

	for (size_t i = 0; i < sources->n; i++)
		if (v[i].url && !v[i].path)
			v[i].path = v[i].url;
}

int settings_load(struct conf *c, const char *path, struct settings *ret,
		  struct err *e)
{
	int r;

	memset(ret, 0, sizeof(*ret));
	r = conf_load(c, path, settings_keys, ret, e);
	if (r && r != -EINVAL)
		return r;
	take_addresses(&ret->ingest.sources);
	ret->ingest.keys = ret->classify.keys = ret->sink.keys = &ret->keys;
	settings_check(c, ret);
	find_model(ret);
	if (!c->count)
		return r;
	err_clear(e);
	return err_set(e, -EINVAL, "%.*s", (int)c->problems.n - 1,
		       c->problems.p);
}

static void check_endpoint(struct conf *c, const struct settings *s,
			   const char *key, const char *endpoint)
{
	struct err e = { "" };

	if (!endpoint)
		return;
	if (link_check(endpoint, &e))
		conf_problem(c, "%s: %s", key, e.text);
	else if (endpoint_is_tcp(endpoint) && !s->keys.folder)
		conf_problem(c, "%s: %s is reachable by others: make keys "
				"with 'vigie keygen' and name their folder "
				"under keys.folder",
			     key, endpoint);
}

static void check_endpoints(struct conf *c, const struct settings *s,
			    const char *key, const struct conf_texts *t)
{
	for (size_t i = 0; i < t->n; i++)
		check_endpoint(c, s, key, t->v[i]);
}

/* What is followed and what is polled must be remembered. */
static void check_remembered(struct conf *c, const struct settings *s,
			     const struct ingest_source *v)
{
	bool polled = source_is_polled(v->path, v->kind);

	if ((v->follow || polled) && !s->ingest.journal.path)
		conf_problem(c, "ingest.sources: %s is %s, which needs a "
				"journal that remembers how far it was read: "
				"name a folder under ingest.journal.path",
			     v->path, polled ? "polled" : "followed");
}

/* Would it be fetched at all? A host that is not there is no mistake of the
 * configuration. */
static void check_address(struct conf *c, const char *url)
{
	struct web_url parts = { .text = NULL };
	struct err why = { "" };

	if (!source_is_web(url))
		conf_problem(c, "ingest.sources: '%s' is no address: it must "
				"begin with https:// or http://; a file is "
				"named by 'path'", url);
	else if (web_url_parse(NULL, url, &parts, &why) == STEP_REJECT)
		conf_problem(c, "ingest.sources: %s", why.text);
	web_url_done(&parts);
}

static void check_source(struct conf *c, const struct settings *s, size_t i)
{
	const struct ingest_source *v = s->ingest.sources.v;
	struct err why = { "" };

	if (!v[i].path)
		conf_problem(c, "ingest.sources: source %zu has neither "
				"'path' nor 'url'", i + 1);
	else
		check_remembered(c, s, &v[i]);
	if (v[i].url && v[i].path != v[i].url)
		conf_problem(c, "ingest.sources: source %zu has both 'path' "
				"and 'url'", i + 1);
	else if (v[i].url)
		check_address(c, v[i].url);
	if (v[i].kind && source_kind_check(v[i].kind, &why))
		conf_problem(c, "ingest.sources: %s", why.text);
}

/* Who brings an article is told that it is on disk, so there must be one. */
static void check_push(struct conf *c, const struct settings *s)
{
	check_endpoint(c, s, "ingest.push.bind", s->ingest.push.bind);
	if (s->ingest.push.bind && !s->ingest.journal.path)
		conf_problem(c, "ingest.push.bind: what is pushed is answered "
				"when it is on disk, which needs a journal: "
				"name a folder under ingest.journal.path");
}

static void check_targets(struct conf *c, const struct settings *s)
{
	const struct sink_target *t = s->sink.targets.v;

	for (size_t i = 0; i < s->sink.targets.n; i++) {
		if (!!t[i].jsonl + !!t[i].publish + !!t[i].sqlite +
			    !!t[i].postgres + !!t[i].webhook !=
		    1)
			conf_problem(c, "sink.targets: target %zu needs one "
					"of 'jsonl', 'sqlite', 'postgres', "
					"'webhook' and 'publish'",
				     i + 1);
		check_endpoint(c, s, "sink.targets.publish", t[i].publish);
	}
}

int settings_check(struct conf *c, const struct settings *s)
{
	size_t before = c->count;

	check_endpoint(c, s, "ingest.bind", s->ingest.bind);
	check_push(c, s);
	check_endpoint(c, s, "classify.sink", s->classify.sink);
	check_endpoints(c, s, "classify.connect", &s->classify.connect);
	check_endpoint(c, s, "sink.bind", s->sink.bind);
	check_endpoints(c, s, "sink.connect", &s->sink.connect);
	http_check(c, "ingest", &s->ingest.http);
	http_check(c, "classify", &s->classify.http);
	http_check(c, "sink", &s->sink.http);
	for (size_t i = 0; i < s->ingest.sources.n; i++)
		check_source(c, s, i);
	check_targets(c, s);
	return c->count > before ? -EINVAL : 0;
}

bool settings_take_pushes(const struct settings *s)
{
	return s->ingest.journal.path &&
	       (s->ingest.push.bind || s->ingest.http.listen);
}

static void fill(const char **endpoint, const char *usual)
{
	if (!*endpoint)
		*endpoint = usual;
}

void settings_endpoints(struct settings *s)
{
	static const char *articles = "ipc:///run/vigie/articles";
	static const char *verdicts = "ipc:///run/vigie/verdicts";

	fill(&s->ingest.bind, articles);
	fill(&s->classify.sink, verdicts);
	fill(&s->sink.bind, verdicts);
	if (!s->classify.connect.n)
		s->classify.connect = (struct conf_texts){ &articles, 1 };
	if (!s->sink.connect.n)
		s->sink.connect = (struct conf_texts){ &articles, 1 };
}

int settings_need_model(const struct settings *s, struct err *e)
{
	if (s->classify.model)
		return 0;
	return err_set(e, -ENOENT,
		       "no model: %s is not there; train one (vigie train "
		       "RECIPE --output FILE) and name it with --model FILE or "
		       "classify.model",
		       s->model_path);
}

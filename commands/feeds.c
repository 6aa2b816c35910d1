/* `vigie feeds`: what is polled, and how it goes. */
#include "commands/feeds.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"
#include "base/opt.h"
#include "commands/commands.h"
#include "commands/stages.h"
#include "ingest/source.h"

static const struct action {
	const char *name, *word; /* what it wants, or NULL */
	int (*run)(const struct settings *s, const struct feeds_options *o,
		   const char *word, struct err *e);
} actions[] = {
	{ "list", NULL, feeds_list },
	{ "export", NULL, feeds_export },
	{ "import", "a file", feeds_import },
	{ "discover", "an address", feeds_discover },
};

enum { ACTIONS = sizeof(actions) / sizeof(*actions) };

static int check_words(const struct action *a, const struct feeds_options *o,
		       const struct opt_list *rest)
{
	bool writes = a->run == feeds_export || a->run == feeds_import;

	if (rest->n > (a->word ? 2u : 1u))
		return a->word ? opt_misuse(&feeds_cmd, "%s wants %s", a->name,
					    a->word)
			       : opt_misuse(&feeds_cmd,
					    "%s takes no words behind it",
					    a->name);
	if (a->word && rest->n != 2)
		return opt_misuse(&feeds_cmd, "%s wants %s", a->name, a->word);
	if (o->json && a->run != feeds_list)
		return opt_misuse(&feeds_cmd, "only list has --json");
	if (o->output && !writes)
		return opt_misuse(&feeds_cmd,
				  "only export and import have --output");
	if (a->run == feeds_discover && !source_is_web(rest->v[1]))
		return opt_misuse(&feeds_cmd,
				  "'%s' is no address: it must begin with "
				  "https:// or http://",
				  rest->v[1]);
	return OPT_GO;
}

static int run(int argc, char **argv)
{
	struct feeds_options o = { .json = false };
	struct opt_list rest = { .n = 0 };
	const struct action *a = &actions[0];
	struct settings s;
	struct conf conf;
	struct err e = { "" };
	int r = opt_parse(&feeds_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (rest.n)
		a = opt_action(&feeds_cmd, actions, ACTIONS, sizeof(*actions),
			       rest.v[0]);
	if (!a)
		return EX_USAGE;
	r = check_words(a, &o, &rest);
	if (r != OPT_GO)
		return r;
	log_name("feeds");
	r = settings_load(&conf, o.config, &s, &e);
	if (!r)
		r = a->run(&s, &o, rest.n > 1 ? rest.v[1] : NULL, &e);
	if (r)
		stages_complain(&conf, r, &e);
	conf_done(&conf);
	return err_exit(r);
}

#define AT(member) offsetof(struct feeds_options, member)

static const struct opt options[] = {
	{ "config", 'c', OPT_TEXT, AT(config), "FILE",
	  "the configuration whose feeds are meant" },
	{ "all", 'a', OPT_FLAG, AT(all), NULL,
	  "also feeds that the journal remembers and the configuration does "
	  "not name" },
	{ "json", 0, OPT_FLAG, AT(json), NULL,
	  "list: a line of JSON for each" },
	{ "output", 'o', OPT_TEXT, AT(output), "FILE",
	  "export, import: write to this file" },
	{ .name = NULL },
};

const struct cmd feeds_cmd = {
	.name = "feeds",
	.args = "[list | export | import FILE | discover URL]",
	.summary = "See the feeds that are polled, and how they do",
	.about =
		"list, which is meant when nothing is said, prints each feed "
		"of the configuration and of the lists (OPML) that it names: "
		"its state (new, good, failing; gone: it said 410 and is not "
		"asked any more), the last poll that succeeded, the next one, "
		"the failures in a row and the last of them. It reads what the "
		"journal of an ingest remembers and may be called while that "
		"is running. Where a redirect or a page has led elsewhere, "
		"that address stands behind an arrow. With --all, also the "
		"parts of sitemap indexes and what was taken out of the "
		"configuration.\n\n"
		"export prints them as OPML, which other readers of feeds "
		"take. import turns OPML into the lines for `ingest.sources`; "
		"a source of kind opml that names the file does as well, and "
		"follows its changes.\n\n"
		"discover fetches one page and prints the feeds that it names, "
		"the best first: an address a line, and its title behind a "
		"tab.",
	.examples = "  vigie feeds --config /etc/vigie/vigie.yaml\n"
		    "  vigie feeds --json --config vigie.yaml | jq -r "
		    "'select(.failures > 2).url'\n"
		    "  vigie feeds discover https://news.example/\n"
		    "  vigie feeds import subscriptions.opml >sources.yaml\n"
		    "  vigie feeds export --config vigie.yaml >feeds.opml\n",
	.opts = options,
	.run = run,
};

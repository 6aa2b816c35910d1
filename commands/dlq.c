/* `vigie dlq`: dead letters, seen, brought back, done with. */
#include "commands/dlq.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"
#include "base/stop.h"
#include "commands/commands.h"

/* Which words behind the file an action takes. */
enum wants { NO_WORDS, ONE_WORD, WORDS_OR_ALL };

static const struct action {
	const char *name;
	enum wants wants;
	int (*run)(struct letters *l, const struct dlq_options *o,
		   struct err *e);
} actions[] = {
	{ "list", NO_WORDS, dlq_list },
	{ "show", ONE_WORD, dlq_show },
	{ "replay", WORDS_OR_ALL, dlq_replay },
	{ "drop", WORDS_OR_ALL, dlq_drop },
};

enum { ACTIONS = sizeof(actions) / sizeof(*actions) };

static int check_words(const struct action *a, const struct dlq_options *o,
		       const struct opt_list *rest)
{
	size_t words = rest->n > 2 ? rest->n - 2 : 0;

	if (rest->n < 2)
		return opt_misuse(&dlq_cmd, "%s wants a file of dead letters",
				  a->name);
	if (a->wants == NO_WORDS && words)
		return opt_misuse(&dlq_cmd, "%s wants one file", a->name);
	if (a->wants == ONE_WORD && words != 1)
		return opt_misuse(&dlq_cmd, "%s wants a file and a number",
				  a->name);
	if (a->wants == WORDS_OR_ALL && !words == !o->all)
		return opt_misuse(&dlq_cmd,
				  "%s wants numbers behind the file, or --all",
				  a->name);
	if (o->all && a->wants == ONE_WORD)
		return opt_misuse(&dlq_cmd, "%s has no --all", a->name);
	if (a->run != dlq_replay &&
	    (o->to || o->token_file || o->ca || o->keys))
		return opt_misuse(&dlq_cmd, "only replay has --to and what "
					    "goes with it");
	return OPT_GO;
}

static int act(const struct action *a, const struct dlq_options *o,
	       const struct opt_list *rest, struct err *e)
{
	struct letters l;
	int r = letters_read(&l, rest->v[1], e);

	if (!r)
		r = handled_read(&l, e);
	if (!r && rest->n > 2)
		r = letters_choose(&l, rest->v + 2, rest->n - 2, e);
	else if (!r)
		letters_choose_all(&l);
	if (!r)
		r = a->run(&l, o, e);
	letters_done(&l);
	return r;
}

static int run(int argc, char **argv)
{
	struct dlq_options o = { .all = false };
	struct opt_list rest = { .n = 0 };
	const struct action *a;
	struct err e = { "" };
	int r = opt_parse(&dlq_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	a = opt_action(&dlq_cmd, actions, ACTIONS, sizeof(*actions),
		       rest.n ? rest.v[0] : NULL);
	if (!a)
		return EX_USAGE;
	r = check_words(a, &o, &rest);
	if (r != OPT_GO)
		return r;
	log_name("dlq");
	stop_install();
	r = act(a, &o, &rest, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

#define AT(member) offsetof(struct dlq_options, member)

static const struct opt options[] = {
	{ "all", 0, OPT_FLAG, AT(all), NULL,
	  "list: also what was replayed or dropped; replay, drop: all that "
	  "was not" },
	{ "to", 0, OPT_TEXT, AT(to), "ENDPOINT",
	  "replay: bring them to this ingest: ipc://, tcp://, http:// or "
	  "https://" },
	{ "token-file", 0, OPT_TEXT, AT(token_file), "FILE",
	  "replay: the token that an HTTP server asks for" },
	{ "ca", 0, OPT_TEXT, AT(ca), "FILE",
	  "replay: who signed the certificate of an https server" },
	{ "keys", 0, OPT_TEXT, AT(keys), "DIR",
	  "replay: the keys for a tcp endpoint" },
	{ .name = NULL },
};

const struct cmd dlq_cmd = {
	.name = "dlq",
	.args = "list FILE | show FILE SEQ | replay FILE SEQ… | drop FILE SEQ…",
	.summary = "See dead letters, and bring them back",
	.about =
		"The sink writes a dead letter for each article that was "
		"given up, into the file that sink.dead_letters names: the "
		"article, and why. SEQ is the number in the first column of "
		"the list; where a file has letters of several ingests it is "
		"ORIGIN:SEQ, of which ORIGIN may be shortened.\n\n"
		"list prints a line a letter. show prints one letter with all "
		"that it holds.\n\n"
		"replay turns letters back into articles, as lines of JSON: on "
		"standard output, for another vigie or a look, or --to a "
		"running ingest, under the key dlq:ORIGIN:SEQ, so that an "
		"article that is brought twice is accepted once. What cannot "
		"be turned back is named, and the command ends with code "
		"65.\n\n"
		"drop says that letters are done with.\n\n"
		"The file of dead letters itself stays as the sink wrote it, "
		"which knows by it what was given up. What was replayed --to "
		"an ingest or dropped stands in FILE.handled. Lines with "
		"damage are named and passed over.",
	.examples = "  vigie dlq list dead.jsonl\n"
		    "  vigie dlq show dead.jsonl 42\n"
		    "  vigie dlq replay --to ipc:///run/vigie/push --all "
		    "dead.jsonl\n"
		    "  vigie dlq replay dead.jsonl 42 | vigie run -\n"
		    "  vigie dlq drop dead.jsonl 42 43\n",
	.opts = options,
	.run = run,
};

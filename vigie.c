/* vigie.c -- main(): the table of subcommands. See door.c, too. */

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"
#include "base/log_journal.h"
#include "base/near.h"
#include "base/opt.h"
#include "base/streams.h"
#include "commands/commands.h"
#include "commands/settings.h"
#include "learn/evaluate.h"
#include "learn/recipe.h"
#include "learn/train.h"
#include "learn/tune.h"

static const struct cmd *const cmds[] = {
	&run_cmd, &ingest_cmd, &classify_cmd, &sink_cmd, &push_cmd,
	&train_cmd, &tune_cmd, &evaluate_cmd, &explain_cmd, &model_cmd,
	&journal_cmd, &feeds_cmd, &dlq_cmd, &keygen_cmd, &check_cmd, NULL,
};

static void usage(FILE *out)
{
	fputs("Usage: vigie COMMAND [OPTION]… [ARGUMENT]…\n\n"
	      "Tells of news articles what they are about, where they stand, "
	      "and why.\n\nCommands:\n",
	      out);
	for (const struct cmd *const *c = cmds; *c; c++)
		fprintf(out, "  %-10s %s\n", (*c)->name, (*c)->summary);
	fputs("\n  vigie run FILE…          classify files right away\n"
	      "  vigie COMMAND --help     options of a command\n"
	      "  vigie --version          version and protocol\n",
	      out);
}

static int version(void)
{
	printf("vigie %s (protocol %d, bundle %d)\n", VIGIE_VERSION,
	       WIRE_VERSION, BUNDLE_VERSION);
	return EX_OK;
}

static const struct cmd *by_name(const char *name)
{
	const struct cmd *const *c = cmds;

	while (*c && strcmp((*c)->name, name))
		c++;
	return *c;
}

static int unknown(const char *word)
{
	struct near n;

	near_init(&n, str_of(word));
	for (const struct cmd *const *c = cmds; *c; c++)
		near_offer(&n, (*c)->name);
	fprintf(stderr, "vigie: unknown command '%s'", word);
	if (near_best(&n))
		fprintf(stderr, ": did you mean '%s'?", near_best(&n));
	fputs(" (see 'vigie --help')\n", stderr);
	return EX_USAGE;
}

/* vigie(1): the whole; vigie.yaml(5): the configuration; vigie-recipe(5). */
static void man_of_all(void)
{
	puts(".TH VIGIE 1 \"\" \"vigie " VIGIE_VERSION "\" \"User Commands\"\n"
	     ".SH NAME\n"
	     "vigie \\- tell what news articles are about, and why\n"
	     ".SH SYNOPSIS\n"
	     "\\fBvigie\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]… "
	     "[\\fIARGUMENT\\fR]…\n"
	     ".SH DESCRIPTION\n"
	     "Reads news articles as they come, judges by a trained model "
	     "which topics each is about and where it stands on each, and "
	     "writes one line of JSON an article, with the words that carried "
	     "the decision.\n"
	     ".SH COMMANDS");
	for (const struct cmd *const *c = cmds; *c; c++)
		printf(".TP\n\\fBvigie\\-%s\\fR(1)\n%s.\n", (*c)->name,
		       (*c)->summary);
	puts(".SH SEE ALSO\n\\fBvigie.yaml\\fR(5), "
	     "\\fBvigie\\-recipe\\fR(5)");
}

static void man_of_settings(void)
{
	puts(".TH VIGIE.YAML 5 \"\" \"vigie " VIGIE_VERSION
	     "\" \"File Formats\"\n"
	     ".SH NAME\nvigie.yaml \\- configuration of vigie\n"
	     ".SH DESCRIPTION\n"
	     "A YAML file. Every key may be left out. \\fBvigie check "
	     "\\-\\-example\\fR prints one to start from; \\fBvigie check "
	     "FILE\\fR lists all that is wrong with one.\n"
	     ".SH KEYS");
	conf_man(settings_keys, stdout);
	puts(".SH SEE ALSO\n\\fBvigie\\fR(1), \\fBvigie\\-check\\fR(1)");
}

static void man_of_recipe(void)
{
	puts(".TH VIGIE\\-RECIPE 5 \"\" \"vigie " VIGIE_VERSION
	     "\" \"File Formats\"\n"
	     ".SH NAME\nvigie\\-recipe \\- what a model is trained by\n"
	     ".SH DESCRIPTION\n"
	     "A YAML file: the labelled documents, what to learn from them, "
	     "and how. Every key may be left out. \\fBvigie train "
	     "\\-\\-example\\fR prints one to start from.\n"
	     ".SH KEYS");
	conf_man(recipe_keys, stdout);
	puts(".SH SEE ALSO\n\\fBvigie\\-train\\fR(1), "
	     "\\fBvigie\\-tune\\fR(1)");
}

/* For the build: `vigie --man run`, `vigie --completion bash`. */
static int generate(const char *what, const char *of)
{
	const struct cmd *c = by_name(of);

	if (!strcmp(what, "--completion")) {
		if (!opt_completion(cmds, of, stdout))
			return EX_OK;
		fprintf(stderr, "vigie: no completion for '%s'; bash, zsh and "
				"fish have one\n",
			of);
		return EX_USAGE;
	}
	if (c)
		opt_man(c, VIGIE_VERSION, stdout);
	else if (!strcmp(of, "vigie"))
		man_of_all();
	else if (!strcmp(of, "vigie.yaml"))
		man_of_settings();
	else if (!strcmp(of, "recipe"))
		man_of_recipe();
	else
		return unknown(of);
	return EX_OK;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct cmd *c = by_name(word);

	streams_hold();
	log_by(log_journal);
	if (c)
		return streams_close(c->run(argc - 1, argv + 1));
	if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
		usage(stdout);
		return EX_OK;
	}
	if (!strcmp(word, "--version") || !strcmp(word, "-V"))
		return version();
	if (argc == 3 &&
	    (!strcmp(word, "--man") || !strcmp(word, "--completion")))
		return generate(word, argv[2]);
	if (*word)
		return unknown(word);
	usage(stderr);
	return EX_USAGE;
}

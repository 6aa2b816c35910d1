/* opt.h -- one table a subcommand, and from it the parser, --help, the man
 * page and the shell completions. Single-threaded, before any daemon runs. */
#ifndef VIGIE_OPT_H
#define VIGIE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum opt_kind {
	OPT_FLAG, /* bool */
	OPT_TEXT, /* const char *, borrowed from argv */
	OPT_LIST, /* struct opt_list, one entry each time it is given */
	OPT_COUNT, /* uint64_t, decimal */
};

/* Words of argv, in their order; the array lives as long as the process. */
struct opt_list {
	const char **v;
	size_t n;
};

struct opt {
	const char *name; /* long name; an entry without one ends the table */
	char letter; /* short name or 0 */
	enum opt_kind kind;
	size_t at; /* offset in the subcommand's own struct */
	const char *arg; /* FILE, DIR, N …: shown, and completed when a file */
	const char *help; /* a sentence, lower case, no full stop */
};

struct cmd {
	const char *name;
	const char *args; /* "FILE…" as the synopsis shows it */
	const char *summary; /* a line for the list of subcommands */
	const char *about; /* paragraphs for the man page */
	const char *examples; /* lines "command\n    what it does" */
	const struct opt *opts;
	int (*run)(int argc, char **argv); /* returns a sysexits(3) code */
};

enum { OPT_GO = -1 };

/* Fill *into and *rest from argv[1..]. Returns OPT_GO when the command should
 * run, else the exit code: EX_OK after --help, EX_USAGE after a sentence on
 * standard error that names the word and the nearest known option. */
int opt_parse(const struct cmd *c, int argc, char **argv, void *into,
	      struct opt_list *rest);
/* "vigie run: a sentence (see 'vigie run --help')"; returns EX_USAGE. */
int opt_misuse(const struct cmd *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The row of a table of actions ("vigie dlq list") that is called word, or NULL
 * after a sentence, EX_USAGE being due: it is none, and which is near; or, word
 * being NULL, what there is. A row begins with its name, a const char *; there
 * are n, of `size` bytes each. */
const void *opt_action(const struct cmd *c, const void *rows, size_t n,
		       size_t size, const char *word);

void opt_help(const struct cmd *c, FILE *out);
/* The man page of one subcommand, in man(7) macros. */
void opt_man(const struct cmd *c, const char *version, FILE *out);
/* Completion for bash, zsh or fish. Returns 0, or -1 for another shell. */
int opt_completion(const struct cmd *const *cmds, const char *shell,
		   FILE *out);

#endif

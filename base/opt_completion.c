/* Completions for bash, zsh and fish, from the same tables. */
#include "base/opt.h"

#include <string.h>

static bool names_file(const struct opt *o)
{
	return o->arg && (strstr(o->arg, "FILE") || strstr(o->arg, "BUNDLE") ||
			  strstr(o->arg, "CONFIG") || strstr(o->arg, "DIR"));
}

static void bash_begin(const struct cmd *const *cmds, FILE *out)
{
	fputs("_vigie() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	      "\t\twords='--help --version",
	      out);
	for (; *cmds; cmds++)
		fprintf(out, " %s", (*cmds)->name);
	fputs("'\n\telse\n\t\tcase ${COMP_WORDS[1]} in\n", out);
}

static void bash_command(const struct cmd *c, FILE *out)
{
	fprintf(out, "\t\t%s) words='--help", c->name);
	for (const struct opt *o = c->opts; o->name; o++)
		fprintf(out, " --%s", o->name);
	fputs("' ;;\n", out);
}

static void bash_all(const struct cmd *const *cmds, FILE *out)
{
	bash_begin(cmds, out);
	for (; *cmds; cmds++)
		bash_command(*cmds, out);
	/* A file's name is one line, not one word. */
	fputs("\t\tesac\n\tfi\n"
	      "\tif [ \"$COMP_CWORD\" = 1 ] || [[ $cur == -* ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
	      "\"$cur\")\n"
	      "\telse\n"
	      "\t\tcompopt -o filenames 2>/dev/null\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "\tfi\n}\n"
	      "complete -F _vigie vigie\n",
	      out);
}

/* In single quotes for zsh: a quote in the text ends them, and the brackets
 * and the colon have a meaning to _arguments. */
static void quoted(const char *z, FILE *out)
{
	for (; *z; z++) {
		if (*z == '\'')
			fputs("'\\''", out);
		else if (strchr("[]:\\", *z))
			fprintf(out, "\\%c", *z);
		else
			fputc(*z, out);
	}
}

static void zsh_arg(const struct opt *o, FILE *out)
{
	fputc(':', out);
	quoted(o->arg, out);
	fputs(names_file(o) ? ":_files" : ":", out);
}

static void zsh_command(const struct cmd *c, FILE *out)
{
	fprintf(out, "\t%s)\n\t\t_arguments '--help[show help]'", c->name);
	for (const struct opt *o = c->opts; o->name; o++) {
		fprintf(out, " \\\n\t\t\t'%s--%s%s[",
			o->kind == OPT_LIST ? "*" : "", o->name,
			o->arg ? "=" : "");
		quoted(o->help, out);
		fputc(']', out);
		if (o->arg)
			zsh_arg(o, out);
		fputc('\'', out);
	}
	fputs(" \\\n\t\t\t'*:file:_files'\n\t\t;;\n", out);
}

static void zsh_all(const struct cmd *const *cmds, FILE *out)
{
	fputs("#compdef vigie\nlocal -a subs\nsubs=(\n", out);
	for (const struct cmd *const *c = cmds; *c; c++) {
		fprintf(out, "\t'%s:", (*c)->name);
		quoted((*c)->summary, out);
		fputs("'\n", out);
	}
	fputs(")\nif (( CURRENT == 2 )); then\n"
	      "\t_describe subcommand subs\n\treturn\nfi\n"
	      "shift words\n(( CURRENT-- ))\ncase $words[1] in\n",
	      out);
	for (; *cmds; cmds++)
		zsh_command(*cmds, out);
	fputs("esac\n", out);
}

/* fish knows neither [ nor : as special, only the quote and the backslash. */
static void fish_text(const char *z, FILE *out)
{
	for (; *z; z++)
		fprintf(out, *z == '\'' || *z == '\\' ? "\\%c" : "%c", *z);
}

static void fish_command(const struct cmd *c, FILE *out)
{
	fprintf(out,
		"complete -c vigie -n __fish_use_subcommand -f -a %s -d '",
		c->name);
	fish_text(c->summary, out);
	fputs("'\n", out);
	for (const struct opt *o = c->opts; o->name; o++) {
		fprintf(out,
			"complete -c vigie -n "
			"'__fish_seen_subcommand_from %s' -l %s",
			c->name, o->name);
		if (o->letter)
			fprintf(out, " -s %c", o->letter);
		if (o->arg)
			fputs(names_file(o) ? " -r" : " -x", out);
		fputs(" -d '", out);
		fish_text(o->help, out);
		fputs("'\n", out);
	}
}

int opt_completion(const struct cmd *const *cmds, const char *shell,
		   FILE *out)
{
	if (!strcmp(shell, "bash")) {
		bash_all(cmds, out);
	} else if (!strcmp(shell, "zsh")) {
		zsh_all(cmds, out);
	} else if (!strcmp(shell, "fish")) {
		for (; *cmds; cmds++)
			fish_command(*cmds, out);
	} else {
		return -1;
	}
	return 0;
}

#include "base/opt.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/near.h"

/* Columns of --help, and where what an option does begins. */
enum { HELP_WIDTH = 79, HELP_INDENT = 30 };

static const struct opt help_opt = { "help", 'h', OPT_FLAG, 0, NULL,
				     "show this help and exit" };

int opt_misuse(const struct cmd *c, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "vigie %s: ", c->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, " (see 'vigie %s --help')\n", c->name);
	return EX_USAGE;
}

static const struct opt *by_name(const struct cmd *c, struct str name)
{
	for (const struct opt *o = c->opts; o->name; o++)
		if (str_is(name, o->name))
			return o;
	return str_is(name, "help") ? &help_opt : NULL;
}

static const struct opt *by_letter(const struct cmd *c, char letter)
{
	for (const struct opt *o = c->opts; o->name; o++)
		if (o->letter == letter)
			return o;
	return letter == 'h' ? &help_opt : NULL;
}

static int unknown(const struct cmd *c, struct str name)
{
	struct near n;

	near_init(&n, name);
	near_offer(&n, "help");
	for (const struct opt *o = c->opts; o->name; o++)
		near_offer(&n, o->name);
	if (near_best(&n))
		return opt_misuse(c,
				  "unknown option '--" STR_FMT
				  "': did you mean '--%s'?",
				  STR_ARG(name), near_best(&n));
	return opt_misuse(c, "unknown option '--" STR_FMT "'", STR_ARG(name));
}

static const char *row_name(const void *rows, size_t size, size_t i)
{
	return *(const char *const *)((const char *)rows + i * size);
}

/* "list, show or drop" */
static void list_rows(const void *rows, size_t n, size_t size, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s%s", !i ? "" : i + 1 < n ? ", " : " or ",
			   row_name(rows, size, i));
	buf_add_char(out, '\0');
}

static void no_action(const struct cmd *c, const char *word, const char *near,
		      const char *all)
{
	if (!word)
		opt_misuse(c, "say what to do: %s", all);
	else if (near)
		opt_misuse(c, "'%s' is not %s: did you mean '%s'?", word, all,
			   near);
	else
		opt_misuse(c, "'%s' is not %s", word, all);
}

const void *opt_action(const struct cmd *c, const void *rows, size_t n,
		       size_t size, const char *word)
{
	struct near near;
	struct buf all;

	near_init(&near, str_of(word ? word : ""));
	for (size_t i = 0; i < n; i++) {
		if (word && !strcmp(word, row_name(rows, size, i)))
			return (const char *)rows + i * size;
		near_offer(&near, row_name(rows, size, i));
	}
	buf_init(&all, 1024);
	list_rows(rows, n, size, &all);
	no_action(c, word, near_best(&near), buf_error(&all) ? "" : all.p);
	buf_done(&all);
	return NULL;
}

/* Room for every word that argv could still bring. */
static bool append(struct opt_list *list, const char *word, int argc)
{
	static const char **kept[16]; /* reachable: they are never freed */
	static size_t n;

	if (!list->v) {
		if (n == sizeof(kept) / sizeof(kept[0]))
			return false;
		list->v = kept[n++] = calloc((size_t)argc, sizeof(*list->v));
	}
	if (!list->v)
		return false;
	list->v[list->n++] = word;
	return true;
}

static int no_memory(const struct cmd *c)
{
	fprintf(stderr, "vigie %s: no memory\n", c->name);
	return EX_OSERR;
}

static int store(const struct cmd *c, const struct opt *o, const char *value,
		 int argc, void *into)
{
	void *at = (char *)into + o->at;
	uint64_t count;
	char *end;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)at = true;
		break;
	case OPT_TEXT:
		*(const char **)at = value;
		break;
	case OPT_LIST:
		if (!append(at, value, argc))
			return no_memory(c);
		break;
	case OPT_COUNT:
		errno = 0;
		count = strtoull(value, &end, 10);
		if (errno || *end || value[0] < '0' || value[0] > '9')
			return opt_misuse(c, "--%s wants a number, not '%s'",
					  o->name, value);
		*(uint64_t *)at = count;
		break;
	}
	return OPT_GO;
}

/* One word that begins with '-': its option, and the value that came with it
 * ("--name=value", "-nvalue") or NULL. */
static const struct opt *word_option(const struct cmd *c, const char *word,
				     const char **value)
{
	struct str rest, name;

	*value = NULL;
	if (word[1] != '-') {
		if (word[2])
			*value = word + 2;
		return by_letter(c, word[1]);
	}
	rest = str_of(word + 2);
	name = str_cut(&rest, '=');
	*value = rest.p;
	return by_name(c, name);
}

static int word_unknown(const struct cmd *c, const char *word)
{
	struct str rest = str_of(word + 2);

	if (word[1] == '-')
		return unknown(c, str_cut(&rest, '='));
	/* The whole word: its letter may be the first byte of several. */
	return opt_misuse(c, "unknown option '%s'", word);
}

/* "-" is standard input, and "-12" a number or a date: no option of ours is a
 * digit. */
static bool is_operand(const char *word)
{
	return word[0] != '-' || !word[1] || (word[1] >= '0' && word[1] <= '9');
}

int opt_parse(const struct cmd *c, int argc, char **argv, void *into,
	      struct opt_list *rest)
{
	bool options = true;

	for (int i = 1; i < argc; i++) {
		const char *word = argv[i], *value;
		const struct opt *o;
		int r;

		if (!options || is_operand(word)) {
			if (!append(rest, word, argc))
				return no_memory(c);
			continue;
		}
		if (!strcmp(word, "--")) {
			options = false;
			continue;
		}
		o = word_option(c, word, &value);
		if (!o)
			return word_unknown(c, word);
		if (o == &help_opt) {
			opt_help(c, stdout);
			return EX_OK;
		}
		if (o->kind == OPT_FLAG && value)
			return opt_misuse(c, "--%s takes no value", o->name);
		if (o->kind != OPT_FLAG && !value && ++i == argc)
			return opt_misuse(c, "--%s wants a value: %s", o->name,
					  o->arg);
		r = store(c, o, value ? value : argv[i], argc, into);
		if (r != OPT_GO)
			return r;
	}
	return OPT_GO;
}

/* Columns of a word, one for each character. */
static size_t width(struct str word)
{
	size_t n = 0;

	for (size_t i = 0; i < word.n; i++)
		n += ((unsigned char)word.p[i] & 0xC0) != 0x80;
	return n;
}

/* The words of a text from column `at` on, in lines that leave the terminal's
 * last column free and begin below each other. */
static void fold(const char *z, size_t at, FILE *out)
{
	struct str rest = str_of(z);
	size_t column = at;

	while (rest.n) {
		struct str word = str_cut(&rest, ' ');

		if (column > at && column + 1 + width(word) > HELP_WIDTH) {
			fprintf(out, "\n%*s", (int)at, "");
			column = at;
		}
		column += fprintf(out, "%s", column > at ? " " : "") > 0;
		fwrite(word.p, 1, word.n, out);
		column += width(word);
	}
	fputc('\n', out);
}

static void help_line(const struct opt *o, FILE *out)
{
	char left[64];

	snprintf(left, sizeof(left), "%c%c%s --%s%s%s", o->letter ? '-' : ' ',
		 o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
		 o->arg ? " " : "", o->arg ? o->arg : "");
	if (strlen(left) >= HELP_INDENT - 3)
		fprintf(out, "  %s\n%*s", left, HELP_INDENT, "");
	else
		fprintf(out, "  %-*s", HELP_INDENT - 2, left);
	fold(o->help, HELP_INDENT, out);
}

void opt_help(const struct cmd *c, FILE *out)
{
	char usage[256];

	snprintf(usage, sizeof(usage), "vigie %s [OPTION]…%s%s", c->name,
		 c->args[0] ? " " : "", c->args);
	fputs("Usage: ", out);
	fold(usage, strlen("Usage: "), out);
	fprintf(out, "\n%s.\n\nOptions:\n", c->summary);
	for (const struct opt *o = c->opts; o->name; o++)
		help_line(o, out);
	help_line(&help_opt, out);
	if (c->examples)
		fprintf(out, "\nExamples:\n%s", c->examples);
	fprintf(out, "\nThe manual: man vigie-%s\n", c->name);
}

/* Text for roff: a backslash, a hyphen and a leading dot or quote would be
 * read as requests. */
static void roff_str(struct str s, FILE *out)
{
	bool line_start = true;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (line_start && (c == '.' || c == '\''))
			fputs("\\&", out);
		if (c == '\\')
			fputs("\\e", out);
		else if (c == '-')
			fputs("\\-", out);
		else
			fputc(c, out);
		line_start = c == '\n';
	}
}

static void roff(const char *z, FILE *out)
{
	roff_str(str_of(z), out);
}

static void man_option(const struct opt *o, FILE *out)
{
	fputs(".TP\n", out);
	if (o->letter)
		fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
	fputs("\\fB\\-\\-", out);
	roff(o->name, out);
	fputs("\\fR", out);
	if (o->arg) {
		fputs(" \\fI", out);
		roff(o->arg, out);
		fputs("\\fR", out);
	}
	fputc('\n', out);
	roff(o->help, out);
	fputs(".\n", out);
}

static void man_about(const char *about, FILE *out)
{
	for (const char *p = about, *end; *p; p = end) {
		end = strstr(p, "\n\n");
		end = end ? end : p + strlen(p);
		fputs(p == about ? "" : ".PP\n", out);
		roff_str((struct str){ p, (size_t)(end - p) }, out);
		fputc('\n', out);
		while (*end == '\n')
			end++;
	}
}

void opt_man(const struct cmd *c, const char *version, FILE *out)
{
	fputs(".TH VIGIE\\-", out);
	for (const char *p = c->name; *p; p++)
		fputc(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p, out);
	/* No date: the same sources give the same page. */
	fprintf(out,
		" 1 \"\" \"vigie %s\" \"User Commands\"\n"
		".SH NAME\nvigie\\-%s \\- ",
		version, c->name);
	roff(c->summary, out);
	fprintf(out, "\n.SH SYNOPSIS\n\\fBvigie %s\\fR [\\fIOPTION\\fR]…",
		c->name);
	if (c->args[0]) {
		fputs(" \\fI", out);
		roff(c->args, out);
		fputs("\\fR", out);
	}
	fputs("\n.SH DESCRIPTION\n", out);
	man_about(c->about, out);
	fputs(".SH OPTIONS\n", out);
	for (const struct opt *o = c->opts; o->name; o++)
		man_option(o, out);
	man_option(&help_opt, out);
	fputs(".SH EXIT STATUS\n"
	      "0 done; 64 wrong usage; 65 wrong data; 66 an input cannot be\n"
	      "read; 69 an address is not to be had; 70 a fault of vigie's;\n"
	      "71 the system refused memory or a process; 73 an output cannot\n"
	      "be made; 74 an input or output failed; 75 try again later; 77\n"
	      "not permitted; 78 wrong configuration (sysexits(3)).\n",
	      out);
	if (c->examples) {
		fputs(".SH EXAMPLES\n.nf\n", out);
		roff(c->examples, out);
		fputs(".fi\n", out);
	}
	fputs(".SH SEE ALSO\n"
	      "\\fBvigie\\fR(1), \\fBvigie.yaml\\fR(5)\n",
	      out);
}

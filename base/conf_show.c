/* Out again: what is in effect, the example, the manual. */
#include "base/conf.h"

#include <stdlib.h>
#include <string.h>

#include "base/conf_value.h"
#include "base/unicode.h"

/* What YAML reads back as it stands: no break, no control, no byte order
 * mark (c-printable and b-char of YAML 1.1). */
static bool is_plain(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') ||
	       (c >= 0xA0 && c != 0x2028 && c != 0x2029 && c != 0xFEFF &&
		c != 0xFFFE && c != 0xFFFF);
}

static void show_text(const char *z, FILE *out)
{
	const char *end = z + strlen(z);
	size_t n;

	fputc('"', out);
	for (; z < end; z += n) {
		uint32_t c = (unsigned char)*z;

		n = 1; /* a stray byte stands for its number */
		if (unicode_valid((struct str){ z, (size_t)(end - z) }) > 0)
			c = unicode_decode(z, end, &n);
		if (is_plain(c) && (n > 1 || c < 0x80))
			fwrite(z, 1, n, out);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", (char)c);
		else if (c == '\n')
			fputs("\\n", out);
		else
			fprintf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
	}
	fputc('"', out);
}

/* The shortest digits that are read back as x. */
static void show_real(double x, FILE *out)
{
	char text[32];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, x);
		if (strtod(text, NULL) == x)
			break;
	}
	fputs(text, out);
}

static void show_list(const struct conf_key *k, const void *at, FILE *out)
{
	const struct conf_texts *texts = at;
	const struct conf_reals *reals = at;
	size_t n = k->kind == CONF_REALS ? reals->n : texts->n;

	fputc('[', out);
	for (size_t i = 0; i < n; i++) {
		fputs(i ? ", " : "", out);
		if (k->kind == CONF_REALS)
			show_real(reals->v[i], out);
		else
			show_text(texts->v[i], out);
	}
	fputc(']', out);
}

static void show_any(const struct conf_texts *pairs, FILE *out)
{
	fputc('{', out);
	for (size_t i = 0; i + 1 < pairs->n; i += 2) {
		fputs(i ? ", " : "", out);
		/* YAML wants a mark before keys past 1024 characters. */
		fputs(strlen(pairs->v[i]) > 100 ? "? " : "", out);
		show_text(pairs->v[i], out);
		fputs(": ", out);
		show_text(pairs->v[i + 1], out);
	}
	fputc('}', out);
}

void conf_show_value(const struct conf_key *k, const void *at, FILE *out)
{
	const struct conf_range *range = at;

	switch (k->kind) {
	case CONF_TEXT:
		if (*(const char *const *)at)
			show_text(*(const char *const *)at, out);
		else
			fputs("null", out);
		break;
	case CONF_BOOL:
		fputs(*(const bool *)at ? "true" : "false", out);
		break;
	case CONF_REAL:
		show_real(*(const double *)at, out);
		break;
	case CONF_INT:
	case CONF_SIZE:
		fprintf(out, "%ld", (long)*(const int64_t *)at);
		break;
	case CONF_TIME:
		fprintf(out, "%ldms", (long)*(const int64_t *)at);
		break;
	case CONF_CHOICE:
		fputs(k->choices[*(const int *)at], out);
		break;
	case CONF_RANGE:
		fprintf(out, "[%ld, %ld]", (long)range->lo, (long)range->hi);
		break;
	case CONF_ANY:
		show_any(at, out);
		break;
	default:
		show_list(k, at, out);
	}
}

static void show_level(const struct conf_key *keys, const void *from,
		       int indent, bool item, FILE *out);

static void show_maps(const struct conf_key *k, const struct conf_maps *maps,
		      int indent, FILE *out)
{
	if (!maps->n) {
		fputs(" []\n", out);
		return;
	}
	fputc('\n', out);
	for (size_t i = 0; i < maps->n; i++)
		show_level(k->keys, (const char *)maps->v + i * k->size,
			   indent + 4, true, out);
}

static void show_level(const struct conf_key *keys, const void *from,
		       int indent, bool item, FILE *out)
{
	for (const struct conf_key *k = keys; k->name; k++) {
		const void *at = (const char *)from + k->at;
		bool first = item && k == keys;

		fprintf(out, "%*s%s%s:", first ? indent - 2 : indent, "",
			first ? "- " : "", k->name);
		if (k->kind == CONF_MAP) {
			fputc('\n', out);
			show_level(k->keys, at, indent + 2, false, out);
		} else if (k->kind == CONF_MAPS) {
			show_maps(k, at, indent, out);
		} else {
			fputc(' ', out);
			conf_show_value(k, at, out);
			fputc('\n', out);
		}
	}
}

void conf_show(const struct conf_key *keys, const void *from, FILE *out)
{
	show_level(keys, from, 0, false, out);
}

/* The left margin; what is inside a list of maps is off from the list's own
 * column on, since a list has no entry by default. */
static void margin(int indent, int off, FILE *out)
{
	if (off < 0)
		fprintf(out, "%*s", indent, "");
	else
		fprintf(out, "%*s#%*s", off, "", indent - off, "");
}

static void example_help(const char *help, int indent, int off, FILE *out)
{
	struct str rest = str_of(help);

	while (rest.p) {
		struct str line = str_cut(&rest, '\n');

		margin(indent, off, out);
		fprintf(out, "# " STR_FMT "\n", STR_ARG(line));
	}
}

static void example_preset(const struct conf_key *k, FILE *out)
{
	if (!k->preset)
		return;
	fputc(' ', out);
	if (k->kind == CONF_TEXT && !conf_is_bare(k->preset))
		show_text(k->preset, out);
	else
		fputs(k->preset, out);
}

static bool is_level(const struct conf_key *k)
{
	return k->kind == CONF_MAP || k->kind == CONF_MAPS;
}

/* "name:" of a key; of what has a value of its own, commented out. */
static void example_name(const struct conf_key *k, int indent, int off,
			 FILE *out)
{
	bool stands = off >= 0 || k->kind == CONF_MAP;

	margin(indent, off, out);
	fprintf(out, "%s%s:", stands ? "" : "#", k->name);
}

static void example_level(const struct conf_key *keys, int indent, int off,
			  FILE *out)
{
	for (const struct conf_key *k = keys; k->name; k++) {
		bool list = k->kind == CONF_MAPS;

		if (indent == 0)
			fputc('\n', out);
		example_help(k->help, indent, off, out);
		example_name(k, indent, off, out);
		if (!is_level(k)) {
			example_preset(k, out);
			fputc('\n', out);
			continue;
		}
		fputc('\n', out);
		if (list) {
			margin(indent + 2, off < 0 ? indent : off, out);
			fputs("-\n", out);
		}
		example_level(k->keys, indent + (list ? 4 : 2),
			      list && off < 0 ? indent : off, out);
	}
}

void conf_example(const struct conf_key *keys, FILE *out)
{
	example_level(keys, 0, -1, out);
}

/* A dot or quote that begins a line would be read as a request. */
static void man_text(const char *z, FILE *out)
{
	for (bool first = true; *z; first = *z++ == '\n') {
		if (first && (*z == '.' || *z == '\''))
			fputs("\\&", out);
		if (*z == '-')
			fputs("\\-", out);
		else if (*z == '\\')
			fputs("\\e", out);
		else
			fputc(*z, out);
	}
}

static void man_level(const struct conf_key *keys, const char *above,
		      FILE *out)
{
	char name[256], want[512];

	for (const struct conf_key *k = keys; k->name; k++) {
		snprintf(name, sizeof(name), "%s%s%s%s", above,
			 above[0] ? "." : "", k->name,
			 k->kind == CONF_MAPS ? "[]" : "");
		fputs(".TP\n\\fB", out);
		man_text(name, out);
		fputs("\\fR\n", out);
		man_text(k->help, out);
		fputs(".\n", out);
		if (is_level(k)) {
			man_level(k->keys, name, out);
			continue;
		}
		man_text(conf_wanted(k, want, sizeof(want)), out);
		if (k->preset)
			fputs("; by default ", out), man_text(k->preset, out);
		fputs(".\n", out);
	}
}

void conf_man(const struct conf_key *keys, FILE *out)
{
	man_level(keys, "", out);
}

/* fuzz_conf.c -- any bytes as a configuration, through a table that has every
 * kind. What was filled in is safe to show, with or without problems, and what
 * is shown is loaded without problems and shown the same again. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "base/unicode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct entry {
	int kind;
	const char *path;
	struct conf_texts tags;
};

struct all {
	const char *text;
	bool flag;
	int64_t count, size, time;
	double real;
	int choice;
	struct conf_range range;
	struct conf_texts texts;
	struct conf_reals reals;
	struct entry map;
	struct conf_maps list;
	struct conf_texts any;
};

static const char *const choices[] = { "red", "green", NULL };

#define AT(member) .at = offsetof(struct all, member), .help = "help"
#define ENTRY_AT(member) .at = offsetof(struct entry, member), .help = "help"

/* clang-format off */
static const struct conf_key entry_keys[] = {
	{ .name = "k", .kind = CONF_CHOICE, .choices = choices, ENTRY_AT(kind) },
	{ .name = "p", .kind = CONF_TEXT, .preset = "-", ENTRY_AT(path) },
	{ .name = "tags", .kind = CONF_TEXTS, ENTRY_AT(tags) },
	{ .name = NULL },
};

static const struct conf_key keys[] = {
	{ .name = "text", .kind = CONF_TEXT, AT(text) },
	{ .name = "flag", .kind = CONF_BOOL, .preset = "true", AT(flag) },
	{ .name = "count", .kind = CONF_INT, .max = 1e9, AT(count) },
	{ .name = "size", .kind = CONF_SIZE, .preset = "1k", AT(size) },
	{ .name = "time", .kind = CONF_TIME, .preset = "5s", AT(time) },
	{ .name = "real", .kind = CONF_REAL, AT(real) },
	{ .name = "choice", .kind = CONF_CHOICE, .choices = choices, AT(choice) },
	{ .name = "range", .kind = CONF_RANGE, .preset = "[1, 2]", AT(range) },
	{ .name = "texts", .kind = CONF_TEXTS, .preset = "[a]", AT(texts) },
	{ .name = "reals", .kind = CONF_REALS, AT(reals) },
	{ .name = "map", .kind = CONF_MAP, .keys = entry_keys, AT(map) },
	{ .name = "list", .kind = CONF_MAPS, .keys = entry_keys,
	  .size = sizeof(struct entry), AT(list) },
	{ .name = "any", .kind = CONF_ANY, AT(any) },
	{ .name = NULL },
};
/* clang-format on */

static struct str shown(const struct all *v)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	assert(f);
	conf_show(keys, v, f);
	fclose(f);
	return (struct str){ text, n };
}

/* "f:LINE:COLUMN: sentence\n" each, or "f: sentence\n"; all of it UTF-8. */
static void check_problems(const struct conf *c)
{
	struct str rest = buf_view(&c->problems);
	size_t n = 0;

	assert(unicode_valid(rest) == rest.n);
	while (rest.n) {
		assert(str_starts(str_cut(&rest, '\n'), STR("f:")));
		n++;
	}
	assert(n == c->count || buf_error(&c->problems));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct all v, back;
	struct conf c, d;
	struct err e = { "" };
	struct str first, second;
	int r;

	memset(&v, 0xA5, sizeof(v));
	memset(&back, 0xA5, sizeof(back));
	r = conf_parse(&c, "f", (struct str){ (const char *)data, size }, keys,
		       &v, &e);
	assert((r == 0) == (c.count == 0));
	assert((r == 0) == (e.text[0] == '\0'));
	check_problems(&c);
	first = shown(&v);
	/* aliases can make more of a file than a file may be */
	if (first.n < 1 << 20) {
		r = conf_parse(&d, "f", first, keys, &back, NULL);
		assert(r == 0);
		second = shown(&back);
		assert(str_eq(first, second));
		free((char *)second.p);
		conf_done(&d);
	}
	free((char *)first.p);
	conf_done(&c);
	return 0;
}

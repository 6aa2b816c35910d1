/* What the tests of conf, conf_show and conf_value share: a table with a key of
 * every kind, and the struct that it fills. */
#ifndef TESTS_CONF_TABLE_H
#define TESTS_CONF_TABLE_H

#include "base/conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/check_main.h"

struct inner {
	const char *name;
	int64_t limit;
};

struct entry {
	int kind;
	const char *path;
	struct inner sub;
	struct conf_texts tags;
};

struct all {
	const char *text;
	const char *url;
	const char *blank;
	const char *unset;
	bool flag;
	int64_t count;
	int64_t any_count;
	double real;
	int64_t size;
	int64_t time;
	int choice;
	struct conf_range range;
	struct conf_texts texts;
	struct conf_texts more;
	struct conf_reals reals;
	struct inner map;
	struct conf_maps entries;
	struct conf_texts fields;
};

__attribute__((unused)) static const char *const colours[] = { "red", "green", "blue", NULL };

static const struct conf_key inner_keys[] = {
	{ .name = "name",
	  .kind = CONF_TEXT,
	  .at = offsetof(struct inner, name),
	  .help = "what it is called" },
	{ .name = "limit",
	  .kind = CONF_INT,
	  .at = offsetof(struct inner, limit),
	  .preset = "5",
	  .min = 1,
	  .max = 9,
	  .help = "how many" },
	{ .name = NULL },
};

static const struct conf_key entry_keys[] = {
	{ .name = "kind",
	  .kind = CONF_CHOICE,
	  .at = offsetof(struct entry, kind),
	  .preset = "green",
	  .choices = colours,
	  .help = "which colour" },
	{ .name = "path",
	  .kind = CONF_TEXT,
	  .at = offsetof(struct entry, path),
	  .preset = "-",
	  .help = "where it lies" },
	{ .name = "sub",
	  .kind = CONF_MAP,
	  .at = offsetof(struct entry, sub),
	  .keys = inner_keys,
	  .help = "a level below" },
	{ .name = "tags",
	  .kind = CONF_TEXTS,
	  .at = offsetof(struct entry, tags),
	  .help = "words" },
	{ .name = NULL },
};

static const struct conf_key keys[] = {
	{ .name = "text",
	  .kind = CONF_TEXT,
	  .at = offsetof(struct all, text),
	  .preset = "a text: with #marks",
	  .help = "a text that YAML needs quoted\n.and a second line" },
	{ .name = "url",
	  .kind = CONF_TEXT,
	  .at = offsetof(struct all, url),
	  .preset = "tcp://*:5555",
	  .help = "a text that it does not" },
	{ .name = "blank",
	  .kind = CONF_TEXT,
	  .at = offsetof(struct all, blank),
	  .preset = "",
	  .help = "an empty text" },
	{ .name = "unset",
	  .kind = CONF_TEXT,
	  .at = offsetof(struct all, unset),
	  .help = "none" },
	{ .name = "flag",
	  .kind = CONF_BOOL,
	  .at = offsetof(struct all, flag),
	  .preset = "true",
	  .help = "yes or no" },
	{ .name = "count",
	  .kind = CONF_INT,
	  .at = offsetof(struct all, count),
	  .preset = "10",
	  .min = -1,
	  .max = 1048576,
	  .help = "a number" },
	{ .name = "any-count",
	  .kind = CONF_INT,
	  .at = offsetof(struct all, any_count),
	  .help = "a number without bounds" },
	{ .name = "real",
	  .kind = CONF_REAL,
	  .at = offsetof(struct all, real),
	  .preset = "0.1",
	  .min = 0,
	  .max = 1,
	  .help = "a share" },
	{ .name = "size",
	  .kind = CONF_SIZE,
	  .at = offsetof(struct all, size),
	  .preset = "64k",
	  .min = 1024,
	  .max = 1073741824,
	  .help = "bytes" },
	{ .name = "time",
	  .kind = CONF_TIME,
	  .at = offsetof(struct all, time),
	  .preset = "5s",
	  .min = 1,
	  .max = 3600000,
	  .help = "how long" },
	{ .name = "choice",
	  .kind = CONF_CHOICE,
	  .at = offsetof(struct all, choice),
	  .preset = "blue",
	  .choices = colours,
	  .help = "which colour" },
	{ .name = "range",
	  .kind = CONF_RANGE,
	  .at = offsetof(struct all, range),
	  .preset = "[1, 2]",
	  .min = 1,
	  .max = 5,
	  .help = "from, to" },
	{ .name = "texts",
	  .kind = CONF_TEXTS,
	  .at = offsetof(struct all, texts),
	  .preset = "[one, 'two, three']",
	  .help = "several" },
	{ .name = "more",
	  .kind = CONF_TEXTS,
	  .at = offsetof(struct all, more),
	  .help = "none at first" },
	{ .name = "reals",
	  .kind = CONF_REALS,
	  .at = offsetof(struct all, reals),
	  .preset = "[0.1, 1, 10]",
	  .min = 0,
	  .max = 100,
	  .help = "several" },
	{ .name = "map",
	  .kind = CONF_MAP,
	  .at = offsetof(struct all, map),
	  .keys = inner_keys,
	  .help = "a level below" },
	{ .name = "entries",
	  .kind = CONF_MAPS,
	  .at = offsetof(struct all, entries),
	  .keys = entry_keys,
	  .size = sizeof(struct entry),
	  .help = "a list of levels" },
	{ .name = "fields",
	  .kind = CONF_ANY,
	  .at = offsetof(struct all, fields),
	  .help = "names and texts" },
	{ .name = NULL },
};

/* Parse into fresh (or, on purpose, dirty) memory from an exact copy. */
static struct conf conf;
static struct all v;
static struct err err;

__attribute__((unused)) static int parse_bytes(struct str yaml)
{
	char *exact = malloc(yaml.n ? yaml.n : 1);
	int r;

	conf_done(&conf);
	err_clear(&err);
	memset(&v, 0xA5, sizeof(v));
	memcpy(exact, yaml.p, yaml.n);
	r = conf_parse(&conf, "f", (struct str){ exact, yaml.n }, keys, &v, &err);
	free(exact);
	ck_assert((r == 0) == (conf.count == 0));
	ck_assert_int_eq(r, conf.count ? -EINVAL : 0);
	return r;
}

__attribute__((unused)) static int parse(const char *yaml)
{
	return parse_bytes(str_of(yaml));
}

__attribute__((unused)) static const char *problems(void)
{
	static char text[1 << 16];

	snprintf(text, sizeof(text), STR_FMT,
		 STR_ARG(buf_view(&conf.problems)));
	return text;
}

__attribute__((unused)) static void good(const char *yaml)
{
	ck_assert_msg(parse(yaml) == 0, "%s", problems());
}

__attribute__((unused)) static void bad(const char *yaml, const char *want)
{
	ck_assert_int_eq(parse(yaml), -EINVAL);
	ck_assert_str_eq(problems(), want);
}

/* The place and a word of the only sentence. */
__attribute__((unused)) static void bad_at(const char *yaml, const char *place, const char *word)
{
	ck_assert_msg(parse(yaml) == -EINVAL, "%s", yaml);
	ck_assert_msg(!strncmp(problems(), place, strlen(place)) &&
			      strstr(problems(), word) && conf.count == 1,
		      "%s: %s", yaml, problems());
}

__attribute__((unused)) static void is_default(void)
{
	ck_assert_str_eq(v.text, "a text: with #marks");
	ck_assert_str_eq(v.url, "tcp://*:5555");
	ck_assert_str_eq(v.blank, "");
	ck_assert_ptr_null(v.unset);
	ck_assert(v.flag);
	ck_assert_int_eq(v.count, 10);
	ck_assert_int_eq(v.any_count, 0);
	ck_assert(v.real == 0.1);
	ck_assert_int_eq(v.size, 65536);
	ck_assert_int_eq(v.time, 5000);
	ck_assert_int_eq(v.choice, 2);
	ck_assert_int_eq(v.range.lo, 1);
	ck_assert_int_eq(v.range.hi, 2);
	ck_assert_uint_eq(v.texts.n, 2);
	ck_assert_str_eq(v.texts.v[0], "one");
	ck_assert_str_eq(v.texts.v[1], "two, three");
	ck_assert_uint_eq(v.more.n, 0);
	ck_assert_uint_eq(v.reals.n, 3);
	ck_assert(v.reals.v[0] == 0.1 && v.reals.v[2] == 10);
	ck_assert_ptr_null(v.map.name);
	ck_assert_int_eq(v.map.limit, 5);
	ck_assert_uint_eq(v.entries.n, 0);
	ck_assert_uint_eq(v.fields.n, 0);
}

#endif

/* test_conf.c -- YAML through a table that has every kind in it. */
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

static const char *const colours[] = { "red", "green", "blue", NULL };

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

static int parse_bytes(struct str yaml)
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

static int parse(const char *yaml)
{
	return parse_bytes(str_of(yaml));
}

static const char *problems(void)
{
	static char text[1 << 16];

	snprintf(text, sizeof(text), STR_FMT,
		 STR_ARG(buf_view(&conf.problems)));
	return text;
}

static void good(const char *yaml)
{
	ck_assert_msg(parse(yaml) == 0, "%s", problems());
}

static void bad(const char *yaml, const char *want)
{
	ck_assert_int_eq(parse(yaml), -EINVAL);
	ck_assert_str_eq(problems(), want);
}

/* The place and a word of the only sentence. */
static void bad_at(const char *yaml, const char *place, const char *word)
{
	ck_assert_msg(parse(yaml) == -EINVAL, "%s", yaml);
	ck_assert_msg(!strncmp(problems(), place, strlen(place)) &&
			      strstr(problems(), word) && conf.count == 1,
		      "%s: %s", yaml, problems());
}

static void is_default(void)
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

START_TEST(parse_nothing_gives_the_defaults_over_what_was_there)
{
	static const char *const texts[] = {
		"", "\n", "# x\n", "---\n", "~", "{}",
		"text:\nmap:\nentries: ~\ntexts: null\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		good(texts[i]);
		is_default();
	}
	ck_assert_int_eq(parse_bytes((struct str){ "", 0 }), 0);
	conf_done(&conf);
}
END_TEST

START_TEST(load_without_a_path_gives_the_defaults)
{
	memset(&v, 0xA5, sizeof(v));
	ck_assert_int_eq(conf_load(&conf, NULL, keys, &v, &err), 0);
	is_default();
	conf_problem(&conf, "%s are missing", "sources");
	ck_assert_str_eq(problems(), "settings: sources are missing\n");
	ck_assert_uint_eq(conf.count, 1);
	conf_done(&conf);
}
END_TEST

START_TEST(parse_every_kind_is_read)
{
	const struct entry *entry;

	good("text: 'a \"b\"'\n"
	     "flag: no\n"
	     "count: -1\n"
	     "any-count: -9223372036854775808\n"
	     "real: 1e-3\n"
	     "size: 1.5M\n"
	     "time: 250 ms\n"
	     "choice: red\n"
	     "range: [2, 5]\n"
	     "texts: [a, 'b c']\n"
	     "more: alone\n"
	     "reals: 7\n"
	     "map: {name: n, limit: 9}\n"
	     "entries:\n"
	     "- kind: blue\n"
	     "  sub: {limit: 1}\n"
	     "  tags:\n"
	     "  - x\n"
	     "  - y\n"
	     "- path: p\n"
	     "fields: {one: 1, two: a b}\n");
	ck_assert_str_eq(v.text, "a \"b\"");
	ck_assert(!v.flag);
	ck_assert_int_eq(v.count, -1);
	ck_assert_int_eq(v.any_count, INT64_MIN);
	ck_assert(v.real == 1e-3);
	ck_assert_int_eq(v.size, 1572864);
	ck_assert_int_eq(v.time, 250);
	ck_assert_int_eq(v.choice, 0);
	ck_assert_int_eq(v.range.lo, 2);
	ck_assert_int_eq(v.range.hi, 5);
	ck_assert_uint_eq(v.texts.n, 2);
	ck_assert_str_eq(v.texts.v[1], "b c");
	ck_assert_uint_eq(v.more.n, 1);
	ck_assert_str_eq(v.more.v[0], "alone");
	ck_assert_uint_eq(v.reals.n, 1);
	ck_assert(v.reals.v[0] == 7);
	ck_assert_str_eq(v.map.name, "n");
	ck_assert_int_eq(v.map.limit, 9);
	ck_assert_uint_eq(v.entries.n, 2);
	entry = v.entries.v;
	ck_assert_int_eq(entry[0].kind, 2);
	ck_assert_str_eq(entry[0].path, "-");
	ck_assert_int_eq(entry[0].sub.limit, 1);
	ck_assert_uint_eq(entry[0].tags.n, 2);
	ck_assert_str_eq(entry[0].tags.v[1], "y");
	ck_assert_int_eq(entry[1].kind, 1);
	ck_assert_str_eq(entry[1].path, "p");
	ck_assert_int_eq(entry[1].sub.limit, 5);
	ck_assert_uint_eq(v.fields.n, 4);
	ck_assert_str_eq(v.fields.v[2], "two");
	ck_assert_str_eq(v.fields.v[3], "a b");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_lists_in_each_form)
{
	good("texts: []\nreals: []\nentries: []\nfields: {}\n");
	ck_assert_uint_eq(v.texts.n, 0);
	ck_assert_uint_eq(v.reals.n, 0);
	ck_assert_uint_eq(v.entries.n, 0);
	ck_assert_uint_eq(v.fields.n, 0);
	good("texts:\n- a\nreals:\n  - 1\n  - 2.5\n");
	ck_assert_uint_eq(v.texts.n, 1);
	ck_assert_uint_eq(v.reals.n, 2);
	ck_assert(v.reals.v[1] == 2.5);
	good("more: &x [a, b]\ntexts: *x\n");
	ck_assert_uint_eq(v.texts.n, 2);
	ck_assert_str_eq(v.texts.v[1], "b");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_unknown_key_names_the_nearest)
{
	bad("cuont: 1\n", "f:1:1: unknown key 'cuont': did you mean 'count'?\n");
	bad("\nmap:\n  limt: 1\n",
	    "f:3:3: unknown key 'limt': did you mean 'limit'?\n");
	bad("map: {zzzzzz: 1}\n",
	    "f:1:7: unknown key 'zzzzzz', expected one of name, limit\n");
	bad("entries:\n- knd: red\n",
	    "f:2:3: unknown key 'knd': did you mean 'kind'?\n");
	/* what was wrong leaves the defaults */
	ck_assert_int_eq(v.count, 10);
	conf_done(&conf);
}
END_TEST

START_TEST(parse_key_that_is_no_name_says_so)
{
	bad("? [a]\n: 1\n",
	    "f:1:3: a key is a list, expected a name such as 'text'\n");
	bad("? {a: b}\n: 1\n",
	    "f:1:3: a key is a map, expected a name such as 'text'\n");
	bad_at("fields: {[a]: 1}", "f:1:10: ", "a list");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_wrong_type_of_every_kind_is_told)
{
	bad("text: [a]\n", "f:1:7: 'text' is a list, expected a text\n");
	bad("text: {a: b}\n", "f:1:7: 'text' is a map, expected a text\n");
	bad("flag: maybe\n",
	    "f:1:7: 'flag' is 'maybe', expected true or false\n");
	bad("count: ten\n", "f:1:8: 'count' is 'ten', expected a whole number "
			    "from -1 to 1048576\n");
	bad("count: 1.5\n", "f:1:8: 'count' is '1.5', expected a whole number "
			    "from -1 to 1048576\n");
	bad("any-count: 1x\n",
	    "f:1:12: 'any-count' is '1x', expected a whole number\n");
	bad("real: x\n",
	    "f:1:7: 'real' is 'x', expected a number from 0 to 1\n");
	bad("size: 5s\n", "f:1:7: 'size' is '5s', expected a size such as 64k, "
			  "16M or 2G, 1024 to 1073741824 bytes\n");
	bad("time: 5\n", "f:1:7: 'time' is '5', expected a time such as 250ms, "
			 "5s or 2m, 1 to 3600000 ms\n");
	bad("choice: gren\n",
	    "f:1:9: 'choice' is 'gren', expected one of red, green, blue "
	    "(did you mean 'green'?)\n");
	bad("choice: [red]\n",
	    "f:1:9: 'choice' is a list, expected one of red, green, blue\n");
	bad("range: 3\n", "f:1:8: 'range' is '3', expected two whole numbers "
			  "such as [1, 2], the larger last from 1 to 5\n");
	bad("texts: {a: b}\n",
	    "f:1:8: 'texts' is a map, expected a text or a list of texts\n");
	bad("reals: [1, x]\n", "f:1:12: 'reals' is 'x', expected a number or a "
			       "list of numbers from 0 to 100\n");
	bad("map: 3\n", "f:1:6: found a single value, expected a map with keys "
			"such as 'name'\n");
	bad("map: [a]\n", "f:1:6: found a list, expected a map with keys such "
			  "as 'name'\n");
	bad("entries: {kind: red}\n",
	    "f:1:10: 'entries' is a map, expected a list of maps\n");
	bad("entries: [3]\n", "f:1:11: found a single value, expected a map "
			      "with keys such as 'kind'\n");
	bad("fields: [a]\n",
	    "f:1:9: 'fields' is a list, expected a map of texts\n");
	bad("fields: {a: [b]}\n",
	    "f:1:13: 'fields' is a list, expected a map of texts\n");
	bad("- a\n", "f:1:1: found a list, expected a map with keys such as "
		     "'text'\n");
	bad("word\n", "f:1:1: found a single value, expected a map with keys "
		      "such as 'text'\n");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_numbers_at_their_bounds)
{
	good("count: 1048575\n");
	good("count: 1048576\n");
	bad_at("count: 1048577\n", "f:1:8: ", "from -1 to 1048576");
	good("count: 0\n");
	good("count: -1\n");
	bad_at("count: -2\n", "f:1:8: ", "from -1 to 1048576");
	good("any-count: 9223372036854775807\n");
	bad_at("any-count: 9223372036854775808\n", "f:1:12: ", "whole number");
	bad_at("any-count: 99999999999999999999999999999999999\n", "f:1:12: ",
	       "whole number");
	good("real: 1\n");
	good("real: 0\n");
	bad_at("real: 1.0000001\n", "f:1:7: ", "from 0 to 1");
	bad_at("real: -1e-9\n", "f:1:7: ", "from 0 to 1");
	bad_at("real: .inf\n", "f:1:7: ", "a number");
	bad_at("real: inf\n", "f:1:7: ", "a number");
	bad_at("real: nan\n", "f:1:7: ", "a number");
	bad_at("real: 1e999\n", "f:1:7: ", "a number");
	good("range: [1, 5]\n");
	good("range: [3, 3]\n");
	bad_at("range: [0, 5]\n", "f:1:8: ", "from 1 to 5");
	bad_at("range: [1, 6]\n", "f:1:8: ", "from 1 to 5");
	bad_at("range: [3, 2]\n", "f:1:8: ", "larger last");
	bad_at("range: [3]\n", "f:1:8: ", "a list");
	bad_at("range: [1, 2, 3]\n", "f:1:8: ", "a list");
	bad_at("range: [1, [2]]\n", "f:1:8: ", "a list");
	good("reals: [0, 100]\n");
	bad_at("reals: [0, 100.5]\n", "f:1:12: ", "from 0 to 100");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_sizes_and_times_in_each_unit)
{
	static const struct {
		const char *yaml;
		int64_t size, time;
	} ok[] = {
		{ "size: 1024", 1024, 5000 },
		{ "size: 1k", 1024, 5000 },
		{ "size: 1K", 1024, 5000 },
		{ "size: 2M", 2097152, 5000 },
		{ "size: 1G", 1073741824, 5000 },
		{ "size: 0.5M", 524288, 5000 },
		{ "size: 2 M", 2097152, 5000 },
		{ "time: 1ms", 65536, 1 },
		{ "time: 2s", 65536, 2000 },
		{ "time: 3m", 65536, 180000 },
		{ "time: 1h", 65536, 3600000 },
		{ "time: 0.5s", 65536, 500 },
	};
	static const char *const wrong[] = {
		"size: 1023",	 "size: 1073741825", "size: -5k",
		"size: k",	 "size: 1kk",	     "size: 1e300G",
		"size: 1e999",	 "size: ''",	     "time: 0ms",
		"time: 3600001ms", "time: 1e300d",   "time: -1s",
		"time: s",	 "time: 1 week",     "time: 2h",
	};

	for (size_t i = 0; i < sizeof(ok) / sizeof(ok[0]); i++) {
		good(ok[i].yaml);
		ck_assert_int_eq(v.size, ok[i].size);
		ck_assert_int_eq(v.time, ok[i].time);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		bad_at(wrong[i], "f:1:7: ", "expected a");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_booleans_in_each_word)
{
	static const char *const yes[] = { "true", "yes", "on", "'on'" };
	static const char *const no[] = { "false", "no", "off" };

	for (size_t i = 0; i < 4; i++) {
		char text[32];

		snprintf(text, sizeof(text), "flag: %s", yes[i]);
		good(text);
		ck_assert(v.flag);
	}
	for (size_t i = 0; i < 3; i++) {
		char text[32];

		snprintf(text, sizeof(text), "flag: %s", no[i]);
		good(text);
		ck_assert(!v.flag);
	}
	bad_at("flag: True\n", "f:1:7: ", "true or false");
	bad_at("flag: 1\n", "f:1:7: ", "true or false");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_key_given_twice_is_told_and_the_first_counts)
{
	bad("count: 1\nflag: no\ncount: 2\n",
	    "f:3:1: 'count' is given twice\n");
	ck_assert_int_eq(v.count, 1);
	bad("fields: {a: 1, b: 2, a: 3}\n", "f:1:22: 'a' is given twice\n");
	ck_assert_uint_eq(v.fields.n, 0);
	good("entries: [{path: a}, {path: b}]\n");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_several_problems_are_all_told_in_their_order)
{
	bad("cuont: 1\n"
	    "flag: 7\n"
	    "texts: [a, [b], {c: d}]\n"
	    "map:\n"
	    "  limit: 10\n"
	    "entries:\n"
	    "  - kind: red\n"
	    "    size: 3\n"
	    "  - 3\n"
	    "count: 3\n",
	    "f:1:1: unknown key 'cuont': did you mean 'count'?\n"
	    "f:2:7: 'flag' is '7', expected true or false\n"
	    "f:3:12: 'texts' is a list, expected a text or a list of texts\n"
	    "f:3:17: 'texts' is a map, expected a text or a list of texts\n"
	    "f:5:10: 'limit' is '10', expected a whole number from 1 to 9\n"
	    "f:8:5: unknown key 'size', expected one of kind, path, sub, tags\n"
	    "f:9:5: found a single value, expected a map with keys such as "
	    "'kind'\n");
	ck_assert_uint_eq(conf.count, 7);
	ck_assert_int_eq(v.count, 3);
	ck_assert_str_eq(v.texts.v[0], "one");
	/* the sentence of the failure is what was found, without the last end */
	ck_assert_int_eq(strncmp(err.text, problems(), strlen(problems()) - 1),
			 0);
	conf_done(&conf);
}
END_TEST

START_TEST(parse_columns_count_characters_not_bytes)
{
	bad("{text: \"été\", flag: 7}\n",
	    "f:1:21: 'flag' is '7', expected true or false\n");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_syntax_error_names_line_and_column)
{
	bad_at("a: [1\nb: 2\n", "f:2:2: ", "no YAML: ");
	bad_at("count: 1\n\tflag: no\n", "f:2:1: ", "no YAML: ");
	bad_at("text: 'open\n", "f:2:1: ", "no YAML: ");
	bad_at("text: *nobody\n", "f:1:7: ", "alias");
	bad_at("text: \"\\q\"\n", "f:1:8: ", "escape");
	bad_at("%YAML 9.9\n---\n", "f:1:1: ", "no YAML: ");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_bad_bytes_are_told_where_they_stand)
{
	bad_at("count: 1\ntext: \xff\n", "f:2:7: ", "UTF-8");
	bad_at("count: 1\n# été\ntext: é\xc3(\n", "f:3:9: ", "UTF-8");
	bad_at("text: \x01\n", "f:1:7: ", "control characters");
	ck_assert_int_eq(parse_bytes(STR("flag: no\ntext: a\0b\n")), -EINVAL);
	ck_assert_ptr_eq(strstr(problems(), "f:2:8: "), problems());
	conf_done(&conf);
}
END_TEST

START_TEST(parse_second_document_is_told)
{
	bad("count: 1\n---\ncount: 2\n",
	    "f:3:1: a second document begins here, expected one\n");
	bad_at("count: 1\n---\n[\n", "f:4:1: ", "no YAML");
	good("---\ncount: 1\n...\n");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_text_with_a_nul_is_refused)
{
	bad("text: \"a\\0b\"\n",
	    "f:1:7: 'text' is a text with a NUL, expected a text\n");
	ck_assert_str_eq(v.text, "a text: with #marks");
	bad_at("texts: [a, \"\\0\"]\n", "f:1:12: ", "a NUL");
	bad_at("fields: {a: \"\\0\"}\n", "f:1:13: ", "a NUL");
	bad_at("fields: {\"\\0\": a}\n", "f:1:10: ", "a NUL");
	bad_at("count: \"1\\0\"\n", "f:1:8: ", "a NUL");
	conf_done(&conf);
}
END_TEST

START_TEST(parse_problem_stays_one_line_of_utf8)
{
	struct str rest;

	bad("flag: \"a\\nb\\e[2J\"\n",
	    "f:1:7: 'flag' is 'a b [2J', expected true or false\n");
	bad("\"k\\nf:9:9: forged\": 1\n",
	    "f:1:1: unknown key 'k f:9:9: forged', expected one of text, url, "
	    "blank, unset, flag, count, any-count, real, size, time, choice, "
	    "range, texts, more, reals, map, entries, fields\n");
	/* eighty bytes fall into the middle of an é */
	bad_at("flag: xéééééééééééééééééééééééééééééééééééééééééééééééé\n",
	       "f:1:7: ", "éééé…'");
	ck_assert_ptr_nonnull(strstr(problems(), "…"));
	conf_done(&conf);
	conf_load(&conf, NULL, keys, &v, &err);
	conf_problem(&conf, "a\nb");
	rest = buf_view(&conf.problems);
	ck_assert(str_is(rest, "settings: a b\n"));
	conf_done(&conf);
}
END_TEST

START_TEST(parse_recursive_alias_ends)
{
	bad_at("entries: &a [*a]\n", "f:1:10: ", "found a list");
	bad_at("map: &m {name: *m}\n", "f:1:6: ", "'name' is a map");
	bad_at("&r {map: *r}\n", "f:1:", "unknown key 'map'");
	bad_at("texts: &t [a, *t]\n", "f:1:8: ", "'texts' is a list");
	bad_at("fields: &f {a: *f}\n", "f:1:9: ", "'fields' is a map");
	bad_at("? &k {? *k : 1}\n: 1\n", "f:1:3: ", "a key is a map");
	conf_done(&conf);
}
END_TEST

/* A table whose level lies in itself, and a file that does too. */
static const struct conf_key self_keys[] = {
	{ .name = "down",
	  .kind = CONF_MAPS,
	  .at = 0,
	  .keys = self_keys,
	  .size = sizeof(struct conf_maps),
	  .help = "again" },
	{ .name = NULL },
};

START_TEST(parse_recursive_table_and_alias_end)
{
	struct conf_maps top = { NULL, 0 };
	struct conf c;

	ck_assert_int_eq(conf_parse(&c, "f", STR("&a {down: [*a]}\n"),
				    self_keys, &top, &err),
			 -EINVAL);
	ck_assert(str_is(buf_view(&c.problems), "f:1:1: nested too deeply\n"));
	conf_done(&c);
}
END_TEST

START_TEST(parse_aliases_past_the_memory_are_told)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add_z(&b, "more: [&x \"");
	for (int i = 0; i < 100000; i++)
		buf_add_char(&b, 'x');
	buf_add_z(&b, "\"]\nfields: {");
	for (int i = 0; i < 200; i++)
		buf_printf(&b, "k%d: *x, ", i);
	buf_add_z(&b, "}\n");
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert_int_eq(parse_bytes(buf_view(&b)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(problems(), "too long"));
	ck_assert_uint_eq(v.fields.n, 0);
	buf_done(&b);
	conf_done(&conf);
}
END_TEST

/* What conf_show() wrote of from, or conf_example(), or conf_man(). */
static char *written(void (*show)(const struct conf_key *, const void *, FILE *),
		     void (*table)(const struct conf_key *, FILE *))
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	ck_assert_ptr_nonnull(f);
	if (show)
		show(keys, &v, f);
	else
		table(keys, f);
	fclose(f);
	return text;
}

/* Show, load, show again: twice the same. */
static void show_reloads(void)
{
	char *first = written(conf_show, NULL), *second;

	good(first);
	second = written(conf_show, NULL);
	ck_assert_str_eq(first, second);
	free(first);
	free(second);
}

START_TEST(show_of_defaults_reloads_to_the_same)
{
	good("");
	show_reloads();
	is_default();
	conf_done(&conf);
}
END_TEST

START_TEST(show_of_everything_reloads_to_the_same)
{
	const struct entry *entry;

	good("text: \" a\\n\\tb \\\\ \\\" \\e \\N \\L \\P \\_ \\uFEFF \\x7f é 😀 "
	     "\\uFFFE \\U0010FFFF: # '\"\n"
	     "url: 'null'\n"
	     "unset: '~'\n"
	     "blank: ''\n"
	     "flag: no\n"
	     "any-count: -9223372036854775808\n"
	     "real: 0.30000000000000004\n"
	     "size: 1500\n"
	     "time: 1m\n"
	     "range: [1, 5]\n"
	     "texts: ['', '[x]', \"\\n\"]\n"
	     "reals: [0.1, 0.30000000000000004, 1e-300]\n"
	     "entries:\n"
	     "- {kind: red, path: '- x', sub: {name: deep}, tags: [a]}\n"
	     "- {}\n"
	     "fields: {'a: b': '#', '': '', '- ': \"\\x416\"}\n");
	show_reloads();
	ck_assert_str_eq(v.text, " a\n\tb \\ \" \x1b \xc2\x85 \u2028 \u2029 \u00A0 "
				 "\uFEFF \x7f é 😀 \uFFFE \U0010FFFF: # '");
	ck_assert_str_eq(v.url, "null");
	ck_assert_str_eq(v.unset, "~");
	ck_assert(v.real == 0.30000000000000004);
	ck_assert(v.reals.v[1] == 0.30000000000000004);
	ck_assert(v.reals.v[2] == 1e-300);
	ck_assert_str_eq(v.texts.v[2], "\n");
	ck_assert_uint_eq(v.entries.n, 2);
	entry = v.entries.v;
	ck_assert_str_eq(entry[0].sub.name, "deep");
	ck_assert_str_eq(v.fields.v[0], "a: b");
	conf_done(&conf);
}
END_TEST

START_TEST(show_of_emptied_lists_reloads_to_the_same)
{
	good("texts: []\nreals: []\n");
	show_reloads();
	ck_assert_uint_eq(v.texts.n, 0);
	ck_assert_uint_eq(v.reals.n, 0);
	conf_done(&conf);
}
END_TEST

START_TEST(show_of_endless_keys_reloads_to_the_same)
{
	char text[2200] = "fields: {? \"";

	memset(text + strlen(text), 'k', 2000);
	strcat(text, "\" : v}\n");
	good(text);
	show_reloads();
	ck_assert_uint_eq(strlen(v.fields.v[0]), 2000);
	conf_done(&conf);
}
END_TEST

/* Bytes that are no UTF-8 can come from a command line. */
START_TEST(show_of_stray_bytes_is_yaml_all_the_same)
{
	char *text;

	good("");
	v.text = "a\xff\xc3";
	text = written(conf_show, NULL);
	ck_assert_ptr_nonnull(strstr(text, "text: \"a\\xff\\xc3\"\n"));
	good(text);
	free(text);
	conf_done(&conf);
}
END_TEST

/* One entry, all of whose keys have their defaults; it is taken out. */
static void is_default_entry(void)
{
	const struct entry *entry = v.entries.v;

	ck_assert_uint_eq(v.entries.n, 1);
	ck_assert_int_eq(entry->kind, 1);
	ck_assert_str_eq(entry->path, "-");
	ck_assert_ptr_null(entry->sub.name);
	ck_assert_int_eq(entry->sub.limit, 5);
	ck_assert_uint_eq(entry->tags.n, 0);
	v.entries.n = 0;
}

START_TEST(example_as_it_is_gives_the_defaults_and_an_entry)
{
	char *text = written(NULL, conf_example);

	good(text);
	is_default_entry();
	is_default();
	for (const struct conf_key *k = keys; k->name; k++)
		ck_assert_ptr_nonnull(strstr(text, k->name));
	free(text);
	conf_done(&conf);
}
END_TEST

/* "#key: value" lines without their mark; "# help" stays a comment, "#key:"
 * without a value too. */
static void uncomment(char *text)
{
	for (char *line = text; line; line = strchr(line, '\n')) {
		char *mark, *colon, *end;

		line += *line == '\n';
		mark = line + strspn(line, " ");
		end = mark + strcspn(mark, "\n");
		colon = strchr(mark, ':');
		if (*mark != '#' || mark[1] == ' ' || !colon || colon > end)
			continue;
		if (colon + 1 == end)
			continue;
		memmove(mark, mark + 1, strlen(mark));
	}
}

START_TEST(example_uncommented_gives_the_defaults_and_an_entry)
{
	char *text = written(NULL, conf_example);

	uncomment(text);
	ck_assert_ptr_nonnull(strstr(text, "\ncount: 10\n"));
	good(text);
	is_default_entry();
	is_default();
	free(text);
	conf_done(&conf);
}
END_TEST

START_TEST(man_names_every_key_and_no_line_is_a_request_by_chance)
{
	char *text = written(NULL, conf_man), *line;

	ck_assert_ptr_nonnull(strstr(text, "\\fBany\\-count\\fR"));
	ck_assert_ptr_nonnull(strstr(text, "\\fBmap.limit\\fR"));
	ck_assert_ptr_nonnull(strstr(text, "\\fBentries[].sub.name\\fR"));
	ck_assert_ptr_nonnull(strstr(text, "a whole number from \\-1 to 1048576; "
					   "by default 10.\n"));
	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		ck_assert_msg(*line != '\'' &&
				      (*line != '.' || !strncmp(line, ".TP\n", 4)),
			      "%.40s", line);
	}
	free(text);
}
END_TEST

START_TEST(load_file_and_what_is_none)
{
	char folder[] = "/tmp/vigie-test-XXXXXX", path[64];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/f", folder);
	ck_assert_int_eq(conf_load(&conf, path, keys, &v, &err), -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, path));
	conf_done(&conf);
	err_clear(&err);
	ck_assert_int_eq(file_write(path, STR("count: 3\nflag: 3\n"), &err), 0);
	ck_assert_int_eq(conf_load(&conf, path, keys, &v, &err), -EINVAL);
	ck_assert_int_eq(v.count, 3);
	ck_assert_ptr_eq(strstr(problems(), path), problems());
	ck_assert_ptr_nonnull(strstr(problems(), ":2:7: "));
	conf_done(&conf);
	/* past a megabyte */
	err_clear(&err);
	ck_assert_int_eq(truncate(path, (1 << 20) + 1), 0);
	ck_assert_int_eq(conf_load(&conf, path, keys, &v, &err), -EFBIG);
	ck_assert_str_ne(err.text, "");
	conf_done(&conf);
	unlink(path);
	rmdir(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_nothing_gives_the_defaults_over_what_was_there),
		CHECK_TEST(load_without_a_path_gives_the_defaults),
		CHECK_TEST(parse_every_kind_is_read),
		CHECK_TEST(parse_lists_in_each_form),
		CHECK_TEST(parse_unknown_key_names_the_nearest),
		CHECK_TEST(parse_key_that_is_no_name_says_so),
		CHECK_TEST(parse_wrong_type_of_every_kind_is_told),
		CHECK_TEST(parse_numbers_at_their_bounds),
		CHECK_TEST(parse_sizes_and_times_in_each_unit),
		CHECK_TEST(parse_booleans_in_each_word),
		CHECK_TEST(parse_key_given_twice_is_told_and_the_first_counts),
		CHECK_TEST(parse_several_problems_are_all_told_in_their_order),
		CHECK_TEST(parse_columns_count_characters_not_bytes),
		CHECK_TEST(parse_syntax_error_names_line_and_column),
		CHECK_TEST(parse_bad_bytes_are_told_where_they_stand),
		CHECK_TEST(parse_second_document_is_told),
		CHECK_TEST(parse_text_with_a_nul_is_refused),
		CHECK_TEST(parse_problem_stays_one_line_of_utf8),
		CHECK_TEST(parse_recursive_alias_ends),
		CHECK_TEST(parse_recursive_table_and_alias_end),
		CHECK_TEST(parse_aliases_past_the_memory_are_told),
		CHECK_TEST(show_of_defaults_reloads_to_the_same),
		CHECK_TEST(show_of_everything_reloads_to_the_same),
		CHECK_TEST(show_of_emptied_lists_reloads_to_the_same),
		CHECK_TEST(show_of_endless_keys_reloads_to_the_same),
		CHECK_TEST(show_of_stray_bytes_is_yaml_all_the_same),
		CHECK_TEST(example_as_it_is_gives_the_defaults_and_an_entry),
		CHECK_TEST(example_uncommented_gives_the_defaults_and_an_entry),
		CHECK_TEST(man_names_every_key_and_no_line_is_a_request_by_chance),
		CHECK_TEST(load_file_and_what_is_none),
		CHECK_END,
	};

	return check_main("conf", tests);
}

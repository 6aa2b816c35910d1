#include "tests/conf_table.h"

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
		CHECK_TEST(load_file_and_what_is_none),
		CHECK_END,
	};

	return check_main("conf", tests);
}

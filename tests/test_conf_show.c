#include "tests/conf_table.h"

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

START_TEST(example_as_it_is_gives_the_defaults)
{
	char *text = written(NULL, conf_example);

	good(text);
	is_default();
	ck_assert_uint_eq(v.entries.n, 0);
	ck_assert_ptr_nonnull(strstr(text, "\n#entries:\n#  -\n#    # "));
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
		if (colon + 1 == end || mark[1] == ' ')
			continue;
		memmove(mark, mark + 1, strlen(mark));
	}
}

START_TEST(example_uncommented_gives_the_defaults)
{
	char *text = written(NULL, conf_example);

	uncomment(text);
	ck_assert_ptr_nonnull(strstr(text, "\ncount: 10\n"));
	good(text);
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

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(show_of_defaults_reloads_to_the_same),
		CHECK_TEST(show_of_everything_reloads_to_the_same),
		CHECK_TEST(show_of_emptied_lists_reloads_to_the_same),
		CHECK_TEST(show_of_endless_keys_reloads_to_the_same),
		CHECK_TEST(show_of_stray_bytes_is_yaml_all_the_same),
		CHECK_TEST(example_as_it_is_gives_the_defaults),
		CHECK_TEST(example_uncommented_gives_the_defaults),
		CHECK_TEST(man_names_every_key_and_no_line_is_a_request_by_chance),
		CHECK_END,
	};

	return check_main("conf_show", tests);
}

/* test_json.c -- pieces written, foreign text parsed. */
#include "base/json.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check_main.h"

static bool parses(struct str s, struct err *e)
{
	char *exact = malloc(s.n ? s.n : 1);
	json_t *v;

	memcpy(exact, s.p, s.n);
	err_clear(e);
	v = json_parse((struct str){ exact, s.n }, e);
	free(exact);
	ck_assert((v != NULL) == (e->text[0] == '\0'));
	json_decref(v);
	return v != NULL;
}

START_TEST(add_text_every_control_character_round_trips)
{
	struct err e = { "" };
	struct buf b;

	buf_init(&b, 100);
	for (int c = 0; c < 0x80; c++) {
		const char raw[3] = { 'a', (char)c, 'b' };
		json_t *v;

		buf_clear(&b);
		buf_add_char(&b, '[');
		json_add_text(&b, (struct str){ raw, 3 });
		buf_add_char(&b, ']');
		/* nothing below a space is left as it was */
		for (size_t i = 0; i < b.n; i++)
			ck_assert_int_ge(b.p[i], 0x20);
		v = json_loadb(b.p, b.n, JSON_ALLOW_NUL, NULL);
		ck_assert_ptr_nonnull(v);
		ck_assert_uint_eq(json_string_length(json_array_get(v, 0)), 3);
		ck_assert_int_eq(memcmp(json_string_value(json_array_get(v, 0)),
					raw, 3),
				 0);
		json_decref(v);
		if (c)
			ck_assert(parses(buf_view(&b), &e));
	}
	buf_done(&b);
}
END_TEST

START_TEST(add_text_known_forms)
{
	struct buf b;

	buf_init(&b, 200);
	json_add_text(&b, STR("\"\\\n\r\t\b\f/é😀\x7f"));
	ck_assert(str_is(buf_view(&b),
			 "\"\\\"\\\\\\n\\r\\t\\u0008\\u000c/é😀\x7f\""));
	buf_clear(&b);
	json_add_text(&b, (struct str){ NULL, 0 });
	json_add_text(&b, STR(""));
	ck_assert(str_is(buf_view(&b), "\"\"\"\""));
	buf_done(&b);
}
END_TEST

START_TEST(add_text_past_the_ceiling_is_remembered)
{
	struct buf b;

	for (size_t max = 7; max <= 9; max++) {
		buf_init(&b, max);
		json_add_text(&b, STR("\x01")); /* 8 bytes with its quotes */
		ck_assert_int_eq(buf_error(&b), max < 8 ? -EMSGSIZE : 0);
		buf_done(&b);
	}
}
END_TEST

START_TEST(add_name_a_comma_only_behind_a_member)
{
	struct buf b;

	buf_init(&b, 200);
	json_add_name(&b, "bare");
	buf_add_z(&b, "1");
	json_add_name(&b, "next");
	buf_add_z(&b, "{");
	json_add_name(&b, "in");
	buf_add_z(&b, "[{");
	json_add_name(&b, "deep");
	json_add_text(&b, STR("{["));
	json_add_name(&b, "last");
	buf_add_z(&b, "null}]}");
	ck_assert(str_is(buf_view(&b),
			 "\"bare\":1,\"next\":{\"in\":[{\"deep\":\"{[\","
			 "\"last\":null}]}"));
	buf_done(&b);
}
END_TEST

START_TEST(add_real_finite_round_trips_and_others_are_null)
{
	static const double xs[] = { 0, -0.0, 0.1, 1.0 / 3, DBL_MAX, DBL_MIN,
				     5e-324, -1e300, 123456789 };
	struct buf b;

	buf_init(&b, 100);
	for (size_t i = 0; i < sizeof(xs) / sizeof(xs[0]); i++) {
		json_t *v;

		buf_clear(&b);
		buf_add_char(&b, '[');
		json_add_real(&b, xs[i], 17);
		buf_add_char(&b, ']');
		v = json_parse(buf_view(&b), NULL);
		ck_assert_ptr_nonnull(v);
		ck_assert(json_number_value(json_array_get(v, 0)) == xs[i]);
		json_decref(v);
	}
	buf_clear(&b);
	json_add_real(&b, 0.123456, 3);
	json_add_real(&b, (double)NAN, 3);
	json_add_real(&b, (double)INFINITY, 3);
	json_add_real(&b, (double)-INFINITY, 3);
	ck_assert(str_is(buf_view(&b), "0.123nullnullnull"));
	buf_done(&b);
}
END_TEST

START_TEST(add_value_keeps_the_order_of_keys)
{
	const char *text = "{\"z\":1,\"a\":[true,null,\"é\\n\"],\"m\":1.5}";
	json_t *v = json_parse(str_of(text), NULL);
	struct buf b;

	ck_assert_ptr_nonnull(v);
	buf_init(&b, 100);
	json_add_value(&b, v);
	ck_assert_int_eq(buf_error(&b), 0);
	ck_assert(str_is(buf_view(&b), text));
	buf_clear(&b);
	json_add_value(&b, json_object_get(v, "m"));
	ck_assert(str_is(buf_view(&b), "1.5"));
	buf_done(&b);
	buf_init(&b, 10);
	json_add_value(&b, v);
	ck_assert_int_eq(buf_error(&b), -EMSGSIZE);
	buf_done(&b);
	json_decref(v);
}
END_TEST

START_TEST(add_value_that_cannot_be_written_is_remembered)
{
	struct buf b;

	buf_init(&b, 100);
	json_add_value(&b, NULL);
	ck_assert_int_eq(buf_error(&b), -ENOMEM);
	buf_done(&b);
}
END_TEST

/* depth brackets, closed again, around a 1. */
static bool deep(size_t depth, const char *open, const char *close,
		 struct err *e)
{
	struct buf b;
	bool good;

	buf_init(&b, 100000);
	for (size_t i = 0; i < depth; i++)
		buf_add_z(&b, open);
	buf_add_z(&b, "1");
	for (size_t i = 0; i < depth; i++)
		buf_add_z(&b, close);
	good = parses(buf_view(&b), e);
	buf_done(&b);
	return good;
}

START_TEST(parse_64_levels_are_read_and_65_refused)
{
	struct err e = { "" };

	ck_assert(deep(63, "[", "]", &e));
	ck_assert(deep(64, "[", "]", &e));
	ck_assert(deep(64, "{\"a\":", "}", &e));
	ck_assert(!deep(65, "[", "]", &e));
	ck_assert_str_eq(e.text, "JSON is nested 65 levels deep; 64 are allowed");
	ck_assert(!deep(65, "{\"a\":", "}", &e));
	ck_assert(!deep(10000, "[", "]", &e));
}
END_TEST

START_TEST(parse_brackets_in_strings_are_no_levels)
{
	struct err e = { "" };
	struct buf b;

	buf_init(&b, 1000);
	buf_add_z(&b, "[\"\\\"");
	for (int i = 0; i < 100; i++)
		buf_add_z(&b, "[{");
	buf_add_z(&b, "\\\\\"]");
	ck_assert(parses(buf_view(&b), &e));
	buf_done(&b);
}
END_TEST

START_TEST(parse_a_million_tokens_are_read_and_one_more_refused)
{
	struct err e = { "" };
	struct buf b;

	for (size_t tokens = (1 << 20) - 1; tokens <= (1 << 20) + 1; tokens++) {
		buf_init(&b, 4 << 20);
		buf_add_z(&b, "[1");
		for (size_t i = 1; i < tokens; i++)
			buf_add_z(&b, ",1");
		buf_add_z(&b, "]");
		ck_assert(parses(buf_view(&b), &e) == (tokens <= 1 << 20));
		buf_done(&b);
	}
	ck_assert_str_eq(e.text,
			 "JSON has 1048577 tokens; 1048576 are allowed");
}
END_TEST

START_TEST(parse_duplicate_key_is_refused_with_its_column)
{
	struct err e = { "" };

	ck_assert(!parses(STR("{\"a\": 1, \"a\": 2}"), &e));
	ck_assert_ptr_nonnull(strstr(e.text, "duplicate object key"));
	ck_assert_str_eq(e.text, "no JSON: duplicate object key near "
				 "'\"a\"' at column 12");
	ck_assert(!parses(STR("{\"b\":{\"a\":1,\"\\u0061\":2}}"), &e));
	ck_assert(parses(STR("{\"b\":{\"a\":1},\"a\":2}"), &e));
}
END_TEST

START_TEST(parse_error_past_the_first_line_names_the_line)
{
	struct err e = { "" };

	ck_assert(!parses(STR("{\n \"a\": tru\n}"), &e));
	ck_assert_ptr_nonnull(strstr(e.text, "no JSON: "));
	ck_assert_ptr_nonnull(strstr(e.text, "at line 2, column 9"));
	ck_assert(!parses(STR("[tru]"), &e));
	ck_assert_ptr_null(strstr(e.text, "line"));
}
END_TEST

START_TEST(parse_nul_is_refused_in_every_form)
{
	struct err e = { "" };

	ck_assert(!parses(STR("[\"a\\u0000b\"]"), &e));
	ck_assert(!parses(STR("{\"a\\u0000b\":1}"), &e));
	ck_assert(!parses(STR("[\"a\0b\"]"), &e));
	ck_assert(!parses(STR("[]\0"), &e));
	ck_assert(!parses(STR("\0[]"), &e));
	ck_assert(!parses(STR("[1\0]"), &e));
}
END_TEST

START_TEST(parse_bad_utf8_is_refused)
{
	static const char *const bad[] = {
		"[\"\xff\"]",		  "[\"\xc3\"]",
		"[\"\xc0\xaf\"]",	  "[\"\xed\xa0\x80\"]",
		"[\"\xf4\x90\x80\x80\"]", "[\"\\ud800\"]",
		"[\"\\udc00\\ud800\"]",	  "\xff[]",
	};
	struct err e = { "" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!parses(str_of(bad[i]), &e), "%zu", i);
	ck_assert(parses(STR("[\"\\ud83d\\ude00\"]"), &e));
}
END_TEST

START_TEST(parse_integers_of_64_bits_are_read_and_larger_refused)
{
	struct err e = { "" };
	json_t *v = json_parse(STR("[9223372036854775807,"
				   "-9223372036854775808]"),
			       &e);

	ck_assert_ptr_nonnull(v);
	ck_assert_int_eq(json_integer_value(json_array_get(v, 0)), INT64_MAX);
	ck_assert_int_eq(json_integer_value(json_array_get(v, 1)), INT64_MIN);
	json_decref(v);
	ck_assert(!parses(STR("[9223372036854775808]"), &e));
	ck_assert(!parses(STR("[-9223372036854775809]"), &e));
	ck_assert(!parses(STR("[1e400]"), &e));
	ck_assert(parses(STR("[1e308]"), &e));
}
END_TEST

START_TEST(parse_what_is_not_json_is_refused)
{
	static const char *const bad[] = {
		"",	    " ",     "{",      "[1,]",	  "{\"a\":1,}",
		"[01]",	    "['a']", "[NaN]",  "[+1]",	  "[1] x",
		"[1][2]",   "{a:1}", "[.5]",   "[1.]",	  "[\"a\nb\"]",
		"[\"\\x\"]", "//x",   "[\"a]", "]",	  "}",
		"1",	    "null",  "\"a\"", "[1 2]",
	};
	struct err e = { "" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!parses(str_of(bad[i]), &e), "'%s'", bad[i]);
	ck_assert_ptr_null(json_parse((struct str){ NULL, 0 }, &e));
	ck_assert(parses(STR(" [ ] \n"), &e));
	ck_assert(parses(STR("{}"), &e));
}
END_TEST

START_TEST(next_member_gives_names_and_values_as_written)
{
	struct str rest = STR(" { \"a\" : [1, {\"b\":\"]}\"}] , \"c\":-1.50,"
			      "\"\\\"\":\"\\\\\" } ");
	struct str name, value;

	ck_assert(json_next_member(&rest, &name, &value));
	ck_assert(str_is(name, "\"a\""));
	ck_assert(str_is(value, "[1, {\"b\":\"]}\"}]"));
	ck_assert(json_next_member(&rest, &name, &value));
	ck_assert(str_is(name, "\"c\"") && str_is(value, "-1.50"));
	ck_assert(json_next_member(&rest, &name, &value));
	ck_assert(str_is(name, "\"\\\"\"") && str_is(value, "\"\\\\\""));
	ck_assert(!json_next_member(&rest, &name, &value));
	rest = STR("{}");
	ck_assert(!json_next_member(&rest, &name, &value));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(add_text_every_control_character_round_trips),
		CHECK_TEST(add_text_known_forms),
		CHECK_TEST(add_text_past_the_ceiling_is_remembered),
		CHECK_TEST(add_name_a_comma_only_behind_a_member),
		CHECK_TEST(add_real_finite_round_trips_and_others_are_null),
		CHECK_TEST(add_value_keeps_the_order_of_keys),
		CHECK_TEST(add_value_that_cannot_be_written_is_remembered),
		CHECK_TEST(parse_64_levels_are_read_and_65_refused),
		CHECK_TEST(parse_brackets_in_strings_are_no_levels),
		CHECK_TEST(parse_a_million_tokens_are_read_and_one_more_refused),
		CHECK_TEST(parse_duplicate_key_is_refused_with_its_column),
		CHECK_TEST(parse_error_past_the_first_line_names_the_line),
		CHECK_TEST(parse_nul_is_refused_in_every_form),
		CHECK_TEST(parse_bad_utf8_is_refused),
		CHECK_TEST(parse_integers_of_64_bits_are_read_and_larger_refused),
		CHECK_TEST(parse_what_is_not_json_is_refused),
		CHECK_TEST(next_member_gives_names_and_values_as_written),
		CHECK_END,
	};

	return check_main("json", tests);
}

#include "ingest/pieces.h"

#include "ingest/source.h"
#include "tests/check_main.h"

/* Pieces as "1:piece|3:piece|", refusals as "2!sentence|". */
static const char *cut(enum pieces_form form, struct str body)
{
	static char out[4096];
	struct pieces p;
	struct str s;
	size_t n = 0;
	int r;

	out[0] = '\0';
	pieces_begin(&p, form, body);
	for (;;) {
		struct err e = { "" };

		r = pieces_next(&p, &s, &e);
		if (r == STEP_END)
			return out;
		ck_assert_int_eq(r == STEP_REJECT, e.text[0] != '\0');
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%d%c%.*s|",
				      (int)p.number, r ? '!' : ':',
				      r || s.n > 100 ? 100 : (int)s.n, r ? e.text : s.p);
	}
}

static void lines(const char *body, const char *want)
{
	ck_assert_str_eq(cut(PIECES_LINES, str_of(body)), want);
}

static void array(const char *body, const char *want)
{
	ck_assert_str_eq(cut(PIECES_ARRAY, str_of(body)), want);
}

START_TEST(lines_are_counted_blank_or_not)
{
	lines("", "");
	lines("\n\n \n", "");
	lines("{1}", "1:{1}|");
	lines("{1}\n", "1:{1}|");
	lines("\xEF\xBB\xBF{1}\r\n\r\n  {3} \n{4}", "1:{1}|3:{3}|4:{4}|");
	ck_assert_str_eq(cut(PIECES_LINES, (struct str){ "a\0b\nc", 5 }),
			 "1:a|2:c|");
}
END_TEST

START_TEST(array_is_cut_at_its_own_commas)
{
	array("[]", "");
	array(" [ \n ] ", "");
	array("[1]", "1:1|");
	array("[{\"a\":[1,2],\"b\":\"x,]}\\\"\"} , 2,\n3]",
	      "1:{\"a\":[1,2],\"b\":\"x,]}\\\"\"}|2:2|3:3|");
	array("[\"\\\\\",\"]\"]", "1:\"\\\\\"|2:\"]\"|");
}
END_TEST

START_TEST(array_that_is_none_is_refused_where_it_breaks)
{
	static const char none[] = "an element without a value|";
	static const char open[] =
		"the array has no end, or a bracket too many|";
	static const char behind[] = "bytes behind the end of the array|";
	char want[256];

	snprintf(want, sizeof(want), "1:1|2!%s", none);
	array("[1,]", want);
	snprintf(want, sizeof(want), "1!%s2!%s", none, none);
	array("[,]", want);
	snprintf(want, sizeof(want), "1:1|2!%s", open);
	array("[1,{\"a\":2]", want);
	array("[1,", want);
	array("[1,\"x]", want);
	array("[1,2}", want);
	array("[1,\"x\\", want);
	snprintf(want, sizeof(want), "1!%s", open);
	array("[", want);
	array("[1", want);
	snprintf(want, sizeof(want), "1:1|2!%s", behind);
	array("[1],[2]", want);
	array("[1]\n[2]", want);
	snprintf(want, sizeof(want), "1!%s", behind);
	array("[]]", want);
}
END_TEST

START_TEST(one_is_all_of_it)
{
	ck_assert_str_eq(cut(PIECES_ONE, STR("\n{\n1}\n")), "1:{\n1}|");
	ck_assert_str_eq(cut(PIECES_ONE, STR(" \n")), "");
}
END_TEST

START_TEST(piece_past_the_cap_is_refused)
{
	size_t n = RAW_MAX + 4;
	char *p = malloc(n);

	memset(p, 'x', n);
	memcpy(p + RAW_MAX + 1, "\ny", 2);
	ck_assert_ptr_nonnull(strstr(cut(PIECES_LINES,
					 (struct str){ p, RAW_MAX + 3 }),
				     "1!an article of more than"));
	p[0] = '[';
	memcpy(p + RAW_MAX + 1, ",y]", 3);
	ck_assert_int_eq(strncmp(cut(PIECES_ARRAY, (struct str){ p, n }),
				 "1:xx", 4), 0);
	free(p);
}
END_TEST

START_TEST(form_is_told_by_type_and_first_byte)
{
	const struct str object = STR("{}"), list = STR(" \n[{}]");

	ck_assert_int_eq(pieces_form(NULL, object), PIECES_LINES);
	ck_assert_int_eq(pieces_form("", object), PIECES_LINES);
	ck_assert_int_eq(pieces_form(NULL, list), PIECES_ARRAY);
	ck_assert_int_eq(pieces_form("application/json", object), PIECES_ONE);
	ck_assert_int_eq(pieces_form("Application/JSON; charset=utf-8", object),
			 PIECES_ONE);
	ck_assert_int_eq(pieces_form("application/json", list), PIECES_ARRAY);
	ck_assert_int_eq(pieces_form("application/x-ndjson", object),
			 PIECES_LINES);
	ck_assert_int_eq(pieces_form("application/x-ndjson", list),
			 PIECES_LINES);
	ck_assert_int_eq(pieces_form("text/plain", list), PIECES_LINES);
	ck_assert_int_eq(pieces_form("application/x-www-form-urlencoded",
				     list), PIECES_ARRAY);
	ck_assert_int_eq(pieces_form("application/jsonl", object),
			 PIECES_LINES);
	ck_assert_int_eq(pieces_form("text/plain ; charset=utf-8", object),
			 PIECES_LINES);
	ck_assert_int_eq(pieces_form("application/x-www-form-urlencoded",
				     object), PIECES_LINES);
	ck_assert_int_eq(pieces_form("application/xml", object), PIECES_WRONG);
	ck_assert_int_eq(pieces_form("text/plainer", list), PIECES_WRONG);
	ck_assert_int_eq(pieces_form("text", list), PIECES_WRONG);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(lines_are_counted_blank_or_not),
		CHECK_TEST(array_is_cut_at_its_own_commas),
		CHECK_TEST(array_that_is_none_is_refused_where_it_breaks),
		CHECK_TEST(one_is_all_of_it),
		CHECK_TEST(piece_past_the_cap_is_refused),
		CHECK_TEST(form_is_told_by_type_and_first_byte),
		CHECK_END,
	};

	return check_main("pieces", tests);
}

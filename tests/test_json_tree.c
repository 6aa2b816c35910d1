/* Beside jansson, which is right by definition. */
#include "base/json_tree.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/json_read.h"
#include "tests/check_main.h"

static json_t *of_jansson(struct str s)
{
	return json_loadb(s.n ? s.p : "", s.n, JSON_REJECT_DUPLICATES, NULL);
}

/* One value, and its members in one order. */
static bool same(const json_t *a, const json_t *b)
{
	size_t how = JSON_COMPACT | JSON_REAL_PRECISION(17);
	char *x = json_dumps(a, how), *y = json_dumps(b, how);
	bool is_same = x && y && !strcmp(x, y) && json_equal(a, b);

	free(x);
	free(y);
	return is_same;
}

/* Whatever is read has the value that jansson gives it. Is it read? */
static bool agrees(struct str s)
{
	char *exact = malloc(s.n + 1); /* no byte behind it is ours */
	json_t *tree, *truth;
	bool is_read;

	memcpy(exact, s.p, s.n);
	s.p = exact;
	tree = json_tree(s);
	truth = of_jansson(s);
	is_read = tree;
	ck_assert_msg(!tree || (truth && same(tree, truth)),
		      "not as jansson reads it: " STR_FMT, STR_ARG(s));
	json_decref(tree);
	json_decref(truth);
	free(exact);
	return is_read;
}

static const char article[] =
	"{\"id\":\"a1\", \"title\":\"d\xC3\xA9j\xC3\xA0 \\u00e9\\n\",\t\"n\":"
	"[1,-0,1.5e-3,true,false,null,{},[]],\r\n\"text\":\"01234567\\\"89"
	"\\ud83d\\ude00\\/\\\\ end of it\",\"\":{\"x\":\"\"}}\n";

static const char *const plain[] = {
	article,
	"{}",
	"[]",
	" \t\r\n{ } \n",
	"[[[]],{\"a\":[{}]}]",
	"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
	"{\"a\":\"\\uFfFf\\uABCD\\u0001\"}",
	"{\"a\":\"\\uD800\\uDC00\\udbff\\udfff\"}",
	"{\"a\":\"\x7F\xC2\x80\xED\x9F\xBF\xEF\xBF\xBF\xF4\x8F\xBF\xBF\"}",
	"[0,-0,0.0,-0.0,1e5,1E+5,1e-999,9223372036854775807,0.1]",
	"{\"a\":1,\"A\":2,\" a\":3}",
	"[\"{\",\"]\",\",\",\":\"]",
};

static const char *const refused[] = {
	"", " ", "{", "[", "}", "]", "{]", "[}", "\"a\"", "1", "null",
	"{}{}", "{},", "{}x", "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]",
	"{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}", "{\"a\"::1}",
	"{a:1}", "{'a':1}", "{1:1}", "{null:1}", "{\"a\":1 \"b\":2}",
	"{\"a\":1,\"a\":1}", "{\"a\":{\"b\":1,\"b\":2}}",
	"[nul]", "[nulll]", "[null1]", "[True]", "[truefalse]", "[NaN]",
	"[Infinity]", "[01]", "[1.]", "[.5]", "[+1]", "[-]", "[1e]", "[1e+]",
	"[1-2]", "[1.5.2]", "[--1]", "[0x1]", "[1e999]",
	"[9223372036854775808]", "[-9223372036854775809]",
	"[\"a]", "[\"a\\\"]", "[\"\\\"", "[\"\\", "[\"\\x\"]", "[\"\\U0041\"]",
	"[\"\\u\"]", "[\"\\u004\"]", "[\"\\u00", "[\"\\u00g0\"]",
	"[\"\\u0000\"]", "[\"\\ud800\"]", "[\"\\ud800\\n\"]",
	"[\"\\ud800\\ud800\"]", "[\"\\ud800\\u0041\"]", "[\"\\udc00\"]",
	"[\"\\udc00\\ud800\"]", "[\"\\ud800\\\\udc00\"]", "[\"\\u 041\"]",
	"[\"\\u+041\"]", "[\"\\u-041\"]", "[\"\\\xC3\xA9\"]",
	"[\"a\nb\"]", "[\"a\tb\"]", "[\"\x01\"]", "[\"\x1F\"]", "[1,\f2]",
	"[\v]", "[\x7F]", "[\xC2\xA0]", "\xEF\xBB\xBF[]", "[]\xEF\xBB\xBF",
	"[\"\x80\"]", "[\"\xC0\x80\"]", "[\"\xED\xA0\x80\"]",
	"[\"\xE0\x80\xAF\"]", "[\"\xF4\x90\x80\x80\"]", "[\"\xF5\x80\x80\x80\"]",
	"[\"\xC3\"]", "[\"\xC3", "[\"\xF0\x9F\x98\"]", "[\"\xFF\"]",
	"[1]//", "/**/[1]", "[1]#", "[\"a\" \"b\"]", "[\"a\"\"b\"]",
	"{\"a\":\"b\" : 1}", "{\"a\":1]", "[{\"a\":1]}",
};

START_TEST(tree_of_plain_json_is_what_jansson_reads)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		ck_assert_msg(agrees(str_of(plain[i])), "%s", plain[i]);
}
END_TEST

START_TEST(tree_of_what_jansson_refuses_is_none)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		json_t *v = of_jansson(str_of(refused[i]));

		ck_assert_msg(!v, "%s", refused[i]);
		ck_assert(!agrees(str_of(refused[i])));
	}
}
END_TEST

START_TEST(tree_with_a_nul_is_none)
{
	static const char nul[] = "[\"a\0b\",1\0,2]\0";

	for (size_t n = 0; n < sizeof(nul); n++)
		ck_assert(!agrees((struct str){ nul, n }));
	ck_assert(!agrees((struct str){ "[1\0]", 4 }));
	ck_assert(!agrees((struct str){ "[]\0", 3 }));
}
END_TEST

START_TEST(tree_with_an_escape_in_a_name_has_it_without)
{
	ck_assert(agrees(STR("{\"\\u0061\":1,\"A\":\"\\n\"}")));
	ck_assert(agrees(STR("{\"a\\n\":{\"\\\\\":1}}")));
	ck_assert(!agrees(STR("{\"\\u0061\":1,\"a\":2}")));
	ck_assert(!agrees(STR("{\"\\u0000\":1}")));
}
END_TEST

START_TEST(tree_of_integers_of_any_length_is_what_jansson_reads)
{
	static const char digits[] = "1234567890123456789012";
	char text[40];
	json_t *truth;

	for (size_t n = 0; n < sizeof(digits); n++)
		for (int form = 0; form < 8; form++) {
			snprintf(text, sizeof(text), "[%s%s%.*s%s]",
				 form & 1 ? "-" : "", form & 2 ? "0" : "",
				 (int)n, digits, form & 4 ? ".0" : "");
			truth = of_jansson(str_of(text));
			ck_assert(agrees(str_of(text)) == (truth != NULL));
			json_decref(truth);
		}
	ck_assert(agrees(STR("[9223372036854775807,-9223372036854775807]")));
	ck_assert(agrees(STR("[1 , 22\t,333]")));
}
END_TEST

START_TEST(tree_of_a_text_cut_anywhere_is_none)
{
	for (size_t n = 0; n + 1 < strlen(article); n++)
		ck_assert(!agrees((struct str){ article, n }));
}
END_TEST

static uint64_t state = 88172645463325252u;

static size_t below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state % n);
}

static void mutate(char *p, size_t n)
{
	static const char bytes[] = "{}[]\",:\\u0019dDcCaAeE+-. \t\n\rtfbn/"
				    "\x01\x1F\x7F\x80\xBF\xC2\xC3\xED\xF4\xFF";

	for (size_t times = 1 + below(3); times--;)
		p[below(n)] = below(8) ? bytes[below(sizeof(bytes))]
				       : p[below(n)];
}

START_TEST(tree_of_mutants_is_what_jansson_reads)
{
	size_t read = 0, kinds = sizeof(plain) / sizeof(*plain);

	for (int i = 0; i < 300000; i++) {
		const char *from = plain[below(kinds)];
		char text[256];
		size_t n = strlen(from);

		strcpy(text, from);
		mutate(text, n);
		read += agrees((struct str){ text, n });
	}
	ck_assert_uint_gt(read, 10000); /* both ways were taken */
	ck_assert_uint_lt(read, 290000);
}
END_TEST

START_TEST(tree_deeper_than_64_is_none)
{
	char text[160];

	for (size_t depth = 1; depth < 80; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		ck_assert(agrees((struct str){ text, 2 * depth }) ==
			  (depth <= JSON_DEPTH_MAX));
	}
}
END_TEST

/* Closed ones are no longer counted. */
START_TEST(tree_may_be_wider_than_deep)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_add_char(&b, '[');
	for (int i = 0; i < 1000; i++)
		buf_add_z(&b, "{},[[]],");
	buf_add_z(&b, "0]");
	ck_assert(agrees(buf_view(&b)));
	buf_done(&b);
}
END_TEST

/* n tokens: a bracket, then commas or, two by two, quotes. */
static bool is_read(size_t n, const char *piece, size_t each)
{
	struct buf b;
	json_t *v;

	buf_init(&b, 16 << 20);
	buf_add_char(&b, '[');
	for (size_t i = 1; i + each <= n; i += each)
		buf_add_z(&b, piece);
	buf_add_z(&b, "0]");
	v = json_tree(buf_view(&b));
	json_decref(v);
	buf_done(&b);
	return v;
}

START_TEST(tree_of_a_million_tokens_is_read_and_of_one_more_not)
{
	ck_assert(is_read(JSON_TOKENS_MAX, "0,", 1));
	ck_assert(!is_read(JSON_TOKENS_MAX + 1, "0,", 1));
	ck_assert(is_read(JSON_TOKENS_MAX, "\"\",", 3));
	ck_assert(!is_read(JSON_TOKENS_MAX + 3, "\"\",", 3));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(tree_of_plain_json_is_what_jansson_reads),
		CHECK_TEST(tree_of_what_jansson_refuses_is_none),
		CHECK_TEST(tree_with_a_nul_is_none),
		CHECK_TEST(tree_with_an_escape_in_a_name_has_it_without),
		CHECK_TEST(tree_of_integers_of_any_length_is_what_jansson_reads),
		CHECK_TEST(tree_of_a_text_cut_anywhere_is_none),
		CHECK_TEST(tree_of_mutants_is_what_jansson_reads),
		CHECK_TEST(tree_deeper_than_64_is_none),
		CHECK_TEST(tree_may_be_wider_than_deep),
		CHECK_TEST(tree_of_a_million_tokens_is_read_and_of_one_more_not),
		CHECK_END,
	};

	return check_main("json_tree", tests);
}

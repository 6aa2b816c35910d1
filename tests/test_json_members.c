/* Beside jansson, which is right by definition. */
#include "base/json_members.h"

#include <errno.h>
#include <string.h>

#include "base/json_read.h"
#include "base/unicode.h"
#include "tests/check_main.h"

static struct arena block;

static void same_text(struct str got, const char *want, size_t n)
{
	ck_assert(str_eq(got, (struct str){ want, n }));
}

static void same_member(const struct json_member *m, const char *name,
			json_t *value)
{
	json_t *got = json_member_value(m);

	same_text(m->name, name, strlen(name));
	ck_assert(got && json_equal(got, value));
	ck_assert(json_member_is_text(m) == json_is_string(value));
	if (json_is_string(value))
		same_text(m->text, json_string_value(value),
			  json_string_length(value));
	ck_assert(m->written.p[0] == '"' &&
		  m->written.p[m->written.n - 1] == '"');
	json_decref(got);
}

static void same_members(const struct json_members *all, json_t *truth)
{
	const char *name;
	json_t *value;
	size_t i = 0;

	ck_assert_uint_eq(all->n, json_object_size(truth));
	json_object_foreach(truth, name, value)
		same_member(&all->v[i++], name, value);
}

/* Whatever is read is what jansson reads; all that it reads is read. */
static bool agrees(struct str s)
{
	char *exact = malloc(s.n + 1); /* no byte behind it is ours */
	json_t *truth;
	struct json_members all;
	struct arena a = block;
	struct err e = { "" };
	int r;

	memcpy(exact, s.p, s.n);
	s.p = exact;
	/* It skips a NUL that follows a number. */
	truth = memchr(s.p, 0, s.n) ? NULL
				    : json_loadb(s.p, s.n,
						 JSON_REJECT_DUPLICATES, NULL);
	r = json_members(s, &a, &all, &e);
	ck_assert_msg((r == 0) == json_is_object(truth), STR_FMT, STR_ARG(s));
	ck_assert((r == 0) == !e.text[0]);
	if (!r)
		same_members(&all, truth);
	json_members_done(&all);
	json_decref(truth);
	free(exact);
	return !r;
}

static const char article[] =
	"{\"id\":\"a1\", \"title\":\"d\xC3\xA9j\xC3\xA0 \\u00e9\\n\",\t\"n\":"
	"[1,-0,1.5e-3,true,false,null,{},[]],\r\n\"text\":\"01234567\\\"89"
	"\\ud83d\\ude00\\/\\\\ end of it\",\"\":{\"x\":\"\"},\"\\u0061\\n\":-17}\n";

START_TEST(members_of_an_object_are_what_jansson_reads)
{
	ck_assert(agrees(STR("{}")));
	ck_assert(agrees(STR(" \t\r\n{ } \n")));
	ck_assert(agrees(STR("{\"a\":1.50,\"b\":null,\"c\":true,\"d\":[[]]}")));
	ck_assert(agrees(str_of(article)));
	for (size_t n = 0; n + 1 < strlen(article); n++)
		ck_assert(!agrees((struct str){ article, n }));
}
END_TEST

START_TEST(members_keep_how_they_were_written)
{
	struct str s = STR(" { \"a\" : [1, {\"b\":\"]}\"}] , \"c\":-1.50,"
			   "\"\\\"\":\"\\\\\" } ");
	struct json_members all;
	struct arena a = block;

	ck_assert_int_eq(json_members(s, &a, &all, NULL), 0);
	ck_assert_uint_eq(all.n, 3);
	ck_assert(str_is(all.v[0].written, "\"a\""));
	ck_assert(str_is(all.v[0].value, "[1, {\"b\":\"]}\"}]"));
	ck_assert(str_is(all.v[1].value, "-1.50"));
	ck_assert(str_is(all.v[2].written, "\"\\\"\""));
	ck_assert(str_is(all.v[2].name, "\""));
	ck_assert(str_is(all.v[2].value, "\"\\\\\""));
	ck_assert(str_is(all.v[2].text, "\\"));
	ck_assert_ptr_eq(json_members_get(&all, "c"), &all.v[1]);
	ck_assert_ptr_null(json_members_get(&all, "d"));
	json_members_done(&all);
}
END_TEST

/* "0":0, "1":0, … and the first once more. */
static void write_many(struct buf *b, int n, bool again)
{
	buf_clear(b);
	buf_add_char(b, '{');
	for (int i = 0; i < n; i++)
		buf_printf(b, "%s\"%d\":%d", i ? "," : "", i, i);
	if (again)
		buf_add_z(b, ",\"\\u0030\":1");
	buf_add_char(b, '}');
}

START_TEST(members_many_are_found_and_duplicates_refused)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	for (int n = 1; n < 70; n++) {
		write_many(&b, n, false);
		ck_assert(agrees(buf_view(&b)));
		write_many(&b, n, true);
		ck_assert(!agrees(buf_view(&b)));
	}
	buf_done(&b);
	ck_assert(!agrees(STR("{\"a\":{\"b\":1,\"b\":2}}")));
}
END_TEST

START_TEST(members_of_no_object_are_refused)
{
	static const char *const refused[] = {
		"", " ", "{", "[]", "[{}]", "\"a\"", "1", "null", "{}{}",
		"{},", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
		"{\"a\" 1}", "{\"a\"::1}", "{a:1}", "{\"a\":1 \"b\":2}",
		"{\"a\":\"\\u0000\"}", "{\"\\u0000\":1}",
		"{\"a\":\"\\ud800\"}", "{\"a\":01}", "{\"a\":1e999}",
		"{\"a\":9223372036854775808}", "{\"a\":nul}",
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		ck_assert(!agrees(str_of(refused[i])));
	ck_assert(!agrees((struct str){ "{\"a\":1\0}", 8 }));
}
END_TEST

START_TEST(members_nested_64_deep_are_found_and_65_refused)
{
	char text[200];

	for (size_t n = 60; n < 70; n++) {
		struct json_members all;
		struct arena a = block;
		size_t at = 5;

		memcpy(text, "{\"a\":", at);
		memset(text + at, '[', n);
		memset(text + at + n, ']', n);
		text[at + 2 * n] = '}';
		ck_assert((json_members((struct str){ text, at + 2 * n + 1 },
					&a, &all, NULL) == 0) ==
			  (n + 1 <= JSON_DEPTH_MAX));
		json_members_done(&all);
	}
}
END_TEST

START_TEST(members_of_a_million_tokens_are_found_and_of_one_more_not)
{
	struct str s;
	struct buf b;

	buf_init(&b, 16 << 20);
	for (size_t more = 0; more < 2; more++) {
		struct json_members all;
		struct arena a = block;

		/* a brace, two quotes, a bracket, and commas */
		buf_clear(&b);
		buf_add_z(&b, "{\"a\":[");
		for (size_t i = 4; i < JSON_TOKENS_MAX + more; i++)
			buf_add_z(&b, "0,");
		buf_add_z(&b, "0]}");
		s = buf_view(&b);
		ck_assert_int_eq(json_members(s, &a, &all, NULL),
				 more ? STEP_REJECT : 0);
		json_members_done(&all);
	}
	buf_done(&b);
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

START_TEST(members_of_mutants_are_what_jansson_reads)
{
	static const char bytes[] = "{}[]\",:\\u0019dDcCaAeE+-. \t\n\rtfbn/"
				    "\x01\x1F\x7F";
	size_t read = 0, n = sizeof(article) - 1;

	for (int i = 0; i < 200000; i++) {
		char text[sizeof(article)];

		memcpy(text, article, sizeof(text));
		for (size_t times = 1 + below(3); times--;)
			text[below(n)] = bytes[below(sizeof(bytes))];
		if (unicode_valid((struct str){ text, n }) == n)
			read += agrees((struct str){ text, n });
	}
	ck_assert_uint_gt(read, 5000); /* both ways were taken */
	ck_assert_uint_lt(read, 190000);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(members_of_an_object_are_what_jansson_reads),
		CHECK_TEST(members_keep_how_they_were_written),
		CHECK_TEST(members_many_are_found_and_duplicates_refused),
		CHECK_TEST(members_of_no_object_are_refused),
		CHECK_TEST(members_nested_64_deep_are_found_and_65_refused),
		CHECK_TEST(members_of_a_million_tokens_are_found_and_of_one_more_not),
		CHECK_TEST(members_of_mutants_are_what_jansson_reads),
		CHECK_END,
	};

	if (arena_open(&block, 64 << 20))
		return 1;
	return check_main("json_members", tests);
}

#include "ingest/dead.h"

#include <errno.h>
#include <signal.h>

#include "base/json.h"
#include "tests/check_main.h"
#include "wire/article.h"

static struct buf out, members;

static void begin(void)
{
	buf_init(&out, 8 << 20);
	buf_init(&members, 1 << 16);
}

static void end(void)
{
	buf_done(&out);
	buf_done(&members);
}

/* The members as an object. */
static json_t *object(struct str s)
{
	struct err e = { "" };
	struct buf b;
	json_t *v;

	buf_init(&b, 1 << 20);
	buf_add_char(&b, '{');
	buf_add_str(&b, s);
	buf_add_char(&b, '}');
	v = json_parse(buf_view(&b), &e);
	ck_assert_msg(v != NULL, "%s", e.text);
	buf_done(&b);
	return v;
}

START_TEST(members_say_stage_reason_signal_attempts)
{
	const struct letter l = { .stage = "classify",
				  .reason = STR("it \"died\"\n"),
				  .signal = SIGSEGV,
				  .attempts = 3,
				  .model = STR("cloud@sha256:1"),
				  .at = "2022-11-29T00:00:00Z" };
	json_t *v;

	begin();
	dead_members(&members, &l);
	v = object(buf_view(&members));
	ck_assert_str_eq(json_string_value(json_object_get(v, "stage")),
			 "classify");
	ck_assert_str_eq(json_string_value(json_object_get(v, "reason")),
			 "it \"died\"\n");
	ck_assert_str_eq(json_string_value(json_object_get(v, "signal")),
			 "SIGSEGV");
	ck_assert_int_eq(json_integer_value(json_object_get(v, "attempts")),
			 3);
	ck_assert_str_eq(json_string_value(json_object_get(v, "at")),
			 "2022-11-29T00:00:00Z");
	json_decref(v);
	end();
}
END_TEST

START_TEST(members_of_what_is_unknown_are_null)
{
	const struct letter l = { .stage = "ingest", .reason = STR("r") };
	json_t *v;

	begin();
	dead_members(&members, &l);
	v = object(buf_view(&members));
	ck_assert(json_is_null(json_object_get(v, "signal")));
	ck_assert(json_is_null(json_object_get(v, "model")));
	ck_assert_ptr_null(json_object_get(v, "at"));
	json_decref(v);
	end();
}
END_TEST

START_TEST(article_becomes_its_letter_under_its_number)
{
	const struct article a = { .seq = 42, .meta = STR("\"id\":\"x\""),
				   .title = STR("t"), .text = STR("body"),
				   .target = STR("g") };
	struct article back;

	begin();
	batch_add(&members, &a);
	ck_assert_int_eq(dead_of_record(buf_view(&members), STR("\"m\":1"),
					  &out, NULL), 0);
	ck_assert_int_eq(record_open(buf_view(&out), &back, NULL), 0);
	ck_assert_uint_eq(back.seq, 42);
	ck_assert_uint_eq(back.flags, ARTICLE_DEAD);
	ck_assert(str_eq(back.meta, a.meta) && str_eq(back.text, a.text) &&
		  str_eq(back.title, a.title) && str_eq(back.target, a.target));
	ck_assert(str_is(back.verdict, "\"m\":1"));
	ck_assert_int_eq(dead_of_record(STR("short"), STR("m"), &out, NULL),
			 -EPROTO);
	end();
}
END_TEST

START_TEST(refused_piece_keeps_its_bytes_and_place)
{
	const struct raw raw = { .bytes = { "\xff\0{", 3 },
				 .place = "news.jsonl:7", .name = "wire" };
	struct article back;
	json_t *v;

	begin();
	ck_assert_int_eq(dead_of_raw(&raw, 5, STR("\"m\":1"), &out), 0);
	ck_assert_int_eq(record_open(buf_view(&out), &back, NULL), 0);
	ck_assert_uint_eq(back.seq, 5);
	ck_assert_uint_eq(back.flags, ARTICLE_DEAD | ARTICLE_RAW);
	ck_assert(str_eq(back.text, raw.bytes));
	v = object(back.meta);
	ck_assert_str_eq(json_string_value(json_object_get(v, "place")),
			 "news.jsonl:7");
	ck_assert_str_eq(json_string_value(json_object_get(v, "source")),
			 "wire");
	ck_assert_ptr_null(json_object_get(v, "kept"));
	json_decref(v);
	end();
}
END_TEST

START_TEST(huge_piece_is_kept_in_part_and_says_so)
{
	struct raw raw = { .place = "x", .bytes = { NULL, RAW_MAX } };
	char *bytes = malloc(RAW_MAX);
	struct article back;
	json_t *v;

	begin();
	memset(bytes, 'x', RAW_MAX);
	raw.bytes.p = bytes;
	ck_assert_int_eq(dead_of_raw(&raw, 5, STR("\"m\":1"), &out), 0);
	ck_assert_int_eq(record_open(buf_view(&out), &back, NULL), 0);
	ck_assert_uint_eq(back.text.n, DEAD_RAW_MAX);
	v = object(back.meta);
	ck_assert_int_eq(json_integer_value(json_object_get(v, "bytes")),
			 RAW_MAX);
	ck_assert_int_eq(json_integer_value(json_object_get(v, "kept")),
			 DEAD_RAW_MAX);
	json_decref(v);
	free(bytes);
	end();
}
END_TEST

START_TEST(signals_have_names)
{
	ck_assert_str_eq(dead_signal(SIGKILL), "SIGKILL");
	ck_assert_ptr_null(dead_signal(0));
	ck_assert_ptr_null(dead_signal(63));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(members_say_stage_reason_signal_attempts),
		CHECK_TEST(members_of_what_is_unknown_are_null),
		CHECK_TEST(article_becomes_its_letter_under_its_number),
		CHECK_TEST(refused_piece_keeps_its_bytes_and_place),
		CHECK_TEST(huge_piece_is_kept_in_part_and_says_so),
		CHECK_TEST(signals_have_names),
		CHECK_END,
	};

	return check_main("dead", tests);
}

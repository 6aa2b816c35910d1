#include "ingest/web_head.h"

#include <errno.h>

#include "tests/check_main.h"

static struct web_head head;

static void line(const char *z)
{
	ck_assert_int_eq(web_head_line(&head, str_of(z)), 0);
}

START_TEST(line_values_are_kept_byte_for_byte)
{
	web_head_init(&head);
	line("HTTP/1.1 200 OK\r\n");
	line("etag:  W/\"a b\\\xc3\xa9\xff\" \t\r\n");
	line("LAST-MODIFIED: yesterday, perhaps\n");
	line("Location:/x:y\r\n");
	line("Content-Type: text/xml;charset=x\r\n");
	line("Cache-Control: max-age=5\r\n");
	line("no colon\r\n");
	ck_assert_str_eq(head.etag, "W/\"a b\\\xc3\xa9\xff\"");
	ck_assert_str_eq(head.last_modified, "yesterday, perhaps");
	ck_assert_str_eq(head.location, "/x:y");
	ck_assert_str_eq(head.type, "text/xml;charset=x");
	ck_assert_int_eq(head.cache.max_age, 5);
	web_head_done(&head);
}
END_TEST

START_TEST(line_name_twice_is_the_first)
{
	web_head_init(&head);
	line("ETag: \r\n");
	line("ETag: \"1\"\r\n");
	line("ETag: \"2\"\r\n");
	ck_assert_str_eq(head.etag, "\"1\"");
	web_head_done(&head);
}
END_TEST

START_TEST(line_with_a_control_character_is_not_there)
{
	web_head_init(&head);
	line("ETag: \"a\rX: 1\"\r\n");
	ck_assert_int_eq(
		web_head_line(&head, STR("Last-Modified: a\0b\r\n")), 0);
	line("Location: /\x7f\r\n");
	line("Retry-After: 5\x01\r\n");
	ck_assert_ptr_null(head.etag);
	ck_assert_ptr_null(head.last_modified);
	ck_assert_ptr_null(head.location);
	ck_assert_int_eq(head.cache.retry_after, -1);
	web_head_done(&head);
}
END_TEST

START_TEST(status_line_forgets_what_came_before)
{
	web_head_init(&head);
	line("HTTP/1.1 103 Early Hints\r\n");
	line("ETag: \"early\"\r\n");
	line("\r\n");
	line("HTTP/1.1 200 OK\r\n");
	ck_assert_ptr_null(head.etag);
	line("Content-Type: a\r\n");
	ck_assert_str_eq(head.type, "a");
	web_head_done(&head);
}
END_TEST

START_TEST(trailer_is_not_taken)
{
	web_head_init(&head);
	line("HTTP/1.1 200 OK\r\n");
	line("\r\n");
	line("ETag: \"late\"\r\n");
	ck_assert_ptr_null(head.etag);
	web_head_done(&head);
}
END_TEST

START_TEST(line_that_goes_on_is_not_taken)
{
	web_head_init(&head);
	line("ETag: \"a\r\n");
	line(" Location: b\r\n");
	line("\tLocation: b\r\n");
	ck_assert_str_eq(head.etag, "\"a");
	ck_assert_ptr_null(head.location);
	web_head_done(&head);
}
END_TEST

START_TEST(head_too_large_is_refused)
{
	static char x[WEB_HEAD_MAX + 1];

	memset(x, 'x', sizeof(x));
	for (size_t over = 0; over < 2; over++) {
		web_head_init(&head);
		line("HTTP/1.1 103\r\n"); /* all of them together */
		ck_assert_int_eq(
			web_head_line(&head, (struct str){
						     x, WEB_HEAD_MAX - 14 }),
			0);
		ck_assert_int_eq(web_head_line(&head, (struct str){ x, over }),
				 over ? -EMSGSIZE : 0);
		web_head_done(&head);
	}
}
END_TEST

START_TEST(value_too_long_is_not_kept)
{
	static char x[WEB_HEAD_VALUE_MAX + 8];

	for (size_t over = 0; over < 2; over++) {
		memset(x, 'x', sizeof(x));
		memcpy(x, "ETag: ", 6);
		web_head_init(&head);
		ck_assert_int_eq(
			web_head_line(&head,
				      (struct str){ x, WEB_HEAD_VALUE_MAX + 6 +
							       over }),
			0);
		ck_assert_int_eq(head.etag != NULL, !over);
		web_head_done(&head);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(line_values_are_kept_byte_for_byte),
		CHECK_TEST(line_name_twice_is_the_first),
		CHECK_TEST(line_with_a_control_character_is_not_there),
		CHECK_TEST(status_line_forgets_what_came_before),
		CHECK_TEST(trailer_is_not_taken),
		CHECK_TEST(line_that_goes_on_is_not_taken),
		CHECK_TEST(head_too_large_is_refused),
		CHECK_TEST(value_too_long_is_not_kept),
		CHECK_END,
	};

	return check_main("web_head", tests);
}

/* Of web_route.c: whose turn it is, and robots.txt. */
#include "tests/web_kit.h"

START_TEST(gap_lies_between_two_requests_to_a_host)
{
	json_t *log;

	settings.gap = 60;
	begin();
	ask("/say?1");
	ask("/to?url=/say%3F2");
	ask("/say?3");
	wait_for(3);
	log = lying_server_log(&server);
	ck_assert_uint_eq(json_array_size(log), 4);
	for (size_t i = 1; i < 4; i++) {
		ck_assert_int_ge(number(log, i, "at"),
				 number(log, i - 1, "at") + 60);
		ck_assert_int_eq(number(log, i, "busy"), 0);
	}
	json_decref(log);
	ck_assert_str_eq(told[0].url, url_of("/say?1"));
	ck_assert_str_eq(told[1].url, url_of("/say?2"));
	ck_assert_str_eq(told[2].url, url_of("/say?3"));
	end();
}
END_TEST

START_TEST(hosts_are_asked_at_once_up_to_the_connections)
{
	settings.connections = 2;
	begin();
	ask("1/silent");
	ask("1/say");
	ask("2/silent");
	ask("3/say");
	while (requests() < 2)
		turn();
	ck_assert_uint_eq(web_stats(web).requests, 2);
	ck_assert_uint_eq(web_stats(web).waiting, 2);
	end();
}
END_TEST

START_TEST(hosts_one_that_is_slow_does_not_keep_the_others)
{
	begin();
	ask("1/silent");
	ask("2/say?2");
	ask("3/say?3");
	wait_for(2);
	ck_assert_uint_eq(web_stats(web).requests, 3);
	end();
}
END_TEST

/* robots.txt. */

START_TEST(robots_is_fetched_once_and_obeyed)
{
	begin();
	lying_server_file(&server, "robots.txt",
			  "User-agent: vigie\nDisallow: /say?no\n", NULL);
	ask_for(page, "/say?1");
	ask_for(page, "/say?no");
	ask_for(page, "/say?2");
	wait_for(3);
	is(&told[0], WEB_REFUSED, "robots.txt");
	answers(&told[1], 200, NULL);
	answers(&told[2], 200, NULL);
	ck_assert_str_eq(told[1].url, url_of("/say?1"));
	is(fetch_with(page, "/say?no"), WEB_REFUSED, "web.robots");
	answers(fetch("/say?no"), 200, NULL); /* a feed does not ask */
	ck_assert_uint_eq(requests(), 4);
	ck_assert_uint_eq(web_stats(web).answers, 3);
	end();
}
END_TEST

START_TEST(robots_switched_off_is_not_fetched)
{
	settings.robots = false;
	begin();
	lying_server_file(&server, "robots.txt",
			  "User-agent: *\nDisallow: /\n", NULL);
	answers(fetch_with(page, "/say"), 200, NULL);
	ck_assert_uint_eq(requests(), 1);
	end();
}
END_TEST

START_TEST(robots_that_is_not_there_allows_all)
{
	begin();
	answers(fetch_with(page, "/say"), 200, NULL);
	lying_server_file(&server, "robots.txt", NULL, "403\n");
	answers(fetch_with(page, "2/say"), 200, NULL);
	end();
}
END_TEST

START_TEST(robots_that_cannot_be_read_allows_nothing_for_now)
{
	begin();
	lying_server_file(&server, "robots.txt", NULL, "500\n");
	is(fetch_with(page, "/say"), WEB_FAILED, "robots.txt");
	is(fetch_with(page, "/say"), WEB_FAILED, "robots.txt");
	ck_assert_uint_eq(requests(), 1);
	is(fetch_with(page, "http://127.0.0.1:1/"), WEB_FAILED, "robots.txt");
	end();
}
END_TEST

START_TEST(robots_429_lets_the_host_rest)
{
	begin();
	lying_server_file(&server, "robots.txt", NULL,
			  "429\nRetry-After: 40\n");
	is(fetch_with(page, "/say"), WEB_FAILED, "left alone");
	ck_assert_int_gt(told[0].a.retry_after_ms, 0);
	ck_assert_int_le(told[0].a.retry_after_ms, 40000);
	end();
}
END_TEST

START_TEST(robots_redirected_is_followed)
{
	begin();
	lying_server_file(&server, "robots.txt", NULL,
			  "301\nLocation: /www/other\n");
	lying_server_file(&server, "other", "User-agent: *\nDisallow: /say\n",
			  NULL);
	is(fetch_with(page, "/say"), WEB_REFUSED, "robots.txt");
	end();
}
END_TEST

START_TEST(robots_too_long_counts_as_far_as_it_goes)
{
	char *body = malloc(600001);

	begin();
	memset(body, '\n', 600000);
	body[600000] = '\0';
	memcpy(body, "User-agent: *\nDisallow: /say?no\n", 32);
	memcpy(body + 599000, "Disallow: /\n", 12);
	lying_server_file(&server, "robots.txt", body, NULL);
	free(body);
	answers(fetch_with(page, "/say"), 200, NULL);
	is(fetch_with(page, "/say?no"), WEB_REFUSED, "robots.txt");
	end();
}
END_TEST

START_TEST(robots_holds_for_where_a_redirect_leads)
{
	begin();
	lying_server_file(&server, "robots.txt",
			  "User-agent: *\nDisallow: /say\n", NULL);
	is(fetch_with(page, "/to?url=/say"), WEB_REFUSED, "robots.txt");
	is(fetch_with(page, "/to?url=http://127.0.0.2:{port}/say"),
	   WEB_REFUSED, "robots.txt");
	end();
}
END_TEST

START_TEST(robots_delay_widens_the_gap)
{
	json_t *log;

	settings.gap = 1;
	begin();
	lying_server_file(&server, "robots.txt",
			  "User-agent: *\nCrawl-delay: 0.1\n", NULL);
	ask_for(page, "/say?1");
	ask_for(page, "/say?2");
	wait_for(2);
	log = lying_server_log(&server);
	ck_assert_int_ge(number(log, 2, "at"), number(log, 1, "at") + 100);
	json_decref(log);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(gap_lies_between_two_requests_to_a_host),
		CHECK_TEST(hosts_are_asked_at_once_up_to_the_connections),
		CHECK_TEST(hosts_one_that_is_slow_does_not_keep_the_others),
		CHECK_TEST(robots_is_fetched_once_and_obeyed),
		CHECK_TEST(robots_switched_off_is_not_fetched),
		CHECK_TEST(robots_that_is_not_there_allows_all),
		CHECK_TEST(robots_that_cannot_be_read_allows_nothing_for_now),
		CHECK_TEST(robots_429_lets_the_host_rest),
		CHECK_TEST(robots_redirected_is_followed),
		CHECK_TEST(robots_too_long_counts_as_far_as_it_goes),
		CHECK_TEST(robots_holds_for_where_a_redirect_leads),
		CHECK_TEST(robots_delay_widens_the_gap),
		CHECK_END,
	};

	return check_main("web_route", tests);
}

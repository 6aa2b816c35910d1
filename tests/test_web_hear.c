/* Of web_hear.c: redirects, and who wants to be left alone. */
#include "tests/web_kit.h"

static const struct told *redirected(const char *first, const char *second)
{
	char path[512];

	snprintf(path, sizeof(path), "/to?status=%s&url=%s", first, second);
	return fetch(path);
}

START_TEST(redirect_permanent_is_learnt)
{
	begin();
	answers(redirected("301", "/say"), 200, "so it is\n");
	ck_assert_str_eq(told[0].url, url_of("/say"));
	ck_assert_str_eq(told[0].moved, url_of("/say"));
	answers(redirected("308", "/to%3Fstatus=301%26url=/say"), 200, NULL);
	ck_assert_str_eq(told[1].moved, url_of("/say"));
	end();
}
END_TEST

START_TEST(redirect_temporary_is_not_learnt)
{
	static const char *const codes[] = { "302", "303", "307" };

	begin();
	for (int i = 0; i < 3; i++) {
		answers(redirected(codes[i], "/say"), 200, NULL);
		ck_assert_str_eq(told[i].url, url_of("/say"));
		ck_assert_ptr_null(told[i].moved);
	}
	end();
}
END_TEST

START_TEST(redirect_permanent_then_temporary_is_learnt_up_to_there)
{
	begin();
	answers(redirected("301", "/to%3Fstatus=302%26url=/say"), 200, NULL);
	ck_assert_str_eq(told[0].moved, url_of("/to?status=302&url=/say"));
	ck_assert_str_eq(told[0].url, url_of("/say"));
	answers(redirected("302", "/to%3Fstatus=301%26url=/say"), 200, NULL);
	ck_assert_ptr_null(told[1].moved);
	end();
}
END_TEST

START_TEST(redirect_to_a_page_that_is_not_there_is_not_learnt)
{
	begin();
	answers(redirected("301", "/www/none"), 404, NULL);
	ck_assert_ptr_null(told[0].moved);
	end();
}
END_TEST

START_TEST(redirect_carries_validators)
{
	begin();
	answers(fetch_with((struct web_request){ .etag = "\"e\"" },
			   "/to?url=/say"),
		200, NULL);
	sent(1, "If-None-Match", "\"e\"");
	end();
}
END_TEST

START_TEST(redirect_ten_times_is_followed_but_no_further)
{
	begin();
	answers(fetch("/hops/10"), 200, "arrived\n");
	ck_assert_uint_eq(requests(), 11);
	is(fetch("/hops/11"), WEB_REFUSED, "after 10 redirects");
	ck_assert_uint_eq(requests(), 22);
	is(fetch("/loop"), WEB_REFUSED, "leads to itself");
	ck_assert_uint_eq(requests(), 23);
	end();
}
END_TEST

START_TEST(redirect_to_another_scheme_is_refused)
{
	static const char *const bad[] = {
		"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x/",
		"http://", "data:text/html,x",
	};

	begin();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is(redirected("302", bad[i]), WEB_REFUSED, "leads elsewhere");
	end();
}
END_TEST

START_TEST(redirect_without_a_place_is_an_answer)
{
	begin();
	answers(fetch("/say?status=302&body=where%3F"), 302, "where?");
	answers(fetch("/say?status=300&h=Location:%20/say"), 300, NULL);
	end();
}
END_TEST

START_TEST(redirect_to_another_host_sends_no_password)
{
	char url[256];

	begin();
	snprintf(url, sizeof(url),
		 "http://me:pw@127.0.0.1:%d/to?status=301&url="
		 "http://127.0.0.2:{port}/auth",
		 server.port);
	answers(fetch(url), 401, NULL);
	sent(1, "Authorization", NULL);
	snprintf(url, sizeof(url),
		 "http://me:pw@127.0.0.1:%d/to?status=301&url=/auth",
		 server.port);
	answers(fetch(url), 200, NULL);
	snprintf(url, sizeof(url), "http://me:pw@127.0.0.1:%d/auth",
		 server.port);
	ck_assert_str_eq(told[1].moved, url);
	end();
}
END_TEST

START_TEST(redirect_from_https_to_http_is_bare_and_not_learnt)
{
	struct lying_server plain;
	char path[128], url[256];

	begin_tls(true);
	lying_server_start(&plain, NULL, NULL);
	snprintf(path, sizeof(path),
		 "/to?status=301&url=http://127.0.0.1:%d/auth", plain.port);
	snprintf(url, sizeof(url), "https://me:pw@127.0.0.1:%d%s", server.port,
		 path);
	answers(fetch_with((struct web_request){ .etag = "\"e\"",
						 .last_modified = "x" },
			   url),
		401, NULL);
	sent(0, "Authorization", "Basic bWU6cHc=");
	sent(0, "If-None-Match", "\"e\"");
	ck_assert_ptr_null(told[0].moved);
	web_free(web);
	lying_server_stop(&server);
	server = plain;
	sent(0, "Authorization", NULL);
	sent(0, "If-None-Match", NULL);
	sent(0, "If-Modified-Since", NULL);
	web = NULL;
	end();
	check_folder_done(certs);
}
END_TEST

/* Rests. */

START_TEST(rest_with_seconds_is_obeyed)
{
	int64_t left;

	begin();
	answers(fetch("/say?status=429&h=Retry-After:%2030"), 429, NULL);
	ck_assert_int_eq(told[0].a.retry_after_ms, 30000);
	ck_assert_int_gt(web_host_until(web, STR("127.0.0.1")), 0);
	is(fetch("/say"), WEB_FAILED, "left alone");
	left = told[1].a.retry_after_ms;
	ck_assert_int_gt(left, 0);
	ck_assert_int_le(left, 30000);
	ck_assert_uint_eq(requests(), 1);
	answers(fetch("2/say"), 200, NULL);
	end();
}
END_TEST

START_TEST(rest_with_a_date_is_obeyed)
{
	begin();
	answers(fetch("/say?status=503&after=100"), 503, NULL);
	ck_assert_int_gt(told[0].a.retry_after_ms, 0);
	ck_assert_int_le(told[0].a.retry_after_ms, 100000);
	is(fetch("/say"), WEB_FAILED, "left alone");
	end();
}
END_TEST

START_TEST(rest_without_a_time_is_ten_minutes)
{
	begin();
	answers(fetch("/say?status=503"), 503, NULL);
	ck_assert_int_eq(told[0].a.retry_after_ms, 600000);
	end();
}
END_TEST

START_TEST(rest_of_others_in_the_queue_fails_them)
{
	begin();
	ask("/say?status=429");
	ask("/say");
	ask("/say");
	wait_for(3);
	is(&told[1], WEB_FAILED, "left alone");
	is(&told[2], WEB_FAILED, "left alone");
	ck_assert_uint_eq(requests(), 1);
	end();
}
END_TEST

START_TEST(rest_remembered_is_kept_and_then_over)
{
	int64_t until;

	begin();
	fetch("/say?status=429&h=Retry-After:%2050");
	until = web_host_until(web, STR("127.0.0.1"));
	web_free(web);
	open_web();
	web_host_set(web, STR("127.0.0.1"), until);
	ck_assert_int_eq(web_host_until(web, STR("127.0.0.1")), until);
	is(fetch("/say"), WEB_FAILED, "left alone");
	web_host_set(web, STR("127.0.0.1"), 0);
	ck_assert_int_eq(web_host_until(web, STR("127.0.0.1")), 0);
	answers(fetch("/say"), 200, NULL);
	web_host_set(web, STR("Example.ORG"), until);
	ck_assert_int_eq(web_host_until(web, STR("eXample.org")), until);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(redirect_permanent_is_learnt),
		CHECK_TEST(redirect_temporary_is_not_learnt),
		CHECK_TEST(
			redirect_permanent_then_temporary_is_learnt_up_to_there),
		CHECK_TEST(redirect_to_a_page_that_is_not_there_is_not_learnt),
		CHECK_TEST(redirect_carries_validators),
		CHECK_TEST(redirect_ten_times_is_followed_but_no_further),
		CHECK_TEST(redirect_to_another_scheme_is_refused),
		CHECK_TEST(redirect_without_a_place_is_an_answer),
		CHECK_TEST(redirect_to_another_host_sends_no_password),
		CHECK_TEST(redirect_from_https_to_http_is_bare_and_not_learnt),
		CHECK_TEST(rest_with_seconds_is_obeyed),
		CHECK_TEST(rest_with_a_date_is_obeyed),
		CHECK_TEST(rest_without_a_time_is_ten_minutes),
		CHECK_TEST(rest_of_others_in_the_queue_fails_them),
		CHECK_TEST(rest_remembered_is_kept_and_then_over),
		CHECK_END,
	};

	return check_main("web_hear", tests);
}

#include "ingest/web.h"

#include <errno.h>

#include "tests/web_kit.h"

START_TEST(get_page_is_its_bytes)
{
	begin();
	lying_server_file(&server, "a.xml", "<rss/>\n",
			  "Content-Type: text/xml; charset=x\n"
			  "Cache-Control: max-age=60\n");
	answers(fetch("/www/a.xml"), 200, "<rss/>\n");
	ck_assert_str_eq(told->url, url_of("/www/a.xml"));
	ck_assert_ptr_null(told->moved);
	ck_assert_str_eq(told->type, "text/xml; charset=x");
	ck_assert_int_eq(told->a.max_age_ms, 60000);
	ck_assert_int_eq(told->a.retry_after_ms, -1);
	ck_assert_uint_eq(web_stats(web).answers, 1);
	ck_assert_uint_eq(web_stats(web).requests, 1);
	ck_assert_uint_eq(web_stats(web).bytes, 7);
	end();
}
END_TEST

START_TEST(get_sends_who_we_are_and_no_cookies)
{
	begin();
	answers(fetch("/cookie"), 200, NULL);
	answers(fetch("/cookie"), 200, NULL);
	sent(0, "User-Agent", "vigie/" VIGIE_VERSION
			      " (+https://vigie.example/)");
	sent(0, "Accept", "*/*");
	sent(1, "Cookie", NULL);
	sent(1, "If-None-Match", NULL);
	sent(1, "If-Modified-Since", NULL);
	fetch_with((struct web_request){ .agent = "other/1 (me)",
					 .accept = "text/html" },
		   "/cookie");
	sent(2, "User-Agent", "other/1 (me)");
	sent(2, "Accept", "text/html");
	end();
}
END_TEST

START_TEST(get_agent_of_the_settings_is_sent)
{
	settings.agent = "house/2 (+mailto:x@example)";
	begin();
	fetch("/cookie");
	sent(0, "User-Agent", "house/2 (+mailto:x@example)");
	end();
}
END_TEST

START_TEST(get_validators_go_back_byte_for_byte)
{
	static const char etag[] = "W/\"a,b \\\"c\\\" '\xc3\xa9\"";
	struct web_request q = { .etag = etag,
				 .last_modified = "yesterday, half past" };

	begin();
	lying_server_file(&server, "a", "new", "ETag: W/\"x\"y\"\n");
	answers(fetch("/www/a"), 200, "new");
	ck_assert_str_eq(told->etag, "W/\"x\"y\"");
	ck_assert_ptr_nonnull(told->last_modified);
	answers(fetch_with((struct web_request){
				   .etag = told->etag,
				   .last_modified = told->last_modified },
			   "/www/a"),
		304, "");
	ck_assert_uint_eq(web_stats(web).not_modified, 1);
	ck_assert_str_eq(told[1].etag, "W/\"x\"y\"");
	answers(fetch_with(q, "/www/a"), 200, "new");
	sent(2, "If-None-Match", "W/\"a,b \\\"c\\\" '\xc3\x83\xc2\xa9\"");
	sent(2, "If-Modified-Since", "yesterday, half past");
	end();
}
END_TEST

START_TEST(get_validator_with_a_control_character_is_not_sent)
{
	begin();
	fetch_with((struct web_request){ .etag = "\"a\r\nX-Evil: 1\"",
					 .last_modified = "a\nb",
					 .agent = "x\r\nX-Evil: 2" },
		   "/cookie");
	sent(0, "If-None-Match", NULL);
	sent(0, "If-Modified-Since", NULL);
	sent(0, "X-Evil", NULL);
	end();
}
END_TEST

START_TEST(get_same_etag_with_200_is_a_whole_answer)
{
	begin();
	answers(fetch_with((struct web_request){ .etag = "\"same\"" },
			   "/same-etag"),
		200, NULL);
	ck_assert_str_eq(told->etag, "\"same\"");
	ck_assert_uint_gt(told->a.body.n, 0);
	end();
}
END_TEST

START_TEST(get_304_unasked_fails)
{
	begin();
	is(fetch("/304"), WEB_FAILED, "304");
	answers(fetch_with((struct web_request){ .last_modified = "x" },
			   "/304"),
		304, "");
	end();
}
END_TEST

START_TEST(get_compressed_is_decoded)
{
	begin();
	answers(fetch("/gzip"), 200, NULL);
	ck_assert(str_starts(str_of(told->body), STR("<rss")));
	end();
}
END_TEST

struct lie {
	const char *path;
	enum web_result result;
	const char *said;
};

static void tells(const struct lie *lies, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		is(fetch(lies[i].path), lies[i].result, lies[i].said);
		ck_assert_ptr_nonnull(
			strstr(told[n_told - 1].sentence, "http://127.0.0.1"));
	}
}

START_TEST(get_answer_too_large_is_refused)
{
	static const struct lie lies[] = {
		{ "/say?n=100001", WEB_REFUSED, "over 100000 bytes" },
		{ "/endless", WEB_REFUSED, "over 100000 bytes" },
		{ "/endless-chunks", WEB_REFUSED, "over 100000 bytes" },
		{ "/bomb", WEB_REFUSED, "over 100000 bytes" },
		{ "/bomb-twice", WEB_REFUSED, "over 100000 bytes" },
		{ "/many-headers", WEB_REFUSED, "head" },
	};

	begin();
	tells(lies, sizeof(lies) / sizeof(lies[0]));
	answers(fetch("/say?n=100000"), 200, NULL);
	ck_assert_uint_eq(told[n_told - 1].a.body.n, 100000);
	ck_assert_uint_eq(web_stats(web).refused, 6);
	end();
}
END_TEST

START_TEST(get_broken_answer_fails)
{
	static const struct lie lies[] = {
		{ "/long-length", WEB_FAILED, "ended before" },
		{ "/close", WEB_FAILED, "mpty" },
		{ "/cut", WEB_FAILED, "ended before" },
		{ "/bad-chunk", WEB_FAILED, NULL },
		{ "/huge-chunk", WEB_FAILED, NULL },
		{ "/bad-gzip", WEB_FAILED, "decompressed" },
		{ "/huge-header", WEB_FAILED, NULL },
		{ "/http09", WEB_FAILED, NULL },
		{ "/junk", WEB_FAILED, NULL },
	};

	begin();
	tells(lies, sizeof(lies) / sizeof(lies[0]));
	ck_assert_uint_eq(web_stats(web).failed, 9);
	end();
}
END_TEST

START_TEST(get_answer_that_never_comes_fails)
{
	static const struct lie lies[] = {
		{ "/slow-header", WEB_FAILED, "within 200 ms" },
		{ "/slow-body", WEB_FAILED, "within 200 ms" },
		{ "/silent", WEB_FAILED, "within 200 ms" },
	};

	settings.timeout = 200;
	begin();
	tells(lies, sizeof(lies) / sizeof(lies[0]));
	end();
}
END_TEST

START_TEST(get_more_body_than_was_said_is_what_was_said)
{
	begin();
	answers(fetch("/short-length"), 200, "<rss ");
	end();
}
END_TEST

/* Where only the end of the connection says how long a body is, libcurl does
 * not say that its compression had no end. What came is there. */
START_TEST(get_half_of_what_was_compressed_is_half)
{
	begin();
	answers(fetch("/cut-gzip"), 200, NULL);
	ck_assert_uint_lt(told[0].a.body.n, 4096);
	end();
}
END_TEST

START_TEST(get_injected_headers_are_not_taken)
{
	begin();
	answers(fetch("/inject"), 200, "yes");
	ck_assert_ptr_null(told->etag);
	ck_assert_ptr_null(told->last_modified);
	answers(fetch("/trailer"), 200, "yes");
	ck_assert_ptr_null(told[1].etag);
	answers(fetch("/early"), 200, "yes");
	ck_assert_ptr_null(told[2].etag);
	answers(fetch("/folded"), 200, "yes");
	end();
}
END_TEST

START_TEST(get_nobody_there_fails)
{
	begin();
	is(fetch("http://127.0.0.1:1/"), WEB_FAILED, "127.0.0.1");
	is(fetch("http://no-such-host.invalid/"), WEB_FAILED, "resolve");
	end();
}
END_TEST

START_TEST(get_status_that_says_no_is_an_answer_with_advice)
{
	begin();
	answers(fetch("/say?status=410&body=gone"), 410, "gone");
	ck_assert_ptr_nonnull(strstr(told[0].sentence, "gone for good"));
	answers(fetch("/say?status=403"), 403, NULL);
	ck_assert_ptr_nonnull(strstr(told[1].sentence, "web.agent"));
	answers(fetch("/say?status=500"), 500, NULL);
	end();
}
END_TEST

/* Addresses. */

START_TEST(get_other_scheme_or_no_address_is_refused)
{
	begin();
	is(fetch("file:///etc/passwd"), WEB_REFUSED, "only http:// and");
	is(fetch("ftp://127.0.0.1/"), WEB_REFUSED, "only http:// and");
	is(fetch("://"), WEB_REFUSED, "cannot be fetched");
	ck_assert_uint_eq(web_stats(web).requests, 0);
	end();
}
END_TEST

START_TEST(get_private_address_is_refused)
{
	char url[64];

	settings.private = false;
	begin();
	is(fetch("/say"), WEB_REFUSED, "127.0.0.1, which is not a public");
	is(fetch("2/say"), WEB_REFUSED, "127.0.0.2, which is not a public");
	snprintf(url, sizeof(url), "http://localhost:%d/say", server.port);
	is(fetch(url), WEB_REFUSED, "not a public address");
	snprintf(url, sizeof(url), "http://[::ffff:127.0.0.1]:%d/",
		 server.port);
	is(fetch(url), WEB_REFUSED, "not a public address");
	snprintf(url, sizeof(url), "http://2130706433:%d/", server.port);
	is(fetch(url), WEB_REFUSED, "not a public address");
	snprintf(url, sizeof(url), "http://0x7f.1:%d/", server.port);
	is(fetch(url), WEB_REFUSED, "not a public address");
	is(fetch("http://0.0.0.0/"), WEB_REFUSED, "not a public address");
	is(fetch("http://169.254.169.254/latest/"), WEB_REFUSED,
	   "not a public address");
	ck_assert_uint_eq(requests(), 0);
	end();
}
END_TEST

START_TEST(get_robots_of_a_private_address_is_refused)
{
	settings.private = false;
	begin();
	is(fetch_with((struct web_request){ .robots = true }, "/say"),
	   WEB_REFUSED, "not a public");
	ck_assert_uint_eq(requests(), 0);
	end();
}
END_TEST

START_TEST(get_proxies_of_the_environment_are_not_used)
{
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
	begin();
	answers(fetch("/say"), 200, NULL);
	end();
}
END_TEST

/* Names and passwords. */

START_TEST(get_name_and_password_are_sent_and_never_told)
{
	char url[128];

	begin();
	answers(fetch("/auth"), 401, NULL);
	snprintf(url, sizeof(url), "http://me:s%%3Acret@127.0.0.1:%d/auth",
		 server.port);
	answers(fetch(url), 200, "come in\n");
	sent(1, "Authorization", "Basic bWU6czpjcmV0");
	ck_assert_str_eq(told[1].url, url_of("/auth"));
	snprintf(url, sizeof(url),
		 "http://me:s%%3Acret@127.0.0.1:%d/say?status=500",
		 server.port);
	answers(fetch(url), 500, NULL);
	ck_assert_ptr_null(strstr(told[2].sentence, "cret"));
	end();
}
END_TEST

/* TLS. */

START_TEST(tls_certificate_of_ca_file_is_trusted)
{
	begin_tls(true);
	answers(fetch(https("/say")), 200, "so it is\n");
	is(fetch(https("2/say")), WEB_FAILED, "certificate"); /* its name */
	end();
	check_folder_done(certs);
}
END_TEST

START_TEST(tls_certificate_unknown_fails)
{
	begin_tls(false);
	is(fetch(https("/say")), WEB_FAILED, "web.ca_file");
	ck_assert_uint_eq(requests(), 0);
	end();
	check_folder_done(certs);
}
END_TEST

START_TEST(open_without_the_ca_file_is_refused)
{
	settings.ca_file = "/nonexistent/ca.pem";
	ck_assert_int_eq(web_open(&settings, &web, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "/nonexistent/ca.pem"));
}
END_TEST

/* Ends. */

START_TEST(cancel_in_every_state_calls_nobody)
{
	struct web_job *runs, *waits, *awaits, *over;

	begin();
	runs = ask("1/silent");
	waits = ask("1/say");
	awaits = ask_for(page, "2/say");
	over = ask("file:///x");
	web_cancel(over);
	while (requests() < 1)
		turn();
	web_cancel(waits);
	web_cancel(runs);
	web_cancel(awaits);
	ck_assert_uint_le(web_stats(web).waiting, 1); /* robots.txt */
	answers(fetch("1/say?later"), 200, NULL);
	ck_assert_int_eq(n_told, 1);
	end();
}
END_TEST

START_TEST(free_with_jobs_in_every_state_frees_them)
{
	begin();
	ask("1/silent");
	ask("1/say");
	ask_for(page, "2/say");
	ask("file:///x");
	while (requests() < 1)
		turn();
	ask("file:///x");
	end();
}
END_TEST

static struct web_job *other;

/* Asks for one more, and cancels one that is over but not yet told. */
static void done_and_more(void *self, const struct web_answer *a)
{
	done(self, a);
	web_cancel(other);
	ask("file:///x");
}

START_TEST(done_may_ask_and_cancel)
{
	struct web_request q = { .url = "file:///x", .done = done_and_more };

	begin();
	ck_assert_int_eq(web_get(web, &q, NULL), 0);
	other = ask("file:///y");
	wait_for(2);
	ck_assert_int_eq(web_pause(web), -1);
	ck_assert_int_eq(n_told, 2);
	end();
}
END_TEST

/* What is done with an answer may take seconds: others have their turn. */
START_TEST(turn_tells_one_answer_at_a_time)
{
	begin();
	for (int i = 0; i < 3; i++)
		ask("file:///x");
	for (int i = 1; i <= 3; i++) {
		ck_assert_int_eq(web_pause(web), 0);
		ck_assert_int_eq(web_turn(web, &e), 0);
		ck_assert_int_eq(n_told, i);
	}
	ck_assert_int_eq(web_pause(web), -1);
	end();
}
END_TEST

START_TEST(turn_asks_for_no_more_than_it_can_hold)
{
	settings.connections = 2;
	begin();
	for (int i = 1; i <= 6; i++) {
		char path[16];

		snprintf(path, sizeof(path), "%d/say", i);
		ask(path);
	}
	while (n_told < 6) {
		turn();
		ck_assert_uint_le(requests(), (size_t)n_told + 2);
	}
	end();
}
END_TEST

START_TEST(idle_web_waits_for_nothing)
{
	open_web();
	ck_assert_int_ge(web_fd(web), 0);
	ck_assert_int_eq(web_pause(web), -1);
	ck_assert_int_eq(web_turn(web, &e), 0);
	web_free(web);
	ck_assert_int_eq(web_fd(NULL), -1);
	ck_assert_int_eq(web_pause(NULL), -1);
	web_free(NULL);
}
END_TEST

START_TEST(pause_while_nothing_comes_is_not_busy)
{
	int turns = 0;

	settings.timeout = 300;
	begin();
	ask("/silent");
	for (; n_told < 1; turns++)
		turn();
	ck_assert_int_lt(turns, 60);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(get_page_is_its_bytes),
		CHECK_TEST(get_sends_who_we_are_and_no_cookies),
		CHECK_TEST(get_agent_of_the_settings_is_sent),
		CHECK_TEST(get_validators_go_back_byte_for_byte),
		CHECK_TEST(get_validator_with_a_control_character_is_not_sent),
		CHECK_TEST(get_same_etag_with_200_is_a_whole_answer),
		CHECK_TEST(get_304_unasked_fails),
		CHECK_TEST(get_compressed_is_decoded),
		CHECK_TEST(get_answer_too_large_is_refused),
		CHECK_TEST(get_broken_answer_fails),
		CHECK_TEST(get_answer_that_never_comes_fails),
		CHECK_TEST(get_more_body_than_was_said_is_what_was_said),
		CHECK_TEST(get_half_of_what_was_compressed_is_half),
		CHECK_TEST(get_injected_headers_are_not_taken),
		CHECK_TEST(get_nobody_there_fails),
		CHECK_TEST(get_status_that_says_no_is_an_answer_with_advice),
		CHECK_TEST(get_other_scheme_or_no_address_is_refused),
		CHECK_TEST(get_private_address_is_refused),
		CHECK_TEST(get_robots_of_a_private_address_is_refused),
		CHECK_TEST(get_proxies_of_the_environment_are_not_used),
		CHECK_TEST(get_name_and_password_are_sent_and_never_told),
		CHECK_TEST(tls_certificate_of_ca_file_is_trusted),
		CHECK_TEST(tls_certificate_unknown_fails),
		CHECK_TEST(open_without_the_ca_file_is_refused),
		CHECK_TEST(cancel_in_every_state_calls_nobody),
		CHECK_TEST(free_with_jobs_in_every_state_frees_them),
		CHECK_TEST(done_may_ask_and_cancel),
		CHECK_TEST(turn_tells_one_answer_at_a_time),
		CHECK_TEST(turn_asks_for_no_more_than_it_can_hold),
		CHECK_TEST(idle_web_waits_for_nothing),
		CHECK_TEST(pause_while_nothing_comes_is_not_busy),
		CHECK_END,
	};

	return check_main("web", tests);
}

#include "ingest/web.h"

#include <errno.h>
#include <poll.h>
#include <strings.h>

#include "base/clock.h"
#include "tests/lying_server.h"

/* One server, one struct web, and the answers in the order in which they came:
 * each test has a process of its own. */

enum { ANSWERS = 64 };

struct told {
	struct web_answer a;
	char *body, *url, *moved, *type, *etag, *last_modified, *sentence;
	int64_t at; /* clock_ms() */
};

static struct lying_server server;
static struct web *web;
static struct told told[ANSWERS];
static int n_told;
static struct err e;

static struct web_settings settings = {
	.body = 100000,
	.timeout = 10000,
	.connections = 8,
	.private = true,
	.robots = true,
};

static char *copy(const char *s)
{
	return s ? strdup(s) : NULL;
}

static void done(void *self, const struct web_answer *a)
{
	struct told *t = &told[n_told];

	(void)self;
	ck_assert_int_lt(n_told, ANSWERS);
	t->a = *a;
	t->body = strndup(a->body.n ? a->body.p : "", a->body.n);
	t->url = copy(a->url);
	t->moved = copy(a->moved);
	t->type = copy(a->type);
	t->etag = copy(a->etag);
	t->last_modified = copy(a->last_modified);
	t->sentence = copy(a->sentence);
	t->at = clock_ms();
	n_told++;
}

static void open_web(void)
{
	ck_assert_msg(web_open(&settings, &web, &e) == 0, "%s", e.text);
}

static void begin(void)
{
	lying_server_start(&server, NULL, NULL);
	open_web();
}

static void forget(void)
{
	for (int i = 0; i < n_told; i++) {
		free(told[i].body);
		free(told[i].url);
		free(told[i].moved);
		free(told[i].type);
		free(told[i].etag);
		free(told[i].last_modified);
		free(told[i].sentence);
	}
	n_told = 0;
}

static void end(void)
{
	web_free(web);
	forget();
	lying_server_stop(&server);
}

/* "/path" is one at the server, "2/path" at its second address. */
static const char *url_of(const char *path)
{
	static char url[20000];
	int host = path[0] == '/' ? 1 : path[0] - '0';

	if (host < 1 || host > 3)
		return path;
	snprintf(url, sizeof(url), "http://127.0.0.%d:%d%s", host, server.port,
		 strchr(path, '/'));
	return url;
}

static struct web_job *ask_for(struct web_request q, const char *path)
{
	struct web_job *job = NULL;

	q.url = url_of(path);
	q.done = done;
	ck_assert_int_eq(web_get(web, &q, &job), 0);
	return job;
}

static struct web_job *ask(const char *path)
{
	return ask_for((struct web_request){ 0 }, path);
}

static void turn(void)
{
	int64_t pause = web_pause(web);
	struct pollfd p = { .fd = web_fd(web), .events = POLLIN };

	ck_assert_int_ge(poll(&p, 1, pause < 0 || pause > 20000
					     ? 20000
					     : (int)pause),
			 0);
	ck_assert_msg(web_turn(web, &e) == 0, "%s", e.text);
}

/* Until n answers are there. */
static const struct told *wait_for(int n)
{
	int64_t until = clock_ms() + 30000;

	while (n_told < n) {
		ck_assert_int_lt(clock_ms(), until);
		turn();
	}
	return &told[n - 1];
}

static const struct told *fetch_with(struct web_request q, const char *path)
{
	ask_for(q, path);
	return wait_for(n_told + 1);
}

static const struct told *fetch(const char *path)
{
	return fetch_with((struct web_request){ 0 }, path);
}

static void is(const struct told *t, enum web_result result, const char *said)
{
	ck_assert_msg(t->a.result == result, "%d: %s", t->a.result,
		      t->sentence ? t->sentence : t->body);
	ck_assert_msg(!said || (t->sentence && strstr(t->sentence, said)),
		      "%s", t->sentence);
	ck_assert_int_eq(t->sentence != NULL,
			 result != WEB_ANSWER || t->a.status >= 400);
	ck_assert(result == WEB_ANSWER || (!t->a.status && !t->a.body.n));
}

/* An answer with this status and body (NULL: any). */
static void answers(const struct told *t, int status, const char *body)
{
	is(t, WEB_ANSWER, NULL);
	ck_assert_int_eq(t->a.status, status);
	if (body)
		ck_assert_str_eq(t->body, body);
}

/* Requests that came so far. */
static size_t requests(void)
{
	json_t *log = lying_server_log(&server);
	size_t n = json_array_size(log);

	json_decref(log);
	return n;
}

static void sent(int i, const char *header, const char *value)
{
	json_t *log = lying_server_log(&server);
	const char *was = lying_server_header(log, i, header);

	if (value)
		ck_assert_msg(was && !strcmp(was, value), "%s: %s", header,
			      was ? was : "(none)");
	else
		ck_assert_msg(!was, "%s: %s", header, was);
	json_decref(log);
}

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

/* Redirects. */

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

/* Politeness. */

static int64_t number(const json_t *log, size_t i, const char *name)
{
	return json_integer_value(
		json_object_get(json_array_get(log, i), name));
}

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

/* robots.txt. */

static const struct web_request page = { .robots = true };

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

/* TLS. */

static char cert[CHECK_PATH_MAX], key[CHECK_PATH_MAX];
static char certs[CHECK_PATH_MAX];

static void begin_tls(bool trusted)
{
	char line[4 * CHECK_PATH_MAX];

	check_folder(certs);
	snprintf(cert, sizeof(cert), "%s/cert", certs);
	snprintf(key, sizeof(key), "%s/key", certs);
	snprintf(line, sizeof(line),
		 "openssl req -x509 -newkey ec -pkeyopt "
		 "ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x "
		 "-addext subjectAltName=IP:127.0.0.1 -keyout '%s' -out '%s' "
		 "2>/dev/null",
		 key, cert);
	ck_assert_int_eq(system(line), 0);
	lying_server_start(&server, cert, key);
	settings.ca_file = trusted ? cert : NULL;
	open_web();
}

static const char *https(const char *path)
{
	static char url[512];

	snprintf(url, sizeof(url), "https://127.0.0.%d:%d%s",
		 path[0] == '/' ? 1 : path[0] - '0', server.port,
		 strchr(path, '/'));
	return url;
}

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
		CHECK_TEST(redirect_permanent_is_learnt),
		CHECK_TEST(redirect_temporary_is_not_learnt),
		CHECK_TEST(
			redirect_permanent_then_temporary_is_learnt_up_to_there),
		CHECK_TEST(
			redirect_to_a_page_that_is_not_there_is_not_learnt),
		CHECK_TEST(redirect_carries_validators),
		CHECK_TEST(redirect_ten_times_is_followed_but_no_further),
		CHECK_TEST(redirect_to_another_scheme_is_refused),
		CHECK_TEST(redirect_without_a_place_is_an_answer),
		CHECK_TEST(get_other_scheme_or_no_address_is_refused),
		CHECK_TEST(get_private_address_is_refused),
		CHECK_TEST(get_robots_of_a_private_address_is_refused),
		CHECK_TEST(get_proxies_of_the_environment_are_not_used),
		CHECK_TEST(get_name_and_password_are_sent_and_never_told),
		CHECK_TEST(redirect_to_another_host_sends_no_password),
		CHECK_TEST(gap_lies_between_two_requests_to_a_host),
		CHECK_TEST(hosts_are_asked_at_once_up_to_the_connections),
		CHECK_TEST(hosts_one_that_is_slow_does_not_keep_the_others),
		CHECK_TEST(rest_with_seconds_is_obeyed),
		CHECK_TEST(rest_with_a_date_is_obeyed),
		CHECK_TEST(rest_without_a_time_is_ten_minutes),
		CHECK_TEST(rest_of_others_in_the_queue_fails_them),
		CHECK_TEST(rest_remembered_is_kept_and_then_over),
		CHECK_TEST(robots_is_fetched_once_and_obeyed),
		CHECK_TEST(robots_switched_off_is_not_fetched),
		CHECK_TEST(robots_that_is_not_there_allows_all),
		CHECK_TEST(robots_that_cannot_be_read_allows_nothing_for_now),
		CHECK_TEST(robots_429_lets_the_host_rest),
		CHECK_TEST(robots_redirected_is_followed),
		CHECK_TEST(robots_too_long_counts_as_far_as_it_goes),
		CHECK_TEST(robots_holds_for_where_a_redirect_leads),
		CHECK_TEST(robots_delay_widens_the_gap),
		CHECK_TEST(tls_certificate_of_ca_file_is_trusted),
		CHECK_TEST(tls_certificate_unknown_fails),
		CHECK_TEST(redirect_from_https_to_http_is_bare_and_not_learnt),
		CHECK_TEST(open_without_the_ca_file_is_refused),
		CHECK_TEST(cancel_in_every_state_calls_nobody),
		CHECK_TEST(free_with_jobs_in_every_state_frees_them),
		CHECK_TEST(done_may_ask_and_cancel),
		CHECK_TEST(idle_web_waits_for_nothing),
		CHECK_TEST(pause_while_nothing_comes_is_not_busy),
		CHECK_END,
	};

	return check_main("web", tests);
}

/* test_health.c -- what is answered to whom. The server is played here: its
 * functions stand before those of wire/http.c. */
#include "wire/health.h"

#include <errno.h>
#include <jansson.h>
#include <time.h>

#include "base/log.h"
#include "base/service.h"
#include "tests/check_main.h"

struct http_request {
	struct http_view view;
	int status, answers;
	const char *type, *header;
	char body[8192];
};

struct http {
	struct http_handler handler;
	int turns, quiesced;
};

static struct http server;
static struct http_settings http = { .listen = "127.0.0.1:9470",
				     .token_file = "token" };
static const char *expected = "127.0.0.1:9470"; /* to listen on */
static int open_result;
static int64_t late_ms; /* added to the clock */

int clock_gettime(clockid_t id, struct timespec *t)
{
	(void)id;
	*t = (struct timespec){ 1000 + late_ms / 1000, 0 };
	return 0;
}

int http_open(const struct http_settings *s, const struct http_handler *h,
	      struct http **ret, struct err *e)
{
	ck_assert_str_eq(s->listen, expected);
	ck_assert_ptr_eq(s->token_file, http.token_file);
	if (open_result)
		return err_set(e, open_result, "no");
	server = (struct http){ .handler = *h };
	*ret = &server;
	return 0;
}

void http_free(struct http *h)
{
	ck_assert_ptr_eq(h, &server);
}

int http_fd(const struct http *h)
{
	return h == &server ? 7 : -1;
}

int64_t http_pause(const struct http *h)
{
	return h == &server ? 55 : -1;
}

int http_turn(struct http *h, struct err *e)
{
	h->turns++;
	return err_set(e, -EIO, "turned");
}

void http_quiesce(struct http *h)
{
	h->quiesced++;
}

struct http_view http_look(const struct http_request *r)
{
	return r->view;
}

int http_set(struct http_request *r, const char *name, const char *value)
{
	static char header[256];

	snprintf(header, sizeof(header), "%s: %s", name, value);
	r->header = header;
	return 0;
}

void http_answer(struct http_request *r, int status, const char *type,
		 struct str body)
{
	r->status = status;
	r->answers++;
	r->type = type;
	snprintf(r->body, sizeof(r->body), STR_FMT, STR_ARG(body));
}

/* The tests. */

static struct metrics *m;
static struct health *h;
static int refreshed, handed, went;

static void refresh(void *self)
{
	ck_assert_ptr_eq(self, &refreshed);
	refreshed++;
	metric_set(metrics_get(m, METRIC_GAUGE, "vigie_fresh", "Help.", NULL),
		   refreshed);
}

static void hand(void *self, struct http_request *r)
{
	ck_assert_ptr_eq(self, &handed);
	handed++;
	http_answer(r, 299, "x", STR("rest"));
}

static void went_away(void *self, struct http_request *r)
{
	ck_assert_ptr_eq(self, &handed);
	ck_assert_ptr_nonnull(r);
	went++;
}

static const struct http_handler rest = { hand, went_away, &handed };

static void begin(const struct http_handler *others)
{
	struct health_settings s = { .http = &http, .refresh = refresh,
				     .rest = others, .self = &refreshed };
	struct err e = { "" };

	ck_assert_int_eq(metrics_new(&m), 0);
	s.metrics = m;
	log_name("ingest");
	ck_assert_int_eq(health_open(&s, &h, &e), 0);
	ck_assert_ptr_nonnull(h);
}

static void done(void)
{
	health_free(h);
	metrics_free(m);
}

static struct http_request *ask_as(const char *method, const char *path,
				   bool authorised)
{
	static struct http_request r;

	r = (struct http_request){ .view = { .method = method, .path = path,
					     .authorised = authorised },
				   .type = "", .header = "" };
	server.handler.handle(server.handler.self, &r);
	ck_assert_int_eq(r.answers, 1);
	return &r;
}

static struct http_request *ask(const char *path)
{
	return ask_as("GET", path, true);
}

static void is_sentence(const struct http_request *r)
{
	json_t *v = json_loads(r->body, 0, NULL);

	ck_assert_str_eq(r->type, "application/json");
	ck_assert_ptr_nonnull(json_string_value(json_object_get(v, "error")));
	json_decref(v);
}

START_TEST(readyz_says_why_not)
{
	struct http_request *r;

	begin(NULL);
	r = ask("/readyz");
	ck_assert_int_eq(r->status, 503);
	ck_assert_str_eq(r->body, "starting\n");
	health_ready(h, "reading the journal: 40 %");
	r = ask_as("GET", "/readyz", false); /* without a token */
	ck_assert_int_eq(r->status, 503);
	ck_assert_str_eq(r->body, "reading the journal: 40 %\n");
	health_ready(h, NULL);
	r = ask("/readyz");
	ck_assert_int_eq(r->status, 200);
	ck_assert_str_eq(r->body, "ready\n");
	health_ready(h, "the disk is full");
	ck_assert_int_eq(ask("/readyz")->status, 503);
	health_ready(h, "");
	ck_assert_int_eq(ask("/readyz")->status, 200);
	done();
}
END_TEST

START_TEST(livez_fails_after_a_minute_without_getting_on)
{
	struct http_request *r;

	begin(NULL);
	service_turn(true);
	late_ms = 60000;
	service_turn(false);
	ck_assert_int_eq(ask("/livez")->status, 200);
	late_ms = 61000;
	service_turn(false);
	r = ask_as("GET", "/livez", false);
	ck_assert_int_eq(r->status, 503);
	ck_assert_str_eq(r->body, "it has not got on for 61 seconds\n");
	service_turn(true);
	ck_assert_int_eq(ask("/livez")->status, 200);
	done();
}
END_TEST

START_TEST(metrics_are_refreshed_and_of_the_format)
{
	struct http_request *r;

	begin(NULL);
	ck_assert_int_eq(refreshed, 0);
	r = ask("/metrics");
	ck_assert_int_eq(r->status, 200);
	ck_assert_str_eq(r->type,
			 "text/plain; version=0.0.4; charset=utf-8");
	ck_assert_ptr_nonnull(strstr(r->body, "\nvigie_fresh 1\n"));
	ck_assert_ptr_nonnull(strstr(r->body,
				     "\nvigie_build_info{version=\"" VIGIE_VERSION
				     "\",room=\"ingest\"} 1\n"));
	ck_assert_ptr_nonnull(strstr(ask("/metrics")->body,
				     "\nvigie_fresh 2\n"));
	done();
}
END_TEST

START_TEST(metrics_ask_for_the_token)
{
	struct http_request *r;

	begin(NULL);
	r = ask_as("GET", "/metrics", false);
	ck_assert_int_eq(r->status, 401);
	ck_assert_str_eq(r->header, "WWW-Authenticate: Bearer");
	is_sentence(r);
	ck_assert_int_eq(refreshed, 0);
	done();
}
END_TEST

START_TEST(head_is_answered_as_get)
{
	begin(NULL);
	ck_assert_int_eq(ask_as("HEAD", "/livez", false)->status, 200);
	ck_assert_int_eq(ask_as("HEAD", "/metrics", true)->status, 200);
	done();
}
END_TEST

START_TEST(other_methods_are_refused)
{
	struct http_request *r;

	begin(&rest);
	r = ask_as("POST", "/metrics", true);
	ck_assert_int_eq(r->status, 405);
	ck_assert_str_eq(r->header, "Allow: GET, HEAD");
	is_sentence(r);
	ck_assert_int_eq(handed, 0);
	done();
}
END_TEST

START_TEST(other_paths_are_not_found)
{
	struct http_request *r;

	begin(NULL);
	r = ask("/");
	ck_assert_int_eq(r->status, 404);
	is_sentence(r);
	ck_assert_int_eq(ask("/metrics/")->status, 404);
	ck_assert_int_eq(ask_as("POST", "/articles", true)->status, 404);
	server.handler.gone(server.handler.self, r);
	done();
}
END_TEST

START_TEST(other_paths_go_to_the_rest)
{
	struct http_request *r;

	begin(&rest);
	r = ask_as("POST", "/articles", false);
	ck_assert_int_eq(r->status, 299);
	ck_assert_int_eq(handed, 1);
	server.handler.gone(server.handler.self, r);
	ck_assert_int_eq(went, 1);
	ck_assert_int_eq(ask("/readyz")->status, 503);
	ck_assert_int_eq(handed, 1);
	done();
}
END_TEST

START_TEST(calls_reach_the_server)
{
	struct err e = { "" };

	begin(NULL);
	ck_assert_int_eq(health_fd(h), 7);
	ck_assert_int_eq(health_pause(h), 55);
	ck_assert_int_eq(health_turn(h, &e), -EIO);
	ck_assert_str_eq(e.text, "turned");
	health_quiesce(h);
	ck_assert_int_eq(server.quiesced, 1);
	done();
}
END_TEST

START_TEST(nothing_listens_where_none_is_asked_for)
{
	struct http_settings none = { .listen = NULL };
	struct health_settings s = { .http = &none };
	struct err e = { "" };

	h = (struct health *)&s;
	ck_assert_int_eq(health_open(&s, &h, &e), 0);
	ck_assert_ptr_null(h);
	ck_assert_int_eq(health_fd(h), -1);
	ck_assert_int_eq(health_pause(h), -1);
	ck_assert_int_eq(health_turn(h, &e), 0);
	health_ready(h, "x");
	health_quiesce(h);
	health_free(h);
}
END_TEST

START_TEST(open_that_fails_says_why)
{
	struct health_settings s = { .http = &http };
	struct err e = { "" };

	open_result = -EADDRINUSE;
	ck_assert_int_eq(metrics_new(&m), 0);
	s.metrics = m;
	ck_assert_int_eq(health_open(&s, &h, &e), -EADDRINUSE);
	ck_assert_str_eq(e.text, "no");
	ck_assert_ptr_null(h);
	metrics_free(m);
}
END_TEST

static int open_number(const char *listen, int number, struct err *e)
{
	struct health_settings s = { .http = &http, .number = number };
	int r;

	http.listen = listen;
	ck_assert_int_eq(metrics_new(&m), 0);
	s.metrics = m;
	r = health_open(&s, &h, e);
	health_free(h);
	metrics_free(m);
	return r;
}

START_TEST(number_is_added_to_the_port)
{
	struct err e = { "" };

	expected = "127.0.0.1:9473";
	ck_assert_int_eq(open_number("127.0.0.1:9470", 3, &e), 0);
	expected = "[::1]:65535";
	ck_assert_int_eq(open_number("[::1]:65534", 1, &e), 0);
	ck_assert_int_eq(open_number("[::1]:65534", 2, &e), -EINVAL);
	ck_assert_str_eq(e.text,
			 "[::1]:65534: no port is left for daemon 3");
	expected = "rubbish";
	ck_assert_int_eq(open_number("rubbish", 2, &e), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(readyz_says_why_not),
		CHECK_TEST(livez_fails_after_a_minute_without_getting_on),
		CHECK_TEST(metrics_are_refreshed_and_of_the_format),
		CHECK_TEST(metrics_ask_for_the_token),
		CHECK_TEST(head_is_answered_as_get),
		CHECK_TEST(other_methods_are_refused),
		CHECK_TEST(other_paths_are_not_found),
		CHECK_TEST(other_paths_go_to_the_rest),
		CHECK_TEST(calls_reach_the_server),
		CHECK_TEST(nothing_listens_where_none_is_asked_for),
		CHECK_TEST(open_that_fails_says_why),
		CHECK_TEST(number_is_added_to_the_port),
		CHECK_END,
	};

	return check_main("health", tests);
}

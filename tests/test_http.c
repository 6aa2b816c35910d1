#include "wire/http.h"

#include <sys/stat.h>

#include "tests/fake_client.h"

static struct http *http;
static struct err err;
static struct http_request *waiting[128];
static size_t wait_count, gone_count, handled;

static void turn(void)
{
	ck_assert_int_eq(http_turn(http, &err), 0);
}

/* /later waits; all else is told what it asked. */
static void handle(void *self, struct http_request *r)
{
	struct http_view v = http_look(r);
	char text[256];
	int n;

	(void)self;
	handled++;
	if (!strcmp(v.path, "/later")) {
		waiting[wait_count++] = r;
		return;
	}
	n = snprintf(text, sizeof(text), "%s %.60s %zu %.60s %s", v.method,
		     v.path, v.body.n,
		     http_header(r, "x-name") ? http_header(r, "x-name") : "-",
		     v.authorised ? "yes" : "no");
	ck_assert_int_eq(http_set(r, "X-Seen", "1"), 0);
	http_answer(r, 200, "text/plain", (struct str){ text, (size_t)n });
}

static void gone(void *self, struct http_request *r)
{
	(void)self;
	gone_count++;
	for (size_t i = 0; i < wait_count; i++)
		if (waiting[i] == r)
			waiting[i] = NULL;
}

static const struct http_handler handler = { handle, gone, NULL };

static struct http_settings settings(void)
{
	return (struct http_settings){ .listen = "127.0.0.1:0",
				       .body = 65536,
				       .connections = 8 };
}

static void open_with(struct http_settings s)
{
	ck_assert_msg(!http_open(&s, &handler, &http, &err), "%s", err.text);
}

static int begin(void)
{
	open_with(settings());
	return dial(http_port(http));
}

static void end(int fd)
{
	close(fd);
	http_free(http);
}

/* The status of what a new connection is told. */
static int ask(const char *text)
{
	int fd = dial(http_port(http)), status;

	put_z(fd, text);
	status = hear(fd);
	close(fd);
	return status;
}

static void answer_all(void)
{
	for (size_t i = 0; i < wait_count; i++)
		if (waiting[i])
			http_answer(waiting[i], 200, NULL, STR("late"));
	wait_count = 0;
}

/* Nothing is due, so that its loop sleeps. */
static bool at_rest(void)
{
	struct pollfd p = { http_fd(http), POLLIN, 0 };

	return !poll(&p, 1, 0) && http_pause(http) != 0;
}

START_TEST(get_post_and_head_are_answered)
{
	int fd = begin();

	put_z(fd, "GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-NAME: me\r\n\r\n");
	ck_assert_int_eq(hear(fd), 200);
	ck_assert_str_eq(answer_body(), "GET /a 0 me yes");
	ck_assert(answer_has("X-Seen: 1") &&
		  answer_has("Content-Type: text/plain"));
	put_z(fd, "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
		  "hello");
	ck_assert_int_eq(hear(fd), 200);
	ck_assert_str_eq(answer_body(), "POST /b 5 - yes");
	put_z(fd, "HEAD /c HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(hear_answer(fd, true), 200);
	ck_assert_str_eq(answer_body(), "");
	end(fd);
}
END_TEST

START_TEST(request_in_single_bytes_is_one_request)
{
	const char *text = "POST /b HTTP/1.1\r\nHost: x\r\n"
			   "Content-Length: 5\r\n\r\nhello";
	int fd = begin();

	for (const char *p = text; *p; p++)
		put(fd, p, 1);
	ck_assert_int_eq(hear(fd), 200);
	ck_assert_str_eq(answer_body(), "POST /b 5 - yes");
	ck_assert_uint_eq(handled, 1);
	end(fd);
}
END_TEST

START_TEST(half_a_request_is_not_handed_on)
{
	int fd = begin();

	put_z(fd, "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
		  "hell");
	ck_assert(silent(fd));
	ck_assert_uint_eq(handled, 0);
	close(fd);
	for (int i = 0; i < 5; i++)
		turn();
	ck_assert_uint_eq(handled, 0);
	ck_assert_uint_eq(gone_count, 0);
	http_free(http);
}
END_TEST

START_TEST(deferred_answer_leaves_when_it_is_given)
{
	int fd = begin(), other = dial(http_port(http));

	put_z(fd, "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
		  "hi");
	ck_assert(silent(fd));
	ck_assert_uint_eq(wait_count, 1);
	ck_assert(str_is(http_look(waiting[0]).body, "hi"));
	/* Others are served meanwhile. */
	put_z(other, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(hear(other), 200);
	ck_assert(silent(fd));
	ck_assert(at_rest());
	answer_all();
	ck_assert_int_eq(http_pause(http), 0);
	ck_assert_int_eq(hear(fd), 200);
	ck_assert_str_eq(answer_body(), "late");
	/* The connection goes on. */
	put_z(fd, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(hear(fd), 200);
	close(other);
	end(fd);
}
END_TEST

START_TEST(pipelined_requests_are_answered_in_order)
{
	int fd = begin();

	put_z(fd, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
		  "GET /later HTTP/1.1\r\nHost: x\r\n\r\n"
		  "POST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n!"
		  "GET /4 HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(hear(fd), 200);
	ck_assert_str_eq(answer_body(), "GET /1 0 - yes");
	ck_assert(silent(fd));
	ck_assert(at_rest());
	answer_all();
	ck_assert_int_eq(hear(fd), 200);
	ck_assert_str_eq(answer_body(), "late");
	ck_assert_int_eq(hear(fd), 200);
	ck_assert_str_eq(answer_body(), "POST /3 1 - yes");
	ck_assert_int_eq(hear(fd), 200);
	ck_assert_str_eq(answer_body(), "GET /4 0 - yes");
	end(fd);
}
END_TEST

START_TEST(client_that_left_is_told_to_the_handler_once)
{
	int fd = begin();

	put_z(fd, "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
		  "hi");
	ck_assert(silent(fd));
	close(fd);
	for (int i = 0; i < 5; i++)
		turn();
	ck_assert_uint_eq(gone_count, 1);
	ck_assert_ptr_null(waiting[0]);
	fd = dial(http_port(http));
	put_z(fd, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(hear(fd), 200);
	end(fd);
}
END_TEST

START_TEST(all_leaving_at_once_leaves_room_for_others)
{
	int fd[8];

	open_with(settings());
	for (int round = 0; round < 5; round++) {
		wait_count = gone_count = 0;
		for (int i = 0; i < 8; i++) {
			fd[i] = dial(http_port(http));
			put_z(fd[i], "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
			ck_assert(silent(fd[i]));
		}
		ck_assert_uint_eq(wait_count, 8);
		for (int i = 0; i < 8; i++)
			close(fd[i]);
		for (int i = 0; i < 5; i++)
			turn();
		ck_assert_uint_eq(gone_count, 8);
	}
	ck_assert_int_eq(ask("GET /x HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	http_free(http);
}
END_TEST

START_TEST(free_with_waiting_requests_cuts_them)
{
	int fd = begin();

	put_z(fd, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert(silent(fd));
	http_free(http);
	http = NULL;
	ck_assert_int_eq(hear(fd), 0);
	ck_assert_uint_eq(gone_count, 0);
	close(fd);
}
END_TEST

START_TEST(free_sends_what_was_answered)
{
	int fd = begin();

	put_z(fd, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert(silent(fd));
	answer_all();
	http_free(http);
	http = NULL;
	ck_assert_int_eq(hear(fd), 200);
	close(fd);
}
END_TEST

START_TEST(other_methods_are_refused)
{
	open_with(settings());
	ck_assert_int_eq(ask("DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n"), 405);
	ck_assert(answer_has("Allow: GET, HEAD, POST"));
	ck_assert_int_eq(ask("PUT /x HTTP/1.1\r\nHost: x\r\n"
			     "Content-Length: 3\r\n\r\nabc"),
			 405);
	ck_assert_int_eq(ask("BREW /x HTTP/1.1\r\nHost: x\r\n\r\n"), 405);
	ck_assert_uint_eq(handled, 0);
	http_free(http);
}
END_TEST

static void body_of(size_t n, int status)
{
	static char body[200000];
	char head[128];
	int fd = dial(http_port(http));

	snprintf(head, sizeof(head), "POST /x HTTP/1.1\r\nHost: x\r\n"
				     "Content-Length: %zu\r\n\r\n", n);
	put_z(fd, head);
	if (status == 200)
		put(fd, body, n);
	ck_assert_int_eq(hear(fd), status);
	close(fd);
}

START_TEST(announced_body_past_the_cap_is_refused_unread)
{
	open_with(settings());
	body_of(65535, 200);
	body_of(65536, 200);
	body_of(65537, 413);
	ck_assert(answer_has("larger than 65536 bytes"));
	ck_assert_uint_eq(handled, 2);
	http_free(http);
}
END_TEST

static int chunked(size_t n)
{
	char chunk[1100];
	int fd = dial(http_port(http)), status;

	put_z(fd, "POST /x HTTP/1.1\r\nHost: x\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n");
	for (; n; n -= n < 1000 ? n : 1000) {
		size_t m = n < 1000 ? n : 1000;
		int head = snprintf(chunk, sizeof(chunk), "%zx\r\n", m);

		memset(chunk + head, 'x', m);
		memcpy(chunk + head + m, "\r\n", 2);
		put(fd, chunk, (size_t)head + m + 2);
	}
	put_z(fd, "0\r\n\r\n");
	status = hear(fd);
	close(fd);
	return status;
}

START_TEST(chunked_body_is_held_to_the_cap)
{
	open_with(settings());
	ck_assert_int_eq(chunked(0), 200);
	ck_assert_int_eq(chunked(65536), 200);
	ck_assert_str_eq(answer_body(), "POST /x 65536 - yes");
	ck_assert_int_eq(chunked(65537), 413);
	ck_assert_int_eq(chunked(131072), 413);
	/* Twice too much is not heard to its end. */
	ck_assert_int_eq(chunked(1000000), 0);
	ck_assert_int_eq(chunked(65536), 200);
	http_free(http);
}
END_TEST

START_TEST(bodies_together_are_held_to_four_times_the_cap)
{
	static const char head[] = "POST /x HTTP/1.1\r\nHost: x\r\n"
				   "Content-Length: 65536\r\n\r\nabc";
	static char rest[65536];
	int fd[5];

	open_with(settings());
	for (int i = 0; i < 5; i++) {
		fd[i] = dial(http_port(http));
		put_z(fd[i], head);
	}
	ck_assert_int_eq(hear(fd[4]), 503);
	ck_assert(answer_has("Retry-After: 2"));
	ck_assert_int_eq(chunked(10), 503);
	ck_assert_int_eq(ask("GET /x HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	put(fd[0], rest, 65533);
	ck_assert_int_eq(hear(fd[0]), 200);
	body_of(65536, 200);
	for (int i = 0; i < 5; i++)
		close(fd[i]);
	for (int i = 0; i < 5; i++)
		turn();
	body_of(65536, 200);
	http_free(http);
}
END_TEST

START_TEST(headers_past_the_pool_are_refused)
{
	char line[512];
	int fd = begin();

	put_z(fd, "GET /x HTTP/1.1\r\nHost: x\r\n");
	for (int i = 0; i < 100; i++) {
		snprintf(line, sizeof(line), "X-%d: y\r\n", i);
		put_z(fd, line);
	}
	put_z(fd, "\r\n");
	ck_assert_int_eq(hear(fd), 200);
	close(fd);
	fd = dial(http_port(http));
	memset(line, 'y', sizeof(line));
	memcpy(line, "X: ", 3);
	memcpy(line + sizeof(line) - 2, "\r\n", 2);
	put_z(fd, "GET /x HTTP/1.1\r\nHost: x\r\n");
	for (int i = 0; i < 100 && put(fd, line, sizeof(line)); i++)
		;
	ck_assert_int_eq(hear(fd), 431);
	end(fd);
}
END_TEST

START_TEST(strange_bytes_are_harmless)
{
	static const char *const texts[] = {
		"GET /x%00y HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /\xff\x01%zz HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET / HTTP/1.1\r\n: \r\n\r\n",
		"GET\r\n\r\n",
		"\r\n\r\n\r\n",
		"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
		"POST /x HTTP/1.1\r\nHost: x\r\n"
		"Content-Length: 99999999999999999999999\r\n\r\n",
		"POST /x HTTP/1.1\r\nHost: x\r\n"
		"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
	};
	static const char nul[] = "GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n";
	int fd = begin();

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		int other = dial(http_port(http));

		put_z(other, texts[i]);
		silent(other);
		close(other);
	}
	put(fd, nul, sizeof(nul) - 1);
	silent(fd);
	close(fd);
	ck_assert_int_eq(ask("GET /x%00y HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	ck_assert_str_eq(answer_body(), "GET /x%00y 0 - yes");
	http_free(http);
}
END_TEST

START_TEST(connections_past_the_limit_wait)
{
	int fd[9];

	open_with(settings());
	for (int i = 0; i < 9; i++) {
		fd[i] = dial(http_port(http));
		put_z(fd[i], "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
	}
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(hear(fd[i]), 200);
	ck_assert(silent(fd[8]));
	ck_assert(at_rest());
	close(fd[3]);
	ck_assert_int_eq(hear(fd[8]), 200);
	for (int i = 0; i < 9; i++)
		if (i != 3)
			close(fd[i]);
	http_free(http);
}
END_TEST

/* Bytes now and then do not buy time; a wait for the answer costs none. */
START_TEST(slow_client_is_cut_off)
{
	struct http_settings s = settings();
	int64_t until;
	int idle, slow, later;

	s.timeout = 150;
	open_with(s);
	idle = dial(http_port(http));
	slow = dial(http_port(http));
	later = dial(http_port(http));
	put_z(later, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
	put_z(slow, "GET /x HTTP/1.1\r\n");
	ck_assert_int_ge(http_pause(http), 0);
	ck_assert_int_le(http_pause(http), 150);
	until = clock_ms() + 600;
	while (clock_ms() < until) {
		struct pollfd p = { slow, 0, 0 };

		put(slow, "X", 1);
		poll(&p, 1, 10);
	}
	ck_assert_int_eq(hear(slow), 0);
	ck_assert_int_eq(hear(idle), 0);
	answer_all();
	ck_assert_int_eq(hear(later), 200);
	close(idle);
	close(slow);
	end(later);
}
END_TEST

START_TEST(quiesced_server_takes_no_more_connections)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = begin(), other;

	put_z(fd, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(hear(fd), 200);
	http_quiesce(http);
	a.sin_port = htons((uint16_t)http_port(http));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	other = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(other, (struct sockaddr *)&a, sizeof(a)), -1);
	close(other);
	put_z(fd, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(hear(fd), 200);
	end(fd);
}
END_TEST

START_TEST(taken_port_is_told)
{
	struct http_settings s = settings();
	struct http *second = NULL;
	char listen[32];

	open_with(s);
	snprintf(listen, sizeof(listen), "127.0.0.1:%d", http_port(http));
	s.listen = listen;
	ck_assert_int_eq(http_open(&s, &handler, &second, &err), -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(err.text, listen));
	ck_assert_ptr_null(second);
	http_free(http);
}
END_TEST

START_TEST(none_does_nothing)
{
	http_free(NULL);
	http_quiesce(NULL);
	ck_assert_int_eq(http_fd(NULL), -1);
	ck_assert_int_eq(http_port(NULL), -1);
	ck_assert_int_eq(http_pause(NULL), -1);
	ck_assert_int_eq(http_turn(NULL, &err), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(get_post_and_head_are_answered),
		CHECK_TEST(request_in_single_bytes_is_one_request),
		CHECK_TEST(half_a_request_is_not_handed_on),
		CHECK_TEST(deferred_answer_leaves_when_it_is_given),
		CHECK_TEST(pipelined_requests_are_answered_in_order),
		CHECK_TEST(client_that_left_is_told_to_the_handler_once),
		CHECK_TEST(all_leaving_at_once_leaves_room_for_others),
		CHECK_TEST(free_with_waiting_requests_cuts_them),
		CHECK_TEST(free_sends_what_was_answered),
		CHECK_TEST(other_methods_are_refused),
		CHECK_TEST(announced_body_past_the_cap_is_refused_unread),
		CHECK_TEST(chunked_body_is_held_to_the_cap),
		CHECK_TEST(bodies_together_are_held_to_four_times_the_cap),
		CHECK_TEST(headers_past_the_pool_are_refused),
		CHECK_TEST(strange_bytes_are_harmless),
		CHECK_TEST(connections_past_the_limit_wait),
		CHECK_TEST(slow_client_is_cut_off),
		CHECK_TEST(quiesced_server_takes_no_more_connections),
		CHECK_TEST(taken_port_is_told),
		CHECK_TEST(none_does_nothing),
		CHECK_END,
	};

	return check_main("http", tests);
}

/* Both doors of push: a loopback HTTP server and an ipc socket, and clients of
 * them in the same process. */
#include "ingest/push.h"

#include <sys/stat.h>

#include "tests/fake_client.h"
#include "tests/fake_taker.h"

static char folder[CHECK_PATH_MAX], place[CHECK_PATH_MAX + 16];
static struct link_net *net;
static struct push *push;
static struct http *http;
static struct link *asker;
static struct err err;

/* What the loop of ingest does, but the commit. */
static void turn(void)
{
	ck_assert_int_eq(http_turn(http, &err), 0);
	ck_assert_int_eq(push_turn(push, &err), 0);
}

static void commit(void)
{
	taken.keys_committed = taken.keys_in_all;
	ck_assert_int_eq(push_committed(push, &err), 0);
}

static void begin_with(struct push_settings s, const char *token)
{
	const struct http_settings h = { .listen = "127.0.0.1:0",
					 .body = 65536,
					 .connections = 32,
					 .token_file = token };

	ck_assert_int_eq(link_net_open(&net, &err), 0);
	ck_assert_msg(!push_open(net, &s, &taker, &push, &err), "%s", err.text);
	ck_assert_msg(!http_open(&h, push_http(push), &http, &err), "%s",
		      err.text);
}

static void begin(void)
{
	begin_with((struct push_settings){ .requests = 4, .retry_after = 1500 },
		   NULL);
}

static void begin_bound(void)
{
	const struct link_options o = { .queue = 100, .message_max = 1 << 20 };

	check_folder(folder);
	snprintf(place, sizeof(place), "ipc://%s/push", folder);
	begin_with((struct push_settings){ .bind = place, .requests = 4,
					   .retry_after = 1500 },
		   NULL);
	ck_assert_int_eq(link_open(net, LINK_ASK, place, false, o, &asker,
				   &err), 0);
}

static void end(void)
{
	http_free(http);
	push_free(push);
	link_free(asker);
	link_net_free(net);
	if (asker)
		check_folder_done(folder);
}

/* A connection on which this was asked. */
static int post(const char *headers, const char *body)
{
	char text[8192];
	int fd = dial(http_port(http));

	snprintf(text, sizeof(text), "POST /articles HTTP/1.1\r\nHost: x\r\n"
				     "%sContent-Length: %zu\r\n\r\n%s",
		 headers, strlen(body), body);
	put_z(fd, text);
	for (int i = 0; i < 5; i++)
		turn();
	return fd;
}

/* What it is told: its status and its body. */
static void told(int fd, int status, const char *json)
{
	ck_assert_int_eq(hear(fd), status);
	ck_assert_msg(strstr(answer_body(), json), "told %s, expected %s",
		      answer_body(), json);
	ck_assert(answer_has("Content-Type: application/json"));
	close(fd);
}

START_TEST(answer_waits_for_the_commit)
{
	int fd;

	begin();
	fd = post("", "{\"a\":1}\n\n{\"a\":2}\n");
	ck_assert(silent(fd));
	ck_assert_str_eq(taken.bytes, "push:1 {\"a\":1}\npush:3 {\"a\":2}\n");
	ck_assert_uint_eq(push_waiting(push), 1);
	commit();
	ck_assert_uint_eq(push_waiting(push), 0);
	told(fd, 200, "{\"accepted\":2,\"refused\":[],\"repeated\":false}\n");
	end();
}
END_TEST

START_TEST(commit_answers_all_who_wait)
{
	int fd[4];

	begin();
	for (int i = 0; i < 4; i++)
		fd[i] = post("", "{}");
	for (int i = 0; i < 4; i++)
		ck_assert(silent(fd[i]));
	commit();
	for (int i = 0; i < 4; i++)
		told(fd[i], 200, "\"accepted\":1");
	ck_assert_uint_eq(push_stats(push).requests, 4);
	ck_assert_uint_eq(push_stats(push).accepted, 4);
	end();
}
END_TEST

START_TEST(refused_lines_are_told_with_their_reasons)
{
	int fd;

	begin();
	fd = post("", "{1}\nbad \"one\"\n{3}\n\nbad\xff\n");
	commit();
	told(fd, 200, "{\"accepted\":2,\"refused\":["
		      "{\"line\":2,\"reason\":\"is bad: bad \\\"one\\\"\"},"
		      "{\"line\":5,\"reason\":\"is bad: bad\"}],"
		      "\"repeated\":false}");
	/* Nothing to commit: told at once. */
	fd = post("Idempotency-Key: k\r\n", "bad");
	told(fd, 400, "{\"accepted\":0,\"refused\":[{\"line\":1,");
	ck_assert_uint_eq(taken.keys_in_all, 0);
	ck_assert_uint_eq(push_stats(push).refused, 3);
	end();
}
END_TEST

START_TEST(reasons_past_a_hundred_are_counted)
{
	char body[8000] = "{}\n";
	int fd;

	begin();
	for (int i = 0; i < 130; i++)
		strcat(body, "bad\n");
	fd = post("", body);
	commit();
	told(fd, 200, "{\"line\":101,\"reason\":\"is bad: bad\"}],"
		      "\"refused_more\":30,\"repeated\":false}");
	end();
}
END_TEST

START_TEST(body_forms_are_understood)
{
	int fd;

	begin();
	fd = post("Content-Type: application/json\r\n", "{\n\"a\": 1\n}\n");
	commit();
	told(fd, 200, "\"accepted\":1,");
	fd = post("Content-Type: application/json\r\n", "[{}, {}, bad]");
	commit();
	told(fd, 200, "\"accepted\":2,\"refused\":[{\"line\":3,");
	fd = post("Content-Type: application/x-ndjson\r\n", "{}\n{}\n");
	commit();
	told(fd, 200, "\"accepted\":2,");
	told(post("Content-Type: text/xml\r\n", "<a/>"), 415, "\"error\":");
	told(post("Content-Encoding: gzip\r\n", "{}"), 415, "\"error\":");
	ck_assert_uint_eq(taken.pieces, 5);
	end();
}
END_TEST

START_TEST(requests_that_bring_nothing_are_refused)
{
	char key[400];
	int fd;

	begin();
	told(post("", ""), 400, "{\"error\":\"there is no article in it\"}");
	told(post("", " \n\n"), 400, "no article");
	told(post("Content-Type: application/json\r\n", "[]"), 400,
	     "no article");
	told(post("Idempotency-Key: \r\n", "{}"), 400, "is empty");
	told(post("Idempotency-Key: \xc3\xa9\r\n", "{}"), 400, "key");
	snprintf(key, sizeof(key), "Idempotency-Key: %0201d\r\n", 0);
	told(post(key, "{}"), 400, "200 printable");
	told(post("Origin: https://news.example\r\n", "{}"), 403, "web pages");
	ck_assert_uint_eq(taken.pieces, 0);
	snprintf(key, sizeof(key), "Idempotency-Key: %0200d\r\n", 0);
	fd = post(key, "{}");
	commit();
	told(fd, 200, "\"accepted\":1");
	end();
}
END_TEST

static int ask(const char *line)
{
	char text[512];
	int fd = dial(http_port(http));

	snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: x\r\n\r\n", line);
	put_z(fd, text);
	return fd;
}

START_TEST(other_paths_and_methods_are_refused)
{
	begin();
	told(ask("GET /"), 404, "/articles");
	told(ask("GET /articles/1"), 404, "/articles");
	told(ask("GET /articles"), 405, "POST");
	ck_assert(answer_has("Allow: POST"));
	end();
}
END_TEST

START_TEST(token_is_asked_for)
{
	char path[CHECK_PATH_MAX];
	int fd;

	check_folder(folder);
	check_file(folder, "token", "secret", 6, path);
	ck_assert_int_eq(chmod(path, 0600), 0);
	begin_with((struct push_settings){ .requests = 4, .retry_after = 1000 },
		   path);
	told(post("", "{}"), 401, "\"error\":");
	ck_assert(answer_has("WWW-Authenticate: Bearer"));
	told(post("Authorization: Bearer other\r\n", "{}"), 401, "token");
	ck_assert_uint_eq(taken.pieces, 0);
	fd = post("Authorization: Bearer secret\r\n", "{}");
	commit();
	told(fd, 200, "\"accepted\":1");
	end();
	check_folder_done(folder);
}
END_TEST

START_TEST(without_room_nothing_is_taken)
{
	begin();
	taken.full = true;
	told(post("", "{}\n{}\n"), 503, "\"retry_after\":2}");
	ck_assert(answer_has("Retry-After: 2"));
	ck_assert_uint_eq(taken.asked, 6);
	ck_assert_uint_eq(taken.pieces, 0);
	ck_assert_uint_eq(push_stats(push).turned_away, 1);
	end();
}
END_TEST

START_TEST(requests_past_the_limit_are_turned_away)
{
	int fd[4];

	begin();
	for (int i = 0; i < 4; i++)
		fd[i] = post("", "{}");
	told(post("", "{}"), 503, "too many requests");
	ck_assert_uint_eq(taken.pieces, 4);
	commit();
	for (int i = 0; i < 4; i++)
		told(fd[i], 200, "\"accepted\":1");
	fd[0] = post("", "{}");
	commit();
	told(fd[0], 200, "\"accepted\":1");
	end();
}
END_TEST

START_TEST(key_is_answered_the_same_again)
{
	int fd;

	begin();
	fd = post("Idempotency-Key: k1\r\n", "{1}\nbad\n");
	ck_assert_uint_eq(taken.keys_in_all, 1);
	commit();
	told(fd, 200, "{\"accepted\":1,\"refused\":[{\"line\":2,\"reason\":\"is "
		      "bad: bad\"}],\"repeated\":false}");
	/* Also where there is no room for anything new. */
	taken.full = true;
	fd = post("Idempotency-Key: k1\r\n", "{1}\nbad\n");
	told(fd, 200, "{\"accepted\":1,\"refused\":[{\"line\":2,\"reason\":\"is "
		      "bad: bad\"}],\"repeated\":true}");
	ck_assert_uint_eq(taken.pieces, 1);
	ck_assert_uint_eq(push_stats(push).repeated, 1);
	taken.full = false;
	fd = post("Idempotency-Key: k2\r\n", "{1}\nbad\n");
	commit();
	told(fd, 200, "\"repeated\":false");
	ck_assert_uint_eq(taken.pieces, 2);
	end();
}
END_TEST

/* vigie dlq replay: what was accepted once is to be accepted again. */
START_TEST(key_of_a_dead_letter_says_that_it_comes_back)
{
	int fd;

	begin();
	fd = post("Idempotency-Key: dlq:00ff:42\r\n", "{1}\n");
	commit();
	told(fd, 200, "\"accepted\":1");
	ck_assert_ptr_nonnull(strstr(taken.bytes, "again {1}"));
	fd = post("Idempotency-Key: k-dlq:00ff:42\r\n", "{2}\n");
	commit();
	told(fd, 200, "\"accepted\":1");
	ck_assert_ptr_null(strstr(taken.bytes, "again {2}"));
	end();
}
END_TEST

START_TEST(key_for_another_body_is_refused)
{
	int fd, other;

	begin();
	fd = post("Idempotency-Key: k\r\n", "{1}");
	other = post("Idempotency-Key: k\r\n", "{2}");
	told(other, 422, "another body");
	commit();
	told(fd, 200, "\"accepted\":1");
	told(post("Idempotency-Key: k\r\n", "{2}"), 422, "another body");
	ck_assert_uint_eq(taken.pieces, 1);
	end();
}
END_TEST

START_TEST(key_whose_first_request_waits_waits_with_it)
{
	int fd, other;

	begin();
	fd = post("Idempotency-Key: k\r\n", "{1}");
	other = post("Idempotency-Key: k\r\n", "{1}");
	ck_assert(silent(fd));
	ck_assert(silent(other));
	commit();
	told(fd, 200, "\"accepted\":1,\"refused\":[],\"repeated\":false");
	told(other, 200, "\"accepted\":1,\"refused\":[],\"repeated\":true");
	ck_assert_uint_eq(taken.pieces, 1);
	end();
}
END_TEST

START_TEST(client_that_left_finds_its_answer_by_its_key)
{
	int fd, other;

	begin();
	fd = post("Idempotency-Key: k\r\n", "{1}");
	close(fd);
	for (int i = 0; i < 5; i++)
		turn();
	ck_assert_uint_eq(push_waiting(push), 1);
	other = post("Idempotency-Key: k\r\n", "{1}");
	ck_assert(silent(other));
	commit();
	told(other, 200, "\"repeated\":true");
	ck_assert_uint_eq(taken.pieces, 1);
	end();
}
END_TEST

/* Asked, and the server turned, but not push. */
static int ask_only(const char *text)
{
	int fd = dial(http_port(http));

	ck_assert_int_eq(send(fd, text, strlen(text), 0),
			 (ssize_t)strlen(text));
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(http_turn(http, &err), 0);
	return fd;
}

START_TEST(taker_error_ends_the_room)
{
	int fd, other;

	begin();
	fd = ask_only("POST /articles HTTP/1.1\r\nHost: x\r\n"
		      "Content-Length: 8\r\n\r\n{}\nfatal");
	ck_assert_int_eq(push_turn(push, &err), -EIO);
	ck_assert_str_eq(err.text, "the journal: a disk is gone");
	err_clear(&err);
	ck_assert_int_eq(push_committed(push, &err), -EIO);
	ck_assert_str_eq(err.text, "the journal: a disk is gone");
	/* Nothing is taken any more, and who asked first is told nothing. */
	other = ask_only("POST /articles HTTP/1.1\r\nHost: x\r\n"
			 "Content-Length: 2\r\n\r\n{}");
	ck_assert_uint_eq(taken.pieces, 1);
	ck_assert_uint_ne(hear_some(other, 0, 1), SIZE_MAX);
	ck_assert_uint_eq(hear_some(fd, 0, 1), 0);
	end();
	ck_assert_uint_eq(hear_some(fd, 0, 1), SIZE_MAX);
	close(fd);
	close(other);
}
END_TEST

static void bring(const char *key, const char *lines)
{
	int64_t until = clock_ms() + CLIENT_WAIT_MS;

	while (link_send_keyed(asker, NULL, str_of(key), str_of(lines),
			       &err) == STEP_WAIT)
		ck_assert_int_lt(clock_ms(), until);
}

/* The next answer over ZeroMQ, or false when none comes. */
static bool asker_hears(const char *key, const char *json)
{
	struct link_message m;

	for (int i = 0; i < (json ? 5000 : 50); i++) {
		turn();
		if (link_recv(asker, &m, &err)) {
			link_wait(&asker, 1, 2);
			continue;
		}
		ck_assert(json);
		ck_assert(str_is(m.topic, key));
		ck_assert_msg(has_bytes(m.body, json),
			      "told " STR_FMT ", expected %s", STR_ARG(m.body),
			      json);
		return true;
	}
	return false;
}

START_TEST(zeromq_answers_when_it_is_committed)
{
	begin_bound();
	bring("k", "{1}\nbad\n");
	ck_assert(!asker_hears("k", NULL));
	ck_assert_uint_eq(push_waiting(push), 1);
	commit();
	ck_assert(asker_hears("k", "{\"accepted\":1,\"refused\":[{\"line\":2,"));
	bring("k", "{1}\nbad\n");
	ck_assert(asker_hears("k", "\"repeated\":true}"));
	ck_assert_uint_eq(taken.pieces, 1);
	end();
}
END_TEST

/* A request with so many lines that are taken and, so that answers are large, a
 * hundred that are refused. */
static void bring_and_commit(int taken_lines)
{
	int64_t until = clock_ms() + CLIENT_WAIT_MS;
	struct buf b;

	buf_init(&b, 4096);
	for (int i = 0; i < taken_lines; i++)
		buf_add_z(&b, "{1}\n");
	for (int i = 0; i < 100; i++)
		buf_add_z(&b, "bad\n");
	buf_add_char(&b, '\0');
	bring("", b.p);
	buf_done(&b);
	while (!push_waiting(push)) {
		turn();
		ck_assert_int_lt(clock_ms(), until);
	}
	commit();
}

/* Who asks much at once and listens late gets every answer, in their order,
 * and without a turn for each. */
START_TEST(zeromq_answers_past_a_full_queue_come_in_order)
{
	char json[40];

	begin_bound();
	ck_assert_int_eq(push_pause(push), -1);
	for (int i = 0; i < 600; i++)
		bring_and_commit(1 + i % 3);
	ck_assert_int_gt(push_pause(push), 0);
	ck_assert_uint_eq(push_waiting(push), 0);
	for (int i = 0; i < 600; i++) {
		snprintf(json, sizeof(json), "{\"accepted\":%d,", 1 + i % 3);
		ck_assert(asker_hears("", json));
	}
	ck_assert_int_eq(push_pause(push), -1);
	end();
}
END_TEST

START_TEST(zeromq_refusals_are_told)
{
	char key[300];

	begin_bound();
	bring("k", "");
	ck_assert(asker_hears("k", "{\"error\":\"there is no article in it\"}"));
	bring("", "bad");
	ck_assert(asker_hears("", "{\"accepted\":0,\"refused\":[{"));
	bring("a\nb", "{}");
	ck_assert(asker_hears("a\nb", "printable"));
	snprintf(key, sizeof(key), "%0201d", 0);
	bring(key, "{}");
	ck_assert(asker_hears(key, "printable"));
	taken.full = true;
	bring("", "{}");
	ck_assert(asker_hears("", "\"retry_after\":2}"));
	ck_assert_uint_eq(taken.pieces, 0);
	end();
}
END_TEST

START_TEST(zeromq_messages_of_other_frames_are_passed_over)
{
	struct link *stranger;
	const struct link_options o = { .queue = 10, .message_max = 1 << 20 };
	struct buf b;

	begin_bound();
	ck_assert_int_eq(link_open(net, LINK_DEALER, place, false, o, &stranger,
				   &err), 0);
	buf_init(&b, 100);
	buf_add_z(&b, "{}");
	while (link_send(stranger, NULL, &b, &err) == STEP_WAIT)
		link_wait_send(stranger, 10);
	bring("", "{}");
	ck_assert(!asker_hears("", NULL));
	commit();
	ck_assert(asker_hears("", "\"accepted\":1"));
	ck_assert_uint_eq(taken.pieces, 1);
	buf_done(&b);
	link_free(stranger);
	end();
}
END_TEST

START_TEST(zeromq_peer_that_left_harms_nobody)
{
	const struct link_options o = { .queue = 10, .message_max = 1 << 20 };
	struct link *other;

	begin_bound();
	ck_assert_int_eq(link_open(net, LINK_ASK, place, false, o, &other,
				   &err), 0);
	while (link_send_keyed(other, NULL, STR(""), STR("{}"), &err))
		link_wait_send(other, 10);
	while (!push_waiting(push))
		turn();
	link_free(other);
	bring("", "{}");
	ck_assert(!asker_hears("", NULL));
	commit();
	ck_assert(asker_hears("", "\"accepted\":1"));
	end();
}
END_TEST

START_TEST(open_in_a_taken_place_is_told)
{
	struct push_settings s = { .requests = 1, .retry_after = 1000 };
	struct push *second;

	begin_bound();
	s.bind = place;
	ck_assert_int_eq(push_open(net, &s, &taker, &second, &err),
			 -EADDRINUSE);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(answer_waits_for_the_commit),
		CHECK_TEST(commit_answers_all_who_wait),
		CHECK_TEST(refused_lines_are_told_with_their_reasons),
		CHECK_TEST(reasons_past_a_hundred_are_counted),
		CHECK_TEST(body_forms_are_understood),
		CHECK_TEST(requests_that_bring_nothing_are_refused),
		CHECK_TEST(other_paths_and_methods_are_refused),
		CHECK_TEST(token_is_asked_for),
		CHECK_TEST(without_room_nothing_is_taken),
		CHECK_TEST(requests_past_the_limit_are_turned_away),
		CHECK_TEST(key_is_answered_the_same_again),
		CHECK_TEST(key_of_a_dead_letter_says_that_it_comes_back),
		CHECK_TEST(key_for_another_body_is_refused),
		CHECK_TEST(key_whose_first_request_waits_waits_with_it),
		CHECK_TEST(client_that_left_finds_its_answer_by_its_key),
		CHECK_TEST(taker_error_ends_the_room),
		CHECK_TEST(zeromq_answers_when_it_is_committed),
		CHECK_TEST(zeromq_answers_past_a_full_queue_come_in_order),
		CHECK_TEST(zeromq_refusals_are_told),
		CHECK_TEST(zeromq_messages_of_other_frames_are_passed_over),
		CHECK_TEST(zeromq_peer_that_left_harms_nobody),
		CHECK_TEST(open_in_a_taken_place_is_told),
		CHECK_END,
	};

	return check_main("push", tests);
}

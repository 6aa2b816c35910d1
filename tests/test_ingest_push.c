/* The room that is pushed to: over ZeroMQ and over HTTP. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/ingest_room.h"

enum { MORE = 100000 };

static char journal[CHECK_PATH_MAX + 16], address[64];
static int port;
static struct link *both, *pusher;

/* One that nobody has; the system does not give it again at once. */
static int free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, n), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	close(fd);
	return ntohs(a.sin_port);
}

static void begin(void)
{
	check_folder(folder);
	snprintf(journal, sizeof(journal), "%s/journal", folder);
	port = free_port();
	snprintf(address, sizeof(address), "127.0.0.1:%d", port);
	set = (struct ingest_settings){
		.bind = strdup(endpoint("articles")),
		.window = 64,
		.window_bytes = 1 << 20,
		.batch = 4,
		.batch_bytes = 1 << 20,
		.resend_after = 3600000,
		.worker_timeout = 3600000,
		.drain = 100,
		.solo = 3,
		.journal = { .path = journal,
			     .group = 4,
			     .patience = 5,
			     .segment = 1 << 16,
			     .quota = 1 << 24 },
		.push = { .bind = strdup(endpoint("push")),
			  .requests = 8,
			  .retry_after = 2000 },
		.http = { .listen = address,
			  .body = 1 << 20,
			  .connections = 8 },
	};
}

static void start(void)
{
	go();
	both = peer(LINK_DEALER, "articles", false);
	pusher = peer(LINK_ASK, "push", false);
}

static void leave(void)
{
	link_free(both);
	link_free(pusher);
	link_net_free(net);
	net = NULL;
}

static void kill_room(void)
{
	kill(room, SIGKILL);
	waitpid(room, NULL, 0);
	leave();
}

static void finish(void)
{
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	leave();
	free((void *)(uintptr_t)set.push.bind);
	end();
}

/* The answer to these lines under this key. */
static const char *push(const char *key, const char *lines)
{
	static char answer[4096];
	struct link_message m;
	int r;

	ck_assert(link_wait_send(pusher, PATIENCE_MS));
	r = link_send_keyed(pusher, NULL, str_of(key), str_of(lines), &err);
	ck_assert_int_eq(r, 0);
	ck_assert(heard(pusher, &m, PATIENCE_MS));
	ck_assert(str_eq(m.topic, str_of(key)));
	snprintf(answer, sizeof(answer), STR_FMT, STR_ARG(m.body));
	return answer;
}

static void has(const char *answer, const char *words)
{
	ck_assert_msg(strstr(answer, words) != NULL, "%s", answer);
}

START_TEST(what_was_answered_is_kept)
{
	begin();
	start();
	has(push("k", "{\"text\":\"0\"}\n{\"text\":\"1\"}\n{no\n"),
	    "{\"accepted\":2,\"refused\":[{\"line\":3,");
	kill_room();
	start();
	has(push("k", "{\"text\":\"0\"}\n{\"text\":\"1\"}\n{no\n"),
	    "\"repeated\":true");
	has(push("", "{\"text\":\"2\"}\n"), "\"accepted\":1");
	greet(both, EPOCH);
	give_credit(both, 0, 0, 100, MORE);
	gets(both, "0 1 2");
	gets_nothing(both);
	finish();
}
END_TEST

/* What is refused is told to who pushed it: that is no failure of ours. */
START_TEST(refusals_alone_are_no_failure)
{
	begin();
	start();
	has(push("", "{no\n"), "{\"accepted\":0,\"refused\":[{\"line\":1,");
	finish();
}
END_TEST

START_TEST(full_quota_asks_to_come_again)
{
	static char lines[16000];
	char what[64] = "";
	int i, had;

	begin();
	set.journal.quota = 1 << 16;
	memset(lines, 'x', sizeof(lines) - 1);
	memcpy(lines, "{\"text\":\"0 ", 11);
	memcpy(lines + sizeof(lines) - 4, "\"}\n", 3);
	start();
	for (i = 0; i < 20 && !strstr(what, "error"); i++)
		snprintf(what, sizeof(what), "%.60s", push("", lines));
	ck_assert_int_ge(i, 2);
	ck_assert_int_lt(i, 20);
	has(push("", lines), "\"retry_after\":2}");
	greet(both, EPOCH);
	give_credit(both, 0, 0, 100, 1 << 20);
	for (had = 0; had < i - 1;) {
		struct batch b;

		ck_assert(take(both, &b, PATIENCE_MS));
		had += (int)b.head.count;
		give_ack(both, b.head.origin, EPOCH, (uint64_t)had, "", 0);
	}
	for (i = 0; i < 100 && !strstr(push("", lines), "accepted"); i++)
		link_wait(NULL, 0, 50);
	ck_assert_int_lt(i, 100);
	finish();
}
END_TEST

/* The answer to a request over HTTP, its head and body. */
static const char *ask(const char *request)
{
	static char answer[8192];
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port) };
	int64_t until = clock_ms() + PATIENCE_MS;
	size_t n = 0;
	ssize_t got;
	int fd;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	while (connect(fd, (struct sockaddr *)&a, sizeof(a))) {
		close(fd);
		link_wait(NULL, 0, 10);
		ck_assert_int_lt(clock_ms(), until);
		fd = socket(AF_INET, SOCK_STREAM, 0);
	}
	ck_assert_int_eq(write(fd, request, strlen(request)),
			 (ssize_t)strlen(request));
	while ((got = read(fd, answer + n, sizeof(answer) - 1 - n)) > 0)
		n += (size_t)got;
	answer[n] = '\0';
	close(fd);
	return answer;
}

#define HEAD " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"

START_TEST(posted_articles_are_answered_once_they_last)
{
	static const char post[] =
		"POST /articles" HEAD "Idempotency-Key: k\r\n"
		"Content-Type: application/json\r\nContent-Length: 12\r\n\r\n"
		"{\"text\":\"0\"}";

	begin();
	start();
	has(ask(post), "200 OK");
	kill_room();
	start();
	has(ask(post), "\"repeated\":true");
	has(ask("GET /readyz" HEAD "\r\n"), "200 OK");
	has(ask("GET /metrics" HEAD "\r\n"),
	    "\nvigie_ingest_accepted_total 1\n");
	has(ask("GET /metrics" HEAD "\r\n"), "\nvigie_ingest_pending 1\n");
	greet(both, EPOCH);
	give_credit(both, 0, 0, 100, MORE);
	gets(both, "0");
	gets_nothing(both);
	finish();
}
END_TEST

START_TEST(room_that_stops_is_not_ready)
{
	struct batch b;

	begin();
	set.drain = PATIENCE_MS;
	start();
	push("", "{\"text\":\"0\"}\n");
	greet(both, EPOCH);
	give_credit(both, 0, 0, 100, MORE);
	b = gets(both, "0");
	kill(room, SIGTERM);
	link_wait(NULL, 0, SILENCE_MS);
	has(push("", "{\"text\":\"1\"}\n"), "\"retry_after\":2}");
	give_ack(both, b.head.origin, EPOCH, 1, "", 0);
	ck_assert_int_eq(room_end(), EX_OK);
	leave();
	free((void *)(uintptr_t)set.push.bind);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(what_was_answered_is_kept),
		CHECK_TEST(refusals_alone_are_no_failure),
		CHECK_TEST(full_quota_asks_to_come_again),
		CHECK_TEST(posted_articles_are_answered_once_they_last),
		CHECK_TEST(room_that_stops_is_not_ready),
		CHECK_END,
	};

	return check_main("ingest_push", tests);
}

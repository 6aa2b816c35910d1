/* test_link.c -- sockets over ipc in a folder of this test's own, and over
 * loopback. Nothing sleeps: what takes time is waited for. */
#include "wire/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/data/keys.h"

enum { PATIENCE_MS = 10000 };

static const struct link_options options = { .queue = 10,
					     .linger_ms = 0,
					     .message_max = 1 << 24 };
static char folder[] = "/tmp/vigie-test-XXXXXX";
static char endpoint[80], path[64];
static struct link_net *net;

static void start(void)
{
	struct err e = { "" };

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s", folder);
	snprintf(endpoint, sizeof(endpoint), "ipc://%s", path);
	ck_assert_int_eq(link_net_open(&net, &e), 0);
}

static void stop(void)
{
	link_net_free(net);
	unlink(path);
	rmdir(folder);
}

static struct link *open_link(enum link_kind kind, bool bind,
			      struct link_options o)
{
	struct link *l = NULL;
	struct err e = { "" };
	int r = link_open(net, kind, endpoint, bind, o, &l, &e);

	ck_assert_msg(r == 0, "%s", e.text);
	return l;
}

/* Send text, waiting until there is room and somebody to take it. */
static void give(struct link *l, const struct link_peer *peer, struct str s)
{
	struct err e = { "" };
	struct buf b;

	buf_init(&b, 1 << 25);
	buf_add_str(&b, s);
	ck_assert_int_eq(link_wait_send(l, PATIENCE_MS), 1);
	ck_assert_int_eq(link_send(l, peer, &b, &e), 0);
	ck_assert_uint_eq(b.n, 0);
	buf_done(&b);
}

static int take(struct link *l, struct link_message *m)
{
	struct err e = { "" };

	ck_assert_int_eq(link_wait(&l, 1, PATIENCE_MS), 1);
	return link_recv(l, m, &e);
}

START_TEST(router_and_dealer_round_trip)
{
	struct link *router, *dealer;
	struct link_message m;
	struct link_peer peer;
	struct err e = { "" };

	start();
	router = open_link(LINK_ROUTER, true, options);
	dealer = open_link(LINK_DEALER, false, options);
	ck_assert_int_eq(link_recv(dealer, &m, &e), STEP_WAIT);
	give(dealer, NULL, STR("ask\0ed"));
	ck_assert_int_eq(take(router, &m), 0);
	ck_assert(str_eq(m.body, STR("ask\0ed")));
	ck_assert_uint_gt(m.peer.n, 0);
	ck_assert_uint_eq(m.topic.n, 0);
	peer = m.peer;
	ck_assert_int_eq(link_recv(router, &m, &e), STEP_WAIT);
	give(router, &peer, STR("answered"));
	ck_assert_int_eq(take(dealer, &m), 0);
	ck_assert(str_is(m.body, "answered"));
	ck_assert_uint_eq(m.peer.n, 0);
	give(dealer, NULL, (struct str){ NULL, 0 });
	ck_assert_int_eq(take(router, &m), 0);
	ck_assert_uint_eq(m.body.n, 0);
	ck_assert_str_eq(e.text, "");
	link_free(dealer);
	link_free(router);
	stop();
}
END_TEST

START_TEST(router_tells_two_dealers_apart)
{
	struct link *router, *a, *b;
	struct link_peer first;
	struct link_message m;

	start();
	router = open_link(LINK_ROUTER, true, options);
	a = open_link(LINK_DEALER, false, options);
	b = open_link(LINK_DEALER, false, options);
	give(a, NULL, STR("a"));
	ck_assert_int_eq(take(router, &m), 0);
	first = m.peer;
	give(b, NULL, STR("b"));
	ck_assert_int_eq(take(router, &m), 0);
	ck_assert(first.n != m.peer.n || memcmp(first.id, m.peer.id, first.n));
	give(router, &first, STR("to a"));
	give(router, &m.peer, STR("to b"));
	ck_assert_int_eq(take(a, &m), 0);
	ck_assert(str_is(m.body, "to a"));
	ck_assert_int_eq(take(b, &m), 0);
	ck_assert(str_is(m.body, "to b"));
	link_free(a);
	link_free(b);
	link_free(router);
	stop();
}
END_TEST

START_TEST(send_to_unknown_peer_is_ehostunreach_and_keeps_the_bytes)
{
	const struct link_peer nobody = { "nobody", 6 };
	struct link *router;
	struct err e = { "" };
	struct buf b;

	start();
	router = open_link(LINK_ROUTER, true, options);
	buf_init(&b, 100);
	buf_add_z(&b, "hello");
	ck_assert_int_eq(link_send(router, &nobody, &b, &e), -EHOSTUNREACH);
	ck_assert_str_ne(e.text, "");
	ck_assert(str_is(buf_view(&b), "hello"));
	buf_done(&b);
	link_free(router);
	stop();
}
END_TEST

START_TEST(send_to_a_peer_that_left_becomes_ehostunreach)
{
	struct link *router, *dealer;
	struct link_message m;
	int r = 0;

	start();
	router = open_link(LINK_ROUTER, true, options);
	dealer = open_link(LINK_DEALER, false, options);
	give(dealer, NULL, STR("hello"));
	ck_assert_int_eq(take(router, &m), 0);
	link_free(dealer);
	for (int i = 0; i < 1000 && r != -EHOSTUNREACH; i++) {
		struct buf b;

		buf_init(&b, 10);
		buf_add_z(&b, "x");
		r = link_send(router, &m.peer, &b, NULL);
		buf_done(&b);
		link_wait(&router, 1, 10);
	}
	ck_assert_int_eq(r, -EHOSTUNREACH);
	link_free(router);
	stop();
}
END_TEST

enum { LUMP = 1 << 20 };

/* A message of a megabyte that begins with its number. */
static void lump(struct buf *b, int i)
{
	char *p;

	buf_init(b, LUMP);
	p = buf_grow(b, LUMP);
	ck_assert_ptr_nonnull(p);
	memset(p, i, LUMP);
}

static void is_lump(struct str s, int i)
{
	ck_assert_uint_eq(s.n, LUMP);
	ck_assert_int_eq((unsigned char)s.p[0], i);
	ck_assert_int_eq((unsigned char)s.p[LUMP - 1], i);
}

/* Send until there is no room for a tenth of a second; *b is the one that
 * remains. Returns how many went. */
static int fill(struct link *l, const struct link_peer *peer, struct buf *b)
{
	for (int i = 0; i < 100; i++) {
		int r;

		lump(b, i);
		r = link_send(l, peer, b, NULL);
		for (int again = 0; again < 10 && r == STEP_WAIT; again++) {
			ck_assert_uint_eq(b->n, LUMP);
			if (!link_wait_send(l, 100))
				return i;
			r = link_send(l, peer, b, NULL);
		}
		if (r == STEP_WAIT)
			return i;
		ck_assert_int_eq(r, 0);
		ck_assert_uint_eq(b->n, 0);
		buf_done(b);
	}
	ck_abort_msg("the queue never fills");
	return 0;
}

/* Take n lumps in their order, then send the one that waited. */
static void drain(struct link *to, struct link *from,
		  const struct link_peer *peer, struct buf *b, int n)
{
	struct link_message m;

	for (int i = 0; i < n; i++) {
		ck_assert_int_eq(take(to, &m), 0);
		is_lump(m.body, i);
	}
	is_lump(buf_view(b), n);
	ck_assert_int_eq(link_wait_send(from, PATIENCE_MS), 1);
	ck_assert_int_eq(link_send(from, peer, b, NULL), 0);
	ck_assert_int_eq(take(to, &m), 0);
	is_lump(m.body, n);
	buf_done(b);
}

START_TEST(send_to_a_full_queue_is_step_wait_and_keeps_the_bytes)
{
	const struct link_options two = { .queue = 2,
					  .message_max = 1 << 24 };
	struct link *pull, *push;
	struct buf b;
	int n;

	start();
	pull = open_link(LINK_PULL, true, two);
	push = open_link(LINK_PUSH, false, two);
	ck_assert_int_eq(link_wait_send(push, PATIENCE_MS), 1);
	n = fill(push, NULL, &b);
	ck_assert_int_ge(n, 2);
	drain(pull, push, NULL, &b, n);
	link_free(push);
	link_free(pull);
	stop();
}
END_TEST

START_TEST(send_to_a_full_peer_of_a_router_is_step_wait_and_keeps_the_bytes)
{
	const struct link_options two = { .queue = 2,
					  .message_max = 1 << 24 };
	struct link *router, *dealer;
	struct link_message m;
	struct link_peer peer;
	struct buf b;
	int n;

	start();
	router = open_link(LINK_ROUTER, true, two);
	dealer = open_link(LINK_DEALER, false, two);
	give(dealer, NULL, STR("hello"));
	ck_assert_int_eq(take(router, &m), 0);
	peer = m.peer;
	n = fill(router, &peer, &b);
	ck_assert_int_ge(n, 2);
	drain(dealer, router, &peer, &b, n);
	link_free(dealer);
	link_free(router);
	stop();
}
END_TEST

START_TEST(send_before_anybody_is_there_is_step_wait)
{
	struct link *push;
	struct buf b;

	start();
	push = open_link(LINK_PUSH, false, options);
	buf_init(&b, 10);
	buf_add_z(&b, "x");
	ck_assert_int_eq(link_send(push, NULL, &b, NULL), STEP_WAIT);
	ck_assert(str_is(buf_view(&b), "x"));
	ck_assert_int_eq(link_wait_send(push, 0), 0);
	buf_done(&b);
	link_free(push);
	stop();
}
END_TEST

START_TEST(send_buffer_in_error_is_its_error)
{
	struct link *push, *pull;
	struct buf b;

	start();
	pull = open_link(LINK_PULL, true, options);
	push = open_link(LINK_PUSH, false, options);
	ck_assert_int_eq(link_wait_send(push, PATIENCE_MS), 1);
	buf_init(&b, 3);
	buf_add_z(&b, "ab");
	buf_add_z(&b, "cd");
	ck_assert_int_eq(link_send(push, NULL, &b, NULL), -EMSGSIZE);
	ck_assert_int_eq(link_wait(&pull, 1, 50), 0);
	buf_done(&b);
	link_free(push);
	link_free(pull);
	stop();
}
END_TEST

START_TEST(recv_message_past_the_ceiling_cuts_its_sender_off)
{
	static char bytes[1001];
	const struct link_options small = { .queue = 10, .message_max = 1000 };
	struct link *router, *a, *b;
	struct link_message m;

	start();
	router = open_link(LINK_ROUTER, true, small);
	a = open_link(LINK_DEALER, false, options);
	b = open_link(LINK_DEALER, false, options);
	for (size_t n = 999; n <= 1000; n++) {
		give(a, NULL, (struct str){ bytes, n });
		ck_assert_int_eq(take(router, &m), 0);
		ck_assert_uint_eq(m.body.n, n);
	}
	give(a, NULL, (struct str){ bytes, 1001 });
	give(b, NULL, STR("still here"));
	ck_assert_int_eq(take(router, &m), 0);
	ck_assert(str_is(m.body, "still here"));
	ck_assert_int_eq(link_wait(&router, 1, 200), 0);
	link_free(a);
	link_free(b);
	link_free(router);
	stop();
}
END_TEST

/* link_publish() sends two frames on whatever it is given. */
static void wrong_frames(enum link_kind receiver, enum link_kind sender)
{
	struct link_message m = { .body = STR("kept") };
	struct err e = { "" };
	struct link *to, *from;

	start();
	to = open_link(receiver, true, options);
	from = open_link(sender, false, options);
	ck_assert_int_eq(link_wait_send(from, PATIENCE_MS), 1);
	ck_assert_int_eq(link_publish(from, STR("one"), STR("two"), &e), 0);
	give(from, NULL, STR("good"));
	ck_assert_int_eq(take(to, &m), -EPROTO);
	ck_assert(str_is(m.body, "kept"));
	ck_assert_int_eq(take(to, &m), 0);
	ck_assert(str_is(m.body, "good"));
	link_free(from);
	link_free(to);
	stop();
}

START_TEST(recv_three_frames_on_router_is_eproto_and_the_next_is_read)
{
	wrong_frames(LINK_ROUTER, LINK_DEALER);
}
END_TEST

START_TEST(recv_two_frames_on_pull_is_eproto_and_the_next_is_read)
{
	wrong_frames(LINK_PULL, LINK_PUSH);
}
END_TEST

/* Publish until something arrives: the subscription is then known. */
static void meet(struct link *pub, struct link *sub)
{
	struct link_message m;
	struct err e = { "" };

	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(link_publish(pub, STR("sync"), STR(""), &e), 0);
		if (link_wait(&sub, 1, 10) > 0)
			break;
	}
	while (link_wait(&sub, 1, 100) > 0)
		ck_assert_int_eq(link_recv(sub, &m, &e), 0);
}

START_TEST(sub_receives_by_prefix_only)
{
	static const char name[] = "cloud.a-topic-longer-than-any-peer-could-be";
	struct link *pub, *sub;
	struct link_message m;
	struct err e = { "" };

	start();
	pub = open_link(LINK_PUB, true, options);
	sub = open_link(LINK_SUB, false, options);
	ck_assert_int_eq(link_subscribe(sub, "cloud."), 0);
	ck_assert_int_eq(link_subscribe(sub, "sync"), 0);
	meet(pub, sub);
	ck_assert_int_eq(link_publish(pub, STR("cloud"), STR("no"), &e), 0);
	ck_assert_int_eq(link_publish(pub, STR("acloud."), STR("no"), &e), 0);
	ck_assert_int_eq(link_publish(pub, STR("cloud."), STR("1"), &e), 0);
	ck_assert_int_eq(link_publish(pub, (struct str){ NULL, 0 },
				      (struct str){ NULL, 0 }, &e),
			 0);
	ck_assert_int_eq(link_publish(pub, str_of(name), STR("2"), &e), 0);
	ck_assert_int_eq(take(sub, &m), 0);
	ck_assert(str_is(m.topic, "cloud."));
	ck_assert(str_is(m.body, "1"));
	ck_assert_uint_eq(m.peer.n, 0);
	ck_assert_int_eq(take(sub, &m), 0);
	ck_assert(str_is(m.topic, name));
	ck_assert(str_is(m.body, "2"));
	link_free(sub);
	link_free(pub);
	stop();
}
END_TEST

START_TEST(sub_of_a_single_frame_is_eproto_and_the_next_is_read)
{
	struct link *pub, *sub;
	struct link_message m;
	struct err e = { "" };

	start();
	pub = open_link(LINK_PUB, true, options);
	sub = open_link(LINK_SUB, false, options);
	ck_assert_int_eq(link_subscribe(sub, ""), 0);
	meet(pub, sub);
	give(pub, NULL, STR("bare"));
	ck_assert_int_eq(link_publish(pub, STR("t"), STR("b"), &e), 0);
	ck_assert_int_eq(take(sub, &m), -EPROTO);
	ck_assert_int_eq(take(sub, &m), 0);
	ck_assert(str_is(m.topic, "t"));
	link_free(sub);
	link_free(pub);
	stop();
}
END_TEST

START_TEST(publish_to_nobody_is_no_failure)
{
	struct link *pub;
	struct err e = { "" };

	start();
	pub = open_link(LINK_PUB, true, options);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(link_publish(pub, STR("t"), STR("b"), &e), 0);
	link_free(pub);
	stop();
}
END_TEST

START_TEST(open_makes_the_folder_private)
{
	char inner[96], deep[128];
	struct link *l = NULL;
	struct err e = { "" };
	struct stat st;

	start();
	umask(0);
	snprintf(inner, sizeof(inner), "%s/in", folder);
	snprintf(deep, sizeof(deep), "ipc://%s/s", inner);
	ck_assert_int_eq(link_open(net, LINK_PULL, deep, true, options, &l, &e),
			 0);
	ck_assert_int_eq(stat(inner, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	link_free(l);
	link_net_free(net);
	unlink(deep + 6);
	rmdir(inner);
	rmdir(folder);
}
END_TEST

START_TEST(open_where_others_could_take_its_place_is_eacces)
{
	static const struct {
		mode_t mode;
		int result;
	} folders[] = {
		{ 0700, 0 },	   { 0755, 0 },	      { 01777, 0 },
		{ 0770, -EACCES }, { 0702, -EACCES }, { 0777, -EACCES },
	};

	start();
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		struct link *l = NULL;
		struct err e = { "" };
		char at[96];

		snprintf(at, sizeof(at), "%s%zu", endpoint, i);
		ck_assert_int_eq(chmod(folder, folders[i].mode), 0);
		ck_assert_int_eq(link_open(net, LINK_PULL, at, true, options,
					   &l, &e),
				 folders[i].result);
		if (folders[i].result)
			ck_assert_ptr_nonnull(strstr(e.text, "chmod 0700"));
		link_free(l);
		unlink(at + strlen("ipc://"));
	}
	stop();
}
END_TEST

START_TEST(open_makes_the_socket_file_private)
{
	struct link *l;
	struct stat st;

	start();
	umask(0);
	l = open_link(LINK_PULL, true, options);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_uint_eq(umask(0), 0); /* as it was */
	link_free(l);
	stop();
}
END_TEST

START_TEST(open_raises_the_limit_of_descriptors)
{
	struct rlimit low = { 128, 0 }, now;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &now), 0);
	low.rlim_max = now.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	start();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &now), 0);
	ck_assert_uint_eq(now.rlim_cur,
			  now.rlim_max < 65536 ? now.rlim_max : 65536);
	stop();
}
END_TEST

START_TEST(open_where_no_folder_can_be_made_says_so)
{
	struct link *l = NULL;
	struct err e = { "" };
	char deep[128];

	start();
	snprintf(deep, sizeof(deep), "ipc://%s/no/no/s", folder);
	ck_assert_int_eq(link_open(net, LINK_PULL, deep, true, options, &l, &e),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, "no/no"));
	err_clear(&e);
	ck_assert_int_eq(link_open(net, LINK_PULL, "nonsense", true, options, &l,
				   &e),
			 -EINVAL);
	ck_assert_str_ne(e.text, "");
	ck_assert_ptr_null(l);
	stop();
}
END_TEST

START_TEST(open_address_of_a_living_one_is_eaddrinuse)
{
	struct link *first, *second = NULL, *push;
	struct link_net *other;
	struct link_message m;
	struct err e = { "" };

	start();
	first = open_link(LINK_PULL, true, options);
	ck_assert_int_eq(link_net_open(&other, &e), 0);
	ck_assert_int_eq(link_open(other, LINK_PULL, endpoint, true, options,
				   &second, &e),
			 -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(e.text, endpoint));
	ck_assert_ptr_null(second);
	link_net_free(other);
	/* and the first one never noticed */
	push = open_link(LINK_PUSH, false, options);
	give(push, NULL, STR("x"));
	ck_assert_int_eq(take(first, &m), 0);
	link_free(push);
	link_free(first);
	stop();
}
END_TEST

START_TEST(open_address_that_a_crash_left_is_taken_over)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct link *pull;
	int fd;

	start();
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	close(fd);
	ck_assert_int_eq(access(path, F_OK), 0);
	pull = open_link(LINK_PULL, true, options);
	link_free(pull);
	stop();
}
END_TEST

START_TEST(open_tcp_port_in_use_is_eaddrinuse)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char keys[CHECK_PATH_MAX];
	const struct keys_settings s = { keys };
	socklen_t n = sizeof(a);
	struct link *l = NULL;
	struct err e = { "" };
	char tcp[64];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	start();
	keys_folder_new(keys);
	ck_assert_int_eq(link_net_secure(net, &s, &e), 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	snprintf(tcp, sizeof(tcp), "tcp://127.0.0.1:%d", ntohs(a.sin_port));
	ck_assert_int_eq(link_open(net, LINK_PULL, tcp, true, options, &l, &e),
			 -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(e.text, tcp));
	close(fd);
	check_folder_done(keys);
	stop();
}
END_TEST

START_TEST(wait_counts_what_is_ready_and_skips_nulls)
{
	struct link *pull, *push, *sub, *links[4] = { NULL };
	struct link_message m;

	start();
	ck_assert_int_eq(link_wait(links, 4, 0), 0);
	ck_assert_int_eq(link_wait(links, 0, 0), 0);
	pull = open_link(LINK_PULL, true, options);
	push = open_link(LINK_PUSH, false, options);
	sub = open_link(LINK_SUB, false, options);
	links[1] = sub;
	links[3] = pull;
	ck_assert_int_eq(link_wait(links, 4, 10), 0);
	give(push, NULL, STR("x"));
	ck_assert_int_eq(link_wait(links, 4, PATIENCE_MS), 1);
	ck_assert_int_eq(link_recv(pull, &m, NULL), 0);
	link_free(sub);
	link_free(push);
	link_free(pull);
	stop();
}
END_TEST

static void nothing(int signal)
{
	(void)signal;
}

START_TEST(wait_ends_with_a_signal)
{
	const struct itimerval soon = { { 0, 0 }, { 0, 50000 } };
	struct sigaction act = { .sa_handler = nothing };
	struct link *pull;

	start();
	pull = open_link(LINK_PULL, true, options);
	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	/* the time limit of the test says whether it does */
	ck_assert_int_eq(link_wait(&pull, 1, 120000), 0);
	link_free(pull);
	stop();
}
END_TEST

START_TEST(free_null_is_fine)
{
	link_free(NULL);
	link_net_free(NULL);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(router_and_dealer_round_trip),
		CHECK_TEST(router_tells_two_dealers_apart),
		CHECK_TEST(send_to_unknown_peer_is_ehostunreach_and_keeps_the_bytes),
		CHECK_TEST(send_to_a_peer_that_left_becomes_ehostunreach),
		CHECK_TEST(send_to_a_full_queue_is_step_wait_and_keeps_the_bytes),
		CHECK_TEST(send_to_a_full_peer_of_a_router_is_step_wait_and_keeps_the_bytes),
		CHECK_TEST(send_before_anybody_is_there_is_step_wait),
		CHECK_TEST(send_buffer_in_error_is_its_error),
		CHECK_TEST(recv_message_past_the_ceiling_cuts_its_sender_off),
		CHECK_TEST(recv_three_frames_on_router_is_eproto_and_the_next_is_read),
		CHECK_TEST(recv_two_frames_on_pull_is_eproto_and_the_next_is_read),
		CHECK_TEST(sub_receives_by_prefix_only),
		CHECK_TEST(sub_of_a_single_frame_is_eproto_and_the_next_is_read),
		CHECK_TEST(publish_to_nobody_is_no_failure),
		CHECK_TEST(open_makes_the_folder_private),
		CHECK_TEST(open_where_others_could_take_its_place_is_eacces),
		CHECK_TEST(open_makes_the_socket_file_private),
		CHECK_TEST(open_raises_the_limit_of_descriptors),
		CHECK_TEST(open_where_no_folder_can_be_made_says_so),
		CHECK_TEST(open_address_of_a_living_one_is_eaddrinuse),
		CHECK_TEST(open_address_that_a_crash_left_is_taken_over),
		CHECK_TEST(open_tcp_port_in_use_is_eaddrinuse),
		CHECK_TEST(wait_counts_what_is_ready_and_skips_nulls),
		CHECK_TEST(wait_ends_with_a_signal),
		CHECK_TEST(free_null_is_fine),
		CHECK_END,
	};

	return check_main("link", tests);
}

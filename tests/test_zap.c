/* test_zap.c -- who comes in over tcp, on loopback, and who is cut off. Nothing
 * sleeps but what shows that nothing comes. */
#include "wire/zap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <zmq.h>

#include "base/clock.h"
#include "tests/data/keys.h"
#include "wire/endpoint.h"
#include "wire/link.h"

enum { PATIENCE_MS = 20000, SILENCE_MS = 300 };

static const struct link_options options = { .queue = 10,
					     .message_max = 1 << 16 };
static char server[CHECK_PATH_MAX], friend[CHECK_PATH_MAX];
static struct link_net *net; /* the server's */
static struct link *bound;
static struct err err;

static struct link_net *net_of(const char *folder)
{
	const struct keys_settings s = { folder };
	struct link_net *n;

	ck_assert_int_eq(link_net_open(&n, &err), 0);
	ck_assert_msg(link_net_secure(n, &s, &err) == 0, "%s", err.text);
	return n;
}

/* A bound socket of that kind, and a friend who may come. */
static void begin(enum link_kind kind)
{
	keys_folder_new(server);
	keys_folder_new(friend);
	keys_allow(server, friend, "a friend");
	net = net_of(server);
	ck_assert_msg(link_open(net, kind, "tcp://127.0.0.1:*", true, options,
				&bound, &err) == 0,
		      "%s", err.text);
	keys_know(friend, link_endpoint(bound), server);
}

static void end(void)
{
	link_free(bound);
	link_net_free(net);
	check_folder_done(server);
	check_folder_done(friend);
}

static struct link *connect_to(struct link_net *n, enum link_kind kind)
{
	struct link *l;

	ck_assert_msg(link_open(n, kind, link_endpoint(bound), false, options,
				&l, &err) == 0,
		      "%s", err.text);
	return l;
}

/* The server's loop turns while both have time: with waits of 0, as one that
 * is busy has them, when busy is told. */
static void turn(bool busy)
{
	ck_assert_int_ge(link_wait(&bound, 1, busy ? 0 : 5), 0);
}

static bool can_send(struct link *l, int64_t ms, bool busy)
{
	int64_t until = clock_ms() + ms;

	while (!link_wait_send(l, 2)) {
		if (clock_ms() > until)
			return false;
		turn(busy);
	}
	return true;
}

static int tell(struct link *l, const struct link_peer *to, const char *text)
{
	struct buf b;
	int r;

	buf_init(&b, 100);
	buf_add_z(&b, text);
	r = link_send(l, to, &b, NULL);
	buf_done(&b);
	return r;
}

static bool heard(struct link *l, struct link_message *m, int64_t ms)
{
	int64_t until = clock_ms() + ms;
	int r;

	while ((r = link_recv(l, m, &err)) == STEP_WAIT) {
		if (clock_ms() > until)
			return false;
		link_wait(&l, 1, 5);
		turn(true);
	}
	ck_assert_int_eq(r, 0);
	return true;
}

static void comes_in(bool busy)
{
	struct link_net *n;
	struct link_message m;
	struct link *l;

	begin(LINK_PULL);
	n = net_of(friend);
	l = connect_to(n, LINK_PUSH);
	ck_assert(can_send(l, PATIENCE_MS, busy));
	ck_assert_int_eq(tell(l, NULL, "hello"), 0);
	ck_assert(heard(bound, &m, PATIENCE_MS));
	ck_assert(str_is(m.body, "hello"));
	ck_assert_uint_eq(link_net_refusals(net, &err), 0);
	link_free(l);
	link_net_free(n);
	end();
}

START_TEST(a_listed_key_comes_in)
{
	comes_in(false);
}
END_TEST

START_TEST(a_listed_key_comes_in_although_the_loop_never_waits)
{
	comes_in(true);
}
END_TEST

START_TEST(who_only_receives_lets_a_listed_key_in)
{
	struct link_message m;
	struct link_net *n;
	struct link *l;
	int64_t until = clock_ms() + PATIENCE_MS;

	begin(LINK_PULL);
	n = net_of(friend);
	l = connect_to(n, LINK_PUSH);
	while (!link_wait_send(l, 1)) {
		ck_assert_int_lt(clock_ms(), until);
		ck_assert_int_eq(link_recv(bound, &m, &err), STEP_WAIT);
	}
	link_free(l);
	link_net_free(n);
	end();
}
END_TEST

START_TEST(our_own_key_needs_no_line)
{
	struct link_message m;
	struct link *l;

	begin(LINK_PULL);
	l = connect_to(net, LINK_PUSH);
	ck_assert(can_send(l, PATIENCE_MS, false));
	ck_assert_int_eq(tell(l, NULL, "hello"), 0);
	ck_assert(heard(bound, &m, PATIENCE_MS));
	link_free(l);
	end();
}
END_TEST

START_TEST(a_wait_is_not_ended_by_those_who_ask)
{
	struct link_net *n;
	struct link *l;

	begin(LINK_PULL);
	n = net_of(friend);
	l = connect_to(n, LINK_PUSH);
	/* the handshake happens meanwhile; nothing is sent */
	ck_assert_int_eq(link_wait(&bound, 1, SILENCE_MS), 0);
	ck_assert_int_eq(link_wait_send(l, PATIENCE_MS), 1);
	link_free(l);
	link_net_free(n);
	end();
}
END_TEST

/* A stranger knows the server's key and is in no list. */
static struct link_net *stranger(char folder[CHECK_PATH_MAX])
{
	keys_folder_new(folder);
	keys_know(folder, link_endpoint(bound), server);
	return net_of(folder);
}

START_TEST(an_unlisted_key_is_turned_away_and_named)
{
	char folder[CHECK_PATH_MAX], key[KEY_TEXT + 1];
	int64_t until = clock_ms() + PATIENCE_MS;
	struct link_net *n;
	struct link *l;

	begin(LINK_PULL);
	n = stranger(folder);
	keys_public(folder, key);
	l = connect_to(n, LINK_PUSH);
	ck_assert(!can_send(l, SILENCE_MS, false));
	while (!link_net_refusals(net, &err)) {
		ck_assert_int_lt(clock_ms(), until);
		turn(false);
	}
	ck_assert_ptr_nonnull(strstr(err.text, key));
	ck_assert_ptr_nonnull(strstr(err.text, "127.0.0.1"));
	ck_assert_ptr_nonnull(strstr(err.text, "/allowed"));
	ck_assert(!can_send(l, SILENCE_MS, false));
	ck_assert_uint_eq(link_net_refusals(net, &err), 0); /* not so soon */
	link_free(l);
	link_net_free(n);
	check_folder_done(folder);
	end();
}
END_TEST

START_TEST(a_key_that_is_added_later_comes_in_by_itself)
{
	char folder[CHECK_PATH_MAX];
	struct link_message m;
	struct link_net *n;
	struct link *l;

	begin(LINK_PULL);
	n = stranger(folder);
	l = connect_to(n, LINK_PUSH);
	ck_assert(!can_send(l, SILENCE_MS, false));
	keys_allow(server, folder, "late");
	err_clear(&err);
	ck_assert_int_eq(link_net_reload(net, &err), 0);
	ck_assert(can_send(l, PATIENCE_MS, false));
	ck_assert_int_eq(tell(l, NULL, "hello"), 0);
	ck_assert(heard(bound, &m, PATIENCE_MS));
	link_free(l);
	link_net_free(n);
	check_folder_done(folder);
	end();
}
END_TEST

START_TEST(a_wrong_server_key_keeps_the_client_out)
{
	char folder[CHECK_PATH_MAX];
	struct link_net *n;
	struct link *l;

	begin(LINK_PULL);
	keys_folder_new(folder);
	keys_allow(server, folder, "listed");
	ck_assert_int_eq(link_net_reload(net, &err), 0);
	keys_know(folder, link_endpoint(bound), friend); /* not its key */
	n = net_of(folder);
	l = connect_to(n, LINK_PUSH);
	ck_assert(!can_send(l, SILENCE_MS, false));
	link_free(l);
	link_net_free(n);
	check_folder_done(folder);
	end();
}
END_TEST

/* Sockets that are not ours. */

static void foreign(const char *username, bool curve, bool with_server_key)
{
	char public[41], secret[41], key[KEY_TEXT + 1];
	void *context = zmq_ctx_new(), *s = zmq_socket(context, ZMQ_PUSH);
	int one = 1, none = 0;

	begin(LINK_PULL);
	zmq_setsockopt(s, ZMQ_IMMEDIATE, &one, sizeof(one));
	zmq_setsockopt(s, ZMQ_LINGER, &none, sizeof(none));
	if (username) {
		zmq_setsockopt(s, ZMQ_PLAIN_USERNAME, username,
			       strlen(username));
		zmq_setsockopt(s, ZMQ_PLAIN_PASSWORD, "x", 1);
	}
	if (curve) {
		keys_public(with_server_key ? server : friend, key);
		ck_assert_int_eq(zmq_curve_keypair(public, secret), 0);
		zmq_setsockopt(s, ZMQ_CURVE_PUBLICKEY, public, 41);
		zmq_setsockopt(s, ZMQ_CURVE_SECRETKEY, secret, 41);
		zmq_setsockopt(s, ZMQ_CURVE_SERVERKEY, key, 41);
	}
	ck_assert_int_eq(zmq_connect(s, link_endpoint(bound)), 0);
	for (int i = 0; i < 50; i++) {
		ck_assert_int_lt(zmq_send(s, "x", 1, ZMQ_DONTWAIT), 0);
		turn(false);
	}
	ck_assert_int_eq(link_wait(&bound, 1, 0), 0);
	zmq_close(s);
	zmq_ctx_term(context);
	end();
}

START_TEST(foreign_without_keys_stays_out)
{
	foreign(NULL, false, false);
}
END_TEST

START_TEST(foreign_with_a_password_stays_out)
{
	foreign("vigie", false, false);
}
END_TEST

START_TEST(foreign_with_a_key_of_its_own_stays_out)
{
	foreign(NULL, true, true);
	foreign(NULL, true, false);
}
END_TEST

/* Reading the lists again. */

static void forget_all(const char *folder)
{
	char path[CHECK_PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/allowed", folder);
	ck_assert_int_eq(unlink(path), 0);
}

START_TEST(a_revoked_peer_gets_and_delivers_nothing_more)
{
	char folder[CHECK_PATH_MAX];
	struct link_net *bad_net, *good_net;
	struct link_peer bad_peer, good_peer;
	struct link *bad, *good;
	struct link_message m;
	int64_t begun;

	begin(LINK_ROUTER);
	keys_folder_new(folder);
	keys_know(folder, link_endpoint(bound), server);
	keys_allow(server, folder, "to be revoked");
	ck_assert_int_eq(link_net_reload(net, &err), 0);
	bad_net = net_of(folder);
	good_net = net_of(friend);
	bad = connect_to(bad_net, LINK_DEALER);
	good = connect_to(good_net, LINK_DEALER);
	ck_assert(can_send(bad, PATIENCE_MS, false));
	ck_assert_int_eq(tell(bad, NULL, "bad"), 0);
	ck_assert(heard(bound, &m, PATIENCE_MS));
	bad_peer = m.peer;
	ck_assert(can_send(good, PATIENCE_MS, false));
	ck_assert_int_eq(tell(good, NULL, "good"), 0);
	ck_assert(heard(bound, &m, PATIENCE_MS));
	good_peer = m.peer;

	forget_all(server);
	keys_allow(server, friend, "a friend under another name");
	begun = clock_ms();
	ck_assert_int_eq(link_net_reload(net, &err), 0);
	ck_assert_int_eq(tell(bound, &bad_peer, "no"), -EHOSTUNREACH);
	ck_assert_int_eq(tell(bound, &good_peer, "no"), -EHOSTUNREACH);
	/* the one comes back by itself, the other does not */
	do {
		(void)tell(bad, NULL, "bad");
		ck_assert_int_lt(clock_ms() - begun, PATIENCE_MS);
		(void)tell(good, NULL, "good");
	} while (!heard(bound, &m, 20));
	ck_assert(str_is(m.body, "good"));
	ck_assert_int_lt(clock_ms() - begun, 3000);
	ck_assert_int_eq(tell(bound, &m.peer, "yes"), 0);
	for (int i = 0; i < 20; i++) {
		(void)tell(bad, NULL, "bad");
		if (heard(bound, &m, 20))
			ck_assert(str_is(m.body, "good"));
	}
	ck_assert(heard(good, &m, PATIENCE_MS));
	ck_assert(str_is(m.body, "yes"));
	ck_assert(!heard(bad, &m, 0));
	ck_assert(!can_send(bad, SILENCE_MS, false));
	link_free(bad);
	link_free(good);
	link_net_free(bad_net);
	link_net_free(good_net);
	check_folder_done(folder);
	end();
}
END_TEST

/* Take the port of the server while it is bound anew. It may be faster, so
 * that this goes on until it is not. Returns the socket. */
static int steal_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const char *port = strrchr(link_endpoint(bound), ':') + 1;
	int one = 1;

	a.sin_port = htons((uint16_t)atoi(port));
	for (int tries = 0; tries < 100; tries++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		int64_t until = clock_ms() + 100;

		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		keys_allow(server, friend, "a friend");
		ck_assert_int_eq(link_net_reload(net, &err), 0);
		forget_all(server);
		ck_assert_int_eq(link_net_reload(net, &err), 0);
		while (clock_ms() < until)
			if (!bind(fd, (struct sockaddr *)&a, sizeof(a))) {
				ck_assert_int_eq(listen(fd, 1), 0);
				return fd;
			}
		close(fd);
	}
	ck_abort_msg("the port is never free");
	return -1;
}

START_TEST(a_port_that_another_took_meanwhile_ends_the_room)
{
	struct link_message m;
	int64_t begun;
	int fd, r;

	begin(LINK_PULL);
	forget_all(server);
	fd = steal_port();
	begun = clock_ms();
	while ((r = link_recv(bound, &m, &err)) == STEP_WAIT) {
		ck_assert_int_lt(clock_ms() - begun, PATIENCE_MS);
		ck_assert_int_eq(link_wait(&bound, 1, 50), 0);
	}
	ck_assert_int_eq(r, -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(err.text, link_endpoint(bound)));
	ck_assert_int_eq(link_publish(bound, STR("a"), STR("b"), NULL),
			 -EADDRINUSE);
	close(fd);
	end();
}
END_TEST

START_TEST(six_is_spoken_as_well)
{
	struct link_message m;
	struct link *six, *l;

	if (!endpoint_is_here("tcp://[::1]:1"))
		return; /* not here */
	begin(LINK_PULL);
	ck_assert_msg(link_open(net, LINK_PULL, "tcp://[::1]:*", true, options,
				&six, &err) == 0,
		      "%s", err.text);
	ck_assert_int_eq(link_open(net, LINK_PUSH, link_endpoint(six), false,
				   options, &l, &err),
			 0);
	ck_assert(can_send(l, PATIENCE_MS, false));
	ck_assert_int_eq(tell(l, NULL, "hello"), 0);
	ck_assert(heard(six, &m, PATIENCE_MS));
	link_free(l);
	link_free(six);
	end();
}
END_TEST

START_TEST(a_list_with_a_fault_changes_nothing)
{
	struct link_net *n;
	struct link_message m;
	struct link *l;

	begin(LINK_PULL);
	n = net_of(friend);
	l = connect_to(n, LINK_PUSH);
	ck_assert(can_send(l, PATIENCE_MS, false));
	forget_all(server);
	keys_append(server, "allowed", "nonsense\n");
	ck_assert_int_eq(link_net_reload(net, &err), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "allowed:1:"));
	ck_assert_int_eq(tell(l, NULL, "still"), 0);
	ck_assert(heard(bound, &m, PATIENCE_MS));
	link_free(l);
	l = connect_to(n, LINK_PUSH);
	ck_assert(can_send(l, PATIENCE_MS, false));
	link_free(l);
	link_net_free(n);
	end();
}
END_TEST

START_TEST(a_longer_list_cuts_nobody)
{
	char folder[CHECK_PATH_MAX];
	struct link_message m;
	struct link_net *n;
	struct link *l;

	begin(LINK_ROUTER);
	n = net_of(friend);
	l = connect_to(n, LINK_DEALER);
	ck_assert(can_send(l, PATIENCE_MS, false));
	ck_assert_int_eq(tell(l, NULL, "hello"), 0);
	ck_assert(heard(bound, &m, PATIENCE_MS));
	keys_folder_new(folder);
	keys_allow(server, folder, "new");
	ck_assert_int_eq(link_net_reload(net, &err), 0);
	ck_assert_int_eq(tell(bound, &m.peer, "you are still here"), 0);
	ck_assert(heard(l, &m, PATIENCE_MS));
	link_free(l);
	link_net_free(n);
	check_folder_done(folder);
	end();
}
END_TEST

START_TEST(a_server_whose_key_changed_is_met_by_the_new_one)
{
	char folder[CHECK_PATH_MAX], path[CHECK_PATH_MAX + 16];
	struct link_net *n;
	struct link *l;

	begin(LINK_PULL);
	keys_folder_new(folder);
	keys_allow(server, folder, "listed");
	ck_assert_int_eq(link_net_reload(net, &err), 0);
	keys_know(folder, link_endpoint(bound), friend); /* not its key */
	n = net_of(folder);
	l = connect_to(n, LINK_PUSH);
	ck_assert(!can_send(l, SILENCE_MS, false));
	snprintf(path, sizeof(path), "%s/servers", folder);
	ck_assert_int_eq(unlink(path), 0);
	keys_know(folder, link_endpoint(bound), server);
	ck_assert_int_eq(link_net_reload(n, &err), 0);
	ck_assert(can_send(l, PATIENCE_MS, false));
	link_free(l);
	link_net_free(n);
	check_folder_done(folder);
	end();
}
END_TEST

/* What is refused beforehand. */

START_TEST(without_keys_tcp_is_refused)
{
	const struct keys_settings none = { NULL };
	struct link *l;

	ck_assert_int_eq(link_net_open(&net, &err), 0);
	ck_assert_int_eq(link_net_secure(net, NULL, &err), 0);
	ck_assert_int_eq(link_net_secure(net, &none, &err), 0);
	for (int bind = 0; bind < 2; bind++) {
		err_clear(&err);
		ck_assert_int_eq(link_open(net, LINK_PULL, "tcp://127.0.0.1:9",
					   bind, options, &l, &err),
				 -EINVAL);
		ck_assert_ptr_nonnull(strstr(err.text, "vigie keygen"));
		ck_assert_ptr_nonnull(strstr(err.text, "keys.folder"));
	}
	link_net_free(net);
}
END_TEST

START_TEST(a_server_without_a_line_is_refused_with_the_line)
{
	struct link *l;

	begin(LINK_PULL);
	ck_assert_int_eq(link_open(net, LINK_PUSH, "tcp://192.0.2.1:5000",
				   false, options, &l, &err),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "/servers"));
	ck_assert_ptr_nonnull(strstr(err.text, "'tcp://192.0.2.1:5000  KEY'"));
	end();
}
END_TEST

START_TEST(without_a_folder_that_is_named_nothing_starts)
{
	const struct keys_settings s = { "/nonexistent" };

	ck_assert_int_eq(link_net_open(&net, &err), 0);
	ck_assert_int_eq(link_net_secure(net, &s, &err), -ENOENT);
	ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent"));
	link_net_free(net);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(a_listed_key_comes_in),
		CHECK_TEST(a_listed_key_comes_in_although_the_loop_never_waits),
		CHECK_TEST(who_only_receives_lets_a_listed_key_in),
		CHECK_TEST(our_own_key_needs_no_line),
		CHECK_TEST(a_wait_is_not_ended_by_those_who_ask),
		CHECK_TEST(an_unlisted_key_is_turned_away_and_named),
		CHECK_TEST(a_key_that_is_added_later_comes_in_by_itself),
		CHECK_TEST(a_wrong_server_key_keeps_the_client_out),
		CHECK_TEST(foreign_without_keys_stays_out),
		CHECK_TEST(foreign_with_a_password_stays_out),
		CHECK_TEST(foreign_with_a_key_of_its_own_stays_out),
		CHECK_TEST(a_revoked_peer_gets_and_delivers_nothing_more),
		CHECK_TEST(a_port_that_another_took_meanwhile_ends_the_room),
		CHECK_TEST(six_is_spoken_as_well),
		CHECK_TEST(a_list_with_a_fault_changes_nothing),
		CHECK_TEST(a_longer_list_cuts_nobody),
		CHECK_TEST(a_server_whose_key_changed_is_met_by_the_new_one),
		CHECK_TEST(without_keys_tcp_is_refused),
		CHECK_TEST(a_server_without_a_line_is_refused_with_the_line),
		CHECK_TEST(without_a_folder_that_is_named_nothing_starts),
		CHECK_END,
	};

	return check_main("zap", tests);
}

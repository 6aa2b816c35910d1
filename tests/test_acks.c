#include "sink/acks.h"

#include <unistd.h>

#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], at[CHECK_PATH_MAX + 32];
static const char *endpoint = at;
static struct link_net *net;
static struct link *ingest;
static struct acks *acks;
static struct done *done;
static struct err err;
static const struct origin origin = { "an origin of ..." };

static void begin(uint32_t flags)
{
	struct link_options o = { .queue = 64, .message_max = 1 << 16 };
	struct conf_texts to = { &endpoint, 1 };

	check_folder(folder);
	snprintf(at, sizeof(at), "ipc://%s/articles", folder);
	ck_assert_int_eq(link_net_open(&net, &err), 0);
	ck_assert_int_eq(link_open(net, LINK_ROUTER, at, true, o, &ingest,
				   &err), 0);
	ck_assert_int_eq(done_new(&done), 0);
	ck_assert_int_eq(acks_open(net, &to, flags, &acks, &err), 0);
}

static void end(void)
{
	acks_free(acks);
	done_free(done);
	link_free(ingest);
	link_net_free(net);
	check_folder_done(folder);
}

/* The next ack that ingest hears; what it points to lives until the next. */
static struct ack heard(void)
{
	struct link_message m;
	struct ack a;

	ck_assert_int_eq(link_wait(&ingest, 1, 5000), 1);
	ck_assert_int_eq(link_recv(ingest, &m, &err), 0);
	ck_assert_int_eq(ack_read(m.body, &a, &err), 0);
	return a;
}

/* Greetings are repeated: the first that arrives after the connection. */
static struct ack greeted(void)
{
	while (link_wait(&ingest, 1, 0) == 0) {
		link_wait(NULL, 0, acks_pause(acks));
		ck_assert_int_eq(acks_repeat(acks, done, &err), 0);
	}
	return heard();
}

START_TEST(repeat_greets_with_epoch_flags_and_no_origin)
{
	static const struct origin nobody;
	struct ack a;

	begin(WIRE_WANT_TEXT);
	a = greeted();
	ck_assert_int_eq(origin_cmp(a.origin, nobody), 0);
	ck_assert_uint_ne(a.epoch, 0);
	ck_assert_uint_eq(a.flags, WIRE_WANT_TEXT);
	ck_assert_uint_eq(a.bits.n, 0);
	end();
}
END_TEST

START_TEST(send_due_tells_once_what_is_done)
{
	struct ack a;

	begin(0);
	greeted();
	acks_hear(acks, origin);
	ck_assert_int_eq(done_add(done, origin, 0, &err), 0);
	ck_assert_int_eq(done_add(done, origin, 2, &err), 0);
	ck_assert_int_eq(acks_send_due(acks, done, &err), 0);
	do
		a = heard(); /* past greetings that were on their way */
	while (origin_cmp(a.origin, origin));
	ck_assert_uint_eq(a.low, 1);
	ck_assert_uint_eq(a.bits.n, 1);
	ck_assert_int_eq(a.bits.p[0], 1 << 1);
	ck_assert_int_eq(acks_send_due(acks, done, &err), 0);
	ck_assert_int_eq(link_wait(&ingest, 1, 50), 0);
	end();
}
END_TEST

START_TEST(repeat_sends_the_last_acks_again)
{
	struct ack a;
	int times = 0;

	begin(0);
	acks_hear(acks, origin);
	ck_assert_int_eq(done_add(done, origin, 0, &err), 0);
	while (times < 2) {
		a = greeted();
		times += !origin_cmp(a.origin, origin) && a.low == 1;
	}
	end();
}
END_TEST

START_TEST(open_where_no_endpoint_is_says_so)
{
	const char *wrong = "http://x";
	struct conf_texts to = { &wrong, 1 };

	ck_assert_int_eq(link_net_open(&net, &err), 0);
	ck_assert_int_lt(acks_open(net, &to, 0, &acks, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "http://x"));
	link_net_free(net);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(repeat_greets_with_epoch_flags_and_no_origin),
		CHECK_TEST(send_due_tells_once_what_is_done),
		CHECK_TEST(repeat_sends_the_last_acks_again),
		CHECK_TEST(open_where_no_endpoint_is_says_so),
		CHECK_END,
	};

	return check_main("acks", tests);
}

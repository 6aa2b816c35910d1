#include <errno.h>
#include <unistd.h>

#include "sink/target.h"
#include "tests/data/keys.h"

static char folder[CHECK_PATH_MAX], place[CHECK_PATH_MAX + 16];
static struct link_net *net;
static struct link *ear;
static struct err err;
static struct buf notes;
static void *self;

static const struct link_options how = { .queue = 100,
					.message_max = 1 << 20 };

static void begin(void)
{
	check_folder(folder);
	snprintf(place, sizeof(place), "ipc://%s/pub", folder);
	ck_assert_int_eq(link_net_open(&net, &err), 0);
	buf_init(&notes, 4096);
}

static int open_place(const char *at)
{
	const struct target_options o = { .place = at,
					  .net = net,
					  .notes = &notes };

	return target_pub.open(&o, &self, &err);
}

static void end(void)
{
	link_net_free(net);
	buf_done(&notes);
	check_folder_done(folder);
}

static void publish(struct str line, struct str keys)
{
	struct record r = { .line = line, .keys = keys };

	ck_assert_int_eq(target_pub.write(self, &r, &err), 0);
	ck_assert_int_eq(target_pub.commit(self, &err), 0);
}

static void hears(const char *topic, const char *body)
{
	struct link_message m;

	ck_assert_int_eq(link_wait(&ear, 1, 10000), 1);
	ck_assert_int_eq(link_recv(ear, &m, &err), 0);
	ck_assert_msg(str_is(m.topic, topic), "topic " STR_FMT,
		      STR_ARG(m.topic));
	ck_assert_msg(str_is(m.body, body), "body " STR_FMT, STR_ARG(m.body));
}

/* Until the subscription has arrived messages are lost, as they are in life:
 * say one thing until it is heard, then all that is left of it. */
static void subscribe(const char *prefix, struct str key)
{
	struct link_message m;

	ck_assert_int_eq(link_open(net, LINK_SUB, place, false, how, &ear,
				   &err),
			 0);
	ck_assert_int_eq(link_subscribe(ear, prefix), 0);
	do
		publish(STR("hello\n"), key);
	while (!link_wait(&ear, 1, 20));
	publish(STR("end\n"), key);
	do {
		ck_assert_int_eq(link_wait(&ear, 1, 10000), 1);
		ck_assert_int_eq(link_recv(ear, &m, &err), 0);
	} while (!str_is(m.body, "end"));
}

START_TEST(write_sends_one_message_a_key)
{
	begin();
	ck_assert_int_eq(open_place(place), 0);
	ck_assert(!target_pub.commits(self));
	subscribe("", STR("x\n"));
	publish(STR("{1}\n"), STR("sovereignty.favour\nrisk.unsure\n"));
	publish(STR("{2}\n"), STR(""));
	publish(STR("{3}\n"), STR("none\n"));
	publish(STR("{4}\n"), STR("no line end"));
	hears("sovereignty.favour", "{1}");
	hears("risk.unsure", "{1}");
	hears("none", "{3}");
	hears("no line end", "{4}");
	link_free(ear);
	target_pub.close(self);
	end();
}
END_TEST

START_TEST(subscribe_by_prefix_chooses_topic_and_stance)
{
	begin();
	ck_assert_int_eq(open_place(place), 0);
	subscribe("risk.", STR("risk.hello\n"));
	publish(STR("{1}\n"), STR("sovereignty.favour\nrisk.against\n"));
	publish(STR("{2}\n"), STR("risky.against\n"));
	publish(STR("{3}\n"), STR("risk.favour\n"));
	hears("risk.against", "{1}");
	hears("risk.favour", "{3}");
	link_free(ear);
	target_pub.close(self);
	end();
}
END_TEST

START_TEST(open_taken_or_wrong_place_is_told)
{
	const struct keys_settings keys = { folder };
	struct link *taken;
	const char *tcp;

	begin();
	ck_assert_int_eq(keys_generate(folder, &err), 0);
	ck_assert_int_eq(link_net_secure(net, &keys, &err), 0);
	ck_assert_int_eq(link_open(net, LINK_PUB, "tcp://127.0.0.1:*", true,
				   how, &taken, &err),
			 0);
	tcp = link_endpoint(taken);
	ck_assert_int_eq(open_place(tcp), -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(err.text, tcp));
	err_clear(&err);
	ck_assert_int_eq(open_place("nowhere"), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "'nowhere' is no endpoint"));
	link_free(taken);
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(write_sends_one_message_a_key),
		CHECK_TEST(subscribe_by_prefix_chooses_topic_and_stance),
		CHECK_TEST(open_taken_or_wrong_place_is_told),
		CHECK_END,
	};

	return check_main("target_pub", tests);
}

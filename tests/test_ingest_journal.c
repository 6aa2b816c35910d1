/* The room with a journal: over its ends, whatever they are. */
#include "tests/ingest_room.h"

enum { MORE = 100000 }; /* bytes of credit */

static char input[CHECK_PATH_MAX], journal[CHECK_PATH_MAX + 16];
static struct link *both; /* a worker and a sink in one, heard in order */
static struct origin ours;

static void append(const char *text)
{
	FILE *f = fopen(input, "ab");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static void append_articles(int from, int to, int bytes)
{
	for (int i = from; i < to; i++) {
		char line[1 << 14];

		snprintf(line, sizeof(line), "{\"text\":\"%d %*s\"}\n", i,
			 bytes, bytes ? "x" : "");
		append(line);
	}
}

static void begin(int articles)
{
	check_folder(folder);
	check_file(folder, "in.jsonl", "", 0, input);
	append_articles(0, articles, 0);
	snprintf(journal, sizeof(journal), "%s/journal", folder);
	sources[0] = (struct ingest_source){ .path = input };
	set = (struct ingest_settings){
		.bind = strdup(endpoint("articles")),
		.sources = { sources, 1 },
		.window = 64, .window_bytes = 1 << 20,
		.batch = 4, .batch_bytes = 1 << 20,
		.resend_after = 3600000, .worker_timeout = 3600000,
		.drain = 100, .solo = 3,
		.journal = { .path = journal, .group = 4, .patience = 5,
			     .segment = 1 << 16, .quota = 1 << 24 },
	};
}

static void start(void)
{
	go();
	both = peer(LINK_DEALER, "articles", false);
	greet(both, EPOCH);
}

static void leave(void)
{
	link_free(both);
	link_net_free(net);
	net = NULL;
}

static void kill_room(void)
{
	kill(room, SIGKILL);
	waitpid(room, NULL, 0);
	leave();
}

static void stop_room(void)
{
	kill(room, SIGTERM);
	ck_assert_int_eq(room_end(), EX_OK);
	leave();
}

static void ends(int code)
{
	ck_assert_int_eq(room_end(), code);
	leave();
	end();
}

static struct batch pulls(const char *texts)
{
	struct batch b;

	give_credit(both, 0, 0, 100, MORE);
	b = gets(both, texts);
	ours = b.head.origin;
	return b;
}

static void acks(uint64_t low, const char *bits)
{
	give_ack(both, ours, EPOCH, low, bits, 0);
}

/* Articles come until there are n of them, none of them twice. */
static void pulls_each_once(int n)
{
	int seen[256] = { 0 };
	struct batch b = { .texts = "" };

	for (int had = 0; had < n;) {
		struct str rest;

		give_credit(both, b.head.session, b.head.batch, 100, MORE);
		if (!take(both, &b, 50))
			continue;
		ours = b.head.origin;
		rest = str_of(b.texts);
		for (uint32_t i = 0; i < b.head.count; i++, had++) {
			int at = atoi(str_cut(&rest, ' ').p);

			ck_assert_uint_eq(b.seqs[i], (uint64_t)at);
			ck_assert_int_eq(seen[at]++, 0);
		}
	}
}

START_TEST(killed_room_hands_out_again_what_is_not_acknowledged)
{
	struct batch b;

	begin(6);
	start();
	pulls("0 1 2 3");
	gets(both, "4 5");
	kill_room();
	start();
	acks(2, "\x02"); /* 0, 1 and 3: the sink says it again */
	b = pulls("2 4 5");
	ck_assert_uint_eq(b.seqs[0], 2);
	ck_assert_uint_eq(b.seqs[1], 4);
	ck_assert_uint_eq(b.seqs[2], 5);
	acks(6, "");
	ends(EX_OK);
}
END_TEST

START_TEST(stopped_room_remembers_how_far_acks_came)
{
	begin(6);
	start();
	pulls("0 1 2 3");
	acks(3, "");
	stop_room();
	ck_assert(log_has("3 articles stay in the journal"));
	start();
	pulls("3 4 5");
	acks(6, "");
	ends(EX_OK);
}
END_TEST

START_TEST(file_goes_on_where_it_was_over_every_end)
{
	begin(10);
	for (int i = 1; i <= 4; i++) {
		start();
		pulls_each_once(10 * i);
		if (i % 2)
			kill_room();
		else
			stop_room();
		append_articles(10 * i, 10 * (i + 1), 0);
	}
	start();
	pulls_each_once(50);
	acks(50, "");
	ends(EX_OK);
}
END_TEST

START_TEST(refused_line_is_a_dead_letter)
{
	struct batch b;

	begin(1);
	append("{nonsense\n");
	append_articles(2, 3, 0);
	set.batch = 1;
	start();
	pulls("0");
	b = gets(both, "{nonsense");
	ck_assert_uint_eq(b.seqs[0], 1);
	ck_assert_uint_eq(b.flags, ARTICLE_DEAD | ARTICLE_RAW);
	ck_assert_ptr_nonnull(strstr(b.letter, "\"stage\":\"ingest\""));
	ck_assert_ptr_nonnull(strstr(b.letter, "in.jsonl:2"));
	gets(both, "2");
	kill_room();
	start(); /* nothing is read again, the letter comes again */
	pulls("0");
	b = gets(both, "{nonsense");
	ck_assert_uint_eq(b.flags, ARTICLE_DEAD | ARTICLE_RAW);
	gets(both, "2");
	acks(3, "");
	ends(EX_OK);
}
END_TEST

/* The worker is killed; its guard says so. */
static void dies(uint64_t session)
{
	struct obituary o = { session, SIGSEGV, 0, true,
			      STR("m@sha256:ab") };
	struct buf b;

	buf_init(&b, 256);
	obituary_write(&b, &o);
	say(both, NULL, &b);
}

START_TEST(article_that_kills_its_workers_is_a_dead_letter)
{
	struct batch b;

	begin(1);
	start();
	for (int i = 0; i < 1 + 3; i++)
		dies(pulls("0").head.session);
	b = pulls("0");
	ck_assert_uint_eq(b.seqs[0], 0);
	ck_assert_uint_eq(b.flags, ARTICLE_DEAD);
	ck_assert_ptr_nonnull(strstr(b.letter, "\"stage\":\"classify\""));
	ck_assert_ptr_nonnull(strstr(b.letter, "was killed by SIGSEGV, 3 "
					       "times"));
	ck_assert_ptr_nonnull(strstr(b.letter, "\"signal\":\"SIGSEGV\""));
	ck_assert_ptr_nonnull(strstr(b.letter, "\"attempts\":3"));
	ck_assert_ptr_nonnull(strstr(b.letter, "\"model\":\"m@sha256:ab\""));
	stop_room();
	start(); /* once given up it stays so */
	ck_assert_uint_eq(pulls("0").flags, ARTICLE_DEAD);
	acks(1, "");
	ends(EX_OK);
}
END_TEST

/* Or who is with it would be taken along, and it be blamed for another. */
START_TEST(last_suspect_is_alone_as_well)
{
	const char *const each[] = { "0", "1", "2", "3" };
	struct batch b;

	begin(6);
	start();
	give_credit(both, 0, 0, 4, MORE);
	b = gets(both, "0 1 2 3");
	dies(b.head.session);
	b.head.batch = 0;
	for (int i = 0; i < 4; i++) {
		give_credit(both, b.head.session, b.head.batch, 100, MORE);
		b = gets(both, each[i]);
		gets_nothing(both);
	}
	give_credit(both, b.head.session, b.head.batch, 100, MORE);
	gets(both, "4 5");
	kill_room();
	end();
}
END_TEST

START_TEST(failures_are_counted_over_restarts)
{
	begin(1);
	start();
	for (int i = 0; i < 1 + 2; i++)
		dies(pulls("0").head.session);
	ck_assert_uint_eq(pulls("0").flags, 0);
	stop_room();
	start();
	dies(pulls("0").head.session);
	ck_assert_uint_eq(pulls("0").flags, ARTICLE_DEAD);
	acks(1, "");
	ends(EX_OK);
}
END_TEST

START_TEST(worker_that_leaves_blames_nobody)
{
	struct batch b;

	begin(4);
	start();
	for (int i = 0; i < 5; i++) {
		b = pulls("0 1 2 3");
		ck_assert_uint_eq(b.flags, 0);
		give_credit(both, b.head.session, 0, 0, 0);
	}
	pulls("0 1 2 3");
	acks(4, "");
	ends(EX_OK);
}
END_TEST

/* The sink's memory is newer than the journal. What was accepted in the
 * meantime has numbers that it takes for done. */
START_TEST(older_journal_goes_on_above_what_the_sink_knows)
{
	struct batch b;

	begin(6);
	start();
	pulls("0 1 2 3");
	acks(4, "");
	stop_room();
	append_articles(6, 9, 0);
	start();
	pulls("4 5 6 7 8");
	acks(1000000, "");
	b = gets(both, "6 7 8");
	ck_assert_uint_ge(b.seqs[0], 1000000);
	ck_assert(log_has("the sink knows of number 1000000, this journal had "
			  "come to 9: it was cut short or is an old copy"));
	ck_assert(log_has("3 articles have new ones"));
	kill_room();
	append_articles(9, 10, 0);
	start();
	acks(1000000, "");
	b = pulls("6 7 8 9");
	ck_assert_uint_ge(b.seqs[0], 1000000);
	acks(b.seqs[3] + 1, "");
	ends(EX_OK);
}
END_TEST

/* More was accepted than the sink knows of, but it was not handed out: all 40,
 * or as many as were read when the sink spoke. */
START_TEST(older_journal_is_noticed_although_it_has_come_farther)
{
	struct batch b;

	begin(40);
	set.window = 4;
	start();
	b = pulls("0 1 2 3");
	acks(20, "");
	b = gets(both, "0 1 2 3");
	ck_assert_uint_ge(b.seqs[0], 40);
	ck_assert(log_has(" articles have new ones"));
	acks(b.seqs[0] + 40, "");
	kill_room();
	end();
}
END_TEST

START_TEST(full_quota_stops_reading_until_acks_come)
{
	struct batch b = { .texts = "" };
	uint64_t low = 0;
	int waits = 0;

	begin(0);
	append_articles(0, 40, 4000);
	set.journal.quota = 1 << 16;
	start();
	while (low < 40) {
		uint64_t had = low;

		give_credit(both, b.head.session, b.head.batch, 100, 1 << 20);
		while (take(both, &b, SILENCE_MS)) {
			ours = b.head.origin;
			ck_assert_uint_eq(b.seqs[0], low);
			low += b.head.count;
		}
		ck_assert_uint_lt(low - had, 20);
		waits += low > had;
		acks(low, "");
	}
	ck_assert_int_ge(waits, 3);
	ends(EX_OK);
}
END_TEST

START_TEST(drain_without_a_sink_ends_at_once)
{
	int64_t before;

	begin(6);
	set.drain = PATIENCE_MS;
	append("");
	sources[0].follow = true;
	go();
	both = peer(LINK_DEALER, "articles", false);
	give_credit(both, 0, 0, 100, MORE);
	gets_nothing(both);
	before = clock_ms();
	stop_room();
	ck_assert_int_lt(clock_ms() - before, PATIENCE_MS / 4);
	ck_assert(log_has("6 articles stay in the journal"));
	sources[0].follow = false;
	start();
	pulls("0 1 2 3");
	gets(both, "4 5");
	acks(6, "");
	ends(EX_OK);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(killed_room_hands_out_again_what_is_not_acknowledged),
		CHECK_TEST(stopped_room_remembers_how_far_acks_came),
		CHECK_TEST(file_goes_on_where_it_was_over_every_end),
		CHECK_TEST(refused_line_is_a_dead_letter),
		CHECK_TEST(article_that_kills_its_workers_is_a_dead_letter),
		CHECK_TEST(last_suspect_is_alone_as_well),
		CHECK_TEST(failures_are_counted_over_restarts),
		CHECK_TEST(worker_that_leaves_blames_nobody),
		CHECK_TEST(older_journal_goes_on_above_what_the_sink_knows),
		CHECK_TEST(older_journal_is_noticed_although_it_has_come_farther),
		CHECK_TEST(full_quota_stops_reading_until_acks_come),
		CHECK_TEST(drain_without_a_sink_ends_at_once),
		CHECK_END,
	};

	return check_main("ingest_journal", tests);
}

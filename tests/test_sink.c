#include "sink/sink.h"

#include <errno.h>

#include "tests/sink_room.h"

START_TEST(run_greets_at_once_and_again)
{
	uint64_t first;
	int64_t last;

	begin();
	greeted();
	first = epoch;
	ck_assert_uint_eq(flags, 0);
	last = clock_ms();
	for (int i = 0; i < 8; i++) {
		greeted();
		ck_assert_uint_eq(epoch, first);
		ck_assert_int_lt(clock_ms() - last, 2000);
		last = clock_ms();
	}
	end();
}
END_TEST

START_TEST(run_any_order_gives_each_line_once)
{
	begin();
	PUSH(0, 2, 0);
	acked(1, STR("\x02"));
	PUSH(0, 0, 1, 2);
	acked(3, STR(""));
	PUSH(0, 4, 4, 3, 4); /* twice in one batch */
	PUSH(0, 3, 5, 0);
	acked(6, STR(""));
	FILE_IS(2, 0, 1, 4, 3, 5);
	end();
}
END_TEST

START_TEST(run_low_of_a_batch_counts_as_done)
{
	begin();
	PUSH(100, 99, 101, 5);
	acked(100, STR("\x02"));
	PUSH(50, 100, 99);
	acked(102, STR(""));
	FILE_IS(101, 100);
	end();
}
END_TEST

START_TEST(run_acks_are_repeated)
{
	begin();
	PUSH(0, 1);
	for (int i = 0; i < 3; i++)
		acked(0, STR("\x02"));
	end();
}
END_TEST

START_TEST(run_at_window_end_refuses)
{
	const uint64_t last = 7 + WIRE_WINDOW_MAX - 1;
	static char bits[WIRE_WINDOW_MAX / 8];

	begin();
	PUSH(7, last + 1, last);
	bits[sizeof(bits) - 1] = (char)0x80;
	acked(7, (struct str){ bits, sizeof(bits) });
	FILE_IS(last);
	ck_assert_int_eq(logged("seq 65543 of origin"), 1);
	end();
}
END_TEST

START_TEST(run_malformed_messages_are_passed_over)
{
	const uint64_t seqs[] = { 1, 2 };
	struct article bad = article_of(3);
	struct buf b;

	begin();
	push_bytes(STR(""));
	push_bytes(STR("what is this"));
	push_kind(WIRE_ARTICLES, 0, 0, seqs, 2);
	begin_batch(&b, WIRE_VERDICTS, 0, 0); /* a record short */
	bad.meta = STR("\n");
	batch_add(&b, &bad);
	bad = article_of(0);
	batch_add(&b, &bad);
	ck_assert_int_eq(batch_end(&b, 3), 0);
	push(&b);
	acked(1, STR("\x04"));
	PUSH(0, 1);
	acked(2, STR("\x02"));
	FILE_IS(0, 1);
	ck_assert_int_eq(logged("refused: "), 4);
	ck_assert_int_eq(logged("is no batch of protocol"), 2);
	ck_assert_int_eq(logged("a batch without verdicts"), 1);
	ck_assert_int_eq(logged("given up, and no dead_letters file to keep "
				"it: seq 3: ?: sink: seq 3: its metadata"),
			 1);
	ck_assert_int_eq(logged("a batch ends inside a record"), 1);
	end();
}
END_TEST

START_TEST(run_killed_and_started_again_drops_what_is_written)
{
	uint64_t first;
	struct buf torn;

	begin();
	PUSH(0, 0, 1, 3);
	acked(2, STR("\x02"));
	first = epoch;
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close_links();
	buf_init(&torn, 4096);
	add_line(&torn, 2, false);
	append(torn.p, torn.n / 2);
	buf_done(&torn);
	start();
	open_links();
	PUSH(0, 0, 1, 2, 3, 4);
	acked(5, STR(""));
	ck_assert_uint_ne(epoch, first);
	FILE_IS(0, 1, 3, 2, 4);
	ck_assert_int_eq(logged("bytes of an incomplete last line"), 1);
	end();
}
END_TEST

/* Killed at any moment, however often: each line is there once. */
START_TEST(run_killed_often_loses_and_repeats_nothing)
{
	enum { ALL = 4000, EACH = 50 };
	uint64_t seqs[ALL];
	struct str got, rest;
	static bool seen[ALL];
	size_t lines = 0;

	make_folder();
	for (uint64_t i = 0; i < ALL; i++)
		seqs[i] = i;
	for (int life = 0; life < 10; life++) {
		start();
		open_links();
		greeted();
		for (size_t at = 0; at < ALL; at += EACH)
			push_kind(WIRE_VERDICTS, 0, 0, seqs + at, EACH);
		if (life == 9)
			acked(ALL, STR(""));
		else
			while (link_wait(&ingest, 1, 1) == 1) {
				struct ack ack;

				hear(&ack, 0);
				if (!is_greeting(&ack))
					break;
			}
		ck_assert_int_eq(kill(child, SIGKILL), 0);
		ck_assert_int_eq(waitpid(child, NULL, 0), child);
		close_links();
	}
	ck_assert_int_eq(file_read(file, 1 << 24, &got, NULL), 0);
	for (rest = got; rest.n; lines++) {
		struct origin o;
		uint64_t seq;

		ck_assert_int_eq(record_read(str_cut(&rest, '\n'), &o, &seq,
					     &err),
				 0);
		ck_assert(seq < ALL && !seen[seq]);
		seen[seq] = true;
	}
	ck_assert_uint_eq(lines, ALL);
	free((char *)got.p);
	check_folder_done(folder);
}
END_TEST

START_TEST(run_stopped_has_committed_all_and_exits_0)
{
	const uint64_t seqs[] = { 0, 1, 2, 3, 4, 5 };

	begin();
	greeted();
	for (uint32_t i = 0; i < 6; i++)
		push_kind(WIRE_VERDICTS, 0, 0, seqs + i, 1);
	acked(6, STR(""));
	stop();
	file_is_at(file, false, seqs, 6);
	close_links();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_second_sink_on_the_file_is_refused)
{
	pid_t first;

	begin();
	greeted();
	first = child;
	verdicts[strlen(verdicts) - 1] = '2';
	close_links();
	start();
	ck_assert_int_eq(exit_code(), EX_UNAVAILABLE);
	ck_assert_int_eq(logged("is writing to it"), 1);
	child = first;
	stop();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_ordered_holds_back)
{
	settings.ordered = true;
	begin();
	PUSH(0, 2, 1);
	acked(0, STR(""));
	file_is_at(file, false, NULL, 0);
	PUSH(0, 4, 2, 0);
	acked(3, STR(""));
	FILE_IS(0, 1, 2);
	PUSH(4, 5); /* 3 was written elsewhere, says ingest */
	acked(6, STR(""));
	FILE_IS(0, 1, 2, 4, 5);
	end();
}
END_TEST

START_TEST(run_with_text_takes_only_batches_that_have_it)
{
	const uint64_t seqs[] = { 0 };
	const uint32_t both = WIRE_WANT_TEXT | WIRE_WANT_SCORES;

	settings.text = true;
	settings.scores = SINK_SCORES_ALL;
	begin();
	greeted();
	ck_assert_uint_eq(flags, both);
	push_kind(WIRE_VERDICTS, 0, 0, seqs, 1);
	push_kind(WIRE_VERDICTS, 0, WIRE_WANT_TEXT, seqs, 1);
	push_kind(WIRE_VERDICTS, 0, both, seqs, 1);
	acked(1, STR(""));
	file_is_at(file, true, seqs, 1);
	ck_assert_int_eq(logged("a batch without the text"), 1);
	ck_assert_int_eq(logged("a batch without the scores"), 1);
	end();
}
END_TEST

START_TEST(run_without_room_pauses_and_goes_on)
{
	struct ack ack;

	begin();
	PUSH(0, 0);
	acked(1, STR(""));
	limit_child(200); /* of the file and, below that, of the log */
	PUSH(0, 1, 2, 3);
	for (int i = 0; i < 3; i++) {
		do
			ck_assert(hear(&ack, PATIENCE_MS));
		while (is_greeting(&ack));
		ck_assert_uint_eq(ack.low, 1);
		greeted();
	}
	limit_child(RLIM_INFINITY);
	acked(4, STR(""));
	FILE_IS(0, 1, 2, 3);
	ck_assert_int_eq(logged("nothing is read until there is room"), 1);
	ck_assert_int_eq(logged("there is room again"), 1);
	end();
}
END_TEST

START_TEST(run_stopped_without_room_leaves_the_rest_to_ingest)
{
	begin();
	PUSH(0, 0);
	acked(1, STR(""));
	limit_child(200);
	PUSH(0, 1);
	acked(1, STR(""));
	stop();
	FILE_IS(0);
	close_links();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_stdout_without_reader_is_epipe)
{
	static struct sink_target out = { .jsonl = "-" };
	int ends[2], old = dup(STDOUT_FILENO);

	settings.targets = (struct conf_maps){ &out, 1 };
	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	begin();
	dup2(old, STDOUT_FILENO);
	PUSH(0, 0);
	ck_assert_int_eq(exit_code(), EX_IOERR);
	ck_assert_int_eq(logged("standard output: Broken pipe"), 1);
	close_links();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_summary_is_printed_at_the_end)
{
	settings.summary = true;
	begin();
	PUSH(0, 0, 1, 0);
	acked(2, STR(""));
	stop();
	ck_assert_int_eq(logged("topic        articles  favour\n"
				"sovereignty         2       2\n\n"
				"2 articles, 0 without a topic\n"),
			 1);
	close_links();
	check_folder_done(folder);
}
END_TEST

START_TEST(run_truncate_starts_the_file_anew)
{
	settings.truncate = true;
	make_folder();
	append("old\n", 4);
	start();
	open_links();
	PUSH(0, 0);
	acked(1, STR(""));
	FILE_IS(0);
	end();
}
END_TEST

START_TEST(keys_defaults)
{
	struct sink_settings s = { .bind = NULL };
	struct conf c;

	ck_assert_int_eq(conf_load(&c, NULL, sink_keys, &s, &err), 0);
	ck_assert_ptr_null(s.bind); /* each subcommand has its own */
	ck_assert_uint_eq(s.connect.n, 0);
	ck_assert_uint_eq(s.targets.n, 0);
	ck_assert(!s.text && !s.ordered && !s.truncate && !s.summary);
	ck_assert_int_eq(s.scores, SINK_SCORES_GIVEN);
	conf_done(&c);
}
END_TEST

START_TEST(keys_full_file_is_read)
{
	struct str yaml = STR("bind: ipc:///x/v\n"
			      "connect: [ipc:///x/a, ipc:///y/a]\n"
			      "targets:\n"
			      "  - jsonl: out.jsonl\n"
			      "  - publish: ipc:///x/p\n"
			      "record:\n"
			      "  text: true\n"
			      "  scores: all\n"
			      "ordered: true\n");
	struct sink_settings s = { .bind = NULL };
	const struct sink_target *t;
	struct conf c;

	ck_assert_msg(conf_parse(&c, "f", yaml, sink_keys, &s, &err) == 0,
		      "%s", err.text);
	t = s.targets.v;
	ck_assert_uint_eq(s.connect.n, 2);
	ck_assert_uint_eq(s.targets.n, 2);
	ck_assert_str_eq(t[0].jsonl, "out.jsonl");
	ck_assert_ptr_null(t[0].publish);
	ck_assert_str_eq(t[1].publish, "ipc:///x/p");
	ck_assert(s.text && s.ordered);
	ck_assert_int_eq(s.scores, SINK_SCORES_ALL);
	conf_done(&c);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(run_greets_at_once_and_again),
		CHECK_TEST(run_any_order_gives_each_line_once),
		CHECK_TEST(run_low_of_a_batch_counts_as_done),
		CHECK_TEST(run_acks_are_repeated),
		CHECK_TEST(run_at_window_end_refuses),
		CHECK_TEST(run_malformed_messages_are_passed_over),
		CHECK_TEST(run_killed_and_started_again_drops_what_is_written),
		CHECK_TEST(run_killed_often_loses_and_repeats_nothing),
		CHECK_TEST(run_stopped_has_committed_all_and_exits_0),
		CHECK_TEST(run_second_sink_on_the_file_is_refused),
		CHECK_TEST(run_ordered_holds_back),
		CHECK_TEST(run_with_text_takes_only_batches_that_have_it),
		CHECK_TEST(run_without_room_pauses_and_goes_on),
		CHECK_TEST(run_stopped_without_room_leaves_the_rest_to_ingest),
		CHECK_TEST(run_stdout_without_reader_is_epipe),
		CHECK_TEST(run_summary_is_printed_at_the_end),
		CHECK_TEST(run_truncate_starts_the_file_anew),
		CHECK_TEST(keys_defaults),
		CHECK_TEST(keys_full_file_is_read),
		CHECK_END,
	};

	return check_main("sink", tests);
}

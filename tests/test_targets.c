#include "sink/targets.h"

#include <errno.h>

#include "sink/letter.h"
#include "tests/sink_room.h"

/* The targets were not even when the last life ended. */
START_TEST(run_two_targets_each_gets_what_it_lacks)
{
	static char other[PLACE_MAX];
	static struct sink_target both[] = { { .jsonl = file },
					     { .jsonl = other } };
	const uint64_t in_other[] = { 1, 2, 0 };
	struct buf b;

	make_folder();
	snprintf(other, sizeof(other), "%s/other", folder);
	settings.targets = (struct conf_maps){ both, 2 };
	buf_init(&b, 4096);
	add_line(&b, 1, false);
	append(b.p, b.n);
	add_line(&b, 2, false);
	check_file(folder, "other", b.p, b.n, other);
	buf_clear(&b);
	add_line(&b, 0, false);
	append(b.p, b.n);
	buf_done(&b);
	start();
	open_links();
	PUSH(0, 1);
	acked(0, STR("\x02"));
	PUSH(0, 0, 1, 2);
	acked(3, STR(""));
	FILE_IS(1, 0, 2);
	file_is_at(other, false, in_other, 3);
	end();
}
END_TEST

static void target_is_refused(struct sink_target t, const char *why)
{
	make_folder();
	settings.targets = (struct conf_maps){ &t, 1 };
	err_clear(&err);
	ck_assert_int_eq(sink_run(&settings, &err), -EINVAL);
	ck_assert_str_eq(err.text, why);
	check_folder_done(folder);
}

START_TEST(run_target_without_or_with_two_places_is_refused)
{
	target_is_refused((struct sink_target){ .timeout = 0 },
			  "target 1 names no place; give each target one of "
			  "jsonl, sqlite, postgres, webhook and publish");
	target_is_refused((struct sink_target){ .jsonl = "a",
						.publish = "ipc:///b" },
			  "target 1 names more than one place; give each "
			  "target one of jsonl, sqlite, postgres, webhook and "
			  "publish");
}
END_TEST

/* Dead letters. */

static char dead_file[PLACE_MAX];

static void begin_with_letters(void)
{
	make_folder();
	snprintf(dead_file, sizeof(dead_file), "%s/dead.jsonl", folder);
	settings.dead_letters = dead_file;
	start();
	open_links();
}

static struct article dead_of(uint64_t seq)
{
	struct article a = article_of(seq);

	a.flags = ARTICLE_DEAD;
	a.keys = STR("");
	a.verdict = STR("\"stage\":\"classify\",\"reason\":\"it kills\","
			"\"signal\":\"SIGSEGV\",\"attempts\":3,"
			"\"model\":null,\"at\":\"2026-01-01T00:00:00Z\"");
	return a;
}

static void push_dead(uint64_t low, uint64_t seq)
{
	struct article a = dead_of(seq);
	struct buf b;

	begin_batch(&b, WIRE_VERDICTS, low, 0);
	batch_add(&b, &a);
	ck_assert_int_eq(batch_end(&b, 1), 0);
	push(&b);
}

/* The dead letters of these numbers, and no more. */
static void letters_are(const uint64_t *seqs, size_t n)
{
	struct buf want;
	struct str got;

	buf_init(&want, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		struct article a = dead_of(seqs[i]);

		ck_assert_int_eq(letter_line(&want, origin, seqs[i], &a), 0);
	}
	ck_assert_int_eq(file_read(dead_file, 1 << 20, &got, NULL), 0);
	ck_assert_msg(str_eq(got, buf_view(&want)), "got " STR_FMT,
		      STR_ARG(got));
	free((char *)got.p);
	buf_done(&want);
}

#define LETTERS_ARE(...) \
	letters_are((const uint64_t[]){ __VA_ARGS__ }, \
		    sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)

START_TEST(run_what_was_given_up_becomes_a_letter_under_its_number)
{
	begin_with_letters();
	PUSH(0, 0);
	push_dead(0, 1);
	acked(2, STR(""));
	PUSH(0, 2, 1, 0); /* 1: a verdict that comes too late */
	push_dead(0, 2);  /* was written already */
	push_dead(0, 1);
	PUSH(0, 3);
	acked(4, STR(""));
	FILE_IS(0, 2, 3);
	LETTERS_ARE(1);
	ck_assert_int_eq(logged("dead letter: seq 1: 1: classify: it kills"),
			 1);
	end();
}
END_TEST

START_TEST(run_killed_and_started_again_knows_its_letters)
{
	begin_with_letters();
	push_dead(0, 0);
	PUSH(0, 2);
	acked(1, STR("\x02"));
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
	close_links();
	start();
	open_links();
	PUSH(0, 0, 2, 1);
	acked(3, STR(""));
	FILE_IS(2, 1);
	LETTERS_ARE(0);
	end();
}
END_TEST

START_TEST(run_truncate_keeps_letters)
{
	settings.truncate = true;
	begin_with_letters();
	push_dead(0, 0);
	PUSH(0, 1);
	acked(2, STR(""));
	stop();
	close_links();
	start();
	open_links();
	PUSH(0, 0, 1);
	acked(2, STR(""));
	FILE_IS(1);
	LETTERS_ARE(0);
	end();
}
END_TEST

START_TEST(run_letter_without_a_file_is_logged_and_done)
{
	begin();
	push_dead(0, 0);
	PUSH(0, 1);
	acked(2, STR(""));
	FILE_IS(1);
	ck_assert_int_eq(logged("given up, and no dead_letters file to keep "
				"it: seq 0: 0: classify: it kills"),
			 1);
	end();
}
END_TEST

START_TEST(run_many_letters_are_logged_at_most_some_a_minute)
{
	begin();
	for (uint64_t seq = 0; seq < 100; seq++)
		push_dead(0, seq);
	acked(100, STR(""));
	ck_assert_int_ge(logged("given up"), 16);
	ck_assert_int_le(logged("given up"), 32); /* over a minute's end */
	end();
}
END_TEST

static void letter_has(const char *words)
{
	struct str got;

	ck_assert_int_eq(file_read(dead_file, 1 << 24, &got, NULL), 0);
	ck_assert_msg(strstr(got.p, words) != NULL, "no %s in " STR_FMT, words,
		      STR_ARG(got));
	free((char *)got.p);
}

START_TEST(run_what_cannot_be_written_becomes_a_letter_of_the_sink)
{
	struct article a = article_of(0);
	struct buf b;

	settings.text = true;
	begin_with_letters();
	a.text = STR("no \xff UTF-8");
	begin_batch(&b, WIRE_VERDICTS, 0, WIRE_WANT_TEXT);
	batch_add(&b, &a);
	a = article_of(1);
	a.verdict = STR("nothing");
	batch_add(&b, &a);
	ck_assert_int_eq(batch_end(&b, 2), 0);
	push(&b);
	acked(2, STR(""));
	letter_has("\"dead\":{\"stage\":\"sink\",\"reason\":\"seq 0: its text "
		   "is no UTF-8 at byte 3\",\"signal\":null,\"attempts\":1,"
		   "\"model\":null,\"at\":\"2");
	letter_has("\"article\":{\"id\":\"0\"},"
		   "\"raw\":\"bm8g/yBVVEYtOA==\",\"crc\":");
	letter_has("\"reason\":\"seq 1: its verdict is no JSON members");
	letter_has("\"article\":{\"id\":\"1\",\"text\":\"A text.\"},\"crc\"");
	end();
}
END_TEST

START_TEST(run_ordered_gives_letters_their_turn)
{
	settings.ordered = true;
	begin_with_letters();
	push_dead(0, 1);
	PUSH(0, 2);
	acked(0, STR(""));
	letters_are(NULL, 0);
	PUSH(0, 0);
	acked(3, STR(""));
	FILE_IS(0, 2);
	LETTERS_ARE(1);
	end();
}
END_TEST

START_TEST(run_without_room_for_letters_pauses_and_goes_on)
{
	begin_with_letters();
	PUSH(0, 0);
	acked(1, STR(""));
	limit_child(200);
	push_dead(0, 1);
	acked(1, STR(""));
	limit_child(RLIM_INFINITY);
	acked(2, STR(""));
	LETTERS_ARE(1);
	FILE_IS(0);
	end();
}
END_TEST

START_TEST(run_letters_in_a_file_of_records_are_refused)
{
	make_folder();
	settings.dead_letters = file;
	err_clear(&err);
	ck_assert_int_eq(sink_run(&settings, &err), -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(err.text, "another target of this one"));
	check_folder_done(folder);
}
END_TEST

/* Killed at any moment, with a new file every few lines: each line is there
 * once, in one of the files. */
START_TEST(run_killed_often_while_rotating_loses_and_repeats_nothing)
{
	enum { ALL = 3000, EACH = 5 };
	static bool seen[ALL];
	uint64_t seqs[ALL];
	struct str got, rest;
	char command[3 * PLACE_MAX];
	size_t lines = 0;

	make_folder();
	target.rotate_size = 20000;
	for (uint64_t i = 0; i < ALL; i++)
		seqs[i] = i;
	for (int life = 0; life < 10; life++) {
		struct ack ack;

		start();
		open_links();
		greeted();
		for (size_t at = 0; at < ALL; at += EACH)
			push_kind(WIRE_VERDICTS, 0, 0, seqs + at, EACH);
		if (life == 9)
			acked(ALL, STR(""));
		else
			do
				ck_assert(hear(&ack, PATIENCE_MS));
			while (is_greeting(&ack));
		ck_assert_int_eq(kill(child, SIGKILL), 0);
		ck_assert_int_eq(waitpid(child, NULL, 0), child);
		close_links();
	}
	snprintf(command, sizeof(command),
		 "cat %s %s.2* > %s/all; ls %s.2* | wc -l | grep -q '[3-9]\\|..'", file,
		 file, folder, file);
	ck_assert_int_eq(system(command), 0);
	snprintf(command, sizeof(command), "%s/all", folder);
	ck_assert_int_eq(file_read(command, 1 << 24, &got, NULL), 0);
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

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(run_two_targets_each_gets_what_it_lacks),
		CHECK_TEST(run_target_without_or_with_two_places_is_refused),
		CHECK_TEST(run_what_was_given_up_becomes_a_letter_under_its_number),
		CHECK_TEST(run_killed_and_started_again_knows_its_letters),
		CHECK_TEST(run_truncate_keeps_letters),
		CHECK_TEST(run_letter_without_a_file_is_logged_and_done),
		CHECK_TEST(run_many_letters_are_logged_at_most_some_a_minute),
		CHECK_TEST(run_what_cannot_be_written_becomes_a_letter_of_the_sink),
		CHECK_TEST(run_ordered_gives_letters_their_turn),
		CHECK_TEST(run_without_room_for_letters_pauses_and_goes_on),
		CHECK_TEST(run_letters_in_a_file_of_records_are_refused),
		CHECK_TEST(run_killed_often_while_rotating_loses_and_repeats_nothing),
		CHECK_END,
	};

	return check_main("targets", tests);
}

#include "ingest/warc.h"

#include "tests/check_main.h"
#include "tests/warc_kit.h"

static struct buf file;
static struct kit_input input;
static struct warc *warc;
static struct warc_record record;
static struct err err;

static void begin_file(void)
{
	buf_init(&file, 256 << 20);
}

static void open_from(struct members_at from, uint64_t number)
{
	struct members_input in;

	input.bytes = buf_view(&file);
	input.at = 0;
	in = kit_members(&input);
	ck_assert_int_eq(warc_open(&in, from, number, &warc), 0);
}

static void open_file(void)
{
	open_from((struct members_at){ 0, 0 }, 0);
}

static int next(void)
{
	int r;

	err_clear(&err);
	do
		r = warc_next(warc, &record, &err);
	while (r == STEP_WAIT && input.waits);
	return r;
}

static void gives(const char *type, const char *block)
{
	ck_assert_int_eq(next(), 0);
	ck_assert(str_is(record.type, type));
	ck_assert_uint_eq(record.block.n, strlen(block));
	ck_assert(str_is(record.block, block));
	ck_assert(record.complete);
}

static void cut(const char *block, const char *why)
{
	ck_assert_int_eq(next(), 0);
	ck_assert(str_is(record.block, block));
	ck_assert(!record.complete);
	ck_assert_str_eq(record.why, why);
}

static void refuses(const char *why)
{
	ck_assert_int_eq(next(), STEP_REJECT);
	ck_assert_str_eq(err.text, why);
}

static void ends(void)
{
	ck_assert_int_eq(next(), STEP_END);
	ck_assert_int_eq(next(), STEP_END);
	warc_free(warc);
	buf_done(&file);
	input = (struct kit_input){ .at = 0 };
}

/* Three records: in members, in one member, plain. */
enum form { MEMBERS, AROUND, PLAIN, FORMS };

static void make(enum form form)
{
	static const char *const types[] = { "warcinfo", "response",
					     "request" };
	static const char *const blocks[] = { "one", "two\r\n\r\n2", "" };
	struct buf plain;

	begin_file();
	buf_init(&plain, 1 << 20);
	for (int i = 0; i < 3; i++) {
		if (form == MEMBERS)
			kit_member(&file, types[i], "http://a.example/",
				   str_of(blocks[i]));
		else
			kit_record(&plain, types[i], "http://a.example/",
				   str_of(blocks[i]));
	}
	if (form == AROUND)
		kit_gzip(&file, buf_view(&plain));
	else
		buf_add_str(&file, buf_view(&plain));
	buf_done(&plain);
}

static void gives_three(void)
{
	gives("warcinfo", "one");
	gives("response", "two\r\n\r\n2");
	gives("request", "");
}

START_TEST(next_every_form_gives_its_records)
{
	for (int form = 0; form < FORMS; form++) {
		make((enum form)form);
		open_file();
		gives_three();
		ends();
	}
}
END_TEST

START_TEST(next_byte_by_byte_from_a_pipe_gives_the_same)
{
	for (int form = 0; form < FORMS; form++) {
		make((enum form)form);
		input.step = 1;
		input.waits = input.pipe = true;
		open_file();
		gives_three();
		ends();
	}
}
END_TEST

START_TEST(next_fields_are_told)
{
	begin_file();
	buf_add_z(&file, "WARC/1.1\r\nwarc-type:response\r\n"
			 "WARC-Target-URI: <http://a.example/\r\n b>\r\n"
			 "WARC-Date: 2026\r\nWARC-Record-ID: <urn:x>\r\n"
			 "Content-Type: application/http\r\n"
			 "CONTENT-LENGTH: 2\r\n\r\nab\r\n\r\n");
	open_file();
	gives("response", "ab");
	ck_assert(str_is(record.uri, "http://a.example/   b"));
	ck_assert(str_is(record.date, "2026"));
	ck_assert(str_is(record.id, "<urn:x>"));
	ck_assert(str_is(record.mime, "application/http"));
	ck_assert_uint_eq(record.number, 1);
	ck_assert_uint_eq(record.next.offset, file.n);
	ends();
}
END_TEST

START_TEST(open_behind_each_record_gives_the_rest)
{
	for (int form = 0; form < FORMS; form++) {
		struct members_at at[3];

		make((enum form)form);
		open_file();
		for (int i = 0; i < 3; i++) {
			ck_assert_int_eq(next(), 0);
			at[i] = record.next;
		}
		warc_free(warc);
		open_from(at[0], 1);
		gives("response", "two\r\n\r\n2");
		ck_assert_uint_eq(record.number, 2);
		warc_free(warc);
		open_from(at[1], 2);
		gives("request", "");
		warc_free(warc);
		open_from(at[2], 3);
		ends();
	}
}
END_TEST

START_TEST(next_gzip_cut_off_gives_what_there_is)
{
	make(MEMBERS);
	file.n -= 6;
	open_file();
	gives("warcinfo", "one");
	gives("response", "two\r\n\r\n2");
	ck_assert_int_eq(next(), 0);
	ck_assert(!record.complete);
	ck_assert_str_eq(record.why, "damaged (gzip: it is cut off)");
	ends();
}
END_TEST

START_TEST(next_plain_cut_off_gives_what_there_is)
{
	begin_file();
	kit_record(&file, "response", NULL, STR("abcdef"));
	file.n -= 7;
	open_file();
	cut("abc", "cut off after 3 of 6 bytes");
	ends();
}
END_TEST

START_TEST(next_damaged_member_goes_on_at_the_next)
{
	size_t second;

	begin_file();
	kit_member(&file, "response", NULL, STR("one"));
	second = file.n;
	kit_member(&file, "response", NULL, STR("two"));
	kit_member(&file, "response", NULL, STR("three"));
	memset(file.p + second + 30, 0xff, 20);
	open_file();
	gives("response", "one");
	if (next() != STEP_REJECT)
		ck_assert(!record.complete);
	gives("response", "three");
	ends();
}
END_TEST

START_TEST(next_bytes_missing_within_a_member_goes_on_at_the_next)
{
	struct buf random;
	size_t second;
	uint32_t x = 1;

	begin_file();
	buf_init(&random, 1 << 20);
	for (int i = 0; i < 100000; i++) {
		x = x * 1664525 + 1013904223;
		buf_add_char(&random, (char)('a' + (x >> 24) % 64));
	}
	second = file.n;
	kit_member(&file, "response", NULL, buf_view(&random));
	memmove(file.p + second + 5000, file.p + second + 6000,
		file.n - second - 6000);
	file.n -= 1000;
	kit_member(&file, "response", NULL, STR("three"));
	open_file();
	ck_assert_int_eq(next(), 0);
	ck_assert(!record.complete);
	gives("response", "three");
	ends();
	buf_done(&random);
}
END_TEST

START_TEST(next_wrong_checksum_is_said)
{
	begin_file();
	kit_member(&file, "response", NULL, STR("one"));
	file.p[file.n - 8] ^= 1;
	kit_member(&file, "response", NULL, STR("two"));
	open_file();
	cut("one", "damaged (gzip: incorrect data check)");
	gives("response", "two");
	ends();
}
END_TEST

START_TEST(next_garbage_between_records_is_said_once)
{
	begin_file();
	kit_record(&file, "response", NULL, STR("one"));
	buf_add_z(&file, "x WARC/1.0 is not here\r\n\x1f\x8b\x08 nor here\r\n");
	kit_record(&file, "response", NULL, STR("two"));
	buf_add_z(&file, "rest");
	kit_member(&file, "response", NULL, STR("three"));
	open_file();
	gives("response", "one");
	refuses("at byte 129: no WARC record begins here; looking for the "
		"next");
	gives("response", "two");
	ck_assert_int_eq(next(), STEP_REJECT);
	gives("response", "three");
	ends();
}
END_TEST

START_TEST(next_garbage_without_a_record_ends)
{
	begin_file();
	for (int i = 0; i < 300000; i++)
		buf_add_z(&file, i % 7 ? "\x1f\x8b\x08\x01" : "WARC/1.");
	open_file();
	while (next() == STEP_REJECT)
		;
	ends();
}
END_TEST

START_TEST(next_wrong_lengths)
{
	static const char *const lengths[] = { "-1", "1e3", "", "0x10",
					       "99999999999999999999" };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		begin_file();
		kit_record_of(&file, "response", NULL, STR("one"),
			      lengths[i]);
		kit_record(&file, "response", NULL, STR("two"));
		open_file();
		refuses("at byte 0: the Content-Length of a record is missing "
			"or no number; looking for the next");
		gives("response", "two");
		ends();
	}
}
END_TEST

START_TEST(next_too_long_a_length_swallows_no_record)
{
	static const char *const lengths[] = { "40", "200", "50000000",
					       "9000000000000000" };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		begin_file();
		kit_record_of(&file, "response", NULL, STR("one"),
			      lengths[i]);
		kit_record(&file, "response", NULL, STR("two"));
		kit_record(&file, "response", NULL, STR("three"));
		open_file();
		ck_assert_int_eq(next(), 0);
		ck_assert(!record.complete);
		gives("response", "two");
		gives("response", "three");
		ends();
	}
}
END_TEST

START_TEST(next_too_long_a_length_in_a_member_ends_with_it)
{
	struct buf one;

	begin_file();
	buf_init(&one, 4096);
	kit_record_of(&one, "response", NULL, STR("one"), "70");
	kit_gzip(&file, buf_view(&one));
	kit_member(&file, "response", NULL, STR("two"));
	open_file();
	cut("one\r\n\r\n", "cut off after 7 of 70 bytes");
	gives("response", "two");
	ends();
	buf_done(&one);
}
END_TEST

START_TEST(next_a_record_over_two_members_is_whole)
{
	struct buf one;

	begin_file();
	buf_init(&one, 4096);
	kit_record(&one, "response", NULL, STR("one and a half"));
	kit_gzip(&file, (struct str){ one.p, 50 });
	kit_gzip(&file, (struct str){ one.p + 50, one.n - 60 });
	kit_gzip(&file, (struct str){ one.p + one.n - 10, 10 });
	kit_member(&file, "response", NULL, STR("two"));
	open_file();
	gives("response", "one and a half");
	gives("response", "two");
	ends();
	buf_done(&one);
}
END_TEST

START_TEST(next_endless_headers_are_refused)
{
	begin_file();
	buf_add_z(&file, "WARC/1.0\r\nX: ");
	for (int i = 0; i < WARC_HEAD_MAX; i++)
		buf_add_char(&file, 'x');
	buf_add_z(&file, "\r\n");
	kit_record(&file, "response", NULL, STR("two"));
	open_file();
	refuses("at byte 0: a record's headers are larger than 64 KB; looking "
		"for the next");
	gives("response", "two");
	ends();
}
END_TEST

START_TEST(next_size_limit_of_a_block)
{
	char *p = calloc(1, WARC_BLOCK_MAX + 1);

	for (int more = -1; more <= 1; more++) {
		size_t n = (size_t)(WARC_BLOCK_MAX + more);

		begin_file();
		kit_member(&file, "response", NULL, (struct str){ p, n });
		kit_member(&file, "response", NULL, STR("two"));
		open_file();
		ck_assert_int_eq(next(), 0);
		ck_assert(record.large == (more > 0));
		if (more > 0)
			ck_assert_uint_le(record.block.n, WARC_LARGE_KEPT);
		else
			ck_assert_uint_eq(record.block.n, n);
		ck_assert_uint_eq(record.length, n);
		ck_assert(record.complete);
		gives("response", "two");
		ends();
	}
	free(p);
}
END_TEST

/* Who writes may not have gone on yet. */
START_TEST(next_file_that_grows_gives_each_record_when_it_is_whole)
{
	size_t size;

	make(PLAIN);
	size = file.n;
	input.grows = true;
	for (file.n = 0; file.n < size; file.n++) {
		struct members_at at = { 0, 0 };

		open_file();
		while (!next()) {
			ck_assert(record.complete);
			at = record.next;
		}
		ck_assert_uint_le(at.offset, file.n);
		warc_free(warc);
	}
	open_file();
	gives_three();
	ck_assert_int_eq(next(), STEP_WAIT);
	input.grows = false;
	ends();
}
END_TEST

START_TEST(next_padding_of_zeros_is_passed_over)
{
	begin_file();
	kit_member(&file, "response", NULL, STR("one"));
	for (int i = 0; i < 100000; i++)
		buf_add_char(&file, '\0');
	kit_member(&file, "response", NULL, STR("two"));
	buf_add(&file, "\0\0\0", 3);
	open_file();
	gives("response", "one");
	gives("response", "two");
	ends();
}
END_TEST

START_TEST(next_empty_file_ends)
{
	begin_file();
	open_file();
	ends();
}
END_TEST

/* However far the end is that the length leads to. */
START_TEST(next_too_long_a_length_far_from_the_end_swallows_no_record)
{
	char *p = calloc(1, 4 << 20);

	begin_file();
	kit_record_of(&file, "response", NULL, STR("one"), "9000000000");
	kit_record(&file, "response", NULL, STR("two"));
	kit_record(&file, "response", NULL, (struct str){ p, 4 << 20 });
	open_file();
	ck_assert_int_eq(next(), 0);
	ck_assert(!record.complete);
	gives("response", "two");
	ck_assert_int_eq(next(), 0);
	ck_assert_uint_eq(record.length, 4 << 20);
	ends();
	free(p);
}
END_TEST

/* Lengths that each lead to the end must not be read to the end each. */
START_TEST(next_many_wrong_lengths_are_not_read_as_often)
{
	size_t n = 0;

	begin_file();
	for (int i = 0; i < 20000; i++)
		kit_record_of(&file, "response", NULL, STR("x"),
			      "9000000000000");
	open_file();
	while (!next())
		n++;
	ck_assert_uint_ge(n, 1);
	ck_assert_uint_le(n, 20000);
	warc_free(warc);
	buf_done(&file);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(next_every_form_gives_its_records),
		CHECK_TEST(next_byte_by_byte_from_a_pipe_gives_the_same),
		CHECK_TEST(next_fields_are_told),
		CHECK_TEST(open_behind_each_record_gives_the_rest),
		CHECK_TEST(next_gzip_cut_off_gives_what_there_is),
		CHECK_TEST(next_plain_cut_off_gives_what_there_is),
		CHECK_TEST(next_damaged_member_goes_on_at_the_next),
		CHECK_TEST(
			next_bytes_missing_within_a_member_goes_on_at_the_next),
		CHECK_TEST(next_wrong_checksum_is_said),
		CHECK_TEST(next_garbage_between_records_is_said_once),
		CHECK_TEST(next_garbage_without_a_record_ends),
		CHECK_TEST(next_wrong_lengths),
		CHECK_TEST(next_too_long_a_length_swallows_no_record),
		CHECK_TEST(next_too_long_a_length_in_a_member_ends_with_it),
		CHECK_TEST(next_a_record_over_two_members_is_whole),
		CHECK_TEST(next_endless_headers_are_refused),
		CHECK_TEST(next_size_limit_of_a_block),
		CHECK_TEST(
			next_file_that_grows_gives_each_record_when_it_is_whole),
		CHECK_TEST(next_padding_of_zeros_is_passed_over),
		CHECK_TEST(next_empty_file_ends),
		CHECK_TEST(
			next_too_long_a_length_far_from_the_end_swallows_no_record),
		CHECK_TEST(next_many_wrong_lengths_are_not_read_as_often),
		CHECK_END,
	};

	return check_main("warc", tests);
}

#include <errno.h>

#include "base/hash.h"
#include "ingest/journal_frame.h"
#include "tests/check_main.h"

static const struct journal_head head = {
	.version = 1,
	.origin = { "0123456789abcde" },
	.segment = 3,
	.seq = 500,
	.frame = 40,
	.before = 39,
	.total = 499,
};
static unsigned char bytes[JOURNAL_HEAD + JOURNAL_FRAME_HEAD];
static struct buf entries;
static struct journal_frame frame;

static struct str view(size_t n)
{
	return (struct str){ (const char *)bytes, n };
}

START_TEST(head_is_read_as_it_was_written)
{
	struct journal_head got;

	journal_head_write(&head, bytes);
	ck_assert(journal_head_read(view(JOURNAL_HEAD), &got));
	ck_assert_uint_eq(got.version, 1);
	ck_assert_int_eq(origin_cmp(got.origin, head.origin), 0);
	ck_assert_uint_eq(got.segment, 3);
	ck_assert_uint_eq(got.seq, 500);
	ck_assert_uint_eq(got.frame, 40);
	ck_assert_uint_eq(got.before, 39);
	ck_assert_uint_eq(got.total, 499);
}
END_TEST

START_TEST(head_with_any_bit_wrong_or_byte_missing_is_none)
{
	struct journal_head got;

	journal_head_write(&head, bytes);
	for (size_t bit = 0; bit < 8 * JOURNAL_HEAD; bit++) {
		bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
		ck_assert(!journal_head_read(view(JOURNAL_HEAD), &got));
		bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	for (size_t n = 0; n < JOURNAL_HEAD; n++)
		ck_assert(!journal_head_read(view(n), &got));
	ck_assert(journal_head_read(view(JOURNAL_HEAD), &got));
}
END_TEST

START_TEST(head_with_numbers_that_cannot_be_is_none)
{
	struct journal_head got, wrong = head;

	wrong.before = wrong.frame;
	journal_head_write(&wrong, bytes);
	ck_assert(!journal_head_read(view(JOURNAL_HEAD), &got));
	wrong = head;
	wrong.seq = JOURNAL_NUMBER_MAX;
	journal_head_write(&wrong, bytes);
	ck_assert(!journal_head_read(view(JOURNAL_HEAD), &got));
	wrong.seq--;
	journal_head_write(&wrong, bytes);
	ck_assert(journal_head_read(view(JOURNAL_HEAD), &got));
}
END_TEST

static void add(enum journal_kind kind, uint64_t seq, const char *name,
		const char *value)
{
	const struct journal_entry entry = { .kind = kind,
					     .seq = seq,
					     .name = str_of(name),
					     .value = str_of(value) };

	journal_entry_write(&entries, &entry);
	ck_assert_int_eq(buf_error(&entries), 0);
	frame.entries++;
	frame.articles += kind == JOURNAL_ARTICLE;
}

/* Two articles, 7 and 9, and a position. */
static void make_frame(void)
{
	buf_init(&entries, 1 << 16);
	frame = (struct journal_frame){ .number = 5, .seq = 7, .end = 10,
					.total = 3, .origin = head.origin };
	add(JOURNAL_ARTICLE, 7, "", "seven");
	add(JOURNAL_POSITION, 0, "feed", "17");
	add(JOURNAL_ARTICLE, 9, "", "nine");
}

static bool fits(void)
{
	const struct str s = buf_view(&entries);

	frame.length = (uint32_t)s.n;
	frame.crc = hash_crc32c(0, s);
	return journal_frame_check(&frame, s);
}

START_TEST(frame_is_read_as_it_was_written)
{
	struct journal_frame got;

	make_frame();
	ck_assert(fits());
	journal_frame_write(&frame, bytes);
	ck_assert(journal_frame_read(view(JOURNAL_FRAME_HEAD), &got));
	ck_assert_uint_eq(got.length, frame.length);
	ck_assert_uint_eq(got.crc, frame.crc);
	ck_assert_uint_eq(got.articles, 2);
	ck_assert_uint_eq(got.entries, 3);
	ck_assert_int_eq(origin_cmp(got.origin, head.origin), 0);
	ck_assert_uint_eq(got.number, 5);
	ck_assert_uint_eq(got.seq, 7);
	ck_assert_uint_eq(got.end, 10);
	ck_assert_uint_eq(got.total, 3);
	for (size_t bit = 0; bit < 8 * JOURNAL_FRAME_HEAD; bit++) {
		bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
		ck_assert(!journal_frame_read(view(JOURNAL_FRAME_HEAD), &got));
		bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	ck_assert(!journal_frame_read(view(JOURNAL_FRAME_HEAD - 1), &got));
	buf_done(&entries);
}
END_TEST

/* One figure is changed: it cannot be, although the crc is right. */
#define CANNOT_BE(change)                                                  \
	do {                                                               \
		struct journal_frame got, wrong = frame;                   \
                                                                           \
		wrong.change;                                              \
		journal_frame_write(&wrong, bytes);                        \
		ck_assert(!journal_frame_read(view(JOURNAL_FRAME_HEAD),    \
					      &got));                      \
	} while (0)

START_TEST(frame_with_figures_that_cannot_be_is_none)
{
	make_frame();
	ck_assert(fits());
	CANNOT_BE(number = 0);
	CANNOT_BE(number = JOURNAL_NUMBER_MAX);
	CANNOT_BE(end = 6);
	CANNOT_BE(end = 8); /* two articles in one number */
	CANNOT_BE(end = JOURNAL_NUMBER_MAX);
	CANNOT_BE(total = JOURNAL_NUMBER_MAX);
	CANNOT_BE(articles = 4);
	CANNOT_BE(entries = frame.length / JOURNAL_ENTRY_HEAD + 1);
	CANNOT_BE(length = JOURNAL_FRAME_MAX);
	buf_done(&entries);
}
END_TEST

START_TEST(check_holds_the_entries_to_their_head)
{
	make_frame();
	ck_assert(fits());
	frame.entries++;
	ck_assert(!fits());
	frame.entries--;
	frame.articles--;
	ck_assert(!fits());
	frame.articles++;
	frame.seq = 8;
	ck_assert(!fits());
	frame.seq = 7;
	frame.end = 9;
	ck_assert(!fits());
	frame.end = 11;
	ck_assert(fits());
	add(JOURNAL_ARTICLE, 9, "", "nine again");
	ck_assert(!fits());
	buf_done(&entries);
}
END_TEST

START_TEST(check_sees_every_bit)
{
	make_frame();
	ck_assert(fits());
	for (size_t bit = 0; bit < 8 * entries.n; bit++) {
		entries.p[bit / 8] ^= (char)(1 << bit % 8);
		ck_assert(!journal_frame_check(&frame, buf_view(&entries)));
		entries.p[bit / 8] ^= (char)(1 << bit % 8);
	}
	ck_assert(journal_frame_check(&frame, buf_view(&entries)));
	entries.n--;
	ck_assert(!journal_frame_check(&frame, buf_view(&entries)));
	buf_done(&entries);
}
END_TEST

START_TEST(next_takes_entries_apart_and_believes_no_length)
{
	struct journal_entry entry;
	struct str rest;

	make_frame();
	rest = buf_view(&entries);
	ck_assert_int_eq(journal_entry_next(&rest, &entry), 0);
	ck_assert_uint_eq(entry.seq, 7);
	ck_assert(str_is(entry.value, "seven"));
	ck_assert_int_eq(journal_entry_next(&rest, &entry), 0);
	ck_assert_int_eq(entry.kind, JOURNAL_POSITION);
	ck_assert(str_is(entry.name, "feed"));
	ck_assert(str_is(entry.value, "17"));
	ck_assert_int_eq(journal_entry_next(&rest, &entry), 0);
	ck_assert_int_eq(journal_entry_next(&rest, &entry), STEP_END);
	for (size_t n = 1; n < entries.n; n++) {
		int r;

		rest = (struct str){ entries.p, n };
		while (!(r = journal_entry_next(&rest, &entry)))
			;
		ck_assert(r == -EBADMSG || r == STEP_END);
	}
	memset(entries.p + 4, 0xff, 8);
	rest = buf_view(&entries);
	ck_assert_int_eq(journal_entry_next(&rest, &entry), -EBADMSG);
	buf_done(&entries);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(head_is_read_as_it_was_written),
		CHECK_TEST(head_with_any_bit_wrong_or_byte_missing_is_none),
		CHECK_TEST(head_with_numbers_that_cannot_be_is_none),
		CHECK_TEST(frame_is_read_as_it_was_written),
		CHECK_TEST(frame_with_figures_that_cannot_be_is_none),
		CHECK_TEST(check_holds_the_entries_to_their_head),
		CHECK_TEST(check_sees_every_bit),
		CHECK_TEST(next_takes_entries_apart_and_believes_no_length),
		CHECK_END,
	};

	return check_main("journal_frame", tests);
}

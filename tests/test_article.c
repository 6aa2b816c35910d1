/* test_article.c -- what travels between the rooms. Every reader is given
 * copies of the exact size, so that AddressSanitizer sees one byte too many. */
#include "wire/article.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check_main.h"

static const struct batch_head head = {
	.kind = WIRE_VERDICTS,
	.origin = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255 } },
	.batch = 0x0102030405060708,
	.session = UINT64_MAX,
	.count = 0,
	.flags = WIRE_WANT_TEXT | WIRE_WANT_SCORES,
	.low = 41,
	.window = WIRE_WINDOW_MAX,
};

static struct article one(void)
{
	return (struct article){
		.seq = 0x8877665544332211,
		.flags = 0xA1B2C3D4,
		.meta = STR("\"id\":1"),
		.title = STR("Titre"),
		.text = STR("L\xc3\xa9 texte\0avec un zéro"),
		.target = STR("Le nuage ?"),
		.keys = STR("cloud.favour\n"),
		.verdict = STR("\"topics\":[]"),
	};
}

static struct article empty(void)
{
	return (struct article){ .seq = 7 };
}

/* A batch of the two, in a buffer to be freed by buf_done(). */
static void make(struct buf *b)
{
	struct article a = one(), none = empty();

	buf_init(b, WIRE_BATCH_MAX);
	batch_begin(b, &head);
	batch_add(b, &a);
	batch_add(b, &none);
	ck_assert_int_eq(batch_end(b, 2), 0);
}

static void same(const struct article *a, const struct article *b)
{
	ck_assert_uint_eq(a->seq, b->seq);
	ck_assert_uint_eq(a->flags, b->flags);
	ck_assert(str_eq(a->meta, b->meta));
	ck_assert(str_eq(a->title, b->title));
	ck_assert(str_eq(a->text, b->text));
	ck_assert(str_eq(a->target, b->target));
	ck_assert(str_eq(a->keys, b->keys));
	ck_assert(str_eq(a->verdict, b->verdict));
}

static volatile size_t sum; /* what was read, so that it is read */

/* Read it all from an exact copy: 0 when it ends properly, else -EPROTO, and
 * then with a sentence. *n is how many articles came before. */
static int read_all(struct str s, size_t *n)
{
	char *exact = malloc(s.n ? s.n : 1);
	struct batch_reader r;
	struct article a;
	struct err e = { "" };
	int result;

	memcpy(exact, s.p, s.n);
	*n = 0;
	result = batch_open(&r, (struct str){ exact, s.n }, &e);
	while (!result) {
		result = batch_next(&r, &a, &e);
		if (result)
			break;
		(*n)++;
		for (size_t i = 0; i < a.text.n; i++)
			sum = sum + (size_t)a.text.p[i];
		for (size_t i = 0; i < a.target.n; i++)
			sum = sum + (size_t)a.target.p[i];
		for (size_t i = 0; i < a.verdict.n; i++)
			sum = sum + (size_t)a.verdict.p[i];
	}
	free(exact);
	ck_assert(result == STEP_END || result == -EPROTO);
	ck_assert((result == STEP_END) == (e.text[0] == '\0'));
	return result == STEP_END ? 0 : result;
}

START_TEST(batch_packed_and_read_is_the_same)
{
	struct article a, first = one(), second = empty();
	struct batch_reader r;
	struct err e = { "" };
	struct buf b;

	make(&b);
	ck_assert_uint_eq(b.n, 64 + article_size(&first) + article_size(&second));
	ck_assert_int_eq(batch_open(&r, buf_view(&b), &e), 0);
	ck_assert_int_eq(r.head.kind, WIRE_VERDICTS);
	ck_assert_int_eq(origin_cmp(r.head.origin, head.origin), 0);
	ck_assert_uint_eq(r.head.batch, head.batch);
	ck_assert_uint_eq(r.head.session, head.session);
	ck_assert_uint_eq(r.head.count, 2);
	ck_assert_uint_eq(r.head.flags, head.flags);
	ck_assert_uint_eq(r.head.low, head.low);
	ck_assert_uint_eq(r.head.window, head.window);
	ck_assert_int_eq(batch_next(&r, &a, &e), 0);
	same(&a, &first);
	ck_assert_int_eq(batch_next(&r, &a, &e), 0);
	same(&a, &second);
	ck_assert_int_eq(batch_next(&r, &a, &e), STEP_END);
	ck_assert_int_eq(batch_next(&r, &a, &e), STEP_END);
	ck_assert_str_eq(e.text, "");
	buf_done(&b);
}
END_TEST

START_TEST(batch_target_is_there_or_empty_and_its_own_part)
{
	struct article a, with = one(), without = one();
	struct batch_reader r;
	struct buf b;

	without.target = STR("");
	ck_assert_uint_eq(article_size(&with),
			  article_size(&without) + with.target.n);
	buf_init(&b, WIRE_BATCH_MAX);
	batch_begin(&b, &head);
	batch_add(&b, &without);
	batch_add(&b, &with);
	ck_assert_int_eq(batch_end(&b, 2), 0);
	ck_assert_int_eq(batch_open(&r, buf_view(&b), NULL), 0);
	ck_assert_int_eq(batch_next(&r, &a, NULL), 0);
	same(&a, &without);
	ck_assert_int_eq(batch_next(&r, &a, NULL), 0);
	same(&a, &with);
	ck_assert_int_eq(batch_next(&r, &a, NULL), STEP_END);
	buf_done(&b);
}
END_TEST

/* The layout that article.h draws, byte for byte: daemons of two builds may
 * meet. */
START_TEST(batch_bytes_are_as_drawn)
{
	static const char want[] =
		"VGIE\3\0\2\0"
		"\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\377"
		"\10\7\6\5\4\3\2\1"
		"\377\377\377\377\377\377\377\377"
		"\1\0\0\0"
		"\3\0\0\0"
		"\51\0\0\0\0\0\0\0"
		"\0\0\1\0\0\0\0\0"
		"\7\0\0\0\0\0\0\0"
		"\0\0\0\0"
		"\1\0\0\0\2\0\0\0\3\0\0\0"
		"\5\0\0\0\0\0\0\0\4\0\0\0"
		"abbccctttttdddd";
	struct article a = { .seq = 7,
			     .meta = STR("a"),
			     .title = STR("bb"),
			     .text = STR("ccc"),
			     .target = STR("ttttt"),
			     .verdict = STR("dddd") };
	struct buf b;

	buf_init(&b, 1000);
	batch_begin(&b, &head);
	batch_add(&b, &a);
	ck_assert_int_eq(batch_end(&b, 1), 0);
	ck_assert_uint_eq(b.n, sizeof(want) - 1);
	ck_assert_int_eq(memcmp(b.p, want, b.n), 0);
	buf_done(&b);
}
END_TEST

START_TEST(batch_packed_record_is_taken_as_it_is)
{
	struct article a, first = one();
	struct batch_reader r;
	struct buf b, copy;

	make(&b);
	buf_init(&copy, WIRE_BATCH_MAX);
	batch_begin(&copy, &head);
	batch_add_packed(&copy,
			 (struct str){ b.p + 64, article_size(&first) });
	ck_assert_int_eq(batch_end(&copy, 1), 0);
	ck_assert_int_eq(batch_open(&r, buf_view(&copy), NULL), 0);
	ck_assert_int_eq(batch_next(&r, &a, NULL), 0);
	same(&a, &first);
	ck_assert_int_eq(batch_next(&r, &a, NULL), STEP_END);
	buf_done(&copy);
	buf_done(&b);
}
END_TEST

START_TEST(batch_without_articles_ends_at_once)
{
	struct buf b;
	size_t n;

	buf_init(&b, 64);
	batch_begin(&b, &head);
	ck_assert_int_eq(batch_end(&b, 0), 0);
	ck_assert_int_eq(read_all(buf_view(&b), &n), 0);
	ck_assert_uint_eq(n, 0);
	buf_done(&b);
}
END_TEST

START_TEST(batch_past_the_ceiling_of_its_buffer_is_told_at_the_end)
{
	struct article a = one();

	for (size_t less = 0; less < 2; less++) {
		struct buf b;

		buf_init(&b, 64 + article_size(&a) - less);
		batch_begin(&b, &head);
		batch_add(&b, &a);
		ck_assert_int_eq(batch_end(&b, 1), less ? -EMSGSIZE : 0);
		buf_done(&b);
	}
}
END_TEST

START_TEST(batch_cut_at_every_byte_is_refused)
{
	struct buf b;
	size_t n, whole;

	make(&b);
	whole = b.n;
	for (size_t cut = 0; cut < whole; cut++) {
		ck_assert_int_eq(read_all((struct str){ b.p, cut }, &n), -EPROTO);
		ck_assert_uint_le(n, 1);
	}
	ck_assert_int_eq(read_all((struct str){ b.p, whole }, &n), 0);
	ck_assert_uint_eq(n, 2);
	buf_add_char(&b, 'x');
	ck_assert_int_eq(read_all(buf_view(&b), &n), -EPROTO);
	ck_assert_uint_eq(n, 2);
	buf_done(&b);
}
END_TEST

/* With fewer articles promised, the cut falls behind one, and what is left is
 * too much; with more, too little. */
START_TEST(batch_of_a_wrong_count_is_refused)
{
	static const uint32_t counts[] = { 0, 1, 3, WIRE_COUNT_MAX,
					   WIRE_COUNT_MAX + 1, UINT32_MAX };
	struct buf b;
	size_t n;

	make(&b);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		batch_end(&b, counts[i]);
		ck_assert_int_eq(read_all(buf_view(&b), &n), -EPROTO);
		ck_assert_uint_le(n, 2);
	}
	buf_done(&b);
}
END_TEST

START_TEST(batch_each_byte_of_the_head_flipped_is_refused_or_seen)
{
	struct buf b;
	size_t n;

	make(&b);
	for (size_t at = 0; at < 64; at++)
		for (int bit = 0; bit < 8; bit++) {
			struct batch_reader r, flipped;
			int result;

			ck_assert_int_eq(batch_open(&r, buf_view(&b), NULL), 0);
			b.p[at] = (char)(b.p[at] ^ 1 << bit);
			result = read_all(buf_view(&b), &n);
			/* magic, version, kind (one bit makes ARTICLES of
			 * neither), count: none is believed */
			if (at < 8 || (at >= 40 && at < 44))
				ck_assert_int_eq(result, -EPROTO);
			/* the window grows past its ceiling, or shrinks */
			else if (at >= 56)
				ck_assert_int_eq(result, at == 58 && bit == 0
								 ? 0
								 : -EPROTO);
			else
				ck_assert_int_eq(result, 0);
			if (!result) {
				batch_open(&flipped, buf_view(&b), NULL);
				ck_assert(origin_cmp(r.head.origin,
						     flipped.head.origin) ||
					  r.head.batch != flipped.head.batch ||
					  r.head.session !=
						  flipped.head.session ||
					  r.head.flags != flipped.head.flags ||
					  r.head.low != flipped.head.low ||
					  r.head.window != flipped.head.window);
			}
			b.p[at] = (char)(b.p[at] ^ 1 << bit);
		}
	buf_done(&b);
}
END_TEST

START_TEST(batch_each_length_of_a_record_flipped_is_refused)
{
	struct buf b;
	size_t n;

	make(&b);
	for (size_t at = 64 + 12; at < 64 + 36; at++)
		for (int bit = 0; bit < 8; bit++) {
			b.p[at] = (char)(b.p[at] ^ 1 << bit);
			ck_assert_int_eq(read_all(buf_view(&b), &n), -EPROTO);
			b.p[at] = (char)(b.p[at] ^ 1 << bit);
		}
	buf_done(&b);
}
END_TEST

START_TEST(batch_of_another_kind_is_refused)
{
	struct buf b;
	size_t n;

	make(&b);
	for (int kind = 0; kind < 256; kind++) {
		b.p[6] = (char)kind;
		ck_assert_int_eq(read_all(buf_view(&b), &n),
				 kind == WIRE_ARTICLES || kind == WIRE_VERDICTS
					 ? 0
					 : -EPROTO);
		ck_assert_int_eq(wire_kind_of(buf_view(&b)),
				 kind >= WIRE_ARTICLES && kind <= WIRE_OBITUARY
					 ? kind
					 : 0);
	}
	buf_done(&b);
}
END_TEST

START_TEST(batch_of_records_and_window_at_their_ceilings)
{
	struct batch_head h = head;
	struct article a = empty();
	struct batch_reader r;

	for (uint32_t count = WIRE_COUNT_MAX - 1; count <= WIRE_COUNT_MAX + 1;
	     count++) {
		struct buf b;
		size_t n;

		buf_init(&b, WIRE_BATCH_MAX);
		batch_begin(&b, &head);
		for (uint32_t i = 0; i < count; i++)
			batch_add(&b, &a);
		ck_assert_int_eq(batch_end(&b, count), 0);
		ck_assert_int_eq(read_all(buf_view(&b), &n),
				 count <= WIRE_COUNT_MAX ? 0 : -EPROTO);
		buf_done(&b);
	}
	for (h.window = WIRE_WINDOW_MAX - 1; h.window <= WIRE_WINDOW_MAX + 1;
	     h.window++) {
		struct buf b;

		buf_init(&b, 64);
		batch_begin(&b, &h);
		ck_assert_int_eq(batch_open(&r, buf_view(&b), NULL),
				 h.window <= WIRE_WINDOW_MAX ? 0 : -EPROTO);
		buf_done(&b);
	}
}
END_TEST

START_TEST(batch_at_the_size_of_a_message_is_read_and_larger_refused)
{
	char *bytes = calloc(1, WIRE_BATCH_MAX);
	struct article a = empty();

	ck_assert_ptr_nonnull(bytes);
	for (size_t over = 0; over < 2; over++) {
		struct batch_reader r;
		struct buf b;

		a.text = (struct str){ bytes, WIRE_BATCH_MAX - 64 - 36 + over };
		buf_init(&b, WIRE_BATCH_MAX + 1);
		batch_begin(&b, &head);
		batch_add(&b, &a);
		ck_assert_int_eq(batch_end(&b, 1), 0);
		ck_assert_int_eq(batch_open(&r, buf_view(&b), NULL),
				 over ? -EPROTO : 0);
		buf_done(&b);
	}
	free(bytes);
}
END_TEST

START_TEST(credit_round_trip_and_every_other_length_refused)
{
	const struct credit c = { 1, UINT64_MAX, 3, 0x1122334455667788 };
	struct credit back;
	struct err e = { "" };
	struct buf b;
	char *exact;

	buf_init(&b, 100);
	credit_write(&b, &c);
	ck_assert_uint_eq(b.n, 40);
	ck_assert_int_eq(credit_read(buf_view(&b), &back, &e), 0);
	ck_assert_uint_eq(back.session, c.session);
	ck_assert_uint_eq(back.done_batches, c.done_batches);
	ck_assert_uint_eq(back.room_records, c.room_records);
	ck_assert_uint_eq(back.room_bytes, c.room_bytes);
	buf_add_char(&b, 'x');
	for (size_t n = 0; n <= 41; n++) {
		exact = malloc(n ? n : 1);
		memcpy(exact, b.p, n);
		err_clear(&e);
		ck_assert_int_eq(credit_read((struct str){ exact, n }, &back, &e),
				 n == 40 ? 0 : -EPROTO);
		ck_assert((n == 40) == (e.text[0] == '\0'));
		free(exact);
	}
	ck_assert_int_eq(credit_read((struct str){ NULL, 0 }, &back, &e),
			 -EPROTO);
	buf_done(&b);
}
END_TEST

START_TEST(ack_round_trip_and_every_cut_refused)
{
	const struct ack a = { .origin = { { 9, 8, 7 } },
			       .epoch = UINT64_MAX,
			       .flags = WIRE_WANT_SCORES,
			       .low = 12,
			       .bits = STR("\x01\0\xff") };
	struct ack back;
	struct err e = { "" };
	struct buf b;

	buf_init(&b, 100);
	ack_write(&b, &a);
	ck_assert_int_eq(ack_read(buf_view(&b), &back, &e), 0);
	ck_assert_int_eq(origin_cmp(back.origin, a.origin), 0);
	ck_assert_uint_eq(back.epoch, a.epoch);
	ck_assert_uint_eq(back.flags, a.flags);
	ck_assert_uint_eq(back.low, a.low);
	ck_assert(str_eq(back.bits, a.bits));
	for (size_t n = 0; n < b.n; n++) {
		struct ack kept = { .epoch = 5 };
		char *exact = malloc(n ? n : 1);

		memcpy(exact, b.p, n);
		err_clear(&e);
		ck_assert_int_eq(ack_read((struct str){ exact, n }, &kept, &e),
				 -EPROTO);
		ck_assert_str_ne(e.text, "");
		ck_assert_uint_eq(kept.epoch, 5);
		free(exact);
	}
	buf_add_char(&b, 'x');
	ck_assert_int_eq(ack_read(buf_view(&b), &back, &e), -EPROTO);
	buf_done(&b);
}
END_TEST

START_TEST(ack_bits_of_a_whole_window_are_read_and_more_refused)
{
	static char bits[WIRE_WINDOW_MAX / 8 + 1];

	for (size_t n = sizeof(bits) - 2; n <= sizeof(bits); n++) {
		const struct ack a = { .bits = { bits, n } };
		struct ack back;
		struct buf b;

		buf_init(&b, 1 << 20);
		ack_write(&b, &a);
		ck_assert_int_eq(ack_read(buf_view(&b), &back, NULL),
				 n <= WIRE_WINDOW_MAX / 8 ? 0 : -EPROTO);
		buf_done(&b);
	}
}
END_TEST

START_TEST(kind_of_what_is_none_of_ours_is_0)
{
	ck_assert_int_eq(wire_kind_of((struct str){ NULL, 0 }), 0);
	ck_assert_int_eq(wire_kind_of(STR("VGIE\3\0\1")), 0);
	ck_assert_int_eq(wire_kind_of(STR("VGIE\3\0\1\0")), WIRE_ARTICLES);
	ck_assert_int_eq(wire_kind_of(STR("VGIE\3\0\4\0x")), WIRE_ACK);
	ck_assert_int_eq(wire_kind_of(STR("VGIE\3\0\5\0")), WIRE_OBITUARY);
	ck_assert_int_eq(wire_kind_of(STR("VGIE\3\0\6\0")), 0);
	ck_assert_int_eq(wire_kind_of(STR("VGIE\3\0\1\1")), 0);
	ck_assert_int_eq(wire_kind_of(STR("VGIE\2\0\1\0")), 0);
	ck_assert_int_eq(wire_kind_of(STR("VGIE\2\1\1\0")), 0);
	ck_assert_int_eq(wire_kind_of(STR("vgie\1\0\1\0")), 0);
}
END_TEST

START_TEST(origin_hex_and_parse_are_inverse)
{
	struct origin o = { { 0, 0xff, 0x10, 1 } }, back;
	char hex[WIRE_ORIGIN_HEX];

	origin_hex(o, hex);
	ck_assert_str_eq(hex, "00ff1001000000000000000000000000");
	ck_assert_int_eq(origin_parse(str_of(hex), &back), 0);
	ck_assert_int_eq(origin_cmp(o, back), 0);
	back.id[15] = 1;
	ck_assert_int_lt(origin_cmp(o, back), 0);
	ck_assert_int_gt(origin_cmp(back, o), 0);
}
END_TEST

START_TEST(origin_parse_what_is_no_origin_is_refused)
{
	static const char good[] = "00112233445566778899aabbccddeeff0";
	struct origin o = { { 42 } };
	char bad[33];

	ck_assert_int_eq(origin_parse((struct str){ good, 31 }, &o), -EINVAL);
	ck_assert_int_eq(origin_parse((struct str){ good, 33 }, &o), -EINVAL);
	ck_assert_int_eq(origin_parse((struct str){ NULL, 0 }, &o), -EINVAL);
	for (size_t at = 0; at < 32; at++)
		for (const char *c = "/:`gGA -"; *c; c++) {
			memcpy(bad, good, 32);
			bad[at] = *c;
			ck_assert_int_eq(origin_parse((struct str){ bad, 32 }, &o),
					 -EINVAL);
		}
	ck_assert_uint_eq(o.id[0], 42);
	ck_assert_int_eq(origin_parse((struct str){ good, 32 }, &o), 0);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(batch_packed_and_read_is_the_same),
		CHECK_TEST(batch_target_is_there_or_empty_and_its_own_part),
		CHECK_TEST(batch_bytes_are_as_drawn),
		CHECK_TEST(batch_packed_record_is_taken_as_it_is),
		CHECK_TEST(batch_without_articles_ends_at_once),
		CHECK_TEST(batch_past_the_ceiling_of_its_buffer_is_told_at_the_end),
		CHECK_TEST(batch_cut_at_every_byte_is_refused),
		CHECK_TEST(batch_of_a_wrong_count_is_refused),
		CHECK_TEST(batch_each_byte_of_the_head_flipped_is_refused_or_seen),
		CHECK_TEST(batch_each_length_of_a_record_flipped_is_refused),
		CHECK_TEST(batch_of_another_kind_is_refused),
		CHECK_TEST(batch_of_records_and_window_at_their_ceilings),
		CHECK_TEST(batch_at_the_size_of_a_message_is_read_and_larger_refused),
		CHECK_TEST(credit_round_trip_and_every_other_length_refused),
		CHECK_TEST(ack_round_trip_and_every_cut_refused),
		CHECK_TEST(ack_bits_of_a_whole_window_are_read_and_more_refused),
		CHECK_TEST(kind_of_what_is_none_of_ours_is_0),
		CHECK_TEST(origin_hex_and_parse_are_inverse),
		CHECK_TEST(origin_parse_what_is_no_origin_is_refused),
		CHECK_END,
	};

	return check_main("article", tests);
}

#include "sink/record.h"

#include <errno.h>
#include <jansson.h>

#include "base/json.h"
#include "tests/check_main.h"

static const struct origin origin = { "0123456789abcde" };
static const struct article article = {
	.seq = 42,
	.meta = { "\"id\":\"x\",\"title\":\"T\"", 20 },
	.title = { "T", 1 },
	.text = { "One \"two\"\nthr\xc3\xa9" "e\t\x01", 18 },
	.verdict = { "\"topics\":[],\"model\":\"m\"", 23 },
};

/* The CRCs are what another implementation of CRC-32C made of the bytes. */
#define PLAIN \
	"{\"vigie\":1,\"origin\":\"30313233343536373839616263646500\"," \
	"\"seq\":42,\"id\":\"x\",\"title\":\"T\",\"topics\":[]," \
	"\"model\":\"m\",\"crc\":\"4a64055e\"}\n"
#define WITH_TEXT \
	"{\"vigie\":1,\"origin\":\"30313233343536373839616263646500\"," \
	"\"seq\":42,\"id\":\"x\",\"title\":\"T\"," \
	"\"text\":\"One \\\"two\\\"\\nthr\xc3\xa9" "e\\t\\u0001\"," \
	"\"topics\":[],\"model\":\"m\",\"crc\":\"27787a17\"}\n"

/* The line of a, to be given back with buf_done(). */
static struct str line_of(struct buf *out, const struct article *a, bool text)
{
	struct err e = { "" };

	buf_init(out, RECORD_LINE_MAX);
	ck_assert_int_eq(record_line(out, origin, a->seq, a, text, &e), 0);
	ck_assert_str_eq(e.text, "");
	return buf_view(out);
}

static void refused(struct article a, bool text, const char *why)
{
	struct err e = { "" };
	struct buf out;

	buf_init(&out, RECORD_LINE_MAX);
	ck_assert_int_eq(record_line(&out, origin, a.seq, &a, text, &e),
			 STEP_REJECT);
	ck_assert_str_eq(e.text, why);
	buf_done(&out);
}

static void is_bytes(struct str got, struct str want)
{
	ck_assert_msg(str_eq(got, want), "got " STR_FMT, STR_ARG(got));
}

START_TEST(line_plain_is_exact)
{
	struct buf out;

	is_bytes(line_of(&out, &article, false), STR(PLAIN));
	buf_done(&out);
}
END_TEST

START_TEST(line_with_text_is_exact)
{
	struct buf out;

	is_bytes(line_of(&out, &article, true), STR(WITH_TEXT));
	buf_done(&out);
}
END_TEST

START_TEST(line_is_json_with_the_same_text)
{
	struct buf out;
	struct str line = line_of(&out, &article, true);
	json_t *v = json_parse(line, NULL);

	ck_assert_ptr_nonnull(v);
	ck_assert_int_eq(json_integer_value(json_object_get(v, "seq")), 42);
	ck_assert_str_eq(json_string_value(json_object_get(v, "text")),
			 article.text.p);
	json_decref(v);
	buf_done(&out);
}
END_TEST

START_TEST(line_second_leaves_the_first_as_it_was)
{
	struct buf out;

	line_of(&out, &article, false);
	ck_assert_int_eq(record_line(&out, origin, 42, &article, true, NULL),
			 0);
	is_bytes(buf_view(&out), STR(PLAIN WITH_TEXT));
	buf_done(&out);
}
END_TEST

START_TEST(line_empty_text_is_an_empty_string)
{
	struct article a = article;
	struct buf out;

	a.text = STR("");
	ck_assert_ptr_nonnull(strstr(line_of(&out, &a, true).p,
				     "\"title\":\"T\",\"text\":\"\","));
	buf_done(&out);
}
END_TEST

START_TEST(line_bad_metadata_are_refused)
{
	static const char why[] = "seq 42: its metadata are no JSON members "
				  "on one line that begin with \"id\"";
	struct article a = article;

	a.meta = STR("");
	refused(a, false, why);
	a.meta = STR("\"url\":1");
	refused(a, false, why);
	a.meta = STR("\"id\":\"x\",\n\"url\":1");
	refused(a, false, why);
}
END_TEST

START_TEST(line_bad_verdict_is_refused)
{
	static const char why[] = "seq 42: its verdict is no JSON members on "
				  "one line";
	struct article a = article;

	a.verdict = STR("");
	refused(a, false, why);
	a.verdict = STR("{\"topics\":[]}");
	refused(a, false, why);
	a.verdict = STR("\"topics\":[]\n");
	refused(a, false, why);
}
END_TEST

START_TEST(line_bad_utf8_is_refused_where_it_shows)
{
	struct article a = article;
	struct buf out;

	a.text = STR("ab\xff");
	refused(a, true, "seq 42: its text is no UTF-8 at byte 2");
	line_of(&out, &a, false);
	buf_done(&out);
}
END_TEST

START_TEST(line_text_at_ceiling)
{
	char *bytes = malloc(ARTICLE_TEXT_MAX + 1);
	struct article a = article;
	struct buf out;

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, '\x01', ARTICLE_TEXT_MAX + 1);
	a.text = (struct str){ bytes, ARTICLE_TEXT_MAX - 1 };
	line_of(&out, &a, true);
	buf_done(&out);
	a.text.n++; /* the worst of texts: every byte takes six */
	ck_assert_uint_gt(line_of(&out, &a, true).n, 6 * ARTICLE_TEXT_MAX);
	buf_done(&out);
	a.text.n++;
	refused(a, true, "seq 42: its text is 4194305 bytes; at most 4194304 "
			 "are allowed");
	free(bytes);
}
END_TEST

START_TEST(line_length_at_ceiling)
{
	const size_t rest = sizeof(PLAIN) - 1 - article.verdict.n;
	char *bytes = malloc(RECORD_LINE_MAX);
	struct article a = article;
	struct buf out;

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, '"', RECORD_LINE_MAX);
	for (size_t less = 2; less-- > 0;) {
		a.verdict = (struct str){ bytes,
					  RECORD_LINE_MAX - rest - less };
		ck_assert_uint_eq(line_of(&out, &a, false).n,
				  RECORD_LINE_MAX - less);
		buf_done(&out);
	}
	a.verdict.n++;
	refused(a, false, "seq 42: its line would be longer than 33554432 "
			  "bytes");
	free(bytes);
}
END_TEST

static void reads_back(uint64_t seq)
{
	struct article a = article;
	struct origin o = { "" };
	uint64_t back = 7;
	struct buf out;
	struct str line;

	a.seq = seq;
	line = line_of(&out, &a, false);
	line.n--;
	ck_assert_int_eq(record_read(line, &o, &back, NULL), 0);
	ck_assert_uint_eq(back, seq);
	ck_assert_int_eq(origin_cmp(o, origin), 0);
	buf_done(&out);
}

START_TEST(read_gives_back_every_seq)
{
	const uint64_t seqs[] = { 0, 1, 9, 10, 42, UINT32_MAX, UINT64_MAX - 1,
				  UINT64_MAX };

	for (size_t i = 0; i < sizeof(seqs) / sizeof(*seqs); i++)
		reads_back(seqs[i]);
}
END_TEST

static void no_record(struct str line)
{
	struct err e = { "" };
	struct origin o;
	uint64_t seq;

	ck_assert_int_eq(record_read(line, &o, &seq, &e), -EBADMSG);
	ck_assert_str_eq(e.text, "no record of vigie's");
}

START_TEST(read_foreign_line_is_no_record)
{
	no_record(STR(""));
	no_record(STR("{"));
	no_record(STR("{\"id\":1}"));
	no_record(STR("a long line of plain text, such as any file may hold, "
		      "and some more of it to be long enough for a record"));
	/* no number, one with a zero in front, one too large, no end */
#define FRONT "{\"vigie\":1,\"origin\":\"30313233343536373839616263646500\"," \
	      "\"seq\":"
#define BACK ",\"crc\":\"00000000\"}"
	no_record(STR(FRONT BACK));
	no_record(STR(FRONT "," BACK));
	no_record(STR(FRONT "-1," BACK));
	no_record(STR(FRONT "01," BACK));
	no_record(STR(FRONT "18446744073709551616," BACK));
	no_record(STR(FRONT "1" BACK));
	no_record(STR("{\"vigie\":1,\"origin\":\"3031323334353637383961626364"
		      "650G\",\"seq\":1," BACK));
}
END_TEST

START_TEST(read_every_flipped_bit_is_found)
{
	char line[] = PLAIN;
	struct str s = { line, sizeof(line) - 2 };
	struct origin o;
	uint64_t seq;

	for (size_t bit = 0; bit < 8 * s.n; bit++) {
		line[bit / 8] ^= (char)(1 << bit % 8);
		ck_assert_int_eq(record_read(s, &o, &seq, NULL), -EBADMSG);
		line[bit / 8] ^= (char)(1 << bit % 8);
	}
	ck_assert_int_eq(record_read(s, &o, &seq, NULL), 0);
}
END_TEST

START_TEST(read_every_shorter_line_is_refused)
{
	struct origin o;
	uint64_t seq;

	for (size_t n = 0; n < sizeof(PLAIN) - 2; n++)
		ck_assert_int_eq(record_read((struct str){ PLAIN, n }, &o,
					     &seq, NULL),
				 -EBADMSG);
}
END_TEST

START_TEST(read_damage_names_both_sums)
{
	char line[] = PLAIN;
	struct err e = { "" };
	struct origin o;
	uint64_t seq;

	strstr(line, "4a64055e")[0] ^= 1;
	ck_assert_int_eq(record_read((struct str){ line, sizeof(line) - 2 },
				     &o, &seq, &e),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(e.text, "damaged: the line ends in "));
	ck_assert_ptr_nonnull(strstr(e.text, "its bytes give ,\"crc\":"
					     "\"4a64055e\"}"));
}
END_TEST

START_TEST(torn_every_piece_of_a_record_is)
{
	for (size_t n = 1; n < sizeof(PLAIN) - 1; n++)
		ck_assert(record_is_torn((struct str){ PLAIN, n }));
	ck_assert(record_is_torn(STR("\0\0\0")));
	ck_assert(record_is_torn(STR("{\"vig\0\0\0")));
}
END_TEST

START_TEST(torn_foreign_bytes_are_not)
{
	ck_assert(!record_is_torn(STR("[")));
	ck_assert(!record_is_torn(STR("{\"id\":1}")));
	ck_assert(!record_is_torn(STR("{\"vigie\":2")));
	ck_assert(!record_is_torn(STR("\0\0x")));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(line_plain_is_exact),
		CHECK_TEST(line_with_text_is_exact),
		CHECK_TEST(line_is_json_with_the_same_text),
		CHECK_TEST(line_second_leaves_the_first_as_it_was),
		CHECK_TEST(line_empty_text_is_an_empty_string),
		CHECK_TEST(line_bad_metadata_are_refused),
		CHECK_TEST(line_bad_verdict_is_refused),
		CHECK_TEST(line_bad_utf8_is_refused_where_it_shows),
		CHECK_TEST(line_text_at_ceiling),
		CHECK_TEST(line_length_at_ceiling),
		CHECK_TEST(read_gives_back_every_seq),
		CHECK_TEST(read_foreign_line_is_no_record),
		CHECK_TEST(read_every_flipped_bit_is_found),
		CHECK_TEST(read_every_shorter_line_is_refused),
		CHECK_TEST(read_damage_names_both_sums),
		CHECK_TEST(torn_every_piece_of_a_record_is),
		CHECK_TEST(torn_foreign_bytes_are_not),
		CHECK_END,
	};

	return check_main("record", tests);
}

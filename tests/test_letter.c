#include "sink/letter.h"

#include <errno.h>

#include "base/base64.h"
#include "base/json.h"
#include "tests/check_main.h"

static const struct origin origin = { "0123456789abcde" };
static const struct article article = {
	.seq = 42,
	.flags = ARTICLE_DEAD,
	.meta = { "\"id\":\"x\",\"title\":\"T\"", 20 },
	.title = { "T", 1 },
	.text = { "One.\nTwo.", 9 },
	.target = { "rail", 4 },
	.verdict = { "\"stage\":\"classify\",\"reason\":\"r\"", 31 },
};

#define HEAD \
	"{\"vigie\":1,\"origin\":\"30313233343536373839616263646500\"," \
	"\"seq\":42,\"dead\":{"

/* The letter of a without its crc, which is right; to be freed. */
static char *letter(const struct article *a)
{
	struct err e = { "" };
	struct origin o;
	struct buf out;
	uint64_t seq;

	buf_init(&out, RECORD_LINE_MAX);
	ck_assert_int_eq(letter_line(&out, origin, a->seq, a), 0);
	ck_assert_int_eq(out.p[out.n - 1], '\n');
	ck_assert_ptr_null(memchr(out.p, '\n', out.n - 1));
	ck_assert_msg(!record_read((struct str){ out.p, out.n - 1 }, &o, &seq,
				   &e),
		      "%s", e.text);
	ck_assert(!origin_cmp(o, origin) && seq == a->seq);
	out.n -= sizeof(",\"crc\":\"01234567\"}\n") - 1;
	buf_add_char(&out, '\0');
	return buf_steal(&out);
}

static void is(const struct article *a, const char *want)
{
	char *got = letter(a);

	ck_assert_str_eq(got, want);
	free(got);
}

START_TEST(line_article_whole)
{
	is(&article, HEAD "\"stage\":\"classify\",\"reason\":\"r\"},"
	   "\"article\":{\"id\":\"x\",\"title\":\"T\",\"text\":\"One.\\nTwo.\","
	   "\"target\":\"rail\"}");
}
END_TEST

START_TEST(line_piece_is_raw)
{
	struct article a = article;

	a.flags |= ARTICLE_RAW;
	a.meta = STR("\"place\":\"f:1\"");
	a.title = a.target = STR("");
	is(&a, HEAD "\"stage\":\"classify\",\"reason\":\"r\"},"
	   "\"article\":{\"place\":\"f:1\"},\"raw\":\"T25lLgpUd28u\"");
	a.text = a.meta = STR("");
	is(&a, HEAD "\"stage\":\"classify\",\"reason\":\"r\"},"
	   "\"article\":{},\"raw\":\"\"");
}
END_TEST

START_TEST(line_text_that_is_no_utf8_is_raw)
{
	struct article a = article;

	a.text = STR("a\xff");
	is(&a, HEAD "\"stage\":\"classify\",\"reason\":\"r\"},"
	   "\"article\":{\"id\":\"x\",\"title\":\"T\",\"target\":\"rail\"},"
	   "\"raw\":\"Yf8=\"");
}
END_TEST

/* What would break the line, or hide another member, is not spliced. */
START_TEST(line_members_that_are_none_are_not_spliced)
{
	static const char *const bad[] = { "\"id\":", "\"id\":1}", "{}", "\n",
					   "\"id\":1,\n\"n\":2",
					   "\"id\":1,\"id\":2", "\"\xff\":1" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct article a = article;
		char want[512];
		struct buf b;

		a.meta = str_of(bad[i]);
		buf_init(&b, 256);
		base64_add(&b, a.meta);
		snprintf(want, sizeof(want),
			 HEAD "\"stage\":\"classify\",\"reason\":\"r\"},"
			 "\"article\":{\"metadata\":\"%.*s\",\"title\":\"T\","
			 "\"text\":\"One.\\nTwo.\",\"target\":\"rail\"}",
			 (int)b.n, b.p);
		is(&a, want);
		a = article;
		a.verdict = str_of(bad[i]);
		is(&a, HEAD "\"stage\":\"sink\",\"reason\":\"given up for a "
		   "reason that cannot be read\",\"signal\":null,"
		   "\"attempts\":1,\"model\":null,\"at\":null},"
		   "\"article\":{\"id\":\"x\",\"title\":\"T\","
		   "\"text\":\"One.\\nTwo.\",\"target\":\"rail\"}");
		buf_done(&b);
	}
}
END_TEST

static struct article with_text(size_t n, char c)
{
	struct article a = article;
	char *text = malloc(n);

	ck_assert_ptr_nonnull(text);
	memset(text, c, n);
	a.text = (struct str){ text, n };
	return a;
}

/* Escapes take six times the bytes, base64 four thirds. */
START_TEST(line_too_long_as_text_is_raw)
{
	struct article a = with_text(6 << 20, '\x01');
	char *got = letter(&a);

	ck_assert_ptr_nonnull(strstr(got, "\"target\":\"rail\"},\"raw\":\"AQEB"));
	ck_assert_ptr_null(strstr(got, "\"cut\""));
	free(got);
	free((char *)a.text.p);
}
END_TEST

START_TEST(line_too_long_for_all_is_cut_and_says_so)
{
	struct article a = with_text(30 << 20, 'x');
	char *got;

	a.flags |= ARTICLE_RAW;
	got = letter(&a);
	ck_assert_ptr_nonnull(strstr(got, "\"article\":{},\"raw\":\"eHh4"));
	ck_assert_ptr_nonnull(strstr(got, "\",\"cut\":31457280"));
	free(got);
	free((char *)a.text.p);
}
END_TEST

START_TEST(refuse_makes_members)
{
	struct article a = article;
	struct buf b;

	buf_init(&b, 4096);
	letter_refuse(&b, "a \"reason\"", "2026-01-02T03:04:05Z");
	a.verdict = buf_view(&b);
	is(&a, HEAD "\"stage\":\"sink\",\"reason\":\"a \\\"reason\\\"\","
	   "\"signal\":null,\"attempts\":1,\"model\":null,"
	   "\"at\":\"2026-01-02T03:04:05Z\"},\"article\":{\"id\":\"x\","
	   "\"title\":\"T\",\"text\":\"One.\\nTwo.\",\"target\":\"rail\"}");
	buf_done(&b);
}
END_TEST

static void says(const struct article *a, const char *want)
{
	struct buf b;

	buf_init(&b, 4096);
	letter_say(&b, a);
	ck_assert(str_is(buf_view(&b), want));
	buf_done(&b);
}

START_TEST(say_names_article_stage_and_reason)
{
	struct article a = article;

	says(&a, "x: classify: r");
	a.flags |= ARTICLE_RAW;
	a.meta = STR("\"place\":\"f:1\"");
	says(&a, "f:1: classify: r");
	a.meta = a.verdict = STR("}");
	says(&a, "?: ?: ?");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(line_article_whole),
		CHECK_TEST(line_piece_is_raw),
		CHECK_TEST(line_text_that_is_no_utf8_is_raw),
		CHECK_TEST(line_members_that_are_none_are_not_spliced),
		CHECK_TEST(line_too_long_as_text_is_raw),
		CHECK_TEST(line_too_long_for_all_is_cut_and_says_so),
		CHECK_TEST(refuse_makes_members),
		CHECK_TEST(say_names_article_stage_and_reason),
		CHECK_END,
	};

	return check_main("letter", tests);
}

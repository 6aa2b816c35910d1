#include "ingest/identity.h"

#include <stdio.h>
#include <string.h>

#include "tests/check_main.h"

static char block[1 << 18];

static const char *canonical(const char *url)
{
	static char out[IDENTITY_URL_MAX + 16];
	struct arena a = { block, block + sizeof(block) };
	struct buf b;

	buf_init(&b, sizeof(out) - 1);
	if (identity_canonical(str_of(url), a, &b))
		strcpy(out, b.n ? "touched" : "refused");
	else
		snprintf(out, sizeof(out), STR_FMT, STR_ARG(buf_view(&b)));
	buf_done(&b);
	return out;
}

static const char *id(const char *url, const char *source, const char *title,
		      const char *text)
{
	static char outs[2][IDENTITY_HEX];
	static int turn;
	struct arena a = { block, block + sizeof(block) };
	char *out = outs[turn++ % 2];

	ck_assert_int_eq(identity(str_of(url), str_of(source), str_of(title),
				  str_of(text), a, out), 0);
	return out;
}

START_TEST(canonical_scheme_and_host_are_one)
{
	static const char *const urls[] = {
		"https://example.org/a", "http://example.org/a",
		"HTTP://WWW.Example.ORG/a", "https://www.example.org:443/a",
		"http://example.org:80/a/", "https://example.org./a//",
		"https://example.org:/a#part", "https://me:pw@example.org/a",
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		ck_assert_str_eq(canonical(urls[i]), "https://example.org/a");
}
END_TEST

START_TEST(canonical_what_matters_is_kept)
{
	ck_assert_str_eq(canonical("https://a.example.org:8080/A/b.html"),
			 "https://a.example.org:8080/A/b.html");
	ck_assert_str_eq(canonical("http://[2001:DB8::1]/x"),
			 "https://[2001:db8::1]/x");
	ck_assert_str_eq(canonical("http://[2001:db8::80]:443/x"),
			 "https://[2001:db8::80]/x");
	ck_assert_str_eq(canonical("https://example.org/?p=1"),
			 "https://example.org?p=1");
	ck_assert_str_eq(canonical("https://example.org?p=1"),
			 "https://example.org?p=1");
}
END_TEST

START_TEST(canonical_tracking_parameters_are_out)
{
	ck_assert_str_eq(canonical("https://e.org/a?utm_source=x&utm_medium=y"
				   "&fbclid=1&gclid=2&msclkid=3&mc_cid=4"
				   "&mc_eid=5&xtor=RSS-1&at_medium=m"
				   "&at_campaign=c&UTM_ID=9"),
			 "https://e.org/a");
	ck_assert_str_eq(canonical("https://e.org/a?gclid"),
			 "https://e.org/a");
	ck_assert_str_eq(canonical("https://e.org/a?srsltid=1&__hstc=2&igsh=3"
				   "&fb_ref=4&cmpid=5&trk_x=6&ns_fee=7"
				   "&hsCtaTracking=8&_openstat=9&ocid=10"
				   "&mibextid=11&smid=12&s_kwcid=13&xts=14"),
			 "https://e.org/a");
	ck_assert_str_eq(canonical("https://e.org/a?gclidx=1&utm=2&xto=3"),
			 "https://e.org/a?gclidx=1&utm=2&xto=3");
}
END_TEST

START_TEST(canonical_hosts_for_other_readers_are_one)
{
	static const char *const urls[] = {
		"https://m.example.org/a", "https://mobile.example.org/a",
		"http://AMP.example.org/a/", "https://www.m.example.org/a",
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		ck_assert_str_eq(canonical(urls[i]), "https://example.org/a");
	ck_assert_str_eq(canonical("https://m.org/a"), "https://m.org/a");
	ck_assert_str_eq(canonical("https://www.m.org/a"), "https://m.org/a");
	ck_assert_str_eq(canonical("https://mm.example.org/a"),
			 "https://mm.example.org/a");
	ck_assert_str_eq(canonical("https://news.m.example.org/a"),
			 "https://news.m.example.org/a");
}
END_TEST

START_TEST(canonical_amp_is_the_same_article)
{
	static const char *const urls[] = {
		"https://e.org/a/amp", "https://e.org/a/amp/",
		"https://e.org/a.amp", "https://e.org/a?amp",
		"https://e.org/a?amp=1", "https://e.org/a?outputType=amp",
		"https://e.org/a/amp?outputtype=AMP&AMP",
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		ck_assert_str_eq(canonical(urls[i]), "https://e.org/a");
	ck_assert_str_eq(canonical("https://e.org/amp"), "refused");
	ck_assert_str_eq(canonical("https://e.org/amp/a"),
			 "https://e.org/amp/a");
	ck_assert_str_eq(canonical("https://e.org/lamp"),
			 "https://e.org/lamp");
	ck_assert_str_eq(canonical("https://e.org/a?outputType=pdf&amps=1"),
			 "https://e.org/a?amps=1&outputType=pdf");
}
END_TEST

START_TEST(canonical_escapes_have_one_spelling)
{
	ck_assert_str_eq(canonical("https://e.org/%7ea%2Db/%c3%a9%2f?q=%3d%41"),
			 "https://e.org/~a-b/%C3%A9%2F?q=%3DA");
	ck_assert_str_eq(canonical("https://e.org/\xC3\xA9 a?q=\xC3\xA9"),
			 "https://e.org/%C3%A9%20a?q=%C3%A9");
	/* None of these is an escape. */
	ck_assert_str_eq(canonical("https://e.org/100%?a=%4&b=%g0&c=%"),
			 "https://e.org/100%?a=%4&b=%g0&c=%");
	/* An escaped ampersand parts no parameters. */
	ck_assert_str_eq(canonical("https://e.org/a?b=1%26utm_x=2&a=3"),
			 "https://e.org/a?a=3&b=1%26utm_x=2");
}
END_TEST

/* All of it escaped, the longest that there is. */
START_TEST(canonical_escaped_whole_fits)
{
	char url[IDENTITY_URL_MAX + 1] = "https://e/", out[IDENTITY_HEX];
	struct arena a = { block, block + sizeof(block) };
	struct buf b;

	memset(url + strlen(url), 0xE9, IDENTITY_URL_MAX - strlen(url));
	buf_init(&b, IDENTITY_CANONICAL_MAX);
	ck_assert_int_eq(identity_canonical((struct str){ url,
							  IDENTITY_URL_MAX },
					    a, &b), 0);
	ck_assert_uint_eq(b.n, 10 + 3 * (IDENTITY_URL_MAX - 10));
	buf_done(&b);
	ck_assert_int_eq(identity((struct str){ url, IDENTITY_URL_MAX },
				  STR(""), STR(""), STR(""), a, out), 0);
}
END_TEST

START_TEST(canonical_parameters_are_sorted)
{
	ck_assert_str_eq(canonical("https://e.org/a?b=2&a=1&&utm_x=1&a=0&"),
			 "https://e.org/a?a=0&a=1&b=2");
	ck_assert_str_eq(canonical("https://e.org/a?"), "https://e.org/a");
	ck_assert_str_eq(canonical("https://e.org/a?x=1/#?b"),
			 "https://e.org/a?x=1/");
}
END_TEST

START_TEST(canonical_no_article_is_refused)
{
	static const char *const urls[] = {
		"", "http", "http://", "https:///a", "ftp://e.org/a", "/a/b",
		"mailto:a@e.org", "https://e.org", "https://e.org/",
		"https://e.org/?utm_source=x", "https://e.org/#top",
		"https://?a=1",
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		ck_assert_str_eq(canonical(urls[i]), "refused");
}
END_TEST

START_TEST(canonical_url_length_limit)
{
	for (size_t n = IDENTITY_URL_MAX - 1; n <= IDENTITY_URL_MAX + 1; n++) {
		char url[IDENTITY_URL_MAX + 2] = "https://e.org/";
		size_t head = strlen(url);

		memset(url + head, 'a', n - head);
		url[n] = '\0';
		ck_assert_str_eq(canonical(url),
				 n <= IDENTITY_URL_MAX ? url : "refused");
	}
}
END_TEST

/* As many parameters as a URL can have: one letter each. */
START_TEST(canonical_most_parameters_fit)
{
	char url[IDENTITY_URL_MAX + 1] = "http://e?";

	for (size_t i = strlen(url); i < IDENTITY_URL_MAX; i++)
		url[i] = i % 2 ? 'a' : '&';
	ck_assert_uint_eq(strlen(canonical(url)), IDENTITY_URL_MAX + 1);
}
END_TEST

/* printf 'uhttps://example.org/a' | sha256sum */
START_TEST(identity_url_gives_its_digest)
{
	ck_assert_str_eq(id("http://www.example.org/a/", "s", "t", "x"),
			 "c8e45ae35365db4bd3b3c58b0edbb740");
}
END_TEST

/* printf 'tsource\0title\0text' | sha256sum */
START_TEST(identity_text_gives_its_digest)
{
	ck_assert_str_eq(id("", "source", "title", "text"),
			 "f53980939674bf02e91b0f51fd7c4a38");
}
END_TEST

START_TEST(identity_same_url_is_the_same_article)
{
	ck_assert_str_eq(id("https://e.org/a?b=1", "s", "t", "x"),
			 id("http://www.e.org/a/?b=1&utm_source=z", "", "T",
			    "y"));
}
END_TEST

START_TEST(identity_home_page_does_not_name_an_article)
{
	ck_assert_str_ne(id("https://e.org/", "", "one", ""),
			 id("https://e.org/", "", "two", ""));
	ck_assert_str_eq(id("https://e.org/", "", "one", ""),
			 id("", "", "one", ""));
}
END_TEST

START_TEST(identity_parts_do_not_run_together)
{
	ck_assert_str_ne(id("", "ab", "c", ""), id("", "a", "bc", ""));
	ck_assert_str_ne(id("", "", "a", "b"), id("", "", "ab", ""));
	/* A source that reads like a URL is none. */
	ck_assert_str_ne(id("https://e.org/a", "", "", ""),
			 id("", "https://e.org/a", "", ""));
}
END_TEST

START_TEST(identity_only_the_start_of_the_text_counts)
{
	for (size_t at = IDENTITY_TEXT_MAX - 2; at <= IDENTITY_TEXT_MAX; at++) {
		char a[IDENTITY_TEXT_MAX + 8] = { 0 }, b[sizeof(a)];

		memset(a, 'x', sizeof(a) - 1);
		memcpy(b, a, sizeof(a));
		b[at] = 'y';
		ck_assert_int_eq(strcmp(id("", "", "", a), id("", "", "", b)) ==
				 0, at >= IDENTITY_TEXT_MAX);
	}
}
END_TEST

/* The character across byte 200 does not count at all. */
START_TEST(identity_no_character_is_cut)
{
	char a[IDENTITY_TEXT_MAX + 8] = { 0 }, b[IDENTITY_TEXT_MAX] = { 0 };

	memset(a, 'x', IDENTITY_TEXT_MAX - 1);
	memset(b, 'x', IDENTITY_TEXT_MAX - 1);
	strcat(a, "\xC3\xA9");
	ck_assert_str_eq(id("", "", "", a), id("", "", "", b));
}
END_TEST

/* A text of just that length is taken whole; what lies behind it in memory,
 * here half a character, is not looked at. */
START_TEST(identity_text_of_the_limit_is_whole)
{
	char a[IDENTITY_TEXT_MAX + 1], out[IDENTITY_HEX];
	struct arena scratch = { block, block + sizeof(block) };
	struct str none = STR("");

	memset(a, 'x', IDENTITY_TEXT_MAX);
	a[IDENTITY_TEXT_MAX] = (char)0xA9;
	ck_assert_int_eq(identity(none, none, none,
				  (struct str){ a, IDENTITY_TEXT_MAX },
				  scratch, out), 0);
	a[IDENTITY_TEXT_MAX] = '\0';
	ck_assert_str_eq(out, id("", "", "", a));
}
END_TEST

static const char *alias(const char *name)
{
	static char outs[2][IDENTITY_HEX];
	static int turn;
	struct arena a = { block, block + sizeof(block) };
	char *out = outs[turn++ % 2];

	ck_assert_int_eq(identity_alias(str_of(name), a, out), 0);
	return out;
}

START_TEST(alias_address_is_the_id_of_its_article)
{
	ck_assert_str_eq(alias("http://m.e.org/a/?utm_source=x"),
			 id("https://e.org/a", "s", "t", "x"));
}
END_TEST

/* printf 'afeed\0guid' | sha256sum */
START_TEST(alias_other_name_gives_its_digest)
{
	struct arena a = { block, block + sizeof(block) };
	char out[IDENTITY_HEX];

	ck_assert_int_eq(identity_alias(STR("feed\0guid"), a, out), 0);
	ck_assert_str_eq(out, "b4fad52950729411092af4052d79301c");
	ck_assert_str_ne(alias("tag:e.org,2024:1"), alias("tag:e.org,2024:2"));
	ck_assert_str_ne(alias("https://e.org/"), alias("https://e.org/a"));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(canonical_scheme_and_host_are_one),
		CHECK_TEST(canonical_what_matters_is_kept),
		CHECK_TEST(canonical_tracking_parameters_are_out),
		CHECK_TEST(canonical_hosts_for_other_readers_are_one),
		CHECK_TEST(canonical_amp_is_the_same_article),
		CHECK_TEST(canonical_escapes_have_one_spelling),
		CHECK_TEST(canonical_escaped_whole_fits),
		CHECK_TEST(canonical_parameters_are_sorted),
		CHECK_TEST(canonical_no_article_is_refused),
		CHECK_TEST(canonical_url_length_limit),
		CHECK_TEST(canonical_most_parameters_fit),
		CHECK_TEST(identity_url_gives_its_digest),
		CHECK_TEST(identity_text_gives_its_digest),
		CHECK_TEST(identity_same_url_is_the_same_article),
		CHECK_TEST(identity_home_page_does_not_name_an_article),
		CHECK_TEST(identity_parts_do_not_run_together),
		CHECK_TEST(identity_only_the_start_of_the_text_counts),
		CHECK_TEST(identity_no_character_is_cut),
		CHECK_TEST(identity_text_of_the_limit_is_whole),
		CHECK_TEST(alias_address_is_the_id_of_its_article),
		CHECK_TEST(alias_other_name_gives_its_digest),
		CHECK_END,
	};

	return check_main("identity", tests);
}

#include "ingest/web_url.h"

#include "tests/check_main.h"

static struct web_url first, second;
static struct err e;

static void follow(const char *url, const char *location)
{
	ck_assert_int_eq(web_url_parse(NULL, url, &first, &e), 0);
	ck_assert_int_eq(web_url_parse(&first, location, &second, &e), 0);
}

static void end(void)
{
	web_url_done(&first);
	web_url_done(&second);
}

START_TEST(parse_takes_an_address_apart)
{
	ck_assert_int_eq(web_url_parse(NULL,
				       "HTTPS://News.Example./a%20b?c=d#e",
				       &first, &e),
			 0);
	ck_assert_str_eq(first.text, "https://News.Example./a%20b?c=d");
	ck_assert_str_eq(first.scheme, "https");
	ck_assert_str_eq(first.host, "news.example");
	ck_assert_str_eq(first.port, "443");
	ck_assert_str_eq(first.target, "/a%20b?c=d");
	ck_assert_ptr_null(first.user);
	ck_assert_ptr_null(first.login);
	end();
}
END_TEST

START_TEST(parse_literal_address_has_no_brackets)
{
	ck_assert_int_eq(web_url_parse(NULL, "http://[::1]:8080", &first, &e),
			 0);
	ck_assert_str_eq(first.host, "::1");
	ck_assert_str_eq(first.port, "8080");
	ck_assert_str_eq(first.target, "/");
	end();
}
END_TEST

START_TEST(parse_what_should_be_encoded_is)
{
	ck_assert_int_eq(web_url_parse(NULL, "http://a/\xc3\xa9 t?\xc3\xa9",
				       &first, &e),
			 0);
	ck_assert_str_eq(first.target, "/%c3%a9%20t?%c3%a9");
	end();
}
END_TEST

START_TEST(parse_host_in_other_letters_is_ascii)
{
	ck_assert_int_eq(web_url_parse(NULL, "http://M\xc3\xbcnchen.example/",
				       &first, &e),
			 0);
	ck_assert_str_eq(first.text, "http://xn--mnchen-3ya.example/");
	ck_assert_str_eq(first.host, "xn--mnchen-3ya.example");
	end();
	ck_assert_int_eq(web_url_parse(NULL, "http://a\xff.example/", &first,
				       &e),
			 STEP_REJECT);
}
END_TEST

START_TEST(parse_name_and_password_are_not_in_the_text)
{
	follow("http://me%40x:p%3Aw@a.example/feed", "/other");
	ck_assert_str_eq(first.text, "http://a.example/feed");
	ck_assert_str_eq(first.user, "me@x");
	ck_assert_str_eq(first.password, "p:w");
	ck_assert_str_eq(first.login, "http://me%40x:p%3aw@a.example/feed");
	end();
}
END_TEST

START_TEST(redirect_to_the_same_host_keeps_name_and_password)
{
	follow("http://me:pw@a.example/feed", "https://A.example/other");
	ck_assert_str_eq(second.user, "me");
	ck_assert_str_eq(second.login, "https://me:pw@A.example/other");
	ck_assert_str_eq(second.text, "https://A.example/other");
	end();
}
END_TEST

START_TEST(redirect_elsewhere_loses_name_and_password)
{
	follow("http://me:pw@a.example/feed", "http://b.example/");
	ck_assert_ptr_null(second.user);
	ck_assert_ptr_null(second.login);
	end();
	follow("https://me:pw@a.example/feed", "http://a.example/");
	ck_assert(web_url_is_downgrade(&first, &second));
	ck_assert_ptr_null(second.user);
	end();
	follow("http://a.example/feed", "http://you:pw@a.example/");
	ck_assert_ptr_null(second.user);
	ck_assert_str_eq(second.text, "http://a.example/");
	end();
}
END_TEST

START_TEST(redirect_relative_is_seen_from_where_it_was_said)
{
	follow("http://a.example/x/y?z", "../b?c#d");
	ck_assert_str_eq(second.text, "http://a.example/b?c");
	end();
	follow("https://a.example/x", "//b.example/y");
	ck_assert_str_eq(second.text, "https://b.example/y");
	end();
}
END_TEST

START_TEST(parse_no_web_address_is_refused_without_its_password)
{
	static const char *const wrong[] = {
		"", "feed.xml", "file:///etc/passwd", "ftp://a.example/",
		"gopher://a.example/", "javascript:alert(1)", "http://",
		"http://a.example:99999/", "http://a b.example/",
		"http://me:secret@a.example:x/", "ftp://me:secret@a.example/",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		err_clear(&e);
		ck_assert_msg(web_url_parse(NULL, wrong[i], &first, &e) ==
				      STEP_REJECT,
			      "%s", wrong[i]);
		ck_assert_str_ne(e.text, "");
		ck_assert_ptr_null(strstr(e.text, "secret"));
	}
}
END_TEST

START_TEST(redirect_to_another_scheme_is_refused)
{
	ck_assert_int_eq(web_url_parse(NULL, "http://a.example/", &first, &e),
			 0);
	ck_assert_int_eq(web_url_parse(&first, "file:///etc/passwd", &second,
				       &e),
			 STEP_REJECT);
	ck_assert_ptr_nonnull(strstr(e.text, "only http:// and https://"));
	end();
}
END_TEST

START_TEST(parse_too_long_is_refused)
{
	static const char head[] = "http://a.example/";
	char url[WEB_URL_MAX + 2];

	for (size_t n = WEB_URL_MAX; n <= WEB_URL_MAX + 1; n++) {
		memset(url, 'x', sizeof(url));
		memcpy(url, head, sizeof(head) - 1);
		url[n] = '\0';
		ck_assert_int_eq(web_url_parse(NULL, url, &first, &e),
				 n > WEB_URL_MAX ? STEP_REJECT : 0);
		web_url_done(&first);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_takes_an_address_apart),
		CHECK_TEST(parse_literal_address_has_no_brackets),
		CHECK_TEST(parse_what_should_be_encoded_is),
		CHECK_TEST(parse_host_in_other_letters_is_ascii),
		CHECK_TEST(parse_name_and_password_are_not_in_the_text),
		CHECK_TEST(redirect_to_the_same_host_keeps_name_and_password),
		CHECK_TEST(redirect_elsewhere_loses_name_and_password),
		CHECK_TEST(redirect_relative_is_seen_from_where_it_was_said),
		CHECK_TEST(
			parse_no_web_address_is_refused_without_its_password),
		CHECK_TEST(redirect_to_another_scheme_is_refused),
		CHECK_TEST(parse_too_long_is_refused),
		CHECK_END,
	};

	return check_main("web_url", tests);
}

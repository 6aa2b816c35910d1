#include "parse/url.h"

#include <errno.h>
#include <string.h>

#include "tests/check_main.h"

static char block[1 << 16];

static void same(struct str got, const char *want)
{
	ck_assert_int_eq(got.p == NULL, want == NULL);
	if (!want)
		return;
	ck_assert_uint_eq(got.n, strlen(want));
	ck_assert_mem_eq(got.p, want, got.n);
}

static void resolves(const char *base, const char *ref, const char *want)
{
	struct arena a = { block, block + sizeof(block) };
	struct str got = { NULL, 0 };

	ck_assert_int_eq(url_resolve(str_of(base), str_of(ref), &a, &got), 0);
	same(got, want);
}

START_TEST(split_whole_address_gives_each_part)
{
	struct url u;

	url_split(STR("http://me:x@a.example:8080/p/q?x=1?#f#g"), &u);
	same(u.scheme, "http");
	same(u.user, "me:x");
	same(u.host, "a.example");
	same(u.port, "8080");
	same(u.path, "/p/q");
	same(u.query, "x=1?");
	same(u.fragment, "f#g");
}
END_TEST

START_TEST(split_absent_parts_are_null)
{
	struct url u;

	url_split(STR("//[::1]?"), &u);
	same(u.scheme, NULL);
	same(u.user, NULL);
	same(u.host, "::1");
	same(u.port, NULL);
	same(u.path, "");
	same(u.query, "");
	same(u.fragment, NULL);
	url_split(STR("a/b:c"), &u);
	same(u.scheme, NULL);
	same(u.path, "a/b:c");
	url_split(STR("[x"), &u);
	same(u.path, "[x");
	url_split(STR("//[x"), &u);
	same(u.host, "[x");
	url_split((struct str){ NULL, 0 }, &u);
	same(u.path, "");
}
END_TEST

START_TEST(is_web_needs_scheme_and_host)
{
	ck_assert(url_is_web(STR("HTTPS://a.example")));
	ck_assert(url_is_web(STR("http://a.example/x")));
	ck_assert(!url_is_web(STR("ftp://a.example/")));
	ck_assert(!url_is_web(STR("http:///x")));
	ck_assert(!url_is_web(STR("//a.example/")));
	ck_assert(!url_is_web(STR("")));
}
END_TEST

/* RFC 3986, sections 5.4.1 and 5.4.2. */
START_TEST(resolve_examples_of_the_standard_hold)
{
	static const char *const cases[][2] = {
		{ "g:h", "g:h" },
		{ "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" },
		{ "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" },
		{ "//g", "http://g" },
		{ "?y", "http://a/b/c/d;p?y" },
		{ "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q#s" },
		{ "g#s", "http://a/b/c/g#s" },
		{ "g?y#s", "http://a/b/c/g?y#s" },
		{ ";x", "http://a/b/c/;x" },
		{ "g;x?y#s", "http://a/b/c/g;x?y#s" },
		{ "", "http://a/b/c/d;p?q" },
		{ ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" },
		{ "..", "http://a/b/" },
		{ "../", "http://a/b/" },
		{ "../g", "http://a/b/g" },
		{ "../..", "http://a/" },
		{ "../../g", "http://a/g" },
		{ "../../../g", "http://a/g" },
		{ "/./g", "http://a/g" },
		{ "/../g", "http://a/g" },
		{ "g.", "http://a/b/c/g." },
		{ "..g", "http://a/b/c/..g" },
		{ "./../g", "http://a/b/g" },
		{ "./g/.", "http://a/b/c/g/" },
		{ "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "g#s/../x", "http://a/b/c/g#s/../x" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		resolves("http://a/b/c/d;p?q", cases[i][0], cases[i][1]);
}
END_TEST

START_TEST(resolve_base_without_path_gets_one)
{
	resolves("https://a.example", "x", "https://a.example/x");
	resolves("https://a.example?q", "x", "https://a.example/x");
	resolves("https://u@a.example:81/y/", "x", "https://u@a.example:81/y/x");
}
END_TEST

START_TEST(resolve_white_space_and_newlines_are_out)
{
	resolves("https://a.example/", " \n/x\n y\t", "https://a.example/x y");
}
END_TEST

START_TEST(resolve_without_base_stays_as_it_is)
{
	resolves("", "x/../y", "x/../y");
	resolves("/only/a/path", "x", "x");
}
END_TEST

START_TEST(resolve_too_long_is_refused)
{
	static char z[URL_MAX + 2];
	struct arena a = { block, block + sizeof(block) };
	struct str got = { NULL, 0 };

	memset(z, 'x', URL_MAX + 1);
	ck_assert_int_eq(url_resolve(STR(""), (struct str){ z, URL_MAX }, &a,
				     &got), 0);
	ck_assert_int_eq(url_resolve(STR(""), (struct str){ z, URL_MAX + 1 },
				     &a, &got), -EINVAL);
	ck_assert_int_eq(url_resolve(STR("http://a/"),
				     (struct str){ z, URL_MAX }, &a, &got),
			 -EINVAL);
}
END_TEST

START_TEST(resolve_full_arena_is_no_memory)
{
	struct arena a = { block, block + 8 };
	struct str got = { NULL, 0 };

	ck_assert_int_eq(url_resolve(STR("http://a/"), STR("b"), &a, &got),
			 -ENOMEM);
	ck_assert_ptr_null(got.p);
}
END_TEST

START_TEST(same_site_forgives_the_usual_fronts)
{
	ck_assert(url_same_site(STR("https://www.a.example/x"),
				STR("http://A.example")));
	ck_assert(url_same_site(STR("https://m.a.example/x"),
				STR("https://amp.a.example")));
	ck_assert(!url_same_site(STR("https://b.a.example"),
				 STR("https://a.example")));
	ck_assert(!url_same_site(STR("x"), STR("x")));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(split_whole_address_gives_each_part),
		CHECK_TEST(split_absent_parts_are_null),
		CHECK_TEST(is_web_needs_scheme_and_host),
		CHECK_TEST(resolve_examples_of_the_standard_hold),
		CHECK_TEST(resolve_base_without_path_gets_one),
		CHECK_TEST(resolve_white_space_and_newlines_are_out),
		CHECK_TEST(resolve_without_base_stays_as_it_is),
		CHECK_TEST(resolve_too_long_is_refused),
		CHECK_TEST(resolve_full_arena_is_no_memory),
		CHECK_TEST(same_site_forgives_the_usual_fronts),
		CHECK_END,
	};

	return check_main("url", tests);
}

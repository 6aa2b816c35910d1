#include "ingest/robots.h"

#include "tests/check_main.h"

static struct robots *parsed(const char *body)
{
	struct robots *r = NULL;

	ck_assert_int_eq(robots_parse(str_of(body), ROBOTS_AGENT, &r), 0);
	return r;
}

static bool allows(const char *body, const char *target)
{
	struct robots *r = parsed(body);
	bool yes = robots_allows(r, str_of(target));

	robots_free(r);
	return yes;
}

static int64_t delay(const char *body)
{
	struct robots *r = parsed(body);
	int64_t ms = robots_delay(r);

	robots_free(r);
	return ms;
}

/* Does one rule for us, which forbids, match? */
static bool matches(const char *pattern, const char *target)
{
	char body[256];

	snprintf(body, sizeof(body), "user-agent: vigie\ndisallow: %s\n",
		 pattern);
	return !allows(body, target);
}

START_TEST(nothing_said_allows_all)
{
	ck_assert(allows("", "/"));
	ck_assert(allows("<html><body>404</body></html>\n", "/a"));
	ck_assert(allows("User-agent: *\nDisallow:\n", "/a"));
	ck_assert(allows("Disallow: /\n", "/a")); /* of no group */
}
END_TEST

START_TEST(group_of_ours_goes_before_that_for_all)
{
	static const char body[] = "User-agent: *\nDisallow: /a\n"
				   "User-agent: Vigie\nDisallow: /b\n";

	ck_assert(allows(body, "/a"));
	ck_assert(!allows(body, "/b"));
}
END_TEST

START_TEST(group_for_others_is_not_ours)
{
	static const char body[] = "User-agent: vigiebot\nDisallow: /a\n"
				   "User-agent: vigi\nDisallow: /b\n"
				   "User-agent: *\nDisallow: /c\n";

	ck_assert(allows(body, "/a"));
	ck_assert(allows(body, "/b"));
	ck_assert(!allows(body, "/c"));
}
END_TEST

START_TEST(group_of_ours_without_rules_allows_all)
{
	ck_assert(allows("User-agent: *\nDisallow: /\n\nUser-agent: vigie\n",
			 "/a"));
}
END_TEST

START_TEST(groups_of_ours_are_put_together)
{
	static const char body[] =
		"User-agent: vigie/0.1 (news)\nDisallow: /a\n"
		"User-agent: other\nDisallow: /b\n"
		"User-agent: VIGIE\nDisallow: /c\n";

	ck_assert(!allows(body, "/a"));
	ck_assert(allows(body, "/b"));
	ck_assert(!allows(body, "/c"));
}
END_TEST

START_TEST(agents_in_a_row_share_a_group)
{
	static const char body[] = "User-agent: a\n\nSitemap: /x\n"
				   "User-agent: vigie\nUser-agent: b\n"
				   "Disallow: /a\n";

	ck_assert(!allows(body, "/a"));
	ck_assert(!allows("User-agent: vigie\nCrawl-delay: 1\n"
			  "User-agent: b\nDisallow: /a\n",
			  "/a"));
}
END_TEST

START_TEST(longest_match_decides_allow_before_disallow)
{
	static const char body[] = "User-agent: *\nDisallow: /a\n"
				   "Allow: /a/b\nDisallow: /a/b/c\n"
				   "Disallow: /same\nAllow: /same\n";

	ck_assert(!allows(body, "/a"));
	ck_assert(!allows(body, "/a/x"));
	ck_assert(allows(body, "/a/b"));
	ck_assert(!allows(body, "/a/b/c"));
	ck_assert(allows(body, "/same"));
}
END_TEST

START_TEST(robots_txt_itself_is_always_allowed)
{
	ck_assert(allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
	ck_assert(!allows("User-agent: *\nDisallow: /\n", "/robots.txt2"));
}
END_TEST

START_TEST(pattern_matches_the_beginning)
{
	ck_assert(matches("/fish", "/fish"));
	ck_assert(matches("/fish", "/fish.html"));
	ck_assert(matches("/fish", "/fishheads/yummy.html"));
	ck_assert(!matches("/fish", "/Fish"));
	ck_assert(!matches("/fish", "/catfish"));
	ck_assert(!matches("/fish/", "/fish"));
	ck_assert(!matches("fish", "/fish"));
}
END_TEST

START_TEST(pattern_star_matches_any_bytes)
{
	ck_assert(matches("*", "/"));
	ck_assert(matches("/fish*", "/fish"));
	ck_assert(matches("/*.php", "/index.php?x=1"));
	ck_assert(matches("/*.php", "/a/b.php"));
	ck_assert(!matches("/*.php", "/windows.PHP"));
	ck_assert(matches("/a*b*c", "/a1b2b3c4"));
	ck_assert(!matches("/a*b*c", "/a1c2b3"));
	ck_assert(matches("/**a", "/xa"));
	ck_assert(matches("*a", "/ba"));
}
END_TEST

START_TEST(pattern_dollar_matches_the_end)
{
	ck_assert(matches("/$", "/"));
	ck_assert(!matches("/$", "/a"));
	ck_assert(matches("/*.php$", "/a.php"));
	ck_assert(matches("/*.php$", "/a.php.php"));
	ck_assert(!matches("/*.php$", "/a.php?x"));
	ck_assert(!matches("/*.php$", "/a.php5"));
	ck_assert(matches("/*$", "/anything"));
	/* The part behind the star may not reach back over what is taken. */
	ck_assert(!matches("/aba*ba$", "/aba"));
	ck_assert(matches("$", "") && !matches("$", "/"));
}
END_TEST

START_TEST(special_characters_as_themselves_match_when_encoded)
{
	ck_assert(matches("/file-%2A.html", "/file-*.html"));
	ck_assert(matches("/file-%2a.html", "/file-%2A.html"));
	ck_assert(!matches("/file-%2A.html", "/file-x.html"));
	ck_assert(matches("/foo-%24", "/foo-$"));
	ck_assert(matches("/a$b", "/a$b"));
	ck_assert(!matches("/a$b", "/a"));
}
END_TEST

START_TEST(percent_encoding_makes_no_difference)
{
	ck_assert(matches("/foo/bar?baz=quz", "/foo/bar?baz=quz"));
	ck_assert(matches("/foo/bar?baz=https://foo.bar",
			  "/foo/bar?baz=https%3A%2F%2Ffoo.bar"));
	ck_assert(matches("/foo/\xe3\x83\x84", "/foo/%E3%83%84"));
	ck_assert(matches("/foo/%e3%83%84", "/foo/\xe3\x83\x84"));
	ck_assert(matches("/foo/%62%61%7A", "/foo/baz"));
	ck_assert(matches("/~joe/", "/%7Ejoe/index"));
	ck_assert(!matches("/a%2Fb", "/a/b")); /* a slash in a path is one */
	ck_assert(matches("/a%zz%4", "/a%zz%4")); /* no encoding at all */
}
END_TEST

START_TEST(lines_may_end_in_any_way_and_have_comments)
{
	static const char body[] = "\xef\xbb\xbfUser-Agent:*#all\r"
				   "  DISALLOW  :  /a # not this\r\n"
				   "disallow:/b\t\n"
				   "disallow /c\n"
				   "disallow: /d";

	ck_assert(!allows(body, "/a"));
	ck_assert(!allows(body, "/b"));
	ck_assert(allows(body, "/c"));
	ck_assert(!allows(body, "/d"));
}
END_TEST

START_TEST(delay_is_milliseconds_within_a_minute)
{
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: 10\n"), 10000);
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: 0.25\n"), 250);
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: 1.23456\n"), 1234);
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: 60\n"), 60000);
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: 61\n"), 60000);
	ck_assert_int_eq(
		delay("User-agent: *\nCrawl-delay: 99999999999999999999\n"),
		60000);
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: -1\n"), 0);
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: soon\n"), 0);
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: .5\n"), 0);
	ck_assert_int_eq(delay("User-agent: x\nCrawl-delay: 10\n"), 0);
	ck_assert_int_eq(delay("User-agent: *\nCrawl-delay: 10\n"
			       "User-agent: vigie\nCrawl-delay: 2\n"),
			 2000);
}
END_TEST

/* A rule that ends at byte `end` of the file, with more behind. */
static bool rule_that_ends_at_counts(size_t end)
{
	static const char head[] = "User-agent: *\n", rule[] = "Disallow: /";
	char *body = malloc(ROBOTS_MAX + 1000);
	struct robots *r = NULL;
	bool yes;

	memset(body, '#', ROBOTS_MAX + 1000);
	memcpy(body, head, sizeof(head) - 1);
	memcpy(body + end - 12, rule, 11);
	body[end - 13] = body[end - 1] = '\n';
	ck_assert_int_eq(robots_parse((struct str){ body, ROBOTS_MAX + 1000 },
				      ROBOTS_AGENT, &r),
			 0);
	yes = !robots_allows(r, STR("/x"));
	robots_free(r);
	free(body);
	return yes;
}

START_TEST(body_too_long_counts_up_to_the_last_whole_line)
{
	ck_assert(rule_that_ends_at_counts(ROBOTS_MAX - 1));
	ck_assert(rule_that_ends_at_counts(ROBOTS_MAX));
	ck_assert(!rule_that_ends_at_counts(ROBOTS_MAX + 1));
}
END_TEST

START_TEST(target_too_long_is_not_allowed)
{
	struct robots *r = parsed("");
	char target[8194];

	memset(target, '/', sizeof(target));
	ck_assert(robots_allows(r, (struct str){ target, 8192 }));
	ck_assert(!robots_allows(r, (struct str){ target, 8193 }));
	robots_free(r);
}
END_TEST

/* So many rules with a star, none of which matches. */
static bool allows_under(size_t rules, size_t target_n)
{
	static const char rule[] = "Disallow: *b\n";
	struct robots *r = NULL;
	struct buf body;
	char target[8192];
	bool yes;

	buf_init(&body, ROBOTS_MAX);
	buf_add_z(&body, "User-agent: *\n");
	while (rules--)
		buf_add_z(&body, rule);
	ck_assert_int_eq(buf_error(&body), 0);
	ck_assert_int_eq(robots_parse(buf_view(&body), ROBOTS_AGENT, &r), 0);
	memset(target, 'a', sizeof(target));
	target[0] = '/';
	yes = robots_allows(r, (struct str){ target, target_n });
	buf_done(&body);
	robots_free(r);
	return yes;
}

START_TEST(rules_that_cost_too_much_allow_nothing)
{
	ck_assert(allows_under(4096, 8192));
	ck_assert(!allows_under(4097, 8192));
	ck_assert(allows_under(36000, 900));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(nothing_said_allows_all),
		CHECK_TEST(group_of_ours_goes_before_that_for_all),
		CHECK_TEST(group_for_others_is_not_ours),
		CHECK_TEST(group_of_ours_without_rules_allows_all),
		CHECK_TEST(groups_of_ours_are_put_together),
		CHECK_TEST(agents_in_a_row_share_a_group),
		CHECK_TEST(longest_match_decides_allow_before_disallow),
		CHECK_TEST(robots_txt_itself_is_always_allowed),
		CHECK_TEST(pattern_matches_the_beginning),
		CHECK_TEST(pattern_star_matches_any_bytes),
		CHECK_TEST(pattern_dollar_matches_the_end),
		CHECK_TEST(special_characters_as_themselves_match_when_encoded),
		CHECK_TEST(percent_encoding_makes_no_difference),
		CHECK_TEST(lines_may_end_in_any_way_and_have_comments),
		CHECK_TEST(delay_is_milliseconds_within_a_minute),
		CHECK_TEST(body_too_long_counts_up_to_the_last_whole_line),
		CHECK_TEST(target_too_long_is_not_allowed),
		CHECK_TEST(rules_that_cost_too_much_allow_nothing),
		CHECK_END,
	};

	return check_main("robots", tests);
}

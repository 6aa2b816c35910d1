#include "ingest/robots_cache.h"

#include "tests/check_main.h"

static struct robots_cache *cache;

static void begin(void)
{
	ck_assert_int_eq(robots_cache_new(&cache), 0);
}

static struct robots_site *get(const char *origin, int64_t now)
{
	struct robots_site *site = robots_cache_get(cache, str_of(origin), now);

	ck_assert_ptr_nonnull(site);
	return site;
}

static struct robots *rules(size_t n)
{
	char *body = malloc(n);
	struct robots *r = NULL;

	memset(body, 'x', n);
	memcpy(body, "User-agent:*\nAllow:", 19);
	ck_assert_int_eq(robots_parse((struct str){ body, n }, ROBOTS_AGENT,
				      &r),
			 0);
	free(body);
	return r;
}

START_TEST(get_new_site_is_unknown)
{
	begin();
	ck_assert_int_eq(get("http://a:80", 5)->state, ROBOTS_UNKNOWN);
	robots_cache_free(cache);
}
END_TEST

START_TEST(get_answer_is_kept_for_a_day)
{
	begin();
	robots_cache_set(cache, get("a", 5), rules(100), true, 5);
	ck_assert_int_eq(get("a", 4 + ROBOTS_CACHE_DAY)->state, ROBOTS_RULES);
	ck_assert_ptr_nonnull(get("a", 6)->rules);
	ck_assert_int_eq(get("a", 5 + ROBOTS_CACHE_DAY)->state,
			 ROBOTS_UNKNOWN);
	robots_cache_set(cache, get("a", 5), NULL, true, 5);
	ck_assert_int_eq(get("a", 6)->state, ROBOTS_RULES);
	ck_assert_ptr_null(get("a", 6)->rules);
	robots_cache_free(cache);
}
END_TEST

START_TEST(get_no_answer_is_kept_for_minutes)
{
	begin();
	robots_cache_set(cache, get("a", 5), NULL, false, 5);
	ck_assert_int_eq(get("a", 4 + ROBOTS_CACHE_RETRY)->state, ROBOTS_NONE);
	ck_assert_int_eq(get("a", 5 + ROBOTS_CACHE_RETRY)->state,
			 ROBOTS_UNKNOWN);
	robots_cache_free(cache);
}
END_TEST

static void name_of(unsigned i, char name[16])
{
	snprintf(name, 16, "s%u", i);
}

START_TEST(get_one_site_too_many_forgets_the_least_used)
{
	struct robots_site *fetching;
	char name[16];

	begin();
	fetching = get("fetching", 0);
	fetching->state = ROBOTS_FETCHING;
	for (unsigned i = 1; i < ROBOTS_CACHE_MAX; i++) {
		name_of(i, name);
		robots_cache_set(cache, get(name, 0), NULL, true, 0);
	}
	get("s1", 1);
	get("one more", 1);
	ck_assert_int_eq(get("s1", 1)->state, ROBOTS_RULES);
	ck_assert_ptr_eq(get("fetching", 1), fetching);
	ck_assert_int_eq(get("s3", 1)->state, ROBOTS_RULES);
	ck_assert_int_eq(get("s2", 1)->state, ROBOTS_UNKNOWN);
	robots_cache_free(cache);
}
END_TEST

START_TEST(get_too_many_bytes_forgets_the_least_used)
{
	char name[16];
	unsigned kept = 0;

	begin();
	for (unsigned i = 0; i < 60; i++) {
		name_of(i, name);
		robots_cache_set(cache, get(name, 0), rules(400000), true, 0);
	}
	get("one more", 1);
	for (unsigned i = 59; i > 30; i--) {
		name_of(i, name);
		kept += get(name, 1)->state == ROBOTS_RULES;
	}
	ck_assert_uint_ge(kept, 15);
	ck_assert_int_eq(get("s0", 1)->state, ROBOTS_UNKNOWN);
	robots_cache_free(cache);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(get_new_site_is_unknown),
		CHECK_TEST(get_answer_is_kept_for_a_day),
		CHECK_TEST(get_no_answer_is_kept_for_minutes),
		CHECK_TEST(get_one_site_too_many_forgets_the_least_used),
		CHECK_TEST(get_too_many_bytes_forgets_the_least_used),
		CHECK_END,
	};

	return check_main("robots_cache", tests);
}

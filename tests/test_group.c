#include "ingest/group.h"

#include <errno.h>

#include "ingest/journal_frame.h"
#include "tests/check_main.h"

static struct group g;

static int add(enum journal_kind kind, const char *name, const char *value)
{
	struct journal_entry x = { .kind = kind,
				   .name = str_of(name),
				   .value = str_of(value) };

	return group_add(&g, &x);
}

static void is(enum journal_kind kind, const char *name, const char *want)
{
	struct str value;
	bool found = group_find(&g, kind, str_of(name), &value);

	ck_assert_int_eq(found, want != NULL);
	if (want)
		ck_assert(str_is(value, want));
}

START_TEST(find_the_last_of_each_kind_and_name)
{
	group_init(&g, 4096);
	is(JOURNAL_KNOWN, "a", NULL);
	add(JOURNAL_KNOWN, "a", "1");
	add(JOURNAL_POSITION, "a", "2");
	add(JOURNAL_KNOWN, "a", "3");
	add(JOURNAL_KNOWN, "", "4");
	is(JOURNAL_KNOWN, "a", "3");
	is(JOURNAL_POSITION, "a", "2");
	is(JOURNAL_KNOWN, "", "4");
	is(JOURNAL_KEY, "a", NULL);
	group_clear(&g);
	is(JOURNAL_KNOWN, "a", NULL);
	add(JOURNAL_KNOWN, "a", "5");
	is(JOURNAL_KNOWN, "a", "5");
	group_done(&g);
}
END_TEST

START_TEST(entries_stand_in_the_order_they_came)
{
	struct journal_entry x;
	struct str rest;
	char name[16], value[16];

	group_init(&g, 1 << 20);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "%d", i % 700);
		snprintf(value, sizeof(value), "%d", i);
		ck_assert_int_eq(add(JOURNAL_KNOWN, name, value), 0);
	}
	rest = buf_view(&g.entries);
	for (int i = 0; i < 1000; i++) {
		snprintf(value, sizeof(value), "%d", i);
		ck_assert_int_eq(journal_entry_next(&rest, &x), 0);
		ck_assert(str_is(x.value, value));
	}
	is(JOURNAL_KNOWN, "299", "999");
	is(JOURNAL_KNOWN, "300", "300");
	group_done(&g);
}
END_TEST

START_TEST(add_past_the_limit_leaves_the_group_as_it_was)
{
	group_init(&g, 2 * (JOURNAL_ENTRY_HEAD + 2));
	ck_assert_int_eq(add(JOURNAL_KNOWN, "a", "1"), 0);
	ck_assert_int_eq(add(JOURNAL_KNOWN, "a", "23"), -EMSGSIZE);
	is(JOURNAL_KNOWN, "a", "1");
	ck_assert_int_eq(add(JOURNAL_KNOWN, "b", "2"), 0);
	is(JOURNAL_KNOWN, "b", "2");
	group_done(&g);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(find_the_last_of_each_kind_and_name),
		CHECK_TEST(entries_stand_in_the_order_they_came),
		CHECK_TEST(add_past_the_limit_leaves_the_group_as_it_was),
		CHECK_END,
	};

	return check_main("group", tests);
}

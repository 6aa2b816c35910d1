#include "ingest/intake.h"

#include <stdio.h>

#include "ingest/state.h"
#include "tests/check_main.h"

static char folder[CHECK_PATH_MAX], path[2 * CHECK_PATH_MAX];
static struct ingest_settings set;
static struct err err;

static void begin(void)
{
	check_folder(folder);
	set = (struct ingest_settings){
		.journal = { .path = folder,
			     .group = 8,
			     .segment = 1 << 20,
			     .quota = 1 << 24 },
		.window = 64,
		.window_bytes = 1 << 20,
	};
	snprintf(path, sizeof(path), "%s/state.db", folder);
}

static struct intake *open_intake(void)
{
	struct intake *t;

	ck_assert_int_eq(intake_open(&set, &t, &err), 0);
	return t;
}

static void take(struct intake *t)
{
	struct raw raw = { .kind = RAW_JSON,
			   .place = "here",
			   .bytes = STR("{\"text\":\"words\"}") };

	ck_assert_int_eq(intake_take(t, &raw, &err), 0);
	ck_assert_int_eq(intake_commit(t, &err), 0);
}

/* The state remembers more than the journal has, which is an old copy. */
START_TEST(numbers_go_on_above_what_is_acknowledged)
{
	const uint64_t low = 1000;
	struct origin o;
	struct intake *t;
	struct state *s;

	begin();
	t = open_intake();
	take(t);
	o = intake_origin(t);
	intake_free(t);
	ck_assert_int_eq(state_open(path, o, NULL, &s, &err), 0);
	ck_assert_int_eq(state_commit(s, state_frame(s), low, true, &err), 0);
	state_free(s);

	t = open_intake();
	take(t);
	ck_assert_int_eq(intake_feed(t, 0, &err), 0);
	ck_assert_uint_eq(pending_stats(intake_pending(t)).held, 1);
	ck_assert_uint_eq(pending_stats(intake_pending(t)).low,
			  low + WIRE_WINDOW_MAX);
	intake_free(t);
	check_folder_done(folder);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(numbers_go_on_above_what_is_acknowledged),
		CHECK_END,
	};

	return check_main("intake_numbers", tests);
}

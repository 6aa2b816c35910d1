#include "ingest/seen.h"

#include "tests/check_main.h"

static struct seen seen;

static const char *path_of(int i)
{
	static char path[32];

	snprintf(path, sizeof(path), "/drop/%d.jsonl", i);
	return path;
}

START_TEST(use_keeps_thousands_apart)
{
	ck_assert_ptr_null(seen_find(&seen, "/drop/0.jsonl"));
	for (int i = 0; i < 5000; i++)
		seen_use(&seen, path_of(i))->inode = (uint64_t)i;
	ck_assert_uint_eq(seen.n, 5000);
	for (int i = 0; i < 5000; i++) {
		ck_assert_uint_eq(seen_find(&seen, path_of(i))->inode,
				  (uint64_t)i);
		ck_assert_uint_eq(seen_use(&seen, path_of(i))->inode,
				  (uint64_t)i);
	}
	ck_assert_uint_eq(seen.n, 5000);
	ck_assert_ptr_null(seen_find(&seen, path_of(5000)));
	seen_done(&seen);
}
END_TEST

START_TEST(forget_leaves_what_was_met_since)
{
	for (int i = 0; i < 1000; i++)
		seen_use(&seen, path_of(i))->walk = (uint64_t)(i % 3);
	ck_assert_int_eq(seen_forget(&seen, 1), 0);
	ck_assert_uint_eq(seen.n, 666);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(seen_find(&seen, path_of(i)) != NULL,
				 i % 3 > 0);
	ck_assert_int_eq(seen_forget(&seen, 3), 0);
	ck_assert_uint_eq(seen.n, 0);
	ck_assert_ptr_null(seen_find(&seen, path_of(1)));
	seen_done(&seen);
}
END_TEST

START_TEST(same_looks_at_inode_size_and_change)
{
	struct stat st = { .st_ino = 1, .st_size = 2 }, other;
	struct seen_file f = { 0 };

	st.st_ctim = (struct timespec){ 3, 4 };
	ck_assert(!seen_same(&f, &st));
	seen_set(&f, &st);
	ck_assert(seen_same(&f, &st));
	other = st, other.st_ino++;
	ck_assert(!seen_same(&f, &other));
	other = st, other.st_size++;
	ck_assert(!seen_same(&f, &other));
	other = st, other.st_ctim.tv_nsec++;
	ck_assert(!seen_same(&f, &other));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(use_keeps_thousands_apart),
		CHECK_TEST(forget_leaves_what_was_met_since),
		CHECK_TEST(same_looks_at_inode_size_and_change),
		CHECK_END,
	};

	return check_main("seen", tests);
}

#include "classify/scan.h"

#include <stdlib.h>

#include "tests/check_main.h"

enum { BLOCKS = 4 };

/* Every byte at every place, whatever the machine scans with. */
START_TEST(text_scans_as_its_bytes_do)
{
	for (unsigned kind = 0; kind < 4; kind++)
		for (unsigned b = 0; b < 256; b++) {
			struct scan how = { kind & 1, kind >> 1 };
			char text[SCAN_BYTES], folded[2][2 * SCAN_BYTES];
			struct scan_bits got[2], want;

			for (unsigned i = 0; i < SCAN_BYTES; i++)
				text[i] = (char)(b + i * (i % 3));
			want = scan_bytes(&how, text, folded[0]);
			scan_text(&how, (struct str){ text, SCAN_BYTES },
				  folded[1], got);
			ck_assert(got[0].plain == want.plain);
			ck_assert(got[0].other == want.other);
			ck_assert(!(got[0].plain & got[0].other));
			ck_assert_mem_eq(folded[0], folded[1], SCAN_BYTES);
			ck_assert(!got[1].plain && got[1].other == 1);
		}
}
END_TEST

START_TEST(text_of_any_length_ends_with_a_mark)
{
	struct scan how = { false, true };
	char folded[BLOCKS * SCAN_BYTES];
	struct scan_bits v[BLOCKS];

	for (size_t n = 0; n < (BLOCKS - 1) * SCAN_BYTES; n++) {
		char *text = malloc(n + 1); /* ASan guards its end */

		memset(text, 'A', n);
		ck_assert_uint_le(scan_room(n), BLOCKS);
		scan_text(&how, (struct str){ text, n }, folded, v);
		ck_assert_uint_eq(scan_next(v, 0), 0);
		ck_assert_uint_eq(scan_end(v, 0), n);
		ck_assert(scan_is_other(v, n));
		ck_assert(!n || folded[n - 1] == 'a');
		memset(text, '.', n);
		scan_text(&how, (struct str){ text, n }, folded, v);
		for (size_t i = 0; i <= n; i += 7)
			ck_assert_uint_eq(scan_next(v, i), n);
		free(text);
	}
}
END_TEST

START_TEST(what_is_other_depends_on_the_cut)
{
	const char *text = "aB-9'_\xC3\xA9 .";
	struct scan_bits v[1];
	char folded[SCAN_BYTES];

	scan_text(&(struct scan){ false, true }, str_of(text), folded, v);
	ck_assert_uint_eq(v->plain, 0x23);
	ck_assert_uint_eq(v->other, 0xDC | 1 << 10);
	ck_assert_int_eq(folded[1], 'b');
	scan_text(&(struct scan){ true, false }, str_of(text), folded, v);
	ck_assert_uint_eq(v->plain, 0x2B);
	ck_assert_uint_eq(v->other, 0xC0 | 1 << 10);
	ck_assert_int_eq(folded[1], 'B');
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(text_scans_as_its_bytes_do),
		CHECK_TEST(text_of_any_length_ends_with_a_mark),
		CHECK_TEST(what_is_other_depends_on_the_cut),
		CHECK_END,
	};

	return check_main("scan", tests);
}

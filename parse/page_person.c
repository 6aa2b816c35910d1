/* Who is a person, by the words of a name. */
#include <string.h>
#include <utf8proc.h>

#include "base/unicode.h"
#include "parse/fold.h"
#include "parse/page_found.h"

static bool is_capital(struct str word)
{
	size_t n;
	utf8proc_category_t k;

	k = utf8proc_category((utf8proc_int32_t)unicode_decode(
		word.p, word.p + word.n, &n));
	return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LO;
}

static bool is_name(struct str s)
{
	size_t words = 0, capitals = 0;

	while (s.p) {
		struct str word = str_cut(&s, ' ');

		if (!word.n)
			continue;
		words++;
		capitals += is_capital(word);
	}
	return words && words <= 5 && 2 * capitals >= words;
}

bool page_is_names(struct str names)
{
	while (names.n) {
		struct str one = str_trim(str_cut(&names, ','));

		if (!is_name(one))
			return false;
		if (!names.p)
			return true;
	}
	return false;
}

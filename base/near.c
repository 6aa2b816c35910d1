#include "base/near.h"

#include <stdint.h>
#include <string.h>

enum { NEAR_WORD_MAX = 64 };

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Damerau-Levenshtein distance in its "optimal string alignment" form:
 * insertion, deletion, substitution and the swap of neighbours cost one. */
static size_t distance(struct str a, struct str b)
{
	size_t row[3][NEAR_WORD_MAX + 1];
	size_t *before = row[0], *last = row[1], *now = row[2], *spare;

	if (a.n > NEAR_WORD_MAX || b.n > NEAR_WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t cost = a.p[i - 1] != b.p[j - 1];

			now[j] = least(last[j] + 1, now[j - 1] + 1,
				       last[j - 1] + cost);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && before[j - 2] < now[j])
				now[j] = before[j - 2] + 1;
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b.n];
}

void near_init(struct near *n, struct str typed)
{
	*n = (struct near){ typed, NULL, SIZE_MAX };
}

void near_offer(struct near *n, const char *word)
{
	size_t d = distance(n->typed, str_of(word));

	if (d < n->distance) {
		n->distance = d;
		n->best = word;
	}
}

const char *near_best(const struct near *n)
{
	/* No slip replaces every letter. */
	return n->distance < n->typed.n && n->distance <= 1 + n->typed.n / 4
		       ? n->best
		       : NULL;
}

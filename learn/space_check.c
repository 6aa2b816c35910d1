/* Do the user's own limits and moves make sense? */
#include <errno.h>

#include "learn/setting.h"
#include "learn/space.h"

static int check_keys(const struct opt_list *list, const char *option,
		      struct err *e)
{
	for (size_t i = 0; i < list->n; i++) {
		struct str rest = str_of(list->v[i]);

		while (rest.p) {
			int r = setting_check(str_trim(str_cut(&rest, ',')), e);

			if (r)
				return err_at(e, r, "--%s %s: ", option,
					      list->v[i]);
		}
	}
	return 0;
}

/* Alternatives of one --try. */
static int check_tries(struct str all, const struct recipe *r, struct arena *a,
		       struct err *e)
{
	for (int n = 0; all.p; n++) {
		struct recipe changed = *r;
		int bad = setting_apply(&changed, str_cut(&all, '|'), a, e);

		if (!bad && n == SPACE_TRIES_MAX)
			bad = err_set(e, -EINVAL,
				      "more than %d alternatives: use --try "
				      "again",
				      SPACE_TRIES_MAX);
		if (bad)
			return bad;
	}
	return 0;
}

static int check_own(const struct space *s, const struct recipe *r,
		     struct arena *a, struct err *e)
{
	for (size_t i = 0; i < s->own.n; i++) {
		int bad = check_tries(str_of(s->own.v[i]), r, a, e);

		if (bad)
			return err_at(e, bad, "--try '%s': ", s->own.v[i]);
	}
	return 0;
}

static int check_any(const struct space *s, const struct recipe *r,
		     struct arena *a, struct err *e)
{
	struct space_move m;

	for (size_t row = 0; row < space_rows(s); row++)
		for (size_t i = 0; i < space_subjects(s, r, row); i++) {
			int bad = space_move(s, r, row, i, a, &m);

			if (bad || m.n)
				return bad;
		}
	return err_set(e, -EINVAL,
		       "--only and --fix leave nothing to try: a change that "
		       "sets several keys needs leave for all of them");
}

int space_check(const struct space *s, const struct recipe *r, struct err *e)
{
	struct arena block, a;
	int bad = check_keys(&s->only, "only", e);

	if (!bad)
		bad = check_keys(&s->fix, "fix", e);
	if (bad)
		return bad;
	bad = arena_open(&block, 1 << 24);
	a = block;
	if (!bad)
		bad = check_own(s, r, &a, e);
	if (!bad)
		bad = check_any(s, r, &a, e);
	arena_close(block);
	return bad;
}

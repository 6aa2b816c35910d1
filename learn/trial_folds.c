/* What trials are scored on. */
#include <errno.h>
#include <stdlib.h>

#include "learn/trial.h"

int trial_deal_folds(struct trial_folds *ret, const struct corpus *c,
		     const uint64_t *groups, uint32_t folds, uint32_t repeats,
		     uint64_t seed)
{
	uint32_t *fold = calloc(repeats * c->n + 1, sizeof(*fold));
	int r = fold ? 0 : -ENOMEM;

	*ret = (struct trial_folds){ repeats, fold };
	for (uint32_t i = 0; i < repeats && !r; i++)
		r = folds_deal(c, groups, folds, seed + i, fold + i * c->n);
	return r;
}

int trial_read_folds(struct trial_folds *ret, const char *path,
		     const struct corpus *c, uint32_t repeats, struct err *e)
{
	struct folds_dealt d = { .fold = NULL };
	int r = folds_read(path, c, &d, e);

	if (!r && repeats > d.repeats)
		r = err_set(e, -EINVAL, "--repeats %u: %s has %u", repeats,
			    path, d.repeats);
	*ret = (struct trial_folds){ repeats ? repeats : d.repeats, d.fold };
	if (!r)
		return 0;
	folds_dealt_done(&d);
	ret->fold = NULL;
	return r;
}

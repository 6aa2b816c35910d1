/* What the three ways of showing have in common. */
#include "commands/explain.h"

#include <errno.h>
#include <string.h>

int explain_column(const struct explained *x, uint32_t column,
		   struct arena *a, struct explain_column *ret)
{
	struct spans words, flat;
	int r = evidence_find(x->m, x->j, column, a, &ret->evidence);

	if (r)
		return r;
	words = ret->evidence.words;
	flat = (struct spans){ arena_take_array(a, words.n + 1,
						sizeof(*flat.v)),
			       words.n };
	ret->told = arena_take_array(a, words.n + 1, sizeof(*ret->told));
	if (!flat.v || !ret->told)
		return -ENOMEM;
	memcpy(flat.v, words.v, words.n * sizeof(*flat.v));
	ret->flat = marks_flatten(flat);
	ret->told_count = marks_tell(x->j->field, words, ret->told);
	return 0;
}

void explain_note(const struct model *m, const struct evidence *e,
		  struct buf *out)
{
	static const char *const names[] = { "linear", "polynomial", "rbf",
					     "sigmoid" };
	uint64_t k = m->columns[e->column].kernel - 1;

	buf_printf(out,
		   "the machine has a kernel (%s): the words' shares are an "
		   "approximation, to first order at this article; with the "
		   "intercept they add up to %+.3f, the decision is %+.3f",
		   names[m->kernels[k].params.type], e->decision - e->rest,
		   e->decision);
}

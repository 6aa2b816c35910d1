/* The classify step alone, on one core: meta, title and text in, verdict and
 * keys out, no socket. See bench_rounds.h.
 *
 *	bench_classify BUNDLE FILE.jsonl [ROUNDS] */
#include "classify/classify.h"
#include "tests/bench/bench_rounds.h"

static int step_one(const struct model *m, const struct article *article,
		    struct arena a, size_t *answered, struct err *e)
{
	struct article judged = *article;
	int r = classify_step(m, 0, &a, &judged, e);

	*answered += r ? 0 : judged.verdict.n;
	return r;
}

int main(int argc, char **argv)
{
	static const struct bench b = { "bench_classify", "bytes of verdicts",
					step_one };

	return bench_main(&b, argc, argv);
}

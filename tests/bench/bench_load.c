/* Loading a bundle as a classify daemon does: copied, verified, self-tested.
 * Prints one line a round: milliseconds until it is copied and its digest and
 * tables are checked, and until the self-test is passed as well. With a folder
 * the copy is the one that all daemons share, and the first round makes it.
 *
 *	bench_load BUNDLE [ROUNDS [FOLDER]] */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "classify/model.h"

static double ms_since(int64_t begin)
{
	return (double)(clock_ns() - begin) / 1e6;
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : 5;
	const char *base = argc > 3 ? argv[3] : NULL;
	struct model *before = NULL;
	struct err e = { "" };

	for (int i = 0; i < rounds && argc > 1; i++) {
		int64_t begin = clock_ns();
		struct model *m;
		double loaded;

		if (model_load(argv[1], base, &m, &e))
			break;
		loaded = ms_since(begin);
		if (model_selftest(m, &e))
			break;
		printf("%.1f ms loaded  %.1f ms with self-test\n", loaded,
		       ms_since(begin));
		if (m->alone.text[0])
			fprintf(stderr, "bench_load: %s\n", m->alone.text);
		model_free(before); /* who loads finds the copy in use */
		before = m;
	}
	model_free(before);
	if (argc < 2 || e.text[0])
		fprintf(stderr, "bench_load: %s\n",
			argc < 2 ? "name a bundle" : e.text);
	return argc < 2 || e.text[0];
}

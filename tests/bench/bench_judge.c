/* Judging alone, on one core: UTF-8 title and text in, decision values and
 * labels out; no verdict is written. See bench_rounds.h.
 *
 *	bench_judge BUNDLE FILE.jsonl [ROUNDS] */
#include "tests/bench/bench_rounds.h"

static int judge_one(const struct model *m, const struct article *article,
		     struct arena a, size_t *answered, struct err *e)
{
	static unsigned char labels[BUNDLE_TOPICS_MAX];
	const struct str field[FIELD_COUNT] = { article->title, article->text,
						{ NULL, 0 } };
	struct judgement j;
	int r = judge_quick(m, field, &a, &j);

	(void)e;
	if (r)
		return r;
	judge_topics(m, &j, labels);
	for (uint32_t t = 0; t < m->topic_count; t++)
		*answered += labels[t];
	return 0;
}

int main(int argc, char **argv)
{
	static const struct bench b = { "bench_judge", "labels", judge_one };

	return bench_main(&b, argc, argv);
}

/* An article is judged without a call of malloc(): counted here, where the
 * allocator's doors are ours. */
#include <stdlib.h>

#include "tests/data/tiny.h"

#ifdef __SANITIZE_ADDRESS__ /* whose doors they are then */

int main(void)
{
	return 77;
}

#else

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static size_t calls;

void *malloc(size_t n)
{
	calls++;
	return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	calls++;
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	calls++;
	return __libc_realloc(p, n);
}

/* How many articles were judged; the assertions of the tests take memory
 * themselves. */
static size_t judge_all(const struct model *m, const struct tiny *t,
			struct arena scratch)
{
	size_t judged = 0;
	unsigned char given[BUNDLE_TOPICS_MAX];

	for (size_t i = 0; i < t->corpus.n; i++) {
		const struct example *x = &t->corpus.v[i];
		const struct str field[FIELD_COUNT] = { x->title, x->text,
							x->target };
		struct arena here = scratch;
		struct judgement j;

		if (judge(m, field, &here, &j))
			break;
		judge_topics(m, &j, given);
		judged++;
	}
	return judged;
}

START_TEST(judge_takes_no_memory)
{
	struct arena a;
	struct buf bundle;
	struct model *m;
	struct tiny t;
	size_t before, after, judged;

	tiny_made(&t, TINY_RECIPE "tokens: {stem: french}\n"
				  "blocks: [{of: opening}, "
				  "{of: across, cut: blanks, ngrams: [2, 3]}]\n",
		  24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	ck_assert_int_eq(arena_open(&a, JUDGE_ARENA), 0);
	judge_all(m, &t, a); /* the stemmer's room grows to its longest word */
	before = calls;
	judged = judge_all(m, &t, a);
	after = calls;
	ck_assert_uint_gt(before, 0);
	ck_assert_uint_eq(after, before);
	ck_assert_uint_eq(judged, t.corpus.n);
	arena_close(a);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(judge_takes_no_memory),
		CHECK_END,
	};

	return check_main("allocations", tests);
}

#endif

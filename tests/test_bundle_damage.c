/* Bundles that lie: 1,250 mutants of a small real one. The first thousand are
 * for the digest; of the last 250 the digest fits, so that only bounds and
 * golden values can refuse. None may be accepted that judges otherwise. */
#include <errno.h>
#include <unistd.h>

#include "classify/verdict.h"
#include "tests/data/tiny.h"

enum { MUTANTS = 250, PROBES = 40 };

#define RECIPE                                                  \
	"name: tiny\nstances: [favour, against, neutral]\n"     \
	"words: {ngrams: [1, 2], min_df: 2}\n"                  \
	"chars: {ngrams: [3, 3], min_df: 4, weight: 0.5}\n"     \
	"tokens: {stem: french, stop_words: [le, la, très]}\n" \
	"stance: {kernel: rbf}\ntitle_weight: 2\nfolds: 3\n"

struct original {
	struct tiny t;
	struct buf bytes;
	struct buf verdicts; /* of all probes */
};

static char block[4 << 20];
static unsigned state = 11;

static size_t dice(size_t n)
{
	return ((size_t)tiny_random(&state) << 15 | tiny_random(&state)) % n;
}

static json_t *golden(const struct model *m, const void *arg)
{
	json_t *o = tiny_golden(m, arg);

	json_object_set_new(o, "whole", model_whole(m));
	return o;
}

/* What it says of documents that it was not tried on, but for its name and
 * digest, which stand at the end. */
static void judge_probes(const struct model *m, const struct corpus *c,
			 struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i < PROBES; i++) {
		const struct example *x = &c->v[i % c->n];
		const struct str field[FIELD_COUNT] = { x->title, x->text,
							x->target };
		struct arena a = { block, block + sizeof(block) };
		struct judgement j;
		struct buf one, keys;
		size_t n;

		buf_init(&one, 1 << 20);
		buf_init(&keys, 1 << 20);
		ck_assert_int_eq(judge(m, field, &a, &j), 0);
		ck_assert_int_eq(verdict_write(m, &j, false, a, &one, &keys),
				 0);
		n = (size_t)(tiny_find(buf_view(&one), ",\"model\":") - one.p);
		buf_add(out, one.p, n);
		buf_add(out, keys.p, keys.n);
		buf_done(&one);
		buf_done(&keys);
	}
	ck_assert_int_eq(buf_error(out), 0);
}

static void begin(struct original *o)
{
	struct model *m;

	tiny_made(&o->t, RECIPE, 48);
	o->t.fit.extra = golden;
	o->t.fit.extra_arg = &o->t.corpus;
	tiny_bundle(&o->t, &o->bytes);
	m = tiny_view(&o->bytes);
	buf_init(&o->verdicts, 1 << 24);
	judge_probes(m, &o->t.corpus, &o->verdicts);
	model_free(m);
}

static void end(struct original *o)
{
	buf_done(&o->bytes);
	buf_done(&o->verdicts);
	tiny_done(&o->t);
}

/* Which section a byte is of; 0: the front, the padding or the trailer. */
static uint32_t section_at(const struct buf *b, size_t at)
{
	uint32_t count;
	struct bundle_section s;

	memcpy(&count, b->p + 12, 4);
	for (uint32_t i = 0; i < count; i++) {
		memcpy(&s, b->p + BUNDLE_HEAD + i * sizeof(s), sizeof(s));
		if (at >= s.at && at < s.at + s.size)
			return s.kind;
	}
	return 0;
}

enum outcome { REFUSED, FAILED_SELFTEST, ACCEPTED, CHANGED };

/* In a place of its own, so that ASan sees every step beyond. */
static enum outcome offer(const struct original *o, struct str s)
{
	char *p = malloc(s.n ? s.n : 1);
	enum outcome is = REFUSED;
	struct model *m = NULL;
	struct err e = { "" };
	struct buf verdicts;
	int r;

	memcpy(p, s.p, s.n);
	buf_init(&verdicts, 1 << 24);
	r = model_view("mutant", (struct str){ p, s.n }, &m, &e);
	if (r) {
		ck_assert_int_eq(r, -EBADMSG);
		ck_assert_uint_gt(strlen(e.text), 0);
	} else if (model_selftest(m, &e)) {
		is = FAILED_SELFTEST;
	} else {
		judge_probes(m, &o->t.corpus, &verdicts);
		is = str_eq(buf_view(&verdicts), buf_view(&o->verdicts))
			     ? ACCEPTED
			     : CHANGED;
	}
	model_free(m);
	buf_done(&verdicts);
	free(p);
	return is;
}

/* A copy that may be changed and may grow. */
static void copy(const struct original *o, struct buf *ret)
{
	buf_init(ret, 1 << 28);
	buf_add(ret, o->bytes.p, o->bytes.n);
}

START_TEST(truncated_mutants_are_refused)
{
	struct original o;

	begin(&o);
	for (int i = 0; i < MUTANTS; i++)
		ck_assert_int_eq(offer(&o, (struct str){ o.bytes.p,
							 dice(o.bytes.n) }),
				 REFUSED);
	end(&o);
}
END_TEST

START_TEST(mutants_with_flipped_bits_are_refused)
{
	struct original o;

	begin(&o);
	for (int i = 0; i < MUTANTS; i++) {
		struct buf b;

		copy(&o, &b);
		for (size_t k = 0; k <= dice(4); k++) {
			size_t at = dice(b.n);

			b.p[at] = (char)(b.p[at] ^ 1 << dice(8));
		}
		if (memcmp(b.p, o.bytes.p, b.n))
			ck_assert_int_eq(offer(&o, buf_view(&b)), REFUSED);
		else
			i--; /* flipped back */
		buf_done(&b);
	}
	end(&o);
}
END_TEST

/* Zeroed, written over another place, or taken out: what a lost page, a torn
 * copy or a broken disk makes of a file. */
static void damage_block(struct buf *b)
{
	size_t n = 1 + dice(b->n < 4096 ? b->n : 4096);
	size_t at = dice(b->n - n + 1), to = dice(b->n - n + 1);

	switch (dice(3)) {
	case 0:
		memset(b->p + at, 0, n);
		break;
	case 1:
		memmove(b->p + to, b->p + at, n);
		break;
	default:
		memmove(b->p + at, b->p + at + n, b->n - at - n);
		b->n -= n;
	}
}

START_TEST(mutants_with_damaged_blocks_are_refused)
{
	struct original o;

	begin(&o);
	for (int i = 0; i < MUTANTS; i++) {
		struct buf b;

		copy(&o, &b);
		damage_block(&b);
		if (b.n == o.bytes.n && !memcmp(b.p, o.bytes.p, b.n))
			i--; /* zeros were zeroed */
		else
			ck_assert_int_eq(offer(&o, buf_view(&b)), REFUSED);
		buf_done(&b);
	}
	end(&o);
}
END_TEST

/* A number of the front, or digits of the JSON head, to another. */
static void change_number(struct buf *b)
{
	size_t numbers = (BUNDLE_HEAD - 8) / 4, at = 8 + 4 * dice(numbers + 24);
	static const uint32_t odd[] = { 0, 1, 7, 64, UINT32_MAX, 1u << 31 };
	uint32_t x;

	if (dice(2)) {
		do
			at = dice(b->n);
		while (section_at(b, at) != BUNDLE_JSON || b->p[at] < '0' ||
		       b->p[at] > '9');
		b->p[at] =
			(char)('0' + (b->p[at] - '0' + 1 + (int)dice(9)) % 10);
		return;
	}
	memcpy(&x, b->p + at, 4);
	x = dice(2) ? odd[dice(6)] : x + (uint32_t)dice(200) - 100;
	memcpy(b->p + at, &x, 4);
}

START_TEST(mutants_with_changed_numbers_are_refused)
{
	struct original o;

	begin(&o);
	for (int i = 0; i < MUTANTS; i++) {
		struct buf b;

		copy(&o, &b);
		change_number(&b);
		if (memcmp(b.p, o.bytes.p, b.n))
			ck_assert_int_eq(offer(&o, buf_view(&b)), REFUSED);
		else
			i--;
		buf_done(&b);
	}
	end(&o);
}
END_TEST

static void damage_inside(struct buf *b)
{
	size_t at = dice(b->n - BUNDLE_TRAILER);

	switch (dice(4)) {
	case 0:
		b->p[at] = (char)dice(256);
		break;
	case 1:
		change_number(b);
		break;
	case 2:
		damage_block(b);
		break;
	default:
		b->p[at] = (char)(b->p[at] ^ 1 << dice(8));
	}
}

/* The size and the digest are made to fit. Who is accepted all the same judges
 * as before: its change is in a part of the head that is for people, or that no
 * article of the corpus meets. */
static void offer_sealed(const struct original *o, int mutants, int *count,
			 int *kinds)
{
	for (int i = 0; i < mutants; i++) {
		enum outcome is;
		uint64_t size;
		struct buf b;
		size_t at = 0;

		copy(o, &b);
		damage_inside(&b);
		size = b.n;
		if (b.n >= BUNDLE_HEAD + BUNDLE_TRAILER && b.n != o->bytes.n)
			memcpy(b.p + 16, &size, sizeof(size));
		tiny_seal(b.p, b.n);
		while (at < b.n && at < o->bytes.n && b.p[at] == o->bytes.p[at])
			at++;
		if (at == b.n) {
			i--; /* as it was */
		} else {
			is = offer(o, buf_view(&b));
			count[is]++;
			if (is == ACCEPTED || is == CHANGED)
				kinds[section_at(&o->bytes, at)]++;
			ck_assert_msg(is != CHANGED,
				      "mutant %d, changed at byte %zu (%.60s)",
				      i, at,
				      o->bytes.p + (at > 20 ? at - 20 : 0));
		}
		buf_done(&b);
	}
}

START_TEST(sealed_mutants_do_not_judge_otherwise)
{
	struct original o;
	int count[CHANGED + 1] = { 0 }, kinds[BUNDLE_KINDS] = { 0 };
	const char *more = getenv("VIGIE_MUTANTS"); /* for a long run by hand */

	begin(&o);
	offer_sealed(&o, more ? atoi(more) : MUTANTS, count, kinds);
	printf("%d refused by bounds, %d by golden values; %d judge as "
	       "before, changed in the head\n",
	       count[REFUSED], count[FAILED_SELFTEST], count[ACCEPTED]);
	ck_assert_int_eq(count[ACCEPTED], kinds[BUNDLE_JSON]);
	ck_assert_int_gt(count[FAILED_SELFTEST], MUTANTS / 10);
	end(&o);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(truncated_mutants_are_refused),
		CHECK_TEST(mutants_with_flipped_bits_are_refused),
		CHECK_TEST(mutants_with_damaged_blocks_are_refused),
		CHECK_TEST(mutants_with_changed_numbers_are_refused),
		CHECK_TEST(sealed_mutants_do_not_judge_otherwise),
		CHECK_END,
	};

	return check_main("bundle_damage", tests);
}

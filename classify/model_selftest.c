/* Judge again what the trainer has judged, and compare: articles, which show
 * that text is read as it was in training; and a vector that has every term of
 * the model, so that no weight goes unlooked at. What is smaller than rounding
 * shows in a hash of tables and settings. */
#include "classify/model.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "classify/judge.h"
#include "classify/model_parts.h"

/* Other machines may round otherwise: relative, and absolute below 1. */
static const double GOLDEN_ROOM = 1e-9, WHOLE_ROOM = 1e-11;

static int compare(const struct model *m, const json_t *want,
		   const double *have, const char *gives, double room,
		   struct err *e)
{
	if (json_array_size(want) != m->column_count)
		return model_damaged(e, "the values of its self-test");
	for (uint32_t c = 0; c < m->column_count; c++) {
		double w = json_number_value(json_array_get(want, c));

		if (!(fabs(w - have[c]) <= room * fmax(1, fabs(w))))
			return err_set(e, -EBADMSG,
				       "fails its self-test: column %u %s "
				       "%.12g where training gave %.12g",
				       c, gives, have[c], w);
	}
	return 0;
}

static struct str text_member(const json_t *o, const char *name)
{
	json_t *v = json_object_get(o, name);

	return (struct str){ json_string_value(v), json_string_length(v) };
}

static int selftest_one(const struct model *m, const json_t *golden,
			struct arena scratch, struct err *e)
{
	json_t *scores = json_object_get(golden, "scores");
	struct str field[FIELD_COUNT] = { text_member(golden, "title"),
					  text_member(golden, "text"),
					  text_member(golden, "target") };
	struct judgement j;
	int r = judge(m, field, &scratch, &j);

	return r ? r : compare(m, scores, j.decision, "gives", GOLDEN_ROOM, e);
}

/* 1/2 to 3/2, by the term's name, its key and how many documents had it. */
static double part_of(const struct model *m, const struct tfidf_slot *s)
{
	uint64_t h = hash_xx(model_term(m, s->term), s->hash + s->df);

	return 0.5 + (double)(h >> 11) * 0x1p-53;
}

/* Slots are in the order of hashes, names in that of terms, which is no order
 * to each other: memory is asked for some slots ahead, first for where a name
 * is, then for the name. (In a function of its own the compiler takes that for
 * nothing done, and leaves it out.) */
static void multiply_parts(const struct model *m, struct feat *x)
{
	enum { NEAR = 32, FAR = 64 };
	const struct tfidf_slot *slots = m->tfidf.slots;
	uint64_t mask = m->tfidf.slot_mask;

	for (uint64_t i = 0; i <= mask; i++) {
		uint32_t near = slots[(i + NEAR) & mask].term;
		uint32_t far = slots[(i + FAR) & mask].term;

		if (far != TFIDF_NONE)
			__builtin_prefetch(m->name_at + far);
		if (near != TFIDF_NONE) {
			__builtin_prefetch(m->name_bytes + m->name_at[near]);
			__builtin_prefetch(x + near, 1);
		}
		if (slots[i].term != TFIDF_NONE)
			x[slots[i].term].value *= part_of(m, &slots[i]);
	}
}

/* Each term once, times its part. */
static int judge_whole(const struct model *m, struct arena *a,
		       struct judgement *j)
{
	uint32_t n = m->tfidf.terms;
	struct count *v = arena_take_array(a, n + 1, sizeof(*v));
	struct feat *x = arena_take_array(a, n + 1, sizeof(*x));

	if (!v || !x)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		v[i] = (struct count){ i, 1 };
	j->counts = (struct counts){ v, n, NULL };
	tfidf_weigh(&m->tfidf, j->counts, x);
	multiply_parts(m, x);
	j->x = x;
	return judge_decide(m, a, j);
}

/* What becomes of a decision value: threshold and calibration, in a number.
 * (A threshold may be infinite: such a topic is never given, or always.) */
static double fold_column(const struct model *m, uint32_t column)
{
	const struct bundle_column *c = &m->columns[column];
	double sum = fmax(-1e9, fmin(1e9, c->threshold)) + M_SQRT2 * c->a +
		     M_PI * c->b;

	for (uint32_t i = 0; i < c->knots; i++) {
		const struct bundle_knot *k = &m->knots[c->knot + i];

		sum += (i + 1) * (M_LN2 * k->decision + M_E * k->probability);
	}
	return sum;
}

static double *fold_columns(const struct model *m, struct arena *a)
{
	double *v = arena_take_array(a, m->column_count, sizeof(*v));

	for (uint32_t c = 0; v && c < m->column_count; c++)
		v[c] = fold_column(m, c);
	return v;
}

static json_t *reals(const double *v, size_t n)
{
	json_t *all = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(all, json_real(v[i]));
	return all;
}

/* The tables, and what the head says of how they are used; as hexadecimal. */
static int write_hash(const struct model *m, char out[17])
{
	static const char *const used[] = { "tokens", "features", "tfidf",
					    "topics", "stance" };
	uint64_t h = m->tables;

	for (size_t i = 0; i < sizeof(used) / sizeof(*used); i++) {
		char *z = json_dumps(json_object_get(m->head, used[i]),
				     JSON_COMPACT | JSON_SORT_KEYS);

		if (!z)
			return -ENOMEM;
		h = hash_xx(str_of(z), h);
		free(z);
	}
	snprintf(out, 17, "%016llx", (unsigned long long)h);
	return 0;
}

json_t *model_whole(const struct model *m)
{
	struct judgement j = { .x = NULL };
	char hash[17];
	json_t *o = NULL;
	struct arena a;
	double *columns;

	if (arena_open(&a, JUDGE_ARENA))
		return NULL;
	columns = fold_columns(m, &a);
	if (columns && !judge_whole(m, &a, &j) && !write_hash(m, hash))
		o = json_pack("{s:o, s:o, s:s}", "decisions",
			      reals(j.decision, m->column_count), "columns",
			      reals(columns, m->column_count), "hash", hash);
	arena_close(a);
	return o;
}

static int selftest_whole(const struct model *m, const json_t *whole,
			  struct arena scratch, struct err *e)
{
	struct judgement j = { .x = NULL };
	double *columns = fold_columns(m, &scratch);
	struct str want = text_member(whole, "hash");
	int r = columns ? judge_whole(m, &scratch, &j) : -ENOMEM;
	char hash[17];

	if (!r)
		r = compare(m, json_object_get(whole, "decisions"), j.decision,
			    "with every term gives", WHOLE_ROOM, e);
	if (!r)
		r = compare(m, json_object_get(whole, "columns"), columns,
			    "is calibrated to", WHOLE_ROOM, e);
	if (!r)
		r = write_hash(m, hash);
	if (!r && !str_eq(want, str_of(hash)))
		r = err_set(e, -EBADMSG,
			    "fails its self-test: tables or settings are not "
			    "those that training wrote");
	return r;
}

int model_selftest(const struct model *m, struct err *e)
{
	json_t *golden = json_object_get(m->head, "golden");
	json_t *whole = json_object_get(m->head, "whole");
	struct arena a;
	int r = arena_open(&a, JUDGE_ARENA);

	for (size_t i = 0; i < json_array_size(golden) && !r; i++)
		r = selftest_one(m, json_array_get(golden, i), a, e);
	if (!r && whole) /* those made before vigie 0.2 have none */
		r = selftest_whole(m, whole, a, e);
	arena_close(a);
	return r;
}

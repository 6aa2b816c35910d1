#include "classify/verdict.h"

#include <errno.h>
#include <math.h>

#include "tests/data/targets.h"

static char block[1 << 21];

/* A model of two topics and two stances that knows no term: what it decides is
 * set by the test. */
static struct bundle_column columns[6];
static struct model_topic topics[] = { { "cloud" }, { "marché" } };
static double decisions[6];

static struct model by_hand(void)
{
	for (size_t i = 0; i < 6; i++)
		columns[i] = (struct bundle_column){ .a = -1 };
	return (struct model){ .name = "hand", .id = "abc", .topics = topics,
			       .topic_count = 2, .stance_count = 2,
			       .stances = { "favour", "against" },
			       .column_count = 6, .columns = columns };
}

/* The members as an object, and the keys. */
static json_t *write_in(struct arena a, const struct model *m,
			const struct judgement *j, bool scores, char keys[256])
{
	struct buf out, lines, whole;
	struct err e = { "" };
	json_t *o;

	buf_init(&out, 1 << 20);
	buf_init(&lines, 1 << 20);
	buf_init(&whole, 1 << 20);
	ck_assert_int_eq(verdict_write(m, j, scores, a, &out, &lines), 0);
	buf_printf(&whole, "{" STR_FMT "}", STR_ARG(buf_view(&out)));
	o = json_parse(buf_view(&whole), &e);
	ck_assert_msg(o != NULL, "%s: " STR_FMT, e.text,
		      STR_ARG(buf_view(&whole)));
	snprintf(keys, 256, STR_FMT, STR_ARG(buf_view(&lines)));
	buf_done(&out);
	buf_done(&lines);
	buf_done(&whole);
	return o;
}

static json_t *write_it(const struct model *m, const struct judgement *j,
			bool scores, char keys[256])
{
	return write_in((struct arena){ block, block + sizeof(block) }, m, j,
			scores, keys);
}

static json_t *topic_at(const json_t *o, size_t i)
{
	return json_array_get(json_object_get(o, "topics"), i);
}

static const char *text_at(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

START_TEST(write_no_topic_is_none)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];
	json_t *o = write_it(&m, &j, false, keys);

	ck_assert_str_eq(keys, "none\n");
	ck_assert_uint_eq(json_array_size(json_object_get(o, "topics")), 0);
	ck_assert_str_eq(text_at(o, "model"), "hand@sha256:abc");
	ck_assert_ptr_null(json_object_get(o, "scores"));
	json_decref(o);
}
END_TEST

START_TEST(write_topics_with_stance_and_probability)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];
	json_t *o, *t;

	decisions[0] = decisions[1] = 2;
	decisions[2] = 1; /* cloud: favour */
	decisions[5] = 3; /* marché: against */
	o = write_it(&m, &j, false, keys);
	ck_assert_str_eq(keys, "cloud.favour\nmarché.against\n");
	t = topic_at(o, 1);
	ck_assert_str_eq(text_at(t, "topic"), "marché");
	ck_assert_str_eq(text_at(t, "stance"), "against");
	ck_assert_double_eq_tol(
		json_number_value(json_object_get(t, "probability")),
		1 / (1 + exp(-2)), 1e-4);
	ck_assert_double_eq_tol(
		json_number_value(json_object_get(t, "stance_probability")),
		1 / (1 + exp(-3)) / (1 / (1 + exp(-3)) + 0.5), 1e-4);
	ck_assert(json_is_array(json_object_get(t, "because")));
	ck_assert(json_is_array(json_object_get(t, "stance_because")));
	json_decref(o);
}
END_TEST

START_TEST(write_stance_below_its_bound_is_unsure)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];
	json_t *o;

	decisions[0] = 1;
	decisions[2] = 0.1;
	m.unsure = 0.6;
	o = write_it(&m, &j, false, keys);
	ck_assert_str_eq(keys, "cloud.unsure\n");
	ck_assert_str_eq(text_at(topic_at(o, 0), "stance"), "unsure");
	json_decref(o);
}
END_TEST

START_TEST(write_without_stances_has_none)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];
	json_t *o;

	m.stance_count = 0;
	m.column_count = 2;
	decisions[1] = 1;
	o = write_it(&m, &j, true, keys);
	ck_assert_str_eq(keys, "marché\n");
	ck_assert_ptr_null(json_object_get(topic_at(o, 0), "stance"));
	ck_assert_ptr_null(json_object_get(topic_at(o, 0), "stance_because"));
	ck_assert_uint_eq(json_object_size(json_object_get(o, "scores")), 2);
	json_decref(o);
}
END_TEST

START_TEST(write_scores_are_all_decisions_to_the_bit)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];
	json_t *o, *s;

	for (size_t i = 0; i < 6; i++)
		decisions[i] = -1.0 / (double)(3 + i);
	o = write_it(&m, &j, true, keys);
	s = json_object_get(o, "scores");
	ck_assert_uint_eq(json_object_size(s), 6);
	ck_assert(json_real_value(json_object_get(s, "cloud")) == decisions[0]);
	ck_assert(json_real_value(json_object_get(s, "cloud.against")) ==
		  decisions[3]);
	ck_assert(json_real_value(json_object_get(s, "marché.favour")) ==
		  decisions[4]);
	json_decref(o);
}
END_TEST

START_TEST(write_what_is_not_finite_is_null)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];
	json_t *o;

	decisions[0] = INFINITY;
	decisions[1] = decisions[4] = NAN;
	o = write_it(&m, &j, true, keys);
	ck_assert(json_is_null(json_object_get(json_object_get(o, "scores"),
					       "cloud")));
	json_decref(o);
}
END_TEST

/* A span is the bytes that it speaks of. Returns its field. */
static enum field quotes(const json_t *span,
			 const struct str fields[FIELD_COUNT])
{
	static const char *const names[] = { "title", "text", "target" };
	size_t start = (size_t)json_integer_value(
		json_object_get(span, "start"));
	size_t end = (size_t)json_integer_value(json_object_get(span, "end"));
	int f = 0;

	while (f < FIELD_COUNT && strcmp(text_at(span, "field"), names[f]))
		f++;
	ck_assert_int_lt(f, FIELD_COUNT);
	ck_assert_uint_lt(start, end);
	ck_assert_uint_le(end, fields[f].n);
	ck_assert(str_is((struct str){ fields[f].p + start, end - start },
			 text_at(span, "text")));
	ck_assert_double_gt(json_number_value(json_object_get(span, "weight")),
			    0);
	return (enum field)f;
}

/* Judge an example and count, field by field, the spans that speak for its
 * topics or, by "stance_because", its stances. */
static void judge_and_count(const struct model *m, const struct example *x,
			    const char *because, size_t spans[FIELD_COUNT],
			    char keys[256])
{
	const struct str fields[FIELD_COUNT] = { x->title, x->text,
						 x->target };
	struct arena a = { block, block + sizeof(block) };
	struct judgement j;
	json_t *o, *topic, *span;
	size_t k, s;

	ck_assert_int_eq(judge(m, fields, &a, &j), 0);
	o = write_in(a, m, &j, false, keys);
	json_array_foreach(json_object_get(o, "topics"), k, topic)
	json_array_foreach(json_object_get(topic, because), s, span) {
		spans[quotes(span, fields)]++;
		ck_assert_uint_lt(s, 5);
	}
	json_decref(o);
}

START_TEST(write_because_quotes_the_article)
{
	struct buf bundle;
	struct tiny t;
	struct model *m;
	size_t spans[FIELD_COUNT] = { 0 };
	char keys[256];

	tiny_made(&t, TINY_RECIPE, 24);
	tiny_bundle(&t, &bundle);
	m = tiny_view(&bundle);
	for (size_t i = 0; i < t.corpus.n; i++)
		judge_and_count(m, &t.corpus.v[i], "because", spans, keys);
	ck_assert_uint_gt(spans[FIELD_TITLE], 0);
	ck_assert_uint_gt(spans[FIELD_TEXT], 20);
	ck_assert_uint_eq(spans[FIELD_TARGET], 0);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

/* The stance is towards the target alone, which was given: of the topic there
 * is nothing to say. */
START_TEST(write_target_has_a_stance_alone)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];
	json_t *o, *t;

	m.targets = BUNDLE_TARGETS_TOPICS;
	j.field[FIELD_TARGET] = STR("marché");
	decisions[0] = 2;
	decisions[5] = 3;
	o = write_it(&m, &j, true, keys);
	ck_assert_str_eq(keys, "marché.against\n");
	ck_assert_uint_eq(json_array_size(json_object_get(o, "topics")), 1);
	t = topic_at(o, 0);
	ck_assert_str_eq(text_at(t, "topic"), "marché");
	ck_assert_str_eq(text_at(t, "stance"), "against");
	ck_assert(json_is_array(json_object_get(t, "stance_because")));
	ck_assert_ptr_null(json_object_get(t, "probability"));
	ck_assert_ptr_null(json_object_get(t, "because"));
	t = json_object_get(o, "scores");
	ck_assert_uint_eq(json_object_size(t), 4);
	ck_assert_double_eq(json_number_value(json_object_get(
				    t, "marché.against")), 3);
	json_decref(o);
}
END_TEST

START_TEST(write_target_that_is_no_topic_is_none)
{
	static const char *const targets[] = { "", "march", "marché " };
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];

	m.targets = BUNDLE_TARGETS_TOPICS;
	decisions[0] = decisions[1] = 2;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		json_t *o;

		j.field[FIELD_TARGET] = str_of(targets[i]);
		o = write_it(&m, &j, false, keys);
		ck_assert_str_eq(keys, "none\n");
		ck_assert_uint_eq(json_array_size(json_object_get(o, "topics")),
				  0);
		json_decref(o);
	}
}
END_TEST

START_TEST(write_target_that_is_text_is_the_one_topic)
{
	struct model_topic one = { "target" };
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	char keys[256];
	json_t *o;

	m.targets = BUNDLE_TARGETS_TEXT;
	m.topics = &one;
	m.topic_count = 1;
	m.column_count = 3;
	decisions[1] = 1;
	j.field[FIELD_TARGET] = STR("Hillary Clinton");
	o = write_it(&m, &j, false, keys);
	ck_assert_str_eq(keys, "target.favour\n");
	ck_assert_str_eq(text_at(topic_at(o, 0), "topic"), "target");
	ck_assert_ptr_null(json_object_get(topic_at(o, 0), "probability"));
	json_decref(o);
	j.field[FIELD_TARGET] = STR("");
	json_decref(write_it(&m, &j, false, keys));
	ck_assert_str_eq(keys, "none\n");
}
END_TEST

START_TEST(write_target_of_a_learnt_topic)
{
	struct buf bundle;
	struct tiny t;
	struct model *m = targets_model(&t, TARGETS_TOPICS, 24, &bundle);
	size_t spans[FIELD_COUNT] = { 0 };
	char keys[256], want[64];

	for (size_t i = 0; i < t.corpus.n; i++) {
		judge_and_count(m, &t.corpus.v[i], "stance_because", spans,
				keys);
		snprintf(want, sizeof(want), "%s.%s\n", tiny_topics[i % 3],
			 tiny_stances[i / 3 % 2]);
		ck_assert_str_eq(keys, want);
	}
	ck_assert_uint_gt(spans[FIELD_TEXT], 20);
	ck_assert_uint_eq(spans[FIELD_TARGET], 0);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

START_TEST(write_target_that_is_read_is_quoted)
{
	struct buf bundle;
	struct tiny t;
	struct model *m = targets_model(&t, TARGETS_TEXT, 24, &bundle);
	size_t spans[FIELD_COUNT] = { 0 };
	char keys[256];

	for (size_t i = 0; i < t.corpus.n; i++) {
		judge_and_count(m, &t.corpus.v[i], "stance_because", spans,
				keys);
		ck_assert_str_eq(keys, i / 3 % 2 ? "target.against\n"
						 : "target.favour\n");
	}
	ck_assert_uint_ge(spans[FIELD_TARGET], t.corpus.n);
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

/* Neither by order nor by case; four digits. */
START_TEST(write_unknown_words_are_the_part_that_the_model_lacks)
{
	static const struct {
		const char *text;
		double part;
	} texts[] = {
		{ "", 0 },
		{ "Projet ministre", 0 },
		{ "projet zzz", 0.5 },
		{ "zzz projet yyy", 0.6667 },
		{ "zzz zzz zzz.", 1 },
	};
	struct buf bundle;
	struct tiny t;
	struct model *m = targets_model(&t, TARGETS_TOPICS, 24, &bundle);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena a = { block, block + sizeof(block) };
		const struct str fields[FIELD_COUNT] = {
			STR(""), str_of(texts[i].text), STR("market")
		};
		struct judgement j;
		char keys[256];
		json_t *o;

		ck_assert_int_eq(judge(m, fields, &a, &j), 0);
		o = write_in(a, m, &j, false, keys);
		ck_assert_double_eq(json_number_value(json_object_get(
					    o, "unknown_words")),
				    texts[i].part);
		json_decref(o);
	}
	model_free(m);
	buf_done(&bundle);
	tiny_done(&t);
}
END_TEST

START_TEST(write_unknown_words_stand_before_the_model)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	struct buf out, keys;

	buf_init(&out, 4096);
	buf_init(&keys, 4096);
	ck_assert_int_eq(verdict_write(&m, &j, true,
				       (struct arena){ block,
						       block + sizeof(block) },
				       &out, &keys), 0);
	ck_assert(str_ends(buf_view(&out),
			   STR("},\"unknown_words\":0,"
			       "\"model\":\"hand@sha256:abc\"")));
	buf_done(&out);
	buf_done(&keys);
}
END_TEST

START_TEST(write_past_the_ceiling_is_told)
{
	struct model m = by_hand();
	struct judgement j = { .decision = decisions };
	struct buf out, keys;
	size_t whole = 0;
	int r;

	decisions[0] = decisions[1] = 1;
	for (size_t max = 0; max < 4096; max++) {
		struct arena a = { block, block + sizeof(block) };

		buf_init(&out, max);
		buf_init(&keys, 1 << 16);
		r = verdict_write(&m, &j, true, a, &out, &keys);
		ck_assert(r == 0 || r == -EMSGSIZE);
		if (!r && !whole)
			whole = out.n;
		ck_assert_int_eq(!r, whole > 0);
		buf_done(&out);
		buf_done(&keys);
	}
	buf_init(&out, 1 << 16);
	buf_init(&keys, 10);
	ck_assert_int_eq(verdict_write(&m, &j, false,
				       (struct arena){ block,
						       block + sizeof(block) },
				       &out, &keys), -EMSGSIZE);
	buf_done(&out);
	buf_done(&keys);
}
END_TEST

START_TEST(none_names_the_model)
{
	struct model m = by_hand();
	struct buf out;

	buf_init(&out, 256);
	verdict_none(&m, &out);
	ck_assert(str_is(buf_view(&out),
			 "\"topics\":[],\"unknown_words\":null,"
			 "\"model\":\"hand@sha256:abc\""));
	buf_done(&out);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(write_no_topic_is_none),
		CHECK_TEST(write_topics_with_stance_and_probability),
		CHECK_TEST(write_stance_below_its_bound_is_unsure),
		CHECK_TEST(write_without_stances_has_none),
		CHECK_TEST(write_scores_are_all_decisions_to_the_bit),
		CHECK_TEST(write_what_is_not_finite_is_null),
		CHECK_TEST(write_because_quotes_the_article),
		CHECK_TEST(write_target_has_a_stance_alone),
		CHECK_TEST(write_target_that_is_no_topic_is_none),
		CHECK_TEST(write_target_that_is_text_is_the_one_topic),
		CHECK_TEST(write_target_of_a_learnt_topic),
		CHECK_TEST(write_target_that_is_read_is_quoted),
		CHECK_TEST(
			write_unknown_words_are_the_part_that_the_model_lacks),
		CHECK_TEST(write_unknown_words_stand_before_the_model),
		CHECK_TEST(write_past_the_ceiling_is_told),
		CHECK_TEST(none_names_the_model),
		CHECK_END,
	};

	return check_main("verdict", tests);
}

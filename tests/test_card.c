#include "learn/card.h"

#include <math.h>

#include "tests/data/tiny.h"

struct fixture {
	struct tiny t;
	struct buf bundle;
	struct model *m;
};

static void open_it(struct fixture *f, const char *yaml)
{
	tiny_made(&f->t, yaml, 24);
	tiny_bundle(&f->t, &f->bundle);
	f->m = tiny_view(&f->bundle);
}

static void close_it(struct fixture *f)
{
	model_free(f->m);
	buf_done(&f->bundle);
	tiny_done(&f->t);
}

static const json_t *at(const json_t *o, const char *a, const char *b)
{
	o = json_object_get(o, a);
	return b ? json_object_get(o, b) : o;
}

static const char *text_at(const json_t *o, const char *a, const char *b)
{
	const char *z = json_string_value(at(o, a, b));

	return z ? z : "(nothing)";
}

/* The page as one text; the caller frees it. */
static char *page(const json_t *card)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	ck_assert_ptr_nonnull(out);
	card_print(card, out);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

START_TEST(settings_have_their_names)
{
	struct fixture f;
	json_t *card, *block;

	open_it(&f, TINY_RECIPE "stance: {kernel: rbf}\nthreshold: f1\n"
				"blocks: [{name: opener, of: opening, cut: "
				"marks, count: once, fields: [text], first: 9, "
				"machine: svm}]\n");
	card = card_make(f.m, "x/tiny.vigie", 3);
	ck_assert_str_eq(text_at(card, "file", NULL), "x/tiny.vigie");
	ck_assert_str_eq(text_at(card, "sha256", NULL), f.m->id);
	ck_assert_str_eq(text_at(card, "topics", "targets"), "none");
	ck_assert_str_eq(text_at(card, "recipe", "threshold"), "f1");
	ck_assert_str_eq(text_at(at(card, "recipe", NULL), "topic", "kernel"),
			 "linear");
	ck_assert_str_eq(text_at(at(card, "recipe", NULL), "stance", "kernel"),
			 "rbf");
	block = json_array_get(at(card, "blocks", NULL), 2);
	ck_assert_str_eq(text_at(block, "of", NULL), "opening");
	ck_assert_str_eq(text_at(block, "cut", NULL), "marks");
	ck_assert_str_eq(text_at(block, "count", NULL), "once");
	ck_assert_str_eq(text_at(block, "machine", NULL), "svm");
	ck_assert_uint_eq(json_array_size(at(block, "fields", NULL)), 1);
	ck_assert_int_gt(json_integer_value(at(block, "terms", NULL)), 0);
	json_decref(card);
	close_it(&f);
}
END_TEST

/* Against all weights of the column, sorted. */
static int falling(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

static void check_side(const struct fixture *f, const json_t *side,
		       uint32_t column, double sign, size_t top)
{
	uint32_t terms = f->m->tfidf.terms;
	double *w = calloc(terms, sizeof(*w));

	for (uint32_t t = 0; t < terms; t++)
		w[t] = sign * f->m->weights[(size_t)t * f->m->column_count +
					    column];
	qsort(w, terms, sizeof(*w), falling);
	ck_assert_uint_le(json_array_size(side), top);
	for (size_t i = 0; i < top && w[i] > 0; i++)
		ck_assert(json_number_value(at(json_array_get(side, i),
					       "weight", NULL)) ==
			  sign * w[i]);
	free(w);
}

START_TEST(terms_are_the_heaviest)
{
	static const size_t tops[] = { 1, 7, 100000 };

	for (size_t i = 0; i < 3; i++) {
		struct fixture f;
		json_t *card;

		open_it(&f, TINY_RECIPE);
		card = card_make(f.m, "x", tops[i]);
		ck_assert_uint_eq(json_array_size(at(card, "columns", NULL)),
				  f.m->column_count);
		for (uint32_t c = 0; c < f.m->column_count; c++) {
			json_t *o = json_array_get(at(card, "columns", NULL),
						   c);
			size_t top = tops[i] < CARD_TOP_MAX ? tops[i]
							    : CARD_TOP_MAX;

			check_side(&f, at(o, "for", NULL), c, 1, top);
			check_side(&f, at(o, "against", NULL), c, -1, top);
			ck_assert((at(o, "threshold", NULL) != NULL) ==
				  (c < f.m->topic_count));
		}
		json_decref(card);
		close_it(&f);
	}
}
END_TEST

START_TEST(no_terms_are_none)
{
	struct fixture f;
	json_t *card;
	char *text;

	open_it(&f, TINY_RECIPE);
	card = card_make(f.m, "x", 0);
	ck_assert_ptr_null(
		at(json_array_get(at(card, "columns", NULL), 0), "for", NULL));
	text = page(card);
	ck_assert_ptr_null(strstr(text, "  for  "));
	ck_assert_ptr_nonnull(strstr(text, "sovereignty, favour: intercept"));
	free(text);
	json_decref(card);
	close_it(&f);
}
END_TEST

START_TEST(kernels_have_support_vectors_instead)
{
	struct fixture f;
	json_t *card;
	char *text;

	open_it(&f, TINY_RECIPE "topic: {kernel: rbf}\n");
	card = card_make(f.m, "x", 3);
	ck_assert_ptr_null(
		at(json_array_get(at(card, "columns", NULL), 0), "for", NULL));
	text = page(card);
	ck_assert_ptr_nonnull(strstr(text, "support vectors"));
	free(text);
	json_decref(card);
	close_it(&f);
}
END_TEST

/* Each member of the head that an opened model does not look at, taken
 * away. */
START_TEST(page_without_a_member_is_a_page)
{
	static const char *const names[] = { "recipe",    "fields",
					     "figures",   "documents",
					     "data_sha256", "tokens",
					     "tfidf" };
	struct fixture f;

	open_it(&f, TINY_RECIPE);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		json_t *card;
		char *text;

		json_object_del(f.m->head, names[i]);
		card = card_make(f.m, "x", 3);
		ck_assert_ptr_nonnull(card);
		text = page(card);
		ck_assert_ptr_nonnull(strstr(text, f.m->id));
		ck_assert_ptr_nonnull(strstr(text, "sovereignty: intercept"));
		free(text);
		json_decref(card);
	}
	close_it(&f);
}
END_TEST

START_TEST(page_shows_date_and_figures_where_there_are)
{
	static const char figures[] =
		"{\"documents\":24,\"topics\":{\"macro_f1\":0.8125,"
		"\"labels\":{\"market\":{\"precision\":0.25,\"recall\":0.5,"
		"\"f1\":0.375,\"support\":12}}}}";
	struct fixture f;
	json_t *card;
	char *text;

	open_it(&f, TINY_RECIPE);
	json_object_set_new(f.m->head, "date", json_string("2026-01-02"));
	json_object_set_new(f.m->head, "figures",
			    json_loads(figures, 0, NULL));
	card = card_make(f.m, "x", 3);
	text = page(card);
	ck_assert_ptr_nonnull(strstr(text, "2026-01-02"));
	ck_assert_ptr_nonnull(strstr(text, "macro F1 0.812"));
	ck_assert_ptr_nonnull(strstr(text, "0.250   0.500   0.375       12"));
	free(text);
	json_decref(card);
	close_it(&f);
}
END_TEST

START_TEST(page_stays_within_its_width)
{
	struct fixture f;
	json_t *card;
	struct str rest;
	char *text;

	open_it(&f, TINY_RECIPE);
	card = card_make(f.m, "x", 15);
	text = page(card);
	rest = str_of(text);
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		size_t width = 0;

		for (size_t i = 0; i < line.n; i++)
			width += (line.p[i] & 0xC0) != 0x80;
		ck_assert_msg(width <= 80, STR_FMT, STR_ARG(line));
	}
	free(text);
	json_decref(card);
	close_it(&f);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(settings_have_their_names),
		CHECK_TEST(terms_are_the_heaviest),
		CHECK_TEST(no_terms_are_none),
		CHECK_TEST(kernels_have_support_vectors_instead),
		CHECK_TEST(page_without_a_member_is_a_page),
		CHECK_TEST(page_shows_date_and_figures_where_there_are),
		CHECK_TEST(page_stays_within_its_width),
		CHECK_END,
	};

	return check_main("card", tests);
}

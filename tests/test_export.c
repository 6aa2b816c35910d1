#include "learn/export.h"

#include <errno.h>
#include <libsvm/svm.h>

#include "tests/data/tiny.h"

static char block[1 << 23];

struct fixture {
	char folder[CHECK_PATH_MAX];
	struct tiny t;
	struct buf bundle;
	struct model *m;
	struct export_file *v;
	size_t n;
};

static void open_it(struct fixture *f, const char *yaml)
{
	struct err e = { "" };
	int n;

	check_folder(f->folder);
	tiny_made(&f->t, yaml, 24);
	tiny_bundle(&f->t, &f->bundle);
	f->m = tiny_view(&f->bundle);
	n = export_list(f->m, &f->v, &e);
	ck_assert_msg(n > 0, "%s", e.text);
	f->n = (size_t)n;
}

static void close_it(struct fixture *f)
{
	free(f->v);
	model_free(f->m);
	buf_done(&f->bundle);
	tiny_done(&f->t);
	check_folder_done(f->folder);
}

static const struct export_file *find(const struct fixture *f,
				      const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->v[i].name, name))
			return &f->v[i];
	ck_abort_msg("there is no %s", name);
	return NULL;
}

static struct svm_model *load(const struct fixture *f,
			      const struct export_file *file)
{
	char path[CHECK_PATH_MAX];
	struct svm_model *model;
	struct buf b;

	buf_init(&b, 1 << 28);
	export_model(f->m, file, &b);
	ck_assert_int_eq(buf_error(&b), 0);
	check_file(f->folder, file->name, b.p, b.n, path);
	model = svm_load_model(path);
	ck_assert_ptr_nonnull(model);
	ck_assert_int_eq(svm_get_nr_class(model), file->count == 1
							  ? 2
							  : (int)file->count);
	buf_done(&b);
	return model;
}

/* The vector as svm-predict would read it. */
static struct svm_node *nodes(struct str line, double *label)
{
	struct svm_node *x = calloc(line.n, sizeof(*x));
	char *at = (char *)line.p;
	size_t n = 0;

	*label = strtod(at, &at);
	while (*at == ' ') {
		x[n].index = (int)strtol(at, &at, 10);
		ck_assert_int_eq(*at, ':');
		x[n].value = strtod(at + 1, &at);
		ck_assert(!n || x[n].index > x[n - 1].index);
		n++;
	}
	ck_assert_int_eq(*at, '\n');
	x[n].index = -1;
	return x;
}

/* What vigie says of the column, or of those that exclude each other. */
static int want(const struct fixture *f, const struct export_file *file,
		const struct judgement *j)
{
	uint32_t best = 0;

	if (file->count == 1)
		return j->decision[file->first] >
				       (file->first < f->m->topic_count &&
							!f->m->one_of
						? f->m->columns[file->first]
							  .threshold
						: 0)
			       ? 1
			       : -1;
	for (uint32_t i = 1; i < file->count; i++)
		if (j->decision[file->first + i] >
		    j->decision[file->first + best])
			best = i;
	return (int)best + 1;
}

static void agree_on(const struct fixture *f, const struct export_file *file)
{
	struct svm_model *model = load(f, file);
	struct buf line;

	buf_init(&line, 1 << 24);
	for (size_t i = 0; i < f->t.corpus.n; i++) {
		struct arena a = { block, block + sizeof(block) };
		struct judgement j;
		struct svm_node *x;
		double label, value[16];

		tiny_judge(f->m, &f->t.corpus.v[i], &a, &j);
		buf_clear(&line);
		ck_assert_int_eq(export_vector(f->m, &j, file, 7, a, &line),
				 0);
		buf_add_char(&line, '\0');
		x = nodes(buf_view(&line), &label);
		ck_assert(label == 7);
		ck_assert_msg((int)svm_predict_values(model, x, value) ==
				      want(f, file, &j),
			      "%s, document %zu", file->name, i);
		if (file->count == 1 && file->first >= f->m->topic_count)
			TINY_ASSERT_NEAR(value[0],
					 j.decision[file->first]);
		free(x);
	}
	buf_done(&line);
	svm_free_and_destroy_model(&model);
}

static void libsvm_agrees(const char *yaml, size_t files)
{
	struct fixture f;

	open_it(&f, yaml);
	ck_assert_uint_eq(f.n, files);
	for (size_t i = 0; i < f.n; i++)
		agree_on(&f, &f.v[i]);
	close_it(&f);
}

/* 3 topics, 9 stances on them, 3 of stances that exclude each other. */
START_TEST(libsvm_says_the_same_of_linear_machines)
{
	libsvm_agrees(TINY_RECIPE, 15);
}
END_TEST

START_TEST(libsvm_says_the_same_of_kernels)
{
	libsvm_agrees(TINY_RECIPE "topic: {kernel: rbf, gamma: 0.8}\n"
				  "stance: {kernel: poly, degree: 2, coef0: 1}"
				  "\ncopy_weight: 0.5\n",
		      15);
	libsvm_agrees(TINY_RECIPE "topic: {kernel: sigmoid, gamma: 0.5}\n",
		      15);
}
END_TEST

START_TEST(libsvm_says_the_same_of_supervised_weights)
{
	libsvm_agrees(TINY_RECIPE
		      "blocks: [{name: own, supervised: bayes, machine: svm}]\n"
		      "topic: {solver: liblinear}\n"
		      "stance: {solver: liblinear}\n",
		      15);
}
END_TEST

START_TEST(threshold_is_in_rho)
{
	struct fixture f;
	const struct export_file *file;
	struct bundle_column *c;
	struct svm_model *model;

	open_it(&f, TINY_RECIPE);
	file = find(&f, "topic-2-partnership");
	c = (struct bundle_column *)&f.m->columns[file->first];
	c->threshold = 0.3;
	model = load(&f, file);
	ck_assert_double_eq_tol(model->rho[0], 0.3 - c->intercept, 1e-15);
	/* The probability is that of the decision value all the same. */
	ck_assert_double_eq_tol(model->probB[0], c->b + 0.3 * c->a, 1e-15);
	ck_assert_double_eq_tol(model->probA[0], c->a, 1e-15);
	svm_free_and_destroy_model(&model);
	agree_on(&f, file);
	close_it(&f);
}
END_TEST

START_TEST(topics_that_exclude_each_other_vote)
{
	struct fixture f;

	tiny_made(&f.t, TINY_RECIPE, 24);
	tiny_bundle(&f.t, &f.bundle);
	f.m = tiny_view(&f.bundle);
	f.m->one_of = true;
	check_folder(f.folder);
	f.n = (size_t)export_list(f.m, &f.v, NULL);
	ck_assert_uint_eq(f.n, 16);
	agree_on(&f, find(&f, "topics"));
	agree_on(&f, find(&f, "topic-1-sovereignty"));
	close_it(&f);
}
END_TEST

START_TEST(kernels_that_differ_do_not_vote)
{
	struct fixture f;
	struct export_file *v;

	open_it(&f, TINY_RECIPE "stance: {kernel: rbf}\n");
	ck_assert_uint_eq(f.n, 15);
	f.m->kernels[1].params.gamma *= 2;
	ck_assert_int_eq(export_list(f.m, &v, NULL), 12);
	free(v);
	close_it(&f);
}
END_TEST

START_TEST(a_kernel_beside_weights_is_refused)
{
	struct fixture f;
	struct export_file *v;
	struct err e = { "" };

	open_it(&f, TINY_RECIPE "topic: {kernel: rbf}\n");
	((double *)f.m->weights)[0] = 1;
	ck_assert_int_eq(export_list(f.m, &v, &e), -EINVAL);
	ck_assert_ptr_nonnull(strstr(e.text, "topic-1-sovereignty"));
	close_it(&f);
}
END_TEST

START_TEST(names_are_safe_and_differ)
{
	static struct model_topic topics[] = {
		{ "../../etc/passwd" }, { "a b" }, { "A/B" }, { "--" },
		{ "été 2026" },
		{ "0123456789012345678901234567890123456789012345678901234567"
		  "8901234567890123456789012345678901234567890123456789" },
	};
	static double weights[1];
	static struct bundle_column columns[6 * 3];
	struct model m = { .topics = topics, .topic_count = 6,
			   .stance_count = 2, .stances = { "für", "/" },
			   .column_count = 18, .columns = columns,
			   .weights = weights };
	struct export_file *v;
	int n = export_list(&m, &v, NULL);

	ck_assert_int_eq(n, 6 + 12 + 6);
	for (int i = 0; i < n; i++) {
		size_t k = strlen(v[i].name);

		ck_assert_uint_lt(k, EXPORT_NAME_MAX - 8);
		ck_assert_uint_eq(strspn(v[i].name,
					 "abcdefghijklmnopqrstuvwxyz"
					 "0123456789-"),
				  k);
		for (int l = 0; l < i; l++)
			ck_assert_str_ne(v[i].name, v[l].name);
	}
	ck_assert_str_eq(v[0].name, "topic-1-etc-passwd");
	ck_assert_str_eq(v[3].name, "topic-4");
	ck_assert_str_eq(v[6].name, "stance-1-1-etc-passwd-f-r");
	ck_assert_str_eq(v[18].name, "stances-1-etc-passwd");
	free(v);
}
END_TEST

START_TEST(labels_are_what_the_file_counts)
{
	unsigned char labels[] = { 2, 0, CORPUS_NO_STANCE };
	struct example x = { .labels = labels }, none = { .labels = NULL };
	struct fixture f;

	open_it(&f, TINY_RECIPE);
#define LABEL(name, x) export_label(f.m, find(&f, name), x)
	ck_assert_int_eq(LABEL("topic-1-sovereignty", &x), 1);
	ck_assert_int_eq(LABEL("topic-2-partnership", &x), -1);
	ck_assert_int_eq(LABEL("topic-3-market", &x), 1);
	ck_assert_int_eq(LABEL("stance-1-1-sovereignty-favour", &x), -1);
	ck_assert_int_eq(LABEL("stance-1-2-sovereignty-against", &x), 1);
	ck_assert_int_eq(LABEL("stances-1-sovereignty", &x), 2);
	ck_assert_int_eq(LABEL("stances-2-partnership", &x), 0);
	ck_assert_int_eq(LABEL("stance-3-1-market-favour", &x), 0);
	ck_assert_int_eq(LABEL("topic-1-sovereignty", &none), 0);
#undef LABEL
	close_it(&f);
}
END_TEST

START_TEST(vocabulary_is_a_line_a_term)
{
	struct fixture f;
	struct buf b;
	struct str rest;
	uint32_t n = 0;

	open_it(&f, TINY_RECIPE);
	buf_init(&b, 1 << 24);
	ck_assert_int_eq(export_vocabulary(f.m, &b), 0);
	rest = buf_view(&b);
	str_cut(&rest, '\n');
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		struct str index = str_cut(&line, '\t');
		struct str name = str_cut(&line, '\t');
		struct str term = str_cut(&line, '\t');
		struct str df = str_cut(&line, '\t');

		ck_assert_int_eq(atoi(index.p), (int)n + 1);
		ck_assert(str_is(name,
				 n < f.m->tfidf.block[0].end ? "words"
							     : "chars"));
		ck_assert(str_eq(term, model_term(f.m, n)));
		ck_assert_int_gt(atoi(df.p), 1);
		ck_assert(strtod(line.p, NULL) == f.m->tfidf.idf[n]);
		n++;
	}
	ck_assert_uint_eq(n, f.m->tfidf.terms);
	buf_done(&b);
	close_it(&f);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_is_an_error)
{
	struct fixture f;
	struct err e = { "" };

	open_it(&f, TINY_RECIPE);
	ck_assert_int_eq(export_folder(f.m, "/nonexistent/x", NULL, &e),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, "/nonexistent/x"));
	close_it(&f);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(libsvm_says_the_same_of_linear_machines),
		CHECK_TEST(libsvm_says_the_same_of_kernels),
		CHECK_TEST(libsvm_says_the_same_of_supervised_weights),
		CHECK_TEST(threshold_is_in_rho),
		CHECK_TEST(topics_that_exclude_each_other_vote),
		CHECK_TEST(kernels_that_differ_do_not_vote),
		CHECK_TEST(a_kernel_beside_weights_is_refused),
		CHECK_TEST(names_are_safe_and_differ),
		CHECK_TEST(labels_are_what_the_file_counts),
		CHECK_TEST(vocabulary_is_a_line_a_term),
		CHECK_TEST(a_folder_that_cannot_be_made_is_an_error),
		CHECK_END,
	};

	return check_main("export", tests);
}

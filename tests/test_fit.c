#include "learn/fit.h"

#include <errno.h>
#include <libsvm/svm.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "classify/gradient.h"
#include "learn/complement.h"
#include "learn/gram.h"
#include "learn/machines.h"
#include "learn/ratios.h"
#include "tests/data/allocations.h"
#include "tests/data/memory.h"
#include "tests/data/targets.h"

static char block[1 << 24];

/* Processes that cannot be started, or that die. */
enum { DIES_BY_CODE = 1, DIES_BY_SIGNAL };
static int forks_left = -1, child_dies;

pid_t __libc_fork(void);

pid_t fork(void)
{
	pid_t pid;

	if (!forks_left) {
		errno = EAGAIN;
		return -1;
	}
	forks_left -= forks_left > 0;
	pid = __libc_fork();
	if (!pid && child_dies == DIES_BY_CODE)
		_exit(3);
	if (!pid && child_dies == DIES_BY_SIGNAL)
		kill(getpid(), SIGKILL);
	return pid;
}

/* The problems of a fit, put to LIBSVM directly. Rows are explicit: a topic
 * row is the document's vector; a joint row that vector, the topic's own copy
 * of it, and the topic's constant. */
struct reference {
	const struct feat *x[512];
	size_t doc[512];
	uint32_t topic[512];
	unsigned char stance[512];
	size_t n;
	uint32_t terms;
};

static size_t length(const struct feat *x)
{
	size_t n = 0;

	while (x[n].index >= 0)
		n++;
	return n;
}

static const struct feat *joint(const struct tiny *t, const struct feat *x,
				uint32_t topic, uint32_t terms, struct arena *a)
{
	double w = t->recipe.copy_weight;
	size_t n = length(x);
	struct feat *z = arena_take_array(a, 2 * n + 2, sizeof(*z));

	for (size_t i = 0; i < n; i++) {
		z[i] = x[i];
		z[n + i] = (struct feat){
			(int)((topic + 1) * terms) + x[i].index, w * x[i].value
		};
	}
	z[2 * n] = (struct feat){
		(int)((t->corpus.topic_count + 1) * terms + topic), 1
	};
	z[2 * n + 1].index = -1;
	return z;
}

static double dot(const struct feat *p, const struct feat *q)
{
	double sum = 0;

	while (p->index >= 0 && q->index >= 0)
		if (p->index == q->index)
			sum += p++->value * q++->value;
		else if (p->index < q->index)
			p++;
		else
			q++;
	return sum;
}

static double kernel(const struct recipe_machine *m, double pq, double pp,
		     double qq)
{
	struct kernel_params k = { (uint32_t)m->kernel, (int)m->degree,
				   m->gamma, m->coef0 };

	return kernel_value(&k, pq, pp, qq);
}

/* Inner products of joint rows as fit.c makes them, to the last bit: LIBSVM's
 * path depends on it. That the explicit rows give the same is tested too. */
static double inner(const struct tiny *t, const struct reference *r,
		    const struct gram *dots, size_t i, size_t j,
		    bool stance)
{
	double own = t->recipe.copy_weight * t->recipe.copy_weight;
	double d = *gram_at(dots, r->doc[i], r->doc[j]), whole;

	whole = stance && r->topic[i] == r->topic[j] ? d * (1 + own) + 1 : d;
	if (fabs(whole - dot(r->x[i], r->x[j])) > 1e-12)
		ck_abort_msg("rows %zu and %zu", i, j);
	return whole;
}

static void silent(const char *line)
{
	(void)line;
}

/* Train on y with this machine's settings, and give the decision value of z:
 * by svm_predict_values(). */
struct direct {
	struct svm_problem prob;
	struct svm_model *m;
	struct svm_node *nodes;
};

static void direct_train(struct direct *d, const struct tiny *t,
			 const struct reference *r, const struct gram *dots,
			 const struct recipe_machine *set,
			 const signed char *y, bool stance)
{
	static int label[] = { 1, -1 };
	static double weight[2];
	static struct svm_parameter p;
	size_t n = r->n, positives = 0;
	struct svm_node *at = calloc(n * (n + 2), sizeof(*at));

	d->nodes = at;
	d->prob = (struct svm_problem){ (int)n, calloc(n, sizeof(double)),
					calloc(n, sizeof(at)) };
	for (size_t i = 0; i < n; i++) {
		double pp = inner(t, r, dots, i, i, stance);

		d->prob.x[i] = at;
		d->prob.y[i] = y[i];
		positives += y[i] > 0;
		*at++ = (struct svm_node){ 0, (double)i + 1 };
		for (size_t j = 0; j < n; j++)
			*at++ = (struct svm_node){
				(int)j + 1,
				kernel(set,
				       inner(t, r, dots, i, j, stance),
				       i < j ? inner(t, r, dots, j, j,
						     stance)
					     : pp,
				       i < j ? pp
					     : inner(t, r, dots, j, j,
						     stance))
			};
		*at++ = (struct svm_node){ -1, 0 };
	}
	weight[0] = (double)n / (2 * (double)positives);
	weight[1] = (double)n / (2 * ((double)n - (double)positives));
	p = (struct svm_parameter){
		.svm_type = C_SVC, .kernel_type = PRECOMPUTED,
		.cache_size = 256, .eps = 1e-4, .C = set->c, .nr_weight = 2,
		.weight_label = label, .weight = weight, .shrinking = 1,
	};
	srand((unsigned)t->recipe.seed);
	d->m = svm_train(&d->prob, &p);
}

static double direct_decide(const struct direct *d, const struct reference *r,
			    const struct recipe_machine *set,
			    const struct feat *z)
{
	static struct svm_node row[600];
	double value;

	row[0] = (struct svm_node){ 0, 0 };
	for (size_t i = 0; i < r->n; i++)
		row[i + 1] = (struct svm_node){
			(int)i + 1, kernel(set, dot(r->x[i], z), dot(z, z),
					   dot(r->x[i], r->x[i]))
		};
	row[r->n + 1] = (struct svm_node){ -1, 0 };
	svm_predict_values(d->m, row, &value);
	return d->m->label[0] * value;
}

static void direct_done(struct direct *d)
{
	svm_free_and_destroy_model(&d->m);
	free(d->prob.x);
	free(d->prob.y);
	free(d->nodes);
}

static const char *const unseen[][2] = {
	{ "", "" },
	{ "Gaia-X", "le partenariat dénonce la souveraineté européenne" },
	{ "rien", "des mots que nul n'a lus" },
	{ "marché", "marché marché S3NS qu'hélas l'atout" },
};

/* Those of the corpus, then those unseen. */
static struct example document(const struct tiny *t, size_t i)
{
	size_t n = t->corpus.n;

	return i < n ? t->corpus.v[i]
		     : tiny_example(unseen[i - n][0], unseen[i - n][1]);
}

/* Decisions of one machine's columns over all documents and texts unseen. */
static void compare_machine(const struct tiny *t, const struct model *m,
			    const struct reference *r, const struct gram *dots,
			    uint32_t machine, struct arena a)
{
	uint32_t topics = t->corpus.topic_count;
	bool stance = machine >= topics;
	const struct recipe_machine *set = stance ? &t->recipe.stance
						  : &t->recipe.topic;
	signed char y[512];
	struct direct d;

	for (size_t i = 0; i < r->n; i++)
		y[i] = (stance ? r->stance[i] == 1 + machine - topics
			       : t->corpus.v[r->doc[i]].labels[machine] != 0)
			       ? 1
			       : -1;
	direct_train(&d, t, r, dots, set, y, stance);
	for (size_t i = 0; i < dots->n + 4; i++) {
		struct arena here = a;
		struct example x = document(t, i);
		struct judgement j;

		tiny_judge(m, &x, &here, &j);
		for (uint32_t q = 0; q < (stance ? topics : 1); q++) {
			uint32_t column = stance ? topics +
							   q * m->stance_count +
							   machine - topics
						 : machine;
			const struct feat *z =
				stance ? joint(t, j.x, q, r->terms, &here)
				       : j.x;

			TINY_ASSERT_NEAR(j.decision[column],
					 direct_decide(&d, r, set, z));
		}
	}
	direct_done(&d);
}

static void compare(const char *yaml)
{
	struct arena a = { block, block + sizeof(block) };
	static struct reference topic_rows, stance_rows;
	const struct feat *x[512];
	struct vocabulary v;
	struct model *m;
	struct tiny t;
	struct buf b;
	struct err e = { "" };
	struct gram dots;

	svm_set_print_string_function(silent);
	tiny_made(&t, yaml, 30);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	ck_assert_int_eq(vocabulary_fit(&v, &t.terms, &t.recipe, t.use, &e), 0);
	memset(&topic_rows, 0, sizeof(topic_rows));
	memset(&stance_rows, 0, sizeof(stance_rows));
	topic_rows.terms = stance_rows.terms = v.tfidf.terms;
	for (size_t i = 0; i < t.corpus.n; i++) {
		struct counts c = vocabulary_counts(&v, t.terms.docs[i], &a);
		struct feat *f = arena_take_array(&a, c.n + 1, sizeof(*f));

		tfidf_weigh(&v.tfidf, c, f);
		x[i] = topic_rows.x[i] = f;
		topic_rows.doc[topic_rows.n++] = i;
		for (uint32_t k = 0; k < t.corpus.topic_count; k++) {
			size_t n = stance_rows.n;

			if (!t.corpus.v[i].labels[k])
				continue;
			stance_rows.x[n] = joint(&t, f, k, v.tfidf.terms, &a);
			stance_rows.doc[n] = i;
			stance_rows.topic[n] = k;
			stance_rows.stance[n] = t.corpus.v[i].labels[k];
			stance_rows.n++;
		}
	}
	ck_assert_int_eq(gram_new(&dots, x, t.corpus.n, v.tfidf.terms), 0);
	for (uint32_t i = 0; i < 6; i++)
		compare_machine(&t, m, i < 3 ? &topic_rows : &stance_rows,
				&dots, i, a);
	gram_done(&dots);
	vocabulary_free(&v);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}

START_TEST(bundle_linear_equals_svm_predict_values)
{
	compare(TINY_RECIPE);
}
END_TEST

START_TEST(bundle_linear_copies_weighed_equals_svm_predict_values)
{
	compare(TINY_RECIPE "copy_weight: 0.5\nstance: {c: 10}\n"
			    "topic: {c: 0.1}\n");
}
END_TEST

START_TEST(bundle_rbf_equals_svm_predict_values)
{
	compare(TINY_RECIPE "topic: {kernel: rbf, gamma: 0.7}\n"
			    "stance: {kernel: rbf, gamma: 0.4}\n");
}
END_TEST

START_TEST(bundle_poly_and_sigmoid_equal_svm_predict_values)
{
	compare(TINY_RECIPE
		"topic: {kernel: poly, degree: 2, gamma: 0.8, coef0: 1}\n"
		"stance: {kernel: sigmoid, gamma: 0.5, coef0: 0.1}\n");
}
END_TEST

START_TEST(bundle_mixed_kernels_equal_svm_predict_values)
{
	compare(TINY_RECIPE "topic: {kernel: rbf}\n");
}
END_TEST

/* Where kernel values do not fit the rows themselves go to the solver. What is then judged
 * is compared with LIBSVM on the same rows by its own linear kernel. */
START_TEST(bundle_without_memory_equals_svm_predict_values)
{
	enum { N = 601 };
	static struct svm_node nodes[N][4], *rows[N];
	static double y[N];
	static int label[] = { 1, -1 };
	struct arena a = { block, block + sizeof(block) };
	double weight[2];
	struct svm_parameter p = {
		.svm_type = C_SVC, .kernel_type = LINEAR, .cache_size = 256,
		.eps = 1e-4, .C = 1, .nr_weight = 2, .weight_label = label,
		.weight = weight, .shrinking = 1,
	};
	struct svm_problem prob = { N, y, rows };
	struct svm_model *s;
	struct model *m;
	struct tiny t;
	struct buf b;
	double positives = 0;

	buf_init(&b, 1 << 24);
	for (int i = 0; i < N; i++)
		buf_printf(&b, "{\"text\":\"%s w%c\",\"topics\":[%s]}\n",
			   i % 3 ? "cloud" : "meteo", 'a' + i % 20,
			   i % 3 ? "\"t\"" : "");
	tiny_open(&t, "words: {ngrams: [1, 1]}\ntopic: {solver: libsvm}\n",
		  buf_view(&b));
	buf_done(&b);
	memory_pages = 1;
	tiny_bundle(&t, &b);
	memory_pages = 0;
	m = tiny_view(&b);
	for (int i = 0; i < N; i++) {
		struct arena here = a;
		struct judgement j;
		size_t k = 0;

		tiny_judge(m, &t.corpus.v[i], &here, &j);
		for (; k < j.counts.n; k++)
			nodes[i][k] = (struct svm_node){ j.x[k].index + 1,
							 j.x[k].value };
		nodes[i][k].index = -1;
		rows[i] = nodes[i];
		y[i] = t.corpus.v[i].labels[0] ? 1 : -1;
		positives += y[i] > 0;
	}
	weight[0] = N / (2 * positives);
	weight[1] = N / (2 * (N - positives));
	svm_set_print_string_function(silent);
	srand(1);
	s = svm_train(&prob, &p);
	for (int i = 0; i < N; i += 97) {
		struct arena here = a;
		struct judgement j;
		double want;

		tiny_judge(m, &t.corpus.v[i], &here, &j);
		svm_predict_values(s, rows[i], &want);
		TINY_ASSERT_NEAR(j.decision[0], s->label[0] * want);
	}
	svm_free_and_destroy_model(&s);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* The decision value of a document by its definition: the machine's weights
 * over the document as the machine sees it, and naive Bayes' over all of it. */
struct defined {
	struct row_set s;
	struct machines m;
	double *bayes; /* [machines][terms] */
};

/* Of one_of topics, of each topic and its absence, of stances. */
static void define_bayes(struct defined *d, const struct tiny *t)
{
	uint32_t topics = t->corpus.topic_count;
	uint32_t terms = d->s.vocabulary.tfidf.terms;
	uint32_t stances = (uint32_t)t->corpus.stances.n;
	static double two[2 << 14];
	static uint32_t class_of[512];
	const struct rows *rows = &d->s.topic;

	ck_assert_uint_le(terms, 1 << 14);
	for (uint32_t k = 0; k < topics; k++) {
		for (size_t i = 0; i < rows->n; i++)
			if (!t->recipe.one_of)
				class_of[i] = !t->corpus.v[rows->v[i].doc]
						       .labels[k];
			else if (t->corpus.v[rows->v[i].doc].labels[k])
				class_of[i] = k;
		if (!t->recipe.one_of) {
			complement_fit(&d->s, rows, class_of, 2,
				       t->recipe.topic.bayes_alpha, two);
			memcpy(d->bayes + (size_t)k * terms, two,
			       terms * sizeof(*two));
		}
	}
	if (t->recipe.one_of)
		complement_fit(&d->s, rows, class_of, topics,
			       t->recipe.topic.bayes_alpha, d->bayes);
	rows = &d->s.stance;
	for (size_t i = 0; i < rows->n; i++)
		class_of[i] = rows->v[i].stance - 1u;
	if (stances)
		complement_fit(&d->s, rows, class_of, stances,
			       t->recipe.stance.bayes_alpha,
			       d->bayes + (size_t)topics * terms);
}

static void define(struct defined *d, const struct tiny *t)
{
	struct err e = { "" };

	ck_assert_int_eq(rows_make(&d->s, &t->corpus, &t->terms, &t->recipe,
				   t->use, &e), 0);
	ck_assert_int_eq(machines_solve(&d->m, &d->s, 1, &e), 0);
	d->bayes = calloc((size_t)d->m.n * d->s.vocabulary.tfidf.terms,
			  sizeof(double));
	define_bayes(d, t);
}

static void defined_done(struct defined *d)
{
	free(d->bayes);
	machines_free(&d->m);
	rows_free(&d->s);
}

static double weigh(const double *w, size_t stride, const struct feat *x)
{
	double sum = 0;

	for (; x->index >= 0; x++)
		sum += w[(size_t)x->index * stride] * x->value;
	return sum;
}

static double decide(const struct defined *d, uint32_t machine, uint32_t topic,
		     const struct feat *base, struct arena a)
{
	const struct machine *m = &d->m.v[machine];
	const struct tfidf *f = &d->s.vocabulary.tfidf;
	struct feat *x = arena_take_array(&a, length(base) + 1, sizeof(*x));
	const struct feat *seen;

	if (machine_is_trivial(m))
		return *m->intercept;
	if (m->scale)
		ratios_apply(f, m->scale, base, x);
	else
		memcpy(x, base, (length(base) + 1) * sizeof(*x));
	seen = rows_svm_part(&d->s, x, &a);
	if (m->rows == &d->s.stance)
		seen = rows_joint(&d->s, seen, topic, &a);
	return *m->intercept + weigh(m->result, m->stride, seen) +
	       m->set->bayes * weigh(d->bayes + (size_t)machine * f->terms, 1,
				     base);
}

/* Every column over every document, and over texts unseen. */
static void compare_defined(const struct tiny *t)
{
	struct arena a = { block, block + sizeof(block) };
	uint32_t topics = t->corpus.topic_count;
	uint32_t stances = (uint32_t)t->corpus.stances.n;
	struct tiny copy = *t;
	struct defined d;
	struct model *m;
	struct buf b;

	tiny_bundle(&copy, &b);
	m = tiny_view(&b);
	define(&d, t);
	for (size_t i = 0; i < t->corpus.n + 4; i++) {
		struct example x = document(t, i);
		struct arena here = a;
		struct judgement j;

		tiny_judge(m, &x, &here, &j);
		for (uint32_t c = 0; c < m->column_count; c++) {
			uint32_t k = c < topics ? c : (c - topics) / stances;

			TINY_ASSERT_NEAR(j.decision[c],
					 decide(&d, model_machine(m, c), k,
						j.x, here));
		}
	}
	defined_done(&d);
	model_free(m);
	buf_done(&b);
}

static void compare_with_definition(const char *yaml)
{
	struct tiny t;

	tiny_made(&t, yaml, 30);
	compare_defined(&t);
	tiny_done(&t);
}

START_TEST(bundle_supervised_equals_its_definition)
{
	compare_with_definition(
		TINY_RECIPE
		"blocks: [{of: opening, supervised: bayes, machine: svm},"
		" {of: across, cut: blanks, ngrams: [2, 3], min_df: 3,"
		" supervised: relevance, mix: 0.5, weight: 0.5,"
		" machine: svm}]\ncopy_weight: 0.5\nstance: {loss: squared}\n");
}
END_TEST

START_TEST(bundle_without_norm_equals_its_definition)
{
	compare_with_definition(
		"stances: [favour, against, neutral]\n"
		"words: {supervised: relevance, machine: svm, norm: false, "
		"count: once, weight: 0.25}\n");
}
END_TEST

START_TEST(bundle_with_naive_bayes_equals_its_definition)
{
	compare_with_definition(TINY_RECIPE "topic: {bayes: 0.5}\n"
					    "stance: {bayes: 2, "
					    "bayes_alpha: 1}\n");
}
END_TEST

START_TEST(bundle_of_either_machine_equals_its_definition)
{
	compare_with_definition(
		TINY_RECIPE
		"blocks: [{of: opening, machine: svm, supervised: bayes},"
		" {of: across, ngrams: [3, 3], machine: bayes, count: plain},"
		" {cut: plain, machine: svm}]\n"
		"topic: {bayes: 0.25}\nstance: {bayes: 1}\n");
}
END_TEST

START_TEST(bundle_of_one_topic_each_with_naive_bayes)
{
	struct tiny t;

	tiny_open(&t, "one_of: true\ntopic: {bayes: 0.5, bayes_alpha: 1}\n"
		      "words: {idf: 0.5}\n",
		  STR("{\"text\":\"aa bb cc\",\"topics\":\"x\"}\n"
		      "{\"text\":\"aa aa dd\",\"topics\":\"x\"}\n"
		      "{\"text\":\"cc ee ee\",\"topics\":\"y\"}\n"
		      "{\"text\":\"ee ff bb\",\"topics\":\"y\"}\n"
		      "{\"text\":\"ff gg aa\",\"topics\":\"z\"}\n"));
	compare_defined(&t);
	tiny_done(&t);
}
END_TEST

static void compare_targets(const char *yaml, bool as_text)
{
	struct tiny t;
	struct buf b;

	buf_init(&b, 1 << 20);
	targets_lines(&b, 36, as_text);
	tiny_open(&t, yaml, buf_view(&b));
	buf_done(&b);
	compare_defined(&t);
	tiny_done(&t);
}

START_TEST(bundle_of_targets_equals_its_definition)
{
	compare_targets(TARGETS_TOPICS, false);
	compare_targets(TARGETS_TEXT, true);
	compare_targets(TARGETS_TOPICS "copy_weight: 2\nstance: {bayes: 1}\n"
				       "topic: {bayes: 1}\n", false);
	compare_targets(TARGETS_TEXT "blocks: [{supervised: bayes, "
				     "machine: svm, fields: [target]}]\n"
				     "stance: {bayes: 1}\n", true);
}
END_TEST

START_TEST(bundle_again_and_with_more_jobs_is_the_same)
{
	static const char *const yamls[] = {
		TINY_RECIPE "topic: {kernel: rbf}\n",
		TINY_RECIPE
		"blocks: [{of: opening, supervised: bayes, machine: svm}, "
		"{of: across, cut: marks, ngrams: [3, 3], machine: bayes}]\n"
		"topic: {bayes: 0.5}\nstance: {bayes: 0.5}\n",
	};

	for (int i = 0; i < 2; i++) {
		struct tiny t, u;
		struct buf a, b, c;

		tiny_made(&t, yamls[i], 48);
		tiny_made(&u, yamls[i], 48); /* elsewhere */
		ck_assert_str_ne(t.folder, u.folder);
		tiny_bundle(&t, &a);
		t.fit.jobs = 2;
		tiny_bundle(&t, &b);
		u.fit.jobs = 5;
		tiny_bundle(&u, &c);
		ck_assert_uint_eq(a.n, b.n);
		ck_assert_uint_eq(a.n, c.n);
		ck_assert_mem_eq(a.p, b.p, a.n);
		ck_assert_mem_eq(a.p, c.p, a.n);
		buf_done(&a);
		buf_done(&b);
		buf_done(&c);
		tiny_done(&t);
		tiny_done(&u);
	}
}
END_TEST

/* In what is trained on, or at all. */
static void never_given(const char *yaml)
{
	struct judgement j;
	struct model *m;
	struct tiny t;
	struct buf b;

	tiny_made(&t, yaml, 24);
	for (size_t i = 0; i < t.corpus.n; i++)
		if (t.corpus.v[i].labels[1])
			t.use[i] = 0;
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	for (size_t i = 0; i < t.corpus.n; i++) {
		struct arena a = { block, block + sizeof(block) };

		tiny_judge(m, &t.corpus.v[i], &a, &j);
		ck_assert(j.decision[1] == -1 && j.decision[3] == -1);
	}
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}

#define FOUR_TOPICS                                              \
	"topics: [sovereignty, partnership, market, weather]\n" \
	"stances: [favour, against, neutral]\n"

START_TEST(bundle_topic_without_example_is_never_given)
{
	never_given(FOUR_TOPICS);
	never_given(FOUR_TOPICS "topic: {bayes: 10}\n");
	never_given(FOUR_TOPICS "words: {supervised: bayes, machine: svm}\n");
}
END_TEST

START_TEST(bundle_topic_of_all_is_always_given)
{
	struct arena a = { block, block + sizeof(block) };
	struct example x = tiny_example("", "zz");
	struct judgement j;
	struct model *m;
	struct tiny t;
	struct buf b;

	tiny_open(&t, "topics: [t]\n",
		  STR("{\"text\":\"aa bb\",\"topics\":[\"t\"]}\n"
		      "{\"text\":\"cc dd\",\"topics\":[\"t\"]}\n"));
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	tiny_judge(m, &x, &a, &j);
	ck_assert(j.decision[0] == 1);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(bundle_stances_that_no_document_has)
{
	struct arena a = { block, block + sizeof(block) };
	struct example x = tiny_example("", "aa");
	struct judgement j;
	struct model *m;
	struct tiny t;
	struct buf b;
	double p;

	tiny_open(&t, "stances: [favour, against]\n",
		  STR("{\"text\":\"aa bb\",\"topics\":[\"t\"]}\n"
		      "{\"text\":\"cc dd\",\"topics\":[\"u\"]}\n"));
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	tiny_judge(m, &x, &a, &j);
	ck_assert_uint_eq(m->column_count, 6);
	for (uint32_t c = 2; c < 6; c++)
		ck_assert(j.decision[c] == -1);
	judge_stance(m, &j, 0, &p);
	ck_assert_double_eq_tol(p, 0.5, 1e-15);
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(bundle_columns_carry_calibration)
{
	struct fit_column columns[12];
	struct model *m;
	struct tiny t;
	struct buf b;

	for (int i = 0; i < 12; i++)
		columns[i] = (struct fit_column){ -1.5 - i, 0.25 * i, i,
						  NULL, 0 };
	tiny_made(&t, TINY_RECIPE, 24);
	ck_assert_uint_eq(fit_columns(&t.corpus), 12);
	t.fit.columns = columns;
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	for (int i = 0; i < 12; i++) {
		ck_assert(m->columns[i].a == columns[i].a);
		ck_assert(m->columns[i].b == columns[i].b);
		ck_assert(m->columns[i].threshold == columns[i].threshold);
	}
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(bundle_columns_carry_curves)
{
	static const struct bundle_knot two[] = { { -1, 0.25 }, { 1, 0.5 } };
	static const struct bundle_knot three[] = { { -2, 0 }, { 0, 0.125 },
						    { 3, 1 } };
	struct fit_column columns[12];
	struct model *m;
	struct tiny t;
	struct buf b;

	for (int i = 0; i < 12; i++)
		columns[i] = (struct fit_column){
			-1, 0, 0, i % 3 == 1 ? two : three,
			(uint32_t)(i % 3 ? 1 + i % 3 : 0)
		};
	columns[2].knot_count = 3;
	tiny_made(&t, TINY_RECIPE, 24);
	t.fit.columns = columns;
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	ck_assert_uint_eq(m->knot_count, 4 * (2 + 3));
	for (uint32_t i = 0; i < 12; i++) {
		ck_assert_uint_eq(m->columns[i].knots, columns[i].knot_count);
		ck_assert_mem_eq(m->knots + m->columns[i].knot,
				 columns[i].knots,
				 columns[i].knot_count * sizeof(*two));
		ck_assert(judge_probability(m, i, 0) ==
			  (i % 3 == 0	? 0.5
			   : i % 3 == 1 ? 0.375
					: 0.125));
	}
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* Two documents of three that have the word are not of the topic, whichever
 * that is; and it speaks as often as it stands there. */
START_TEST(bundle_topic_without_example_is_never_the_largest)
{
	struct arena a = { block, block + sizeof(block) };
	struct example x = { .title = STR(""), .target = STR("") };
	unsigned char given[4];
	struct judgement j;
	struct model *m;
	struct tiny t;
	struct buf b, text;

	tiny_open(&t, "one_of: true\ntopics: [none, x, y, z]\n"
		      "topic: {balanced: false, c: 10}\n"
		      "words: {count: plain, idf: 0, norm: false}\n",
		  STR("{\"text\":\"aa\",\"topics\":\"x\"}\n"
		      "{\"text\":\"bb\",\"topics\":\"y\"}\n"
		      "{\"text\":\"cc\",\"topics\":\"z\"}\n"
		      "{\"text\":\"zz\",\"topics\":\"x\"}\n"
		      "{\"text\":\"zz\",\"topics\":\"y\"}\n"
		      "{\"text\":\"zz\",\"topics\":\"z\"}\n"));
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	buf_init(&text, 1 << 16);
	for (int i = 0; i < 100; i++)
		buf_add_z(&text, "zz ");
	x.text = buf_view(&text);
	tiny_judge(m, &x, &a, &j);
	for (uint32_t k = 1; k < 4; k++)
		ck_assert(j.decision[k] < -1);
	judge_topics(m, &j, given);
	ck_assert(!given[0]);
	model_free(m);
	buf_done(&text);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

static size_t document_of(const struct corpus *c, const json_t *id)
{
	size_t i = 0;

	ck_assert(json_is_string(id));
	while (i < c->n && strcmp(c->v[i].id, json_string_value(id)))
		i++;
	ck_assert_uint_lt(i, c->n);
	return i;
}

/* A support vector of a topic is its document as it is judged, and pulls to
 * the side where the document is. */
static void check_support(const struct tiny *t, const struct model *m,
			  uint32_t topic, const json_t *ids)
{
	const struct kernel *k = &m->kernels[m->columns[topic].kernel - 1];

	ck_assert_uint_eq(json_array_size(ids), k->vectors);
	ck_assert_uint_gt(kernel_support(k), 3);
	for (uint32_t i = 0; i < k->vectors; i++) {
		size_t doc = document_of(&t->corpus, json_array_get(ids, i));
		const struct example *x = &t->corpus.v[doc];
		struct arena a = { block, block + sizeof(block) };
		double *dot = arena_take_array(&a, k->vectors, sizeof(*dot));
		struct judgement j;

		tiny_judge(m, x, &a, &j);
		TINY_ASSERT_NEAR(kernel_dots(k, j.x, dot), k->norm[i]);
		TINY_ASSERT_NEAR(dot[i], k->norm[i]);
		if (k->coef[i] != 0) /* else another topic's */
			ck_assert((k->coef[i] > 0) ==
				  (x->labels[topic] != 0));
	}
}

/* Of a stance there is a row for each topic that a document has. */
static void check_stance_support(const struct tiny *t, const struct model *m,
				 uint32_t stance, const json_t *ids)
{
	uint32_t column = model_stance_column(m, 0, stance);
	const struct kernel *k = &m->kernels[m->columns[column].kernel - 1];

	ck_assert_uint_eq(json_array_size(ids), k->vectors);
	for (uint32_t i = 0; i < k->vectors; i++) {
		size_t doc = document_of(&t->corpus, json_array_get(ids, i));
		const unsigned char *labels = t->corpus.v[doc].labels;
		bool has = labels[0] == 1 + stance || labels[1] == 1 + stance ||
			   labels[2] == 1 + stance;

		if (k->coef[i] != 0)
			ck_assert((k->coef[i] > 0) == has);
	}
}

START_TEST(bundle_kernel_names_its_support_vectors)
{
	struct model *m;
	struct tiny t;
	struct buf b;
	json_t *ids;

	tiny_made(&t, TINY_RECIPE "topic: {kernel: rbf}\n"
				  "stance: {kernel: sigmoid}\n", 30);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	ids = json_object_get(m->head, "support");
	ck_assert_uint_eq(json_array_size(ids), 2);
	for (uint32_t k = 0; k < 3; k++) {
		check_support(&t, m, k, json_array_get(ids, 0));
		check_stance_support(&t, m, k, json_array_get(ids, 1));
	}
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

/* A machine that is linear, or trivial, remembers no document. */
START_TEST(bundle_names_support_vectors_of_kernels_alone)
{
	struct model *m;
	struct tiny t;
	struct buf b;

	tiny_made(&t, TINY_RECIPE, 24);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	ck_assert_ptr_null(json_object_get(m->head, "support"));
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
	tiny_made(&t, "topics: [weather, sovereignty, partnership, market]\n"
		      "stances: [favour, against, neutral]\n"
		      "topic: {kernel: rbf}\n", 24);
	tiny_bundle(&t, &b);
	m = tiny_view(&b);
	ck_assert_uint_eq(m->columns[0].kernel, 0);
	ck_assert_uint_eq(m->columns[1].kernel, 1);
	ck_assert_uint_eq(json_array_size(json_object_get(m->head, "support")),
			  1);
	for (uint32_t k = 1; k < 4; k++)
		check_support(&t, m, k,
			      json_array_get(json_object_get(m->head,
							     "support"),
					     0));
	model_free(m);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(bundle_of_nothing_is_refused)
{
	struct err e = { "" };
	struct tiny t;
	struct buf b;

	tiny_made(&t, TINY_RECIPE, 12);
	memset(t.use, 0, t.corpus.n);
	buf_init(&b, 1 << 24);
	ck_assert_int_eq(fit_bundle(&t.fit, t.use, &b, &e), -EBADMSG);
	ck_assert_uint_gt(strlen(e.text), 0);
	ck_assert_uint_eq(b.n, 0);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(bundle_past_the_ceiling_is_told)
{
	struct err e = { "" };
	struct tiny t;
	struct buf b;

	tiny_made(&t, TINY_RECIPE, 12);
	buf_init(&b, 4096);
	ck_assert_int_eq(fit_bundle(&t.fit, t.use, &b, &e), -EMSGSIZE);
	ck_assert_uint_gt(strlen(e.text), 0);
	buf_done(&b);
	tiny_done(&t);
}
END_TEST

START_TEST(bundle_without_processes_is_told)
{
	for (int left = 0; left < 5; left++) {
		struct err e = { "" };
		struct tiny t;
		struct buf b;

		tiny_made(&t, TINY_RECIPE, 12);
		t.fit.jobs = 3;
		buf_init(&b, 1 << 24);
		forks_left = left;
		ck_assert_int_eq(fit_bundle(&t.fit, t.use, &b, &e), -EAGAIN);
		forks_left = -1;
		ck_assert_ptr_nonnull(strstr(e.text, "starting a training "
						     "process"));
		ck_assert_uint_eq(b.n, 0);
		/* Those that were started have been waited for. */
		ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
		buf_done(&b);
		tiny_done(&t);
	}
}
END_TEST

START_TEST(bundle_process_that_dies_is_told)
{
	for (size_t jobs = 1; jobs < 4; jobs++)
		for (int how = DIES_BY_CODE; how <= DIES_BY_SIGNAL; how++) {
			struct err e = { "" };
			struct tiny t;
			struct buf b;

			tiny_made(&t, TINY_RECIPE, 12);
			t.fit.jobs = jobs;
			buf_init(&b, 1 << 24);
			child_dies = how;
			ck_assert_int_eq(fit_bundle(&t.fit, t.use, &b, &e),
					 -ECHILD);
			child_dies = 0;
			ck_assert_ptr_nonnull(
				strstr(e.text,
				       how == DIES_BY_CODE
					       ? "ended with code 3"
					       : "ended with signal 9"));
			ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
			buf_done(&b);
			tiny_done(&t);
		}
}
END_TEST

/* jansson loses what it could not copy, so that a head may come out short: then
 * the bundle is refused, or it is whole. */
static void every_allocation_fails(const char *yaml)
{
	unsigned long nth = 0;
	struct buf whole;
	struct tiny t;
	int r, more;

	tiny_open(&t, yaml,
		  STR("{\"text\":\"aa bb\",\"topics\":{\"t\":\"favour\"}}\n"
		      "{\"text\":\"cc dd\",\"topics\":{\"t\":\"against\"}}\n"
		      "{\"text\":\"ee\",\"topics\":{}}\n"));
	tiny_bundle(&t, &whole);
	do {
		struct err e = { "" };
		struct buf b;

		buf_init(&b, 1 << 24);
		allocations_fail_at(++nth);
		r = fit_bundle(&t.fit, t.use, &b, &e);
		more = allocations_failed();
		allocations_fail_at(0);
		ck_assert(r <= 0);
		if (!r && b.n == whole.n)
			ck_assert_mem_eq(b.p, whole.p, b.n);
		else if (!r)
			ck_assert_msg(0, "%lu gives a short bundle", nth);
		else
			ck_assert_uint_gt(strlen(e.text), 0);
		buf_done(&b);
	} while (more && nth < 2000);
	ck_assert_int_eq(r, 0);
	ck_assert_uint_gt(nth, 20);
	buf_done(&whole);
	tiny_done(&t);
}

START_TEST(bundle_every_allocation_fails_once)
{
	every_allocation_fails("stances: [favour, against]\n"
			       "words: {ngrams: [1, 1]}\n"
			       "stance: {kernel: rbf}\n");
	every_allocation_fails("stances: [favour, against]\n"
			       "words: {supervised: bayes, machine: svm}\n"
			       "blocks: [{of: opening}]\n"
			       "topic: {bayes: 1}\nstance: {bayes: 1}\n");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(bundle_linear_equals_svm_predict_values),
		CHECK_TEST(
			bundle_linear_copies_weighed_equals_svm_predict_values),
		CHECK_TEST(bundle_rbf_equals_svm_predict_values),
		CHECK_TEST(bundle_poly_and_sigmoid_equal_svm_predict_values),
		CHECK_TEST(bundle_mixed_kernels_equal_svm_predict_values),
		CHECK_TEST(bundle_without_memory_equals_svm_predict_values),
		CHECK_TEST(bundle_supervised_equals_its_definition),
		CHECK_TEST(bundle_without_norm_equals_its_definition),
		CHECK_TEST(bundle_with_naive_bayes_equals_its_definition),
		CHECK_TEST(bundle_of_either_machine_equals_its_definition),
		CHECK_TEST(bundle_of_one_topic_each_with_naive_bayes),
		CHECK_TEST(bundle_of_targets_equals_its_definition),
		CHECK_TEST(bundle_again_and_with_more_jobs_is_the_same),
		CHECK_TEST(bundle_topic_without_example_is_never_given),
		CHECK_TEST(bundle_topic_of_all_is_always_given),
		CHECK_TEST(bundle_stances_that_no_document_has),
		CHECK_TEST(bundle_columns_carry_calibration),
		CHECK_TEST(bundle_columns_carry_curves),
		CHECK_TEST(bundle_topic_without_example_is_never_the_largest),
		CHECK_TEST(bundle_kernel_names_its_support_vectors),
		CHECK_TEST(bundle_names_support_vectors_of_kernels_alone),
		CHECK_TEST(bundle_of_nothing_is_refused),
		CHECK_TEST(bundle_past_the_ceiling_is_told),
		CHECK_TEST(bundle_without_processes_is_told),
		CHECK_TEST(bundle_process_that_dies_is_told),
		CHECK_TEST(bundle_every_allocation_fails_once),
		CHECK_END,
	};

	return check_main("fit", tests);
}

#include "classify/model.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/hash.h"
#include "classify/judge.h"

/* Sections by kind; absent ones are empty. */
struct sections {
	struct str at[BUNDLE_KINDS];
};

static int damaged(struct err *e, const char *what)
{
	return err_set(e, -EBADMSG, "the bundle is damaged: %s", what);
}

/* The digest of the file, and on the way to it that of all before the
 * trailer, which the trailer must be. */
static int check_digest(struct str s, char id[65], struct err *e)
{
	unsigned char body[HASH_SHA_SIZE], whole[HASH_SHA_SIZE];
	EVP_MD_CTX *c = EVP_MD_CTX_new(), *copy = EVP_MD_CTX_new();
	size_t n = s.n - BUNDLE_TRAILER;
	int ok = c && copy && EVP_DigestInit_ex(c, EVP_sha256(), NULL) &&
		 EVP_DigestUpdate(c, s.p, n) && EVP_MD_CTX_copy_ex(copy, c) &&
		 EVP_DigestFinal_ex(copy, body, NULL) &&
		 EVP_DigestUpdate(c, s.p + n, BUNDLE_TRAILER) &&
		 EVP_DigestFinal_ex(c, whole, NULL);

	EVP_MD_CTX_free(c);
	EVP_MD_CTX_free(copy);
	if (!ok)
		return -ENOMEM;
	if (memcmp(body, s.p + n, sizeof(body)))
		return damaged(e, "its SHA-256 does not match its content");
	hash_hex(whole, sizeof(whole), id);
	return 0;
}

static int read_section(struct str file, const char *row, struct sections *ret,
			struct err *e)
{
	struct bundle_section s;
	uint64_t end = file.n - BUNDLE_TRAILER;

	memcpy(&s, row, sizeof(s));
	if (s.kind == 0 || s.kind >= BUNDLE_KINDS || ret->at[s.kind].p)
		return damaged(e, "a section of unknown kind, or given twice");
	if (s.at % BUNDLE_ALIGN || s.at > end || s.size > end - s.at)
		return damaged(e, "a section lies outside the file");
	ret->at[s.kind] = (struct str){ file.p + s.at, s.size };
	return 0;
}

static int read_sections(struct str file, struct sections *ret, struct err *e)
{
	uint32_t version, count;
	uint64_t size;
	int r = 0;

	if (file.n < BUNDLE_HEAD + BUNDLE_TRAILER ||
	    memcmp(file.p, BUNDLE_MAGIC, 8))
		return err_set(e, -EBADMSG, "is no bundle of vigie");
	memcpy(&version, file.p + 8, 4);
	memcpy(&count, file.p + 12, 4);
	memcpy(&size, file.p + 16, 8);
	if (version != BUNDLE_VERSION)
		return err_set(e, -EBADMSG,
			       "has bundle version %u; this vigie reads %d: "
			       "train it again, or use a newer vigie",
			       version, BUNDLE_VERSION);
	if (size != file.n)
		return err_set(e, -EBADMSG,
			       "the bundle is cut short: %zu of %llu bytes",
			       file.n, (unsigned long long)size);
	if (count >= BUNDLE_KINDS ||
	    BUNDLE_HEAD + count * sizeof(struct bundle_section) >
		    file.n - BUNDLE_TRAILER)
		return damaged(e, "too many sections");
	for (uint32_t i = 0; i < count && !r; i++)
		r = read_section(file,
				 file.p + BUNDLE_HEAD +
					 i * sizeof(struct bundle_section),
				 ret, e);
	return r;
}

/* The JSON head, member by member. */

static json_t *member(const json_t *o, const char *name, json_type type,
		      struct err *e)
{
	json_t *v = json_object_get(o, name);

	if (v && json_typeof(v) == type)
		return v;
	if (v && type == JSON_TRUE && json_is_boolean(v))
		return v;
	if (v && type == JSON_REAL && json_is_number(v))
		return v;
	err_set(e, -EBADMSG, "the bundle is damaged: its head has no '%s'",
		name);
	return NULL;
}

static const char *text_of(const json_t *o, const char *name, struct err *e)
{
	json_t *v = member(o, name, JSON_STRING, e);

	return v ? json_string_value(v) : NULL;
}

static bool flag_of(const json_t *o, const char *name, struct err *e)
{
	json_t *v = member(o, name, JSON_TRUE, e);

	return json_is_true(v);
}

static double real_of(const json_t *o, const char *name, struct err *e)
{
	json_t *v = member(o, name, JSON_REAL, e);
	double x = v ? json_number_value(v) : 0;

	if (!isfinite(x) || fabs(x) > 1e9)
		err_set(e, -EBADMSG, "the bundle is damaged: '%s' is %g",
			name, x);
	return x;
}

static int64_t whole_of(const json_t *o, const char *name, int64_t max,
			struct err *e)
{
	json_t *v = member(o, name, JSON_INTEGER, e);
	int64_t x = v ? json_integer_value(v) : 0;

	if (x < 0 || x > max)
		err_set(e, -EBADMSG, "the bundle is damaged: '%s' is %lld",
			name, (long long)x);
	return x < 0 || x > max ? 0 : x;
}

static int check_version(const json_t *o, int ours, const char *what,
			 struct err *e)
{
	int64_t v = whole_of(o, "version", INT32_MAX, e);

	if (v != ours)
		return err_set(e, -EBADMSG,
			       "was made with version %lld of the %s; this "
			       "vigie has %d: train it again",
			       (long long)v, what, ours);
	return 0;
}

/* The settings that all cuts share; s->stop is to be freed. */
static int read_tokens(const json_t *o, struct tokens_settings *s,
		       struct err *e)
{
	json_t *stop = member(o, "stop", JSON_ARRAY, e);
	size_t n = stop ? json_array_size(stop) : 0;
	int r = check_version(o, TOKENS_VERSION, "tokenizer", e);

	*s = (struct tokens_settings){ .stop = NULL };
	if (r || !stop)
		return -EBADMSG;
	s->stop = calloc(n + 1, sizeof(*s->stop));
	if (!s->stop)
		return -ENOMEM;
	for (; s->stop_count < n; s->stop_count++) {
		json_t *w = json_array_get(stop, s->stop_count);

		s->stop[s->stop_count] =
			json_is_string(w) ? json_string_value(w) : "";
	}
	s->min_length = whole_of(o, "min_length", 64, e);
	s->compounds = flag_of(o, "compounds", e);
	s->strip_accents = flag_of(o, "strip_accents", e);
	s->stem = text_of(o, "stem", e);
	if (s->stem && !strcmp(s->stem, "none"))
		s->stem = NULL;
	return e->text[0] ? -EBADMSG : 0;
}

static int read_block(struct model *m, const json_t *o,
		      const struct tokens_settings *common, struct err *e)
{
	struct features_block b = {
		.of = (enum features_kind)whole_of(o, "of", FEATURES_GIVEN, e),
		.fields = (unsigned)whole_of(o, "fields",
					     (1 << FIELD_COUNT) - 1, e),
		.first = (uint32_t)whole_of(o, "first", INT32_MAX, e),
	};
	json_t *range = member(o, "ngrams", JSON_ARRAY, e);
	struct tokens_settings s = features_cut(
		common, (enum tokens_cut)whole_of(o, "cut", TOKENS_BLANKS, e),
		flag_of(o, "cased", e), flag_of(o, "hashtags", e));
	int r;

	m->block_names[m->features.block_count] = text_of(o, "name", e);
	b.ngrams.lo = json_integer_value(json_array_get(range, 0));
	b.ngrams.hi = json_integer_value(json_array_get(range, 1));
	if (b.ngrams.lo < 1 || b.ngrams.hi < b.ngrams.lo || b.ngrams.hi > 16)
		return damaged(e, "an n-gram range");
	if (e->text[0])
		return -EBADMSG;
	r = features_add(&m->features, &b, &s, e);
	return r == -EINVAL ? -EBADMSG : r;
}

static int read_features(struct model *m, const json_t *o, struct err *e)
{
	json_t *blocks = member(o, "blocks", JSON_ARRAY, e);
	json_t *tokens = member(m->head, "tokens", JSON_OBJECT, e);
	size_t n = json_array_size(blocks);
	struct tokens_settings common = { .stop = NULL };
	int r = check_version(o, FEATURES_VERSION, "features", e);

	if (!r && (!tokens || n == 0 || n > FEATURES_BLOCKS_MAX))
		r = damaged(e, "the blocks of terms");
	if (!r)
		r = read_tokens(tokens, &common, e);
	for (size_t b = 0; b < n && !r; b++)
		r = read_block(m, json_array_get(blocks, b), &common, e);
	free(common.stop);
	return r;
}

static int read_weighting(struct tfidf_block *b, const json_t *o,
			  struct err *e)
{
	b->count = (enum tfidf_count_mode)whole_of(o, "count", TFIDF_ONCE, e);
	b->idf = real_of(o, "idf", e);
	b->norm = flag_of(o, "norm", e);
	b->weight = real_of(o, "weight", e);
	b->supervised = flag_of(o, "supervised", e);
	b->end = (uint32_t)whole_of(o, "end", UINT32_MAX, e);
	return e->text[0] ? -EBADMSG : 0;
}

static int read_tfidf(struct model *m, const json_t *o, struct err *e)
{
	struct tfidf *t = &m->tfidf;
	json_t *blocks = member(o, "blocks", JSON_ARRAY, e);
	uint32_t before = 0;
	int r = check_version(o, TFIDF_VERSION, "vectoriser", e);

	t->title_weight = real_of(o, "title_weight", e);
	t->terms = (uint32_t)whole_of(o, "terms", BUNDLE_TERMS_MAX, e);
	if (!r && json_array_size(blocks) != m->features.block_count)
		r = damaged(e, "the blocks of terms");
	for (; t->block_count < m->features.block_count && !r;
	     t->block_count++) {
		struct tfidf_block *b = &t->block[t->block_count];

		r = read_weighting(b, json_array_get(blocks, t->block_count),
				   e);
		if (!r && (b->end < before || b->end > t->terms))
			r = damaged(e, "the blocks of terms");
		before = b->end;
	}
	if (!r && before != t->terms)
		r = damaged(e, "the blocks of terms");
	if (!r && t->title_weight < 0)
		r = damaged(e, "the weight of titles");
	return r ? r : e->text[0] ? -EBADMSG : 0;
}

/* A label goes into JSON and topics of a socket. */
bool model_is_name(const char *z)
{
	size_t n = strlen(z);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)z[i] < 0x20 || z[i] == '"' || z[i] == '\\')
			return false;
	return n > 0 && n < BUNDLE_NAME_MAX;
}

static int read_topics(struct model *m, const json_t *o, struct err *e)
{
	json_t *names = member(o, "names", JSON_ARRAY, e);
	size_t n = json_array_size(names);

	m->one_of = flag_of(o, "one_of", e);
	m->at_least_one = flag_of(o, "at_least_one", e);
	m->targets = (enum bundle_targets)whole_of(o, "targets",
						   BUNDLE_TARGETS_TEXT, e);
	if (n == 0 || n > BUNDLE_TOPICS_MAX)
		return damaged(e, "no topics, or too many");
	m->topics = calloc(n, sizeof(*m->topics));
	if (!m->topics)
		return -ENOMEM;
	for (; m->topic_count < n; m->topic_count++) {
		const char *z = json_string_value(
			json_array_get(names, m->topic_count));

		if (!z || !model_is_name(z))
			return damaged(e, "the name of a topic");
		m->topics[m->topic_count].name = z;
	}
	return 0;
}

static int read_stances(struct model *m, const json_t *o, struct err *e)
{
	json_t *names = member(o, "names", JSON_ARRAY, e);
	size_t n = json_array_size(names);

	m->copy_weight = real_of(o, "copy_weight", e);
	m->unsure = real_of(o, "unsure", e);
	if (n > BUNDLE_STANCES_MAX)
		return damaged(e, "too many stances");
	for (; m->stance_count < n; m->stance_count++) {
		const char *z = json_string_value(
			json_array_get(names, m->stance_count));

		if (!z || !model_is_name(z))
			return damaged(e, "the name of a stance");
		m->stances[m->stance_count] = z;
	}
	return 0;
}

static int read_head(struct model *m, struct str json, struct err *e)
{
	static const struct {
		const char *name;
		int (*read)(struct model *m, const json_t *o, struct err *e);
	} parts[] = { { "features", read_features },
		      { "tfidf", read_tfidf },
		      { "topics", read_topics },
		      { "stance", read_stances } };
	int r = 0;

	m->head = json_parse(json, e);
	if (!m->head)
		return -EBADMSG;
	m->name = text_of(m->head, "name", e);
	if (!m->name || !model_is_name(m->name))
		return damaged(e, "it has no name");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && !r; i++) {
		json_t *o = member(m->head, parts[i].name, JSON_OBJECT, e);

		r = o ? parts[i].read(m, o, e) : -EBADMSG;
		if (!r && e->text[0])
			r = -EBADMSG;
	}
	if (!r && m->targets && !m->stance_count)
		r = damaged(e, "targets without stances");
	m->column_count = m->topic_count * (1 + m->stance_count);
	m->machine_count = m->topic_count + m->stance_count;
	return r;
}

/* The tables: their sizes follow from the head, their content is checked. */

static int view_slots(struct model *m, struct str s, struct err *e)
{
	uint64_t n = s.n / sizeof(struct tfidf_slot), taken = 0;

	if (s.n % sizeof(struct tfidf_slot) || n <= m->tfidf.terms ||
	    (n & (n - 1)))
		return damaged(e, "the size of the term table");
	m->tfidf.slots = (const struct tfidf_slot *)s.p;
	m->tfidf.slot_mask = n - 1;
	for (uint64_t i = 0; i < n; i++) {
		uint32_t term = m->tfidf.slots[i].term;

		taken += term != TFIDF_NONE;
		if (term != TFIDF_NONE && term >= m->tfidf.terms)
			return damaged(e, "the term table names no term");
	}
	/* At least one empty slot, or a look-up would never end. */
	return taken == m->tfidf.terms ? 0 : damaged(e, "the term table");
}

static int view_doubles(struct str s, uint64_t n, const double **ret,
			const char *what, struct err *e)
{
	const double *v = (const double *)s.p;
	double sum = 0;

	if (s.n != n * sizeof(double))
		return damaged(e, what);
	for (uint64_t i = 0; i < n; i++)
		sum += v[i] * 0; /* NaN as soon as one is not finite */
	*ret = v;
	return sum == 0 ? 0 : damaged(e, what);
}

static int view_names(struct model *m, struct str s, struct err *e)
{
	uint64_t head = 4 * ((uint64_t)m->tfidf.terms + 1);
	const uint32_t *at = (const uint32_t *)s.p;

	if (s.n < head || at[0] != 0 || at[m->tfidf.terms] != s.n - head)
		return damaged(e, "the names of terms");
	for (uint32_t i = 0; i < m->tfidf.terms; i++)
		if (at[i] > at[i + 1])
			return damaged(e, "the names of terms");
	m->name_at = at;
	m->name_bytes = s.p + head;
	return 0;
}

/* A curve whose decisions do not ascend would divide by zero. */
static bool ascends(const struct model *m, const struct bundle_column *c)
{
	for (uint32_t i = 1; i < c->knots; i++) {
		const struct bundle_knot *k = &m->knots[c->knot + i];

		if (!(k->decision > k[-1].decision) ||
		    k->probability < k[-1].probability)
			return false;
	}
	return true;
}

static int view_columns(struct model *m, struct str s, struct err *e)
{
	const struct bundle_column *c = (const struct bundle_column *)s.p;

	if (s.n != m->column_count * sizeof(*c))
		return damaged(e, "the columns");
	for (uint32_t i = 0; i < m->column_count; i++) {
		if (!isfinite(c[i].intercept) || !isfinite(c[i].a) ||
		    !isfinite(c[i].b) || isnan(c[i].threshold) ||
		    c[i].kernel > m->kernel_count ||
		    c[i].knot > m->knot_count ||
		    c[i].knots > m->knot_count - c[i].knot ||
		    !ascends(m, &c[i]))
			return damaged(e, "a column");
	}
	m->columns = c;
	return 0;
}

static int view_knots(struct model *m, struct str s, struct err *e)
{
	const struct bundle_knot *k = (const struct bundle_knot *)s.p;

	m->knots = k;
	m->knot_count = s.n / sizeof(*k);
	if (s.n % sizeof(*k))
		return damaged(e, "the calibration curves");
	for (size_t i = 0; i < m->knot_count; i++)
		if (!isfinite(k[i].decision) ||
		    !(k[i].probability >= 0 && k[i].probability <= 1))
			return damaged(e, "the calibration curves");
	return 0;
}

/* Only machines with weights of their own have them. */
static int view_scales(struct model *m, struct str s, struct err *e)
{
	uint64_t n = (uint64_t)m->tfidf.terms * m->machine_count;
	bool needed = false;
	int r;

	for (uint32_t b = 0; b < m->tfidf.block_count; b++)
		needed |= m->tfidf.block[b].supervised;
	if (!needed)
		return s.n ? damaged(e, "the scales") : 0;
	r = view_doubles(s, n, &m->scales, "the scales", e);
	for (uint64_t i = 0; i < n && !r; i++)
		if (m->scales[i] < 0) /* they are squares */
			r = damaged(e, "the scales");
	return r;
}

static int view_kernels(struct model *m, struct str s, struct err *e)
{
	struct judge_space space = { m->tfidf.terms, m->topic_count,
				     m->copy_weight };
	uint64_t dims = judge_joint_dims(&space);

	while (s.n) {
		struct kernel *more = realloc(
			m->kernels, (m->kernel_count + 1) * sizeof(*more));
		size_t used = 0;
		int r;

		if (!more)
			return -ENOMEM;
		m->kernels = more;
		r = kernel_view(s, &more[m->kernel_count], &used, e);
		if (r)
			return r;
		if (more[m->kernel_count++].dims > dims)
			return damaged(e, "a kernel machine is too wide");
		s.p += used;
		s.n -= used;
	}
	return 0;
}

static int view_tables(struct model *m, const struct sections *s,
		       struct err *e)
{
	uint64_t terms = m->tfidf.terms;
	int r = view_slots(m, s->at[BUNDLE_SLOTS], e);

	if (!r)
		r = view_doubles(s->at[BUNDLE_IDF], terms, &m->tfidf.idf,
				 "the inverse document frequencies", e);
	if (!r)
		r = view_names(m, s->at[BUNDLE_NAMES], e);
	if (!r)
		r = view_kernels(m, s->at[BUNDLE_KERNELS], e);
	if (!r)
		r = view_scales(m, s->at[BUNDLE_SCALES], e);
	if (!r)
		r = view_knots(m, s->at[BUNDLE_CURVES], e);
	if (!r)
		r = view_columns(m, s->at[BUNDLE_COLUMNS], e);
	if (!r)
		r = view_doubles(s->at[BUNDLE_WEIGHTS],
				 terms * m->column_count, &m->weights,
				 "the weights", e);
	return r;
}

int model_view(const char *name, struct str bytes, struct model **ret,
	       struct err *e)
{
	struct model *m = calloc(1, sizeof(*m));
	struct sections s = { 0 };
	int r;

	if (!m)
		return -ENOMEM;
	r = read_sections(bytes, &s, e);
	if (!r)
		r = check_digest(bytes, m->id, e);
	if (!r)
		r = read_head(m, s.at[BUNDLE_JSON], e);
	if (!r)
		r = view_tables(m, &s, e);
	if (r) {
		model_free(m);
		return err_at(e, r, "%s: ", name);
	}
	*ret = m;
	return 0;
}

static int map(const char *path, struct str *ret, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p = MAP_FAILED;
	int r = 0;

	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	if (fstat(fd, &st))
		r = -errno;
	else if (!S_ISREG(st.st_mode) || st.st_size == 0)
		r = err_set(e, -EBADMSG, "%s: is no bundle of vigie", path);
	else
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd,
			 0);
	if (!r && p == MAP_FAILED)
		r = -errno;
	close(fd);
	if (r)
		return err_sys(e, r, "%s", path);
	*ret = (struct str){ p, (size_t)st.st_size };
	return 0;
}

int model_open(const char *path, struct model **ret, struct err *e)
{
	struct str bytes;
	int r = map(path, &bytes, e);

	if (r)
		return r;
	r = model_view(path, bytes, ret, e);
	if (r) {
		munmap((void *)bytes.p, bytes.n);
		return r;
	}
	(*ret)->map = bytes.p;
	(*ret)->size = bytes.n;
	return 0;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	features_done(&m->features);
	json_decref(m->head);
	free(m->topics);
	free(m->kernels);
	if (m->map)
		munmap((void *)m->map, m->size);
	free(m);
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

	if (r)
		return r;
	if (json_array_size(scores) != m->column_count)
		return damaged(e, "an article of the self-test");
	for (uint32_t c = 0; c < m->column_count; c++) {
		double want = json_number_value(json_array_get(scores, c));
		double room = 1e-9 * fmax(1, fabs(want));

		if (!(fabs(want - j.decision[c]) <= room))
			return err_set(e, -EBADMSG,
				       "fails its self-test: column %u gives "
				       "%.12g where training gave %.12g",
				       c, j.decision[c], want);
	}
	return 0;
}

int model_selftest(const struct model *m, struct err *e)
{
	json_t *golden = json_object_get(m->head, "golden");
	struct arena a;
	int r = arena_open(&a, JUDGE_ARENA);

	for (size_t i = 0; i < json_array_size(golden) && !r; i++)
		r = selftest_one(m, json_array_get(golden, i), a, e);
	arena_close(a);
	return r;
}

uint32_t model_stance_column(const struct model *m, uint32_t topic,
			     uint32_t stance)
{
	return m->topic_count + topic * m->stance_count + stance;
}

uint32_t model_machine(const struct model *m, uint32_t column)
{
	if (column < m->topic_count)
		return column;
	return m->topic_count + (column - m->topic_count) % m->stance_count;
}

struct str model_term(const struct model *m, uint32_t term)
{
	return (struct str){ m->name_bytes + m->name_at[term],
			     m->name_at[term + 1] - m->name_at[term] };
}

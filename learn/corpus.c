#include "learn/corpus.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/log.h"
#include "base/unicode.h"
#include "learn/read_file.h"
#include "learn/read_labels.h"
#include "learn/read_twins.h"

/* Texts are kept for good; the ceiling is address space, not memory. */
static const size_t corpus_arena = (size_t)16 << 30;
static const size_t corpus_report_max = (size_t)4 << 30;

struct reader {
	struct corpus *c;
	struct read_sink sink;
	struct read_labels labels;
	struct arena free_part; /* of the corpus's block */
	struct buf examples;	/* struct example, growing */
	EVP_MD_CTX *digest;
};

/* A document comes in. */

static size_t example_count(const struct reader *rd)
{
	return rd->examples.n / sizeof(struct example);
}

/* s trimmed, in form C, in the arena for good. 0 or -ENOMEM. */
static int keep_text(struct arena *a, struct str s, struct str *ret)
{
	struct str nfc = { "", 0 };
	int r = s.p ? unicode_nfc(str_trim(s), a, &nfc) : 0;

	if (r)
		return r;
	*ret = arena_copy(a, nfc);
	return ret->p ? 0 : -ENOMEM;
}

/* The same as it was written; NULL where nothing is told. */
static int keep_word(struct arena *a, struct str s, const char **ret)
{
	s = str_trim(s);
	if (!s.n)
		return 0;
	*ret = arena_copy(a, s).p;
	return *ret ? 0 : -ENOMEM;
}

static int keep_place(struct reader *rd, size_t line, const char **ret)
{
	char place[PATH_MAX + 32];

	if (line)
		snprintf(place, sizeof(place), "%s:%zu", rd->sink.path, line);
	else
		snprintf(place, sizeof(place), "%s", rd->sink.path);
	*ret = arena_copy(&rd->free_part, str_of(place)).p;
	return *ret ? 0 : -ENOMEM;
}

static int keep_example(struct reader *rd, const struct raw_example *x,
			struct example *ret)
{
	struct arena *a = &rd->free_part;
	bool targets = rd->sink.recipe->targets != BUNDLE_TARGETS_NONE;
	int r = keep_text(a, x->title, &ret->title);

	if (!r)
		r = keep_text(a, x->text, &ret->text);
	if (!r)
		r = keep_text(a, targets ? x->target : STR(""), &ret->target);
	if (!r)
		r = keep_place(rd, x->line, &ret->place);
	if (!r)
		r = keep_word(a, x->id, &ret->id);
	if (!r)
		r = keep_word(a, x->hand, &ret->hand);
	if (!r)
		r = keep_word(a, x->date, &ret->date);
	if (!ret->id)
		ret->id = ret->place;
	return r;
}

static int take(void *reader, const struct raw_example *x)
{
	struct reader *rd = reader;
	const struct recipe_fields *f = &rd->sink.recipe->fields;
	struct example kept = { .id = NULL };
	int r;

	if (!str_trim(x->title).n && !str_trim(x->text).n) {
		read_complain(&rd->sink, x->line, 0,
			      "no text: neither '%s' nor '%s' holds one",
			      f->title, f->text);
		return 0;
	}
	r = read_labels_add(&rd->labels, x, example_count(rd));
	if (r)
		return r < 0 ? r : 0;
	r = keep_example(rd, x, &kept);
	if (r)
		return r;
	buf_add(&rd->examples, &kept, sizeof(kept));
	return buf_error(&rd->examples);
}

static void digest(void *reader, struct str bytes)
{
	const struct reader *rd = reader;

	EVP_DigestUpdate(rd->digest, bytes.p, bytes.n);
}

static int read_pattern(struct reader *rd, struct str folder,
			const char *pattern, struct err *e)
{
	char full[PATH_MAX];
	glob_t g;
	int r = 0;

	if (pattern[0] == '/')
		folder.n = 0;
	if (snprintf(full, sizeof(full), STR_FMT "%s", STR_ARG(folder),
		     pattern) >= (int)sizeof(full))
		return err_sys(e, -ENAMETOOLONG, "%s", pattern);
	if (glob(full, GLOB_NOCHECK, NULL, &g)) /* sorted by name */
		return err_set(e, -ENOMEM, "%s: cannot be listed", full);
	for (size_t i = 0; i < g.gl_pathc && !r; i++) {
		r = read_file(&rd->sink, g.gl_pathv[i], e);
		if (r)
			err_sys(e, r, "%s", g.gl_pathv[i]);
	}
	globfree(&g);
	return r;
}

/* All are in: labels are spread into a byte a topic. */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void mark_used(const struct reader *rd, unsigned char *used)
{
	const struct read_mark *m = (const void *)rd->labels.marks.p;
	size_t n = rd->labels.marks.n / sizeof(*m);

	for (size_t i = 0; i < n; i++)
		used[m[i].topic] = 1;
}

/* The topics of the corpus: all that the recipe names, in its order, else those
 * that a document has, sorted by name (a line that was left out may have
 * brought more). rank leads from the order in which they were met to theirs. */
static int rank_topics(struct reader *rd, uint32_t *rank)
{
	const struct read_names *met = &rd->labels.topics;
	uint32_t n = read_names_count(met), kept = 0;
	const char **v = arena_take_array(&rd->free_part, n, sizeof(*v));
	unsigned char *used = arena_take(&rd->free_part, n);

	if (!v || !used)
		return -ENOMEM;
	mark_used(rd, used);
	for (uint32_t i = 0; i < n; i++)
		if (used[i] || rd->labels.given)
			v[kept++] = read_names_at(met, i);
	if (!rd->labels.given)
		qsort(v, kept, sizeof(*v), by_name);
	for (uint32_t i = 0; i < kept; i++) {
		int at = rd->labels.given
				 ? (int)i
				 : read_names_find(met, str_of(v[i]));

		rank[at] = i;
	}
	rd->c->topics = v;
	rd->c->topic_count = kept;
	return 0;
}

/* Errors of every line are too many for a sentence; they are often the same. */
static int nothing_left(const struct reader *rd, struct err *e)
{
	struct str rest = buf_view(&rd->sink.report), first;

	if (!rd->sink.count)
		return err_set(e, -EBADMSG,
			       "no labelled document is left to learn from%s",
			       rd->sink.recipe->only.n
				       ? ": 'only' passes over what has not "
					 "what it asks for"
				       : "");
	first = str_cut(&rest, '\n');
	return err_set(e, -EBADMSG,
		       "no labelled document is left to learn from: " STR_FMT
		       "; such errors: %zu",
		       STR_ARG(first), rd->sink.count);
}

static int spread_labels(struct reader *rd, struct err *e)
{
	const struct read_mark *m = (const void *)rd->labels.marks.p;
	size_t marks = rd->labels.marks.n / sizeof(*m);
	struct arena *a = &rd->free_part;
	struct corpus *c = rd->c;
	uint32_t met = read_names_count(&rd->labels.topics);
	uint32_t *rank = arena_take_array(a, met, sizeof(*rank));

	if (!rank || rank_topics(rd, rank))
		return -ENOMEM;
	c->n = example_count(rd);
	if (!c->n || !c->topic_count)
		return nothing_left(rd, e);
	c->v = (struct example *)(void *)buf_steal(&rd->examples);
	for (size_t i = 0; i < c->n; i++) {
		c->v[i].labels = arena_take(a, c->topic_count);
		if (!c->v[i].labels)
			return -ENOMEM;
	}
	for (size_t i = 0; i < marks; i++)
		c->v[m[i].example].labels[rank[m[i].topic]] = m[i].byte;
	return 0;
}

/* The same document more than once. */

static void compare(struct reader *rd, const struct example *x,
		    const struct example *first)
{
	struct corpus *c = rd->c;

	if (!memcmp(first->labels, x->labels, c->topic_count)) {
		c->copies++;
		return;
	}
	c->contradictions++;
	rd->sink.path = x->place;
	read_complain(&rd->sink, 0, 0,
		      "contradicts %s: the same document with other labels",
		      first->place);
}

static int compare_twins(struct reader *rd)
{
	const struct corpus *c = rd->c;
	const struct example **first = calloc(c->n, sizeof(*first));
	int r = first ? read_twins(c->v, c->n, first) : -ENOMEM;

	for (size_t i = 0; i < c->n && !r; i++)
		if (first[i])
			compare(rd, &c->v[i], first[i]);
	free(first);
	return r;
}

/* The report as it is handed out. */
static int finish_report(struct reader *rd)
{
	struct buf *b = &rd->sink.report;
	struct corpus *c = rd->c;
	size_t lines = b->n;
	int r;

	if (c->contradictions || c->copies)
		buf_printf(b,
			   "of %zu documents %zu contradict one before, %zu "
			   "are exact copies\n",
			   c->n, c->contradictions, c->copies);
	buf_add_char(b, '\0');
	r = buf_error(b);
	c->report = buf_steal(b);
	c->report_count = rd->sink.count;
	c->summary = r ? "" : c->report + lines;
	return r;
}

static int read_all(struct reader *rd, struct str folder,
		    const char *const *files, size_t n, struct err *e)
{
	unsigned size = HASH_SHA_SIZE;
	int r = 0;

	for (size_t i = 0; i < n && !r; i++)
		r = read_pattern(rd, folder, files[i], e);
	if (!r)
		r = spread_labels(rd, e);
	if (!r)
		r = compare_twins(rd);
	if (!r)
		r = finish_report(rd);
	if (!r)
		EVP_DigestFinal_ex(rd->digest, rd->c->digest, &size);
	return r;
}

static int reader_init(struct reader *rd, struct corpus *c,
		       const struct recipe *recipe, bool lenient)
{
	*rd = (struct reader){ .c = c, .free_part = c->block };
	rd->sink = (struct read_sink){
		.recipe = recipe,
		.arg = rd,
		.bytes = digest,
		.example = take,
	};
	buf_init(&rd->sink.report, corpus_report_max);
	buf_init(&rd->examples, SIZE_MAX);
	rd->digest = EVP_MD_CTX_new();
	if (!rd->digest || !EVP_DigestInit_ex(rd->digest, EVP_sha256(), NULL))
		return -ENOMEM;
	return read_labels_init(&rd->labels, &rd->sink, &rd->free_part,
				lenient);
}

static void reader_done(struct reader *rd)
{
	EVP_MD_CTX_free(rd->digest);
	buf_done(&rd->sink.report);
	buf_done(&rd->examples);
	read_labels_done(&rd->labels);
}

static int read_corpus(struct corpus *ret, const struct recipe *recipe,
		       bool lenient, struct str folder,
		       const char *const *files, size_t n, struct err *e)
{
	struct reader rd;
	int r;

	*ret = (struct corpus){ .stances = recipe->stances };
	r = arena_open(&ret->block, corpus_arena);
	if (r)
		return err_sys(e, r, "reading the corpus");
	r = reader_init(&rd, ret, recipe, lenient);
	if (!r)
		r = read_all(&rd, folder, files, n, e);
	reader_done(&rd);
	if (r)
		corpus_free(ret);
	return r ? err_sys(e, r, "reading the corpus") : 0;
}

int corpus_read(struct corpus *ret, const struct recipe *r, struct str folder,
		const char *const *files, size_t n, struct err *e)
{
	return read_corpus(ret, r, false, folder, files, n, e);
}

int corpus_read_lenient(struct corpus *ret, const struct recipe *r,
			struct str folder, const char *const *files, size_t n,
			struct err *e)
{
	return read_corpus(ret, r, true, folder, files, n, e);
}

static void log_next(enum log_level level, struct str *rest)
{
	struct str line = str_cut(rest, '\n');

	log_line(level, STR_FMT, STR_ARG(line));
}

void corpus_warn(const struct corpus *c)
{
	struct str rest = { c->report, (size_t)(c->summary - c->report) };

	for (size_t i = 0; rest.n && i < CORPUS_WARNINGS_MAX; i++)
		log_next(LOG_WARN, &rest);
	if (c->report_count > CORPUS_WARNINGS_MAX)
		log_line(LOG_WARN, "%zu more lines have such errors",
			 c->report_count - CORPUS_WARNINGS_MAX);
	rest = str_of(c->summary);
	if (rest.n)
		log_next(c->contradictions ? LOG_WARN : LOG_NOTE, &rest);
}

void corpus_free(struct corpus *c)
{
	free(c->v);
	free(c->report);
	arena_close(c->block);
	*c = (struct corpus){ .n = 0 };
}

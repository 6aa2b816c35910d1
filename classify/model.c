/* The file and its sections; what is in them is read by model_head.c and
 * model_tables.c. */
#include "classify/model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/hash.h"
#include "classify/model_parts.h"

int model_damaged(struct err *e, const char *what)
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
		return model_damaged(e,
				     "its SHA-256 does not match its content");
	hash_hex(whole, sizeof(whole), id);
	return 0;
}

static int read_section(struct str file, const char *row,
			struct model_sections *ret, struct err *e)
{
	struct bundle_section s;
	uint64_t end = file.n - BUNDLE_TRAILER;

	memcpy(&s, row, sizeof(s));
	if (s.kind == 0 || s.kind >= BUNDLE_KINDS || ret->at[s.kind].p)
		return model_damaged(e, "a section of unknown kind, or given "
					"twice");
	if (s.at % BUNDLE_ALIGN || s.at > end || s.size > end - s.at)
		return model_damaged(e, "a section lies outside the file");
	ret->at[s.kind] = (struct str){ file.p + s.at, s.size };
	return 0;
}

static bool is_zero(const char *p, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct bundle_section *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* Sections lie one behind the other, each after as few zeros as bring it to its
 * multiple: no byte of the file means nothing, or two things. */
static int check_places(struct str file, uint32_t count, struct err *e)
{
	struct bundle_section s[BUNDLE_KINDS];
	uint64_t end = BUNDLE_HEAD + count * sizeof(s[0]);
	uint64_t last = file.n - BUNDLE_TRAILER;

	memcpy(s, file.p + BUNDLE_HEAD, count * sizeof(s[0]));
	qsort(s, count, sizeof(s[0]), by_place);
	for (uint32_t i = 0; i < count; i++) {
		if (s[i].zero || s[i].at < end ||
		    s[i].at - end >= BUNDLE_ALIGN ||
		    !is_zero(file.p + end, s[i].at - end))
			return model_damaged(e, "its sections are not one "
						"behind the other");
		end = s[i].at + s[i].size;
	}
	if (last - end >= BUNDLE_ALIGN || !is_zero(file.p + end, last - end))
		return model_damaged(e, "bytes that are of no section");
	return 0;
}

static int read_sections(struct str file, struct model_sections *ret,
			 struct err *e)
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
	if (version < BUNDLE_VERSION_OLDEST || version > BUNDLE_VERSION)
		return err_set(e, -EBADMSG,
			       "has bundle version %u; this vigie reads %d to "
			       "%d: train it again, or use a newer vigie",
			       version, BUNDLE_VERSION_OLDEST, BUNDLE_VERSION);
	if (size != file.n)
		return err_set(e, -EBADMSG,
			       "the bundle is cut short: %zu of %llu bytes",
			       file.n, (unsigned long long)size);
	if (count >= BUNDLE_KINDS ||
	    BUNDLE_HEAD + count * sizeof(struct bundle_section) >
		    file.n - BUNDLE_TRAILER)
		return model_damaged(e, "too many sections");
	for (uint32_t i = 0; i < count && !r; i++)
		r = read_section(file,
				 file.p + BUNDLE_HEAD +
					 i * sizeof(struct bundle_section),
				 ret, e);
	ret->version = version;
	return r ? r : check_places(file, count, e);
}

/* Sections that are empty count as well, and before version 3 there were fewer
 * kinds. */
static uint64_t hash_tables(const struct model_sections *s)
{
	size_t kinds = s->version < 3 ? BUNDLE_SCREEN : BUNDLE_KINDS;
	uint64_t h = 0;

	for (size_t kind = BUNDLE_JSON + 1; kind < kinds; kind++)
		h = hash_xx(s->at[kind], h);
	return h;
}

int model_view(const char *name, struct str bytes, struct model **ret,
	       struct err *e)
{
	struct model *m = calloc(1, sizeof(*m));
	struct model_sections s = { 0 };
	int r;

	if (!m)
		return -ENOMEM;
	r = read_sections(bytes, &s, e);
	if (!r)
		r = check_digest(bytes, m->id, e);
	if (!r)
		r = model_read_head(m, s.at[BUNDLE_JSON], e);
	if (!r)
		r = model_view_tables(m, &s, e);
	if (!r)
		r = tfidf_ready(&m->tfidf);
	if (!r)
		r = features_know(&m->features, &m->tfidf);
	m->tfidf.rows = (const char *)m->weights;
	m->tfidf.row = m->column_count * sizeof(*m->weights);
	if (r) {
		model_free(m);
		return r == -ENOMEM ? err_sys(e, r, "%s", name)
				    : err_at(e, r, "%s: ", name);
	}
	m->tables = hash_tables(&s);
	*ret = m;
	return 0;
}

enum from { FROM_FILE, FROM_COPY };

/* A copy of our own where there can be none for all. */
static int copy(int fd, size_t size, const char *base, struct bundle_bytes *ret,
		struct err *why)
{
	if (base && !bundle_bytes_shared(base, fd, size, ret, why))
		return 0;
	return bundle_bytes_own(fd, size, ret);
}

static int read_bytes(const char *path, enum from from, const char *base,
		      struct bundle_bytes *ret, struct err *why, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t size;
	int r;

	if (fd < 0)
		return err_sys(e, -errno, "%s", path);
	r = fstat(fd, &st) ? -errno : 0;
	size = (size_t)st.st_size;
	if (!r && (!S_ISREG(st.st_mode) || size == 0))
		r = err_set(e, -EBADMSG, "%s: is no bundle of vigie", path);
	else if (!r)
		r = from == FROM_FILE ? bundle_bytes_map(fd, size, ret)
				      : copy(fd, size, base, ret, why);
	close(fd);
	return r ? err_sys(e, r, "%s", path) : 0;
}

static int open_from(const char *path, enum from from, const char *base,
		     struct model **ret, struct err *e)
{
	struct bundle_bytes bytes = { .base = NULL };
	struct err why = { "" };
	int r = read_bytes(path, from, base, &bytes, &why, e);

	if (r)
		return r;
	r = model_view(path, bytes.view, ret, e);
	if (r) {
		bundle_bytes_done(&bytes);
		return r;
	}
	(*ret)->bytes = bytes;
	(*ret)->alone = why;
	return 0;
}

int model_open(const char *path, struct model **ret, struct err *e)
{
	return open_from(path, FROM_FILE, NULL, ret, e);
}

int model_load(const char *path, const char *base, struct model **ret,
	       struct err *e)
{
	return open_from(path, FROM_COPY, base, ret, e);
}

void model_free(struct model *m)
{
	if (!m)
		return;
	features_done(&m->features);
	tfidf_done(&m->tfidf);
	json_decref(m->head);
	free(m->topics);
	free(m->kernels);
	bundle_bytes_done(&m->bytes);
	free(m);
}

uint32_t model_stance_column(const struct model *m, uint32_t topic,
			     uint32_t stance)
{
	return m->topic_count + topic * m->stance_count + stance;
}

uint32_t model_column_topic(const struct model *m, uint32_t column)
{
	if (column < m->topic_count)
		return column;
	return (column - m->topic_count) / m->stance_count;
}

uint32_t model_column_stance(const struct model *m, uint32_t column)
{
	return (column - m->topic_count) % m->stance_count;
}

uint32_t model_machine(const struct model *m, uint32_t column)
{
	if (column < m->topic_count)
		return column;
	return m->topic_count + model_column_stance(m, column);
}

struct str model_term(const struct model *m, uint32_t term)
{
	return (struct str){ m->name_bytes + m->name_at[term],
			     m->name_at[term + 1] - m->name_at[term] };
}

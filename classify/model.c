/* The file and its sections; what is in them is read by model_head.c and
 * model_tables.c. */
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
		return model_damaged(e, "too many sections");
	for (uint32_t i = 0; i < count && !r; i++)
		r = read_section(file,
				 file.p + BUNDLE_HEAD +
					 i * sizeof(struct bundle_section),
				 ret, e);
	return r;
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
	if (r) {
		model_free(m);
		return err_at(e, r, "%s: ", name);
	}
	*ret = m;
	return 0;
}

/* Anonymous memory with what fd holds; a file that shrinks meanwhile leaves
 * zeros, which no digest fits. */
static void *copy(int fd, size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t n = 0;
	ssize_t more = 1;

	while (p != MAP_FAILED && n < size && more) {
		more = read(fd, p + n, size - n);
		n += more > 0 ? (size_t)more : 0;
		if (more < 0 && errno != EINTR) {
			more = errno;
			munmap(p, size);
			errno = (int)more;
			return MAP_FAILED;
		}
	}
	if (p != MAP_FAILED)
		(void)mprotect(p, size, PROT_READ);
	return p;
}

static int map(const char *path, bool copied, struct str *ret, struct err *e)
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
	else if (copied)
		p = copy(fd, (size_t)st.st_size);
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

static int open_as(const char *path, bool copied, struct model **ret,
		   struct err *e)
{
	struct str bytes;
	int r = map(path, copied, &bytes, e);

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

int model_open(const char *path, struct model **ret, struct err *e)
{
	return open_as(path, false, ret, e);
}

int model_load(const char *path, struct model **ret, struct err *e)
{
	return open_as(path, true, ret, e);
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
		return model_damaged(e, "an article of the self-test");
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

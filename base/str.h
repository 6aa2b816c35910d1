/* str.h -- bytes that know their length: a borrowed view (struct str) and a
 * growing buffer with a ceiling (struct buf). Owns only what a buf holds.
 * No locks: one thread a buffer. */
#ifndef VIGIE_STR_H
#define VIGIE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ literal, sizeof(literal) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p

struct str str_of(const char *z);
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *z);
bool str_starts(struct str a, struct str head);
bool str_ends(struct str a, struct str tail);
bool str_has(struct str a, char c);
/* Order by bytes, shorter first when one begins the other: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str a);
/* Cut the part before the first c off *rest and return it; the whole of
 * *rest when there is no c, after which rest->p is NULL. */
struct str str_cut(struct str *rest, char c);

/* A buffer remembers its first failure (-ENOMEM, or -EMSGSIZE past its
 * ceiling) and ignores what follows, so a run of additions is checked once,
 * at the end, by buf_error(). room, which is never above max, does not count
 * a byte behind it for the NUL of buf_printf(). */
struct buf {
	char *p;
	size_t n, room, max;
	int error;
};

/* An empty buffer that never holds more than max bytes. */
void buf_init(struct buf *b, size_t max);
/* An empty buffer in the caller's n bytes, n > 0, of which it fills n - 1 at
 * most: nothing is allocated, and it wants no buf_done(). */
void buf_over(struct buf *b, void *p, size_t n);
void buf_done(struct buf *b);
/* Forget the content and the failure, keep the memory. */
void buf_clear(struct buf *b);
/* Have room for n bytes in all, if max allows: so many additions allocate
 * once. Fails as an addition does. */
void buf_reserve(struct buf *b, size_t n);
/* n bytes at the end for the caller to fill, or NULL; n may be 0. */
void *buf_grow(struct buf *b, size_t n);

/* Additions are what records are made by, dozens an article: inline, so that
 * one that fits is a comparison and a copy. */
static inline void buf_add(struct buf *b, const void *p, size_t n)
{
	char *at;

	if (!n)
		return;
	if (b->error || n > b->room - b->n) {
		at = buf_grow(b, n);
	} else {
		at = b->p + b->n;
		b->n += n;
	}
	if (at)
		memcpy(at, p, n);
}

static inline void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

static inline void buf_add_z(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
}

static inline void buf_add_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

/* In decimal. */
void buf_add_u64(struct buf *b, uint64_t x);
void buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Put s in before byte `at` of what the buffer holds. */
void buf_insert(struct buf *b, size_t at, struct str s);
/* What the buffer holds; valid until the next addition. */
struct str buf_view(const struct buf *b);
int buf_error(const struct buf *b);
/* Hand the memory to the caller, who frees it (NULL when there was none); the
 * buffer is empty again and its failure forgotten: ask buf_error() first. */
char *buf_steal(struct buf *b);

#endif

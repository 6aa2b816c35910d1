#include "classify/tokens.h"

#include <errno.h>
#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/hash.h"
#include "base/unicode.h"

struct tokenizer {
	struct tokens_settings set;
	struct sb_stemmer *stemmer;
	uint64_t *stop; /* hashes, sorted */
	size_t stop_count;
};

/* What a code point is to a word. */
enum class { BREAK, LETTER, MARK, DIGIT, HYPHEN, APOSTROPHE };

static enum class class_of(uint32_t c)
{
	if (c < 0x80) {
		if ((c | 0x20) - 'a' < 26 || c == '_')
			return LETTER;
		if (c - '0' < 10)
			return DIGIT;
		return c == '-' ? HYPHEN : c == '\'' ? APOSTROPHE : BREAK;
	}
	if (c == 0x2010 || c == 0x2011)
		return HYPHEN;
	if (c == 0x2019 || c == 0x02BC || c == 0xB4)
		return APOSTROPHE;
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return MARK;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return DIGIT;
	default:
		return BREAK;
	}
}

/* Where folded bytes and tokens go: the bytes were taken in one piece, the
 * tokens are an array that grows at the arena's end. */
struct cutter {
	struct tokenizer *t;
	struct str text;
	struct arena *arena;
	char *out, *out_end;
	struct token *first;
	size_t n;
	bool full;
};

static void put(struct cutter *c, uint32_t cp)
{
	char bytes[4];
	size_t n = unicode_encode(cp, bytes);

	if (c->out_end - c->out < (ptrdiff_t)n) {
		c->full = true;
		return;
	}
	memcpy(c->out, bytes, n);
	c->out += n;
}

/* The letter without its marks: the first of its canonical decomposition, but
 * not of a Hangul syllable, whose parts are letters. */
static uint32_t base_letter(uint32_t cp)
{
	utf8proc_int32_t parts[8];
	int last = 0;
	utf8proc_ssize_t n;

	if (cp < 0xC0)
		return cp;
	n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 8,
				    UTF8PROC_DECOMPOSE, &last);
	if (n > 1 && class_of((uint32_t)parts[1]) != MARK)
		return cp;
	return n > 0 ? (uint32_t)parts[0] : cp;
}

static bool is_mark(uint32_t cp)
{
	return cp >= 0x300 && cp < 0x370;
}

static void fold_one(struct cutter *c, uint32_t cp)
{
	enum class k = class_of(cp);

	if (k == APOSTROPHE)
		return put(c, '\'');
	if (k == HYPHEN)
		return put(c, '-');
	cp = cp - 'A' < 26 ? cp + 32
	     : cp < 0x80   ? cp
			   : (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
	if (cp == 0x153 || cp == 0xE6) { /* œ æ */
		put(c, cp == 0x153 ? 'o' : 'a');
		return put(c, 'e');
	}
	if (c->t->set.strip_accents) {
		if (is_mark(cp))
			return;
		cp = base_letter(cp);
	}
	put(c, cp);
}

/* The folded bytes of text[start..end), and how many code points they are. */
static struct str fold(struct cutter *c, size_t start, size_t end,
		       int64_t *points)
{
	const char *from = c->out, *p = c->text.p + start;
	const char *stop = c->text.p + end;
	size_t n;

	*points = 0;
	while (p < stop) {
		fold_one(c, unicode_decode(p, stop, &n));
		p += n;
		(*points)++;
	}
	return (struct str){ from, (size_t)(c->out - from) };
}

static int by_hash(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Stop words are folded as words are; these are compared before the stemmer
 * has changed them. What is longer than a word can be is never met. */
static int fill_stop(struct tokenizer *t)
{
	char room[2 * TOKENS_WORD_MAX];
	int64_t points;

	t->stop = calloc(t->set.stop_count + 1, sizeof(*t->stop));
	if (!t->stop)
		return -ENOMEM;
	for (size_t i = 0; i < t->set.stop_count; i++) {
		struct cutter c = { .t = t,
				    .text = str_of(t->set.stop[i]),
				    .out = room,
				    .out_end = room + sizeof(room) };

		if (c.text.n <= TOKENS_WORD_MAX)
			t->stop[t->stop_count++] = hash_xx(
				fold(&c, 0, c.text.n, &points), 0);
	}
	qsort(t->stop, t->stop_count, sizeof(*t->stop), by_hash);
	return 0;
}

int tokenizer_new(const struct tokens_settings *s, struct tokenizer **ret,
		  struct err *e)
{
	struct tokenizer *t = calloc(1, sizeof(*t));
	int r = -ENOMEM;

	if (!t || (t->set = *s, fill_stop(t)))
		goto fail;
	if (s->stem && strcmp(s->stem, "none")) {
		t->stemmer = sb_stemmer_new(s->stem, "UTF_8");
		if (!t->stemmer) {
			r = err_set(e, -EINVAL,
				    "no stemmer is called '%s'; french, "
				    "english, german, spanish, italian and "
				    "others are",
				    s->stem);
			goto fail;
		}
	}
	t->set.stem = NULL; /* nothing borrowed is kept */
	t->set.stop = NULL;
	*ret = t;
	return 0;
fail:
	tokenizer_free(t);
	return r;
}

void tokenizer_free(struct tokenizer *t)
{
	if (!t)
		return;
	if (t->stemmer)
		sb_stemmer_delete(t->stemmer);
	free(t->stop);
	free(t);
}

static bool is_stop(const struct tokenizer *t, struct str s)
{
	uint64_t h;

	if (!t->stop_count)
		return false;
	h = hash_xx(s, 0);
	return bsearch(&h, t->stop, t->stop_count, sizeof(h), by_hash);
}

static struct str stem(struct cutter *c, struct str s)
{
	const sb_symbol *p;
	size_t n;

	if (!c->t->stemmer)
		return s;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '-' || (s.p[i] >= '0' && s.p[i] <= '9'))
			return s; /* a name */
	p = sb_stemmer_stem(c->t->stemmer, (const sb_symbol *)s.p, (int)s.n);
	n = (size_t)sb_stemmer_length(c->t->stemmer);
	if (!p || n > s.n + (size_t)(c->out_end - c->out)) {
		c->full = true;
		return s;
	}
	memcpy((char *)s.p, p, n);
	c->out = (char *)s.p + n;
	return (struct str){ s.p, n };
}

static void emit(struct cutter *c, struct str s, int64_t points, size_t start,
		 size_t end, bool extra)
{
	struct token *k;

	if (points < c->t->set.min_length || is_stop(c->t, s))
		return;
	s = stem(c, s);
	k = arena_extend(c->arena, sizeof(*k));
	if (!k) {
		c->full = true;
		return;
	}
	c->n++;
	*k = (struct token){ s, (uint32_t)start, (uint32_t)end, extra };
}

static void word(struct cutter *c, size_t start, size_t end, bool extra)
{
	int64_t points;
	struct str s = fold(c, start, end, &points);

	emit(c, s, points, start, end, extra);
}

/* The runs of two letters and more in a piece that has digits. */
static void letter_runs(struct cutter *c, size_t start, size_t end)
{
	size_t from = start, at = start, n, letters = 0;
	bool digits = false;

	for (size_t i = start; i < end; i += n)
		digits |= class_of(unicode_decode(c->text.p + i,
						  c->text.p + end, &n)) ==
			  DIGIT;
	for (; digits && at <= end; at += n) {
		enum class k = BREAK;

		n = 1;
		if (at < end)
			k = class_of(unicode_decode(c->text.p + at,
						    c->text.p + end, &n));
		if (k == LETTER || (k == MARK && letters)) {
			letters++;
			continue;
		}
		if (letters > 1)
			word(c, from, at, true);
		from = at + n;
		letters = 0;
	}
}

/* A piece without apostrophes: at its hyphens it falls into parts. */
static void piece(struct cutter *c, size_t start, size_t end)
{
	size_t from = start, n;
	bool hyphen = false;

	for (size_t i = start; i <= end; i += n) {
		n = 1;
		if (i < end && class_of(unicode_decode(c->text.p + i,
						       c->text.p + end, &n)) !=
				       HYPHEN)
			continue;
		hyphen |= i < end;
		word(c, from, i, false);
		if (c->t->set.compounds)
			letter_runs(c, from, i);
		from = i + n;
	}
	if (hyphen && c->t->set.compounds)
		word(c, start, end, true);
}

/* French words that lose a vowel before another, and that vowel. */
static const struct {
	const char *elided, *whole;
} elisions[] = {
	{ "l", "le" },	     { "d", "de" },	  { "j", "je" },
	{ "m", "me" },	     { "t", "te" },	  { "s", "se" },
	{ "c", "ce" },	     { "n", "ne" },	  { "qu", "que" },
	{ "jusqu", "jusque" }, { "lorsqu", "lorsque" },
	{ "puisqu", "puisque" }, { "quoiqu", "quoique" },
};
/* First halves of words that have an apostrophe of their own. */
static const char *const inseparable[] = { "aujourd", "presqu", "entr",
					   "quelqu",  "prud",	"o" };

static struct str folded_ascii(struct str s, char out[16])
{
	for (size_t i = 0; i < s.n && i < 16; i++)
		out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 32)
							 : s.p[i];
	return (struct str){ out, s.n < 16 ? s.n : 0 };
}

static bool is_inseparable(struct str left, struct str right)
{
	char l[16], r[16];
	struct str a = folded_ascii(left, l), b = folded_ascii(right, r);

	for (size_t i = 0; i < sizeof(inseparable) / sizeof(*inseparable); i++)
		if (str_is(a, inseparable[i]))
			return true;
	return str_is(b, "t") && str_ends(a, STR("n")); /* don't, isn't */
}

static struct str slice(const struct cutter *c, size_t start, size_t end)
{
	return (struct str){ c->text.p + start, end - start };
}

static bool elision(struct cutter *c, size_t start, size_t end)
{
	char folded[16];
	struct str s = folded_ascii(slice(c, start, end), folded);
	struct str whole = { c->out, 0 };
	size_t i = 0, n = sizeof(elisions) / sizeof(*elisions);

	while (i < n && !str_is(s, elisions[i].elided))
		i++;
	if (i == n)
		return false;
	for (const char *p = elisions[i].whole; *p; p++)
		put(c, (unsigned char)*p);
	whole.n = (size_t)(c->out - whole.p);
	emit(c, whole, (int64_t)whole.n, start, end, false);
	return true;
}

static size_t find_apostrophe(const struct cutter *c, size_t from, size_t end,
			      size_t *n)
{
	for (; from < end; from += *n)
		if (class_of(unicode_decode(c->text.p + from, c->text.p + end,
					    n)) == APOSTROPHE)
			return from;
	return end;
}

/* A whole run of letters, digits, inner hyphens and apostrophes. */
static void chunk(struct cutter *c, size_t start, size_t end)
{
	while (start < end) {
		size_t n = 0, m = 0;
		size_t at = find_apostrophe(c, start, end, &n);
		size_t next = at < end ? at + n : end;
		size_t after = find_apostrophe(c, next, end, &m);

		if (at == end)
			return piece(c, start, end);
		if (is_inseparable(slice(c, start, at),
				   slice(c, next, after))) {
			piece(c, start, after);
			start = after < end ? after + m : end;
			continue;
		}
		if (!elision(c, start, at))
			piece(c, start, at);
		start = next;
		if (after == end && (str_is(slice(c, next, end), "s") ||
				     str_is(slice(c, next, end), "S")))
			return; /* company's */
	}
}

/* The end of the run that begins at i: hyphens and apostrophes belong to it
 * when a letter or digit follows. */
static size_t run_end(struct str text, size_t i)
{
	const char *end = text.p + text.n;
	size_t n, m;

	while (i < text.n) {
		enum class k = class_of(unicode_decode(text.p + i, end, &n));

		if (k == BREAK)
			break;
		if (k == HYPHEN || k == APOSTROPHE) {
			if (i + n >= text.n)
				break;
			k = class_of(unicode_decode(text.p + i + n, end, &m));
			if (k != LETTER && k != DIGIT)
				break;
		}
		i += n;
	}
	return i;
}

int tokens_cut(struct tokenizer *t, struct str text, struct arena *a,
	       struct tokens *ret)
{
	/* A word is folded up to three times, as part, runs and whole, and a
	 * letter of two bytes may have a small one of three (Ⱥ, ⱥ). */
	size_t room = 5 * text.n + 64, n, end;
	struct cutter c = { .t = t, .text = text, .arena = a };

	c.out = arena_take(a, room);
	if (!c.out)
		return -ENOMEM;
	c.out_end = c.out + room;
	c.first = arena_take(a, 0);
	for (size_t i = 0; i < text.n && !c.full;) {
		enum class k = class_of(
			unicode_decode(text.p + i, text.p + text.n, &n));

		if (k != LETTER && k != DIGIT) {
			i += n;
			continue;
		}
		end = run_end(text, i);
		if (end - i <= TOKENS_WORD_MAX)
			chunk(&c, i, end);
		i = end;
	}
	if (c.full)
		return -ENOMEM;
	*ret = (struct tokens){ c.first, c.n };
	return 0;
}

/* The cut for words, of which most French and English ones are made. */
#include <utf8proc.h>

#include "classify/cut.h"

/* The run of letters, digits, inner hyphens and apostrophes being cut, without
 * its soft hyphens and the blanks at a line's end. */
struct words {
	struct cutter *c;
	struct unit {
		uint32_t x;	  /* the character */
		uint32_t at, end; /* its bytes */
		enum cut_class k;
	} u[TOKENS_WORD_MAX];
	size_t n;
	unsigned kinds; /* bit k: a unit of class k is here */
	bool tag;	/* what begins it is cut into parts as a tag is */
};

/* The units from..to are a token, with its joints as hyphens or without. */
static void word(struct words *w, size_t from, size_t to, bool extra,
		 bool joints)
{
	char *out = w->c->out;
	int64_t points = 0;

	for (size_t i = from; i < to; i++)
		if (w->u[i].k != CUT_JOINT || joints)
			points += cut_put(w->c, w->u[i].x,
					  i + 1 < to ? w->u[i + 1].x : 0);
	cut_emit(w->c, out, points, w->u[from].at, w->u[to - 1].end, extra);
}

static size_t find(const struct words *w, size_t from, size_t to,
		   enum cut_class k)
{
	while (from < to && w->u[from].k != k)
		from++;
	return from;
}

/* The runs of two letters and more in a part that has digits. */
static void letter_runs(struct words *w, size_t from, size_t to)
{
	size_t letters = 0;

	if (find(w, from, to, CUT_DIGIT) == to || (w->tag && !from))
		return;
	for (size_t i = from; i <= to; i++) {
		enum cut_class k = i < to ? w->u[i].k : CUT_BREAK;

		if (k == CUT_LETTER || (k == CUT_MARK && letters)) {
			letters++;
			continue;
		}
		if (letters > 1)
			word(w, i - letters, i, true, false);
		letters = 0;
	}
}

static void part(struct words *w, size_t from, size_t to)
{
	word(w, from, to, false, false);
	if (!w->c->t->set.compounds)
		return;
	if (find(w, from, to, CUT_JOINT) < to)
		word(w, from, to, true, true);
	else
		letter_runs(w, from, to);
}

/* A piece without apostrophes: at its hyphens it falls into parts. */
static void piece(struct words *w, size_t from, size_t to)
{
	const unsigned divided = 1u << CUT_HYPHEN | 1u << CUT_JOINT |
				 1u << CUT_DIGIT;
	size_t at, start = from;

	if (!(w->kinds & divided)) /* most words */
		return word(w, from, to, false, false);
	while ((at = find(w, start, to, CUT_HYPHEN)) < to) {
		part(w, start, at);
		start = at + 1;
	}
	part(w, start, to);
	if (start > from && w->c->t->set.compounds)
		word(w, from, to, true, false);
}

/* French words that lose their last vowel, an e, before another. */
static const char *const elided[] = {
	"l", "d",  "j",	    "m",      "t",	"s",	  "c",
	"n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
};
/* First halves of words that have an apostrophe of their own. */
static const char *const inseparable[] = { "aujourd", "presqu", "entr",
					   "quelqu",  "prud",	"o" };

#define COUNT(v) (sizeof(v) / sizeof(*(v)))

/* The units as small ASCII letters, '?' for others; "" when they are many. */
static struct str ascii(const struct words *w, size_t from, size_t to,
			char out[16])
{
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		uint32_t x = w->u[i].x;

		if (w->u[i].k == CUT_JOINT)
			continue;
		if (n == 15)
			return STR("");
		out[n++] = x >= 0x80 ? '?' : (char)(x - 'A' < 26 ? x + 32 : x);
	}
	return (struct str){ out, n };
}

static bool is_among(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(s, list[i]))
			return true;
	return false;
}

static bool is_inseparable(const struct words *w, size_t from, size_t at,
			   size_t after)
{
	char l[16], r[16];
	struct str left = ascii(w, from, at, l);

	return is_among(left, inseparable, COUNT(inseparable)) ||
	       (str_is(ascii(w, at + 1, after, r), "t") &&
		str_ends(left, STR("n"))); /* don't, isn't */
}

static bool is_capital(uint32_t x)
{
	return utf8proc_category((utf8proc_int32_t)x) == UTF8PROC_CATEGORY_LU;
}

/* With its vowel again, which is a capital (when letters keep their case) in
 * QU'IL, but not in L'Europe. */
static bool elision(struct words *w, size_t from, size_t to)
{
	char folded[16], *out = w->c->out;
	int64_t points = 1;

	if (!is_among(ascii(w, from, to, folded), elided, COUNT(elided)))
		return false;
	for (size_t i = from; i < to; i++)
		if (w->u[i].k != CUT_JOINT)
			points += cut_put(w->c, w->u[i].x, 0);
	cut_put(w->c, points > 2 && is_capital(w->u[to - 1].x) ? 'E' : 'e', 0);
	cut_emit(w->c, out, points, w->u[from].at, w->u[to - 1].end, false);
	return true;
}

static void pieces(struct words *w)
{
	size_t from = 0;

	while (from < w->n) {
		size_t at = find(w, from, w->n, CUT_APOSTROPHE), after;
		char s[16];

		if (at == w->n)
			return piece(w, from, at);
		after = find(w, at + 1, w->n, CUT_APOSTROPHE);
		if (is_inseparable(w, from, at, after)) {
			piece(w, from, after);
			from = after + 1;
			continue;
		}
		if (!elision(w, from, at))
			piece(w, from, at);
		from = at + 1;
		if (after == w->n && str_is(ascii(w, from, after, s), "s"))
			return; /* company's */
	}
}

/* Behind the blanks at `at` among which one line ends, or 0. */
static size_t next_line(const struct cutter *c, size_t at)
{
	enum { INDENT_MAX = 64 }; /* bytes; more is layout, not a paragraph */
	size_t start = at, n;
	bool line = false;

	while (at < c->text.n && at - start < INDENT_MAX &&
	       cut_class_at(c, at, &n) == CUT_BLANK) {
		if (c->text.p[at] == '\n' && line)
			return 0;
		line |= c->text.p[at] == '\n';
		at += n;
	}
	return line && at < c->text.n ? at : 0;
}

/* What stands behind a hyphen of its own: enclitics and the like. They are no
 * syllables of French or English words, as "leur" is of "valeur" and "vous" of
 * "nervous". */
static bool is_enclitic(struct str s)
{
	static const char *const list[] = { "elle", "elles", "ils",
					    "lui",  "moi",   "toi",
					    "même", "mêmes", "être" };

	return is_among(s, list, COUNT(list));
}

/* The letters of the part that the units end with, none if it has a hyphen or
 * digits. */
static size_t letters_before(const struct words *w)
{
	size_t letters = 0;

	for (size_t i = w->n; i-- && w->u[i].k != CUT_APOSTROPHE;) {
		if (w->u[i].k == CUT_HYPHEN || w->u[i].k == CUT_DIGIT)
			return 0;
		letters += w->u[i].k == CUT_LETTER;
	}
	return letters;
}

/* Does a hyphen at a line's end, behind the units so far, break one word, of
 * which more is at `at`? It is the word's own hyphen when
 *
 * - the part before has one already, or a digit: c'est-à-/dire,
 * - the part after is an enclitic: dit-/elle,
 * - one letter stands before or fewer than three behind, for a word is not
 *   broken there (Greffier, Les règles de la composition typographique,
 *   p. 11): e-/commerce, a-/t-il.
 *
 * In what is left it may still be its own (sous-/secteur), so that both
 * readings become terms; see part(). */
static bool breaks_word(const struct words *w, size_t at)
{
	const struct cutter *c = w->c;
	struct str next = { c->text.p + at, 0 };
	size_t letters = 0, n;

	for (; at < c->text.n && letters < TOKENS_WORD_MAX; at += n) {
		enum cut_class k = cut_class_at(c, at, &n);

		if (k == CUT_APOSTROPHE && !next.n) /* aujour-/d'hui */
			next.n = (size_t)(c->text.p + at - next.p);
		else if (k != CUT_LETTER && k != CUT_MARK)
			break;
		letters += k == CUT_LETTER;
	}
	if (!next.n)
		next.n = (size_t)(c->text.p + at - next.p);
	return letters > 2 && letters_before(w) > 1 && !is_enclitic(next);
}

/* Does the word go on in the next line, with the letter at `at`? A soft hyphen
 * says so itself; behind a hyphen a capital begins something else. */
static bool goes_on(const struct words *w, size_t at, bool soft)
{
	const struct cutter *c = w->c;
	enum cut_class last = w->u[w->n - 1].k;
	size_t n;
	uint32_t x;

	if (!at || (last != CUT_LETTER && last != CUT_MARK))
		return false;
	x = cut_char(c, at, &n);
	if (cut_class(c, x) != CUT_LETTER)
		return false;
	return soft ||
	       utf8proc_category((utf8proc_int32_t)x) == UTF8PROC_CATEGORY_LL;
}

/* Where the run goes on behind a hyphen, soft hyphen or apostrophe that ends at
 * `at`, or 0. *k becomes CUT_JOINT if it is no hyphen of the word's own. */
static size_t bridge(const struct words *w, size_t at, enum cut_class *k)
{
	const struct cutter *c = w->c;
	enum cut_class next = CUT_SOFT;
	size_t n = 0;

	for (; at < c->text.n && next == CUT_SOFT; at += n)
		next = cut_class_at(c, at, &n);
	at -= n;
	if (next >= CUT_DIGIT)
		return at;
	if (*k == CUT_SOFT && next >= CUT_HYPHEN)
		return at;
	if (*k == CUT_APOSTROPHE || next != CUT_BLANK)
		return 0;
	at = next_line(c, at);
	if (!goes_on(w, at, *k == CUT_SOFT))
		return 0;
	if (*k == CUT_HYPHEN && breaks_word(w, at))
		*k = CUT_JOINT;
	return at;
}

/* Read the run that begins at i. Returns its end. What is too long for a word
 * is read to its end, but not kept. */
static size_t read_run(struct words *w, size_t i)
{
	const struct cutter *c = w->c;
	size_t n, next;

	w->n = 0;
	w->kinds = 0;
	for (; i < c->text.n; i = next) {
		uint32_t x = cut_char(c, i, &n);
		enum cut_class k = cut_class(c, x);

		next = i + n;
		if (k < CUT_SOFT)
			break;
		if (k < CUT_MARK && !(next = bridge(w, next, &k)))
			break;
		if (k == CUT_SOFT || w->n == TOKENS_WORD_MAX)
			continue;
		w->kinds |= 1u << k;
		w->u[w->n++] =
			(struct unit){ x, (uint32_t)i, (uint32_t)(i + n), k };
	}
	return i;
}

/* The end of the letters and marks at i when nothing that joins or divides
 * words touches them; else i. */
static size_t letters_end(const struct cutter *c, size_t i)
{
	enum cut_class k = CUT_BREAK;
	size_t at = i, n;

	for (; at < c->text.n; at += n) {
		k = cut_class_at(c, at, &n);
		if (k < CUT_MARK || k == CUT_DIGIT)
			break;
	}
	return at == c->text.n || k < CUT_SOFT ? at : i;
}

/* What begins at i with a letter or digit; where it ends. */
static size_t run(struct words *w, size_t i)
{
	struct cutter *c = w->c;
	size_t end = cut_plain_end(c, i);

	if (end > i) {
		cut_plain_token(c, i, end);
		return end;
	}
	end = letters_end(c, i);
	if (end > i) {
		cut_token(c, i, end);
		return end;
	}
	end = read_run(w, i);
	w->tag = cut_is_tag(c, i);
	if (end - i <= TOKENS_WORD_MAX)
		pieces(w);
	return end;
}

void cut_words(struct cutter *c)
{
	struct words w = { .c = c, .n = 0 };
	size_t end, n;

	for (size_t i = scan_next(c->bits, 0); i < c->text.n && !c->full;
	     i = scan_next(c->bits, end)) {
		if (cut_class_at(c, i, &n) < CUT_DIGIT) {
			end = i + n;
			continue;
		}
		end = run(&w, i);
		cut_tag(c, i);
	}
}

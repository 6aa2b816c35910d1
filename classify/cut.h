/* cut.h -- what the ways to cut a text have in common: what a character is to
 * them, how it is folded, where a token goes. Behind tokens.h: for tokens.c,
 * cut.c and words.c alone. */
#ifndef VIGIE_CUT_H
#define VIGIE_CUT_H

#include "base/unicode.h"
#include "classify/memo.h"
#include "classify/scan.h"
#include "classify/tokens.h"

/* What a character is to a cut. A run goes on with what is not less than
 * CUT_MARK and begins with what is not less than CUT_DIGIT. */
enum cut_class {
	CUT_BREAK,
	CUT_BLANK,  /* white space as Python's str.isspace() has it */
	CUT_SOFT,   /* U+00AD; of words */
	CUT_HYPHEN, /* of words, as the next two */
	CUT_APOSTROPHE,
	CUT_JOINT,  /* a hyphen that stands there because the line ended */
	CUT_MARK,   /* of words; else only an accent that is stripped */
	CUT_DIGIT,  /* categories N* */
	CUT_LETTER, /* categories L*, and '_' */
};

/* Characters below are looked up, others are worked out each time. */
enum { CUT_LOW = 0x180 };
#define CUT_NOTHING UINT32_MAX /* what an accent that is stripped folds to */

struct tokenizer {
	struct tokens_settings set;
	struct sb_stemmer *stemmer;
	struct memo stems; /* by the hash of the word */
	uint64_t *stop; /* hashes, sorted */
	size_t stop_count;
	struct cut_letter {
		uint32_t folded;
		uint8_t class;
	} low[CUT_LOW];
};

/* Where folded bytes and tokens go: the bytes were taken in one piece, the
 * tokens are an array at the arena's end. */
struct cutter {
	struct tokenizer *t;
	struct str text;
	const struct scan_bits *bits; /* of words and plain */
	const char *folded;	      /* where the text is plain */
	char *out, *out_end;
	struct token *next, *end;
	bool full;
};

enum cut_class cut_class_of(const struct tokens_settings *s, uint32_t c);

/* The character of the text at `at`, which is *n bytes long. */
static inline uint32_t cut_char(const struct cutter *c, size_t at, size_t *n)
{
	const char *p = c->text.p + at;

	if ((unsigned char)*p < 0x80)
		return *n = 1, (unsigned char)*p;
	return unicode_decode(p, c->text.p + c->text.n, n);
}

static inline enum cut_class cut_class(const struct cutter *c, uint32_t x)
{
	return x < CUT_LOW ? (enum cut_class)c->t->low[x].class
			   : cut_class_of(&c->t->set, x);
}

static inline enum cut_class cut_class_at(const struct cutter *c, size_t at,
					  size_t *n)
{
	return cut_class(c, cut_char(c, at, n));
}

bool cut_put_wide(struct cutter *c, uint32_t x, uint32_t next);

/* Fold one character to the end of the bytes. A capital ligature that is
 * undone looks at the next (0: none): Œuvre is Oeuvre, ŒUVRE is OEUVRE. False
 * when nothing is left of it. */
static inline bool cut_put(struct cutter *c, uint32_t x, uint32_t next)
{
	if (x >= 0x80 || c->out == c->out_end)
		return cut_put_wide(c, x, next);
	*c->out++ = (char)c->t->low[x].folded; /* ASCII as well */
	return true;
}

/* The bytes written since `from` are a token of so many characters, and stand
 * for start..end of the text; unless it is too short or a stop word. */
void cut_emit(struct cutter *c, char *from, int64_t points, size_t start,
	      size_t end, bool extra);
/* Fold and emit start..end as it stands; passed over when too long. */
void cut_token(struct cutter *c, size_t start, size_t end);

/* The end of the run of plain bytes at i, when nothing that must be looked at
 * touches it; else i. */
static inline size_t cut_plain_end(const struct cutter *c, size_t i)
{
	size_t end = scan_end(c->bits, i);

	return end == c->text.n || !scan_is_other(c->bits, end) ? end : i;
}

/* Such a run is a token; passed over when too long. */
void cut_plain_token(struct cutter *c, size_t start, size_t end);

/* The end of the run of letters, digits and marks at i. */
size_t cut_run_end(const struct cutter *c, size_t i);
static inline bool cut_is_tag(const struct cutter *c, size_t start)
{
	return c->t->set.hashtags && start && c->text.p[start - 1] == '#';
}

/* If start is behind the '#' of a tag, its parts, if there are several. */
void cut_tag(struct cutter *c, size_t start);

/* As tokens_cut(), but every byte is looked at as if none were plain. */
int cut_slowly(struct tokenizer *t, struct str text, struct arena *a,
	       struct tokens *ret);

/* The cuts: the whole text, until the arena is full. */
void cut_words(struct cutter *c); /* words.c */
void cut_plain(struct cutter *c);
void cut_marks(struct cutter *c);
void cut_blanks(struct cutter *c);

#endif

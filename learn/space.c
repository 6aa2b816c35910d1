#include "learn/space.h"

#include <errno.h>
#include <string.h>

#include "learn/setting.h"

/* What a move is done to: % in its text. */
enum subject { WHOLE, MACHINE, BLOCK };

/* What has to be so for a move to make sense. Of the recipe and corpus: */
enum {
	MANY_OF = 1 << 0,   /* a document has any number of topics */
	COPIES = 1 << 1,    /* what topics have for themselves matters */
	TITLES = 1 << 2,    /* some document has one */
	NO_WORDS = 1 << 3,  /* the block is off */
	NO_CHARS = 1 << 4,
	BAYES = 1 << 5,	    /* naive Bayes is beside some machine */
	NO_BAYES = 1 << 6,
	OWN = 1 << 7,	    /* it has a block of its own */
	NOT_OWN = 1 << 8,
	SHARED = 1 << 9,    /* it shares a block with the other machine */
	NO_LEAD = 1 << 10,  /* no block reads the first words alone */
	NO_ACROSS = 1 << 11, /* none reads characters across words */
	SEVERAL = 1 << 12,  /* there are several blocks */
	/* Of the machine: */
	LINEAR = 1 << 13,
	CURVED = 1 << 14,
	WITH = 1 << 15,	    /* naive Bayes is beside it */
	WITHOUT = 1 << 16,
	/* Of the block: */
	OF_WORDS = 1 << 17,
	OF_CHARS = 1 << 18,
	READ = 1 << 19,	    /* by the support vector machine */
	KNOWING = 1 << 20,  /* its weights know the labels */
};

struct row {
	enum subject of;
	int when; /* all that has to be so */
	bool steps;
	/* Alternatives between '|'; what is within {} is done to each block
	 * that the support vector machine reads, which is $ there. */
	const char *tries;
};

#define BESIDE                                                         \
	"{blocks+=$ as bayes; blocks.last.machine=bayes; "             \
	"blocks.last.supervised=none; blocks.last.mix=0.8; "           \
	"blocks.last.count=once; "                                     \
	"$.machine=svm; }"
#define KNOW(how, mix) \
	"{$.supervised=" how "; $.mix=" mix "; $.machine=svm; }"
#define CHARS_LIKE_WORDS                                         \
	"chars:=words; chars.of=chars; chars.cut=blanks; "       \
	"chars.cased=false; "

static const struct row rows[] = {
	/* These need no machine to be trained again. */
	{ WHOLE, MANY_OF, false,
	  "threshold=f1; threshold_part=0.5|threshold=f1; threshold_part=1|"
	  "threshold=zero" },
	{ WHOLE, MANY_OF, false, "at_least_one=true|at_least_one=false" },

	{ MACHINE, 0, true, "%.c*=1.8 to 30|%.c*=0.556 to 0.01" },
	{ MACHINE, CURVED, true, "%.gamma*=2 to 64|%.gamma*=0.5 to 0.001" },
	{ MACHINE, LINEAR, false, "%.loss=squared|%.loss=hinge" },
	{ MACHINE, 0, false, "%.balanced=true|%.balanced=false" },

	{ WHOLE, NO_CHARS, false,
	  CHARS_LIKE_WORDS "chars.ngrams=[3, 5]|"
	  CHARS_LIKE_WORDS "chars.ngrams=[2, 5]" },
	{ WHOLE, NO_WORDS, false,
	  "words:=chars; words.of=words; words.cut=plain; "
	  "words.ngrams=[1, 2]" },

	{ WHOLE, NO_BAYES, false,
	  KNOW("bayes", "0.8") "|" KNOW("bayes", "0.5") "|"
	  KNOW("bayes", "1") },
	{ WHOLE, MANY_OF | NO_BAYES, false,
	  KNOW("relevance", "1") "|" KNOW("relevance", "0.5") },
	{ WHOLE, BAYES | SHARED, false, BESIDE KNOW("bayes", "0.8") },

	{ MACHINE, LINEAR | WITHOUT | NOT_OWN, false,
	  BESIDE "%.bayes=0.4; %.bayes_alpha=0.05|"
	  BESIDE "%.bayes=0.1; %.bayes_alpha=0.05" },
	{ MACHINE, LINEAR | WITHOUT | SHARED, false, "%.bayes=0.4" },
	{ MACHINE, LINEAR | WITHOUT | OWN, false,
	  "%.bayes=0.4; %.bayes_alpha=0.05|%.bayes=0.1; %.bayes_alpha=0.05" },
	{ MACHINE, WITH, true,
	  "%.bayes*=2 to 3.2|%.bayes*=0.5 to 0.02|%.bayes=0" },
	{ MACHINE, WITH, true,
	  "%.bayes_alpha*=2.5 to 1|%.bayes_alpha*=0.4 to 0.005" },

	{ BLOCK, OF_WORDS, false,
	  "%.ngrams=[1, 1]|%.ngrams=[1, 2]|%.ngrams=[1, 3]" },
	{ BLOCK, OF_CHARS, false,
	  "%.ngrams=[3, 5]|%.ngrams=[2, 5]|%.ngrams=[3, 6]" },
	{ BLOCK, SEVERAL, true, "%.weight*=1.41 to 8|%.weight*=0.71 to 0.05" },
	{ BLOCK, OF_WORDS, false, "%.cut=plain|%.cut=words|%.cut=marks" },
	{ BLOCK, OF_CHARS, false, "%.cut=blanks|%.cut=words" },
	{ BLOCK, 0, false, "%.count=log|%.count=once|%.count=plain" },
	{ BLOCK, 0, false, "%.idf=1|%.idf=1.5|%.idf=0" },
	{ WHOLE, COPIES, false,
	  "copy_weight=0.7|copy_weight=0.5|copy_weight=1|copy_weight=1.4" },
	{ WHOLE, TITLES, false,
	  "title_weight=2|title_weight=1|title_weight=4|title_weight=0" },
	{ BLOCK, READ, false,
	  "%.supervised=bayes; %.mix=0.8; %.machine=svm|%.supervised=none" },
	{ BLOCK, READ | KNOWING, false, "%.mix=0.8|%.mix=0.5|%.mix=1" },
	{ BLOCK, 0, false, "%.min_df=1|%.min_df=2|%.min_df=3" },
	{ BLOCK, 0, false, "%.cased=true|%.cased=false" },
	{ WHOLE, NO_ACROSS, false,
	  "blocks+=chars as across; blocks.last.of=across; "
	  "blocks.last.cut=blanks; blocks.last.ngrams=[2, 6]; "
	  "blocks.last.min_df=2" },
	{ WHOLE, NO_LEAD, false,
	  "blocks+=words as first; blocks.last.ngrams=[1, 1]; "
	  "blocks.last.first=25; blocks.last.weight=0.5" },
	{ BLOCK, SEVERAL, false, "%.ngrams=[0, 0]" },
	{ WHOLE, 0, false,
	  "tokens.strip_accents=true|tokens.strip_accents=false" },
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

struct space space_of(const struct recipe *r, const struct corpus *c)
{
	struct space s = {
		.topics = !r->targets,
		.stances = c->stances.n > 0,
		.copies = c->stances.n > 0 && c->topic_count > 1,
	};

	for (size_t i = 0; i < c->n && !s.titles; i++)
		s.titles = c->v[i].title.n > 0;
	return s;
}

/* Blocks: words, chars, and further ones. */

static size_t block_count(const struct recipe *r)
{
	return 2 + r->more.n;
}

static const struct recipe_block *block_at(const struct recipe *r, size_t i)
{
	if (i < 2)
		return i ? &r->chars : &r->words;
	return (const struct recipe_block *)r->more.v + (i - 2);
}

static void block_name(size_t i, char out[32])
{
	if (i < 2)
		snprintf(out, 32, "%s", i ? "chars" : "words");
	else
		snprintf(out, 32, "blocks.%zu", i - 1);
}

/* A recipe's choice of machine is one less than the bits. */
static bool is_read_by(const struct recipe_block *b, int machine)
{
	return b->ngrams.hi > 0 && ((b->machine + 1) & machine);
}

/* What is so. */

static bool has_bayes(const struct space *s, const struct recipe *r)
{
	return (s->topics && r->topic.bayes > 0) ||
	       (s->stances && r->stance.bayes > 0);
}

static int of_blocks(const struct recipe *r)
{
	int so = NOT_OWN | NO_LEAD | NO_ACROSS, on = 0;

	for (size_t i = 0; i < block_count(r); i++) {
		const struct recipe_block *b = block_at(r, i);
		bool svm = is_read_by(b, RECIPE_MACHINE_SVM);
		bool bayes = is_read_by(b, RECIPE_MACHINE_BAYES);

		on += svm || bayes;
		if (svm && bayes)
			so |= SHARED;
		if (bayes && !svm)
			so = (so | OWN) & ~NOT_OWN;
		if (b->ngrams.hi && b->first)
			so &= ~NO_LEAD;
		if (b->ngrams.hi && b->of == FEATURES_ACROSS)
			so &= ~NO_ACROSS;
	}
	return so | (on > 1 ? SEVERAL : 0);
}

static int of_recipe(const struct space *s, const struct recipe *r)
{
	int so = of_blocks(r);

	so |= s->topics && !r->one_of ? MANY_OF : 0;
	so |= s->copies ? COPIES : 0;
	so |= s->titles ? TITLES : 0;
	so |= r->words.ngrams.hi ? 0 : NO_WORDS;
	so |= r->chars.ngrams.hi ? 0 : NO_CHARS;
	so |= has_bayes(s, r) ? BAYES : NO_BAYES;
	return so;
}

static int of_machine(const struct recipe_machine *m)
{
	return (m->kernel == KERNEL_LINEAR ? LINEAR : CURVED) |
	       (m->bayes > 0 ? WITH : WITHOUT);
}

static int of_block(const struct recipe_block *b)
{
	bool words = b->of == FEATURES_WORDS || b->of == FEATURES_OPENING;
	bool chars = b->of == FEATURES_CHARS || b->of == FEATURES_ACROSS;

	return (words ? OF_WORDS : 0) | (chars ? OF_CHARS : 0) |
	       (is_read_by(b, RECIPE_MACHINE_SVM) ? READ : 0) |
	       (b->supervised ? KNOWING : 0);
}

/* The subject's name; false when there is nothing to be gained by changing it.
 * Adds what is so of it. */
static bool know_subject(const struct space *s, const struct recipe *r,
			 enum subject of, size_t i, char name[32], int *so)
{
	const struct recipe_block *b;

	name[0] = '\0';
	switch (of) {
	case WHOLE:
		return true;
	case MACHINE:
		snprintf(name, 32, "%s", i ? "stance" : "topic");
		*so |= of_machine(i ? &r->stance : &r->topic);
		return i ? s->stances : s->topics;
	default:
		b = block_at(r, i);
		block_name(i, name);
		*so |= of_block(b);
		return b->of != FEATURES_GIVEN &&
		       (is_read_by(b, RECIPE_MACHINE_SVM) ||
			(is_read_by(b, RECIPE_MACHINE_BAYES) &&
			 has_bayes(s, r)));
	}
}

/* The text of a move. */

static void put(struct buf *out, struct str text, char mark, const char *name)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == mark)
			buf_add_z(out, name);
		else
			buf_add_char(out, text.p[i]);
}

static void put_each(struct buf *out, struct str text, const struct recipe *r)
{
	char name[32];

	for (size_t i = 0; i < block_count(r); i++) {
		if (!is_read_by(block_at(r, i), RECIPE_MACHINE_SVM))
			continue;
		block_name(i, name);
		put(out, text, '$', name);
	}
}

static void expand(struct buf *out, struct str text, const char *subject,
		   const struct recipe *r)
{
	while (text.p) {
		struct str outside = str_cut(&text, '{');

		put(out, outside, '%', subject);
		if (text.p)
			put_each(out, str_cut(&text, '}'), r);
	}
}

static bool is_in_any(struct str name, const struct opt_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct str rest = str_of(list->v[i]);

		while (rest.p)
			if (setting_is_in(name, str_trim(str_cut(&rest, ','))))
				return true;
	}
	return false;
}

/* A try that changes several keys needs leave for all of them. */
static bool is_allowed(const struct space *s, struct str text)
{
	struct str name;

	while (setting_next(&text, &name))
		if (is_in_any(name, &s->fix) ||
		    (s->only.n && !is_in_any(name, &s->only)))
			return false;
	return true;
}

static int add_try(const struct space *s, struct str text, const char *subject,
		   const struct recipe *r, struct arena *a,
		   struct space_move *ret)
{
	struct str kept;
	struct buf b;

	buf_init(&b, 1 << 16);
	expand(&b, text, subject, r);
	kept = arena_copy(a, buf_view(&b));
	if (buf_error(&b))
		kept.p = NULL;
	buf_done(&b);
	if (!kept.p)
		return -ENOMEM;
	if (ret->n < SPACE_TRIES_MAX && is_allowed(s, kept))
		ret->try[ret->n++] = kept;
	return 0;
}

size_t space_rows(const struct space *s)
{
	return ROWS + s->own.n;
}

size_t space_subjects(const struct space *s, const struct recipe *r,
		      size_t row)
{
	(void)s;
	if (row >= ROWS || rows[row].of == WHOLE)
		return 1;
	return rows[row].of == MACHINE ? 2 : block_count(r);
}

static void own_move(const struct space *s, size_t i, struct space_move *ret)
{
	struct str rest = str_of(s->own.v[i]);

	while (rest.p && ret->n < SPACE_TRIES_MAX)
		ret->try[ret->n++] = str_cut(&rest, '|');
}

int space_move(const struct space *s, const struct recipe *r, size_t row,
	       size_t subject, struct arena *a, struct space_move *ret)
{
	struct str rest;
	char name[32];
	int so, result = 0;

	*ret = (struct space_move){ .n = 0 };
	if (row >= ROWS) {
		own_move(s, row - ROWS, ret);
		return 0;
	}
	so = of_recipe(s, r);
	if (!know_subject(s, r, rows[row].of, subject, name, &so) ||
	    (so & rows[row].when) != rows[row].when)
		return 0;
	ret->steps = rows[row].steps;
	rest = str_of(rows[row].tries);
	while (rest.p && !result)
		result = add_try(s, str_cut(&rest, '|'), name, r, a, ret);
	return result;
}

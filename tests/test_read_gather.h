/* test_read_gather.h -- a sink that writes down what a reader hands over, for
 * the tests of readers. */
#ifndef VIGIE_TESTS_READ_GATHER_H
#define VIGIE_TESTS_READ_GATHER_H

#include "learn/read_sink.h"
#include "tests/check_main.h"

struct gather {
	struct read_sink sink;
	struct recipe recipe;
	struct buf out;	  /* a line an example */
	struct buf bytes; /* of all files */
	struct err why;
	int answer; /* what taking an example returns */
};

static inline void gather_field(struct buf *b, const char *name, struct str s)
{
	if (s.p)
		buf_printf(b, " %s=<" STR_FMT ">", name, STR_ARG(s));
}

/* "LINE id=<7> text=<the text> [topic topic/stance]", "~[" where dotted. */
static inline int gather_example(void *arg, const struct raw_example *x)
{
	struct gather *g = arg;
	struct buf *b = &g->out;

	buf_printf(b, "%zu", x->line);
	gather_field(b, "id", x->id);
	gather_field(b, "title", x->title);
	gather_field(b, "text", x->text);
	gather_field(b, "hand", x->hand);
	gather_field(b, "date", x->date);
	if (g->recipe.targets) {
		gather_field(b, "target", x->target);
		gather_field(b, "stance", x->stance);
		buf_add_z(b, "\n");
		return g->answer;
	}
	buf_add_z(b, x->dotted ? " ~[" : " [");
	for (size_t i = 0; i < x->n; i++) {
		buf_printf(b, "%s" STR_FMT, i ? " " : "",
			   STR_ARG(x->labels[i].topic.n ? x->labels[i].topic
							: STR("<>")));
		if (x->labels[i].stance.p)
			buf_printf(b, "/" STR_FMT,
				   STR_ARG(x->labels[i].stance));
	}
	buf_add_z(b, "]\n");
	return g->answer;
}

static inline void gather_bytes(void *arg, struct str bytes)
{
	struct gather *g = arg;

	buf_add_str(&g->bytes, bytes);
}

/* A sink for a recipe with the fields' own names; done with gather_done(). */
static inline void gather_init(struct gather *g)
{
	*g = (struct gather){
		.sink = { .recipe = &g->recipe,
			  .path = "F",
			  .arg = g,
			  .bytes = gather_bytes,
			  .example = gather_example },
		.recipe.fields = { "id", "title", "text", "topics", "stance",
				   "target", "hand", "date" },
	};
	buf_init(&g->out, 1 << 20);
	buf_init(&g->bytes, 1 << 20);
	buf_init(&g->sink.report, 1 << 20);
}

static inline void gather_clear(struct gather *g)
{
	buf_clear(&g->out);
	buf_clear(&g->bytes);
	buf_clear(&g->sink.report);
	g->sink.count = 0;
	err_clear(&g->why);
}

static inline void gather_done(struct gather *g)
{
	buf_done(&g->out);
	buf_done(&g->bytes);
	buf_done(&g->sink.report);
}

#define GATHER_ASSERT_STR(s, z)                                              \
	ck_assert_msg(str_is(s, z), "got '" STR_FMT "', expected '%s'",      \
		      STR_ARG(s), z)

/* What the reader makes of z, and what it says about it. */
#define GATHER_ASSERT(g, read, z, examples, report_text)                     \
	do {                                                                 \
		gather_clear(g);                                             \
		ck_assert_int_eq(read(&(g)->sink, str_of(z), &(g)->why), 0); \
		GATHER_ASSERT_STR(buf_view(&(g)->sink.report), report_text); \
		GATHER_ASSERT_STR(buf_view(&(g)->out), examples);            \
	} while (0)

/* The file as a whole is refused with this sentence. */
#define GATHER_ASSERT_REFUSED(g, read, z, r, sentence)                       \
	do {                                                                 \
		gather_clear(g);                                             \
		ck_assert_int_eq(read(&(g)->sink, str_of(z), &(g)->why), r); \
		ck_assert_str_eq((g)->why.text, sentence);                   \
	} while (0)

#endif

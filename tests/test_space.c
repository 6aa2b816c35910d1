#include "learn/space.h"

#include <errno.h>

#include "learn/setting.h"
#include "tests/data/tiny.h"

static struct tiny tiny;
static struct space space;
static struct arena block, arena;

static void begin(const char *yaml)
{
	tiny_made(&tiny, yaml, 24);
	space = space_of(&tiny.recipe, &tiny.corpus);
	ck_assert_int_eq(arena_open(&block, 1 << 26), 0);
	arena = block;
}

static void end(void)
{
	arena_close(block);
	tiny_done(&tiny);
}

/* A recipe of the space: whatever is put there. */
static struct recipe with(const char *text)
{
	struct recipe r = tiny.recipe;
	struct err e = { "" };

	ck_assert_msg(!setting_apply(&r, str_of(text), &arena, &e), "%s",
		      e.text);
	return r;
}

/* Call for every try from r. */
static void each(const struct recipe *r, void (*call)(struct str, void *),
		 void *arg)
{
	for (size_t row = 0; row < space_rows(&space); row++)
		for (size_t i = 0; i < space_subjects(&space, r, row); i++) {
			struct space_move m;

			ck_assert_int_eq(space_move(&space, r, row, i, &arena,
						    &m), 0);
			ck_assert_uint_le(m.n, SPACE_TRIES_MAX);
			for (size_t k = 0; k < m.n; k++)
				call(m.try[k], arg);
		}
}

struct sought {
	const char *text;
	size_t all, found;
};

static void look(struct str text, void *arg)
{
	struct sought *s = arg;

	s->all++;
	s->found += tiny_find(text, s->text) != NULL;
}

static size_t count(const struct recipe *r, const char *text)
{
	struct sought s = { .text = text };

	each(r, look, &s);
	return s.found;
}

struct checked {
	const struct recipe *from;
	size_t good, all;
};

/* It can be applied, and what comes of it is a recipe or a contradiction. */
static void check_try(struct str text, void *arg)
{
	struct checked *c = arg;
	struct recipe r = *c->from, read;
	struct err e = { "" };
	struct conf conf;
	char *yaml;

	ck_assert_msg(!setting_apply(&r, text, &arena, &e), STR_FMT ": %s",
		      STR_ARG(text), e.text);
	yaml = setting_yaml(&r);
	c->all++;
	c->good += !recipe_parse(&conf, "try", str_of(yaml), &read, &e);
	conf_done(&conf);
	free(yaml);
}

static void all_can_be_applied(const struct recipe *r)
{
	struct checked c = { .from = r };

	each(r, check_try, &c);
	ck_assert_uint_gt(c.all, 30);
	ck_assert_msg(c.good + 5 >= c.all, "%zu of %zu", c.good, c.all);
}

START_TEST(moves_can_be_made_from_every_recipe)
{
	struct recipe r;

	begin(TINY_RECIPE);
	all_can_be_applied(&tiny.recipe);
	r = with("chars.ngrams=[0, 0]");
	all_can_be_applied(&r);
	r = with("chars.ngrams=[3, 5]; words.ngrams=[0, 0]");
	all_can_be_applied(&r);
	r = with("topic.bayes=0.4; stance.bayes=1");
	all_can_be_applied(&r);
	r = with("words.supervised=bayes; words.machine=svm; "
		 "chars.supervised=bayes; chars.machine=svm; "
		 "blocks+=words as more; blocks.last.machine=bayes; "
		 "blocks.last.supervised=none; topic.bayes=0.4; "
		 "topic.loss=squared");
	all_can_be_applied(&r);
	end();
	begin("one_of: false\nthreshold: f1\n");
	all_can_be_applied(&tiny.recipe);
	end();
}
END_TEST

/* Only what the recipe and the corpus have. */
START_TEST(moves_are_those_that_make_sense)
{
	struct recipe r;

	begin(TINY_RECIPE);
	r = tiny.recipe;
	ck_assert_uint_gt(count(&r, "topic.c*="), 0);
	ck_assert_uint_gt(count(&r, "stance.c*="), 0);
	ck_assert_uint_gt(count(&r, "copy_weight="), 0);
	ck_assert_uint_gt(count(&r, "title_weight="), 0);
	ck_assert_uint_gt(count(&r, "threshold=f1"), 0);
	ck_assert_uint_eq(count(&r, "gamma"), 0);
	ck_assert_uint_eq(count(&r, "chars:=words"), 0);
	ck_assert_uint_eq(count(&r, "%"), 0);
	ck_assert_uint_eq(count(&r, "$"), 0);
	r = with("stance.kernel=rbf; chars.ngrams=[0, 0]");
	ck_assert_uint_gt(count(&r, "stance.gamma"), 0);
	ck_assert_uint_eq(count(&r, "topic.gamma"), 0);
	ck_assert_uint_gt(count(&r, "chars:=words"), 0);
	ck_assert_uint_eq(count(&r, "chars.idf"), 0);
	end();
	begin("topics: [sovereignty, partnership, market]\n"
	      "one_of: false\nfields: {title: none}\n");
	r = tiny.recipe;
	ck_assert_uint_eq(count(&r, "stance."), 0);
	ck_assert_uint_eq(count(&r, "copy_weight"), 0);
	ck_assert_uint_eq(count(&r, "title_weight"), 0);
	r.one_of = true;
	ck_assert_uint_eq(count(&r, "threshold"), 0);
	end();
}
END_TEST

/* Weights that know the labels are not for naive Bayes: it gets copies. */
START_TEST(moves_put_naive_bayes_beside)
{
	struct recipe r;

	begin(TINY_RECIPE);
	r = tiny.recipe;
	ck_assert_uint_eq(count(&r, "topic.bayes*="), 0);
	ck_assert_uint_gt(count(&r, "blocks+=words as bayes"), 0);
	ck_assert_uint_gt(count(&r, "; topic.bayes=0.4"), 0);
	r = with("blocks+=words as bayes; blocks.1.machine=bayes");
	/* Of no use while nobody reads it. */
	ck_assert_uint_eq(count(&r, "blocks.1.idf"), 0);
	r = with("blocks+=words as bayes; blocks.1.machine=bayes; "
		 "topic.bayes=0.4");
	ck_assert_uint_gt(count(&r, "blocks.1.idf"), 0);
	ck_assert_uint_eq(count(&r, "blocks.1.supervised=bayes"), 0);
	ck_assert_uint_gt(count(&r, "topic.bayes*="), 0);
	ck_assert_uint_gt(count(&r, "stance.bayes=0.4"), 0);
	end();
}
END_TEST

static void only_these(struct str text, void *arg)
{
	struct str name;

	(void)arg;
	while (setting_next(&text, &name))
		ck_assert_msg(setting_is_in(name, STR("topic.c")) ||
				      setting_is_in(name, STR("words")),
			      STR_FMT, STR_ARG(name));
}

START_TEST(moves_keep_to_only_and_fix)
{
	const char *only[] = { "topic.c, words" };
	const char *fix[] = { "chars", "blocks,topic" };
	struct recipe r;

	begin(TINY_RECIPE);
	r = tiny.recipe;
	space.only = (struct opt_list){ only, 1 };
	each(&r, only_these, NULL);
	ck_assert_uint_gt(count(&r, "topic.c*="), 0);
	ck_assert_uint_gt(count(&r, "words.idf"), 0);
	space.only.n = 0;
	space.fix = (struct opt_list){ fix, 2 };
	ck_assert_uint_eq(count(&r, "chars."), 0);
	ck_assert_uint_eq(count(&r, "blocks"), 0);
	ck_assert_uint_eq(count(&r, "topic."), 0);
	ck_assert_uint_gt(count(&r, "stance.c*="), 0);
	end();
}
END_TEST

START_TEST(moves_of_the_user_come_last)
{
	const char *own[] = { "tokens.stem=french|tokens.stem=english",
			      "words.max_df=0.5" };
	struct space_move m;
	size_t rows;

	begin(TINY_RECIPE);
	rows = space_rows(&space);
	space.own = (struct opt_list){ own, 2 };
	ck_assert_uint_eq(space_rows(&space), rows + 2);
	ck_assert_int_eq(space_move(&space, &tiny.recipe, rows, 0, &arena,
				    &m), 0);
	ck_assert_uint_eq(m.n, 2);
	ck_assert(str_is(m.try[1], "tokens.stem=english"));
	end();
}
END_TEST

static void checked(const char *only, const char *fix, const char *own,
		    const char *sentence)
{
	struct err e = { "" };
	int r;

	space.only = (struct opt_list){ &only, only != NULL };
	space.fix = (struct opt_list){ &fix, fix != NULL };
	space.own = (struct opt_list){ &own, own != NULL };
	r = space_check(&space, &tiny.recipe, &e);
	ck_assert_int_eq(r, sentence ? -EINVAL : 0);
	ck_assert_msg(!sentence || strstr(e.text, sentence), "%s", e.text);
}

START_TEST(check_tells_what_makes_no_sense)
{
	begin(TINY_RECIPE);
	checked(NULL, NULL, NULL, NULL);
	checked("topic.c,words", "words.cut", "tokens.stem=french", NULL);
	checked("topik.c", NULL, NULL,
		"--only topik.c: a recipe has no key 'topik.c': did you mean "
		"'topic.c'?");
	checked(NULL, "words,cahrs", NULL, "--fix words,cahrs: ");
	checked(NULL, NULL, "words.max_df=2", "--try 'words.max_df=2': ");
	checked(NULL, NULL, "words.max_df=1|words.max_df=2",
		"expected a number");
	checked("topic.gamma", NULL, NULL, "leave nothing to try");
	checked("words", "words", NULL, "leave nothing to try");
	checked("topic.gamma", NULL, "topic.gamma=2", NULL);
	checked(NULL, NULL, "one_of=no|one_of=no|one_of=no|one_of=no|"
		"one_of=no|one_of=no|one_of=no|one_of=no|one_of=no|one_of=no|"
		"one_of=no|one_of=no|one_of=no|one_of=no|one_of=no|one_of=no",
		NULL);
	checked(NULL, NULL, "one_of=no|one_of=no|one_of=no|one_of=no|"
		"one_of=no|one_of=no|one_of=no|one_of=no|one_of=no|one_of=no|"
		"one_of=no|one_of=no|one_of=no|one_of=no|one_of=no|one_of=no|"
		"one_of=no", "more than 16");
	end();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(moves_can_be_made_from_every_recipe),
		CHECK_TEST(moves_are_those_that_make_sense),
		CHECK_TEST(moves_put_naive_bayes_beside),
		CHECK_TEST(moves_keep_to_only_and_fix),
		CHECK_TEST(moves_of_the_user_come_last),
		CHECK_TEST(check_tells_what_makes_no_sense),
		CHECK_END,
	};

	return check_main("space", tests);
}

#include "learn/setting.h"

#include "tests/check_main.h"

static struct conf conf;
static struct recipe recipe; /* most tests change a copy */
static struct setting_base base;
static struct arena block, arena;
static struct err e;

static void begin(const char *yaml)
{
	memset(&e, 0, sizeof(e));
	ck_assert_msg(!recipe_parse(&conf, "r", str_of(yaml), &recipe, &e),
		      "%s", e.text);
	ck_assert_int_eq(setting_base_init(&base, &recipe, &e), 0);
	ck_assert_int_eq(arena_open(&block, 1 << 24), 0);
	arena = block;
}

static void end(void)
{
	setting_base_done(&base);
	conf_done(&conf);
	arena_close(block);
}

static struct recipe changed(const char *text)
{
	struct recipe r = recipe;

	ck_assert_msg(!setting_apply(&r, str_of(text), &arena, &e), "%s",
		      e.text);
	return r;
}

/* What the text makes of the recipe, told by its differences. */
static void becomes(const char *text, const char *wanted)
{
	struct recipe r = changed(text);
	struct str s = setting_differences(&base, &r, &arena);

	ck_assert_msg(str_is(s, wanted), "%s: '%s'", text, s.p);
}

static void refused(const char *text, const char *sentence)
{
	struct recipe r = recipe;

	err_clear(&e);
	ck_assert_int_eq(setting_apply(&r, str_of(text), &arena, &e), -22);
	ck_assert_msg(strstr(e.text, sentence) != NULL, "%s: %s", text,
		      e.text);
}

START_TEST(apply_sets_values_of_every_kind)
{
	struct recipe r;

	begin("stances: [pro, con]\n");
	r = changed("topic.c=0.5;words.ngrams = [1, 3] ; chars.ngrams=2,5;"
		    "threshold=f1; at_least_one=true; words.min_df=4;"
		    "tokens.stem=french; words.fields=[title]; "
		    "tokens.stop_words=[le, la]; stance.balanced=false");
	ck_assert(r.topic.c == 0.5);
	ck_assert_int_eq(r.words.ngrams.hi, 3);
	ck_assert_int_eq(r.chars.ngrams.lo, 2);
	ck_assert_int_eq(r.threshold, RECIPE_THRESHOLD_F1);
	ck_assert(r.at_least_one && !r.stance.balanced);
	ck_assert_int_eq(r.words.min_df, 4);
	ck_assert_str_eq(r.tokens.stem, "french");
	ck_assert_uint_eq(r.words.fields.n, 1);
	ck_assert_uint_eq(r.tokens.stop.n, 2);
	ck_assert_str_eq(r.tokens.stop.v[1], "la");
	end();
}
END_TEST

START_TEST(apply_of_nothing_changes_nothing)
{
	begin("");
	becomes("", "");
	becomes(" ; ;", "");
	becomes("topic.c=1; words.ngrams=[1, 2]", "");
	end();
}
END_TEST

START_TEST(apply_to_a_further_block_leaves_the_original)
{
	const struct recipe_block *b;
	struct recipe r;

	begin("blocks: [{name: a}, {name: b, weight: 0.5}]\n");
	r = changed("blocks.2.weight=2; blocks.1.count=once");
	b = r.more.v;
	ck_assert(b[1].weight == 2);
	ck_assert_int_eq(b[0].count, TFIDF_ONCE);
	b = recipe.more.v;
	ck_assert(b[1].weight == 0.5);
	ck_assert_int_eq(b[0].count, TFIDF_LOG);
	end();
}
END_TEST

START_TEST(apply_adds_blocks_like_others)
{
	const struct recipe_block *b;
	struct recipe r;

	begin("words: {cut: plain, ngrams: [1, 1]}\n");
	r = changed("blocks+=words as bayes; blocks.last.machine=bayes; "
		    "blocks+=blocks.1 as more; blocks.last.first=25");
	ck_assert_uint_eq(r.more.n, 2);
	ck_assert_uint_eq(recipe.more.n, 0);
	b = r.more.v;
	ck_assert_str_eq(b[0].name, "bayes words");
	ck_assert_str_eq(b[1].name, "more bayes words");
	ck_assert_int_eq(b[0].cut, TOKENS_PLAIN);
	ck_assert_int_eq(b[0].machine + 1, RECIPE_MACHINE_BAYES);
	ck_assert_int_eq(b[0].first, 0);
	ck_assert_int_eq(b[1].first, 25);
	end();
}
END_TEST

START_TEST(apply_makes_a_block_what_another_is_but_for_its_name)
{
	struct recipe r;

	begin("words: {cut: plain, ngrams: [1, 1], idf: 2}\n");
	r = changed("chars:=words; chars.of=chars; chars.ngrams=[3, 5]");
	ck_assert_str_eq(r.chars.name, "chars");
	ck_assert_int_eq(r.chars.cut, TOKENS_PLAIN);
	ck_assert(r.chars.idf == 2);
	ck_assert_int_eq(r.words.ngrams.hi, 1);
	end();
}
END_TEST

START_TEST(apply_multiplies_to_two_digits_and_a_limit)
{
	begin("topic: {c: 1}\n");
	becomes("topic.c*=1.8 to 30", "topic.c=1.8");
	becomes("topic.c*=1.8 to 30; topic.c*=1.8 to 30", "topic.c=3.2");
	becomes("topic.c*=1.8 to 30; topic.c*=0.556 to 0.01", "");
	becomes("topic.c*=100 to 30", "topic.c=30");
	becomes("topic.c*=0.001 to 0.01", "topic.c=0.01");
	/* Beyond the limit already: it stays. */
	becomes("topic.c=50; topic.c*=1.8 to 30", "topic.c=50");
	becomes("topic.c=0.001; topic.c*=0.5 to 0.01", "topic.c=0.001");
	end();
}
END_TEST

START_TEST(apply_refuses_with_a_sentence)
{
	begin("");
	refused("topik.c=1", "did you mean 'topic.c'?");
	refused("words=1", "no key 'words'");
	refused("words.ngrams.x=1", "no key 'words.ngrams.x'");
	refused("blocks.1.weight=1", "no key 'blocks.1.weight'");
	refused("title_weight.x=1", "no key");
	refused("topic.c=often", "topic.c: 'often', expected a number");
	refused("topic.c=0", "from 1e-06 to 1000000");
	refused("words.ngrams=[3, 1]", "the larger last");
	refused("words.ngrams=[1]", "two whole numbers");
	refused("threshold=f2", "one of zero, f1");
	refused("topic.c", "expected KEY=VALUE");
	refused("topic.c:3", "KEY");
	refused("topic.c*=1.8", "as in 1.8 to 30");
	refused("words.cased*=2 to 3", "a number");
	refused("blocks+=words", "blocks+=words as more");
	refused("blocks+=blocks.1 as more", "blocks+=words as more");
	refused("words+=chars as more", "blocks+=words as more");
	refused("chars:=blocks.3", "no key 'blocks.3'");
	end();
}
END_TEST

/* However a setting came about, it has one name. */
START_TEST(differences_are_the_same_in_any_order)
{
	begin("blocks: [{}]\n");
	becomes("words.idf=0; topic.c=2; blocks.1.weight=3",
		"words.idf=0; blocks.1.weight=3; topic.c=2");
	becomes("topic.c=9; blocks.1.weight=3; words.idf=0; topic.c=2",
		"words.idf=0; blocks.1.weight=3; topic.c=2");
	becomes("topic.c=2; topic.c=1", "");
	end();
}
END_TEST

START_TEST(differences_of_a_new_block_are_from_the_defaults)
{
	begin("words: {cut: plain}\n");
	becomes("blocks+=words as more; blocks.last.count=once",
		"blocks.1.name=\"more words\"; blocks.1.cut=plain; "
		"blocks.1.ngrams=[1, 2]; blocks.1.count=once");
	end();
}
END_TEST

START_TEST(yaml_is_read_back_as_the_same_recipe)
{
	struct recipe r, again;
	struct conf other;
	char *yaml, *twice;

	begin("about: \"a\\tb\"\nonly: {lang: fr}\n");
	r = changed("blocks+=words as more; topic.c=0.1; words.idf=1.5");
	yaml = setting_yaml(&r);
	ck_assert_ptr_nonnull(yaml);
	ck_assert_msg(!recipe_parse(&other, "y", str_of(yaml), &again, &e),
		      "%s", e.text);
	ck_assert_uint_eq(again.block_count, 2);
	twice = setting_yaml(&again);
	ck_assert_str_eq(yaml, twice);
	free(yaml);
	free(twice);
	conf_done(&other);
	end();
}
END_TEST

START_TEST(next_tells_what_is_changed)
{
	struct str s = STR(" words.ngrams=[1, 2];; topic.c*=2 to 3; "
			   "blocks.last.cut=plain; blocks+=words as x;"),
		   name;
	static const char *const wanted[] = { "words.ngrams", "topic.c",
					      "blocks", "blocks" };

	for (size_t i = 0; i < 4; i++) {
		ck_assert(setting_next(&s, &name));
		ck_assert_msg(str_is(name, wanted[i]), "%zu", i);
	}
	ck_assert(!setting_next(&s, &name));
}
END_TEST

START_TEST(check_knows_keys_and_maps)
{
	static const char *const good[] = { "words", "words.ngrams", "topic",
					    "blocks", "blocks.12",
					    "blocks.3.weight", "threshold" };
	static const char *const bad[] = { "", "word", "words.c", "blocks.x",
					   "blocks.0", "threshold.x",
					   "blocks.1.c" };

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ck_assert_msg(!setting_check(str_of(good[i]), NULL), "%s",
			      good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(setting_check(str_of(bad[i]), NULL), "%s",
			      bad[i]);
	ck_assert(setting_is_in(STR("words.ngrams"), STR("words")));
	ck_assert(setting_is_in(STR("words"), STR("words")));
	ck_assert(!setting_is_in(STR("wordsmith"), STR("words")));
	ck_assert(!setting_is_in(STR("words"), STR("words.ngrams")));
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(apply_sets_values_of_every_kind),
		CHECK_TEST(apply_of_nothing_changes_nothing),
		CHECK_TEST(apply_to_a_further_block_leaves_the_original),
		CHECK_TEST(apply_adds_blocks_like_others),
		CHECK_TEST(apply_makes_a_block_what_another_is_but_for_its_name),
		CHECK_TEST(apply_multiplies_to_two_digits_and_a_limit),
		CHECK_TEST(apply_refuses_with_a_sentence),
		CHECK_TEST(differences_are_the_same_in_any_order),
		CHECK_TEST(differences_of_a_new_block_are_from_the_defaults),
		CHECK_TEST(yaml_is_read_back_as_the_same_recipe),
		CHECK_TEST(next_tells_what_is_changed),
		CHECK_TEST(check_knows_keys_and_maps),
		CHECK_END,
	};

	return check_main("setting", tests);
}

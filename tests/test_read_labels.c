#include "learn/read_labels.h"

#include "learn/corpus.h"
#include "tests/test_read_gather.h"

static struct gather g;
static struct arena block, a;
static struct read_labels l;
static const char *topics[] = { "market", "rec.sport", "caf\xC3\xA9" };
static const char *stances[] = { "favour", "against" };

static void setup(bool given, bool with_stances, bool lenient)
{
	gather_init(&g);
	ck_assert_int_eq(arena_open(&block, 1 << 26), 0);
	a = block;
	if (given)
		g.recipe.topics = (struct conf_texts){ topics, 3 };
	if (with_stances)
		g.recipe.stances = (struct conf_texts){ stances, 2 };
	ck_assert_int_eq(read_labels_init(&l, &g.sink, &a, lenient), 0);
}

static void teardown(void)
{
	read_labels_done(&l);
	arena_close(block);
	gather_done(&g);
}

/* Add the labels of example number n, in words with blanks between; "-" is an
 * empty one. Returns the result, g.out has the marks so far. */
static int add(size_t n, bool dotted, const char *words)
{
	struct raw_label v[16];
	struct raw_example x = { .line = n + 1, .labels = v, .dotted = dotted };
	struct str rest = str_of(words);
	int r;

	while (rest.n) {
		struct str word = str_cut(&rest, ' '), topic;

		topic = str_cut(&word, '/');
		if (str_is(topic, "-"))
			topic.n = 0;
		v[x.n++] = (struct raw_label){ topic, word };
	}
	gather_clear(&g);
	r = read_labels_add(&l, &x, n);
	for (size_t i = 0; i < l.marks.n / sizeof(struct read_mark); i++) {
		const struct read_mark *m =
			&((const struct read_mark *)(void *)l.marks.p)[i];

		buf_printf(&g.out, "%s%zu:%s/%d", i ? " " : "", m->example,
			   read_names_at(&l.topics, m->topic), m->byte);
	}
	return r;
}

#define ADD(n, dotted, words, r, marks, report_text)                         \
	do {                                                                 \
		ck_assert_int_eq(add(n, dotted, words), r);                  \
		GATHER_ASSERT_STR(buf_view(&g.out), marks);                  \
		GATHER_ASSERT_STR(buf_view(&g.sink.report), report_text);    \
	} while (0)

START_TEST(labels_topics_and_stances)
{
	setup(true, true, false);
	ADD(0, false, "market/against rec.sport", 0,
	    "0:market/2 0:rec.sport/255", "");
	ADD(1, false, "", 0, "0:market/2 0:rec.sport/255", "");
	ADD(2, false, "market", 0, "0:market/2 0:rec.sport/255 2:market/255",
	    "");
	teardown();
}
END_TEST

START_TEST(labels_in_form_c)
{
	setup(true, false, false);
	ADD(0, false, "cafe\xCC\x81", 0, "0:caf\xC3\xA9/255", "");
	teardown();
	setup(false, false, false);
	ADD(0, false, "cafe\xCC\x81", 0, "0:caf\xC3\xA9/255", "");
	ADD(1, false, "caf\xC3\xA9", 0, "0:caf\xC3\xA9/255 1:caf\xC3\xA9/255",
	    "");
	teardown();
}
END_TEST

START_TEST(labels_with_a_dot)
{
	setup(true, true, false);
	ADD(0, true, "market.favour", 0, "0:market/1", "");
	l.marks.n = 0;
	ADD(1, true, "rec.sport.against rec.sport.favou", STEP_REJECT, "",
	    "F:2: unknown stance 'favou': did you mean 'favour'?\n");
	ADD(2, true, "rec.sport", 0, "2:rec.sport/255", "");
	l.marks.n = 0;
	ADD(3, true, "makret.favour", STEP_REJECT, "",
	    "F:4: unknown topic 'makret': did you mean 'market'?\n");
	ADD(3, true, "alt.atheism", STEP_REJECT, "",
	    "F:4: unknown topic 'alt.atheism'\n");
	ADD(4, true, ".favour", STEP_REJECT, "", "F:5: an empty label\n");
	ADD(5, false, "market.favour", STEP_REJECT, "",
	    "F:6: unknown topic 'market.favour'\n");
	teardown();
	/* No stances, no topics given: a dot is a dot. */
	setup(false, false, false);
	ADD(0, true, "market.favour", 0, "0:market.favour/255", "");
	teardown();
	setup(false, true, false);
	ADD(0, true, "market.favour alt.atheism", 0,
	    "0:market/1 0:alt.atheism/255", "");
	teardown();
}
END_TEST

START_TEST(labels_told_twice)
{
	setup(true, true, false);
	g.recipe.one_of = true;
	ADD(0, false, "market/favour market/favour", 0, "0:market/1", "");
	ADD(1, false, "market/favour market/against", STEP_REJECT,
	    "0:market/1",
	    "F:2: topic 'market' is told twice, with different stances\n");
	/* What was taken back is not met again. */
	ADD(1, false, "market/against", 0, "0:market/1 1:market/2", "");
	g.recipe.one_of = false;
	ADD(2, false, "rec.sport/favour -", STEP_REJECT,
	    "0:market/1 1:market/2", "F:3: an empty label\n");
	ADD(2, false, "market/against rec.sport/favour", 0,
	    "0:market/1 1:market/2 2:market/2 2:rec.sport/1", "");
	teardown();
}
END_TEST

START_TEST(labels_all_errors_of_a_line)
{
	setup(true, true, false);
	ADD(0, false, "market/favour - sport marekt/favor", STEP_REJECT, "",
	    "F:1: an empty label\n"
	    "F:1: unknown topic 'sport'\n"
	    "F:1: unknown topic 'marekt': did you mean 'market'?\n"
	    "F:1: unknown stance 'favor': did you mean 'favour'?\n");
	ADD(1, false, "market/", STEP_REJECT, "", "F:2: unknown stance ''\n");
	teardown();
}
END_TEST

START_TEST(labels_one_of)
{
	setup(true, true, false);
	g.recipe.one_of = true;
	ADD(0, false, "", STEP_REJECT, "",
	    "F:1: 0 topics where the recipe says one_of\n");
	ADD(1, false, "market rec.sport", STEP_REJECT, "",
	    "F:2: 2 topics where the recipe says one_of\n");
	ADD(2, false, "market", 0, "2:market/255", "");
	teardown();
}
END_TEST

START_TEST(labels_lenient_keeps_what_is_known)
{
	setup(true, true, true);
	g.recipe.one_of = true;
	ADD(0, false, "sport", 0, "", "F:1: unknown topic 'sport'\n");
	ADD(1, false, "market/maybe", 0, "1:market/255",
	    "F:2: unknown stance 'maybe'\n");
	ADD(2, false, "sport market", STEP_REJECT, "1:market/255",
	    "F:3: unknown topic 'sport'\n"
	    "F:3: 2 topics where the recipe says one_of\n");
	ADD(3, false, "-", STEP_REJECT, "1:market/255",
	    "F:4: an empty label\n");
	teardown();
}
END_TEST

START_TEST(labels_names_that_no_topic_can_have)
{
	char name[BUNDLE_NAME_MAX + 1], told[256];

	setup(false, false, false);
	ADD(0, false, "a\"b", STEP_REJECT, "",
	    "F:1: 'a\"b' cannot name a topic: 1 to 127 bytes without quotes, "
	    "backslashes and control characters can\n");
	memset(name, 'x', BUNDLE_NAME_MAX);
	name[BUNDLE_NAME_MAX] = '\0';
	snprintf(told, sizeof(told),
		 "F:1: '%s' cannot name a topic: 1 to 127 bytes without "
		 "quotes, backslashes and control characters can\n", name);
	ADD(0, false, name, STEP_REJECT, "", told);
	teardown();
}
END_TEST

START_TEST(labels_one_topic_too_many)
{
	char name[16];

	setup(false, false, false);
	for (size_t i = 0; i < BUNDLE_TOPICS_MAX; i++) {
		snprintf(name, sizeof(name), "t%zu", i);
		l.marks.n = 0;
		ck_assert_int_eq(add(i, false, name), 0);
	}
	l.marks.n = 0;
	ADD(5000, false, "more", STEP_REJECT, "",
	    "F:5001: 'more' is one topic more than 4096\n");
	ADD(5001, false, "t7", 0, "5001:t7/255", "");
	teardown();
}
END_TEST

/* A long report is not shown, and looking for what was meant takes long. */
START_TEST(labels_late_ones_get_no_suggestion)
{
	setup(true, false, false);
	for (int i = 0; i < CORPUS_WARNINGS_MAX - 1; i++)
		read_complain(&g.sink, 0, 0, "x");
	for (int i = 0; i < 2; i++) {
		struct raw_label label = { STR("marke"), { NULL, 0 } };
		struct raw_example x = { .line = 1, .labels = &label, .n = 1 };

		buf_clear(&g.sink.report);
		ck_assert_int_eq(read_labels_add(&l, &x, 0), STEP_REJECT);
		GATHER_ASSERT_STR(buf_view(&g.sink.report),
				  i ? "F:1: unknown topic 'marke'\n"
				    : "F:1: unknown topic 'marke': did you "
				      "mean 'market'?\n");
	}
	teardown();
}
END_TEST

static int add_target(const char *target, const char *stance)
{
	struct raw_example x = { .line = 1,
				 .target = str_of(target),
				 .stance = str_of(stance) };
	int r;

	gather_clear(&g);
	l.marks.n = 0;
	r = read_labels_add(&l, &x, 0);
	if (!r && l.marks.n) {
		const struct read_mark *m = (const void *)l.marks.p;

		buf_printf(&g.out, "%s/%d",
			   read_names_at(&l.topics, m->topic), m->byte);
	}
	return r;
}

#define TARGET(target, stance, r, label, report_text)                        \
	do {                                                                 \
		ck_assert_int_eq(add_target(target, stance), r);             \
		GATHER_ASSERT_STR(buf_view(&g.out), label);                  \
		GATHER_ASSERT_STR(buf_view(&g.sink.report), report_text);    \
	} while (0)

static void setup_targets(enum bundle_targets targets, bool given,
			  bool lenient)
{
	setup(given, true, lenient);
	read_labels_done(&l);
	g.recipe.targets = targets;
	ck_assert_int_eq(read_labels_init(&l, &g.sink, &a, lenient), 0);
}

START_TEST(labels_targets_that_are_topics)
{
	setup_targets(BUNDLE_TARGETS_TOPICS, false, false);
	TARGET("Macron", "favour", 0, "Macron/1", "");
	TARGET(" Macron ", "against", 0, "Macron/2", "");
	TARGET("Le Pen", "for", STEP_REJECT, "",
	       "F:1: unknown stance 'for'\n");
	TARGET("", "favour", STEP_REJECT, "",
	       "F:1: 'target' is missing or no text\n");
	TARGET("Macron", " ", STEP_REJECT, "",
	       "F:1: 'stance' is missing or no text\n");
	teardown();
	setup_targets(BUNDLE_TARGETS_TOPICS, true, false);
	TARGET("marker", "favour", STEP_REJECT, "",
	       "F:1: unknown topic 'marker': did you mean 'market'?\n");
	teardown();
	setup_targets(BUNDLE_TARGETS_TOPICS, true, true);
	TARGET("Macron", "favour", 0, "", "F:1: unknown topic 'Macron'\n");
	TARGET("market", "for", 0, "market/255",
	       "F:1: unknown stance 'for'\n");
	teardown();
}
END_TEST

START_TEST(labels_targets_that_are_texts)
{
	setup_targets(BUNDLE_TARGETS_TEXT, false, false);
	ck_assert_uint_eq(read_names_count(&l.topics), 1);
	TARGET("Any \"text\" at all", "against", 0, "target/2", "");
	TARGET("Any text", "neither", STEP_REJECT, "",
	       "F:1: unknown stance 'neither'\n");
	TARGET(NULL, "favour", STEP_REJECT, "",
	       "F:1: 'target' is missing or no text\n");
	teardown();
}
END_TEST

/* As ingest writes the targets of articles, which are to match these names. */
START_TEST(labels_white_space_is_one_blank)
{
	static const char *odd[] = { "\trec \r\n sport\v\f", "Le  Pen" };

	setup_targets(BUNDLE_TARGETS_TOPICS, false, false);
	TARGET("Marine Le Pen", "favour", 0, "Marine Le Pen/1", "");
	TARGET("\f\v Marine \t\r\n Le\nPen \n", " against\t", 0,
	       "Marine Le Pen/2", "");
	TARGET("Marine LePen", "favour", 0, "Marine LePen/1", "");
	TARGET("Le\xC2\xA0Pen", "favour", 0, "Le\xC2\xA0Pen/1", "");
	/* Form C comes after: the accent's blank is no run of its own. */
	TARGET("cafe\xCC\x81 \t noir", "favour", 0, "caf\xC3\xA9 noir/1", "");
	ck_assert_uint_eq(read_names_count(&l.topics), 4);
	teardown();
	setup(false, true, false);
	read_labels_done(&l);
	g.recipe.topics = (struct conf_texts){ odd, 2 };
	ck_assert_int_eq(read_labels_init(&l, &g.sink, &a, false), 0);
	ck_assert_str_eq(read_names_at(&l.topics, 0), "rec sport");
	ADD(0, true, "rec\v\fsport.favour Le\tPen", 0,
	    "0:rec sport/1 0:Le Pen/255", "");
	teardown();
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(labels_topics_and_stances),
		CHECK_TEST(labels_in_form_c),
		CHECK_TEST(labels_with_a_dot),
		CHECK_TEST(labels_told_twice),
		CHECK_TEST(labels_all_errors_of_a_line),
		CHECK_TEST(labels_one_of),
		CHECK_TEST(labels_lenient_keeps_what_is_known),
		CHECK_TEST(labels_names_that_no_topic_can_have),
		CHECK_TEST(labels_one_topic_too_many),
		CHECK_TEST(labels_late_ones_get_no_suggestion),
		CHECK_TEST(labels_targets_that_are_topics),
		CHECK_TEST(labels_targets_that_are_texts),
		CHECK_TEST(labels_white_space_is_one_blank),
		CHECK_END,
	};

	return check_main("read_labels", tests);
}

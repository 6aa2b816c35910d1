/* targets.h -- a little made-up corpus whose documents come with a target, for
 * the tests of judging what a stance is towards. */
#ifndef VIGIE_TESTS_TARGETS_H
#define VIGIE_TESTS_TARGETS_H

#include "tests/data/tiny.h"

/* The target is one of three topics; the text alone tells the stance. */
#define TARGETS_TOPICS                               \
	"name: tiny\ntargets: topics\n"              \
	"stances: [favour, against]\n"               \
	"words: {ngrams: [1, 1]}\nfolds: 0\n"

/* The target is a text, which is read beside the article's. */
#define TARGETS_TEXT                                                       \
	"name: tiny\ntargets: text\n"                                      \
	"stances: [favour, against]\n"                                     \
	"words: {ngrams: [1, 1], fields: [title, text, target]}\nfolds: 0\n"

/* n documents of JSON lines, every stance on every topic in turn. As a text,
 * the target asks for the topic's end or for its future, and it alone tells
 * the stance. */
static inline void targets_lines(struct buf *b, size_t n, bool as_text)
{
	static const char *const filler[] = { "cloud", "données", "projet",
					      "ministre", "mardi", "Paris" };
	static const char *const words[2][2] = { { "réussite", "salue" },
						 { "échec", "dénonce" } };
	static const char *const asked[2] = { "soutenir", "interdire" };
	unsigned state = 11;

	for (size_t i = 0; i < n; i++) {
		const char *topic = tiny_topics[i % 3];
		size_t s = i / 3 % 2;

		buf_printf(b, "{\"id\":\"t%zu\",\"title\":\"", i);
		tiny_words(b, filler, 6, 2, &state);
		buf_add_z(b, "\",\"text\":\"");
		tiny_words(b, filler, 6, 4, &state);
		if (!as_text)
			tiny_words(b, words[s], 2, 2, &state);
		buf_add_z(b, ".\",\"target\":\"");
		if (as_text)
			buf_printf(b, "Faut-il %s: ", asked[s]);
		buf_printf(b, "%s\",\"stance\":\"%s\"}\n", topic,
			   tiny_stances[s]);
	}
}

/* Everything that is learnt from n of them by one of the recipes above. */
static inline struct model *targets_model(struct tiny *t, const char *yaml,
					  size_t n, struct buf *bundle)
{
	struct buf b;

	buf_init(&b, 1 << 24);
	targets_lines(&b, n, !strcmp(yaml, TARGETS_TEXT));
	tiny_open(t, yaml, buf_view(&b));
	buf_done(&b);
	tiny_bundle(t, bundle);
	return tiny_view(bundle);
}

#endif

#include "learn/read_labels.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/unicode.h"
#include "classify/model.h"
#include "learn/corpus.h"

/* What looks one label up returns this where that is unknown and may be. */
enum { PASSED_OVER = STEP_END + 1 };

/* On one line, each run of white space a blank, as ingest makes the targets
 * that these names are to match. */
static int name_of(struct read_labels *l, struct str s, struct str *ret)
{
	struct str copy = arena_copy(l->a, str_trim(s));
	char *to = (char *)copy.p;

	if (!copy.p)
		return -ENOMEM;
	for (size_t i = 0; i < copy.n; i++) {
		bool blank = copy.p[i] == ' ' ||
			     (copy.p[i] >= '\t' && copy.p[i] <= '\r');

		if (!blank || to[-1] != ' ')
			*to++ = blank ? ' ' : copy.p[i];
	}
	return unicode_nfc((struct str){ copy.p, (size_t)(to - copy.p) }, l->a,
			   ret);
}

static int add_name(struct read_labels *l, struct read_names *to, struct str s)
{
	struct str copy = arena_copy(l->a, s);

	return copy.p ? read_names_add(to, copy.p) : -ENOMEM;
}

static int add_names(struct read_labels *l, struct read_names *to,
		     const struct conf_texts *from)
{
	int r = 0;

	for (size_t i = 0; i < from->n && !r; i++) {
		struct str name;

		r = name_of(l, str_of(from->v[i]), &name);
		if (!r)
			r = add_name(l, to, name);
	}
	return r;
}

int read_labels_init(struct read_labels *l, struct read_sink *sink,
		     struct arena *a, bool lenient)
{
	const struct recipe *recipe = sink->recipe;
	int r;

	*l = (struct read_labels){ .sink = sink, .a = a, .lenient = lenient };
	read_names_init(&l->topics);
	read_names_init(&l->stances);
	buf_init(&l->marks, SIZE_MAX);
	buf_init(&l->met, SIZE_MAX);
	l->given = recipe->topics.n || recipe->targets == BUNDLE_TARGETS_TEXT;
	r = add_names(l, &l->stances, &recipe->stances);
	if (!r && recipe->targets == BUNDLE_TARGETS_TEXT)
		return read_names_add(&l->topics, "target");
	return r ? r : add_names(l, &l->topics, &recipe->topics);
}

void read_labels_done(struct read_labels *l)
{
	read_names_done(&l->topics);
	read_names_done(&l->stances);
	buf_done(&l->marks);
	buf_done(&l->met);
}

/* One label. */

/* A look through all names is slow, and a long report is not shown as a whole:
 * its first lines alone get a suggestion. */
static int unknown(struct read_labels *l, size_t line, const char *what,
		   const struct read_names *known, struct str name)
{
	const char *near = l->sink->count < CORPUS_WARNINGS_MAX
				   ? read_names_near(known, name)
				   : NULL;

	read_complain(l->sink, line, 0, "unknown %s '" STR_FMT "'%s%s%s", what,
		      STR_ARG(read_shown(name)),
		      near ? ": did you mean '" : "", near ? near : "",
		      near ? "'?" : "");
	return l->lenient ? PASSED_OVER : STEP_REJECT;
}

static int new_topic(struct read_labels *l, size_t line, struct str name,
		     uint32_t *ret)
{
	struct str copy = arena_copy(l->a, name);

	if (!copy.p)
		return -ENOMEM;
	if (!model_is_name(copy.p)) {
		read_complain(l->sink, line, 0,
			      "'" STR_FMT "' cannot name a topic: 1 to %d "
			      "bytes without quotes, backslashes and control "
			      "characters can",
			      STR_ARG(read_shown(name)), BUNDLE_NAME_MAX - 1);
		return STEP_REJECT;
	}
	*ret = read_names_count(&l->topics);
	if (*ret == BUNDLE_TOPICS_MAX) {
		read_complain(l->sink, line, 0,
			      "'%s' is one topic more than %d", copy.p,
			      BUNDLE_TOPICS_MAX);
		return STEP_REJECT;
	}
	return read_names_add(&l->topics, copy.p);
}

static int topic_of(struct read_labels *l, size_t line, struct str name,
		    uint32_t *ret)
{
	int i = read_names_find(&l->topics, name);

	if (!name.n) {
		read_complain(l->sink, line, 0, "an empty label");
		return STEP_REJECT;
	}
	if (i < 0 && !l->given)
		return new_topic(l, line, name, ret);
	if (i < 0)
		return unknown(l, line, "topic", &l->topics, name);
	*ret = (uint32_t)i;
	return 0;
}

/* A stance that is unknown and passed over leaves the topic without one. */
static int byte_of(struct read_labels *l, size_t line, struct str stance,
		   unsigned char *ret)
{
	int i = read_names_find(&l->stances, stance), r;

	*ret = CORPUS_NO_STANCE;
	if (!stance.p || !read_names_count(&l->stances))
		return 0;
	if (i < 0) {
		r = unknown(l, line, "stance", &l->stances, stance);
		return r == PASSED_OVER ? 0 : r;
	}
	*ret = (unsigned char)(i + 1);
	return 0;
}

/* "topic.stance" falls apart where that says something: names of topics may
 * have dots of their own. */
static void split(const struct read_labels *l, struct str *topic,
		  struct str *stance)
{
	struct str head = *topic, tail;
	size_t n = topic->n;

	if (!read_names_count(&l->stances) ||
	    read_names_find(&l->topics, *topic) >= 0)
		return;
	while (n && topic->p[n - 1] != '.')
		n--;
	if (!n)
		return;
	head.n = n - 1;
	tail = (struct str){ topic->p + n, topic->n - n };
	if (read_names_find(&l->stances, tail) < 0 &&
	    !(l->given && read_names_find(&l->topics, head) >= 0))
		return;
	*topic = head;
	*stance = tail;
}

/* Is the topic among this example's labels already? Then *ret is that one. */
static int last_mark(struct read_labels *l, size_t example, uint32_t topic,
		     struct read_mark **ret)
{
	size_t n = l->met.n / sizeof(size_t), mark;

	*ret = NULL;
	if (topic >= n) {
		size_t more = (topic + 1 - n) * sizeof(size_t);
		void *at = buf_grow(&l->met, more);

		if (!at)
			return -ENOMEM;
		memset(at, 0, more);
	}
	mark = ((size_t *)(void *)l->met.p)[topic];
	if (mark && mark <= l->marks.n / sizeof(**ret))
		*ret = (struct read_mark *)(void *)l->marks.p + mark - 1;
	if (*ret && ((*ret)->example != example || (*ret)->topic != topic))
		*ret = NULL;
	return 0;
}

static int mark(struct read_labels *l, const struct raw_example *x,
		struct read_mark m)
{
	struct read_mark *before;
	int r = last_mark(l, m.example, m.topic, &before);

	if (r)
		return r;
	if (before && before->byte == m.byte)
		return 0; /* said twice */
	if (before) {
		read_complain(l->sink, x->line, 0,
			      "topic '%s' is told twice, with different "
			      "stances",
			      read_names_at(&l->topics, m.topic));
		return STEP_REJECT;
	}
	buf_add(&l->marks, &m, sizeof(m));
	((size_t *)(void *)l->met.p)[m.topic] = l->marks.n / sizeof(m);
	return buf_error(&l->marks);
}

static int add_one(struct read_labels *l, const struct raw_example *x,
		   size_t example, struct raw_label label)
{
	struct read_mark m = { .example = example };
	struct str topic, stance = label.stance;
	int r = name_of(l, label.topic, &topic), s;

	if (!r && stance.p)
		r = name_of(l, stance, &stance);
	if (r)
		return r;
	if (x->dotted && !stance.p)
		split(l, &topic, &stance);
	r = topic_of(l, x->line, topic, &m.topic);
	if (r < 0)
		return r;
	s = byte_of(l, x->line, stance, &m.byte);
	if (s || r)
		return s ? s : r;
	return mark(l, x, m);
}

/* A document's. */

static int add_all(struct read_labels *l, const struct raw_example *x,
		   size_t example)
{
	size_t before = l->marks.n / sizeof(struct read_mark), n = 0;
	int worst = 0;

	for (size_t i = 0; i < x->n; i++) {
		int r = add_one(l, x, example, x->labels[i]);

		if (r < 0)
			return r;
		n += r == PASSED_OVER;
		worst = r == STEP_REJECT ? r : worst;
	}
	n += l->marks.n / sizeof(struct read_mark) - before;
	if (!worst && l->sink->recipe->one_of && n != 1) {
		read_complain(l->sink, x->line, 0,
			      "%zu topics where the recipe says one_of", n);
		return STEP_REJECT;
	}
	return worst;
}

static int missing(struct read_labels *l, size_t line, const char *field)
{
	read_complain(l->sink, line, 0, "'%s' is missing or no text", field);
	return STEP_REJECT;
}

/* One label: the target as a topic, or what stands for it, and the stance. */
static int add_target(struct read_labels *l, const struct raw_example *x,
		      size_t example)
{
	const struct recipe *recipe = l->sink->recipe;
	struct raw_label label = { x->target, x->stance };
	int r;

	if (!str_trim(x->target).n)
		return missing(l, x->line, recipe->fields.target);
	if (!str_trim(x->stance).n)
		return missing(l, x->line, recipe->fields.stance);
	if (recipe->targets == BUNDLE_TARGETS_TEXT)
		label.topic = str_of(read_names_at(&l->topics, 0));
	r = add_one(l, x, example, label);
	return r == PASSED_OVER ? 0 : r;
}

int read_labels_add(struct read_labels *l, const struct raw_example *x,
		    size_t example)
{
	size_t before = l->marks.n;
	int r = l->sink->recipe->targets ? add_target(l, x, example)
					 : add_all(l, x, example);

	if (r)
		l->marks.n = before;
	return r;
}

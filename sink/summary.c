#include "sink/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 255, GAP = 2 };

static const char *const others = "(others)";
static const char *const none = "none";

struct name {
	char z[NAME_MAX_BYTES + 1];
};

struct topic {
	struct name name;
	unsigned long count, by_stance[SUMMARY_STANCES_MAX + 1];
};

struct summary {
	unsigned long articles, without;
	struct topic *topics;
	size_t topic_count, topic_room;
	struct name stances[SUMMARY_STANCES_MAX + 1];
	size_t stance_count;
};

int summary_new(struct summary **ret)
{
	struct summary *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	*ret = s;
	return 0;
}

void summary_free(struct summary *s)
{
	if (s)
		free(s->topics);
	free(s);
}

static struct name name_of(struct str s)
{
	struct name n = { "" };

	if (s.n > NAME_MAX_BYTES)
		s = str_of(others);
	if (s.n)
		memcpy(n.z, s.p, s.n);
	return n;
}

static int grow(struct summary *s)
{
	size_t room = s->topic_room ? 2 * s->topic_room : 16;
	struct topic *v;

	if (s->topic_count < s->topic_room)
		return 0;
	v = realloc(s->topics, room * sizeof(*v));
	if (!v)
		return -ENOMEM;
	s->topics = v;
	s->topic_room = room;
	return 0;
}

/* The topic of that name, made when there is none; NULL: no memory. */
static struct topic *topic_of(struct summary *s, struct name name)
{
	for (size_t i = 0; i < s->topic_count; i++)
		if (!strcmp(s->topics[i].name.z, name.z))
			return &s->topics[i];
	if (s->topic_count == SUMMARY_TOPICS_MAX)
		name = name_of(str_of(others));
	if (s->topic_count > SUMMARY_TOPICS_MAX)
		return &s->topics[SUMMARY_TOPICS_MAX];
	if (grow(s))
		return NULL;
	s->topics[s->topic_count] = (struct topic){ .name = name };
	return &s->topics[s->topic_count++];
}

static size_t stance_of(struct summary *s, struct name name)
{
	for (size_t i = 0; i < s->stance_count; i++)
		if (!strcmp(s->stances[i].z, name.z))
			return i;
	if (s->stance_count == SUMMARY_STANCES_MAX)
		name = name_of(str_of(others));
	if (s->stance_count > SUMMARY_STANCES_MAX)
		return SUMMARY_STANCES_MAX;
	s->stances[s->stance_count] = name;
	return s->stance_count++;
}

static int add_key(struct summary *s, struct str key)
{
	struct str topic = key;
	struct topic *t;

	while (topic.n && topic.p[topic.n - 1] != '.')
		topic.n--;
	if (!topic.n)
		topic = key;
	else
		topic.n--;
	t = topic_of(s, name_of(topic));
	if (!t)
		return -ENOMEM;
	t->count++;
	if (topic.n < key.n) {
		struct str stance = { key.p + topic.n + 1,
				      key.n - topic.n - 1 };

		t->by_stance[stance_of(s, name_of(stance))]++;
	}
	return 0;
}

int summary_add(struct summary *s, struct str keys)
{
	bool any = false;

	s->articles++;
	while (keys.n) {
		struct str key = str_cut(&keys, '\n');

		if (!key.n || str_is(key, none))
			continue;
		any = true;
		if (add_key(s, key))
			return -ENOMEM;
	}
	s->without += !any;
	return 0;
}

/* The table. */

static int by_count(const void *a, const void *b)
{
	const struct topic *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name.z, y->name.z);
}

/* Columns as people think of them; the rest by name. */
static size_t place_of(const char *stance)
{
	static const char *const known[] = { "favour", "against", "neutral",
					     "unsure" };
	size_t i = 0;

	while (i < sizeof(known) / sizeof(*known) && strcmp(stance, known[i]))
		i++;
	return i;
}

static bool is_before(const char *a, const char *b)
{
	size_t x = place_of(a), y = place_of(b);

	return x != y ? x < y : strcmp(a, b) < 0;
}

/* order[] is filled with the columns from left to right. */
static void sort_stances(const struct summary *s, size_t *order)
{
	for (size_t i = 0; i < s->stance_count; i++) {
		size_t at = i;

		for (; at && is_before(s->stances[i].z,
				       s->stances[order[at - 1]].z); at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

/* Characters, as far as code points are characters. */
static size_t width_of(const char *z)
{
	size_t n = 0;

	for (; *z; z++)
		n += ((unsigned char)*z & 0xc0) != 0x80;
	return n;
}

static void pad(struct buf *out, size_t n)
{
	while (n--)
		buf_add_char(out, ' ');
}

static size_t digits_of(unsigned long x)
{
	size_t n = 1;

	for (; x > 9; x /= 10)
		n++;
	return n;
}

/* A column of numbers: the articles first, then a stance each. */
struct column {
	const char *head;
	size_t stance; /* index, or NO_STANCE */
	size_t width;
};

enum { NO_STANCE = SUMMARY_STANCES_MAX + 1, COLUMNS_MAX = NO_STANCE + 1 };

static unsigned long cell(const struct topic *t, const struct column *c)
{
	return c->stance == NO_STANCE ? t->count : t->by_stance[c->stance];
}

static size_t max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t make_columns(const struct summary *s, struct column *v)
{
	size_t order[NO_STANCE], n = 1 + s->stance_count;

	sort_stances(s, order);
	for (size_t i = 0; i < n; i++) {
		struct column *c = &v[i];

		c->stance = i ? order[i - 1] : NO_STANCE;
		c->head = i ? s->stances[c->stance].z : "articles";
		c->width = width_of(c->head);
		for (size_t t = 0; t < s->topic_count; t++)
			c->width = max_size(
				c->width, digits_of(cell(&s->topics[t], c)));
	}
	return n;
}

static void add_name(struct buf *out, const char *name, size_t width)
{
	buf_add_z(out, name);
	pad(out, width - width_of(name));
}

static void add_rows(const struct summary *s, struct buf *out)
{
	struct column columns[COLUMNS_MAX];
	size_t n = make_columns(s, columns), width = width_of("topic");

	for (size_t t = 0; t < s->topic_count; t++)
		width = max_size(width, width_of(s->topics[t].name.z));
	add_name(out, "topic", width);
	for (size_t c = 0; c < n; c++) {
		pad(out, GAP + columns[c].width - width_of(columns[c].head));
		buf_add_z(out, columns[c].head);
	}
	for (size_t t = 0; t < s->topic_count; t++) {
		buf_add_char(out, '\n');
		add_name(out, s->topics[t].name.z, width);
		for (size_t c = 0; c < n; c++) {
			unsigned long x = cell(&s->topics[t], &columns[c]);

			pad(out, GAP + columns[c].width - digits_of(x));
			buf_printf(out, "%lu", x);
		}
	}
	buf_add_z(out, "\n\n");
}

void summary_write(struct summary *s, struct buf *out)
{
	if (!s->articles) {
		buf_add_z(out, "no articles\n");
		return;
	}
	if (s->topic_count) {
		qsort(s->topics, s->topic_count, sizeof(*s->topics), by_count);
		add_rows(s, out);
	}
	buf_printf(out, "%lu article%s, %lu without a topic\n", s->articles,
		   s->articles == 1 ? "" : "s", s->without);
}

/* The file becomes a tree by libyaml, whose nodes know their line and column;
 * the tree is then walked beside the table. Nothing stops at the first
 * problem but a syntax error, after which there is no tree to walk. */
#include "base/conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/conf_value.h"
#include "base/file.h"
#include "base/near.h"
#include "base/unicode.h"

enum { CONF_FILE_MAX = 1 << 20, CONF_BLOCK = 8 << 20, CONF_DEPTH_MAX = 16 };

struct walk {
	struct conf *c;
	yaml_document_t *doc;
	int depth;
};

static void problem_at(struct conf *c, yaml_mark_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A sentence stays one line of UTF-8 whatever the file has put into it. */
static const char *tame(char *text)
{
	text[unicode_valid(str_of(text))] = '\0';
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	return text;
}

static const char *place(const struct conf *c)
{
	return c->path ? c->path : "settings";
}

static void problem_at(struct conf *c, yaml_mark_t at, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(&c->problems, "%s:%zu:%zu: %s\n", place(c), at.line + 1,
		   at.column + 1, tame(text));
	c->count++;
}

void conf_problem(struct conf *c, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(&c->problems, "%s: %s\n", place(c), tame(text));
	c->count++;
}

static const char *node_kind(const yaml_node_t *n)
{
	return n->type == YAML_MAPPING_NODE    ? "a map"
	       : n->type == YAML_SEQUENCE_NODE ? "a list"
					       : "a single value";
}

static struct str scalar(const yaml_node_t *n)
{
	if (n->type != YAML_SCALAR_NODE)
		return (struct str){ NULL, 0 };
	return (struct str){ (const char *)n->data.scalar.value,
			     n->data.scalar.length };
}

/* "key:" with nothing behind it, "~" and "null" leave the default. */
static bool is_null(const yaml_node_t *n)
{
	struct str s = scalar(n);

	return s.p && n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (s.n == 0 || str_is(s, "~") || str_is(s, "null"));
}

/* What stands there: the value, cut after 80 bytes, or what kind of node. */
static void say_found(const yaml_node_t *n, char *out, size_t size)
{
	struct str s = scalar(n), head = s;

	if (!s.p)
		snprintf(out, size, "%s", node_kind(n));
	else if (str_has(s, '\0'))
		snprintf(out, size, "a text with a NUL");
	else if (s.n <= 80)
		snprintf(out, size, "'%s'", s.p);
	else {
		head.n = 80;
		head.n = unicode_valid(head);
		snprintf(out, size, "'" STR_FMT "…'", STR_ARG(head));
	}
}

static void say_wanted(struct walk *w, const struct conf_key *k,
		       const yaml_node_t *n)
{
	char want[512], found[128];
	struct str s = scalar(n);
	const char *near = NULL;
	struct near guess;

	if (s.p && !str_has(s, '\0') && arena_left(w->c->free) <= s.n + 64) {
		problem_at(w->c, n->start_mark, "'%s' is too long: all texts "
			   "together may have %d bytes", k->name, CONF_BLOCK);
		return;
	}
	say_found(n, found, sizeof(found));
	conf_wanted(k, want, sizeof(want));
	if (k->kind == CONF_CHOICE && s.p) {
		near_init(&guess, s);
		for (size_t i = 0; k->choices[i]; i++)
			near_offer(&guess, k->choices[i]);
		near = near_best(&guess);
	}
	problem_at(w->c, n->start_mark, "'%s' is %s, expected %s%s%s%s",
		   k->name, found, want, near ? " (did you mean '" : "",
		   near ? near : "", near ? "'?)" : "");
}

static void walk_map(struct walk *w, yaml_node_t *n,
		     const struct conf_key *keys, void *into);
static void set_defaults(struct conf *c, const struct conf_key *keys,
			 void *into);

static yaml_node_t *item(struct walk *w, const yaml_node_t *list, size_t i)
{
	return yaml_document_get_node(w->doc,
				      list->data.sequence.items.start[i]);
}

static size_t item_count(const yaml_node_t *n)
{
	if (n->type != YAML_SEQUENCE_NODE)
		return 1; /* one value stands for a list of one */
	return (size_t)(n->data.sequence.items.top -
			n->data.sequence.items.start);
}

static void walk_range(struct walk *w, const struct conf_key *k,
		       yaml_node_t *n, struct conf_range *out)
{
	struct conf_key one = *k;
	int64_t v[2];

	one.kind = CONF_INT;
	if (n->type != YAML_SEQUENCE_NODE || item_count(n) != 2)
		goto wrong;
	for (size_t i = 0; i < 2; i++)
		if (!conf_set_scalar(&one, scalar(item(w, n, i)), &w->c->free,
				     &v[i]))
			goto wrong;
	if (v[0] > v[1])
		goto wrong;
	*out = (struct conf_range){ v[0], v[1] };
	return;
wrong:
	say_wanted(w, k, n);
}

static void walk_list(struct walk *w, const struct conf_key *k,
		      yaml_node_t *n, void *at)
{
	size_t count = item_count(n);
	bool texts = k->kind == CONF_TEXTS;
	size_t size = texts ? sizeof(char *) : sizeof(double);
	struct conf_key one = *k;
	bool good = true;
	char *v = arena_take_array(&w->c->free, count ? count : 1, size);

	if (!v)
		return conf_problem(w->c, "'%s' is too long", k->name);
	one.kind = texts ? CONF_TEXT : CONF_REAL;
	for (size_t i = 0; i < count; i++) {
		yaml_node_t *it =
			n->type == YAML_SEQUENCE_NODE ? item(w, n, i) : n;

		if (scalar(it).p &&
		    conf_set_scalar(&one, scalar(it), &w->c->free, v + i * size))
			continue;
		say_wanted(w, k, it);
		good = false;
	}
	if (!good)
		return;
	if (texts)
		*(struct conf_texts *)at =
			(struct conf_texts){ (const char **)v, count };
	else
		*(struct conf_reals *)at =
			(struct conf_reals){ (double *)v, count };
}

static void walk_maps(struct walk *w, const struct conf_key *k,
		      yaml_node_t *n, struct conf_maps *out)
{
	size_t count = n->type == YAML_SEQUENCE_NODE ? item_count(n) : 0;
	char *v;

	if (n->type != YAML_SEQUENCE_NODE)
		return say_wanted(w, k, n);
	v = arena_take_array(&w->c->free, count ? count : 1, k->size);
	if (!v)
		return conf_problem(w->c, "'%s' is too long", k->name);
	for (size_t i = 0; i < count; i++) {
		set_defaults(w->c, k->keys, v + i * k->size);
		walk_map(w, item(w, n, i), k->keys, v + i * k->size);
	}
	*out = (struct conf_maps){ v, count };
}

static bool is_repeated(struct walk *w, yaml_node_t *map,
			const yaml_node_pair_t *pair)
{
	struct str name = scalar(yaml_document_get_node(w->doc, pair->key));
	yaml_node_pair_t *p = map->data.mapping.pairs.start;

	for (; name.p && p < pair; p++)
		if (str_eq(scalar(yaml_document_get_node(w->doc, p->key)),
			   name))
			return true;
	return false;
}

static void walk_any(struct walk *w, const struct conf_key *k, yaml_node_t *n,
		     struct conf_texts *out)
{
	yaml_node_pair_t *pair;
	struct conf_key one = { .name = k->name, .kind = CONF_TEXT };
	struct conf_texts t = { 0 };
	size_t count, had = w->c->count;

	if (n->type != YAML_MAPPING_NODE)
		return say_wanted(w, k, n);
	count = (size_t)(n->data.mapping.pairs.top -
			 n->data.mapping.pairs.start);
	t.v = arena_take_array(&w->c->free, 2 * count + 1, sizeof(char *));
	if (!t.v)
		return conf_problem(w->c, "'%s' is too long", k->name);
	for (pair = n->data.mapping.pairs.start;
	     pair < n->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(w->doc, pair->key);
		yaml_node_t *v = yaml_document_get_node(w->doc, pair->value);

		if (is_repeated(w, n, pair))
			problem_at(w->c, name->start_mark,
				   "'" STR_FMT "' is given twice",
				   STR_ARG(scalar(name)));
		else if (!scalar(name).p ||
			 !conf_set_scalar(&one, scalar(name), &w->c->free, &t.v[t.n]))
			say_wanted(w, k, name);
		else if (!scalar(v).p ||
			 !conf_set_scalar(&one, scalar(v), &w->c->free, &t.v[t.n + 1]))
			say_wanted(w, k, v);
		else
			t.n += 2;
	}
	if (w->c->count == had)
		*out = t;
}

static void walk_value(struct walk *w, const struct conf_key *k,
		       yaml_node_t *n, void *at)
{
	if (is_null(n))
		return;
	switch (k->kind) {
	case CONF_RANGE:
		return walk_range(w, k, n, at);
	case CONF_TEXTS:
	case CONF_REALS:
		return walk_list(w, k, n, at);
	case CONF_MAP:
		return walk_map(w, n, k->keys, at);
	case CONF_MAPS:
		return walk_maps(w, k, n, at);
	case CONF_ANY:
		return walk_any(w, k, n, at);
	default:
		if (!scalar(n).p || !conf_set_scalar(k, scalar(n), &w->c->free, at))
			say_wanted(w, k, n);
	}
}

static void say_unknown(struct walk *w, const yaml_node_t *n,
			const struct conf_key *keys)
{
	struct near guess;
	struct buf known;

	if (!scalar(n).p) {
		problem_at(w->c, n->start_mark,
			   "a key is %s, expected a name such as '%s'",
			   node_kind(n), keys[0].name);
		return;
	}
	near_init(&guess, scalar(n));
	buf_init(&known, 4096);
	for (const struct conf_key *k = keys; k->name; k++) {
		near_offer(&guess, k->name);
		buf_printf(&known, "%s%s", k == keys ? "" : ", ", k->name);
	}
	if (near_best(&guess))
		problem_at(w->c, n->start_mark,
			   "unknown key '" STR_FMT "': did you mean '%s'?",
			   STR_ARG(scalar(n)), near_best(&guess));
	else
		problem_at(w->c, n->start_mark,
			   "unknown key '" STR_FMT "', expected one of " STR_FMT,
			   STR_ARG(scalar(n)), STR_ARG(buf_view(&known)));
	buf_done(&known);
}

static void walk_pair(struct walk *w, yaml_node_t *map, yaml_node_pair_t *pair,
		      const struct conf_key *keys, void *into)
{
	yaml_node_t *name = yaml_document_get_node(w->doc, pair->key);
	yaml_node_t *value = yaml_document_get_node(w->doc, pair->value);
	const struct conf_key *k = keys;

	while (k->name && !str_is(scalar(name), k->name))
		k++;
	if (!k->name)
		say_unknown(w, name, keys);
	else if (is_repeated(w, map, pair))
		problem_at(w->c, name->start_mark, "'%s' is given twice",
			   k->name);
	else
		walk_value(w, k, value, (char *)into + k->at);
}

static void walk_map(struct walk *w, yaml_node_t *n,
		     const struct conf_key *keys, void *into)
{
	yaml_node_pair_t *pair;

	if (n->type != YAML_MAPPING_NODE) {
		problem_at(w->c, n->start_mark,
			   "found %s, expected a map with keys such as '%s'",
			   node_kind(n), keys[0].name);
		return;
	}
	/* An alias may point to its own parent. */
	if (w->depth == CONF_DEPTH_MAX) {
		problem_at(w->c, n->start_mark, "nested too deeply");
		return;
	}
	w->depth++;
	for (pair = n->data.mapping.pairs.start;
	     pair < n->data.mapping.pairs.top; pair++)
		walk_pair(w, n, pair, keys, into);
	w->depth--;
}

/* The first document of a text that is known, to be deleted when true. */
static bool load_text(yaml_parser_t *parser, struct str s, yaml_document_t *doc)
{
	yaml_parser_set_input_string(
		parser, (const unsigned char *)(s.n ? s.p : ""), s.n);
	return yaml_parser_load(parser, doc);
}

static void preset_list(struct conf *c, const struct conf_key *k, void *at)
{
	yaml_parser_t parser;
	yaml_document_t doc;
	struct walk w = { c, &doc, 0 };
	yaml_node_t *root;

	if (!yaml_parser_initialize(&parser))
		return conf_problem(c, "no memory for '%s'", k->name);
	if (load_text(&parser, str_of(k->preset), &doc)) {
		root = yaml_document_get_root_node(&doc);
		if (root)
			walk_value(&w, k, root, at);
		yaml_document_delete(&doc);
	}
	yaml_parser_delete(&parser);
}

/* Whatever *at held before: a reader without a preset finds zero or NULL. */
static void preset(struct conf *c, const struct conf_key *k, void *at)
{
	static const size_t size[] = {
		[CONF_TEXT] = sizeof(char *),
		[CONF_BOOL] = sizeof(bool),
		[CONF_INT] = sizeof(int64_t),
		[CONF_REAL] = sizeof(double),
		[CONF_SIZE] = sizeof(int64_t),
		[CONF_TIME] = sizeof(int64_t),
		[CONF_CHOICE] = sizeof(int),
		[CONF_RANGE] = sizeof(struct conf_range),
		[CONF_TEXTS] = sizeof(struct conf_texts),
		[CONF_REALS] = sizeof(struct conf_reals),
		[CONF_MAPS] = sizeof(struct conf_maps),
		[CONF_ANY] = sizeof(struct conf_texts),
	};

	memset(at, 0, size[k->kind]);
	if (!k->preset)
		return;
	if (k->kind >= CONF_RANGE)
		preset_list(c, k, at);
	else
		conf_set_scalar(k, str_of(k->preset), &c->free, at);
}

static void set_defaults(struct conf *c, const struct conf_key *keys,
			 void *into)
{
	for (const struct conf_key *k = keys; k->name; k++) {
		if (k->kind == CONF_MAP)
			set_defaults(c, k->keys, (char *)into + k->at);
		else
			preset(c, k, (char *)into + k->at);
	}
}

static int conf_open(struct conf *c, const char *name)
{
	*c = (struct conf){ .path = name };
	buf_init(&c->problems, 1 << 20);
	if (arena_open(&c->block, CONF_BLOCK))
		return -ENOMEM;
	c->free = c->block;
	return 0;
}

/* libyaml's mark of what is wrong; where the bytes themselves are (no UTF-8,
 * control characters) it only has their offset. */
static yaml_mark_t syntax_mark(const yaml_parser_t *parser, struct str yaml)
{
	yaml_mark_t at = { 0, 0, 0 };

	if (parser->error != YAML_READER_ERROR)
		return parser->problem_mark;
	for (size_t i = 0; i < yaml.n && i < parser->problem_offset; i++)
		if (yaml.p[i] == '\n')
			at.line++, at.column = 0;
		else if ((yaml.p[i] & 0xC0) != 0x80)
			at.column++;
	return at;
}

static void say_syntax(struct conf *c, const yaml_parser_t *parser,
		       struct str yaml)
{
	problem_at(c, syntax_mark(parser, yaml), "no YAML: %s%s%s",
		   parser->problem ? parser->problem : "unreadable",
		   parser->context ? " " : "",
		   parser->context ? parser->context : "");
}

static void walk_document(struct conf *c, yaml_parser_t *parser, struct str yaml,
			  const struct conf_key *keys, void *into)
{
	yaml_document_t doc;
	yaml_node_t *root;
	struct walk w = { c, &doc, 0 };

	if (!load_text(parser, yaml, &doc))
		return say_syntax(c, parser, yaml);
	root = yaml_document_get_root_node(&doc);
	if (root && !is_null(root))
		walk_map(&w, root, keys, into);
	yaml_document_delete(&doc);
	if (!yaml_parser_load(parser, &doc))
		return say_syntax(c, parser, yaml);
	root = yaml_document_get_root_node(&doc);
	if (root)
		problem_at(c, root->start_mark, "a second document begins here, "
						"expected one");
	yaml_document_delete(&doc);
}

int conf_parse(struct conf *c, const char *name, struct str yaml,
	       const struct conf_key *keys, void *into, struct err *e)
{
	yaml_parser_t parser;
	int r = conf_open(c, name);

	if (r < 0)
		return err_sys(e, r, "%s", name);
	set_defaults(c, keys, into);
	if (!yaml_parser_initialize(&parser))
		return err_sys(e, -ENOMEM, "%s", name);
	walk_document(c, &parser, yaml, keys, into);
	yaml_parser_delete(&parser);
	if (!c->count)
		return 0;
	return err_set(e, -EINVAL, "%.*s", (int)c->problems.n - 1,
		       c->problems.p);
}

int conf_load(struct conf *c, const char *path, const struct conf_key *keys,
	      void *into, struct err *e)
{
	struct str yaml = { NULL, 0 };
	int r;

	if (!path) {
		r = conf_open(c, NULL);
		if (r)
			return err_sys(e, r, "settings");
		set_defaults(c, keys, into);
		return 0;
	}
	r = file_read(path, CONF_FILE_MAX, &yaml, e);
	if (r < 0) {
		*c = (struct conf){ .path = path };
		return r;
	}
	r = conf_parse(c, path, yaml, keys, into, e);
	free((char *)yaml.p);
	return r;
}

void conf_done(struct conf *c)
{
	arena_close(c->block);
	buf_done(&c->problems);
	*c = (struct conf){ .path = NULL };
}

bool conf_is_bare(const char *z)
{
	yaml_parser_t parser;
	yaml_document_t doc;
	yaml_node_t *root;
	bool bare = false;

	if (!yaml_parser_initialize(&parser))
		return false;
	if (load_text(&parser, str_of(z), &doc)) {
		root = yaml_document_get_root_node(&doc);
		bare = root && !is_null(root) && str_is(scalar(root), z);
		yaml_document_delete(&doc);
	}
	yaml_parser_delete(&parser);
	return bare;
}

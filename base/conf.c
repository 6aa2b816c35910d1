/* The file becomes a tree by libyaml, whose nodes know their line and column;
 * the tree is then walked beside the table. Nothing stops at the first
 * problem but a syntax error, after which there is no tree to walk. */
#include "base/conf.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

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

/* Scalars, parsed from text so that a preset goes the same way. Each returns
 * false when the text is none of its kind. */

static bool parse_real(struct str s, double *out)
{
	char text[64], *end;

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*out = strtod(text, &end);
	return end == text + s.n && isfinite(*out);
}

static bool parse_int(struct str s, int64_t *out)
{
	char text[32], *end;

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	errno = 0;
	*out = strtoll(text, &end, 10);
	return !errno && end == text + s.n;
}

struct unit {
	const char *name;
	double factor;
};

static const struct unit sizes[] = {
	{ "", 1 },	  { "k", 1024 },      { "K", 1024 },
	{ "M", 1048576 }, { "G", 1073741824 }, { NULL, 0 },
};
static const struct unit times[] = {
	{ "ms", 1 },	  { "s", 1000 }, { "m", 60000 },
	{ "h", 3600000 }, { "d", 86400000 }, { NULL, 0 },
};

static bool parse_unit(struct str s, const struct unit *units, int64_t *out)
{
	struct str digits = s, unit;
	double x;

	while (digits.n && (digits.p[digits.n - 1] < '0' ||
			    digits.p[digits.n - 1] > '9'))
		digits.n--;
	unit = str_trim((struct str){ s.p + digits.n, s.n - digits.n });
	if (!parse_real(digits, &x))
		return false;
	while (units->name && !str_is(unit, units->name))
		units++;
	x *= units->factor;
	if (!units->name || !(x >= 0 && x < 9e15))
		return false;
	*out = (int64_t)x;
	return true;
}

static bool parse_bool(struct str s, bool *out)
{
	*out = str_is(s, "true") || str_is(s, "yes") || str_is(s, "on");
	return *out || str_is(s, "false") || str_is(s, "no") ||
	       str_is(s, "off");
}

static bool within(const struct conf_key *k, double x)
{
	return (k->min == 0 && k->max == 0) || (x >= k->min && x <= k->max);
}

static const char *wanted(const struct conf_key *k, char *out, size_t size)
{
	static const char *const names[] = {
		[CONF_TEXT] = "a text",
		[CONF_BOOL] = "true or false",
		[CONF_INT] = "a whole number",
		[CONF_REAL] = "a number",
		[CONF_SIZE] = "a size such as 64k, 16M or 2G",
		[CONF_TIME] = "a time such as 250ms, 5s or 2m",
		[CONF_CHOICE] = "one of",
		[CONF_RANGE] = "two whole numbers such as [1, 2], the larger last",
		[CONF_TEXTS] = "a text or a list of texts",
		[CONF_REALS] = "a number or a list of numbers",
		[CONF_MAP] = "a map of keys",
		[CONF_MAPS] = "a list of maps",
		[CONF_ANY] = "a map of texts",
	};
	size_t n = (size_t)snprintf(out, size, "%s", names[k->kind]);

	for (size_t i = 0; k->kind == CONF_CHOICE && k->choices[i]; i++)
		n += (size_t)snprintf(out + n, size - n, "%s %s", i ? "," : "",
				      k->choices[i]);
	if ((k->kind == CONF_INT || k->kind == CONF_REAL ||
	     k->kind == CONF_RANGE || k->kind == CONF_REALS) &&
	    (k->min != 0 || k->max != 0))
		n += (size_t)snprintf(out + n, size - n, " from %.15g to %.15g",
				      k->min, k->max);
	if ((k->kind == CONF_SIZE || k->kind == CONF_TIME) && k->max > 0)
		snprintf(out + n, size - n, ", %.0f to %.0f %s", k->min,
			 k->max, k->kind == CONF_SIZE ? "bytes" : "ms");
	return out;
}

static int choice_of(const struct conf_key *k, struct str s)
{
	for (int i = 0; k->choices[i]; i++)
		if (str_is(s, k->choices[i]))
			return i;
	return -1;
}

/* YAML can write one ("\0"), a C string cannot hold it. */
static bool has_nul(struct str s)
{
	return s.n && memchr(s.p, '\0', s.n);
}

/* One scalar of the kind k into the place at. */
static bool set_scalar(struct conf *c, const struct conf_key *k, struct str s,
		       void *at)
{
	double x = 0;
	int64_t i = 0;
	bool b;
	int choice;

	switch (k->kind) {
	case CONF_TEXT:
		s = has_nul(s) ? (struct str){ NULL, 0 }
			       : arena_copy(&c->free, s);
		if (s.p)
			*(const char **)at = s.p;
		return s.p != NULL;
	case CONF_BOOL:
		if (!parse_bool(s, &b))
			return false;
		*(bool *)at = b;
		return true;
	case CONF_REAL:
		if (!parse_real(s, &x) || !within(k, x))
			return false;
		*(double *)at = x;
		return true;
	case CONF_CHOICE:
		choice = choice_of(k, s);
		if (choice < 0)
			return false;
		*(int *)at = choice;
		return true;
	case CONF_INT:
		if (!parse_int(s, &i) || !within(k, (double)i))
			return false;
		*(int64_t *)at = i;
		return true;
	case CONF_SIZE:
	case CONF_TIME:
		if (!parse_unit(s, k->kind == CONF_SIZE ? sizes : times, &i) ||
		    !within(k, (double)i))
			return false;
		*(int64_t *)at = i;
		return true;
	default:
		return false;
	}
}

/* What stands there: the value, cut after 80 bytes, or what kind of node. */
static void say_found(const yaml_node_t *n, char *out, size_t size)
{
	struct str s = scalar(n), head = s;

	if (!s.p)
		snprintf(out, size, "%s", node_kind(n));
	else if (has_nul(s))
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

	if (s.p && !has_nul(s) && arena_left(w->c->free) <= s.n + 64) {
		problem_at(w->c, n->start_mark, "'%s' is too long: all texts "
			   "together may have %d bytes", k->name, CONF_BLOCK);
		return;
	}
	say_found(n, found, sizeof(found));
	wanted(k, want, sizeof(want));
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
	int64_t v[2];

	if (n->type != YAML_SEQUENCE_NODE || item_count(n) != 2)
		goto wrong;
	for (size_t i = 0; i < 2; i++)
		if (!parse_int(scalar(item(w, n, i)), &v[i]) ||
		    !within(k, (double)v[i]))
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
		    set_scalar(w->c, &one, scalar(it), v + i * size))
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
			 !set_scalar(w->c, &one, scalar(name), &t.v[t.n]))
			say_wanted(w, k, name);
		else if (!scalar(v).p ||
			 !set_scalar(w->c, &one, scalar(v), &t.v[t.n + 1]))
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
		if (!scalar(n).p || !set_scalar(w->c, k, scalar(n), at))
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
		set_scalar(c, k, str_of(k->preset), at);
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

/* Out again: what is in effect, and the example. */

/* What YAML reads back as it stands: no break, no control, no byte order
 * mark (c-printable and b-char of YAML 1.1). */
static bool is_plain(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') ||
	       (c >= 0xA0 && c != 0x2028 && c != 0x2029 && c != 0xFEFF &&
		c != 0xFFFE && c != 0xFFFF);
}

static void show_text(const char *z, FILE *out)
{
	const char *end = z + strlen(z);
	size_t n;

	fputc('"', out);
	for (; z < end; z += n) {
		uint32_t c = (unsigned char)*z;

		n = 1; /* a stray byte stands for its number */
		if (unicode_valid((struct str){ z, (size_t)(end - z) }) > 0)
			c = unicode_decode(z, end, &n);
		if (is_plain(c) && (n > 1 || c < 0x80))
			fwrite(z, 1, n, out);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", (char)c);
		else if (c == '\n')
			fputs("\\n", out);
		else
			fprintf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
	}
	fputc('"', out);
}

/* The shortest digits that are read back as x. */
static void show_real(double x, FILE *out)
{
	char text[32];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, x);
		if (strtod(text, NULL) == x)
			break;
	}
	fputs(text, out);
}

static void show_list(const struct conf_key *k, const void *at, FILE *out)
{
	const struct conf_texts *texts = at;
	const struct conf_reals *reals = at;
	size_t n = k->kind == CONF_REALS ? reals->n : texts->n;

	fputc('[', out);
	for (size_t i = 0; i < n; i++) {
		fputs(i ? ", " : "", out);
		if (k->kind == CONF_REALS)
			show_real(reals->v[i], out);
		else
			show_text(texts->v[i], out);
	}
	fputc(']', out);
}

static void show_any(const struct conf_texts *pairs, FILE *out)
{
	fputc('{', out);
	for (size_t i = 0; i + 1 < pairs->n; i += 2) {
		fputs(i ? ", " : "", out);
		/* YAML wants a mark before keys past 1024 characters. */
		fputs(strlen(pairs->v[i]) > 100 ? "? " : "", out);
		show_text(pairs->v[i], out);
		fputs(": ", out);
		show_text(pairs->v[i + 1], out);
	}
	fputc('}', out);
}

static void show_value(const struct conf_key *k, const void *at, FILE *out)
{
	const struct conf_range *range = at;

	switch (k->kind) {
	case CONF_TEXT:
		if (*(const char *const *)at)
			show_text(*(const char *const *)at, out);
		else
			fputs("null", out);
		break;
	case CONF_BOOL:
		fputs(*(const bool *)at ? "true" : "false", out);
		break;
	case CONF_REAL:
		show_real(*(const double *)at, out);
		break;
	case CONF_INT:
	case CONF_SIZE:
		fprintf(out, "%ld", (long)*(const int64_t *)at);
		break;
	case CONF_TIME:
		fprintf(out, "%ldms", (long)*(const int64_t *)at);
		break;
	case CONF_CHOICE:
		fputs(k->choices[*(const int *)at], out);
		break;
	case CONF_RANGE:
		fprintf(out, "[%ld, %ld]", (long)range->lo, (long)range->hi);
		break;
	case CONF_ANY:
		show_any(at, out);
		break;
	default:
		show_list(k, at, out);
	}
}

static void show_level(const struct conf_key *keys, const void *from,
		       int indent, bool item, FILE *out);

static void show_maps(const struct conf_key *k, const struct conf_maps *maps,
		      int indent, FILE *out)
{
	if (!maps->n) {
		fputs(" []\n", out);
		return;
	}
	fputc('\n', out);
	for (size_t i = 0; i < maps->n; i++)
		show_level(k->keys, (const char *)maps->v + i * k->size,
			   indent + 4, true, out);
}

static void show_level(const struct conf_key *keys, const void *from,
		       int indent, bool item, FILE *out)
{
	for (const struct conf_key *k = keys; k->name; k++) {
		const void *at = (const char *)from + k->at;
		bool first = item && k == keys;

		fprintf(out, "%*s%s%s:", first ? indent - 2 : indent, "",
			first ? "- " : "", k->name);
		if (k->kind == CONF_MAP) {
			fputc('\n', out);
			show_level(k->keys, at, indent + 2, false, out);
		} else if (k->kind == CONF_MAPS) {
			show_maps(k, at, indent, out);
		} else {
			fputc(' ', out);
			show_value(k, at, out);
			fputc('\n', out);
		}
	}
}

void conf_show(const struct conf_key *keys, const void *from, FILE *out)
{
	show_level(keys, from, 0, false, out);
}

static void example_help(const char *help, int indent, FILE *out)
{
	struct str rest = str_of(help);

	while (rest.p) {
		struct str line = str_cut(&rest, '\n');

		fprintf(out, "%*s# " STR_FMT "\n", indent, "", STR_ARG(line));
	}
}

/* Does YAML read the text z as itself, without quotes? */
static bool is_bare(const char *z)
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

static void example_preset(const struct conf_key *k, FILE *out)
{
	if (!k->preset)
		return;
	fputc(' ', out);
	if (k->kind == CONF_TEXT && !is_bare(k->preset))
		show_text(k->preset, out);
	else
		fputs(k->preset, out);
}

static bool is_level(const struct conf_key *k)
{
	return k->kind == CONF_MAP || k->kind == CONF_MAPS;
}

static void example_level(const struct conf_key *keys, int indent, bool item,
			  FILE *out)
{
	for (const struct conf_key *k = keys; k->name; k++) {
		bool first = item && k == keys;
		int lead = first ? indent - 2 : indent;

		if (indent == 0)
			fputc('\n', out);
		example_help(k->help, lead, out);
		/* What holds others stays, else they would hang in the air. */
		fprintf(out, "%*s%s%s:", lead, "",
			first	      ? "- "
			: is_level(k) ? ""
				      : "#",
			k->name);
		if (is_level(k)) {
			fputc('\n', out);
			example_level(k->keys,
				      indent + (k->kind == CONF_MAPS ? 4 : 2),
				      k->kind == CONF_MAPS, out);
			continue;
		}
		example_preset(k, out);
		fputc('\n', out);
	}
}

void conf_example(const struct conf_key *keys, FILE *out)
{
	example_level(keys, 0, false, out);
}

/* A dot or quote that begins a line would be read as a request. */
static void man_text(const char *z, FILE *out)
{
	for (bool first = true; *z; first = *z++ == '\n') {
		if (first && (*z == '.' || *z == '\''))
			fputs("\\&", out);
		if (*z == '-')
			fputs("\\-", out);
		else if (*z == '\\')
			fputs("\\e", out);
		else
			fputc(*z, out);
	}
}

static void man_level(const struct conf_key *keys, const char *above,
		      FILE *out)
{
	char name[256], want[512];

	for (const struct conf_key *k = keys; k->name; k++) {
		snprintf(name, sizeof(name), "%s%s%s%s", above,
			 above[0] ? "." : "", k->name,
			 k->kind == CONF_MAPS ? "[]" : "");
		fputs(".TP\n\\fB", out);
		man_text(name, out);
		fputs("\\fR\n", out);
		man_text(k->help, out);
		fputs(".\n", out);
		if (is_level(k)) {
			man_level(k->keys, name, out);
			continue;
		}
		man_text(wanted(k, want, sizeof(want)), out);
		if (k->preset)
			fputs("; by default ", out), man_text(k->preset, out);
		fputs(".\n", out);
	}
}

void conf_man(const struct conf_key *keys, FILE *out)
{
	man_level(keys, "", out);
}

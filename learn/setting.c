#include "learn/setting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf_value.h"
#include "base/near.h"

/* Names. */

static const struct conf_key *key_of(const struct conf_key *keys,
				     struct str name)
{
	while (keys->name && !str_is(name, keys->name))
		keys++;
	return keys->name ? keys : NULL;
}

/* The 1 of "blocks.1"; 0 when it is no number. */
static size_t number_of(struct str digits)
{
	size_t n = 0;

	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9' || i > 3)
			return 0;
		n = 10 * n + (size_t)(digits.p[i] - '0');
	}
	return n;
}

static struct recipe_block *further_block(struct recipe *r, struct str which)
{
	size_t n = str_is(which, "last") ? r->more.n : number_of(which);

	if (!n || n > r->more.n)
		return NULL;
	return (struct recipe_block *)r->more.v + (n - 1);
}

struct recipe_block *setting_block(struct recipe *r, struct str name)
{
	struct str rest = name, head = str_cut(&rest, '.');

	if (str_is(head, "blocks"))
		return further_block(r, rest);
	if (rest.p)
		return NULL;
	return str_is(name, "words")   ? &r->words
	       : str_is(name, "chars") ? &r->chars
				       : NULL;
}

struct place {
	const struct conf_key *key;
	void *at;
};

/* The place of a single setting. */
static bool find(struct recipe *r, struct str name, struct place *ret)
{
	const struct conf_key *keys = recipe_keys, *k;
	struct str head = str_cut(&name, '.');
	char *from = (char *)r;

	k = key_of(keys, head);
	if (k && k->kind == CONF_MAPS) {
		from = (char *)further_block(r, str_cut(&name, '.'));
		k = from && name.p ? key_of(k->keys, name) : NULL;
	} else if (k && k->kind == CONF_MAP) {
		from += k->at;
		k = name.p ? key_of(k->keys, name) : NULL;
	} else if (name.p) {
		k = NULL;
	}
	if (!k)
		return false;
	*ret = (struct place){ k, from + k->at };
	return true;
}

bool setting_is_in(struct str name, struct str of)
{
	return str_starts(name, of) && (name.n == of.n || name.p[of.n] == '.');
}

static int unknown(struct str name, struct err *e)
{
	struct buf all;
	struct near near;

	buf_init(&all, 1 << 16);
	for (const struct conf_key *k = recipe_keys; k->name; k++) {
		buf_printf(&all, "%s%c", k->name, '\0');
		for (const struct conf_key *i = k->keys; i && i->name; i++)
			buf_printf(&all, "%s.%s%c", k->name, i->name, '\0');
	}
	near_init(&near, name);
	for (size_t i = 0; i < all.n; i += strlen(all.p + i) + 1)
		near_offer(&near, all.p + i);
	err_set(e, -EINVAL, "a recipe has no key '" STR_FMT "'%s%s%s",
		STR_ARG(name), near_best(&near) ? ": did you mean '" : "",
		near_best(&near) ? near_best(&near) : "",
		near_best(&near) ? "'?" : "");
	buf_done(&all);
	return -EINVAL;
}

int setting_check(struct str name, struct err *e)
{
	struct str rest = name, head = str_cut(&rest, '.'), number;
	const struct conf_key *k = key_of(recipe_keys, head);

	if (k && rest.p && k->kind == CONF_MAPS) {
		number = str_cut(&rest, '.');
		if (!number_of(number))
			return unknown(name, e);
	}
	if (!k || (rest.p && (!k->keys || !key_of(k->keys, rest))))
		return unknown(name, e);
	return 0;
}

/* Changes. */

struct change {
	struct str name, op, value;
};

static struct change read_change(struct str text)
{
	struct change c;
	size_t n = 0;

	text = str_trim(text);
	while (n < text.n && !strchr("=*:+", text.p[n]))
		n++;
	c.name = str_trim((struct str){ text.p, n });
	c.op = (struct str){ text.p + n, 0 };
	if (n < text.n)
		c.op.n = text.p[n] == '=' ? 1 : 2;
	if (n + c.op.n > text.n)
		c.op.n = text.n - n;
	n += c.op.n;
	c.value = str_trim((struct str){ text.p + n, text.n - n });
	return c;
}

bool setting_next(struct str *text, struct str *name)
{
	struct str one = { NULL, 0 };

	while (text->p && !one.n)
		one = str_trim(str_cut(text, ';'));
	*name = read_change(one).name;
	if (setting_is_in(*name, STR("blocks.last")))
		*name = STR("blocks");
	return one.n > 0;
}

/* "[a, b]" without its brackets. */
static struct str inside(struct str list)
{
	if (list.n >= 2 && list.p[0] == '[' && list.p[list.n - 1] == ']')
		return str_trim((struct str){ list.p + 1, list.n - 2 });
	return list;
}

static bool set_range(const struct conf_key *k, struct str v, struct arena *a,
		      struct conf_range *out)
{
	struct conf_key one = *k;
	struct str rest = inside(v), lo = str_trim(str_cut(&rest, ','));
	struct conf_range r;

	one.kind = CONF_INT;
	if (!rest.p || !conf_set_scalar(&one, lo, a, &r.lo) ||
	    !conf_set_scalar(&one, str_trim(rest), a, &r.hi) || r.lo > r.hi)
		return false;
	*out = r;
	return true;
}

static bool set_texts(struct str v, struct arena *a, struct conf_texts *out)
{
	const struct conf_key one = { .kind = CONF_TEXT };
	struct str rest = inside(v);
	struct conf_texts t = { arena_take_array(a, v.n + 1, sizeof(*t.v)), 0 };

	while (t.v && rest.p && rest.n) {
		struct str item = str_trim(str_cut(&rest, ','));

		if (!item.n || !conf_set_scalar(&one, item, a, &t.v[t.n++]))
			return false;
	}
	if (t.v)
		*out = t;
	return t.v != NULL;
}

static bool set_value(const struct conf_key *k, struct str v, struct arena *a,
		      void *at)
{
	if (k->kind == CONF_RANGE)
		return set_range(k, v, a, at);
	if (k->kind == CONF_TEXTS)
		return set_texts(v, a, at);
	return conf_set_scalar(k, v, a, at);
}

static int bad_value(const struct conf_key *k, const struct change *c,
		     struct err *e)
{
	char want[512];

	return err_set(e, -EINVAL, STR_FMT ": '" STR_FMT "', expected %s",
		       STR_ARG(c->name), STR_ARG(c->value),
		       conf_wanted(k, want, sizeof(want)));
}

/* The numbers of "1.8 to 30". */
static bool read_factor(struct str v, double *factor, double *limit)
{
	static const struct conf_key real = { .kind = CONF_REAL };
	struct str first = { v.p, 0 };

	while (v.n && !str_starts(v, STR(" to "))) {
		first.n++;
		v.p++;
		v.n--;
	}
	if (!v.n)
		return false;
	v = (struct str){ v.p + 4, v.n - 4 };
	return conf_set_scalar(&real, first, NULL, factor) &&
	       conf_set_scalar(&real, v, NULL, limit);
}

static int multiply(const struct place *p, const struct change *c,
		    struct err *e)
{
	double *x = p->at, factor, limit, most;
	char text[32];

	if (p->key->kind != CONF_REAL ||
	    !read_factor(c->value, &factor, &limit))
		return err_set(e, -EINVAL,
			       STR_FMT "*=" STR_FMT ": expected a key that is "
			       "a number, and as in 1.8 to 30 by what and how "
			       "far",
			       STR_ARG(c->name), STR_ARG(c->value));
	most = factor > 1 ? limit : -limit;
	if ((factor > 1 ? *x : -*x) >= most)
		return 0;
	snprintf(text, sizeof(text), "%.2g", *x * factor);
	*x = strtod(text, NULL);
	if ((factor > 1 ? *x : -*x) > most)
		*x = limit;
	return 0;
}

static int assign(struct recipe *r, const struct change *c, struct arena *a,
		  struct err *e)
{
	struct place p;

	if (!find(r, c->name, &p))
		return unknown(c->name, e);
	if (str_is(c->op, "*="))
		return multiply(&p, c, e);
	if (!str_is(c->op, "="))
		return err_set(e, -EINVAL,
			       STR_FMT ": expected KEY=VALUE, as in "
				       "words.ngrams=[1, 2]",
			       STR_ARG(c->name));
	return set_value(p.key, c->value, a, p.at) ? 0
						   : bad_value(p.key, c, e);
}

static int become(struct recipe *r, const struct change *c, struct err *e)
{
	struct recipe_block *to = setting_block(r, c->name);
	const struct recipe_block *from = setting_block(r, c->value);
	const char *name;

	if (!to || !from)
		return unknown(to ? c->value : c->name, e);
	name = to->name;
	*to = *from;
	to->name = name;
	return 0;
}

/* Of "words as bayes", with its own copy of the list. */
static int add_block(struct recipe *r, const struct change *c, struct arena *a,
		     struct err *e)
{
	struct str from = c->value, as;
	const struct recipe_block *like;
	struct recipe_block *v;
	char *name;
	size_t size;

	for (as = from; as.n && !str_starts(as, STR(" as ")); as.p++)
		as.n--;
	from.n -= as.n;
	like = setting_block(r, from);
	if (!str_is(c->name, "blocks") || as.n <= 4 || !like)
		return err_set(e, -EINVAL,
			       STR_FMT "+=" STR_FMT ": expected as in "
				       "blocks+=words as more",
			       STR_ARG(c->name), STR_ARG(c->value));
	size = as.n - 4 + strlen(like->name) + 2;
	v = arena_take_array(a, r->more.n + 1, sizeof(*v));
	name = arena_take(a, size);
	if (!v || !name)
		return -ENOMEM;
	snprintf(name, size, "%.*s %s", (int)as.n - 4, as.p + 4, like->name);
	if (r->more.n)
		memcpy(v, r->more.v, r->more.n * sizeof(*v));
	v[r->more.n] = *like;
	v[r->more.n].name = name;
	r->more = (struct conf_maps){ v, r->more.n + 1 };
	return 0;
}

/* The list of blocks is the only part of a recipe that is changed where it
 * lies and is not in the struct itself. */
static int own_blocks(struct recipe *r, struct arena *a)
{
	struct recipe_block *v =
		arena_take_array(a, r->more.n + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	if (r->more.n)
		memcpy(v, r->more.v, r->more.n * sizeof(*v));
	r->more.v = v;
	return 0;
}

int setting_apply(struct recipe *r, struct str text, struct arena *a,
		  struct err *e)
{
	int result = own_blocks(r, a);

	while (text.p && !result) {
		struct change c = read_change(str_cut(&text, ';'));

		if (!c.name.n && !c.op.n)
			continue;
		if (str_is(c.op, ":="))
			result = become(r, &c, e);
		else if (str_is(c.op, "+="))
			result = add_block(r, &c, a, e);
		else
			result = assign(r, &c, a, e);
	}
	return result;
}

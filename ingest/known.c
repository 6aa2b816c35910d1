#include "ingest/known.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "ingest/wording.h"

static uint64_t add_words(uint64_t h, struct str s)
{
	struct wording w;
	uint64_t word;

	wording_begin(&w, s);
	while (wording_next(&w, &word))
		h = wording_mix(h + word);
	return h;
}

uint64_t known_text(struct str title, struct str text)
{
	/* What parts them; no word has this hash but by chance. */
	return add_words(wording_mix(add_words(0, title) ^ 1), text);
}

/* Packed: id, then, little-endian, u64 text and u32 revision. */

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

void known_name(const char id[IDENTITY_HEX], char out[KNOWN_NAME])
{
	for (size_t i = 0; i < KNOWN_NAME; i++)
		out[i] = (char)(digit(id[2 * i]) << 4 | digit(id[2 * i + 1]));
}

static void put(char *out, uint64_t x, size_t n)
{
	for (size_t i = 0; i < n; i++, x >>= 8)
		out[i] = (char)(x & 0xFF);
}

static uint64_t get(const char *p, size_t n)
{
	uint64_t x = 0;

	while (n--)
		x = x << 8 | (unsigned char)p[n];
	return x;
}

void known_pack(const char *name, const struct known *k,
		struct known_entry *ret)
{
	known_name(name, ret->name);
	known_name(k->id, ret->value);
	put(ret->value + KNOWN_NAME, k->text, 8);
	put(ret->value + KNOWN_NAME + 8, k->revision, 4);
	ret->size = k->address ? KNOWN_VALUE : KNOWN_NAME;
}

bool known_unpack(struct str value, struct known *ret)
{
	if (value.n != KNOWN_NAME && value.n != KNOWN_VALUE)
		return false;
	*ret = (struct known){ .address = value.n == KNOWN_VALUE };
	hash_hex((const unsigned char *)value.p, KNOWN_NAME, ret->id);
	if (!ret->address)
		return true;
	ret->text = get(value.p + KNOWN_NAME, 8);
	ret->revision = (uint32_t)get(value.p + KNOWN_NAME + 8, 4);
	return true;
}

/* Judging. */

struct case_of {
	const struct known_asked *q;
	int (*look)(void *self, const char *name, struct known *ret);
	void *self;
	struct known own, head; /* under its own id; of its article */
	bool has_own, has_head;
	/* Of the aliases, what is remembered of each. */
	struct known alias[KNOWN_ALIASES_MAX];
	bool has_alias[KNOWN_ALIASES_MAX];
};

static int look(struct case_of *c, const char *name, struct known *ret,
		bool *has)
{
	int r = c->look(c->self, name, ret);

	*has = !r;
	return r == STEP_END ? 0 : r;
}

/* What an id or alias leads to; its article may have been forgotten. */
static int follow(struct case_of *c, const struct known *k)
{
	int r = look(c, k->id, &c->head, &c->has_head);

	c->has_head &= c->head.address;
	return r;
}

static int find(struct case_of *c)
{
	const struct known_asked *q = c->q;
	int r = look(c, q->id, &c->own, &c->has_own);

	if (!r && c->has_own)
		r = follow(c, &c->own);
	for (size_t i = 0; i < q->aliases && !r; i++) {
		r = look(c, q->alias[i], &c->alias[i], &c->has_alias[i]);
		if (!r && c->has_alias[i] && !c->has_head)
			r = follow(c, &c->alias[i]);
	}
	return r;
}

static void note(struct known_answer *ret, const char *name,
		 const struct known *k)
{
	assert(ret->count < KNOWN_NAMES_MAX);
	known_pack(name, k, &ret->notes[ret->count++]);
}

static bool is_same(const char *a, const char *b)
{
	return !strcmp(a, b);
}

/* The article itself, then the address that it was found under now. */
static void note_texts(const struct case_of *c, struct known_answer *ret)
{
	struct known k = { .address = true, .text = c->q->text,
			   .revision = ret->revision };

	memcpy(k.id, ret->id, sizeof(k.id));
	if (!ret->repeated)
		note(ret, ret->id, &k);
	else if (c->head.fading)
		note(ret, ret->id, &c->head);
	if (is_same(c->q->id, ret->id))
		return;
	if (!ret->repeated || !c->has_own || c->own.fading ||
	    !c->own.address || !is_same(c->own.id, ret->id))
		note(ret, c->q->id, &k);
}

static void note_aliases(const struct case_of *c, struct known_answer *ret)
{
	struct known k = { .address = false };

	memcpy(k.id, ret->id, sizeof(k.id));
	for (size_t i = 0; i < c->q->aliases; i++) {
		const char *name = c->q->alias[i];

		if (is_same(name, ret->id) || is_same(name, c->q->id) ||
		    (c->has_alias[i] && c->has_head && !c->alias[i].fading))
			continue;
		if (c->has_alias[i] && c->has_head)
			note(ret, name, &c->alias[i]);
		else
			note(ret, name, &k);
	}
}

int known_judge(const struct known_asked *q,
		int (*look_up)(void *self, const char *name,
			       struct known *ret),
		void *self, struct known_answer *ret)
{
	struct case_of c = { .q = q, .look = look_up, .self = self };
	int r = find(&c);

	if (r)
		return r;
	*ret = (struct known_answer){ .revision = 1 };
	memcpy(ret->id, c.has_head ? c.head.id : q->id, sizeof(ret->id));
	if (c.has_head) {
		ret->repeated = c.head.text == q->text ||
				(c.has_own && c.own.address &&
				 c.own.text == q->text);
		ret->revision = c.head.revision + !ret->repeated;
	}
	note_texts(&c, ret);
	note_aliases(&c, ret);
	return 0;
}

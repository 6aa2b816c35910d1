#include "ingest/story.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/unicode.h"

/* Members are written where they stay: into what is left of the arena, of which
 * story_keep() takes as much as they are. */
int story_begin(struct buf *b, struct arena a)
{
	size_t n = ARTICLE_META_MAX + 1;
	char *p = arena_room(&a, n);

	if (!p)
		return -ENOMEM;
	buf_over(b, p, n);
	return 0;
}

int story_keep(const struct buf *b, struct arena *a, struct str *ret)
{
	if (buf_error(b))
		return buf_error(b);
	arena_room(a, b->n);
	*ret = buf_view(b);
	return 0;
}

/* "fr" of "fr-CA" and "FR_fr"; nothing of what is no such tag (RFC 5646,
 * section 2.1). */
static int main_tag(struct str declared, struct arena *a, struct str *ret)
{
	char tag[3];
	size_t n = 0;

	while (n < declared.n && declared.p[n] != '-' && declared.p[n] != '_') {
		char c = (char)(declared.p[n] | 32);

		if (c < 'a' || c > 'z' || n == sizeof(tag))
			return 0;
		tag[n++] = c;
	}
	if (n < 2)
		return 0;
	*ret = arena_copy(a, (struct str){ tag, n });
	return ret->p ? 0 : -ENOMEM;
}

int story_language(struct story *s, const char *detected, struct arena *a)
{
	bool other = detected && !strcmp(detected, "other");
	int r = 0;

	s->language = (struct str){ NULL, 0 };
	if (detected && !other) {
		s->language = str_of(detected);
		return 0;
	}
	r = main_tag(s->declared, a, &s->language);
	if (!r && !s->language.n && other)
		s->language = str_of(detected);
	return r;
}

/* What was cut. */

static struct str shown(struct str s, size_t left)
{
	size_t max = left < STORY_CUT_MAX ? left : STORY_CUT_MAX;

	if (s.n <= max)
		return s;
	while (max && ((unsigned char)s.p[max] & 0xC0) == 0x80)
		max--;
	s.n = max;
	return s;
}

static void add_cut(struct buf *b, const char *kind, struct str what,
		    size_t bytes)
{
	buf_add_z(b, b->n > 1 ? ",{\"kind\":" : "{\"kind\":");
	json_add_text(b, str_of(kind));
	if (what.n) {
		json_add_name(b, "text");
		json_add_text(b, what);
	}
	if (what.n != bytes)
		buf_printf(b, ",\"bytes\":%zu", bytes);
	buf_add_char(b, '}');
}

int story_cut(struct story *s, struct str text, const struct tidy *t,
	      struct arena *a)
{
	size_t left = STORY_CUT_BYTES, more = 0;
	struct buf b;
	int r = story_begin(&b, *a);

	if (r)
		return r;
	buf_add_char(&b, '[');
	for (size_t i = 0; i < t->cut_count; i++) {
		const struct tidy_cut *c = &t->cuts[i];
		struct str all = str_trim((struct str){ text.p + c->start,
							c->end - c->start });
		struct str what = shown(all, left);

		if (i >= STORY_CUTS_MAX) {
			more += all.n;
			continue;
		}
		left -= what.n;
		add_cut(&b, tidy_name(c->kind), what, all.n);
	}
	if (more)
		add_cut(&b, "others", STR(""), more);
	buf_add_char(&b, ']');
	return story_keep(&b, a, &s->cut);
}

/* Telling. */

static void add_text(struct buf *b, const char *name, struct str s)
{
	json_add_name(b, name);
	if (s.n)
		json_add_text(b, s);
	else
		buf_add_z(b, "null");
}

static void add_written(struct buf *b, const char *name, struct str json)
{
	if (!json.n)
		return;
	json_add_name(b, name);
	buf_add_str(b, json);
}

static struct str source_of(const struct story *s)
{
	if (s->source.n)
		return s->source;
	return s->name.n ? s->name : s->site;
}

static void add_meta(struct buf *b, const struct story *s, const char *fetched)
{
	add_text(b, "id", str_of(s->id));
	add_text(b, "url", s->url);
	add_text(b, "title", s->title);
	if (s->target.n)
		add_text(b, "target", s->target);
	add_text(b, "source", source_of(s));
	add_text(b, "author", s->author);
	add_text(b, "published", s->published);
	add_text(b, "fetched", str_of(fetched));
	add_text(b, "language", s->language);
	if (s->declared.n)
		add_text(b, "language_declared", s->declared);
	json_add_name(b, "revision");
	buf_add_u64(b, s->revision);
	add_text(b, "near_of", str_of(s->near_of));
	add_written(b, "cut", s->cut);
	add_written(b, "input", s->input);
}

int story_too_large(struct err *e)
{
	return err_set(e, STEP_REJECT,
		       "title, target, url, author and the fields for `input` "
		       "take more than %d bytes", ARTICLE_META_MAX);
}

int story_article(const struct story *s, const char *fetched, struct arena *a,
		  struct article *ret, struct err *e)
{
	struct str meta;
	struct buf b;
	int r = story_begin(&b, *a);

	if (!r) {
		add_meta(&b, s, fetched);
		r = story_keep(&b, a, &meta);
	}
	if (r == -EMSGSIZE)
		r = story_too_large(e);
	if (r == -ENOMEM)
		err_sys(e, r, "reading the article");
	if (r)
		return err_at(e, r, "%s: ", s->place);
	ret->meta = meta;
	ret->title = s->title;
	ret->text = s->text;
	ret->target = s->target;
	return 0;
}

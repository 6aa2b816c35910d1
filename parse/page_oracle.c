#include <errno.h>
#include <string.h>

#include "parse/page_parts.h"

enum {
	ORACLE_MIN = 400, /* bytes: less is a teaser */
	ORACLE_MAX = 1 << 18,
	AHEAD = 4000,	  /* bytes in which the next paragraph begins */
	MISSES_MAX = 500, /* paragraphs that it does not hold */
	TRUSTED = 60,	  /* percent of it that must be found in the page */
	COMPLETE = 90,	  /* … for what is behind it to be no article */
	WHOLE = 70,	  /* percent of what was kept without asking it */
	LOST = 30,	  /* below that, the page's own text is elsewhere */
};

/* Letters and digits alone, since what is between them differs. */
static struct str squeeze(struct str s, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		/* UTF-8's no-break space, dashes and quotes. */
		if (c == 0xC2 && i + 1 < s.n)
			i++;
		else if (c == 0xE2 && i + 2 < s.n)
			i += 2;
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			 (c >= 'A' && c <= 'Z') || c >= 0x80)
			out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return (struct str){ out, n };
}

/* Mark the blocks that it holds, in the order in which it holds them; returns
 * their bytes. A place is looked for behind the last one, and not far off, so
 * that this stays linear. */
static size_t find(struct page_blocks *blocks, struct str whole, char *room,
		   bool *found)
{
	size_t at = 0, bytes = 0, misses = 0;

	for (uint32_t i = 0; i < blocks->n && misses < MISSES_MAX; i++) {
		struct str s = squeeze(blocks->v[i].text, room);
		const char *hit = NULL;

		if (s.n < 8 || at >= whole.n)
			continue;
		for (size_t k = at; k + s.n <= whole.n && k < at + AHEAD; k++) {
			const char *p = memchr(whole.p + k, s.p[0],
					       whole.n - k - s.n + 1);

			if (!p)
				break;
			k = (size_t)(p - whole.p);
			if (!memcmp(p, s.p, s.n)) {
				hit = p;
				break;
			}
		}
		if (!hit) {
			misses++;
			continue;
		}
		at = (size_t)(hit - whole.p) + s.n;
		found[i] = true;
		bytes += s.n;
	}
	return bytes;
}

static void follow(struct page_blocks *blocks, const bool *found, bool complete)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < blocks->n; i++) {
		if (!found[i] || blocks->v[i].link * 2 > blocks->v[i].length)
			continue;
		blocks->v[i].kept = true;
		last = i;
	}
	for (uint32_t i = last + 1; complete && i < blocks->n; i++)
		blocks->v[i].kept = false;
}

static size_t kept_bytes(const struct page_blocks *blocks)
{
	size_t n = 0;

	for (uint32_t i = 0; i < blocks->n; i++)
		if (blocks->v[i].kept)
			n += blocks->v[i].text.n * 4 / 5; /* its letters */
	return n;
}

int page_ask(struct page_blocks *blocks, struct str body, struct arena scratch,
	     enum page_answer *ret)
{
	size_t room = 0, bytes;
	struct str whole;
	char *squeezed, *text;
	bool *found;

	*ret = PAGE_ANSWER_NONE;
	if (body.n < ORACLE_MIN || body.n > ORACLE_MAX)
		return 0;
	for (uint32_t i = 0; i < blocks->n; i++)
		if (room < blocks->v[i].text.n)
			room = blocks->v[i].text.n;
	squeezed = arena_take(&scratch, body.n);
	text = arena_take(&scratch, room);
	found = arena_take_array(&scratch, blocks->n, sizeof(*found));
	if (!squeezed || !text || !found)
		return -ENOMEM;
	whole = squeeze(body, squeezed);
	bytes = find(blocks, whole, text, found);
	if (bytes * 100 < whole.n * LOST) {
		*ret = PAGE_ANSWER_ELSEWHERE;
	} else if (bytes * 100 >= whole.n * TRUSTED &&
		   whole.n * 100 >= kept_bytes(blocks) * WHOLE) {
		*ret = PAGE_ANSWER_FOUND;
		follow(blocks, found, bytes * 100 >= whole.n * COMPLETE);
	}
	return 0;
}

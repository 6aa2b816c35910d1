/* Near-copies, on data of one's own: what part of made-up copies is found, which
 * of the originals are taken for copies of each other, time and memory. Run by
 * hand:
 *
 *   bench_near_copies FILE.jsonl…	lines with `text`; others are passed over
 *
 * The originals come first, then articles at random until the window is full;
 * so the oldest originals are about to leave it. Then copies of up to 4,000 of
 * them are looked for. An original that is flagged is told with its true
 * similarity: from 0.35 on it is a near-copy indeed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "ingest/near_copies.h"
#include "ingest/wording.h"

enum { WINDOW = 131072, SAMPLE = 4000, WORD_MAX = 1 << 20 };

static const double at = 0.35;

struct doc {
	char *text;
	size_t n;
	char id[IDENTITY_HEX];
	char story[IDENTITY_HEX]; /* the leader that it was given */
	struct minhash m;
};

struct docs {
	struct doc *v;
	size_t n, words;
};

static uint64_t state = 1;

static uint64_t chance(uint64_t below)
{
	state += 0x9E3779B97F4A7C15u;
	return wording_mix(state) % below;
}

static int take(struct docs *l, struct str line)
{
	struct doc *d;
	json_t *o = json_parse(line, NULL);
	const json_t *v = json_object_get(o, "text");
	struct minhash m;

	if (v && minhash_of((struct str){ json_string_value(v),
					  json_string_length(v) }, &m)) {
		l->v = realloc(l->v, (l->n + 1) * sizeof(*l->v));
		if (!l->v)
			return -1;
		d = &l->v[l->n];
		d->text = strdup(json_string_value(v));
		d->n = strlen(d->text);
		snprintf(d->id, sizeof(d->id), "%032zx", ++l->n);
	}
	json_decref(o);
	return 0;
}

/* Copies. */

static void add_words(struct buf *b, struct str s, unsigned percent,
		      const struct docs *all)
{
	while (s.p) {
		struct str word = str_cut(&s, ' ');

		if (chance(100) < percent) {
			const struct doc *d = &all->v[chance(all->n)];
			size_t from = chance(d->n);
			struct str rest = { d->text + from, d->n - from };

			/* Not the part of a word, and no part of a letter. */
			str_cut(&rest, ' ');
			if (rest.p)
				word = str_cut(&rest, ' ');
		}
		buf_add_str(b, word);
		if (s.p)
			buf_add_char(b, ' ');
	}
}

static struct str cut_at(const struct doc *d, size_t n)
{
	while (n < d->n && ((unsigned char)d->text[n] & 0xC0) == 0x80)
		n++;
	return (struct str){ d->text, n };
}

static void credits(struct buf *b, const struct doc *d, const struct docs *all)
{
	(void)all;
	buf_add_z(b, "By our staff, with agencies\n");
	buf_add(b, d->text, d->n);
	buf_add_z(b, "\nPhoto credit: the agency, all rights reserved\n"
		     "Tags: economy, world, today\nShare this article\n"
		     "2 comments\nI do not agree with this at all.\n"
		     "Neither do I, thanks for saying it first.\n");
}

static void quarter(struct buf *b, const struct doc *d, const struct docs *all)
{
	(void)all;
	buf_add_str(b, cut_at(d, d->n * 3 / 4));
}

static void half(struct buf *b, const struct doc *d, const struct docs *all)
{
	(void)all;
	buf_add_str(b, cut_at(d, d->n / 2));
}

static void five(struct buf *b, const struct doc *d, const struct docs *all)
{
	add_words(b, (struct str){ d->text, d->n }, 5, all);
}

static void fifteen(struct buf *b, const struct doc *d, const struct docs *all)
{
	add_words(b, (struct str){ d->text, d->n }, 15, all);
}

static void lede(struct buf *b, const struct doc *d, const struct docs *all)
{
	const struct doc *other = &all->v[chance(all->n)];

	buf_add_str(b, cut_at(other, other->n < 150 ? other->n : 150));
	add_words(b, (struct str){ d->text, d->n }, 8, all);
}

static const struct {
	const char *name;
	void (*make)(struct buf *b, const struct doc *d,
		     const struct docs *all);
} edits[] = {
	{ "credits added", credits }, { "quarter cut", quarter },
	{ "5 % changed", five },      { "half cut", half },
	{ "15 % changed", fifteen },  { "new lede, 8 %", lede },
};

/* The true similarity. */

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static size_t runs_of(const struct doc *d, uint64_t *v)
{
	struct wording w;
	uint64_t a = 0, b = 0, c;
	size_t n = 0, words = 0, k = 0;

	wording_begin(&w, (struct str){ d->text, d->n });
	for (; wording_next(&w, &c) && n < WORD_MAX; a = b, b = c)
		if (++words >= 3)
			v[n++] = wording_mix(a * 5 + b * 3 + c);
	qsort(v, n, sizeof(*v), by_value);
	for (size_t i = 0; i < n; i++)
		if (!i || v[i] != v[k - 1])
			v[k++] = v[i];
	return k;
}

static double jaccard(const struct doc *a, const struct doc *b)
{
	static uint64_t x[WORD_MAX], y[WORD_MAX];
	size_t n = runs_of(a, x), m = runs_of(b, y), same = 0;

	for (size_t i = 0, j = 0; i < n && j < m;) {
		same += x[i] == y[j];
		if (x[i] <= y[j])
			i++;
		else
			j++;
	}
	return n + m - same ? (double)same / (double)(n + m - same) : 0;
}

static const struct doc *doc_of(const struct docs *l, const char *id)
{
	return &l->v[strtoull(id, NULL, 16) - 1];
}

/* Of all earlier ones of its story: it may be like a copy between. */
static double most_like(const struct docs *l, const struct doc *d)
{
	double most = 0;

	for (size_t i = 0; i < (size_t)(d - l->v); i++)
		if (!strcmp(l->v[i].story, d->story) && jaccard(&l->v[i], d) > most)
			most = jaccard(&l->v[i], d);
	return most;
}

/* The measurements. */

static void take_in(struct near_copies *n, struct docs *l)
{
	size_t flagged = 0, wrong = 0;
	int64_t sign = 0, find = 0;
	struct wording w;
	double like;
	uint64_t h;

	for (size_t i = 0; i < l->n; i++) {
		struct doc *d = &l->v[i];
		struct str text = { d->text, d->n };
		int64_t begin = clock_ns();
		bool found;

		minhash_of(text, &d->m);
		sign += clock_ns() - begin;
		begin = clock_ns();
		found = near_copies_find(n, &d->m, d->id, d->story, &like);
		if (!found)
			memcpy(d->story, d->id, sizeof(d->id));
		near_copies_add(n, &d->m, d->story);
		find += clock_ns() - begin;
		for (wording_begin(&w, text); wording_next(&w, &h);)
			l->words++;
		if (!found)
			continue;
		flagged++;
		if (most_like(l, d) >= at)
			continue;
		wrong++;
		printf("  false: true %.2f, estimated %.2f\n    %.70s\n"
		       "    %.70s\n",
		       most_like(l, d), like, d->text,
		       doc_of(l, d->story)->text);
	}
	printf("%zu originals of %.0f words: %.1f us to sign (%.1f for 500 "
	       "words), %.1f us to find and add\n"
	       "flagged %zu, of them %zu not alike: %.3f %% of the others\n",
	       l->n, (double)l->words / (double)l->n,
	       (double)sign / (double)l->n * 1e-3,
	       (double)sign / (double)l->words * 0.5,
	       (double)find / (double)l->n * 1e-3, flagged, wrong,
	       100. * (double)wrong / (double)(l->n - flagged + wrong));
}

static void fill(struct near_copies *n, size_t more)
{
	struct minhash m;
	char id[IDENTITY_HEX];

	for (size_t i = 0; i < more; i++) {
		minhash_of_hash(chance(UINT64_MAX), &m);
		snprintf(id, sizeof(id), "ffff%028zx", i);
		near_copies_add(n, &m, id);
	}
}

static void look_for(const struct near_copies *n, const struct docs *l,
		     size_t edit)
{
	size_t step = l->n / SAMPLE + 1, tried = 0, found = 0;
	char leader[IDENTITY_HEX];
	double like;

	for (size_t i = 0; i < l->n; i += step) {
		struct minhash m;
		struct buf b;

		buf_init(&b, 1 << 26);
		edits[edit].make(&b, &l->v[i], l);
		if (!minhash_of(buf_view(&b), &m)) { /* too short now */
			buf_done(&b);
			continue;
		}
		tried++;
		found += near_copies_find(n, &m, "0123456789abcdef"
						 "0123456789abcdef",
					  leader, &like) &&
			 !strcmp(leader, l->v[i].story);
		buf_done(&b);
	}
	printf("  %-16s %.4f of %zu\n", edits[edit].name,
	       (double)found / (double)tried, tried);
}

static int read_all(struct docs *l, const char *path)
{
	struct str all, rest;
	struct err e = { "" };

	if (file_read(path, 1ul << 31, &all, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return -1;
	}
	for (rest = all; rest.p;)
		if (take(l, str_cut(&rest, '\n')))
			return -1;
	free((void *)(uintptr_t)all.p);
	return 0;
}

int main(int argc, char **argv)
{
	struct docs l = { .n = 0 };
	struct near_copies *n;
	struct rusage use;

	for (int i = 1; i < argc; i++)
		if (read_all(&l, argv[i]))
			return 1;
	if (!l.n || near_copies_new(WINDOW, at, &n))
		return 1;
	take_in(n, &l);
	puts("found, the window being as it is:");
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++)
		look_for(n, &l, i);
	fill(n, l.n < WINDOW ? WINDOW - l.n : 0);
	puts("found, the window being full:");
	for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++)
		look_for(n, &l, i);
	getrusage(RUSAGE_SELF, &use);
	printf("window of %d: %.1f MB; the process %.1f MB at most\n", WINDOW,
	       WINDOW * (double)NEAR_COPIES_BYTES / 1e6,
	       (double)use.ru_maxrss / 1e3);
	near_copies_free(n);
	return 0;
}

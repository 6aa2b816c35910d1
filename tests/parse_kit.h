/* parse_kit.h -- a parser of documents on a text, for tests: what comes out of
 * it against what should. */
#ifndef VIGIE_PARSE_KIT_H
#define VIGIE_PARSE_KIT_H

#include "parse/document.h"
#include "parse/xml.h"
#include "tests/check_main.h"

typedef int parse_kit_fn(const struct document *d, struct arena scratch,
			 struct buf *out, struct err *e);

/* Parse text, which came from url as type, into out; returns what the parser
 * did. out is for buf_done(). */
static inline int parse_kit(parse_kit_fn *parse, struct str text,
			    const char *type, const char *url, struct buf *out,
			    struct err *e)
{
	struct document d = { .bytes = text, .type = type, .url = url,
			      .charset = "utf-8" };
	struct arena a;
	int r;

	ck_assert_int_eq(arena_open(&a, DOCUMENT_ARENA), 0);
	buf_init(out, DOCUMENT_ANSWER_MAX);
	r = parse(&d, a, out, e);
	arena_close(a);
	return r;
}

/* The lines must be these. */
static inline void parse_kit_is(parse_kit_fn *parse, const char *text,
				const char *url, const char *want)
{
	struct err e = { "" };
	struct buf out;
	int r = parse_kit(parse, str_of(text), NULL, url, &out, &e);

	ck_assert_msg(r == 0, "%d: %s\n%s", r, e.text, text);
	buf_add_char(&out, '\0');
	ck_assert_str_eq(out.p, want);
	buf_done(&out);
}

/* It is refused; the sentence holds these words. */
static inline void parse_kit_refused(parse_kit_fn *parse, const char *text,
				     const char *words)
{
	struct err e = { "" };
	struct buf out;

	ck_assert_int_eq(parse_kit(parse, str_of(text), NULL, NULL, &out, &e),
			 STEP_REJECT);
	ck_assert_msg(strstr(e.text, words) != NULL, "%s", e.text);
	ck_assert_uint_eq(out.n, 0);
	buf_done(&out);
}

/* piece again and again between head and tail, n bytes in all or little more.
 * For free(). */
static inline struct str parse_kit_repeat(const char *head, const char *piece,
					  const char *tail, size_t n)
{
	struct buf b;

	buf_init(&b, n + 64 + strlen(head) + strlen(piece) + strlen(tail));
	buf_add_z(&b, head);
	while (b.n + strlen(tail) < n)
		buf_add_z(&b, piece);
	buf_add_z(&b, tail);
	ck_assert_int_eq(buf_error(&b), 0);
	return buf_view(&b);
}

/* A document that begins so, with one tag more than xml.h reads behind that,
 * says in its head that it was cut; the head is this one. */
static inline void parse_kit_is_cut(parse_kit_fn *parse, const char *begin,
				    const char *head)
{
	struct str text = parse_kit_repeat(begin, "<x>", "",
					   strlen(begin) + 3 * XML_PIECES_MAX /
								   4);
	struct err e = { "" };
	struct buf out;

	ck_assert_int_eq(parse_kit(parse, text, NULL, NULL, &out, &e), 0);
	ck_assert_msg(str_starts(buf_view(&out), str_of(head)), STR_FMT,
		      STR_ARG(buf_view(&out)));
	buf_done(&out);
	free((char *)text.p);
}

#endif

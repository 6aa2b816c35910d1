#include "learn/read_fasttext.h"

#include "learn/read_lines.h"

struct fasttext {
	struct read_sink *sink;
	struct buf labels; /* struct raw_label */
	struct buf text;
};

/* Cut the next word off; its n is 0 at the end. ASCII white space, without LF,
 * as fastText has it. */
static struct str next_word(struct str *rest)
{
	static const char space[] = " \t\v\f\r";
	struct str word;
	size_t n = 0;

	while (rest->n && str_has((struct str){ space, sizeof(space) - 1 },
				  rest->p[0]))
		rest->p++, rest->n--;
	while (n < rest->n && !str_has((struct str){ space, sizeof(space) - 1 },
				       rest->p[n]))
		n++;
	word = (struct str){ rest->p, n };
	rest->p += n, rest->n -= n;
	return word;
}

static int read_line(struct fasttext *f, size_t number, struct str line)
{
	static const struct str prefix = { "__label__", 9 };
	struct raw_example x = { .line = number, .dotted = true };
	struct str word;
	int r;

	buf_clear(&f->labels);
	buf_clear(&f->text);
	while ((word = next_word(&line)).n) {
		struct raw_label l = { { word.p + prefix.n,
					 word.n - prefix.n }, { NULL, 0 } };

		if (str_starts(word, prefix)) {
			buf_add(&f->labels, &l, sizeof(l));
			continue;
		}
		if (f->text.n)
			buf_add_char(&f->text, ' ');
		buf_add_str(&f->text, word);
	}
	if (!f->labels.n && !f->text.n)
		return 0; /* an empty line */
	x.text = buf_view(&f->text);
	x.labels = (const struct raw_label *)(void *)f->labels.p;
	x.n = f->labels.n / sizeof(*x.labels);
	r = buf_error(&f->labels);
	if (!r)
		r = buf_error(&f->text);
	return r ? r : f->sink->example(f->sink->arg, &x);
}

int read_fasttext(struct read_sink *s, struct str bytes, struct err *e)
{
	struct read_lines l = read_lines_of(bytes);
	struct fasttext f = { .sink = s };
	struct str line;
	int r = 0;

	(void)e;
	buf_init(&f.labels, bytes.n * sizeof(struct raw_label));
	buf_init(&f.text, bytes.n);
	while (!r && read_lines_next(&l, &line))
		if (read_is_text(s, l.number, 0, "line", line))
			r = read_line(&f, l.number, line);
	buf_done(&f.labels);
	buf_done(&f.text);
	return r;
}

#include "learn/read_table.h"

#include <errno.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "learn/read_csv.h"
#include "learn/read_lines.h"

enum column { ID, TITLE, TEXT, TOPICS, STANCE, TARGET, HAND, DATE, COLUMNS };

struct table {
	struct read_sink *sink;
	struct read_csv csv;
	size_t width; /* columns */
	size_t at[COLUMNS]; /* 1 + index of the column; 0: there is none */
	size_t *only;	    /* the same, of each pair of the recipe's only */
	struct buf labels;  /* struct raw_label: those of the row in hand */
};

/* The header. */

/* key is where the recipe names the column. */
static int no_column(const struct table *t, const char *field,
		     const char *key, struct err *e)
{
	struct buf names;
	struct str shown;

	buf_init(&names, 512);
	for (size_t i = 0; i < t->csv.n; i++) {
		struct str name = read_shown(str_trim(t->csv.v[i].text));

		buf_printf(&names, "%s" STR_FMT, i ? ", " : "", STR_ARG(name));
	}
	shown = buf_view(&names);
	err_set(e, -EBADMSG,
		"%s:%zu: no column is called '%s'; they are called " STR_FMT
		"%s: see the recipe's '%s'",
		t->sink->path, t->csv.end.line, field, STR_ARG(shown),
		buf_error(&names) ? ", …" : "", key);
	buf_done(&names);
	return -EBADMSG;
}

/* Find one field among the names of the header. */
static int find_column(const struct table *t, const char *field, size_t *at,
		       struct err *e)
{
	for (size_t i = 0; field && i < t->csv.n; i++) {
		const struct read_csv_cell *cell = &t->csv.v[i];

		if (!str_is(str_trim(cell->text), field))
			continue;
		if (*at)
			return err_set(e, -EBADMSG,
				       "%s:%zu:%zu: a second column is called "
				       "'%s'", t->sink->path, cell->place.line,
				       cell->place.column, field);
		*at = i + 1;
	}
	return 0;
}

/* Other encodings would be names that nothing is found under. */
static int check_header(const struct table *t, struct err *e)
{
	for (size_t i = 0; i < t->csv.n; i++) {
		struct str name = t->csv.v[i].text;

		if (unicode_valid(name) < name.n || str_has(name, '\0'))
			return err_set(e, -EBADMSG,
				       "%s:%zu: the names of the columns are "
				       "no UTF-8: save the file as UTF-8",
				       t->sink->path, t->csv.end.line);
	}
	return 0;
}

static int find_columns(struct table *t, struct err *e)
{
	const struct recipe_fields *f = &t->sink->recipe->fields;
	const char *const names[COLUMNS] = {
		[ID] = f->id,	      [TITLE] = f->title,
		[TEXT] = f->text,     [TOPICS] = f->topics,
		[STANCE] = f->stance, [TARGET] = f->target,
		[HAND] = f->hand,     [DATE] = f->date,
	};
	bool targets = t->sink->recipe->targets != BUNDLE_TARGETS_NONE;

	for (enum column c = ID; c < COLUMNS; c++) {
		int r = find_column(t, names[c], &t->at[c], e);

		if (r)
			return r;
	}
	if (!t->at[TITLE] && !t->at[TEXT])
		return no_column(t, f->text, "fields", e);
	if (!targets && !t->at[TOPICS])
		return no_column(t, f->topics, "fields", e);
	if (targets && !t->at[TARGET])
		return no_column(t, f->target, "fields", e);
	if (targets && !t->at[STANCE])
		return no_column(t, f->stance, "fields", e);
	return 0;
}

static int find_only(struct table *t, struct err *e)
{
	const struct conf_texts *only = &t->sink->recipe->only;

	t->only = calloc(only->n / 2 + 1, sizeof(*t->only));
	if (!t->only)
		return -ENOMEM;
	for (size_t i = 0; i < only->n / 2; i++) {
		const char *field = only->v[2 * i];
		int r = find_column(t, field, &t->only[i], e);

		if (r || !t->only[i])
			return r ? r : no_column(t, field, "only", e);
	}
	return 0;
}

/* A row. */

/* Trimmed, and nothing where the cell is empty or there is no such column. */
static struct str cell_at(const struct table *t, size_t i)
{
	struct str s = { NULL, 0 };

	if (i)
		s = str_trim(t->csv.v[i - 1].text);
	return s.n ? s : (struct str){ NULL, 0 };
}

static struct str cell(const struct table *t, enum column which)
{
	return cell_at(t, t->at[which]);
}

/* Does the row have what the recipe's `only` asks for? */
static bool is_wanted(const struct table *t)
{
	const struct conf_texts *only = &t->sink->recipe->only;

	for (size_t i = 0; i < only->n / 2; i++)
		if (!str_is(cell_at(t, t->only[i]), only->v[2 * i + 1]))
			return false;
	return true;
}

static int add_labels(struct table *t, struct str rest)
{
	buf_clear(&t->labels);
	while (rest.p) {
		struct raw_label l = { str_cut(&rest, '|'), { NULL, 0 } };

		buf_add(&t->labels, &l, sizeof(l));
	}
	return buf_error(&t->labels);
}

static bool is_sound(struct table *t)
{
	const struct read_csv *c = &t->csv;
	const struct read_csv_place *p =
		c->n > t->width ? &c->v[t->width].place : &c->end;
	bool ok = true;

	if (c->n != t->width) {
		read_complain(t->sink, p->line, p->column,
			      "%zu cells in a row, the header has %zu", c->n,
			      t->width);
		return false;
	}
	for (size_t i = 0; i < c->n; i++) {
		p = &c->v[i].place;
		ok = read_is_text(t->sink, p->line, p->column, "cell",
				  c->v[i].text) && ok;
	}
	return ok;
}

static int read_row(struct table *t)
{
	struct raw_example x = {
		.line = t->csv.v[0].place.line,
		.dotted = true,
	};
	int r;

	if (t->csv.n == 1 && !t->csv.v[0].text.n)
		return 0; /* an empty line */
	if (!is_sound(t) || !is_wanted(t))
		return 0;
	x.id = cell(t, ID);
	x.title = cell(t, TITLE);
	x.text = cell(t, TEXT);
	x.target = cell(t, TARGET);
	x.stance = cell(t, STANCE);
	x.hand = cell(t, HAND);
	x.date = cell(t, DATE);
	r = add_labels(t, cell(t, TOPICS));
	if (r)
		return r;
	x.labels = (const struct raw_label *)(void *)t->labels.p;
	x.n = t->labels.n / sizeof(*x.labels);
	return t->sink->example(t->sink->arg, &x);
}

/* The next record; what is wrong with one is complained of. */
static int next(struct table *t, struct err *e)
{
	struct err why = { "" };
	int r;

	while ((r = read_csv_next(&t->csv, &why)) == STEP_REJECT) {
		read_complain(t->sink, t->csv.end.line, t->csv.end.column,
			      "%s", why.text);
		err_clear(&why);
	}
	if (r == -EBADMSG)
		return err_set(e, r, "%s:%zu:%zu: %s", t->sink->path,
			       t->csv.end.line, t->csv.end.column, why.text);
	return r;
}

static int read_rows(struct table *t, size_t total, struct err *e)
{
	int r = next(t, e);

	if (r == STEP_END)
		return err_set(e, -EBADMSG,
			       "%s: is empty, expected a line with the names "
			       "of the columns",
			       t->sink->path);
	t->width = t->csv.n;
	if (!r)
		r = check_header(t, e);
	if (!r)
		r = find_columns(t, e);
	if (!r)
		r = find_only(t, e);
	for (size_t n = 1; !r; n++) {
		r = next(t, e);
		if (!r)
			r = read_row(t);
		read_progress(n, t->csv.rest.n, total);
	}
	return r == STEP_END ? 0 : r;
}

static int read_table(struct read_sink *s, struct str bytes, char separator,
		      bool quotes, struct err *e)
{
	struct table t = { .sink = s };
	int r;

	read_csv_init(&t.csv, read_unmarked(bytes), separator, quotes);
	buf_init(&t.labels, bytes.n * sizeof(struct raw_label));
	r = read_rows(&t, bytes.n, e);
	free(t.only);
	buf_done(&t.labels);
	read_csv_done(&t.csv);
	return r;
}

int read_table_csv(struct read_sink *s, struct str bytes, struct err *e)
{
	return read_table(s, bytes, ',', true, e);
}

int read_table_tsv(struct read_sink *s, struct str bytes, struct err *e)
{
	return read_table(s, bytes, '\t', false, e);
}

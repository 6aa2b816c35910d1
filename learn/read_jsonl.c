#include "learn/read_jsonl.h"

#include <errno.h>
#include <stdio.h>

#include "base/json.h"
#include "learn/read_lines.h"

struct jsonl {
	struct read_sink *sink;
	size_t line;
	struct buf labels; /* struct raw_label: those of the line in hand */
};

static struct str text_of(const json_t *v)
{
	return (struct str){ json_string_value(v), json_string_length(v) };
}

static void add(struct jsonl *j, struct raw_label l)
{
	buf_add(&j->labels, &l, sizeof(l));
}

/* {"topic": "stance" or null} */
static bool add_object(struct jsonl *j, json_t *v)
{
	bool has_stances = j->sink->recipe->stances.n > 0;
	const char *name;
	json_t *stance;
	bool ok = true;

	json_object_foreach(v, name, stance) {
		if (!has_stances || json_is_null(stance) ||
		    json_is_string(stance)) {
			add(j, (struct raw_label){ str_of(name),
						   text_of(stance) });
			continue;
		}
		read_complain(j->sink, j->line, 0,
			      "the stance on '" STR_FMT "' is no text",
			      STR_ARG(read_shown(str_of(name))));
		ok = false;
	}
	return ok;
}

static bool add_list(struct jsonl *j, json_t *v)
{
	json_t *item;
	size_t i;
	bool ok = true;

	json_array_foreach(v, i, item) {
		if (json_is_string(item)) {
			add(j, (struct raw_label){ text_of(item),
						   { NULL, 0 } });
			continue;
		}
		read_complain(j->sink, j->line, 0,
			      "entry %zu of '%s' is no text", i + 1,
			      j->sink->recipe->fields.topics);
		ok = false;
	}
	return ok;
}

static bool add_labels(struct jsonl *j, json_t *v)
{
	if (json_is_object(v))
		return add_object(j, v);
	if (json_is_array(v))
		return add_list(j, v);
	if (json_is_string(v)) {
		add(j, (struct raw_label){ text_of(v), { NULL, 0 } });
		return true;
	}
	read_complain(j->sink, j->line, 0,
		      "'%s' is %s, expected an object, a list or a text",
		      j->sink->recipe->fields.topics,
		      !v || json_is_null(v) ? "missing" : "of another type");
	return false;
}

/* Ids and dates are often numbers; digits is where such a one is written. */
static struct str scalar(const json_t *v, char digits[32])
{
	if (!json_is_integer(v))
		return text_of(v);
	snprintf(digits, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	return str_of(digits);
}

/* Does it have what the recipe's `only` asks for? */
static bool is_wanted(const struct jsonl *j, const json_t *o)
{
	const struct conf_texts *only = &j->sink->recipe->only;

	for (size_t i = 0; i + 1 < only->n; i += 2) {
		const json_t *v = json_object_get(o, only->v[i]);
		char digits[32];
		struct str s = scalar(v, digits);

		if (json_is_boolean(v))
			s = json_is_true(v) ? STR("true") : STR("false");
		if (!s.p || !str_is(s, only->v[i + 1]))
			return false;
	}
	return true;
}

static int read_object(struct jsonl *j, const json_t *o)
{
	const struct recipe_fields *f = &j->sink->recipe->fields;
	char id[32], date[32], hand[32];
	struct raw_example x = {
		.line = j->line,
		.id = scalar(json_object_get(o, f->id), id),
		.title = text_of(json_object_get(o, f->title)),
		.text = text_of(json_object_get(o, f->text)),
		.target = text_of(json_object_get(o, f->target)),
		.stance = text_of(json_object_get(o, f->stance)),
		.hand = scalar(json_object_get(o, f->hand), hand),
		.date = scalar(json_object_get(o, f->date), date),
	};

	buf_clear(&j->labels);
	if (!j->sink->recipe->targets &&
	    !add_labels(j, json_object_get(o, f->topics)))
		return 0;
	if (buf_error(&j->labels))
		return buf_error(&j->labels);
	x.labels = (const struct raw_label *)(void *)j->labels.p;
	x.n = j->labels.n / sizeof(*x.labels);
	return j->sink->example(j->sink->arg, &x);
}

static int read_line(struct jsonl *j, struct str line)
{
	struct err why = { "" };
	json_t *o;
	int r = 0;

	line = str_trim(line);
	if (!line.n)
		return 0;
	o = json_parse(line, &why);
	if (!o)
		read_complain(j->sink, j->line, 0, "%s", why.text);
	else if (!json_is_object(o))
		read_complain(j->sink, j->line, 0, "no JSON object");
	else if (is_wanted(j, o))
		r = read_object(j, o);
	json_decref(o);
	return r;
}

int read_jsonl(struct read_sink *s, struct str bytes, struct err *e)
{
	struct read_lines l = read_lines_of(bytes);
	struct jsonl j = { .sink = s };
	struct str line;
	int r = 0;

	if (str_starts(str_trim(l.rest), STR("[")))
		return err_set(e, -EBADMSG,
			       "%s: a JSON list, expected one object a line; "
			       "jq -c '.[]' writes it so",
			       s->path);
	buf_init(&j.labels, bytes.n * sizeof(struct raw_label));
	while (!r && read_lines_next(&l, &line)) {
		j.line = l.number;
		r = read_line(&j, line);
	}
	buf_done(&j.labels);
	return r;
}

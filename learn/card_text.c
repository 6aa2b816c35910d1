/* The card for people: labels on the left, what wraps beside them. Members
 * that are missing are left out, so that a card of another version reads as
 * far as it goes. */
#include "learn/card.h"

#include <string.h>

#include "base/str.h"
#include "learn/wrap.h"

enum { LABEL = 16, WIDE = 28, LIST = 12 };

/* Looking things up. */

static const json_t *at(const json_t *o, const char *path)
{
	char name[64];

	while (*path) {
		size_t n = strcspn(path, ".");

		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		o = json_object_get(o, name);
		path += n + (path[n] == '.');
	}
	return o;
}

static const char *text_at(const json_t *o, const char *path)
{
	const char *z = json_string_value(at(o, path));

	return z ? z : "";
}

static double real_at(const json_t *o, const char *path)
{
	return json_number_value(at(o, path));
}

/* Values as a recipe would have them; a long list by its length. */

static void add_value(struct buf *b, const json_t *v)
{
	size_t n = json_array_size(v);

	if (json_is_array(v) && (n == 0 || n > LIST)) {
		buf_printf(b, n ? "%zu of them" : "none", n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		buf_add_z(b, i ? ", " : "");
		add_value(b, json_array_get(v, i));
	}
	if (json_is_string(v))
		buf_add_z(b, json_string_value(v));
	else if (json_is_boolean(v))
		buf_add_z(b, json_is_true(v) ? "yes" : "no");
	else if (json_is_number(v))
		buf_printf(b, "%g", json_number_value(v));
}

static bool is_among(const char *name, const char *const *names)
{
	for (; names && *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

/* "cut words; cased no; …", but for the members that are named or hold members
 * of their own. */
static void put_settings(struct wrap *p, const json_t *o,
			 const char *const *without)
{
	const char *name, *sep = "";
	json_t *v;
	struct buf b;

	buf_init(&b, 1 << 16);
	json_object_foreach((json_t *)o, name, v) {
		if (json_is_object(v) || json_is_null(v) ||
		    is_among(name, without))
			continue;
		buf_printf(&b, "%s%s ", sep, name);
		add_value(&b, v);
		sep = "; ";
	}
	buf_add_char(&b, '\0');
	wrap_add(p, buf_error(&b) ? "" : b.p);
	buf_done(&b);
}

static void put_list(struct wrap *p, const json_t *names)
{
	size_t n = json_array_size(names);

	for (size_t i = 0; i < n; i++)
		wrap_printf(p, "%s%s",
			    json_string_value(json_array_get(names, i)),
			    i + 1 < n ? "," : "");
}

/* The parts of the page. */

static void print_labels(struct wrap *p, const json_t *card)
{
	const char *targets = text_at(card, "topics.targets");
	const json_t *stances = at(card, "stance.names");

	wrap_label(p, LABEL, "topics");
	if (json_is_true(at(card, "topics.one_of")))
		wrap_add(p, "exactly one of");
	if (json_is_true(at(card, "topics.at_least_one")))
		wrap_add(p, "at least one of");
	put_list(p, at(card, "topics.names"));
	wrap_end(p);
	if (!json_array_size(stances))
		return;
	wrap_label(p, LABEL, "stances");
	put_list(p, stances);
	if (real_at(card, "stance.unsure") > 0)
		wrap_printf(p, "(unsure below %g)",
			    real_at(card, "stance.unsure"));
	wrap_end(p);
	wrap_label(p, LABEL, "targets");
	wrap_add(p, !strcmp(targets, "topics")
			    ? "the topic that comes with an article"
		    : !strcmp(targets, "text")
			    ? "the text that comes with an article"
			    : "the topics that are found");
	wrap_end(p);
}

static void print_blocks(struct wrap *p, const json_t *card)
{
	static const char *const without[] = { "name", "terms", NULL };
	const json_t *all = at(card, "blocks");

	for (size_t b = 0; b < json_array_size(all); b++) {
		const json_t *o = json_array_get(all, b);

		wrap_label(p, LABEL, b ? "" : "blocks");
		wrap_printf(p, "%s: %.0f terms;", text_at(o, "name"),
			    real_at(o, "terms"));
		put_settings(p, o, without);
		wrap_end(p);
	}
	wrap_label(p, LABEL, "words");
	wrap_printf(p, "titles count %g;", real_at(card, "title_weight"));
	put_settings(p, at(card, "tokens"),
		     (const char *const[]){ "version", NULL });
	wrap_end(p);
}

/* What a machine of this kind does not look at. */
static const char *const *idle(const json_t *machine)
{
	static const char *const linear[] = { "gamma", "coef0", "degree",
					      "bayes", "bayes_alpha", NULL };
	static const char *const bayes[] = { "gamma", "coef0", "degree",
					     NULL };
	static const char *const kernel[] = { "solver", "loss", "large",
					      "bayes", "bayes_alpha", NULL };

	if (strcmp(text_at(machine, "kernel"), "linear"))
		return kernel;
	return real_at(machine, "bayes") > 0 ? bayes : linear;
}

static void print_machine(struct wrap *p, const json_t *card,
			  const char *name, const char *title)
{
	const json_t *o = at(at(card, "recipe"), name);

	if (!o)
		return;
	wrap_label(p, LABEL, title);
	put_settings(p, o, idle(o));
	wrap_end(p);
}

static void print_made(struct wrap *p, const json_t *card)
{
	print_machine(p, card, "topic", "topic machine");
	if (json_array_size(at(card, "stance.names"))) {
		print_machine(p, card, "stance", "stance machine");
		wrap_label(p, LABEL, "");
		wrap_printf(p,
			    "a topic's own features times %g beside the "
			    "shared ones",
			    real_at(card, "stance.copy_weight"));
		wrap_end(p);
	}
	wrap_label(p, LABEL, "recipe");
	put_settings(p, at(card, "recipe"), NULL);
	wrap_end(p);
	wrap_label(p, LABEL, "versions");
	put_settings(p, at(card, "versions"), NULL);
	wrap_end(p);
}

static void print_top(struct wrap *p, const json_t *card)
{
	wrap_label(p, LABEL, text_at(card, "name"));
	wrap_add(p, text_at(card, "about"));
	wrap_end(p);
	wrap_end(p);
	wrap_label(p, LABEL, "file");
	wrap_printf(p, "%s, %.0f bytes", text_at(card, "file"),
		    real_at(card, "bytes"));
	wrap_end(p);
	wrap_label(p, LABEL, "sha256");
	wrap_add(p, text_at(card, "sha256"));
	wrap_end(p);
	if (at(card, "date")) {
		wrap_label(p, LABEL, "date");
		wrap_add(p, text_at(card, "date"));
		wrap_end(p);
	}
	wrap_label(p, LABEL, "data");
	wrap_printf(p, "%.0f documents, sha256 %s",
		    real_at(card, "data.documents"),
		    text_at(card, "data.sha256"));
	wrap_end(p);
}

/* The figures of the cross-validation. */

static void put_figure(struct wrap *p, const json_t *o, const char *path,
		       const char *name)
{
	if (json_is_number(at(o, path)))
		wrap_printf(p, "%s%s %.3f", p->fresh ? "" : "· ", name,
			    real_at(o, path));
}

static void print_label(struct wrap *p, const char *name, const json_t *v)
{
	wrap_label(p, 0, "");
	wrap_add(p, name);
	fprintf(p->out, "%*s  %9.3f  %6.3f  %6.3f  %7.0f\n",
		p->column < WIDE ? (int)(WIDE - p->column) : 0, "",
		real_at(v, "precision"), real_at(v, "recall"),
		real_at(v, "f1"), real_at(v, "support"));
}

static void print_group(struct wrap *p, const json_t *o, const char *what)
{
	const char *name;
	json_t *v;

	if (!o)
		return;
	fprintf(p->out, "\n%-*s  precision  recall      F1  support\n", WIDE,
		what);
	json_object_foreach((json_t *)at(o, "labels"), name, v)
		print_label(p, name, v);
	wrap_label(p, 0, "");
	put_figure(p, o, "macro_f1", "macro F1");
	put_figure(p, o, "micro.f1", "micro F1");
	put_figure(p, o, "exact", "all right");
	put_figure(p, o, "accuracy", "accuracy");
	put_figure(p, o, "mean_f1", "mean F1");
	put_figure(p, o, "brier", "Brier score");
	put_figure(p, o, "ece", "calibration error");
	wrap_end(p);
}

static void print_figures(struct wrap *p, const json_t *card)
{
	const json_t *o = at(card, "figures");

	if (!json_is_object(o)) {
		fputs("\nNo figures: it was not cross-validated.\n", p->out);
		return;
	}
	fprintf(p->out, "\nIn cross-validation, of %.0f documents\n",
		real_at(o, "documents"));
	print_group(p, at(o, "topics"), "topics");
	print_group(p, at(o, "stances"), "stances");
}

/* The columns and their terms. */

static void put_term(struct wrap *p, const json_t *t, const char *first,
		     const char *behind)
{
	const char *z = text_at(t, "term"), *block = text_at(t, "block");
	bool other = strcmp(block, first) != 0;
	struct buf b;

	buf_init(&b, 1 << 16);
	/* The blanks of characters across words are part of the term. */
	buf_printf(&b, strpbrk(z, " \t") && other ? "\"%s\"" : "%s", z);
	if (other)
		buf_printf(&b, " (%s)", block);
	buf_printf(&b, " %+.3f%s", real_at(t, "weight"), behind);
	if (!buf_error(&b))
		wrap_word(p, b.p, b.n);
	buf_done(&b);
}

static void print_terms(struct wrap *p, const json_t *o, const char *side,
			const char *first)
{
	const json_t *all = at(o, side);
	size_t n = json_array_size(all);
	char head[LABEL + 1];

	if (!json_is_array(all))
		return;
	snprintf(head, sizeof(head), "  %s", side);
	wrap_label(p, 12, head);
	for (size_t i = 0; i < n; i++)
		put_term(p, json_array_get(all, i), first,
			 i + 1 < n ? "," : "");
	if (!n)
		wrap_add(p, "nothing");
	wrap_end(p);
}

static void print_column(struct wrap *p, const json_t *o, const char *first)
{
	const char *stance = text_at(o, "stance");
	const json_t *knots = at(o, "calibration.knots");

	wrap_end(p);
	wrap_label(p, 0, "");
	p->indent = 2;
	wrap_printf(p, "%s%s%s: intercept %+.3f,", text_at(o, "topic"),
		    stance[0] ? ", " : "", stance, real_at(o, "intercept"));
	if (json_is_number(at(o, "threshold")))
		wrap_printf(p, "threshold %+.3f,", real_at(o, "threshold"));
	if (knots)
		wrap_printf(p, "probability isotonic, %zu knots",
			    json_array_size(knots));
	else
		wrap_printf(p, "probability 1/(1+exp(%.3f·decision%+.3f))",
			    real_at(o, "calibration.a"),
			    real_at(o, "calibration.b"));
	if (!json_is_true(at(o, "linear")))
		wrap_printf(p, "(%.0f support vectors: terms have no weights)",
			    real_at(o, "support_vectors"));
	wrap_end(p);
	print_terms(p, o, "for", first);
	print_terms(p, o, "against", first);
}

static void print_columns(struct wrap *p, const json_t *card)
{
	const json_t *all = at(card, "columns");
	const json_t *blocks = at(card, "blocks");
	const char *first = text_at(json_array_get(blocks, 0), "name");

	fputs("\nWhat decides, and the terms that weigh most: by the weight "
	      "alone, which is\nwhat a term adds for each unit of its value "
	      "in the vector; idf and how often it\noccurs are in that "
	      "value.\n",
	      p->out);
	for (size_t i = 0; i < json_array_size(all); i++)
		print_column(p, json_array_get(all, i), first);
}

void card_print(const json_t *card, FILE *out)
{
	struct wrap p = { .out = out };

	print_top(&p, card);
	print_labels(&p, card);
	print_blocks(&p, card);
	print_made(&p, card);
	print_figures(&p, card);
	print_columns(&p, card);
}

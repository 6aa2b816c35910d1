#include "commands/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/unicode.h"
#include "commands/commands.h"
#include "ingest/source.h"
#include "parse/text.h"
#include "ingest/understand.h"
#include "commands/settings.h"

struct explain_options {
	const char *model, *target, *colour;
	bool all, full, json, html;
};

/* What an article is shown with. */
struct shower {
	const struct model *m;
	const struct explain_options *o;
	struct explain_look look;
	struct explain_page page;
};

static size_t terminal_width(void)
{
	struct winsize w;
	const char *told = getenv("COLUMNS");
	size_t n = told ? strtoul(told, NULL, 10) : 0;

	if (!n && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &w))
		n = w.ws_col;
	if (!n)
		return 80;
	return n < 40 ? 40 : n;
}

/* As https://no-color.org asks: a variable that is set and not empty; what the
 * command line says goes before. */
static bool wants_colours(const char *when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when && !strcmp(when, "always"))
		return true;
	if (when && !strcmp(when, "never"))
		return false;
	return isatty(STDOUT_FILENO) && !(no && *no) &&
	       !(term && !strcmp(term, "dumb"));
}

/* A file's name may hold anything. */
static char *clean_place(const char *z, struct arena *a)
{
	struct str s = arena_copy(a, str_of(z));
	char *p = (char *)s.p;
	size_t good;

	for (size_t i = 0; p && i < s.n; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7F)
			p[i] = '?';
	while (p && (good = unicode_valid(s)) < s.n)
		p[good] = '?';
	return p;
}

/* Articles, as `vigie run` reads them. */

static int show(struct shower *w, const struct explained *x,
		struct arena scratch)
{
	if (w->o->json)
		return explain_json(x, scratch);
	if (w->o->html)
		return explain_page_add(&w->page, x, scratch);
	return explain_text(x, &w->look, scratch);
}

/* x->m judges; what it says lies in *j and the arena. */
static int judge_piece(const struct str field[FIELD_COUNT],
		       struct arena *a, struct judgement *j,
		       struct explained *x)
{
	unsigned char *given = arena_take(a, x->m->topic_count);
	int r = given ? judge(x->m, field, a, j) : -ENOMEM;

	if (r)
		return r;
	judge_topics(x->m, j, given);
	x->j = j;
	x->given = given;
	return 0;
}

static int explain_piece(struct shower *w, const struct raw *raw,
			 struct arena scratch, struct err *e)
{
	struct article a = { 0 };
	struct str field[FIELD_COUNT];
	struct judgement j;
	struct explained x = { .m = w->m, .all = w->o->all };
	int r = understand(raw, NULL, &scratch, &a, e);

	if (r)
		return r;
	field[FIELD_TITLE] = a.title;
	field[FIELD_TEXT] = a.text;
	field[FIELD_TARGET] = a.target;
	if (!a.target.n && w->o->target)
		r = text_line(str_of(w->o->target), &scratch,
			      &field[FIELD_TARGET]);
	x.meta = a.meta;
	x.place = clean_place(raw->place, &scratch);
	if (!r)
		r = judge_piece(field, &scratch, &j, &x);
	return r ? r : x.place ? show(w, &x, scratch) : -ENOMEM;
}

static int explain_source(struct shower *w, const char *path,
			  struct arena scratch, struct err *e)
{
	const struct source_options o = { .path = path };
	struct source *s;
	struct raw raw;
	int r = source_open(&o, &s, e);

	if (r)
		return r;
	while (r != STEP_END && r >= 0) {
		struct err why = { "" };

		r = source_next(s, &raw, &why);
		if (r == STEP_WAIT)
			usleep(10000);
		if (!r)
			r = explain_piece(w, &raw, scratch, &why);
		if (r == STEP_REJECT)
			log_line(LOG_WARN, "%s; skipped", why.text);
		else if (r < 0)
			err_set(e, r, "%s", why.text);
	}
	source_free(s);
	return r < 0 ? r : 0;
}

/* One that cannot be read does not keep the others away. */
static int explain_files(struct shower *w, const struct opt_list *files,
			 struct arena scratch, struct err *e)
{
	int first = 0;

	for (size_t i = 0; i < files->n; i++) {
		struct err why = { "" };
		int r = explain_source(w, files->v[i], scratch, &why);

		if (!r)
			continue;
		log_line(LOG_TROUBLE, "%s",
			 why.text[0] ? why.text : strerror(-r));
		first = first ? first : r;
	}
	return first ? err_set(e, first, "not every file could be read") : 0;
}

static int explain_by(const struct model *m, const struct explain_options *o,
		      const struct opt_list *files, struct err *e)
{
	struct shower w = { .m = m, .o = o };
	struct arena a;
	int r = arena_open(&a, JUDGE_ARENA), page = 0;

	if (r)
		return r;
	w.look = (struct explain_look){ wants_colours(o->colour), o->full,
					terminal_width() };
	explain_page_init(&w.page);
	r = explain_files(&w, files, a, e);
	if (o->html)
		page = explain_page_write(&w.page, m, stdout);
	explain_page_done(&w.page);
	arena_close(a);
	return r ? r : page;
}

static int explain(const struct explain_options *o,
		   const struct opt_list *files, struct err *e)
{
	struct settings s;
	struct conf conf;
	struct model *m = NULL;
	int r = settings_load(&conf, NULL, &s, e);

	if (o->model)
		s.classify.model = o->model;
	if (!r)
		r = settings_need_model(&s, e);
	if (!r)
		r = model_open(s.classify.model, &m, e);
	if (!r)
		r = explain_by(m, o, files, e);
	model_free(m);
	conf_done(&conf);
	return r;
}

static bool is_when(const char *z)
{
	return !strcmp(z, "auto") || !strcmp(z, "always") ||
	       !strcmp(z, "never");
}

static int explain_main(int argc, char **argv)
{
	struct explain_options o = { .model = NULL };
	struct opt_list rest = { .n = 0 };
	struct err e = { "" };
	int r = opt_parse(&explain_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (!rest.n)
		return opt_misuse(&explain_cmd, "name files to read");
	if (o.json && o.html)
		return opt_misuse(&explain_cmd,
				  "--json and --html exclude each other");
	if (o.colour && !is_when(o.colour))
		return opt_misuse(&explain_cmd,
				  "--color is auto, always or never, not '%s'",
				  o.colour);
	if (o.target && unicode_valid(str_of(o.target)) < strlen(o.target))
		return opt_misuse(&explain_cmd, "--target is no UTF-8");
	log_name("explain");
	r = explain(&o, &rest, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

#define AT(member) offsetof(struct explain_options, member)

static const struct opt options[] = {
	{ "model", 'm', OPT_TEXT, AT(model), "BUNDLE",
	  "judge by this bundle" },
	{ "all", 'a', OPT_FLAG, AT(all), NULL,
	  "also show the topics that were not given" },
	{ "full", 'f', OPT_FLAG, AT(full), NULL,
	  "show the whole text, not only the sentences that weigh most" },
	{ "target", 't', OPT_TEXT, AT(target), "TEXT",
	  "ask for the stance towards this, of articles that name no target "
	  "themselves" },
	{ "color", 0, OPT_TEXT, AT(colour), "WHEN",
	  "colours: always, never, or auto (the default), in a terminal "
	  "unless NO_COLOR is set" },
	{ "json", 0, OPT_FLAG, AT(json), NULL,
	  "print one JSON object an article, with every word's share" },
	{ "html", 0, OPT_FLAG, AT(html), NULL,
	  "print one page of all articles, with every word tinted by its "
	  "share" },
	{ .name = NULL },
};

const struct cmd explain_cmd = {
	.name = "explain",
	.args = "FILE…",
	.summary = "Show which words spoke for and against a verdict",
	.about =
		"Judges articles as 'vigie run' does and shows, for each topic "
		"and its stance, the words that weighed most, and the article "
		"with them marked: for in green or [+so], against in red and "
		"underlined or [-so]. Of a long text the sentences that weigh "
		"most are shown; --full shows all of it.\n\n"
		"The shares of all words and the intercept add up to the "
		"decision value; --json has all of them, with their byte "
		"offsets into the cleaned title, text and target. --html is a "
		"page that needs no script and fetches nothing.\n\n"
		"Of a machine with a kernel that is not linear the shares are "
		"an approximation: each term times the slope of the decision "
		"at this article. How far they miss is told, and which support "
		"vectors, documents of the training, the article is most "
		"like.",
	.examples = "  vigie explain article.txt\n"
		    "  vigie explain --all --json news.jsonl\n"
		    "  vigie explain --html news.jsonl >why.html\n",
	.opts = options,
	.run = explain_main,
};

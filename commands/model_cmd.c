/* `vigie model`: what a bundle is, how two differ, a bundle in another form, one
 * put in the place of another. */
#include "commands/commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands/articles.h"
#include "commands/model_install.h"
#include "base/log.h"
#include "learn/card.h"
#include "learn/differ.h"
#include "learn/export.h"

struct model_options {
	bool json, unlabelled, libsvm;
	uint64_t top;
	const char *output;
	struct opt_list data;
};

enum { TOP = 15 };

static void print_json(json_t *o)
{
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

/* Labelled documents as `vigie evaluate` reads them, or articles. */
static int read_documents(const struct model_options *o,
			  const struct recipe *recipe, const char *const *files,
			  size_t n, struct corpus *ret, struct err *e)
{
	int r;

	if (o->unlabelled)
		return articles_read(ret, recipe, files, n, e);
	r = corpus_read_lenient(ret, recipe, (struct str){ "", 0 }, files, n,
				e);
	if (!r)
		corpus_warn(ret);
	return r;
}

static int show(const struct model_options *o, const struct opt_list *rest,
		struct err *e)
{
	struct model *m;
	json_t *card;
	int r = model_open(rest->v[1], &m, e);

	if (r)
		return r;
	card = card_make(m, rest->v[1], (size_t)o->top);
	if (!card)
		r = -ENOMEM;
	else if (o->json)
		print_json(json_incref(card));
	else
		card_print(card, stdout);
	json_decref(card);
	model_free(m);
	return r;
}

static int differ(const struct model_options *o,
		  const struct model *const m[2], const struct corpus *c)
{
	struct differ d;
	json_t *all;
	int r = differ_init(&d, m, c, !o->unlabelled);

	if (!r && o->json) {
		all = differ_json(&d);
		if (all)
			print_json(all);
		else
			r = -ENOMEM;
	} else if (!r) {
		r = differ_print(&d, stdout);
	}
	differ_done(&d);
	return r;
}

static int diff_on(const struct model_options *o,
		   const struct model *const m[2], const char *const *files,
		   size_t n, struct err *e)
{
	struct recipe recipe;
	struct corpus c;
	int r = differ_recipe(m, &recipe, e);

	if (r)
		return r;
	r = read_documents(o, &recipe, files, n, &c, e);
	if (!r) {
		r = differ(o, m, &c);
		corpus_free(&c);
	}
	free(recipe.topics.v);
	free(recipe.stances.v);
	return r;
}

static int diff(const struct model_options *o, const struct opt_list *rest,
		struct err *e)
{
	struct model *a, *b;
	int r = model_open(rest->v[1], &a, e);

	if (r)
		return r;
	r = model_open(rest->v[2], &b, e);
	if (!r) {
		const struct model *const m[2] = { a, b };

		r = diff_on(o, m, rest->v + 3, rest->n - 3, e);
		model_free(b);
	}
	model_free(a);
	return r;
}

static int export_with(const struct model_options *o, const struct model *m,
		       struct err *e)
{
	const struct model *const same[2] = { m, m };
	struct recipe recipe;
	struct corpus c;
	int r = differ_recipe(same, &recipe, e);

	if (r)
		return r;
	r = read_documents(o, &recipe, o->data.v, o->data.n, &c, e);
	if (!r) {
		r = export_folder(m, o->output, &c, e);
		corpus_free(&c);
	}
	free(recipe.topics.v);
	free(recipe.stances.v);
	return r;
}

static int export(const struct model_options *o, const struct opt_list *rest,
		  struct err *e)
{
	struct model *m;
	int r = model_open(rest->v[1], &m, e);

	if (r)
		return r;
	if (o->data.n)
		r = export_with(o, m, e);
	else
		r = export_folder(m, o->output, NULL, e);
	model_free(m);
	return r;
}

static int install(const struct model_options *o, const struct opt_list *rest,
		   struct err *e)
{
	(void)o;
	return model_install(rest->v[1], rest->v[2], e);
}

static int rollback(const struct model_options *o, const struct opt_list *rest,
		    struct err *e)
{
	(void)o;
	return model_rollback(rest->v[1], e);
}

/* The actions, and which options are theirs: "jt" has --json and --top. */
static const struct action {
	const char *name, *options;
	size_t least, most; /* words behind it */
	const char *wants;
	int (*run)(const struct model_options *o, const struct opt_list *rest,
		   struct err *e);
} actions[] = {
	{ "show", "jt", 1, 1, "show wants one bundle", show },
	{ "diff", "ju", 3, SIZE_MAX, "diff wants two bundles and documents",
	  diff },
	{ "export", "uldo", 1, 1, "export wants one bundle", export },
	{ "install", "", 2, 2,
	  "install wants two files: the new bundle, and where it goes",
	  install },
	{ "rollback", "", 1, 1, "rollback wants one bundle", rollback },
};

enum { ACTIONS = sizeof(actions) / sizeof(*actions) };

/* Options that the action has no use for were meant for another. */
static int check_options(const struct action *a,
			 const struct model_options *o)
{
	const struct {
		char letter;
		bool given;
		const char *name;
	} all[] = {
		{ 'j', o->json, "json" },	{ 't', o->top != TOP, "top" },
		{ 'u', o->unlabelled, "unlabelled" },
		{ 'l', o->libsvm, "libsvm" },	{ 'd', o->data.n, "data" },
		{ 'o', o->output != NULL, "output" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].given && !strchr(a->options, all[i].letter))
			return opt_misuse(&model_cmd, "%s has no --%s",
					  a->name, all[i].name);
	if (a->run == export && (!o->libsvm || !o->output))
		return opt_misuse(&model_cmd,
				  "export wants a form, --libsvm, and a "
				  "folder, --output FOLDER");
	return OPT_GO;
}

static int run(int argc, char **argv)
{
	struct model_options o = { .top = TOP };
	struct opt_list rest = { .n = 0 };
	const struct action *a;
	struct err e = { "" };
	int r = opt_parse(&model_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	a = opt_action(&model_cmd, actions, ACTIONS, sizeof(*actions),
		       rest.n ? rest.v[0] : NULL);
	if (!a)
		return EX_USAGE;
	if (rest.n - 1 < a->least || rest.n - 1 > a->most)
		return opt_misuse(&model_cmd, "%s", a->wants);
	r = check_options(a, &o);
	if (r != OPT_GO)
		return r;
	log_name("model");
	r = a->run(&o, &rest, &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

#define AT(member) offsetof(struct model_options, member)

static const struct opt options[] = {
	{ "json", 0, OPT_FLAG, AT(json), NULL,
	  "show, diff: print one JSON object" },
	{ "top", 0, OPT_COUNT, AT(top), "N",
	  "show: so many terms for and against each label; else 15" },
	{ "unlabelled", 'u', OPT_FLAG, AT(unlabelled), NULL,
	  "diff, export: the files are articles as 'vigie run' reads them, "
	  "without labels" },
	{ "libsvm", 0, OPT_FLAG, AT(libsvm), NULL,
	  "export: files that svm-predict reads" },
	{ "output", 'o', OPT_TEXT, AT(output), "DIR",
	  "export: write into this folder, which is made if it is not there" },
	{ "data", 'd', OPT_LIST, AT(data), "FILE",
	  "export: write these documents as vectors, too; may be given "
	  "again" },
	{ .name = NULL },
};

const struct cmd model_cmd = {
	.name = "model",
	.args = "show BUNDLE | diff BUNDLE BUNDLE FILE… | export BUNDLE | "
		"install NEW BUNDLE | rollback BUNDLE",
	.summary = "Show, compare, export and install models",
	.about =
		"show prints a bundle's card: what it learnt from and how, how "
		"right it was in cross-validation, thresholds and "
		"probabilities, and the terms that weigh most for and against "
		"each topic and stance.\n\n"
		"diff judges documents by two bundles, counts where they agree "
		"on the topics and stances that both know, and lists the first "
		"20 documents on which they do not. Against labels it tells "
		"who was right, with McNemar's test: p is how often two "
		"equally good models would differ so much.\n\n"
		"export --libsvm writes a bundle as files that svm-predict(1) "
		"of LIBSVM reads and that give the same labels: a model for "
		"each topic and each stance on a topic, one for all of what "
		"excludes each other, the vocabulary and, with --data, "
		"documents as vectors. README.txt in the folder says how to "
		"call it.\n\n"
		"install verifies NEW, judges its golden articles again, keeps "
		"what was there as BUNDLE.previous and puts NEW in its place "
		"in one step. Daemons that judge by BUNDLE take it over between "
		"two batches, within two seconds or on SIGHUP, and each record "
		"names the one that judged it. rollback swaps BUNDLE and "
		"BUNDLE.previous back.",
	.examples = "  vigie model show mine.vigie\n"
		    "  vigie model diff old.vigie new.vigie held-out.jsonl\n"
		    "  vigie model diff --unlabelled old.vigie new.vigie "
		    "articles/\n"
		    "  vigie model export --libsvm mine.vigie --output files "
		    "--data held-out.jsonl\n"
		    "  vigie model install new.vigie "
		    "/usr/share/vigie/models/cloud.vigie\n",
	.opts = options,
	.run = run,
};

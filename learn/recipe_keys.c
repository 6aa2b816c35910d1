/* The keys of a recipe, with their defaults, ranges and help: the parser, the
 * manual, cards and the search for settings go by these tables. */
#include "learn/recipe.h"

#define AT(member) offsetof(struct recipe, member)

static const char *const kernels[] = { "linear", "poly", "rbf", "sigmoid",
				       NULL };
static const char *const solvers[] = { "auto", "libsvm", "liblinear", NULL };
static const char *const losses[] = { "hinge", "squared", NULL };

static const char *const thresholds[] = { "zero", "f1", "precision", "cost",
					  NULL };
static const char *const formats[] = { "auto",	   "jsonl",    "csv",
				       "tsv",	   "fasttext", "svmlight",
				       "folder",   NULL };
static const char *const targets[] = { "none", "topics", "text", NULL };
static const char *const calibrations[] = { "platt", "isotonic", NULL };
static const char *const metrics[] = { "macro_f1", "micro_f1", "accuracy",
				       "mean_f1", NULL };
static const char *const kinds[] = { "words",	"chars", "across",
				     "opening", "given", NULL };
static const char *const cuts[] = { "words", "plain", "marks", "blanks",
				    NULL };
static const char *const counts[] = { "log", "plain", "once", NULL };
static const char *const supervisions[] = { "none", "bayes", "relevance",
					    NULL };
static const char *const machines[] = { "svm", "bayes", "both", NULL };

#define FIELD(member) offsetof(struct recipe_fields, member)

static const struct conf_key field_keys[] = {
	{ "id", CONF_TEXT, FIELD(id), "id",
	  .help = "the document's own id" },
	{ "title", CONF_TEXT, FIELD(title), "title", .help = "its title" },
	{ "text", CONF_TEXT, FIELD(text), "text", .help = "its text" },
	{ "topics", CONF_TEXT, FIELD(topics), "topics",
	  .help = "its labels: {\"topic\": \"stance\"}, [\"topic\", …] or "
		  "\"topic\"" },
	{ "stance", CONF_TEXT, FIELD(stance), "stance",
	  .help = "its stance towards its target" },
	{ "target", CONF_TEXT, FIELD(target), "target",
	  .help = "what the stance is towards" },
	{ "hand", CONF_TEXT, FIELD(hand), "hand",
	  .help = "who wrote it, for a split by hand" },
	{ "date", CONF_TEXT, FIELD(date), "date",
	  .help = "when, as 2022-11-30 or more exactly, for a split by time" },
	{ .name = NULL },
};

static const struct conf_key token_keys[] = {
	{ "min_length", CONF_INT, 0, "2", 1, 64,
	  .help = "shorter words are dropped; in characters" },
	{ "compounds", CONF_BOOL,
	  AT(tokens.compounds) - AT(tokens), "true",
	  .help = "Gaia-X and S3NS give terms as a whole and in parts" },
	{ "strip_accents", CONF_BOOL,
	  AT(tokens.strip_accents) - AT(tokens), "false",
	  .help = "état and etat are one word" },
	{ "stem", CONF_TEXT, AT(tokens.stem) - AT(tokens), "none",
	  .help = "a libstemmer algorithm such as french or english, or none" },
	{ "stop_words", CONF_TEXTS, AT(tokens.stop) - AT(tokens),
	  .help = "words left out, before n-grams are made" },
	{ .name = NULL },
};

#define BLOCK(member) offsetof(struct recipe_block, member)

/* The keys of a block, whose kind and n-grams have defaults of their own. */
#define BLOCK_KEYS(name_preset, of_preset, ngrams_preset)                   \
	{ "name", CONF_TEXT, BLOCK(name), name_preset,                      \
	  .help = "what cards call the block" },                            \
	{ "of", CONF_CHOICE, BLOCK(of), of_preset, .choices = kinds,        \
	  .help = "what its terms are: runs of words; of characters (chars " \
		  "within words, across them); how a text opens (opening);"  \
		  " or numbers given as \"name:value\"" },                   \
	{ "cut", CONF_CHOICE, BLOCK(cut), "words", .choices = cuts,         \
	  .help = "how a text falls into words: words, French and English " \
		  "done right; plain, runs of letters and digits; marks, "   \
		  "with #tags and punctuation; blanks, between spaces" },    \
	{ "cased", CONF_BOOL, BLOCK(cased), "false",                        \
	  .help = "capitals are kept" },                                    \
	{ "hashtags", CONF_BOOL, BLOCK(hashtags), "false",                  \
	  .help = "#PartOfTag is read in its parts as well" },              \
	{ "fields", CONF_TEXTS, BLOCK(fields), "[title, text]",             \
	  .help = "which fields it reads: title, text, target" },           \
	{ "first", CONF_INT, BLOCK(first), "0", 0, 1e6,                     \
	  .help = "only so many words of a field; 0: all" },                \
	{ "ngrams", CONF_RANGE, BLOCK(ngrams), ngrams_preset, 0, 16,        \
	  .help = "shortest and longest run; [0, 0] turns the block off" }, \
	{ "min_df", CONF_INT, BLOCK(min_df), "1", 1, 1e9,                   \
	  .help = "documents that a term must be in to be kept" },          \
	{ "max_df", CONF_REAL, BLOCK(max_df), "1", 0, 1,                    \
	  .help = "part of the documents that it may be in" },              \
	{ "count", CONF_CHOICE, BLOCK(count), "log", .choices = counts,     \
	  .help = "what n occurrences weigh: log, 1 + ln(n); plain, n; "    \
		  "once, 1" },                                              \
	{ "idf", CONF_REAL, BLOCK(idf), "1", 0, 8,                          \
	  .help = "times the smoothed inverse document frequency to this "  \
		  "power; 0: not" },                                        \
	{ "supervised", CONF_CHOICE, BLOCK(supervised), "none",             \
	  .choices = supervisions,                                          \
	  .help = "weights that know the labels, for each its own: naive "  \
		  "Bayes' log-count ratios, or relevance frequency" },       \
	{ "mix", CONF_REAL, BLOCK(mix), "0.8", 0, 1,                        \
	  .help = "the part of those weights beside idf's" },               \
	{ "norm", CONF_BOOL, BLOCK(norm), "true",                           \
	  .help = "the block to length 1" },                                \
	{ "weight", CONF_REAL, BLOCK(weight), "1", 0, 1000,                 \
	  .help = "then times this, beside the other blocks" },             \
	{ "machine", CONF_CHOICE, BLOCK(machine), "both",                   \
	  .choices = machines,                                              \
	  .help = "who reads the block: the support vector machine, naive "  \
		  "Bayes beside it, or both" }

static const struct conf_key word_keys[] = {
	BLOCK_KEYS("words", "words", "[1, 2]"),
	{ .name = NULL },
};
static const struct conf_key char_keys[] = {
	BLOCK_KEYS("chars", "chars", "[0, 0]"),
	{ .name = NULL },
};
static const struct conf_key more_keys[] = {
	BLOCK_KEYS("more", "words", "[1, 1]"),
	{ .name = NULL },
};

#define MACHINE(member) offsetof(struct recipe_machine, member)

static const struct conf_key machine_keys[] = {
	{ "kernel", CONF_CHOICE, MACHINE(kernel), "linear",
	  .choices = kernels, .help = "LIBSVM's" },
	{ "solver", CONF_CHOICE, MACHINE(solver), "auto",
	  .choices = solvers,
	  .help = "of a linear machine: libsvm or liblinear; auto: libsvm for "
		  "few examples, else our own descent, which comes where "
		  "liblinear comes, for all labels at once" },
	{ "large", CONF_INT, MACHINE(large), "6000", 0, 1e9,
	  .help = "more examples than this are large" },
	{ "loss", CONF_CHOICE, MACHINE(loss), "hinge", .choices = losses,
	  .help = "what an error costs: its size, or its square (not by "
		  "libsvm)" },
	{ "c", CONF_REAL, MACHINE(c), "1", 1e-6, 1e6,
	  .help = "what an error costs" },
	{ "gamma", CONF_REAL, MACHINE(gamma), "1", 0, 1e6,
	  .help = "of poly, rbf and sigmoid" },
	{ "coef0", CONF_REAL, MACHINE(coef0), "0", -1e6, 1e6,
	  .help = "of poly and sigmoid" },
	{ "degree", CONF_INT, MACHINE(degree), "3", 1, 64,
	  .help = "of poly" },
	{ "balanced", CONF_BOOL, MACHINE(balanced), "true",
	  .help = "rare labels weigh as much as common ones" },
	{ "bayes", CONF_REAL, MACHINE(bayes), "0", 0, 1000,
	  .help = "complement naive Bayes, added to the decision value times "
		  "this; 0: not" },
	{ "bayes_alpha", CONF_REAL, MACHINE(bayes_alpha), "0.1", 1e-9, 1000,
	  .help = "what naive Bayes adds to every count" },
	{ .name = NULL },
};

const struct conf_key recipe_keys[] = {
	{ "name", CONF_TEXT, AT(name), "model",
	  .help = "the model's name, as records show it" },
	{ "about", CONF_TEXT, AT(about),
	  .help = "a sentence for the model's card" },
	{ "data", CONF_TEXTS, AT(data),
	  .help = "labelled files and folders, or patterns of such, beside "
		  "the recipe" },
	{ "format", CONF_CHOICE, AT(format), "auto", .choices = formats,
	  .help = "of the files; auto goes by their names, and takes a folder "
		  "for one that has a folder a topic" },
	{ "fields", CONF_MAP, AT(fields), .keys = field_keys,
	  .help = "what the fields of a document are called" },
	{ "only", CONF_ANY, AT(only),
	  .help = "fields and the text that each must have, as {lang: fr}: "
		  "other documents are passed over" },
	{ "topics", CONF_TEXTS, AT(topics),
	  .help = "the topics to learn; none given: all that the data has" },
	{ "one_of", CONF_BOOL, AT(one_of), "false",
	  .help = "every document has exactly one topic" },
	{ "stances", CONF_TEXTS, AT(stances),
	  .help = "the stances to learn on each topic; none given: topics "
		  "alone" },
	{ "targets", CONF_CHOICE, AT(targets), "none", .choices = targets,
	  .help = "what stances are towards: the topics found; the target "
		  "that comes with a document, one of a few (topics) or any "
		  "text, which a block should read (text)" },
	{ "copy_weight", CONF_REAL, AT(copy_weight), "1", 0, 1000,
	  .help = "of the features that a topic has for itself, beside those "
		  "that all topics share, when stances are learnt" },
	{ "unsure", CONF_REAL, AT(unsure), "0", 0, 1,
	  .help = "a stance whose probability is below is called unsure" },
	{ "threshold", CONF_CHOICE, AT(threshold), "zero",
	  .choices = thresholds,
	  .help = "a topic is given above: zero; or, in cross-validation, "
		  "where F1 was best, where precision was reached, where "
		  "errors cost least" },
	{ "threshold_part", CONF_REAL, AT(threshold_part), "1", 0, 1,
	  .help = "how far from zero to that threshold" },
	{ "precision", CONF_REAL, AT(precision), "0.9", 0, 1,
	  .help = "what threshold: precision asks for" },
	{ "cost", CONF_REAL, AT(cost), "1", 0, 1e6,
	  .help = "of a topic too many, where one missed costs 1, for "
		  "threshold: cost" },
	{ "at_least_one", CONF_BOOL, AT(at_least_one), "false",
	  .help = "a document without a topic gets the nearest" },
	{ "calibration", CONF_CHOICE, AT(calibration), "platt",
	  .choices = calibrations,
	  .help = "from decision values to probabilities: a logistic curve, "
		  "or one that only ascends (much data)" },
	{ "metric", CONF_CHOICE, AT(metric), "macro_f1", .choices = metrics,
	  .help = "the figure to look at and to tune for" },
	{ "metric_labels", CONF_TEXTS, AT(metric_labels),
	  .help = "the labels that mean_f1 is the mean of" },
	{ "tokens", CONF_MAP, AT(tokens), .keys = token_keys,
	  .help = "how a text is cut into words" },
	{ "words", CONF_MAP, AT(words), .keys = word_keys,
	  .help = "the terms that are runs of words" },
	{ "chars", CONF_MAP, AT(chars), .keys = char_keys,
	  .help = "the terms that are runs of characters within words" },
	{ "blocks", CONF_MAPS, AT(more), .keys = more_keys,
	  .size = sizeof(struct recipe_block),
	  .help = "further blocks of terms" },
	{ "title_weight", CONF_REAL, AT(title_weight), "1", 0, 1000,
	  .help = "what one occurrence in the title counts; 0: titles are not "
		  "read" },
	{ "topic", CONF_MAP, AT(topic), .keys = machine_keys,
	  .help = "the machine that tells whether a topic is there" },
	{ "stance", CONF_MAP, AT(stance), .keys = machine_keys,
	  .help = "the joint machine that tells the stance" },
	{ "folds", CONF_INT, AT(folds), "5", 0, 100,
	  .help = "of the cross-validation; 0: none, which leaves "
		  "probabilities and thresholds as they are born" },
	{ "seed", CONF_INT, AT(seed), "1", 0, 1e9,
	  .help = "of folds and solver" },
	{ "golden", CONF_INT, AT(golden), "4", 0, 100,
	  .help = "articles kept in the bundle for its self-test" },
	{ .name = NULL },
};

#include "learn/read_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "learn/read_fasttext.h"
#include "learn/read_folder.h"
#include "learn/read_jsonl.h"
#include "learn/read_svmlight.h"
#include "learn/read_table.h"

struct format {
	const char *name;
	/* NULL: the folder's own. */
	int (*read)(struct read_sink *s, struct str bytes, struct err *e);
	bool fields; /* named: a target, and what the recipe asks for */
};

static const struct format formats[] = {
	[RECIPE_FORMAT_JSONL] = { "JSON lines", read_jsonl, true },
	[RECIPE_FORMAT_CSV] = { "CSV", read_table_csv, true },
	[RECIPE_FORMAT_TSV] = { "TSV", read_table_tsv, true },
	[RECIPE_FORMAT_FASTTEXT] = { "fastText's", read_fasttext, false },
	[RECIPE_FORMAT_SVMLIGHT] = { "svmlight's", read_svmlight, false },
	[RECIPE_FORMAT_FOLDER] = { "a folder a label", NULL, false },
};

static const struct {
	const char *ending;
	int format;
} endings[] = {
	{ ".jsonl", RECIPE_FORMAT_JSONL },
	{ ".ndjson", RECIPE_FORMAT_JSONL },
	{ ".json", RECIPE_FORMAT_JSONL },
	{ ".csv", RECIPE_FORMAT_CSV },
	{ ".tsv", RECIPE_FORMAT_TSV },
	{ ".tab", RECIPE_FORMAT_TSV },
	{ ".svm", RECIPE_FORMAT_SVMLIGHT },
	{ ".svmlight", RECIPE_FORMAT_SVMLIGHT },
	{ ".libsvm", RECIPE_FORMAT_SVMLIGHT },
	{ ".dat", RECIPE_FORMAT_SVMLIGHT },
	{ ".txt", RECIPE_FORMAT_FASTTEXT },
	{ ".ft", RECIPE_FORMAT_FASTTEXT },
};

int read_format_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *ending = strrchr(slash ? slash : path, '.');

	if (!ending)
		return RECIPE_FORMAT_JSONL;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (!strcasecmp(ending, endings[i].ending))
			return endings[i].format;
	return RECIPE_FORMAT_AUTO;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

static int format_of(const struct read_sink *s, const char *path,
		     struct err *e)
{
	int format = s->recipe->format;

	if (!format)
		format = is_folder(path) ? RECIPE_FORMAT_FOLDER
					 : read_format_of(path);
	if (!format)
		return err_set(e, -EINVAL,
			       "%s: its name does not say what form it has: "
			       "set the recipe's 'format', or --format "
			       "where there is one",
			       path);
	if (formats[format].fields || !(s->recipe->targets ||
					s->recipe->only.n))
		return format;
	return err_set(e, -EINVAL,
		       "%s: in its form (%s) documents have no fields for the "
		       "recipe's '%s': JSON lines, CSV and TSV have them",
		       path, formats[format].name,
		       s->recipe->targets ? "targets" : "only");
}

int read_file(struct read_sink *s, const char *path, struct err *e)
{
	const char *before = s->path;
	int format = format_of(s, path, e), r;
	struct str bytes;

	if (format < 0)
		return format;
	if (!formats[format].read)
		return read_folder(s, path, e);
	r = read_bytes(s, path, &bytes, e);
	if (r)
		return r;
	s->path = path;
	r = formats[format].read(s, bytes, e);
	s->path = before;
	free((char *)bytes.p);
	return r;
}

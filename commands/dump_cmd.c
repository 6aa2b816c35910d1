#include "commands/dump_cmd.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "commands/dump.h"

#define AT(member) offsetof(struct dump_options, member)

static const struct opt options[] = {
	DUMP_OPTIONS(AT),
	{ .name = NULL },
};

static const struct cmd cmd = {
	.name = "ingest", .args = "[FILE]", .summary = "", .opts = options,
};

bool dump_asked(int argc, char **argv)
{
	const char *kind = NULL;

	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return false;
		if (!strcmp(argv[i], "--dump"))
			kind = i + 1 < argc ? argv[i + 1] : "";
		else if (str_starts(str_of(argv[i]), STR("--dump=")))
			kind = argv[i] + strlen("--dump=");
	}
	return kind && strcmp(kind, "warc");
}

/* ISO 8601 has dates such as --11-29, which are no options. */
static bool is_bare_date(int argc, char **argv)
{
	return argc == 4 && !strcmp(argv[1], "--dump") &&
	       !strcmp(argv[2], "date") && argv[3][0] == '-';
}

static int run(const struct dump *d)
{
	struct err e = { "" };
	int r = dump(d, &e);

	if (r == -EINVAL)
		return opt_misuse(&cmd, "%s", e.text);
	if (r)
		log_line(LOG_TROUBLE, "%s",
			 e.text[0] ? e.text : strerror(r < 0 ? -r : 0));
	return err_exit(r);
}

int dump_main(int argc, char **argv)
{
	struct dump_options o = { .kind = NULL };
	struct opt_list rest = { .n = 0 };
	struct dump d;
	int r;

	log_name("ingest");
	if (is_bare_date(argc, argv))
		return run(&(struct dump){ .kind = "date", .what = argv[3] });
	r = opt_parse(&cmd, argc, argv, &o, &rest);
	if (r != OPT_GO)
		return r;
	if (rest.n > 1)
		return opt_misuse(&cmd, "--dump takes one file");
	d = (struct dump){ o.kind, o.type, o.base, rest.n ? rest.v[0] : NULL };
	return run(&d);
}

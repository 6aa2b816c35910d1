/* dump_cmd.h -- `vigie ingest --dump` as a command of its own: it needs no
 * configuration and none of the libraries of the daemons. */
#ifndef VIGIE_DUMP_CMD_H
#define VIGIE_DUMP_CMD_H

#include <stdbool.h>

#include "base/opt.h"

struct dump_options {
	const char *kind, *type, *base;
};

/* Rows of a table of options; at(member) is where one of struct dump_options
 * lies in the table's own struct. */
#define DUMP_OPTIONS(at)                                                     \
	{ "dump", 0, OPT_TEXT, at(kind), "KIND",                             \
	  "print what is made of one document: feed, page, sitemap, opml, "  \
	  "links, any, text, language, charset, date or warc" },             \
	{ "content-type", 0, OPT_TEXT, at(type), "TYPE",                     \
	  "with --dump: what HTTP said of it" },                             \
	{ "base", 0, OPT_TEXT, at(base), "URL",                              \
	  "with --dump: the address that it came from" }

/* Does `vigie ingest` with these arguments dump a document, rather than serve,
 * help, or dump a crawl archive, which is no single document? */
bool dump_asked(int argc, char **argv);
/* Then this is it. Returns a sysexits(3) code. */
int dump_main(int argc, char **argv);

#endif

/* What ingest can be told. */
#include <stddef.h>

#include "ingest/ingest.h"

#define AT(member) offsetof(struct ingest_settings, member)
#define SOURCE(member) offsetof(struct ingest_source, member)

static const char *const full_names[] = { "auto", "always", "never", NULL };
static const char *const copies_names[] = { "keep", "mark", "drop", NULL };
static const char *const repeats_names[] = { "keep", "drop", NULL };
static const char *const tidy_names[] = { "texts", "all", "none", NULL };

static const struct conf_key source_keys[] = {
	{ "path", CONF_TEXT, SOURCE(path),
	  .help = "a file, a folder, or - for standard input" },
	{ "url", CONF_TEXT, SOURCE(url),
	  .help = "instead of path: a feed, a news sitemap, or a page that "
		  "names\nits feeds" },
	{ "kind", CONF_TEXT, SOURCE(kind),
	  .help = "feed, page, jsonl … (see vigie-ingest(1)); else by its "
		  "looks" },
	{ "name", CONF_TEXT, SOURCE(name),
	  .help = "what records call the source of an article that names "
		  "none" },
	{ "follow", CONF_BOOL, SOURCE(follow), "false",
	  .help = "wait at its end for more, over rotation and truncation; "
		  "needs a journal" },
	{ "every", CONF_TIME, SOURCE(every), NULL, 0, 7 * 86400000.0,
	  .help = "of a feed: between two polls, at least; 0: as web.every" },
	{ "full", CONF_CHOICE, SOURCE(full), "auto", .choices = full_names,
	  .help = "of a feed: fetch the page of an article when the feed "
		  "carries only a\nsummary (auto), always, or never" },
	{ "agent", CONF_TEXT, SOURCE(agent),
	  .help = "User-Agent for this source alone" },
	{ .name = NULL },
};

const struct conf_key ingest_keys[] = {
	{ "bind", CONF_TEXT, AT(bind),
	  .help = "where classify pulls articles and the sink sends acks; "
		  "ipc:///run/vigie/articles unless told" },
	{ "sources", CONF_MAPS, AT(sources), .keys = source_keys,
	  .size = sizeof(struct ingest_source),
	  .help = "where articles come from, read one after the other" },
	{ "window", CONF_INT, AT(window), "8192", 1, WIRE_WINDOW_MAX,
	  .help = "articles read and not yet acknowledged, at most" },
	{ "window_bytes", CONF_SIZE, AT(window_bytes), "64M", 1024, 1e12,
	  .help = "the same in bytes" },
	{ "batch", CONF_INT, AT(batch), "128", 1, WIRE_COUNT_MAX,
	  .help = "articles in one message, at most" },
	{ "batch_bytes", CONF_SIZE, AT(batch_bytes), "1M", 1024,
	  WIRE_BATCH_MAX / 2, .help = "the same in bytes" },
	{ "resend_after", CONF_TIME, AT(resend_after), "10s", 100, 3600000,
	  .help = "send an article again when no ack came for so long" },
	{ "worker_timeout", CONF_TIME, AT(worker_timeout), "40s", 100, 3600000,
	  .help = "a worker that was not heard of for so long is gone; longer "
		  "than\nclassify.stuck_after, or a slow article is given up" },
	{ "drain", CONF_TIME, AT(drain), "10s", 0, 3600000,
	  .help = "on SIGTERM, wait so long for the last acks" },
	{ "solo", CONF_INT, AT(solo), "3", 1, 100,
	  .help = "an article that takes its worker with it is sent alone, and "
		  "given up\nafter so many failures: it goes to the dead "
		  "letters" },
	{ "journal", CONF_MAP, AT(journal), .keys = journal_keys,
	  .help = "where accepted articles are kept until they are written" },
	{ "push", CONF_MAP, AT(push), .keys = push_keys,
	  .help = "articles that others bring" },
	{ "http", CONF_MAP, AT(http), .keys = http_keys,
	  .help = "health, metrics and POST /articles over HTTP" },
	{ "web", CONF_MAP, AT(web), .keys = web_keys,
	  .help = "how feeds and pages are fetched" },
	{ "copies", CONF_CHOICE, AT(copies), "keep", .choices = copies_names,
	  .help = "near-copies of an article, such as a dispatch on many "
		  "sites: mark them\n(near_of names the first), drop them, or "
		  "keep them without looking" },
	{ "copies_window", CONF_INT, AT(copies_window), "131072", 1024,
	  1 << 24, .help = "articles among which near-copies are looked for" },
	{ "copies_at", CONF_REAL, AT(copies_at), "0.35", 0.1, 1,
	  .help = "similarity (Jaccard, of runs of three words) from which "
		  "on" },
	{ "repeats", CONF_CHOICE, AT(repeats), "keep",
	  .choices = repeats_names,
	  .help = "an article that came before, word for word, from files or "
		  "pushes; from\nfeeds, sitemaps, pages and archives such "
		  "are always dropped" },
	{ "tidy", CONF_CHOICE, AT(tidy), "texts", .choices = tidy_names,
	  .help = "cut share counters, credits, comment boxes and the like "
		  "out of the text:\nof plain texts, pages and feeds; of JSON "
		  "lines as well (all); of none" },
	{ "keep_raw", CONF_BOOL, AT(keep_raw), "false",
	  .help = "say in the record what was cut, under `cut`" },
	{ .name = NULL },
};

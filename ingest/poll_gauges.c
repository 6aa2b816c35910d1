#include "ingest/poll_gauges.h"

#include "ingest/parser.h"
#include "ingest/polls.h"
#include "ingest/web.h"

/* What became of polls and of the items in them, how feeds are, what came of
 * requests and of documents. */
enum {
	POLLED_CHANGED,
	POLLED_UNCHANGED,
	POLLED_IN_VAIN,
	ITEMS_GIVEN,
	ITEMS_KNOWN,
	ITEMS_SKIPPED,
	PAGES,
	PAGES_FAILED,
	FEEDS_NEW,
	FEEDS_GOOD,
	FEEDS_FAILING,
	FEEDS_GONE,
	WEB_ANSWERED,
	WEB_UNCHANGED,
	WEB_NOT_ASKED,
	WEB_IN_VAIN,
	WEB_BYTES,
	WEB_WAITING,
	DOCUMENTS_READ,
	DOCUMENTS_REFUSED,
	DOCUMENTS_KILLED,
	ROWS,
};

static const char poll_name[] = "vigie_feed_polls_total";
static const char poll_help[] = "Polls of feeds and sitemaps, by what came "
				"of them.";
static const char item_name[] = "vigie_feed_items_total";
static const char item_help[] = "Items seen in polls: handed out, known from "
				"earlier, without a text that could be had.";
static const char page_name[] = "vigie_feed_pages_total";
static const char page_help[] = "Pages fetched for items that carry no text.";
static const char feed_name[] = "vigie_feeds";
static const char feed_help[] = "Feeds and sitemaps that are polled, by how "
				"their last poll was.";
static const char web_name[] = "vigie_web_requests_total";
static const char web_help[] = "What was fetched from the web, or was to be.";
static const char parsed_name[] = "vigie_parser_documents_total";
static const char parsed_help[] = "Documents taken apart: read, refused, or "
				    "fatal to the process that does it.";

static const struct {
	enum metric_kind kind;
	const char *name, *help, *labels;
} rows[ROWS] = {
	[POLLED_CHANGED] = { METRIC_COUNTER, poll_name, poll_help,
			   "outcome=\"document\"" },
	[POLLED_UNCHANGED] = { METRIC_COUNTER, poll_name, poll_help,
			     "outcome=\"unchanged\"" },
	[POLLED_IN_VAIN] = { METRIC_COUNTER, poll_name, poll_help,
			    "outcome=\"failed\"" },
	[ITEMS_GIVEN] = { METRIC_COUNTER, item_name, item_help,
			  "kind=\"given\"" },
	[ITEMS_KNOWN] = { METRIC_COUNTER, item_name, item_help,
			  "kind=\"known\"" },
	[ITEMS_SKIPPED] = { METRIC_COUNTER, item_name, item_help,
			    "kind=\"skipped\"" },
	[PAGES] = { METRIC_COUNTER, page_name, page_help,
		    "outcome=\"fetched\"" },
	[PAGES_FAILED] = { METRIC_COUNTER, page_name, page_help,
			   "outcome=\"failed\"" },
	[FEEDS_NEW] = { METRIC_GAUGE, feed_name, feed_help, "state=\"new\"" },
	[FEEDS_GOOD] = { METRIC_GAUGE, feed_name, feed_help,
			 "state=\"good\"" },
	[FEEDS_FAILING] = { METRIC_GAUGE, feed_name, feed_help,
			    "state=\"failing\"" },
	[FEEDS_GONE] = { METRIC_GAUGE, feed_name, feed_help,
			 "state=\"gone\"" },
	[WEB_ANSWERED] = { METRIC_COUNTER, web_name, web_help,
			   "outcome=\"answered\"" },
	[WEB_UNCHANGED] = { METRIC_COUNTER, web_name, web_help,
			    "outcome=\"unchanged\"" },
	[WEB_NOT_ASKED] = { METRIC_COUNTER, web_name, web_help,
			    "outcome=\"refused\"" },
	[WEB_IN_VAIN] = { METRIC_COUNTER, web_name, web_help,
			  "outcome=\"failed\"" },
	[WEB_BYTES] = { METRIC_COUNTER, "vigie_web_bytes_total",
			"Bytes of answers, decoded.", NULL },
	[WEB_WAITING] = { METRIC_GAUGE, "vigie_web_waiting",
			  "Requests that wait for their turn.", NULL },
	[DOCUMENTS_READ] = { METRIC_COUNTER, parsed_name, parsed_help,
			     "outcome=\"read\"" },
	[DOCUMENTS_REFUSED] = { METRIC_COUNTER, parsed_name, parsed_help,
				"outcome=\"refused\"" },
	[DOCUMENTS_KILLED] = { METRIC_COUNTER, parsed_name, parsed_help,
			       "outcome=\"killed\"" },
};

_Static_assert((int)ROWS <= (int)POLL_GAUGES_MAX, "a place for each row");

void poll_gauges_init(struct poll_gauges *g, struct metrics *all)
{
	for (size_t i = 0; i < ROWS; i++)
		g->row[i] = metrics_get(all, rows[i].kind, rows[i].name,
					rows[i].help, rows[i].labels);
}

/* What killed the process was refused as well. */
static uint64_t without(uint64_t all, uint64_t some)
{
	return all > some ? all - some : 0;
}

void poll_gauges_refresh(struct poll_gauges *g,
			 const struct source_tools *tools)
{
	const struct poll_stats *s = &tools->polls->stats;
	const struct web_stats w = web_stats(tools->web);
	const struct parser_stats d = parser_stats(tools->parser);
	const uint64_t now[ROWS] = {
		[POLLED_CHANGED] = s->polls[POLLS_CHANGED],
		[POLLED_UNCHANGED] = s->polls[POLLS_UNCHANGED],
		[POLLED_IN_VAIN] = s->polls[POLLS_FAILED],
		[ITEMS_GIVEN] = s->given,
		[ITEMS_KNOWN] = s->known,
		[ITEMS_SKIPPED] = s->skipped,
		[PAGES] = s->pages,
		[PAGES_FAILED] = s->pages_failed,
		[FEEDS_NEW] = s->feeds[POLLS_NEW],
		[FEEDS_GOOD] = s->feeds[POLLS_GOOD],
		[FEEDS_FAILING] = s->feeds[POLLS_FAILING],
		[FEEDS_GONE] = s->feeds[POLLS_GONE],
		[WEB_ANSWERED] = without(w.answers, w.not_modified),
		[WEB_UNCHANGED] = w.not_modified,
		[WEB_NOT_ASKED] = w.refused,
		[WEB_IN_VAIN] = w.failed,
		[WEB_BYTES] = w.bytes,
		[WEB_WAITING] = w.waiting,
		[DOCUMENTS_READ] = without(d.asked, d.refused),
		[DOCUMENTS_REFUSED] = without(d.refused, d.killed),
		[DOCUMENTS_KILLED] = d.killed,
	};

	for (size_t i = 0; i < ROWS; i++)
		metric_set(g->row[i], (double)now[i]);
}

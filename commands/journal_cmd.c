/* `vigie journal`: what a journal holds, without touching it. */
#include "commands/commands.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"
#include "base/near.h"
#include "ingest/journal_walk.h"

struct journal_options {
	bool entries;
};

/* What the walk fills in; the table follows the entries. */
struct view {
	bool entries;
	struct buf rows;
	struct buf gaps;
	uint64_t frames, articles, first, end;
	uint64_t damaged, lost_frames, lost_articles;
};

static const char *kind_name(enum journal_kind kind)
{
	switch (kind) {
	case JOURNAL_ARTICLE:
		return "article";
	case JOURNAL_POSITION:
		return "position";
	case JOURNAL_KEY:
		return "key";
	case JOURNAL_ATTEMPT:
		return "attempt";
	case JOURNAL_DEAD:
		return "dead";
	case JOURNAL_KNOWN:
		return "known";
	case JOURNAL_SIGNATURE:
		return "signature";
	}
	return "unknown";
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* A name is any bytes; what a terminal might obey is spelled out. */
static void print_name(struct str name)
{
	if (!name.n)
		putchar('-');
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c < ' ' || c == 0x7f || c == '\\')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}

/* Ids, 16 bytes, in the digits that records have. */
static void print_id(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		printf("%02x", (unsigned char)name.p[i]);
}

static bool is_named_by_id(enum journal_kind kind)
{
	return kind == JOURNAL_KNOWN || kind == JOURNAL_SIGNATURE;
}

static int print_entry(void *self, const struct journal_entry *entry)
{
	const struct view *v = self;

	if (!v->entries)
		return 0;
	printf("%" PRIu64 "\t%s\t", entry->frame, kind_name(entry->kind));
	if (entry->kind == JOURNAL_POSITION || entry->kind == JOURNAL_KEY ||
	    is_named_by_id(entry->kind))
		putchar('-');
	else
		printf("%" PRIu64, entry->seq);
	putchar('\t');
	if (is_named_by_id(entry->kind))
		print_id(entry->name);
	else
		print_name(entry->name);
	printf("\t%zu\n", entry->value.n);
	return ferror(stdout) ? -EIO : 0;
}

static void add_range(struct buf *row, uint64_t n, uint64_t first,
		      uint64_t last)
{
	char range[64] = "-";

	if (n)
		snprintf(range, sizeof(range), "%" PRIu64 "-%" PRIu64, first,
			 last);
	buf_printf(row, " %7" PRIu64 " %15s", n, range);
}

static int add_segment(void *self, const struct journal_segment *s)
{
	struct view *v = self;

	buf_printf(&v->rows, "%016" PRIu64 " %11" PRIu64, s->number, s->bytes);
	add_range(&v->rows, s->frames, s->first_frame, s->last_frame);
	add_range(&v->rows, s->articles, s->first, s->end - 1);
	buf_add_char(&v->rows, '\n');
	v->frames += s->frames;
	if (s->articles && !v->articles)
		v->first = s->first;
	if (s->articles)
		v->end = s->end;
	v->articles += s->articles;
	return 0;
}

static int add_gap(void *self, const struct journal_gap *gap, int fd)
{
	struct view *v = self;

	(void)fd;
	buf_printf(&v->gaps, "%016" PRIu64 ", byte %" PRIu64 ": ", gap->segment,
		   gap->at);
	if (gap->tail && gap->torn) {
		buf_printf(&v->gaps,
			   "%" PRIu64 " bytes of a frame that is being "
			   "written, or that a crash cut short\n",
			   gap->n);
		return 0;
	}
	buf_printf(&v->gaps, "%" PRIu64 " bytes are %s", gap->n,
		   gap->n ? "damaged" : "left; what followed is missing");
	if (gap->frames)
		buf_printf(&v->gaps, ": %" PRIu64 " frame%s, %" PRIu64
				     " article%s",
			   gap->frames, plural(gap->frames), gap->articles,
			   plural(gap->articles));
	buf_add_char(&v->gaps, '\n');
	v->damaged += gap->n;
	v->lost_frames += gap->frames;
	v->lost_articles += gap->articles;
	return 0;
}

static void print_view(const struct view *v, const struct journal_sum *sum,
		       const char *path)
{
	char hex[WIRE_ORIGIN_HEX] = "unknown";

	if (sum->has_origin)
		origin_hex(sum->origin, hex);
	printf("folder     %s\norigin     %s\n", path, hex);
	printf("segments   %" PRIu64 ", %" PRIu64 " bytes\n", sum->segments,
	       sum->bytes);
	printf("frames     %" PRIu64 " here, %" PRIu64 " the last number\n",
	       v->frames, sum->last);
	printf("articles   %" PRIu64 " here", v->articles);
	if (v->articles)
		printf(" (seq %" PRIu64 " to %" PRIu64 ")", v->first,
		       v->end - 1);
	printf(", %" PRIu64 " ever accepted\n", sum->total);
	printf("damaged    %" PRIu64 " bytes", v->damaged);
	if (v->lost_frames)
		printf(", %" PRIu64 " frame%s with %" PRIu64 " article%s",
		       v->lost_frames, plural(v->lost_frames),
		       v->lost_articles, plural(v->lost_articles));
	if (sum->unknown)
		printf("\nunknown    %" PRIu64 " entr%s of kinds that this "
		       "version does not know",
		       sum->unknown, sum->unknown == 1 ? "y" : "ies");
	printf("\n\n%-16s %11s %7s %15s %7s %15s\n" STR_FMT STR_FMT, "segment",
	       "bytes", "frames", "numbers", "articles", "seq",
	       STR_ARG(buf_view(&v->rows)), STR_ARG(buf_view(&v->gaps)));
}

static int show(const struct journal_options *o, const char *path,
		struct err *e)
{
	struct view v = { .entries = o->entries };
	const struct journal_visitor visitor = { .entry = print_entry,
						 .gap = add_gap,
						 .segment = add_segment,
						 .self = &v };
	struct journal_sum sum;
	int r;

	buf_init(&v.rows, (size_t)1 << 30);
	buf_init(&v.gaps, (size_t)1 << 30);
	r = journal_look(path, &visitor, &sum, e);
	if (!r)
		r = buf_error(&v.rows);
	if (!r)
		r = buf_error(&v.gaps);
	if (!r && o->entries)
		putchar('\n');
	if (!r)
		print_view(&v, &sum, path);
	buf_done(&v.rows);
	buf_done(&v.gaps);
	return r;
}

static int run(int argc, char **argv)
{
	struct journal_options o = { false };
	struct opt_list rest = { .n = 0 };
	struct err e = { "" };
	struct near near;
	int r = opt_parse(&journal_cmd, argc, argv, &o, &rest);

	if (r != OPT_GO)
		return r;
	if (!rest.n)
		return opt_misuse(&journal_cmd, "say what to do: show");
	if (strcmp(rest.v[0], "show")) {
		near_init(&near, str_of(rest.v[0]));
		near_offer(&near, "show");
		return opt_misuse(&journal_cmd, "'%s' is not show%s",
				  rest.v[0],
				  near_best(&near) ? ": did you mean 'show'?"
						   : "");
	}
	if (rest.n != 2)
		return opt_misuse(&journal_cmd, "show wants one folder");
	log_name("journal");
	r = show(&o, rest.v[1], &e);
	if (r)
		log_line(LOG_TROUBLE, "%s", e.text[0] ? e.text : strerror(-r));
	return err_exit(r);
}

#define AT(member) offsetof(struct journal_options, member)

static const struct opt options[] = {
	{ "entries", 0, OPT_FLAG, AT(entries), NULL,
	  "print a line for each entry before the summary: its frame, kind, "
	  "seq, name and bytes" },
	{ .name = NULL },
};

const struct cmd journal_cmd = {
	.name = "journal",
	.args = "show FOLDER",
	.summary = "Show what a journal holds",
	.about =
		"show reads the journal of an ingest (journal.path in its "
		"configuration) from its first segment to its last, verifies "
		"every frame, and prints what is in each segment, the numbers "
		"of the articles, and what is damaged. Nothing is changed and "
		"no lock is taken, so it may be called while an ingest is "
		"running; a frame that is being written just then is named as "
		"one that is not finished.\n\n"
		"Each line of --entries has five fields with a tab between "
		"them: the number of the frame; article, position, key, "
		"attempt or dead; the number of the article, or '-'; the name "
		"of the source or the key of the push, or '-', with control "
		"characters and the backslash as \\xHH; the bytes of the "
		"value.\n\n"
		"Bytes that an ingest found damaged lie in files like "
		"damaged-0000000000000003-4096.bin in the folder: those that "
		"were at byte 4096 of segment 3.",
	.examples = "  vigie journal show /var/lib/vigie/journal\n"
		    "  vigie journal show --entries journal | grep "
		    "'position'\n",
	.opts = options,
	.run = run,
};

#include "ingest/entry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ingest/decode.h"
#include "ingest/unpack.h"
#include "parse/document.h"
#include "wire/article.h"

static bool ends(struct str s, const char *tail)
{
	size_t n = strlen(tail);

	return s.n > n && !strncasecmp(s.p + s.n - n, tail, n);
}

static bool is_gzip(struct str s)
{
	return s.n > 1 && s.p[0] == '\x1f' && s.p[1] == '\x8b';
}

/* ".name", also "._name" of a Mac: not for readers. */
static bool is_hidden(struct str name)
{
	size_t n = name.n;

	while (n && name.p[n - 1] != '/')
		n--;
	return n < name.n && name.p[n] == '.' && name.n - n > 1;
}

static enum entry_kind by_name(struct str name)
{
	static const struct {
		const char *end;
		enum entry_kind kind;
	} looks[] = {
		{ ".html", ENTRY_PAGE },   { ".htm", ENTRY_PAGE },
		{ ".xhtml", ENTRY_PAGE },  { ".warc", ENTRY_WARC },
		{ ".jsonl", ENTRY_LINES }, { ".ndjson", ENTRY_LINES },
		{ ".txt", ENTRY_TEXT },	   { ".rss", ENTRY_FEED },
		{ ".atom", ENTRY_FEED },
	};

	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++)
		if (ends(name, looks[i].end))
			return looks[i].kind;
	return ENTRY_NONE;
}

static enum entry_kind by_looks(struct str bytes)
{
	enum harvest_kind kind = harvest_kind(STR(""), bytes);

	if (str_starts(bytes, STR("WARC/1.")))
		return ENTRY_WARC;
	return kind == HARVEST_PAGE   ? ENTRY_PAGE
	       : kind == HARVEST_FEED ? ENTRY_FEED
				      : ENTRY_NONE;
}

enum entry_kind entry_kind(struct str name, struct str first)
{
	enum entry_kind looks;

	if (is_hidden(name))
		return ENTRY_NONE;
	if (ends(name, ".gz"))
		name.n -= 3;
	looks = by_looks(first);
	return looks != ENTRY_NONE ? looks : by_name(name);
}

/* One file in gzip is called "data" by libarchive. */
bool entry_is_wanted(struct str name, struct str first)
{
	return str_is(name, "data") || entry_kind(name, first) != ENTRY_NONE;
}

void entry_init(struct entry *n, const struct source_tools *tools)
{
	*n = (struct entry){ .kind = ENTRY_NONE };
	buf_init(&n->decoded, UNPACK_ENTRY_MAX);
	harvest_init(&n->harvest, tools);
	warc_find_init(&n->find);
}

void entry_done(struct entry *n)
{
	buf_done(&n->decoded);
	harvest_done(&n->harvest);
	warc_find_done(&n->find);
	warc_free(n->warc);
}

static int read_memory(void *self, void *p, size_t n, size_t *got)
{
	struct entry *en = self;
	size_t left = en->warc_bytes.n - en->warc_at;

	*got = n < left ? n : left;
	if (*got)
		memcpy(p, en->warc_bytes.p + en->warc_at, *got);
	en->warc_at += *got;
	return 0;
}

static int seek_memory(void *self, uint64_t offset)
{
	struct entry *en = self;

	if (offset > en->warc_bytes.n)
		return -EINVAL;
	en->warc_at = (size_t)offset;
	return 0;
}

static int begin_warc(struct entry *n, struct str bytes)
{
	const struct members_input in = { read_memory, seek_memory, n };

	n->warc_bytes = bytes;
	n->warc_at = 0;
	return warc_open(&in, (struct members_at){ 0, 0 }, 0, &n->warc);
}

static int begin_document(struct entry *n, struct str bytes, struct str file,
			  struct err *e)
{
	const struct harvest_find f = {
		.kind = n->kind == ENTRY_FEED ? HARVEST_FEED : HARVEST_PAGE,
		.bytes = bytes, .least = HARVEST_LEAST, .file = file,
	};
	int r = harvest_begin(&n->harvest, &f, e);

	n->short_pages += r == STEP_END && n->kind == ENTRY_PAGE;
	return r;
}

/* gzip, but not that of a crawl archive, whose members are its records. */
static int undo_gzip(struct entry *n, struct str *bytes, struct err *e)
{
	int r;

	buf_clear(&n->decoded);
	r = decode(DECODE_GZIP, *bytes, &n->decoded);
	if (r == -EMSGSIZE)
		return err_set(e, STEP_REJECT,
			       "larger than %d bytes once it is unpacked",
			       UNPACK_ENTRY_MAX);
	if (r == STEP_REJECT || r == STEP_END)
		return err_set(e, STEP_REJECT, "its gzip is damaged");
	*bytes = buf_view(&n->decoded);
	return r;
}

int entry_begin(struct entry *n, struct str name, struct str bytes,
		struct str file, struct err *e)
{
	int r = 0;

	warc_free(n->warc);
	n->warc = NULL;
	n->line = 0;
	n->rest = (struct str){ NULL, 0 };
	n->kind = entry_kind(name, bytes);
	if (is_gzip(bytes) && n->kind != ENTRY_WARC) {
		r = undo_gzip(n, &bytes, e);
		if (!r)
			n->kind = entry_kind(name, bytes);
	}
	if (r || n->kind == ENTRY_NONE)
		return r ? r : STEP_END;
	if (n->kind == ENTRY_WARC)
		return begin_warc(n, bytes);
	if (n->kind == ENTRY_PAGE || n->kind == ENTRY_FEED)
		return begin_document(n, bytes, file, e);
	n->rest = bytes;
	return 0;
}

static int next_text(struct entry *n, struct raw *ret, struct err *e)
{
	struct str s = n->rest;

	if (!s.p)
		return STEP_END;
	n->rest = (struct str){ NULL, 0 };
	if (s.n > ARTICLE_TEXT_MAX)
		return err_set(e, STEP_REJECT,
			       "larger than %d bytes; a text file is one "
			       "article", ARTICLE_TEXT_MAX);
	ret->kind = RAW_TEXT;
	ret->bytes = s;
	return 0;
}

static int next_line(struct entry *n, struct raw *ret, char where[64])
{
	static const struct str bom = { "\xEF\xBB\xBF", 3 };
	struct str line;

	do {
		line = str_cut(&n->rest, '\n');
		if (!n->line++ && str_starts(line, bom))
			line = (struct str){ line.p + 3, line.n - 3 };
		line = str_trim(line);
	} while (!line.n && n->rest.p);
	if (!line.n)
		return STEP_END;
	snprintf(where, 64, ":%" PRIu64, n->line);
	ret->kind = RAW_JSON;
	ret->bytes = line;
	return 0;
}

/* As far as a record in which something is. */
static int find_record(struct entry *n, char where[64], struct err *e)
{
	struct warc_record record;
	struct harvest_find f;
	int r = STEP_END;

	while (r == STEP_END) {
		r = warc_next(n->warc, &record, e);
		if (r)
			return r;
		snprintf(where, 64, ": record %" PRIu64 " at byte %" PRIu64,
			 record.number, record.at.offset);
		r = warc_find(&n->find, &record, &f, e);
		if (r)
			continue;
		r = harvest_begin(&n->harvest, &f, e);
		n->short_pages += r == STEP_END;
	}
	return r;
}

int entry_next(struct entry *n, struct raw *ret, char where[64],
	       struct err *e)
{
	int r = 0;

	where[0] = '\0';
	ret->once = true;
	if (n->kind == ENTRY_TEXT)
		return next_text(n, ret, e);
	if (n->kind == ENTRY_LINES)
		return next_line(n, ret, where);
	if (n->kind == ENTRY_WARC && !harvest_more(&n->harvest))
		r = find_record(n, where, e);
	return r ? r : harvest_next(&n->harvest, ret, e);
}

#include "ingest/told.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/unicode.h"

enum {
	LISTED_MAX = 100,
	REASON_MAX = 300,     /* bytes of one */
	REASONS_MAX = 16384,  /* of all; the last may go beyond */
};

void told_init(struct told *t)
{
	*t = (struct told){ .accepted = 0 };
	buf_init(&t->reasons, 2 * REASONS_MAX);
}

void told_done(struct told *t)
{
	buf_done(&t->reasons);
}

/* Without the place in front, since the line is told beside it; always UTF-8,
 * whatever of the article it quotes. */
static struct str reason_of(const struct err *why, const char *place)
{
	struct str s = str_of(why->text);
	size_t n = strlen(place);

	if (str_starts(s, str_of(place)) && s.n > n + 2 && s.p[n] == ':') {
		s = (struct str){ s.p + n + 1, s.n - n - 1 };
		s = str_trim(s);
	}
	s.n = s.n > REASON_MAX ? REASON_MAX : s.n;
	s.n = unicode_valid(s);
	return s;
}

static void refuse(struct told *t, uint64_t line, const struct err *why,
		   const char *place)
{
	struct buf *b = &t->reasons;

	t->refused++;
	if (t->listed >= LISTED_MAX || b->n > REASONS_MAX)
		return;
	t->listed++;
	buf_printf(b, "%s{\"line\":%" PRIu64 ",\"reason\":", b->n ? "," : "",
		   line);
	json_add_text(b, reason_of(why, place));
	buf_add_char(b, '}');
}

int told_take(struct told *t, const struct push_taker *taker,
	      enum pieces_form form, struct str body, struct err *e)
{
	struct pieces at;
	char place[32];

	pieces_begin(&at, form, body);
	for (;;) {
		struct raw raw = { .kind = RAW_JSON, .place = place,
				   .again = t->again };
		struct err why = { "" };
		int r = pieces_next(&at, &raw.bytes, &why);

		if (r == STEP_END)
			return 0;
		snprintf(place, sizeof(place), "push:%" PRIu64, at.number);
		if (!r)
			r = taker->take(taker->self, &raw, &why);
		if (r < 0)
			return err_set(e, r, "%s",
				       why.text[0] ? why.text : strerror(-r));
		if (r)
			refuse(t, at.number, &why, place);
		else
			t->accepted++;
	}
}

void told_write(const struct told *t, struct buf *out)
{
	buf_printf(out, "{\"accepted\":%" PRIu64 ",\"refused\":[", t->accepted);
	buf_add_str(out, buf_view(&t->reasons));
	buf_add_char(out, ']');
	if (t->refused > t->listed)
		buf_printf(out, ",\"refused_more\":%" PRIu64,
			   t->refused - t->listed);
	buf_add_z(out, ",\"repeated\":false}");
}

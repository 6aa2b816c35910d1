#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parse/feed_xml_parts.h"
#include "parse/url.h"

struct feed_record *feed_xml_record(struct feed_reader *r)
{
	return r->item ? &r->f->item : &r->f->head;
}

static int set_text(struct feed_reader *r, const struct feed_element *what,
		    struct str text)
{
	enum feed_field field = what->field;
	int rank = what->rank;

	if (!r->item && field == FEED_SUMMARY)
		field = FEED_DESCRIPTION;
	/* A description and a summary: the second is the longer story. */
	if (field == FEED_SUMMARY && r->f->item.v[field].known &&
	    r->f->item.v[field].rank == rank) {
		field = FEED_CONTENT;
		rank = 1;
	}
	if (!r->item && field == FEED_CONTENT)
		return 0;
	return feed_set_text(r->f, feed_xml_record(r), field, rank, text,
			     r->g.type);
}

/* "tag one, tag two" */
static int add_tags(struct feed_reader *r, struct str text)
{
	int e = 0;

	while (text.p && !e)
		e = feed_add_category(r->f, feed_xml_record(r),
				      str_cut(&text, ','));
	return e;
}

/* Is it worth resolving? An id that is no address stays as it is, or it would
 * change when the feed moves. */
static bool is_path(struct str s)
{
	return str_has(s, '/');
}

static int set_guid(struct feed_reader *r, struct str text)
{
	struct feed_record *to = feed_xml_record(r);
	struct str base = is_path(text) && r->g.is_address ? xml_base(r->x)
							   : STR("");
	int e = feed_set_address(r->f, to, FEED_ID, r->g.what->rank, base,
				 text);

	/* Where there is no link, the id may be one. */
	text = buf_view(&to->v[FEED_ID].text);
	if (!e && r->g.links_item && url_is_web(text))
		e = feed_set_address(r->f, to, FEED_URL, 1, base, text);
	return e;
}

static long number(struct str s)
{
	char z[16] = "";

	memcpy(z, s.p, s.n < sizeof(z) - 1 ? s.n : sizeof(z) - 1);
	return strtol(z, NULL, 10);
}

static long minutes_of_period(struct str s)
{
	static const struct {
		const char *name;
		long minutes;
	} periods[] = {
		{ "hourly", 60 },
		{ "daily", 24 * 60 },
		{ "weekly", 7 * 24 * 60 },
		{ "monthly", 30 * 24 * 60 },
		{ "yearly", 365 * 24 * 60 },
	};

	for (size_t i = 0; i < sizeof(periods) / sizeof(*periods); i++)
		if (str_is(s, periods[i].name))
			return periods[i].minutes;
	return 0;
}

static int keep(struct buf *b, struct str s)
{
	buf_clear(b);
	buf_add_str(b, s);
	if (buf_error(b) == -EMSGSIZE)
		buf_clear(b);
	return buf_error(b);
}

int feed_xml_apply(struct feed_reader *r, struct str text)
{
	const struct feed_element *what = r->g.what;
	struct feed *f = r->f;

	switch (what->meaning) {
	case FEED_TEXT:
	case FEED_BODY:
		return set_text(r, what, text);
	case FEED_DATE:
		return feed_set_date(f, feed_xml_record(r), what->field,
				     what->rank, text);
	case FEED_LINE:
		return feed_set_line(f, feed_xml_record(r), what->field,
				     what->rank, text);
	case FEED_LANGUAGE_NAME:
		return feed_set_language(f, feed_xml_record(r), what->rank,
					 text);
	case FEED_ADDRESS:
		return feed_set_address(f, feed_xml_record(r), what->field,
					what->rank, xml_base(r->x), text);
	case FEED_LINK:
		return r->g.links_item ? feed_set_address(f, feed_xml_record(r),
							  FEED_URL, what->rank,
							  xml_base(r->x), text)
				       : 0;
	case FEED_GUID:
		return set_guid(r, text);
	case FEED_PERSON:
		return keep(&r->person.text, text);
	case FEED_PERSON_NAME:
		return keep(&r->person.name, text);
	case FEED_PERSON_MAIL:
		return keep(&r->person.mail, text);
	case FEED_CATEGORY:
		return r->item ? feed_add_category(f, feed_xml_record(r), text)
			       : 0;
	case FEED_TAGS:
		return r->item ? add_tags(r, text) : 0;
	case FEED_TTL:
		f->ttl = number(text);
		return 0;
	case FEED_PERIOD:
		f->period = minutes_of_period(text);
		return 0;
	case FEED_FREQUENCY:
		f->frequency = number(text);
		return 0;
	case FEED_COMPLETE:
		f->stale = str_is(text, "yes") || str_is(text, "Yes");
		return 0;
	default:
		return 0;
	}
}

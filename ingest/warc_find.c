#include "ingest/warc_find.h"

#include "ingest/http_payload.h"
#include "ingest/tame.h"

enum { STRING_MAX = 8 << 10 };

void warc_find_init(struct warc_find *f)
{
	buf_init(&f->chunks, HTTP_PAYLOAD_MAX);
	buf_init(&f->decoded, HTTP_PAYLOAD_MAX);
	buf_init(&f->type, STRING_MAX + 1);
	buf_init(&f->url, STRING_MAX + 1);
}

void warc_find_done(struct warc_find *f)
{
	buf_done(&f->chunks);
	buf_done(&f->decoded);
	buf_done(&f->type);
	buf_done(&f->url);
}

/* Of a response, the payload; of a resource, the block. */
static int look_into(struct warc_find *f, const struct warc_record *r,
		     struct http_payload *ret, struct err *e)
{
	if (str_is(r->type, "resource")) {
		*ret = (struct http_payload){ .status = 200,
					      .mime = r->mime,
					      .bytes = r->block };
		return 0;
	}
	if (!str_is(r->type, "response") ||
	    !str_starts(r->block, STR("HTTP/")))
		return STEP_END;
	return http_payload_read(r->block, &f->chunks, &f->decoded, ret, e);
}

static const char *string(struct str s, struct buf *b)
{
	buf_clear(b);
	if (!s.n || s.n > STRING_MAX)
		return NULL;
	tame(s, STRING_MAX, b);
	buf_add_char(b, '\0');
	return buf_error(b) ? NULL : b->p;
}

int warc_find(struct warc_find *f, const struct warc_record *r,
	      struct harvest_find *ret, struct err *e)
{
	struct http_payload p;
	int code = look_into(f, r, &p, e);

	if (code)
		return code;
	if (p.status != 200)
		return STEP_END;
	*ret = (struct harvest_find){
		.kind = harvest_kind(p.mime, p.bytes),
		.bytes = p.bytes,
		.type = string(p.mime, &f->type),
		.url = string(r->uri, &f->url),
		.least = HARVEST_LEAST,
		.fetched_at = r->date,
	};
	if (ret->kind == HARVEST_NONE)
		return STEP_END;
	if (r->large)
		return err_set(e, STEP_REJECT,
			       "a page of %llu bytes; more than 16 MB are not "
			       "read", (unsigned long long)r->length);
	if (!r->complete)
		return err_set(e, STEP_REJECT, "its page is %s", r->why);
	return 0;
}

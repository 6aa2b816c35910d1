#include "ingest/web_head.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void web_head_init(struct web_head *h)
{
	*h = (struct web_head){ 0 };
	cache_headers_init(&h->cache);
}

void web_head_done(struct web_head *h)
{
	free(h->etag);
	free(h->last_modified);
	free(h->location);
	free(h->type);
	web_head_init(h);
}

bool web_head_is_clean(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static char **place_of(struct web_head *h, struct str name)
{
	const struct {
		struct str name;
		char **place;
	} kept[] = {
		{ STR("ETag"), &h->etag },
		{ STR("Last-Modified"), &h->last_modified },
		{ STR("Location"), &h->location },
		{ STR("Content-Type"), &h->type },
	};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (name.n == kept[i].name.n &&
		    !strncasecmp(name.p, kept[i].name.p, name.n))
			return kept[i].place;
	return NULL;
}

static int add_field(struct web_head *h, struct str name, struct str value)
{
	char **place = place_of(h, name);

	value = str_trim(value);
	if (!web_head_is_clean(value))
		return 0;
	cache_headers_add(&h->cache, name, value);
	if (!place || *place || !value.n || value.n > WEB_HEAD_VALUE_MAX)
		return 0;
	*place = strndup(value.p, value.n);
	return *place ? 0 : -ENOMEM;
}

/* Without its end, which is "\r\n" or "\n"; other control characters stay. */
static struct str without_end(struct str line)
{
	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

int web_head_line(struct web_head *h, struct str line)
{
	size_t n = h->n + line.n;
	struct str name;

	if (n > WEB_HEAD_MAX)
		return -EMSGSIZE;
	line = without_end(line);
	if (str_starts(line, STR("HTTP/")))
		web_head_done(h);
	h->n = n;
	if (!line.n)
		h->body = true;
	/* Lines that go on in the next are obsolete (RFC 9112, 5.2); what such
	 * a line adds is not taken. */
	if (h->body || line.p[0] == ' ' || line.p[0] == '\t')
		return 0;
	name = str_cut(&line, ':');
	return line.p ? add_field(h, name, line) : 0;
}

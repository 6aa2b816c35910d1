#include "ingest/identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"

/* Names of parameters that say how the reader came, not what is read; a star
 * stands for any end. */
static const char *const tracking[] = {
	/* analytics and mailings */
	"utm_*", "mtm_*", "pk_*", "hsa_*", "at_*", "xtor", "_ga", "_gl",
	"mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok", "vero_id",
	"oly_anon_id", "oly_enc_id", "wt_mc", "s_cid",
	"ns_campaign", "ns_mchannel", "ns_source",
	/* advertisements and social networks */
	"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid",
	"igshid", "twclid", "ttclid", "yclid", "li_fat_id", "sfnsn",
	"ref_src", "ref_url", "__twitter_impression",
};

static bool has_head(struct str s, const char *head)
{
	size_t n = strlen(head);

	return s.n >= n && !strncasecmp(s.p, head, n);
}

static bool is_tracking(struct str parameter)
{
	struct str name = str_cut(&parameter, '=');

	for (size_t i = 0; i < sizeof(tracking) / sizeof(*tracking); i++) {
		const char *t = tracking[i];
		size_t n = strcspn(t, "*");

		if (name.n >= n && !strncasecmp(name.p, t, n) &&
		    (t[n] == '*' || name.n == n))
			return true;
	}
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void skip(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

/* Cut the part before the first of the given characters off *s; the character
 * stays. */
static struct str cut_before(struct str *s, const char *stops)
{
	struct str part = { s->p, 0 };

	while (part.n < s->n && !strchr(stops, s->p[part.n]))
		part.n++;
	skip(s, part.n);
	return part;
}

/* user:password@www.example.org.:443 -> www.example.org */
static struct str host_of(struct str authority)
{
	struct str port;
	size_t n;

	for (size_t i = authority.n; i; i--) {
		if (authority.p[i - 1] == '@') {
			skip(&authority, i);
			break;
		}
	}
	/* The digits of a port; in [::1] the last colon is none of it. */
	n = authority.n;
	while (n && authority.p[n - 1] >= '0' && authority.p[n - 1] <= '9')
		n--;
	port = (struct str){ authority.p + n, authority.n - n };
	if (n && authority.p[n - 1] == ':' &&
	    (!port.n || str_is(port, "80") || str_is(port, "443")))
		authority.n = n - 1;
	if (str_ends(authority, STR(".")))
		authority.n--;
	return authority;
}

static void add_host(struct buf *out, struct str host)
{
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];

		buf_add_char(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
}

/* The parameters of a query that count, sorted, into v, which must hold them
 * all. Returns their number. */
static size_t sort_query(struct str query, struct str *v)
{
	size_t n = 0;

	while (query.p) {
		struct str p = str_cut(&query, '&');

		if (p.n && !is_tracking(p))
			v[n++] = p;
	}
	qsort(v, n, sizeof(*v), by_bytes);
	return n;
}

int identity_canonical(struct str url, struct arena scratch, struct buf *out)
{
	struct str host, path, *v;
	size_t n;

	if (url.n > IDENTITY_URL_MAX)
		return -EINVAL;
	if (!has_head(url, "http://") && !has_head(url, "https://"))
		return -EINVAL;
	skip(&url, url.p[4] == ':' ? strlen("http://") : strlen("https://"));
	url = cut_before(&url, "#");
	host = host_of(cut_before(&url, "/?"));
	if (has_head(host, "www."))
		skip(&host, strlen("www."));
	path = cut_before(&url, "?");
	while (str_ends(path, STR("/")))
		path.n--;
	if (url.n)
		skip(&url, 1);
	v = arena_take_array(&scratch, url.n / 2 + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	n = sort_query(url, v);
	if (!host.n || (!path.n && !n))
		return -EINVAL;
	buf_add_z(out, "https://");
	add_host(out, host);
	buf_add_str(out, path);
	for (size_t i = 0; i < n; i++) {
		buf_add_char(out, i ? '&' : '?');
		buf_add_str(out, v[i]);
	}
	return buf_error(out);
}

/* At most max bytes of s, no character cut in two. */
static struct str start_of(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	s.n = max;
	while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
		s.n--;
	return s;
}

int identity(struct str url, struct str source, struct str title,
	     struct str text, struct arena scratch, char out[IDENTITY_HEX])
{
	unsigned char sha[HASH_SHA_SIZE];
	struct buf b;
	int r;

	buf_init(&b, (size_t)IDENTITY_URL_MAX + source.n + title.n +
			     IDENTITY_TEXT_MAX + 16);
	buf_add_char(&b, 'u');
	r = identity_canonical(url, scratch, &b);
	if (r == -EINVAL) {
		buf_clear(&b);
		buf_add_char(&b, 't');
		buf_add_str(&b, source);
		buf_add_char(&b, '\0');
		buf_add_str(&b, title);
		buf_add_char(&b, '\0');
		buf_add_str(&b, start_of(text, IDENTITY_TEXT_MAX));
		r = buf_error(&b);
	}
	if (!r)
		r = hash_sha256(buf_view(&b), sha);
	if (!r)
		hash_hex(sha, (IDENTITY_HEX - 1) / 2, out);
	buf_done(&b);
	return r;
}

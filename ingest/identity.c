#include "ingest/identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"

/* Names of parameters that say how the reader came, not what is read; a star
 * stands for any end. One with a value is meant with that value alone. */
static const char *const tracking[] = {
	/* analytics and mailings */
	"utm_*", "mtm_*", "pk_*", "piwik_*", "matomo_*", "hsa_*", "at_*",
	"xtor", "xtref", "xtatc", "xts", "_ga", "_gl", "_gac", "_openstat",
	"mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp",
	"hsctatracking", "mkt_tok", "ml_subscriber", "ml_subscriber_hash",
	"vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "rb_clickid",
	"_ke", "_kx", "trk_*", "wt_mc", "wt_zmc", "s_cid", "s_kwcid", "ef_id",
	"cmpid", "ncid", "ocid", "smid", "sr_share", "guccounter",
	"guce_referrer", "guce_referrer_sig", "ns_campaign", "ns_mchannel",
	"ns_source", "ns_linkname", "ns_fee",
	/* advertisements and social networks */
	"fbclid", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source",
	"gclid", "gclsrc", "dclid", "gbraid", "wbraid", "srsltid", "msclkid",
	"igshid", "igsh", "twclid", "ttclid", "yclid", "ymclid", "li_fat_id",
	"epik", "rdt_cid", "sccid", "irclickid", "irgwc", "cjevent",
	"wickedid", "mibextid", "sfnsn", "_branch_match_id",
	"_branch_referrer", "tblci", "dicbo", "ob_click_id", "oborigurl",
	"ref_src", "ref_url", "__twitter_impression",
	/* the same article for telephones */
	"amp", "outputtype=amp",
};

/* Hosts of the same articles under other names. */
static const char *const mirrors[] = { "m.", "mobile.", "amp." };

static bool has_head(struct str s, const char *head)
{
	size_t n = strlen(head);

	return s.n >= n && !strncasecmp(s.p, head, n);
}

/* Is s what t says, in letters of either case? */
static bool is_like(struct str s, const char *t)
{
	size_t n = strcspn(t, "*");

	return s.n >= n && !strncasecmp(s.p, t, n) &&
	       (t[n] == '*' || s.n == n);
}

static bool is_tracking(struct str parameter)
{
	struct str all = parameter, name = str_cut(&parameter, '=');

	for (size_t i = 0; i < sizeof(tracking) / sizeof(*tracking); i++)
		if (is_like(strchr(tracking[i], '=') ? all : name,
			    tracking[i]))
			return true;
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

/* Without what says only for which reader the host serves the article. */
static struct str main_host(struct str host)
{
	if (has_head(host, "www."))
		skip(&host, strlen("www."));
	for (size_t i = 0; i < sizeof(mirrors) / sizeof(*mirrors); i++) {
		struct str rest = host;

		if (!has_head(host, mirrors[i]))
			continue;
		skip(&rest, strlen(mirrors[i]));
		return str_has(rest, '.') ? rest : host; /* m.org is one */
	}
	return host;
}

static struct str main_path(struct str path)
{
	static const char *const ends[] = { "/", "/amp", ".amp" };
	bool cut = true;

	while (cut) {
		cut = false;
		for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
			struct str end = str_of(ends[i]);

			if (!str_ends(path, end))
				continue;
			path.n -= end.n;
			cut = true;
		}
	}
	return path;
}

static void add_host(struct buf *out, struct str host)
{
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];

		buf_add_char(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Characters that mean the same escaped or not (RFC 3986, section 2.3). */
static bool is_unreserved(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       (c && c < 0x80 && strchr("-._~", c));
}

/* One spelling for each byte: what needs no escape has none, what has one is
 * in capitals, and what is no ASCII or white space has one. Into out, which
 * holds three times as much; its length. */
static size_t respell(struct str s, char *out)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool escaped = c == '%' && i + 2 < s.n &&
			       digit_of(s.p[i + 1]) >= 0 &&
			       digit_of(s.p[i + 2]) >= 0;

		if (escaped) {
			c = (unsigned char)(digit_of(s.p[i + 1]) << 4 |
					    digit_of(s.p[i + 2]));
			i += 2;
		}
		if (escaped ? is_unreserved(c) : c > ' ' && c < 0x7F) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	return n;
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

/* Path and parameters, the last of which are sorted into v. */
struct rest {
	struct str path, *v;
	size_t n;
};

static int read_rest(struct str url, struct arena *a, struct rest *ret)
{
	char *p = arena_take(a, 3 * url.n + 1);

	if (!p)
		return -ENOMEM;
	url = (struct str){ p, respell(url, p) };
	ret->path = main_path(cut_before(&url, "?"));
	if (url.n)
		skip(&url, 1);
	ret->v = arena_take_array(a, url.n / 2 + 1, sizeof(*ret->v));
	if (!ret->v)
		return -ENOMEM;
	ret->n = sort_query(url, ret->v);
	return 0;
}

static bool is_web(struct str url)
{
	return has_head(url, "http://") || has_head(url, "https://");
}

int identity_canonical(struct str url, struct arena scratch, struct buf *out)
{
	struct rest rest;
	struct str host;
	int r;

	if (url.n > IDENTITY_URL_MAX)
		return -EINVAL;
	if (!is_web(url))
		return -EINVAL;
	skip(&url, url.p[4] == ':' ? strlen("http://") : strlen("https://"));
	url = cut_before(&url, "#");
	host = main_host(host_of(cut_before(&url, "/?")));
	r = read_rest(url, &scratch, &rest);
	if (r)
		return r;
	if (!host.n || (!rest.path.n && !rest.n))
		return -EINVAL;
	buf_add_z(out, "https://");
	add_host(out, host);
	buf_add_str(out, rest.path);
	for (size_t i = 0; i < rest.n; i++) {
		buf_add_char(out, i ? '&' : '?');
		buf_add_str(out, rest.v[i]);
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

static int digest(struct str s, char out[IDENTITY_HEX])
{
	unsigned char sha[HASH_SHA_SIZE];
	int r = hash_sha256(s, sha);

	if (!r)
		hash_hex(sha, (IDENTITY_HEX - 1) / 2, out);
	return r;
}

/* -EINVAL: it is no address. */
static int by_address(struct str url, struct arena scratch,
		      char out[IDENTITY_HEX])
{
	struct buf b;
	int r;

	if (!is_web(url))
		return -EINVAL;
	buf_init(&b, IDENTITY_CANONICAL_MAX + 1);
	buf_add_char(&b, 'u');
	r = identity_canonical(url, scratch, &b);
	if (!r)
		r = digest(buf_view(&b), out);
	buf_done(&b);
	return r;
}

/* Of parts, each but the last with a NUL behind it, their digest. */
static int by_parts(char kind, const struct str *parts, size_t count,
		    struct arena scratch, char out[IDENTITY_HEX])
{
	size_t n = 1;
	struct buf b;
	char *p;

	for (size_t i = 0; i < count; i++)
		n += parts[i].n + 1;
	p = arena_room(&scratch, n);
	if (!p)
		return -ENOMEM;
	buf_over(&b, p, n);
	buf_add_char(&b, kind);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_char(&b, '\0');
		buf_add_str(&b, parts[i]);
	}
	return digest(buf_view(&b), out);
}

int identity(struct str url, struct str source, struct str title,
	     struct str text, struct arena scratch, char out[IDENTITY_HEX])
{
	const struct str parts[] = { source, title,
				     start_of(text, IDENTITY_TEXT_MAX) };
	int r = by_address(url, scratch, out);

	return r == -EINVAL ? by_parts('t', parts, 3, scratch, out) : r;
}

int identity_alias(struct str name, struct arena scratch,
		   char out[IDENTITY_HEX])
{
	int r = by_address(name, scratch, out);

	return r == -EINVAL ? by_parts('a', &name, 1, scratch, out) : r;
}

#include "wire/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/endpoint.h"
#include "wire/keys_lines.h"

enum { KEYS_NAME_MAX = 64, KEYS_ENDPOINT_MAX = 255 };

const struct conf_key keys_keys[] = {
	{ "folder", CONF_TEXT, offsetof(struct keys_settings, folder),
	  .help = "where the keys of this machine and its peers are (see "
		  "vigie-keygen(1));\nwithout it no tcp endpoint is used" },
	{ .name = NULL },
};

struct allowed {
	unsigned char key[KEY_SIZE];
	char name[KEYS_NAME_MAX + 1];
	size_t line;
};

struct server {
	char endpoint[KEYS_ENDPOINT_MAX + 1];
	char key[KEY_TEXT + 1];
};

struct lists {
	struct allowed *allowed; /* by key, ascending */
	size_t allowed_count;
	struct server *servers;
	size_t server_count;
};

struct keys {
	char *folder;
	char public_key[KEY_TEXT + 1], secret_key[KEY_TEXT + 1];
	unsigned char own[KEY_SIZE], secret[KEY_SIZE];
	struct lists lists;
};

/* secret.key */

static int take_own(void *self, struct keys_line *l, struct err *e)
{
	struct keys *k = self;
	struct str what = keys_word(l), word = keys_word(l);
	bool is_secret = str_is(what, "secret");
	char *text = is_secret ? k->secret_key : k->public_key;
	int r;

	if (!is_secret && !str_is(what, "public"))
		return keys_wrong(l, what, e,
				  "expected 'secret KEY' or "
				  "'public KEY'");
	if (text[0])
		return keys_wrong(l, what, e, "the second %s key",
				  is_secret ? "secret" : "public");
	r = keys_read_key(l, word, is_secret ? k->secret : k->own, e);
	if (r)
		return r;
	memcpy(text, word.p, KEY_TEXT);
	return keys_no_more(l, e);
}

static int check_pair(const struct keys *k, const char *path, struct err *e)
{
	char derived[KEY_TEXT + 1];
	int r;

	if (!k->secret_key[0] || !k->public_key[0])
		return err_set(e, -EINVAL,
			       "%s has no %s key: move it away, and make a "
			       "pair with 'vigie keygen %s'",
			       path, k->secret_key[0] ? "public" : "secret",
			       k->folder);
	r = curve_public(k->secret_key, derived, e);
	if (r)
		return r;
	if (strcmp(derived, k->public_key))
		return err_set(e, -EINVAL,
			       "%s: its secret and its public key are no pair; "
			       "the public one would be %s",
			       path, derived);
	return 0;
}

static int read_own(struct keys *k, struct err *e)
{
	char path[PATH_MAX];
	struct buf b;
	int r;

	buf_init(&b, KEYS_FILE_MAX);
	r = keys_read_file(k->folder, "secret.key", true, path, &b, e);
	if (r == -ENOENT)
		err_set(e, r,
			"%s is not there: make it with 'vigie keygen "
			"%s'",
			path, k->folder);
	if (!r)
		r = keys_each_line(path, buf_view(&b), take_own, k, e);
	if (!r)
		r = check_pair(k, path, e);
	if (b.p)
		explicit_bzero(b.p, b.n);
	buf_done(&b);
	return r ? err_sys(e, r, "%s", path) : 0;
}

/* allowed */

struct reading {
	const struct keys *k;
	struct lists *lists;
};

static int check_not_secret(const struct keys *k, const struct keys_line *l,
			    struct str word, const unsigned char *key,
			    struct err *e)
{
	if (memcmp(key, k->secret, KEY_SIZE) != 0)
		return 0;
	return keys_wrong(
		l, word, e,
		"this is our secret key, which nobody else may see: make "
		"a new pair, and write public keys here");
}

static int take_allowed(void *self, struct keys_line *l, struct err *e)
{
	struct reading *in = self;
	struct allowed *a = &in->lists->allowed[in->lists->allowed_count];
	struct str word = keys_word(l), name;
	int r = keys_read_key(l, word, a->key, e);

	if (!r)
		r = check_not_secret(in->k, l, word, a->key, e);
	if (r)
		return r;
	name = str_trim(str_cut(&l->rest, '#'));
	if (!name.n)
		return keys_wrong(l, (struct str){ word.p + word.n, 0 }, e,
				  "expected a name behind the key, to know "
				  "whose it is");
	if (name.n > KEYS_NAME_MAX)
		return keys_wrong(l, name, e, "a name of more than %d bytes",
				  KEYS_NAME_MAX);
	memcpy(a->name, name.p, name.n);
	a->name[name.n] = '\0';
	a->line = l->number;
	in->lists->allowed_count++;
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, KEY_SIZE); /* key is the first member */
}

static int compare_allowed(const void *a, const void *b)
{
	const struct allowed *x = a, *y = b;
	int order = compare_keys(a, b);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static int sort_allowed(const char *path, struct lists *s, struct err *e)
{
	qsort(s->allowed, s->allowed_count, sizeof(*s->allowed),
	      compare_allowed);
	for (size_t i = 1; i < s->allowed_count; i++)
		if (!compare_keys(&s->allowed[i - 1], &s->allowed[i]))
			return err_set(e, -EINVAL,
				       "%s:%zu:1: this key is in line %zu "
				       "already, as '%s'",
				       path, s->allowed[i].line,
				       s->allowed[i - 1].line,
				       s->allowed[i - 1].name);
	return 0;
}

/* servers */

static int take_server(void *self, struct keys_line *l, struct err *e)
{
	struct reading *in = self;
	struct server *s = &in->lists->servers[in->lists->server_count];
	struct str word = keys_word(l), key = keys_word(l);
	unsigned char bytes[KEY_SIZE];
	int r;

	if (word.n > KEYS_ENDPOINT_MAX)
		return keys_wrong(l, word, e,
				  "an endpoint of more than %d bytes",
				  KEYS_ENDPOINT_MAX);
	snprintf(s->endpoint, sizeof(s->endpoint), STR_FMT, STR_ARG(word));
	if (!endpoint_is_tcp(s->endpoint) || endpoint_check(s->endpoint, NULL))
		return keys_wrong(l, word, e,
				  "expected tcp://host:port and a key, "
				  "which is what it has");
	for (size_t i = 0; i < in->lists->server_count; i++)
		if (!strcmp(in->lists->servers[i].endpoint, s->endpoint))
			return keys_wrong(l, word, e, "%s has a line already",
					  s->endpoint);
	r = keys_read_key(l, key, bytes, e);
	if (!r)
		r = check_not_secret(in->k, l, key, bytes, e);
	if (r)
		return r;
	snprintf(s->key, sizeof(s->key), STR_FMT, STR_ARG(key));
	in->lists->server_count++;
	return keys_no_more(l, e);
}

/* Both lists, each of which may be absent. */

static size_t count_lines(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n < KEYS_LINES_MAX ? n : KEYS_LINES_MAX;
}

static int read_allowed(const char *path, struct str text, struct reading *in,
			struct err *e)
{
	int r;

	in->lists->allowed =
		calloc(count_lines(text), sizeof(*in->lists->allowed));
	if (!in->lists->allowed)
		return -ENOMEM;
	r = keys_each_line(path, text, take_allowed, in, e);
	return r ? r : sort_allowed(path, in->lists, e);
}

static int read_servers(const char *path, struct str text, struct reading *in,
			struct err *e)
{
	in->lists->servers =
		calloc(count_lines(text), sizeof(*in->lists->servers));
	if (!in->lists->servers)
		return -ENOMEM;
	return keys_each_line(path, text, take_server, in, e);
}

static int read_list(struct reading *in, const char *name,
		     int (*read)(const char *, struct str, struct reading *,
				 struct err *),
		     struct err *e)
{
	char path[PATH_MAX];
	struct buf b;
	int r;

	buf_init(&b, KEYS_FILE_MAX);
	r = keys_read_file(in->k->folder, name, false, path, &b, e);
	if (!r)
		r = read(path, buf_view(&b), in, e);
	buf_done(&b);
	return !r || r == -ENOENT ? 0 : err_sys(e, r, "%s", path);
}

static void lists_done(struct lists *s)
{
	free(s->allowed);
	free(s->servers);
}

static int read_lists(const struct keys *k, struct lists *s, struct err *e)
{
	struct reading in = { k, s };
	int r = keys_check_folder(k->folder, e);

	if (!r)
		r = read_list(&in, "allowed", read_allowed, e);
	if (!r)
		r = read_list(&in, "servers", read_servers, e);
	return r;
}

int keys_open(const char *folder, struct keys **ret, struct err *e)
{
	struct keys *k = calloc(1, sizeof(*k));
	int r = 0;

	if (k)
		k->folder = strdup(folder);
	if (!k || !k->folder)
		r = -ENOMEM;
	if (!r)
		r = keys_check_folder(folder, e);
	if (!r)
		r = read_own(k, e);
	if (!r)
		r = read_lists(k, &k->lists, e);
	if (r) {
		keys_free(k);
		return r;
	}
	*ret = k;
	return 0;
}

void keys_free(struct keys *k)
{
	if (!k)
		return;
	lists_done(&k->lists);
	free(k->folder);
	explicit_bzero(k, sizeof(*k));
	free(k);
}

/* Asking. */

static const struct allowed *find(const struct lists *s,
				  const unsigned char key[KEY_SIZE])
{
	return s->allowed_count ? bsearch(key, s->allowed, s->allowed_count,
					  sizeof(*s->allowed), compare_keys)
				: NULL;
}

static bool any_gone(const struct lists *old, const struct lists *new)
{
	for (size_t i = 0; i < old->allowed_count; i++)
		if (!find(new, old->allowed[i].key))
			return true;
	return false;
}

int keys_reload(struct keys *k, bool *revoked, struct err *e)
{
	struct lists lists = { 0 };
	int r = read_lists(k, &lists, e);

	if (r) {
		lists_done(&lists);
		return r;
	}
	*revoked = any_gone(&k->lists, &lists);
	lists_done(&k->lists);
	k->lists = lists;
	return 0;
}

const char *keys_allowed(const struct keys *k,
			 const unsigned char key[KEY_SIZE])
{
	const struct allowed *a = find(&k->lists, key);

	if (a)
		return a->name;
	return memcmp(key, k->own, KEY_SIZE) ? NULL : "this machine";
}

/* The line of this endpoint, or that of its host and every port. */
static const struct server *find_server(const struct lists *s,
					const char *endpoint)
{
	size_t host = (size_t)(strrchr(endpoint, ':') - endpoint) + 1;
	const struct server *any = NULL;

	for (size_t i = 0; i < s->server_count; i++) {
		const struct server *at = &s->servers[i];

		if (!strcmp(at->endpoint, endpoint))
			return at;
		if (!strncmp(at->endpoint, endpoint, host) &&
		    !strcmp(at->endpoint + host, "*"))
			any = at;
	}
	return any;
}

int keys_server(const struct keys *k, const char *endpoint,
		char out[KEY_TEXT + 1], struct err *e)
{
	const struct server *s;
	int r = endpoint_check(endpoint, e);

	if (r)
		return r;
	s = find_server(&k->lists, endpoint);
	if (!s && !endpoint_is_here(endpoint))
		return err_set(e, -ENOENT,
			       "%s/servers has no key of %s: add the line "
			       "'%s  KEY' with what 'vigie keygen --show' "
			       "prints there",
			       k->folder, endpoint, endpoint);
	memcpy(out, s ? s->key : k->public_key, KEY_TEXT + 1);
	return 0;
}

void keys_own(const struct keys *k, char public_key[KEY_TEXT + 1],
	      char secret_key[KEY_TEXT + 1])
{
	memcpy(public_key, k->public_key, KEY_TEXT + 1);
	memcpy(secret_key, k->secret_key, KEY_TEXT + 1);
}

const char *keys_folder(const struct keys *k)
{
	return k->folder;
}

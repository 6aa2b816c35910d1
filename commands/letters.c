#include "commands/letters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { BLOCK = 1 << 16, SHORT_ORIGIN = 8 };

/* The index. */

struct reading {
	struct letters *l;
	uint64_t start, at; /* of the line in hand; of what was read */
	size_t number;	    /* of the line in hand */
	size_t room;
};

static void pass_over(struct reading *r, const char *why)
{
	r->l->damaged++;
	log_line(LOG_WARN, "%s:%zu: %s; passed over", r->l->path, r->number,
		 why);
}

/* What stands behind "vigie", "origin" and "seq"? */
static bool is_letter(struct str line)
{
	for (int i = 0; i < 3; i++)
		str_cut(&line, ',');
	return str_starts(line, STR("\"dead\":{"));
}

static int keep(struct reading *r, struct origin o, uint64_t seq)
{
	struct letters *l = r->l;
	struct letter_at *v = l->v;

	if (l->n == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		v = realloc(v, r->room * sizeof(*v));
		if (!v)
			return -ENOMEM;
		l->v = v;
	}
	v[l->n++] = (struct letter_at){ .origin = o,
					.seq = seq,
					.offset = r->start,
					.size = l->line.n,
					.line = r->number };
	l->many_origins |= origin_cmp(v[0].origin, o) != 0;
	return 0;
}

static int end_line(struct reading *r)
{
	struct str line = buf_view(&r->l->line);
	struct err why = { "" };
	struct origin o;
	uint64_t seq;
	int result = buf_error(&r->l->line);

	if (result == -ENOMEM)
		return result;
	if (result)
		pass_over(r, "longer than any letter");
	else if (record_read(line, &o, &seq, &why))
		pass_over(r, why.text);
	else if (!is_letter(line))
		pass_over(r, "a record, not a dead letter");
	else
		return keep(r, o, seq);
	return 0;
}

static int take_block(struct reading *r, struct str block)
{
	int result = 0;

	while (!result && block.n && memchr(block.p, '\n', block.n)) {
		struct str part = str_cut(&block, '\n');

		r->number++;
		buf_add_str(&r->l->line, part);
		r->at += part.n + 1;
		result = end_line(r);
		buf_clear(&r->l->line);
		r->start = r->at;
	}
	buf_add_str(&r->l->line, block);
	r->at += block.n;
	return result;
}

static int read_all(struct letters *l, struct err *e)
{
	struct reading r = { .l = l };
	char block[BLOCK];
	ssize_t n;
	int result = 0;

	while (!result && (n = pread(l->fd, block, sizeof(block),
				     (off_t)r.at))) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, -errno, "%s", l->path);
		result = take_block(&r, (struct str){ block, (size_t)n });
	}
	r.number++;
	if (!result && r.at > r.start)
		pass_over(&r, "not a whole line");
	return result;
}

int letters_read(struct letters *l, const char *path, struct err *e)
{
	*l = (struct letters){ .path = path };
	buf_init(&l->line, RECORD_LINE_MAX);
	l->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (l->fd < 0)
		return err_sys(e, -errno, "%s", path);
	return read_all(l, e);
}

void letters_done(struct letters *l)
{
	if (l->fd >= 0)
		close(l->fd);
	free(l->v);
	buf_done(&l->line);
}

/* Names. */

void letters_name(const struct letters *l, const struct letter_at *at,
		  char *out, size_t size)
{
	char hex[WIRE_ORIGIN_HEX];

	origin_hex(at->origin, hex);
	if (l->many_origins)
		snprintf(out, size, "%.*s:%llu", SHORT_ORIGIN, hex,
			 (unsigned long long)at->seq);
	else
		snprintf(out, size, "%llu", (unsigned long long)at->seq);
}

static bool has_name(const struct letter_at *at, const char *word, size_t n,
		     uint64_t seq)
{
	char hex[WIRE_ORIGIN_HEX];

	origin_hex(at->origin, hex);
	return at->seq == seq && !strncmp(hex, word, n);
}

static int choose(struct letters *l, const char *word, struct err *e)
{
	const char *colon = strchr(word, ':');
	const char *digits = colon ? colon + 1 : word;
	char *end;
	uint64_t seq = strtoull(digits, &end, 10);
	size_t found = 0;

	if (*end || *digits < '0' || *digits > '9')
		return err_set(e, -EINVAL, "'%s' is not SEQ or ORIGIN:SEQ",
			       word);
	for (size_t i = 0; i < l->n; i++)
		if (has_name(&l->v[i], word,
			     colon ? (size_t)(colon - word) : 0, seq)) {
			l->v[i].chosen = true;
			found++;
		}
	if (!found)
		return err_set(e, -ENOENT, "%s: no letter %s", l->path, word);
	if (found > 1)
		return err_set(e, -EINVAL,
			       "%s: %zu letters are %s; name the origin, too, "
			       "as ORIGIN:SEQ",
			       l->path, found, word);
	return 0;
}

int letters_choose(struct letters *l, const char *const *words, size_t n,
		   struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < n && !r; i++)
		r = choose(l, words[i], e);
	return r;
}

void letters_choose_all(struct letters *l)
{
	for (size_t i = 0; i < l->n; i++)
		l->v[i].chosen = !l->v[i].handled;
}

/* The letters themselves. */

static int read_line(struct letters *l, const struct letter_at *at,
		     struct err *e)
{
	char *p;

	buf_clear(&l->line);
	p = buf_grow(&l->line, at->size);
	if (!p)
		return err_sys(e, buf_error(&l->line), "%s", l->path);
	for (size_t done = 0; done < at->size;) {
		ssize_t n = pread(l->fd, p + done, at->size - done,
				  (off_t)(at->offset + done));

		if (n <= 0 && !(n && errno == EINTR))
			return err_sys(e, n ? -errno : -EIO, "%s", l->path);
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int letters_load(struct letters *l, const struct letter_at *at,
		 struct str *line, json_t **ret, struct err *e)
{
	int r = read_line(l, at, e);

	if (r)
		return r;
	*line = buf_view(&l->line);
	*ret = json_parse(*line, e);
	if (*ret && json_is_object(json_object_get(*ret, "dead")) &&
	    json_is_object(json_object_get(*ret, "article")))
		return 0;
	json_decref(*ret);
	err_set(e, -EBADMSG, "no dead letter");
	return err_at(e, -EBADMSG, "%s:%zu: ", l->path, at->line);
}

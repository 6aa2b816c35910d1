/* What is remembered of what is polled: "feed:ADDRESS" (poll.h), "host:NAME"
 * (until when it is to be left alone), and of a file how it looked. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/broken.h"
#include "ingest/poller_parts.h"
#include "parse/url.h"

enum { SAVE_MS = 30000 }; /* while items wait for their pages */

bool poller_host(const char *url, char out[POLLER_HOST])
{
	struct url u;

	url_split(str_of(url), &u);
	if (!u.host.n || u.host.n >= POLLER_HOST)
		return false;
	for (size_t i = 0; i < u.host.n; i++) {
		char c = u.host.p[i];

		out[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	out[u.host.n] = '\0';
	return true;
}

static bool has_memory(const struct poller *p)
{
	return p->o->memory && !p->o->one_shot;
}

/* "feed:URL", "host:NAME". */
static struct str key_of(struct poller *p, const char *kind, const char *name)
{
	buf_clear(&p->place);
	buf_add_z(&p->place, kind);
	buf_add_z(&p->place, name);
	return buf_view(&p->place);
}

static int save_host(struct poller *p)
{
	char text[48];
	int64_t until = web_host_until(p->o->tools->web, str_of(p->rested));
	int r = 0;

	if (until <= 0) {
		p->rested[0] = '\0';
		return 0;
	}
	snprintf(text, sizeof(text), "host1 %" PRId64 "\n", until);
	if (has_memory(p) && p->o->memory->remember)
		r = p->o->memory->remember(p->o->memory->self,
					   key_of(p, "host:", p->rested),
					   str_of(text));
	if (!r)
		p->rested[0] = '\0';
	return r;
}

static int save_file(struct poller *p)
{
	if (p->listed) /* it is to be read again */
		return 0;
	return p->o->memory->remember(p->o->memory->self, buf_view(&p->key),
				      str_of(p->position));
}

/* Who was in the middle of a document asks for it at once. */
static int write_poll(struct poller *p, struct buf *text)
{
	const size_t room = POLL_ITEMS_MAX + POLLER_SLOTS;
	uint64_t *ids = calloc(room, sizeof(*ids));
	int64_t next = p->poll.next_ms;
	size_t n = 0;
	int r;

	if (!ids)
		return -ENOMEM;
	if (poller_amidst(p))
		p->poll.next_ms = p->poll.asked_ms;
	if (!broken("feed-early"))
		n = poller_open_ids(p, ids, room);
	r = poll_write(&p->poll, ids, n, p->listed, text);
	p->poll.next_ms = next;
	free(ids);
	return r;
}

static int save_poll(struct poller *p)
{
	struct buf text;
	int r;

	buf_init(&text, POLL_TEXT_MAX);
	r = write_poll(p, &text);
	if (!r)
		r = p->o->memory->remember(p->o->memory->self,
					   key_of(p, "feed:", p->poll.shown),
					   buf_view(&text));
	buf_done(&text);
	return r;
}

int poller_save(struct poller *p)
{
	int r = p->rested[0] ? save_host(p) : 0;

	if (r || !p->unsaved)
		return r;
	if (has_memory(p) && p->o->memory->remember)
		r = p->file ? save_file(p) : save_poll(p);
	if (!r)
		p->unsaved = false;
	return r;
}

void poller_save_later(struct poller *p)
{
	p->save_ms = p->polls->clock() + SAVE_MS;
}

int poller_save_amidst(struct poller *p)
{
	int r;

	if (p->file ||
	    (p->polls->clock() < p->save_ms && !broken("feed-early")))
		return 0;
	p->unsaved = true;
	r = poller_save(p);
	p->unsaved = true;
	if (!r)
		poller_save_later(p);
	return r;
}

static int recall_host(struct poller *p, struct buf *text)
{
	char host[POLLER_HOST];
	int64_t until;
	int r;

	if (!poller_host(poll_address(&p->poll), host))
		return 0;
	r = p->o->memory->recall(p->o->memory->self,
				 key_of(p, "host:", host), text);
	buf_add_char(text, '\0');
	if (!r && !buf_error(text) &&
	    sscanf(text->p, "host1 %" SCNd64, &until) == 1)
		web_host_set(p->o->tools->web, str_of(host), until);
	return r < 0 ? r : 0;
}

static int recall_poll(struct poller *p, struct buf *text)
{
	int r = p->o->memory->recall(p->o->memory->self,
				     key_of(p, "feed:", p->poll.shown), text);

	if (!r)
		r = poll_read(&p->poll, buf_view(text));
	if (r == -EINVAL)
		poller_note(p, "%s: what was remembered of it is damaged; it "
			       "is asked as if for the first time",
			    p->poll.shown);
	return r == -EINVAL || r == STEP_END ? 0 : r;
}

int poller_recall(struct poller *p)
{
	struct buf text;
	int r;

	if (!has_memory(p))
		return 0;
	buf_init(&text, POLL_TEXT_MAX);
	r = recall_poll(p, &text);
	if (!r)
		r = recall_host(p, &text);
	buf_done(&text);
	return r;
}

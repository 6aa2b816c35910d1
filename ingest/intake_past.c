/* Articles that came before: the same ones (known.h) and their near-copies. What
 * is noted goes into the frame of the article, and so lasts if and only if the
 * article does; until then the group has it, for the next one to see. */
#include <string.h>

#include "base/broken.h"
#include "base/hash.h"
#include "ingest/ingest.h"
#include "ingest/intake_parts.h"
#include "ingest/journal_frame.h"

/* The value of a SIGNATURE entry: the leader, then the places, little-endian. */
enum { SIGNATURE = KNOWN_NAME + 4 * MINHASH_SIZE };

static bool is_looked_up(const struct intake *t, const struct raw *raw)
{
	return !raw->again &&
	       (raw->once || t->set->repeats == INGEST_REPEATS_DROP);
}

/* What is known under a name: by the group, else by the state. */
static int look(void *self, const char *name, struct known *ret)
{
	struct intake *t = self;
	char packed[KNOWN_NAME], value[KNOWN_VALUE];
	struct str found, key = { packed, sizeof(packed) };
	struct buf b = { .p = value, .room = sizeof(value),
			 .max = sizeof(value) };
	bool fading = false;
	int r;

	if (broken("no-memory"))
		return STEP_END;
	known_name(name, packed);
	if (group_find(&t->told, JOURNAL_KNOWN, key, &found))
		return known_unpack(found, ret) ? 0 : STEP_END;
	r = state_known(t->state, key, &b, &fading, NULL);
	if (r)
		return r;
	if (!known_unpack(buf_view(&b), ret))
		return STEP_END;
	ret->fading = fading;
	return 0;
}

static int look_up(struct intake *t, struct story *s, struct past *p,
		   struct err *e)
{
	struct known_asked q = { .aliases = s->aliases,
				 .text = known_text(s->title, s->text) };
	int r = t->state ? 0
			 : state_open(NULL, t->origin, NULL, &t->state, e);

	if (r)
		return r;
	memcpy(q.id, s->id, sizeof(q.id));
	memcpy(q.alias, s->alias, sizeof(s->alias));
	r = known_judge(&q, look, t, &p->known);
	if (r)
		return err_sys(e, r, "%s: looking for what came before",
			       s->place);
	p->looked = true;
	p->repeated = p->known.repeated;
	memcpy(s->id, p->known.id, sizeof(s->id));
	s->revision = p->known.revision;
	return 0;
}

static void find_copy(const struct intake *t, struct story *s, struct past *p)
{
	double similarity;

	p->is_signed = true;
	if (!minhash_of(s->text, &p->signature))
		minhash_of_hash(known_text(s->title, s->text), &p->signature);
	p->copy = near_copies_find(t->copies, &p->signature, s->id, p->leader,
				   &similarity);
	if (p->copy)
		memcpy(s->near_of, p->leader, sizeof(s->near_of));
	else
		memcpy(p->leader, s->id, sizeof(p->leader));
}

int intake_look(struct intake *t, const struct raw *raw, struct story *s,
		struct past *ret, struct err *e)
{
	int r = 0;

	ret->looked = ret->repeated = ret->is_signed = ret->copy = false;
	ret->known.count = 0;
	if (is_looked_up(t, raw))
		r = look_up(t, s, ret, e);
	if (!r && t->copies && !ret->repeated)
		find_copy(t, s, ret);
	return r;
}

size_t intake_note_size(const struct past *p)
{
	size_t n = p->is_signed ? JOURNAL_ENTRY_HEAD + KNOWN_NAME + SIGNATURE
				: 0;

	for (size_t i = 0; i < p->known.count; i++)
		n += JOURNAL_ENTRY_HEAD + KNOWN_NAME + p->known.notes[i].size;
	return n;
}

/* Without a journal the state hears of it at once. */
static int add(struct intake *t, struct journal_entry *entry)
{
	if (t->journal)
		return intake_add(t, entry);
	entry->frame = 1;
	return state_apply(t->state, entry, NULL);
}

static void pack(const struct past *p, char out[SIGNATURE])
{
	known_name(p->leader, out);
	for (size_t i = 0; i < 4 * MINHASH_SIZE; i++)
		out[KNOWN_NAME + i] =
			(char)(p->signature.v[i / 4] >> i % 4 * 8 & 0xFF);
}

static int note_signature(struct intake *t, const struct story *s,
			  const struct past *p)
{
	char name[KNOWN_NAME], value[SIGNATURE];
	struct journal_entry entry = { .kind = JOURNAL_SIGNATURE,
				       .name = { name, sizeof(name) },
				       .value = { value, sizeof(value) } };
	int r = 0;

	known_name(s->id, name);
	pack(p, value);
	if (t->journal)
		r = intake_add(t, &entry);
	if (!r)
		near_copies_add(t->copies, &p->signature, p->leader);
	return r;
}

int intake_note(struct intake *t, const struct story *s, const struct past *p)
{
	int r = 0;

	for (size_t i = 0; i < p->known.count && !r; i++) {
		const struct known_entry *n = &p->known.notes[i];

		r = add(t, &(struct journal_entry){
				   .kind = JOURNAL_KNOWN,
				   .name = { n->name, KNOWN_NAME },
				   .value = { n->value, n->size } });
	}
	return !r && p->is_signed ? note_signature(t, s, p) : r;
}

static void load(void *self, struct str id, struct str value)
{
	struct intake *t = self;
	char leader[IDENTITY_HEX];
	struct minhash m = { { 0 } };

	(void)id;
	if (value.n != SIGNATURE)
		return;
	hash_hex((const unsigned char *)value.p, KNOWN_NAME, leader);
	for (size_t i = 0; i < 4 * MINHASH_SIZE; i++)
		m.v[i / 4] |= (uint32_t)(unsigned char)value.p[KNOWN_NAME + i]
			      << i % 4 * 8;
	near_copies_add(t->copies, &m, leader);
}

int intake_load_copies(struct intake *t, struct err *e)
{
	const struct ingest_settings *s = t->set;
	int r;

	if (s->copies == COPIES_KEEP)
		return 0;
	r = near_copies_new(s->copies_window, s->copies_at, &t->copies);
	if (r)
		return err_sys(e, r, "a window of %lld articles for "
			       "near-copies", (long long)s->copies_window);
	return t->journal ? state_signatures(t->state, load, t, e) : 0;
}

/* Damage by the thousand: a journal cut at every byte of its last 64 KB, and
 * 900 journals with flipped bits, zeroed pages and missing ends. Whatever is
 * damaged, what is not comes back, the start is not blocked, and no number is
 * given again. */
#include "tests/journal_kit.h"

enum { FRAMES_MAX = 2048, SEGMENTS_MAX = 16, LAST = 65536, PAGE = 4096 };

/* The journal as it was, before any damage. */
struct known_frame {
	size_t segment; /* an index */
	uint64_t at, end;
	uint64_t first, n; /* its articles */
};

static struct known_frame frames[FRAMES_MAX];
static size_t n_frames;
static struct str whole[SEGMENTS_MAX];
static size_t n_segments;
static uint64_t given; /* articles */

static uint64_t state;

static uint64_t random_below(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

static void remember_segment(size_t i)
{
	static uint64_t ends[FRAMES_MAX];
	struct journal_frame f;
	size_t n;

	whole[i] = kit_bytes(i + 1);
	n = kit_ends(whole[i], ends, FRAMES_MAX);
	for (size_t k = 0; k < n; k++) {
		ck_assert(journal_frame_read(
			(struct str){ whole[i].p + ends[k],
				      whole[i].n - ends[k] },
			&f));
		ck_assert_uint_lt(n_frames, FRAMES_MAX);
		frames[n_frames++] = (struct known_frame){
			i, ends[k], ends[k + 1], f.seq, f.articles
		};
	}
}

/* Frames of one to `most` articles until there are so many bytes. */
static void make_journal(uint64_t bytes, uint64_t most)
{
	state = 88172645463325252;
	kit_open();
	while (journal_stats(kit.j).bytes < bytes)
		kit_frames(1, 1 + random_below(most));
	given = journal_next(kit.j);
	n_segments = journal_stats(kit.j).segments;
	ck_assert_uint_le(n_segments, SEGMENTS_MAX);
	kit_close();
	for (size_t i = 0; i < n_segments; i++)
		remember_segment(i);
}

static void end_journal(void)
{
	for (size_t i = 0; i < n_segments; i++)
		free((char *)whole[i].p);
	kit_end();
}

/* One more article: it is committed, read, and found again. */
static void goes_on(void)
{
	uint64_t seq, articles = kit.articles;

	seq = kit_add();
	kit_commit();
	journal_seek(kit.j, seq);
	kit_reads(seq);
	kit_reads_end();
	kit_close();
	kit_open();
	ck_assert_uint_eq(kit.articles, articles + 1);
	ck_assert_uint_eq(journal_next(kit.j), seq + 1);
}

/* Cut at every byte of [from, to) of the only segment. */
static void cut_everywhere(uint64_t from, uint64_t to)
{
	size_t last = n_frames;
	uint64_t kept = given;

	for (uint64_t at = to; at-- > from;) {
		uint64_t end;

		while (frames[last - 1].end > at)
			kept = frames[--last].first;
		end = frames[last - 1].end;
		kit_patch(1, end, whole[0].p + end, at - end);
		ck_assert_int_eq(truncate(kit_path(1), (off_t)at), 0);
		kit_open();
		ck_assert_uint_eq(kit.articles, kept);
		ck_assert(!kept || kit.last_seq == kept - 1);
		if (at == end) {
			kit_quiet();
			ck_assert_uint_eq(journal_next(kit.j), kept);
		} else {
			kit_says("cut off");
			ck_assert_uint_eq(journal_next(kit.j),
					  kept + WIRE_WINDOW_MAX);
			ck_assert_uint_eq(journal_stats(kit.j).cut_bytes,
					  at - end);
			ck_assert_int_eq(kit_length(1), (off_t)end);
		}
		ck_assert_uint_eq(journal_stats(kit.j).damaged_bytes, 0);
		if (at % 64 == 0)
			goes_on();
		kit_close();
		unlink(kit_path(2));
	}
	ck_assert_int_eq(kit_files("damaged"), 0);
}

static void cut_quarter(uint64_t quarter)
{
	uint64_t from;

	kit_begin();
	make_journal(LAST + 4096, 3);
	ck_assert_uint_gt(whole[0].n, LAST + JOURNAL_HEAD);
	from = whole[0].n - LAST + quarter * (LAST / 4);
	cut_everywhere(from, from + LAST / 4);
	end_journal();
}

START_TEST(cut_at_every_byte_of_the_first_quarter)
{
	cut_quarter(0);
}
END_TEST

START_TEST(cut_at_every_byte_of_the_second_quarter)
{
	cut_quarter(1);
}
END_TEST

START_TEST(cut_at_every_byte_of_the_third_quarter)
{
	cut_quarter(2);
}
END_TEST

START_TEST(cut_at_every_byte_of_the_fourth_quarter)
{
	cut_quarter(3);
}
END_TEST

/* Damaged journals. */

struct damage {
	size_t segment; /* an index */
	uint64_t at, n; /* these bytes are not what they were */
	bool cut;	/* they, and all behind, are gone */
};

static void restore(void)
{
	char line[CHECK_PATH_MAX + 64];

	for (size_t i = 0; i < n_segments; i++)
		kit_put(i + 1, whole[i]);
	unlink(kit_path(n_segments + 1));
	if (kit_files("damaged")) {
		snprintf(line, sizeof(line), "rm -f '%s'/damaged-*",
			 kit.folder);
		ck_assert_int_eq(system(line), 0);
	}
}

static bool is_hit(const struct known_frame *f, const struct damage *d)
{
	return f->segment == d->segment && f->end > d->at &&
	       (d->cut || f->at < d->at + d->n);
}

/* What the folder alone cannot tell: a last segment that ends with a frame. */
static bool cannot_be_seen(const struct damage *d)
{
	bool at_end = d->at == JOURNAL_HEAD;

	if (!d->cut || d->segment + 1 < n_segments)
		return false;
	for (size_t i = 0; i < n_frames; i++)
		at_end |= frames[i].segment == d->segment &&
			  frames[i].end == d->at;
	return at_end;
}

static void check_damaged(const struct damage *d)
{
	uint64_t kept = 0, lost = 0;
	int files;
	struct journal_stats s;

	kit_open();
	s = journal_stats(kit.j);
	for (size_t i = 0; i < n_frames; i++) {
		const struct known_frame *f = &frames[i];
		bool hit = is_hit(f, d);

		for (uint64_t seq = f->first; seq < f->first + f->n; seq++)
			KIT_MUST(kit.seen[seq] == !hit);
		*(hit ? &lost : &kept) += f->n;
	}
	ck_assert_uint_eq(kit.articles, kept);
	if (!cannot_be_seen(d)) {
		ck_assert_uint_gt(kit.notes.n, 0);
		ck_assert_uint_gt(s.damaged_bytes + s.damaged_frames +
					  s.cut_bytes + (d->at == 0),
				  0);
		ck_assert_uint_ge(journal_next(kit.j), given);
		ck_assert_uint_le(s.damaged_articles, lost);
	}
	files = kit_files("damaged");
	goes_on();
	ck_assert_int_eq(kit_files("damaged"), files);
	kit_close();
}

static void damage_journals(void (*make)(struct damage *d))
{
	struct damage d;

	kit_begin();
	kit.s.segment = 64 << 10;
	make_journal(200 << 10, 12);
	ck_assert_uint_ge(n_segments, 3);
	for (int i = 0; i < 300; i++) {
		if (i)
			restore();
		d = (struct damage){ .segment = random_below(n_segments) };
		make(&d);
		check_damaged(&d);
	}
	end_journal();
}

static void flip_bit(struct damage *d)
{
	char c;

	d->at = random_below(whole[d->segment].n);
	d->n = 1;
	c = (char)(whole[d->segment].p[d->at] ^ 1 << random_below(8));
	kit_patch(d->segment + 1, d->at, &c, 1);
}

static void zero_page(struct damage *d)
{
	static const char zeros[PAGE];
	struct str s = whole[d->segment];

	d->at = random_below(s.n / PAGE + 1) * PAGE;
	d->n = s.n - d->at < PAGE ? s.n - d->at : PAGE;
	kit_patch(d->segment + 1, d->at, zeros, d->n);
}

static void cut_end(struct damage *d)
{
	d->cut = true;
	d->at = random_below(whole[d->segment].n);
	d->n = whole[d->segment].n - d->at;
	ck_assert_int_eq(truncate(kit_path(d->segment + 1), (off_t)d->at), 0);
}

START_TEST(three_hundred_flipped_bits_are_all_seen)
{
	damage_journals(flip_bit);
}
END_TEST

START_TEST(three_hundred_zeroed_pages_are_all_seen)
{
	damage_journals(zero_page);
}
END_TEST

START_TEST(three_hundred_missing_ends_are_all_seen)
{
	damage_journals(cut_end);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(cut_at_every_byte_of_the_first_quarter),
		CHECK_TEST(cut_at_every_byte_of_the_second_quarter),
		CHECK_TEST(cut_at_every_byte_of_the_third_quarter),
		CHECK_TEST(cut_at_every_byte_of_the_fourth_quarter),
		CHECK_TEST(three_hundred_flipped_bits_are_all_seen),
		CHECK_TEST(three_hundred_zeroed_pages_are_all_seen),
		CHECK_TEST(three_hundred_missing_ends_are_all_seen),
		CHECK_END,
	};

	return check_main("journal_damage", tests);
}

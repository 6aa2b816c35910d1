/* target_case.h -- a target under test, fed as the sink does it. */
#ifndef VIGIE_TESTS_TARGET_CASE_H
#define VIGIE_TESTS_TARGET_CASE_H

#include <errno.h>

#include "sink/sink.h"
#include "sink/target.h"
#include "tests/check_main.h"

static const struct origin case_origin = { "0123456789abcde" };
#define CASE_ORIGIN "30313233343536373839616263646500"

struct target_case {
	const struct target_kind *kind;
	void *self;
	struct done *found;
	struct buf notes;
	struct err err;
	struct sink_target settings;
};

/* Returns what open returns; notes and err are of this call. */
static inline int case_try(struct target_case *c, const char *place,
			   bool truncate)
{
	struct target_options o = { .place = place,
				    .settings = &c->settings,
				    .truncate = truncate,
				    .notes = &c->notes };

	buf_done(&c->notes);
	buf_init(&c->notes, 1 << 16);
	err_clear(&c->err);
	done_free(c->found);
	ck_assert_int_eq(done_new(&c->found), 0);
	o.found = c->found;
	return c->kind->open(&o, &c->self, &c->err);
}

static inline void case_open(struct target_case *c, const char *place)
{
	ck_assert_msg(case_try(c, place, false) == 0, "%s", c->err.text);
}

static inline void case_close(struct target_case *c)
{
	c->kind->close(c->self);
	c->self = NULL;
	done_free(c->found);
	c->found = NULL;
	buf_done(&c->notes);
}

/* The line of a record about rail with its stance, and about cars. Each
 * ck_assert() is a write into Check's own file: thousands of them, with the
 * name of the source in each, would pass a limit on the size of files. */
static inline void case_line(struct buf *out, uint64_t seq)
{
	char meta[256];
	struct article a = {
		.verdict = STR("\"topics\":[{\"topic\":\"rail\","
			       "\"probability\":0.75,\"stance\":\"favour\","
			       "\"stance_probability\":0.5,\"because\":[]},"
			       "{\"topic\":\"cars\",\"probability\":0.625}],"
			       "\"model\":\"m\""),
	};

	snprintf(meta, sizeof(meta),
		 "\"id\":\"i%llu\",\"title\":\"L\\u2019été \\\"%llu\\\"\","
		 "\"source\":null,\"published\":\"2022-11-29\"",
		 (unsigned long long)seq, (unsigned long long)seq);
	a.meta = str_of(meta);
	if (record_line(out, case_origin, seq, &a, false, NULL))
		ck_abort_msg("record %llu", (unsigned long long)seq);
}

static inline void case_put_line(struct target_case *c, uint64_t seq,
				 struct str line)
{
	struct record r = { .origin = case_origin, .seq = seq, .line = line };

	if (c->kind->write(c->self, &r, &c->err))
		ck_abort_msg("%s", c->err.text);
	done_found(c->found, case_origin, seq);
}

static inline void case_put(struct target_case *c, uint64_t seq)
{
	struct buf line;

	buf_init(&line, RECORD_LINE_MAX);
	case_line(&line, seq);
	case_put_line(c, seq, buf_view(&line));
	buf_done(&line);
}

static inline int case_commit(struct target_case *c)
{
	err_clear(&c->err);
	return c->kind->commit(c->self, &c->err);
}

/* Put and commit all from first to before last. */
static inline void case_run(struct target_case *c, uint64_t first,
			    uint64_t last)
{
	for (uint64_t seq = first; seq < last; seq++)
		case_put(c, seq);
	ck_assert_msg(case_commit(c) == 0, "%s", c->err.text);
}

static inline void case_says(const struct target_case *c, const char *part)
{
	ck_assert_msg(strstr(c->err.text, part), "said: %s", c->err.text);
}

#endif

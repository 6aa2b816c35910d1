#include "ingest/known.h"

#include <errno.h>

#include "base/hash.h"
#include "tests/check_main.h"

#define ID_A "0123456789abcdef0123456789abcdef"
#define ID_B "fedcba9876543210fedcba9876543210"
#define GUID "00000000000000000000000000000001"

/* What is remembered, in place of the state. */
static struct {
	struct known_entry e;
	bool fading;
} rows[64];
static size_t count;
static struct known_answer answer;

static int look(void *self, const char *name, struct known *ret)
{
	char packed[KNOWN_NAME];

	(void)self;
	known_name(name, packed);
	for (size_t i = count; i-- > 0;) {
		struct str value = { rows[i].e.value, rows[i].e.size };

		if (memcmp(rows[i].e.name, packed, KNOWN_NAME))
			continue;
		ck_assert(known_unpack(value, ret));
		ret->fading = rows[i].fading;
		return 0;
	}
	return STEP_END;
}

static void forget(const char *name)
{
	char packed[KNOWN_NAME];

	known_name(name, packed);
	for (size_t i = 0; i < count; i++)
		if (!memcmp(rows[i].e.name, packed, KNOWN_NAME))
			memset(rows[i].e.name, 0xFF, KNOWN_NAME);
}

/* An article comes, and what is noted is remembered. Returns the notes. */
static size_t comes(const char *id, const char *alias, uint64_t text)
{
	struct known_asked q = { .text = text };

	strcpy(q.id, id);
	if (alias)
		strcpy(q.alias[q.aliases++], alias);
	ck_assert_int_eq(known_judge(&q, look, NULL, &answer), 0);
	for (size_t i = 0; i < answer.count; i++)
		rows[count++].e = answer.notes[i];
	return answer.count;
}

static void goes(const char *id, uint32_t revision)
{
	ck_assert(!answer.repeated);
	ck_assert_str_eq(answer.id, id);
	ck_assert_uint_eq(answer.revision, revision);
}

START_TEST(judge_new_then_repeated_then_revised)
{
	ck_assert_uint_eq(comes(ID_A, NULL, 7), 1);
	goes(ID_A, 1);
	ck_assert_uint_eq(comes(ID_A, NULL, 7), 0);
	ck_assert(answer.repeated);
	ck_assert_uint_eq(comes(ID_A, NULL, 8), 1);
	goes(ID_A, 2);
	/* As it was before is a text of its own. */
	comes(ID_A, NULL, 7);
	goes(ID_A, 3);
	comes(ID_B, NULL, 7);
	goes(ID_B, 1);
}
END_TEST

/* Its address has changed, but not its guid. */
START_TEST(judge_known_alias_gives_the_first_id)
{
	ck_assert_uint_eq(comes(ID_A, GUID, 7), 2);
	goes(ID_A, 1);
	ck_assert_uint_eq(comes(ID_B, GUID, 7), 1);
	ck_assert(answer.repeated);
	ck_assert_str_eq(answer.id, ID_A);
	/* Now the address alone is known, too. */
	ck_assert_uint_eq(comes(ID_B, NULL, 7), 0);
	ck_assert(answer.repeated);
	comes(ID_B, NULL, 8);
	goes(ID_A, 2);
	comes(ID_A, GUID, 8);
	ck_assert(answer.repeated);
}
END_TEST

/* URL says A, guid says B: the URL wins, and the guid stays B's. */
START_TEST(judge_url_goes_before_alias)
{
	comes(ID_A, NULL, 1);
	comes(ID_B, GUID, 2);
	ck_assert_uint_eq(comes(ID_A, GUID, 3), 1);
	goes(ID_A, 2);
	comes("00000000000000000000000000000002", GUID, 4);
	goes(ID_B, 2);
}
END_TEST

/* One guid for two articles, by mistake, polled again and again. */
START_TEST(judge_shared_guid_comes_to_rest)
{
	comes(ID_A, GUID, 1);
	goes(ID_A, 1);
	comes(ID_B, GUID, 2);
	goes(ID_A, 2);
	comes(ID_A, GUID, 1);
	comes(ID_B, GUID, 2);
	for (int i = 0; i < 5; i++) {
		ck_assert_uint_eq(comes(ID_A, GUID, 1), 0);
		ck_assert(answer.repeated);
		ck_assert_uint_eq(comes(ID_B, GUID, 2), 0);
		ck_assert(answer.repeated);
	}
}
END_TEST

/* It was listed under the one address, and names the other. */
START_TEST(judge_address_it_was_listed_under_is_a_name)
{
	comes(ID_A, ID_B, 1);
	goes(ID_A, 1);
	comes(ID_B, NULL, 1);
	ck_assert(answer.repeated);
	ck_assert_str_eq(answer.id, ID_A);
	comes(ID_B, NULL, 2);
	goes(ID_A, 2);
	ck_assert_uint_eq(comes(ID_A, ID_A, 2), 0); /* both are one */
	ck_assert(answer.repeated);
}
END_TEST

START_TEST(judge_alias_of_a_forgotten_article_is_given_anew)
{
	comes(ID_A, GUID, 1);
	forget(ID_A);
	ck_assert_uint_eq(comes(ID_B, GUID, 1), 2);
	goes(ID_B, 1);
	comes("00000000000000000000000000000002", GUID, 1);
	ck_assert(answer.repeated);
	ck_assert_str_eq(answer.id, ID_B);
}
END_TEST

/* A feed whose items stay for years while a million others come. */
START_TEST(judge_fading_is_noted_again)
{
	comes(ID_A, GUID, 1);
	comes(ID_B, GUID, 1);
	ck_assert_uint_eq(comes(ID_B, GUID, 1), 0);
	for (size_t i = 0; i < count; i++)
		rows[i].fading = true;
	ck_assert_uint_eq(comes(ID_B, GUID, 1), 3);
	ck_assert(answer.repeated);
	ck_assert_uint_eq(comes(ID_B, GUID, 1), 0);
	comes(ID_B, GUID, 2);
	goes(ID_A, 2);
}
END_TEST

static int fails(void *self, const char *name, struct known *ret)
{
	(void)self;
	(void)name;
	(void)ret;
	return -EIO;
}

START_TEST(judge_lookup_that_fails_is_told)
{
	const struct known_asked q = { .id = ID_A };

	ck_assert_int_eq(known_judge(&q, fails, NULL, &answer), -EIO);
}
END_TEST

START_TEST(pack_and_unpack_are_one)
{
	struct known k = { .id = ID_A, .address = true,
			   .text = 0x0123456789ABCDEFu,
			   .revision = 0xFFFFFFFFu }, got;
	struct known_entry e;

	known_pack(ID_B, &k, &e);
	ck_assert_uint_eq(e.size, KNOWN_VALUE);
	ck_assert_uint_eq((unsigned char)e.name[0], 0xFE);
	ck_assert_uint_eq((unsigned char)e.value[15], 0xEF);
	ck_assert_uint_eq((unsigned char)e.value[16], 0xEF);
	ck_assert_uint_eq((unsigned char)e.value[23], 0x01);
	ck_assert(known_unpack((struct str){ e.value, e.size }, &got));
	ck_assert_str_eq(got.id, ID_A);
	ck_assert_uint_eq(got.text, k.text);
	ck_assert_uint_eq(got.revision, k.revision);
	ck_assert(got.address);
	k.address = false;
	known_pack(ID_B, &k, &e);
	ck_assert_uint_eq(e.size, KNOWN_NAME);
	ck_assert(known_unpack((struct str){ e.value, e.size }, &got));
	ck_assert(!got.address);
	for (size_t n = 0; n < KNOWN_VALUE + 2; n++) {
		static char bytes[KNOWN_VALUE + 2];
		bool good = n == KNOWN_NAME || n == KNOWN_VALUE;

		ck_assert_int_eq(known_unpack((struct str){ bytes, n }, &got),
				 good);
	}
}
END_TEST

static uint64_t hash(const char *title, const char *text)
{
	return known_text(str_of(title), str_of(text));
}

START_TEST(text_only_words_count)
{
	ck_assert_uint_eq(hash("L'\xC3\x89t\xC3\xA9", "\xC2\xAB a \xC2\xBB b."),
			  hash("l\xE2\x80\x99\xC3\xA9t\xC3\xA9 !", "A\n\nb"));
	ck_assert_uint_ne(hash("a", "b"), hash("a", "c"));
	ck_assert_uint_ne(hash("a", "b c"), hash("a b", "c"));
	ck_assert_uint_ne(hash("a", ""), hash("", "a"));
	ck_assert_uint_ne(hash("", "a b"), hash("", "b a"));
	/* What is remembered must not change. */
	ck_assert_uint_eq(hash("", ""), 0xB456BCFC34C2CB2Cu);
	ck_assert_uint_eq(hash("The", "the"), 0x9C150AFCC36F0275u);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(judge_new_then_repeated_then_revised),
		CHECK_TEST(judge_known_alias_gives_the_first_id),
		CHECK_TEST(judge_url_goes_before_alias),
		CHECK_TEST(judge_shared_guid_comes_to_rest),
		CHECK_TEST(judge_address_it_was_listed_under_is_a_name),
		CHECK_TEST(judge_alias_of_a_forgotten_article_is_given_anew),
		CHECK_TEST(judge_fading_is_noted_again),
		CHECK_TEST(judge_lookup_that_fails_is_told),
		CHECK_TEST(pack_and_unpack_are_one),
		CHECK_TEST(text_only_words_count),
		CHECK_END,
	};

	return check_main("known", tests);
}

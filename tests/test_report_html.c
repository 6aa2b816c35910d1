#include "learn/report_html.h"

#include <ctype.h>
#include <errno.h>

#include "learn/report_view.h"
#include "tests/data/allocations.h"
#include "tests/data/said.h"

static struct buf page;

static void write_parts(const struct report_html_part *parts, size_t n)
{
	const struct report_html_fact facts[] = { { "files", "a<b.jsonl" } };
	const struct report_html p = { "mine & yours", facts, 1, parts, n };

	buf_init(&page, 1 << 24);
	ck_assert_int_eq(report_html(&p, &page), 0);
	buf_add_char(&page, '\0');
	page.n--;
}

static void write_page(const struct report *r)
{
	const struct report_html_part part = { "held out", r };

	write_parts(&part, 1);
}

static const char *find(const char *z)
{
	const char *at = strstr(page.p, z);

	ck_assert_msg(at != NULL, "no %s", z);
	return at;
}

static void has(const char *z)
{
	find(z);
}

static void lacks(const char *z)
{
	ck_assert_msg(!strstr(page.p, z), "there is a %s", z);
}

static size_t count(const char *z)
{
	size_t n = 0;

	for (const char *at = page.p; (at = strstr(at, z)); at++)
		n++;
	return n;
}

/* Every tag is closed by its like, every attribute has its quotes, and & begins
 * one of the entities that XML or the page knows. */

struct tags {
	struct str open[64];
	size_t n;
};

static const char *skip_attributes(const char *at)
{
	while (*at != '>' && strncmp(at, "/>", 2)) {
		ck_assert_msg(*at == ' ', "at %.40s", at);
		at += strcspn(at, "=");
		ck_assert_msg(at[1] == '"', "at %.40s", at);
		at = strchr(at + 2, '"');
		ck_assert_ptr_nonnull(at);
		at++;
	}
	return at;
}

static const char *check_tag(struct tags *t, const char *at)
{
	bool closes = *at == '/';
	struct str name = { at + closes, 0 };

	while (isalnum((unsigned char)name.p[name.n]) || name.p[name.n] == '-')
		name.n++;
	ck_assert_msg(name.n > 0, "at %.40s", at);
	if (closes) {
		ck_assert_uint_gt(t->n, 0);
		ck_assert_msg(str_eq(t->open[--t->n], name), STR_FMT
			      " closed by %.40s", STR_ARG(t->open[t->n]), at);
		return name.p + name.n;
	}
	at = skip_attributes(name.p + name.n);
	if (*at != '/') {
		ck_assert_uint_lt(t->n, 64);
		t->open[t->n++] = name;
	}
	return at + (*at == '/');
}

static void well_formed(void)
{
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;",
						"&quot;", "&#39;", "&#160;" };
	struct tags t = { .n = 0 };
	const char *at = page.p;

	ck_assert(!strncmp(at, "<!DOCTYPE html>\n", 16));
	for (at += 15; *at; at++) {
		bool known = *at != '&';

		for (size_t i = 0; i < 6; i++)
			known |= !strncmp(at, entities[i], strlen(entities[i]));
		ck_assert_msg(known, "at %.40s", at);
		if (*at == '<')
			at = check_tag(&t, at + 1);
	}
	ck_assert_uint_eq(t.n, 0);
	lacks("nan");
	lacks("inf<");
}

START_TEST(page_is_well_formed_and_fetches_nothing)
{
	struct report r;
	struct said x;

	said_small(&x);
	r = said_report(&x);
	write_page(&r);
	well_formed();
	lacks("<script");
	lacks("src=");
	lacks("url(");
	lacks("@import");
	ck_assert_uint_eq(count("http"), count("http://www.w3.org/") +
						 count("http-equiv"));
	has("default-src &#39;none&#39;");
	buf_done(&page);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(names_are_text_wherever_they_stand)
{
	const char *topics[] = { "<script>alert('a')</script>", "a&b",
				 "\xEF\xBF\xBF]]>" };
	const char *stances[] = { "<b>", "it's" };
	struct report_html_part part = { "on <i>files</i>\n\xFF", NULL };
	struct report r;
	struct said x;

	said_small(&x);
	x.set.topics = topics;
	x.set.stances = stances;
	x.set.metric = RECIPE_METRIC_MEAN_F1;
	x.set.metric_labels = (struct conf_texts){ stances, 2 };
	r = said_report(&x);
	part.report = &r;
	for (int one_of = 0; one_of < 2; one_of++) {
		write_parts(&part, 1);
		well_formed();
		lacks("<script");
		lacks("<b>it");
		has("&lt;script&gt;alert(&#39;a&#39;)&lt;/script&gt;");
		has("a&amp;b");
		has("on &lt;i&gt;files&lt;/i&gt; \xEF\xBF\xBD</h2>");
		has("<h1><bdi>mine &amp; yours</bdi></h1>");
		has("<dd>a&lt;b.jsonl</dd>");
		buf_done(&page);
		report_done(&r);
		x.set.one_of = true;
		r = said_report(&x);
	}
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(labels_are_the_reports_most_support_first)
{
	struct report r;
	struct said x;

	said_small(&x);
	r = said_report(&x);
	write_page(&r);
	has("<tr><th scope=\"row\"><bdi>sovereignty</bdi></th>"
	    "<td>0.667</td><td>0.667</td>"
	    "<td class=\"bar\" style=\"--v:66.7%\">0.667</td><td>3</td>");
	has("<tr><th scope=\"row\"><bdi>market</bdi></th>"
	    "<td>1.000</td><td>0.500</td>"
	    "<td class=\"bar\" style=\"--v:66.7%\">0.667</td><td>2</td>");
	ck_assert(find("<bdi>sovereignty</bdi></th><td>") <
		  find("<bdi>market</bdi></th><td>"));
	has("<p>1 topic occurs in no document: <bdi>weather</bdi> (told "
	    "wrongly: 1).</p>");
	has("<bdi>weather</bdi></th><td class=\"pieces\">"
	    "<i class=\"false\" style=\"width:100.00%\"></i></td>"
	    "<td>0</td><td>0</td><td>1</td>");
	buf_done(&page);
	report_done(&r);
	said_done(&x);
}
END_TEST

/* What is never told has no precision, which is not the same as none right. */
START_TEST(quotients_of_nothing_are_dashes)
{
	struct report r;
	struct said x;

	said_init(&x, 0);
	said_add(&x, "--.", "900", "");
	r = said_report(&x);
	write_page(&r);
	well_formed();
	has("<bdi>market</bdi></th><td>–</td><td>0.000</td>"
	    "<td class=\"bar\" style=\"--v:0.0%\">0.000</td><td>1</td>");
	buf_done(&page);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(figures_at_the_top)
{
	struct report r;
	struct said x;

	said_small(&x);
	r = said_report(&x);
	write_page(&r);
	has("<div class=\"main\"><span>macro F1</span><b>0.500</b>"
	    "<span>of topics and stances</span></div>");
	has("<div><span>documents</span><b>4</b>");
	has("<div><span>unknown words</span><b>37.5 %</b>");
	has("Of 100 topics told, 60 are right; of 100 that documents really "
	    "have, 60 are found.");
	has("Of 4 stances, 50.0&#160;% are told right");
	has("Always saying <bdi>favour</bdi>, the commonest, would be right "
	    "for 75.0&#160;%");
	buf_done(&page);
	report_done(&r);
	x.set.targets = true;
	x.set.unsure = 0.75;
	r = said_report(&x);
	write_page(&r);
	well_formed();
	lacks("<h3>Topics</h3>");
	lacks("of topics and stances");
	has("<div class=\"main\"><span>macro F1</span><b>0.333</b>");
	has("<span>right where sure</span>");
	has("<path class=\"sure\"");
	buf_done(&page);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(stances_on_each_topic_most_asked_first)
{
	struct report r;
	struct said x;

	said_small(&x);
	said_add(&x, ".a.", "090", "010");
	r = said_report(&x);
	write_page(&r);
	well_formed();
	ck_assert_uint_eq(count("<details class=\"topic\">"), 2);
	has("<details class=\"topic\"><summary><bdi>market</bdi> "
	    "<span class=\"bar\" style=\"--v:66.7%\">0.667</span> "
	    "<span>3</span></summary>");
	ck_assert(find("<summary><bdi>market</bdi>") <
		  find("<summary><bdi>sovereignty</bdi>"));
	buf_done(&page);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(no_stance_at_all_is_said)
{
	struct report r;
	struct said x;

	said_init(&x, 2);
	said_add(&x, "-..", "900", "555");
	r = said_report(&x);
	write_page(&r);
	well_formed();
	has("<p>No document has a stance.</p>");
	buf_done(&page);
	report_done(&r);
	said_done(&x);
}
END_TEST

enum { MANY_MAX = 60 };

/* As many documents as topics, one each; the first `wrong` of them are taken
 * for the next. The last topic is known to nobody when `foreign`. */
static struct report many(uint32_t n, uint32_t wrong, bool one_of, bool foreign)
{
	static const char *names[MANY_MAX];
	static char text[MANY_MAX][16];
	struct example *v = calloc(n, sizeof(*v));
	unsigned char *labels = calloc(n, n);
	struct corpus c = { .v = v, .n = n, .topics = names,
			    .topic_count = n };
	struct report_set set = { .topics = names, .topic_count = n,
				  .one_of = one_of };
	struct scores s;
	struct report r;

	ck_assert_int_eq(scores_init(&s, n, n, 0), 0);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t told = i < wrong ? i + 1 : i;

		snprintf(text[i], sizeof(text[i]), "n%u", i);
		names[i] = text[i];
		v[i].labels = labels + (size_t)i * n;
		v[i].labels[i] = !foreign || i + 1 < n;
		s.judged[i] = 1;
		s.given[(size_t)i * n + told] = 1;
		s.probability[(size_t)i * n + told] = 0.9;
	}
	ck_assert_int_eq(report_make(&r, &set, &c, &s), 0);
	scores_done(&s);
	free(v);
	free(labels);
	return r;
}

START_TEST(matrix_of_thirty_is_whole)
{
	struct report r = many(30, 2, true, false);

	write_page(&r);
	well_formed();
	lacks("with the most errors");
	ck_assert_uint_eq(count("</bdi></span></th>"), 30);
	has("<td class=\"no\" style=\"--a:0.600\" title=\"n0, taken for n1: 1 "
	    "of 1 (100.0 %)\">1</td>");
	has("title=\"n7, told rightly: 1 of 1 (100.0 %)\">1</td>");
	has("1 × <bdi>n0</bdi> taken for <bdi>n1</bdi>; 1 × <bdi>n1</bdi> "
	    "taken for <bdi>n2</bdi>.");
	lacks("class=\"long\"");
	buf_done(&page);
	report_done(&r);
}
END_TEST

START_TEST(matrix_of_more_has_those_that_were_confused)
{
	struct report r = many(31, 2, true, false);

	write_page(&r);
	well_formed();
	has("Of 31 topics, the 3 with the most errors.");
	ck_assert_uint_eq(count("</bdi></span></th>"), 3);
	has("<div class=\"long\"");
	buf_done(&page);
	report_done(&r);
	r = many(60, 59, true, false);
	write_page(&r);
	has("Of 60 topics, the 30 with the most errors.");
	ck_assert_uint_eq(count("</bdi></span></th>"), 30);
	ck_assert_uint_eq(count("× <bdi>"), 10);
	buf_done(&page);
	report_done(&r);
	r = many(31, 0, true, false);
	write_page(&r);
	well_formed();
	has("No topic was taken for another.");
	lacks("class=\"matrix");
	buf_done(&page);
	report_done(&r);
}
END_TEST

START_TEST(matrix_lacks_what_the_model_does_not_know)
{
	struct report r = many(3, 1, true, true);

	write_page(&r);
	well_formed();
	has("Not in it: 1 of the documents, as the model does not know");
	buf_done(&page);
	report_done(&r);
}
END_TEST

START_TEST(many_topics_are_those_with_errors)
{
	struct report r = many(31, 2, false, false);

	write_page(&r);
	well_formed();
	ck_assert_uint_eq(count("<td class=\"pieces\">"), 3);
	has("Not shown: 28 topics without an error.");
	has(" The 12 topics with the most support, of 31.");
	/* a reliability and a coverage diagram, micro average, 12 topics */
	ck_assert_uint_eq(count("<svg "), 15);
	ck_assert_uint_eq(count("</desc>"), 15);
	buf_done(&page);
	report_done(&r);
	r = many(30, 2, false, false);
	write_page(&r);
	ck_assert_uint_eq(count("<td class=\"pieces\">"), 30);
	lacks("Not shown");
	buf_done(&page);
	report_done(&r);
}
END_TEST

/* A heading a part and a way to each; no id is there twice. */
START_TEST(parts_have_ids_of_their_own)
{
	struct report_html_part parts[2];
	struct report r;
	struct said x;

	said_small(&x);
	r = said_report(&x);
	parts[0] = (struct report_html_part){ "cross-validation", &r };
	parts[1] = (struct report_html_part){ "by hand", &r };
	write_parts(parts, 2);
	well_formed();
	has("<a href=\"#part2\">by hand</a>");
	has("<h2>cross-validation</h2>");
	for (const char *at = page.p; (at = strstr(at, " id=\"")); at++) {
		char id[40];

		snprintf(id, sizeof(id), "%.*s", (int)strcspn(at + 5, "\"") + 6,
			 at);
		ck_assert_msg(count(id) == 1, "%s is there %zu times", id,
			      count(id));
	}
	buf_done(&page);
	report_done(&r);
	said_done(&x);
}
END_TEST

START_TEST(repeats_show_their_spread)
{
	struct report v[2], m;
	struct said x;

	said_small(&x);
	v[0] = said_report(&x);
	x.s.given[0] = 0;
	v[1] = said_report(&x);
	ck_assert_int_eq(report_mean(&m, v, 2), 0);
	write_page(&m);
	well_formed();
	has("± 0.047; of topics and stances");
	has("<td>1.5</td>");
	has("<b>4</b><span>2 times</span>");
	buf_done(&page);
	for (int i = 0; i < 2; i++)
		report_done(&v[i]);
	report_done(&m);
	said_done(&x);
}
END_TEST

START_TEST(no_room_is_told)
{
	struct report_html p = { "x", NULL, 0, NULL, 1 };
	struct report_html_part part = { "held out", NULL };
	struct report r;
	struct said x;
	size_t whole;
	int n = 0;

	said_small(&x);
	r = said_report(&x);
	part.report = &r;
	p.parts = &part;
	write_page(&r);
	whole = page.n;
	buf_done(&page);
	buf_init(&page, whole / 2);
	ck_assert_int_eq(report_html(&p, &page), -EMSGSIZE);
	buf_done(&page);
	for (bool failed = true; failed; n += failed) {
		int result;

		buf_init(&page, 1 << 24);
		allocations_fail_at((unsigned long)n + 1);
		result = report_html(&p, &page);
		failed = allocations_failed();
		allocations_fail_at(0);
		ck_assert_int_eq(result, failed ? -ENOMEM : 0);
		buf_done(&page);
	}
	ck_assert_int_ge(n, 10);
	report_done(&r);
	said_done(&x);
}
END_TEST

/* Both ends are the shares p from which what was seen lies as far as 95 % of
 * all samples do at most: n (seen - p)^2 = z^2 p (1 - p). */
START_TEST(interval_is_wilsons)
{
	static const double n[] = { 1, 3, 10, 100, 2015 };
	static const double part[] = { 0, 0.25, 0.5, 0.8, 1 };
	const double z = 1.96;

	for (int i = 0; i < 25; i++) {
		double p[2], seen = part[i % 5], cases = n[i / 5];

		report_view_interval(seen * cases, cases, &p[0], &p[1]);
		ck_assert(p[0] >= 0 && p[0] <= seen + 1e-12);
		ck_assert(p[1] <= 1 && p[1] >= seen - 1e-12);
		ck_assert(p[0] < p[1]);
		for (int k = 0; k < 2; k++)
			ck_assert_double_eq_tol(
				sqrt(cases) * fabs(seen - p[k]),
				z * sqrt(p[k] * (1 - p[k])), 1e-4);
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(page_is_well_formed_and_fetches_nothing),
		CHECK_TEST(names_are_text_wherever_they_stand),
		CHECK_TEST(labels_are_the_reports_most_support_first),
		CHECK_TEST(quotients_of_nothing_are_dashes),
		CHECK_TEST(figures_at_the_top),
		CHECK_TEST(stances_on_each_topic_most_asked_first),
		CHECK_TEST(no_stance_at_all_is_said),
		CHECK_TEST(matrix_of_thirty_is_whole),
		CHECK_TEST(matrix_of_more_has_those_that_were_confused),
		CHECK_TEST(matrix_lacks_what_the_model_does_not_know),
		CHECK_TEST(many_topics_are_those_with_errors),
		CHECK_TEST(parts_have_ids_of_their_own),
		CHECK_TEST(repeats_show_their_spread),
		CHECK_TEST(no_room_is_told),
		CHECK_TEST(interval_is_wilsons),
		CHECK_END,
	};

	return check_main("report_html", tests);
}

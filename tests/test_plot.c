#include "learn/plot.h"

#include "tests/check_main.h"

static struct buf page;
static struct plot plot;

/* A frame from (10, 20) to (110, 70) that shows 0 to 5, and 0.5 to 1. */
static void begin(void)
{
	buf_init(&page, 1 << 16);
	plot = (struct plot){ &page, 10, 20, 100, 50, 0, 5, 0.5, 1 };
}

static void has(const char *z)
{
	buf_add_char(&page, '\0');
	ck_assert_int_eq(buf_error(&page), 0);
	ck_assert_msg(strstr(page.p, z) != NULL, "no %s in %s", z, page.p);
	page.n--;
}

START_TEST(edges_are_where_the_frame_is)
{
	begin();
	ck_assert_double_eq(plot_x(&plot, 0), 10);
	ck_assert_double_eq(plot_x(&plot, 5), 110);
	ck_assert_double_eq(plot_y(&plot, 0.5), 70);
	ck_assert_double_eq(plot_y(&plot, 1), 20);
	ck_assert_double_eq(plot_y(&plot, 0.75), 45);
	buf_done(&page);
}
END_TEST

START_TEST(picture_has_title_and_description)
{
	begin();
	plot_open(&plot, 7, 120, 90, STR("a < b"), STR("1 & 2"));
	plot_frame(&plot);
	plot_close(&plot);
	has("viewBox=\"0 0 120 90\"");
	has("aria-labelledby=\"p7-title\" aria-describedby=\"p7-desc\"");
	has("<title id=\"p7-title\">a &lt; b</title>");
	has("<desc id=\"p7-desc\">1 &amp; 2</desc>");
	has("<rect class=\"frame\" x=\"10\" y=\"20\" width=\"100\" "
	    "height=\"50\"/>\n</svg>");
	buf_done(&page);
}
END_TEST

/* Both edges have one, whatever the steps add up to. */
START_TEST(ticks_reach_both_edges)
{
	begin();
	plot_ticks_x(&plot, 1, 0, 80);
	plot_ticks_y(&plot, 0.1, 1);
	has("<line class=\"grid\" x1=\"10.00\" y1=\"20.00\" x2=\"10.00\" "
	    "y2=\"80.00\"/>\n<text class=\"x\" x=\"10.00\" y=\"96.00\">0<");
	has("<text class=\"x\" x=\"110.00\" y=\"96.00\">5<");
	has("<text class=\"y\" x=\"4.00\" y=\"74.00\">0.5<");
	has("<text class=\"y\" x=\"4.00\" y=\"24.00\">1.0<");
	ck_assert_ptr_null(strstr(page.p, ">6<"));
	ck_assert_ptr_null(strstr(page.p, ">1.1<"));
	buf_done(&page);
}
END_TEST

START_TEST(axes_are_named_in_plain_text)
{
	begin();
	plot_name_x(&plot, 70, "<x>");
	plot_name_y(&plot, "y");
	has("<text class=\"axis right\" x=\"110\" y=\"102\">&lt;x&gt;</text>");
	has("<text class=\"axis\" x=\"4\" y=\"10\">y</text>");
	buf_done(&page);
}
END_TEST

START_TEST(marks_lie_where_they_should)
{
	begin();
	plot_line_open(&plot, "a");
	plot_to(&plot, 0, 0.5);
	plot_to(&plot, 2.5, 1);
	plot_line_close(&plot);
	has("<polyline class=\"a\" points=\"10.00,70.00 60.00,20.00 \"/>");
	plot_segment(&plot, "ideal", 0, 1, 5, 0.5);
	has("<line class=\"ideal\" x1=\"10.00\" y1=\"20.00\" x2=\"110.00\" "
	    "y2=\"70.00\"/>");
	plot_circle(&plot, "dot", 2.5, 0.75, 4, "%d < %d", 1, 2);
	has("<circle class=\"dot\" cx=\"60.00\" cy=\"45.00\" r=\"4\">"
	    "<title>1 &lt; 2</title></circle>");
	plot_diamond(&plot, "sure", 2.5, 0.75, 7, "here");
	has("<path class=\"sure\" d=\"M60.00 38.00l7 7l-7 7l-7 -7z\">"
	    "<title>here</title></path>");
	plot_text(&plot, "name", 1, 2, "%s", "a&b");
	has("<text class=\"name\" x=\"1.00\" y=\"2.00\">a&amp;b</text>");
	buf_done(&page);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(edges_are_where_the_frame_is),
		CHECK_TEST(picture_has_title_and_description),
		CHECK_TEST(ticks_reach_both_edges),
		CHECK_TEST(axes_are_named_in_plain_text),
		CHECK_TEST(marks_lie_where_they_should),
		CHECK_END,
	};

	return check_main("plot", tests);
}

/* plot.h -- a chart as an SVG picture within a page: a frame with ticks, and
 * lines, points and bars in it. Colours, strokes and sizes of text are the
 * page's style sheet's, by the classes named below. Pure. */
#ifndef VIGIE_PLOT_H
#define VIGIE_PLOT_H

#include "base/str.h"

/* Lengths are units of the picture, from its top left corner; classes, formats
 * and what they are given are markup, names of axes plain text. */
struct plot {
	struct buf *out;
	double left, top, width, height; /* of the frame */
	double x0, x1, y0, y1; /* what its edges stand for: left, right,
				* bottom, top */
};

/* Begin a picture of that size. The title says what it is, the description
 * what is in it, for who cannot see it: both plain text. id is the picture's
 * number on the page. */
void plot_open(struct plot *p, unsigned id, double width, double height,
	       struct str title, struct str description);
/* The frame, of class frame. */
void plot_frame(const struct plot *p);
void plot_close(const struct plot *p);

double plot_x(const struct plot *p, double x);
double plot_y(const struct plot *p, double y);

/* A tick (a text of class x or y, on a line of class grid) at either edge and
 * every step between. X ticks stand below the line at `bottom`. */
void plot_ticks_x(const struct plot *p, double step, int digits,
		  double bottom);
void plot_ticks_y(const struct plot *p, double step, int digits);
/* What the axes are: x below the ticks, y above the frame. */
void plot_name_x(const struct plot *p, double bottom, const char *name);
void plot_name_y(const struct plot *p, const char *name);

/* A line through points, by plot_to() between open and close. */
void plot_line_open(const struct plot *p, const char *class);
void plot_to(const struct plot *p, double x, double y);
void plot_line_close(const struct plot *p);
void plot_segment(const struct plot *p, const char *class, double x, double y,
		  double to_x, double to_y);
/* A mark at a point of the frame, with a sentence that shows where the pointer
 * rests: a circle of that radius, or a diamond. */
void plot_circle(const struct plot *p, const char *class, double x, double y,
		 double radius, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
void plot_diamond(const struct plot *p, const char *class, double x, double y,
		  double radius, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* A text at a place of the picture. */
void plot_text(const struct plot *p, const char *class, double left,
	       double top, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#endif

#include "learn/plot.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "learn/html.h"

enum { TICK = 16, NAME = 32 /* from the frame down to the text */ };

void plot_open(struct plot *p, unsigned id, double width, double height,
	       struct str title, struct str description)
{
	struct buf *b = p->out;

	buf_printf(b,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		   "viewBox=\"0 0 %g %g\" role=\"img\" "
		   "aria-labelledby=\"p%u-title\" "
		   "aria-describedby=\"p%u-desc\">\n<title id=\"p%u-title\">",
		   width, height, id, id, id);
	html_add_text(b, title);
	buf_printf(b, "</title>\n<desc id=\"p%u-desc\">", id);
	html_add_text(b, description);
	buf_add_z(b, "</desc>\n");
}

void plot_frame(const struct plot *p)
{
	buf_printf(p->out,
		   "<rect class=\"frame\" x=\"%g\" y=\"%g\" width=\"%g\" "
		   "height=\"%g\"/>\n",
		   p->left, p->top, p->width, p->height);
}

void plot_close(const struct plot *p)
{
	buf_add_z(p->out, "</svg>\n");
}

double plot_x(const struct plot *p, double x)
{
	return p->left + p->width * (x - p->x0) / (p->x1 - p->x0);
}

double plot_y(const struct plot *p, double y)
{
	return p->top + p->height * (p->y1 - y) / (p->y1 - p->y0);
}

static void line(const struct plot *p, const char *class, double x, double y,
		 double to_x, double to_y)
{
	buf_printf(p->out,
		   "<line class=\"%s\" x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" "
		   "y2=\"%.2f\"/>\n",
		   class, x, y, to_x, to_y);
}

void plot_ticks_x(const struct plot *p, double step, int digits, double bottom)
{
	int n = (int)lround((p->x1 - p->x0) / step);

	for (int i = 0; i <= n; i++) {
		double v = p->x0 + i * step, at = plot_x(p, v);

		line(p, "grid", at, p->top, at, bottom);
		plot_text(p, "x", at, bottom + TICK, "%.*f", digits, v);
	}
}

void plot_ticks_y(const struct plot *p, double step, int digits)
{
	int n = (int)lround((p->y1 - p->y0) / step);

	for (int i = 0; i <= n; i++) {
		double v = p->y0 + i * step, at = plot_y(p, v);

		line(p, "grid", p->left, at, p->left + p->width, at);
		plot_text(p, "y", p->left - 6, at + 4, "%.*f", digits, v);
	}
}

void plot_name_x(const struct plot *p, double bottom, const char *name)
{
	buf_printf(p->out, "<text class=\"axis right\" x=\"%g\" y=\"%g\">",
		   p->left + p->width, bottom + NAME);
	html_add_z(p->out, name);
	buf_add_z(p->out, "</text>\n");
}

void plot_name_y(const struct plot *p, const char *name)
{
	buf_printf(p->out, "<text class=\"axis\" x=\"%g\" y=\"%g\">", 4.0,
		   p->top - 10);
	html_add_z(p->out, name);
	buf_add_z(p->out, "</text>\n");
}

void plot_line_open(const struct plot *p, const char *class)
{
	buf_printf(p->out, "<polyline class=\"%s\" points=\"", class);
}

void plot_to(const struct plot *p, double x, double y)
{
	buf_printf(p->out, "%.2f,%.2f ", plot_x(p, x), plot_y(p, y));
}

void plot_line_close(const struct plot *p)
{
	buf_add_z(p->out, "\"/>\n");
}

void plot_segment(const struct plot *p, const char *class, double x, double y,
		  double to_x, double to_y)
{
	line(p, class, plot_x(p, x), plot_y(p, y), plot_x(p, to_x),
	     plot_y(p, to_y));
}

static void add_sentence(const struct plot *p, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void add_sentence(const struct plot *p, const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	html_add_tag(p->out, "<title>", text, "</title>");
}

void plot_circle(const struct plot *p, const char *class, double x, double y,
		 double radius, const char *fmt, ...)
{
	va_list ap;

	buf_printf(p->out,
		   "<circle class=\"%s\" cx=\"%.2f\" cy=\"%.2f\" r=\"%g\">",
		   class, plot_x(p, x), plot_y(p, y), radius);
	va_start(ap, fmt);
	add_sentence(p, fmt, ap);
	va_end(ap);
	buf_add_z(p->out, "</circle>\n");
}

void plot_diamond(const struct plot *p, const char *class, double x, double y,
		  double radius, const char *fmt, ...)
{
	double left = plot_x(p, x), top = plot_y(p, y);
	va_list ap;

	buf_printf(p->out,
		   "<path class=\"%s\" d=\"M%.2f %.2fl%g %gl%g %gl%g %gz\">",
		   class, left, top - radius, radius, radius, -radius, radius,
		   -radius, -radius);
	va_start(ap, fmt);
	add_sentence(p, fmt, ap);
	va_end(ap);
	buf_add_z(p->out, "</path>\n");
}

void plot_text(const struct plot *p, const char *class, double left, double top,
	       const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_printf(p->out, "<text class=\"%s\" x=\"%.2f\" y=\"%.2f\">", class,
		   left, top);
	html_add_z(p->out, text);
	buf_add_z(p->out, "</text>\n");
}

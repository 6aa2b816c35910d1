/* dom_shape.h -- a tree in one line, for tests: "body(p(a[href] 'x'))". */
#ifndef VIGIE_TESTS_DOM_SHAPE_H
#define VIGIE_TESTS_DOM_SHAPE_H

#include "base/str.h"
#include "parse/dom.h"

static inline void dom_shape_node(const struct dom *d, uint32_t i,
				  struct buf *out)
{
	const struct dom_node *node = &d->v[i];

	if (node->tag == DOM_TEXT) {
		buf_printf(out, "'" STR_FMT "'", STR_ARG(node->text));
		return;
	}
	buf_add_str(out, node->text);
	for (uint32_t k = 0; k < node->attribute_count; k++)
		buf_printf(out, "[" STR_FMT "=" STR_FMT "]",
			   STR_ARG(node->attributes[k].name),
			   STR_ARG(node->attributes[k].value));
	if (i + 1 == node->end)
		return;
	buf_add_char(out, '(');
	for (uint32_t k = i + 1; k < node->end; k = d->v[k].end) {
		if (k > i + 1)
			buf_add_char(out, ' ');
		dom_shape_node(d, k, out);
	}
	buf_add_char(out, ')');
}

#endif

/* json_tree.h -- the tree of a plain JSON text, built without jansson's lexer,
 * which asks for one byte at a time. It never refuses: of what is not plain, or
 * no JSON at all, json_parse() asks jansson, whose word and sentence count. */
#ifndef VIGIE_JSON_TREE_H
#define VIGIE_JSON_TREE_H

#include <jansson.h>

#include "base/str.h"

/* The value that json_loadb(JSON_REJECT_DUPLICATES) would return, members in
 * the same order, to json_decref(). NULL for what it would refuse, for what is
 * past the limits of json_read.h, and without memory. */
json_t *json_tree(struct str s);

#endif

/* read_table.h -- documents in rows of CSV or TSV, below a header that names
 * the columns by the recipe's fields. */
#ifndef VIGIE_READ_TABLE_H
#define VIGIE_READ_TABLE_H

#include "learn/read_sink.h"

/* Hand the documents of the file s->path, whose bytes these are, to s, those
 * that have what the recipe's `only` asks for. Rows that cannot be used are
 * complained of and passed over. Returns 0, also then;
 * -EBADMSG with the sentence when the header lacks a column or names one
 * twice, and for a quote that is never closed; -errno. */
int read_table_csv(struct read_sink *s, struct str bytes, struct err *e);
/* Cells between tabs are what they are: a quote or a backslash stands for
 * itself, so that no cell holds a tab or an end of line. */
int read_table_tsv(struct read_sink *s, struct str bytes, struct err *e);

#endif

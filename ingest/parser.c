#include "ingest/parser.h"

#include <errno.h>

int parser_new(struct parser **ret)
{
	*ret = NULL;
	return 0;
}

void parser_free(struct parser *p)
{
	(void)p;
}

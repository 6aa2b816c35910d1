/* model_parts.h -- what model_view() does one after the other. Behind model.h:
 * for model.c, model_head.c and model_tables.c alone. */
#ifndef VIGIE_MODEL_PARTS_H
#define VIGIE_MODEL_PARTS_H

#include "classify/model.h"

/* By kind, their bytes; absent ones are empty. */
struct model_sections {
	struct str at[BUNDLE_KINDS];
	uint32_t version; /* of the bundle */
};

/* Returns -EBADMSG, with the sentence that the bundle is damaged: what. */
int model_damaged(struct err *e, const char *what);

/* Fill in what the head says: settings, names and counts. 0; -EBADMSG with the
 * sentence; -ENOMEM. What was taken by then is m's, for model_free(). */
int model_read_head(struct model *m, struct str json, struct err *e);
/* Point m, whose head was read, into the sections. Likewise. */
int model_view_tables(struct model *m, const struct model_sections *s,
		      struct err *e);

#endif

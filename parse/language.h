/* language.h -- which language a text is in, by its function words. Pure. */
#ifndef VIGIE_LANGUAGE_H
#define VIGIE_LANGUAGE_H

#include "base/str.h"

/* "fr", "en", "de", "es", "it", "nl", "pt"; "other" when too few of the words
 * are of any of these; NULL when the text is too short to say. Looks at the
 * first few thousand bytes at most. */
const char *language_of(struct str text);

#endif

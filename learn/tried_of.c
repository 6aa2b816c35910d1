/* What a table of what was tried is of. */
#include <errno.h>
#include <stdlib.h>

#include "learn/setting.h"
#include "learn/tried.h"

static int hash(struct str s, char out[HASH_SHA_HEX])
{
	unsigned char digest[HASH_SHA_SIZE];
	int r = hash_sha256(s, digest);

	if (!r)
		hash_hex(digest, sizeof(digest), out);
	return r;
}

int tried_identify(struct tried_of *ret, const struct recipe *r,
		   const struct corpus *c, const struct trial_folds *f)
{
	const struct str folds = { (const char *)f->fold,
				   f->repeats * c->n * sizeof(*f->fold) };
	struct recipe bare = *r;
	char *yaml;
	int result;

	bare.name = bare.about = NULL;
	bare.data.n = 0;
	yaml = setting_yaml(&bare);
	result = yaml ? hash(str_of(yaml), ret->recipe) : -ENOMEM;
	free(yaml);
	if (!result)
		result = hash(folds, ret->folds);
	hash_hex(c->digest, HASH_SHA_SIZE, ret->data);
	return result;
}

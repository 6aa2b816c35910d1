#include "learn/lacking.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

static bool is_among(const char *name, const char *const *v, size_t n)
{
	while (n && strcmp(v[n - 1], name))
		n--;
	return n > 0;
}

static int check_metric(const struct recipe *r, const struct corpus *c,
			struct err *e)
{
	uint32_t topics = r->targets ? 0 : c->topic_count;

	for (size_t i = 0; i < r->metric_labels.n; i++) {
		const char *label = r->metric_labels.v[i];

		if (!is_among(label, c->topics, topics) &&
		    !is_among(label, c->stances.v, c->stances.n))
			return err_set(e, -EINVAL,
				       "metric_labels: there is no %s '%s'",
				       r->targets ? "stance"
						  : "topic or stance",
				       label);
	}
	return 0;
}

static bool has_topic(const struct corpus *c, uint32_t topic)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].labels[topic])
			return true;
	return false;
}

static bool has_stance(const struct corpus *c, size_t stance)
{
	for (size_t i = 0; i < c->n; i++)
		if (memchr(c->v[i].labels, 1 + (int)stance, c->topic_count))
			return true;
	return false;
}

int lacking_check(const struct recipe *r, const struct corpus *c,
		  struct err *e)
{
	for (uint32_t t = 0; t < c->topic_count; t++)
		if (!has_topic(c, t))
			log_line(LOG_WARN, "no document is about '%s'",
				 c->topics[t]);
	for (size_t s = 0; s < c->stances.n; s++)
		if (!has_stance(c, s))
			log_line(LOG_WARN, "no document takes the stance '%s'",
				 c->stances.v[s]);
	return check_metric(r, c, e);
}

/* subscribe.c -- for tests: subscribe ENDPOINT PREFIX COUNT [KEYS] prints so
 * many messages, each a line of topic, tab and record, and ends. KEYS is the
 * folder of keys for tcp. */
#include <stdio.h>
#include <stdlib.h>

#include "wire/link.h"

int main(int argc, char **argv)
{
	struct link_options o = { .queue = 1000,
				  .message_max = 64 << 20 };
	struct link_net *net = NULL;
	struct link *l = NULL;
	struct err e = { "" };
	struct keys_settings keys = { argc == 5 ? argv[4] : NULL };
	int r = argc == 4 || argc == 5 ? link_net_open(&net, &e) : -1;
	int left = r ? 0 : atoi(argv[3]);

	if (!r)
		r = link_net_secure(net, &keys, &e);
	if (!r)
		r = link_open(net, LINK_SUB, argv[1], false, o, &l, &e);
	if (!r)
		r = link_subscribe(l, argv[2]);
	while (!r && left) {
		struct link_message m;

		r = link_recv(l, &m, &e);
		if (!r) {
			printf(STR_FMT "\t" STR_FMT "\n", STR_ARG(m.topic),
			       STR_ARG(m.body));
			left--;
		}
		if (r == STEP_WAIT)
			r = link_wait(&l, 1, 1000) < 0;
	}
	if (r)
		fprintf(stderr, "subscribe: %s\n", e.text);
	link_free(l);
	link_net_free(net);
	return r != 0;
}

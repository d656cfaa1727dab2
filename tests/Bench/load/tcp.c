#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static void name_ends(struct operation *op, const struct sockaddr_in *local, const struct sockaddr_in *remote)
{
	map_address(op->local, local->sin_addr.s_addr);
	map_address(op->remote, remote->sin_addr.s_addr);
	op->local_port = ntohs(local->sin_port);
	op->remote_port = ntohs(remote->sin_port);
}

bool run_tcp(struct worker *w)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	struct sockaddr_in server = { .sin_family = AF_INET, .sin_addr.s_addr = loopback_of(w) };
	socklen_t length = sizeof(server);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (listener < 0 || bind(listener, (struct sockaddr *)&server, sizeof(server)) || listen(listener, 64) ||
	    getsockname(listener, (struct sockaddr *)&server, &length))
		return problem(w, "a listening socket");
	for (uint64_t round = 0; next_round(w, round); round++) {
		struct operation *connected = begin(w, OP_TCP_CONNECT, round), *accepted;
		struct sockaddr_in client = {};
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;

		/* Without it each round leaves a port behind for a minute, and soon there is none left. */
		if (fd >= 0)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof(server))) {
			end(w, connected, errno);
			if (fd >= 0)
				close(fd);
			continue;
		}
		end(w, connected, 0);
		accepted = begin(w, OP_TCP_ACCEPT, round);
		length = sizeof(client);
		/* The handshake is over when connect returns: this never waits. */
		peer = accept4(listener, (struct sockaddr *)&client, &length, SOCK_CLOEXEC);
		end(w, accepted, peer < 0 ? errno : 0);
		name_ends(connected, &client, &server);
		name_ends(accepted, &server, &client);
		if (peer >= 0)
			close(peer);
		close(fd);
	}
	close(listener);
	return true;
}

#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define TYPE_A 1
#define TYPE_AAAA 28
#define HEAD 12

static uint16_t id_of(const struct worker *w, uint64_t round)
{
	return (uint16_t)(round * 40503 + w->control->seed + w->index);
}

static uint8_t *put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value & 0xff;
	return at + 2;
}

static uint8_t *put_label(uint8_t *at, const char *text)
{
	size_t length = strlen(text);

	*at++ = length;
	memcpy(at, text, length);
	return at + length;
}

/* q<round>.w<worker>.picket.test */
static size_t make_query(uint8_t *to, const struct worker *w, uint64_t round, uint16_t type)
{
	char label[32];
	uint8_t *at = put16(to, id_of(w, round));

	at = put16(at, 0x0100); /* recursion desired */
	at = put16(at, 1);
	memset(at, 0, 6);
	at += 6;
	snprintf(label, sizeof(label), "q%llu", (unsigned long long)round);
	at = put_label(at, label);
	snprintf(label, sizeof(label), "w%u", w->index);
	at = put_label(at, label);
	at = put_label(at, "picket");
	at = put_label(at, "test");
	*at++ = 0;
	at = put16(at, type);
	at = put16(at, 1);
	return at - to;
}

/* In place: the question stays, one address of the documentation's ranges follows. */
static size_t make_answer(uint8_t *message, size_t length, uint16_t type, uint64_t round)
{
	static const uint8_t v4[4] = { 192, 0, 2, 0 }, v6[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	size_t size = type == TYPE_A ? sizeof(v4) : sizeof(v6);
	uint8_t *at = message + length;

	put16(message + 2, 0x8180);
	put16(message + 6, 1);
	at = put16(at, 0xc000 | HEAD);
	at = put16(at, type);
	at = put16(at, 1);
	at = put16(at, 0);
	at = put16(at, 60);
	at = put16(at, size);
	memcpy(at, type == TYPE_A ? v4 : v6, size);
	at[size - 1] = round;
	return at + size - message;
}

static int bound(const struct worker *w, uint16_t port, struct sockaddr_in *server)
{
	const struct timeval patience = { .tv_sec = 1 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof(*server);

	*server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = loopback_of(w), .sin_port = htons(port) };
	if (fd >= 0 && !bind(fd, (struct sockaddr *)server, sizeof(*server)) &&
	    !getsockname(fd, (struct sockaddr *)server, &length) &&
	    !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int answer_one(int responder, uint16_t type, uint64_t round)
{
	uint8_t message[512];
	struct sockaddr_in client;
	socklen_t size = sizeof(client);
	ssize_t length = recvfrom(responder, message, sizeof(message) - 64, 0, (struct sockaddr *)&client, &size);

	if (length < 0)
		return errno;
	length = make_answer(message, length, type, round);
	return sendto(responder, message, length, 0, (struct sockaddr *)&client, size) < 0 ? errno : 0;
}

bool run_dns(struct worker *w)
{
	struct sockaddr_in server, local, none;
	socklen_t length = sizeof(local);
	int client, responder = bound(w, w->control->dns_port, &server);

	if (responder < 0)
		return problem(w, "a socket for the responder");
	/* At any port: the client's own. */
	client = bound(w, 0, &none);
	if (client < 0 || connect(client, (struct sockaddr *)&server, sizeof(server)) ||
	    getsockname(client, (struct sockaddr *)&local, &length))
		return problem(w, "a socket for queries");
	for (uint64_t round = 0; next_round(w, round); round++) {
		uint16_t type = (round + w->control->seed) % 2 ? TYPE_AAAA : TYPE_A, id = id_of(w, round);
		uint8_t message[512];
		size_t size = make_query(message, w, round, type);
		struct operation *op;
		ssize_t got;
		int error;

		for (enum operation_code code = OP_DNS_QUERY; code <= OP_DNS_ANSWER; code++) {
			op = begin(w, code, round);
			map_address(op->local, local.sin_addr.s_addr);
			map_address(op->remote, server.sin_addr.s_addr);
			op->local_port = ntohs(local.sin_port);
			op->remote_port = ntohs(server.sin_port);
			op->query_id = id;
			op->query_type = type;
			if (code == OP_DNS_QUERY) {
				error = send(client, message, size, 0) < 0 ? errno : 0;
			} else {
				error = answer_one(responder, type, round);
				got = error ? 0 : recv(client, message, sizeof(message), 0);
				if (got < 0)
					error = errno;
				else if (!error && (got < HEAD || message[0] != id >> 8 || message[1] != (id & 0xff)))
					error = EBADMSG;
			}
			end(w, op, error);
		}
	}
	close(client);
	close(responder);
	return true;
}

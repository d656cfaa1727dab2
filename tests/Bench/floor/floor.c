/*
 * floor [--objects DIR] [--ring BYTES] [--lines FILE] [--drain] [--wanted LOW:HIGH] [--call BINDING]... [NAME...]
 *
 * Attaches NAME.bpf.o (process when none is named), says "ready", and reads until SIGINT, SIGTERM or the end of its input; then, and
 * whenever there is a line on its input, it prints a JSON object. It counts the records; with --lines it writes one JSON line for each. Without --drain every record is published by itself,
 * so that the kernel wakes the reader for each one that finds it waiting; with it, all that is there is read and published at
 * once, records gather for half a millisecond, and only then it waits again. --wanted has a bit for each kind, in hexadecimal;
 * --call says which system calls are handed to a program, PROGRAM:enter|exit:LANE:SLOT[,SLOT...].
 */
#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define GATHER_NS 500000
#define WAIT_MS 250

static volatile sig_atomic_t stopped;
static uint64_t records[KINDS_READ];
static bool lines, drain;

static void on_signal(int signal)
{
	(void)signal;
	stopped = 1;
}

/* Returns whether there was anything. */
static bool read_all(struct ring *r)
{
	const struct event_header *record;
	uint32_t length;
	bool any = false;

	while ((record = next_record(r, &length))) {
		any = true;
		if (record->kind < KINDS_READ)
			records[record->kind]++;
		if (lines)
			write_json(record, record->length <= length ? record->length : length);
		if (!drain)
			publish(r);
	}
	/* The lines of one look go out together, and never later than what was read is given up. */
	if (any && lines)
		flush_json();
	if (any)
		publish(r);
	return any;
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static long resident_kib(void)
{
	long pages = 0, ignored;
	FILE *file = fopen("/proc/self/statm", "re");

	if (!file || fscanf(file, "%ld %ld", &ignored, &pages) != 2)
		pages = 0;
	if (file)
		fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void print(const struct programs *p, double cpu)
{
	struct counter sums[EVENT_KIND_MAX];
	const char *comma = "";

	read_counters(p, sums);
	printf("{\"programs\":%u,\"cpu_seconds\":%.6f,\"rss_kib\":%ld,\"kinds\":[", p->attached, cpu, resident_kib());
	for (int kind = 0; kind < KINDS_READ; kind++) {
		const struct counter *c = &sums[kind];

		if (!c->seen && !records[kind])
			continue;
		printf("%s{\"kind\":%d,\"seen\":%llu,\"read\":%llu,\"lost\":%llu,\"refused\":%llu,\"busy\":%llu,\"self\":%llu,\"unasked\":%llu}",
		       comma,
		       kind, (unsigned long long)c->seen, (unsigned long long)records[kind], (unsigned long long)c->lost,
		       (unsigned long long)c->refused, (unsigned long long)c->busy, (unsigned long long)c->self,
		       (unsigned long long)c->unasked);
		comma = ",";
	}
	printf("]}\n");
	fflush(stdout);
}

/* Returns whether the input is at its end. */
static bool asked(const struct programs *p, double cpu)
{
	char text[64];
	ssize_t length = read(STDIN_FILENO, text, sizeof(text));

	if (length > 0)
		print(p, cpu);
	return length <= 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "objects", required_argument, NULL, 'o' }, { "ring", required_argument, NULL, 'r' },
		{ "lines", required_argument, NULL, 'l' }, { "drain", no_argument, NULL, 'd' },
		{ "wanted", required_argument, NULL, 'w' }, { "call", required_argument, NULL, 'c' }, {},
	};
	static const char *const process_only[] = { "process" };
	const struct sigaction stop = { .sa_handler = on_signal };
	const struct timespec gather = { .tv_nsec = GATHER_NS };
	const char *objects = ".build/bpf";
	struct programs p = { .ring_size = 16 << 20, .wanted = { ~0ull, ~0ull } };
	struct epoll_event happening = { .events = EPOLLIN }, input = { .events = EPOLLIN, .data.fd = -1 }, ready[2];
	struct ring r;
	double attached;
	int epoll;

	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
		if (option == 'o') {
			objects = optarg;
		} else if (option == 'r') {
			p.ring_size = strtoul(optarg, NULL, 10);
		} else if (option == 'l') {
			open_json(optarg);
			lines = true;
		} else if (option == 'd') {
			drain = true;
		} else if (option == 'w' && sscanf(optarg, "%lx:%lx", &p.wanted[0], &p.wanted[1]) == 2) {
			continue;
		} else if (option != 'c' || !bind_calls(&p, optarg)) {
			fprintf(stderr, "usage: floor [--objects DIR] [--ring BYTES] [--lines FILE] [--drain] [--wanted LOW:HIGH]"
					" [--call PROGRAM:enter|exit:LANE:SLOT[,SLOT...]]... [NAME...]\n");
			return 2;
		}
	}
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	attach_programs(&p, objects, optind < argc ? (const char *const *)argv + optind : process_only,
			optind < argc ? argc - optind : 1);
	open_ring(&r, p.ring, p.ring_size);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	/* An input that cannot be waited for, a file, asks nothing. */
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, p.ring, &happening) ||
	    (epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input) && errno != EPERM)) {
		perror("floor: epoll");
		return 2;
	}
	/* What loading costs is not what reading costs. */
	attached = cpu_seconds();
	puts("ready");
	fflush(stdout);
	while (!stopped) {
		if (read_all(&r) && drain)
			nanosleep(&gather, NULL);
		else
			for (int i = epoll_wait(epoll, ready, 2, WAIT_MS); i > 0; i--)
				stopped |= ready[i - 1].data.fd == -1 && asked(&p, cpu_seconds() - attached);
	}
	read_all(&r);
	print(&p, cpu_seconds() - attached);
	return 0;
}

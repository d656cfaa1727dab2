/*
 * A generator of work that sensors watch, with a log of what it really did.
 *
 * Each worker is a process of its own, so that its operations have an owner. It does rounds of one kind until it has done as
 * many as it was asked for, the time is over, or it is told to stop; what it did goes into memory that it shares with the
 * program, which writes the log when all is over. Only loopback addresses and a private folder are touched.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum kind { KIND_EXEC, KIND_FILE, KIND_TCP, KIND_DNS, KINDS };

/* What the log says; numbers are read by others. */
enum operation_code {
	OP_EXEC = 1,        /* fork, exec and exit of the no-op; pid is the child */
	OP_FILE_CREATE = 2, /* created, written and closed */
	OP_FILE_RENAME = 3,
	OP_FILE_UNLINK = 4,
	OP_TCP_CONNECT = 5,
	OP_TCP_ACCEPT = 6,
	OP_DNS_QUERY = 7,
	OP_DNS_ANSWER = 8,
	OP_MAX = 9,
};

struct operation {
	uint16_t code;
	uint16_t worker;
	int32_t error;   /* errno; 0: done */
	uint32_t pid;    /* who did it */
	uint32_t number; /* the round; paths and names are made of it */
	uint64_t before; /* boot time in ns */
	uint64_t after;
	uint64_t inode;
	uint32_t device; /* major << 20 | minor */
	uint16_t local_port;
	uint16_t remote_port;
	uint8_t local[16]; /* IPv4 mapped */
	uint8_t remote[16];
	uint16_t query_id;
	uint16_t query_type;
	uint32_t reserved;
};
_Static_assert(sizeof(struct operation) == 88, "operation");

struct log_header {
	char magic[8]; /* "PKTLOAD1" */
	uint32_t operation_size;
	uint32_t workers;
	uint64_t operations;
	uint64_t seed;
	uint64_t begun; /* boot time in ns */
	uint64_t ended;
	char folder[208];
};
_Static_assert(sizeof(struct log_header) == 256, "log_header");

/* As many as workers, behind the header; the operations follow. */
struct log_worker {
	uint32_t pid;
	uint32_t kind;
	uint64_t start; /* as in /proc/PID/stat: boot time in ns, to 10 ms */
};
_Static_assert(sizeof(struct log_worker) == 16, "log_worker");

/* Shared by the program and its workers. */
struct control {
	volatile int stop;
	volatile int go;
	uint64_t seed;
	uint64_t deadline; /* boot time in ns; 0: none */
	uint16_t dns_port;
	bool logging;
	char folder[208];
};

struct worker {
	struct control *control;
	enum kind kind;
	unsigned int index;
	uint64_t rounds; /* 0: until the deadline */
	uint64_t interval; /* ns between rounds; 0: none */
	uint32_t pid;
	uint64_t start;
	uint64_t begun;
	uint64_t ended;
	uint64_t done;
	uint64_t made[OP_MAX];
	uint64_t failed[OP_MAX];
	int last_error;
	uint64_t logged;
	uint64_t unlogged;
	uint64_t capacity;
	struct operation *log;
	char problem[160]; /* why it could not work at all */
};

uint64_t boot_ns(void);

/* Returns at that boot time, or when the program is told to stop. */
void wait_until(const struct control *c, uint64_t time);

/* Waits for the round's turn; false when there is none. Rounds count from 0. */
bool next_round(struct worker *w, uint64_t round);

/* The next entry, with the time set in `before` when there is a log; never NULL. */
struct operation *begin(struct worker *w, enum operation_code code, uint64_t round);

/* Notes the end and the outcome (0 or an errno) of the entry begun last. */
void end(struct worker *w, struct operation *op, int error);

bool problem(struct worker *w, const char *what);

/* Each does all rounds of its worker; false after problem(). */
bool run_exec(struct worker *w);
bool run_file(struct worker *w);
bool run_tcp(struct worker *w);
bool run_dns(struct worker *w);

void map_address(uint8_t to[16], uint32_t address);
uint32_t loopback_of(const struct worker *w);

#endif

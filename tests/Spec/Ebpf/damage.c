// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Takes a sensor apart by bpf(2), and says the boot time in ns before and after: detach LINK; replace LINK, of a cgroup, by a program that does nothing; delete MAP KEY;
 * poke MAP OFFSET VALUE; freeze MAP; consume RING BYTES, by its mapped page. */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long call(int command, union bpf_attr *attributes)
{
	return syscall(__NR_bpf, command, attributes, sizeof(*attributes));
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_BOOTTIME, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

/* A program that lets every packet leave. */
static long nothing(void)
{
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr program = {};

	program.prog_type = BPF_PROG_TYPE_CGROUP_SKB;
	program.expected_attach_type = BPF_CGROUP_INET_EGRESS;
	program.insns = (uint64_t)(uintptr_t)code;
	program.insn_cnt = sizeof(code) / sizeof(code[0]);
	program.license = (uint64_t)(uintptr_t)"GPL";
	return call(BPF_PROG_LOAD, &program);
}

int main(int argc, char **argv)
{
	static char value[65536];
	union bpf_attr object = {}, change = {};
	uint32_t key = argc > 3 && !strcmp(argv[1], "delete") ? atoi(argv[3]) : 0;
	long long before;
	long result;
	int fd;

	object.pathname = (uint64_t)(uintptr_t)argv[2];
	fd = call(BPF_OBJ_GET, &object);
	change.map_fd = fd;
	change.key = (uint64_t)(uintptr_t)&key;
	if (!strcmp(argv[1], "poke")) {
		change.value = (uint64_t)(uintptr_t)value;
		call(BPF_MAP_LOOKUP_ELEM, &change);
		*(uint32_t *)(value + atoi(argv[3])) = atoi(argv[4]);
	}
	if (!strcmp(argv[1], "freeze"))
		change.key = 0;
	if (!strcmp(argv[1], "replace")) {
		memset(&change, 0, sizeof(change));
		change.link_update.link_fd = fd;
		change.link_update.new_prog_fd = nothing();
	}
	before = now();
	if (!strcmp(argv[1], "replace"))
		result = call(BPF_LINK_UPDATE, &change);
	else if (!strcmp(argv[1], "freeze"))
		result = call(BPF_MAP_FREEZE, &change);
	else if (!strcmp(argv[1], "consume")) {
		volatile uint64_t *position = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		result = position == MAP_FAILED ? -1 : 0;
		if (!result)
			*position += atol(argv[3]);
	} else if (!strcmp(argv[1], "detach")) {
		memset(&change, 0, sizeof(change));
		change.link_detach.link_fd = fd;
		result = call(BPF_LINK_DETACH, &change);
	} else if (!strcmp(argv[1], "delete"))
		result = call(BPF_MAP_DELETE_ELEM, &change);
	else
		result = call(BPF_MAP_UPDATE_ELEM, &change);
	printf("%lld %lld\n", before, now());
	return fd < 0 || result < 0;
}

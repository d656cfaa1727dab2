// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Takes a sensor apart by bpf(2), and says the boot time in ns before and after: detach LINK; delete MAP KEY; poke MAP OFFSET VALUE. */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	before = now();
	if (!strcmp(argv[1], "detach")) {
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

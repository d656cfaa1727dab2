// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Begins and executes processes in the ways that a shell cannot. Says the number of the process that matters. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.h"

static void execute(const char *path, const char *text)
{
	execl(path, path, text, (char *)NULL);
	_exit(3);
}

/* Two processes of one number, the second born right after the first has ended. */
static void reuse(const char *first, const char *second)
{
	pid_t pid = fork(), chosen[1];
	struct clone_args how = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)chosen, .set_tid_size = 1 };
	long again;

	if (!pid)
		execute(first, "first");
	MUST(waitpid(pid, NULL, 0) == pid);
	chosen[0] = pid;
	again = syscall(SYS_clone3, &how, sizeof(how));
	if (!again)
		execute(second, "second");
	if (again < 0) {
		printf("0\n");
		return;
	}
	MUST(again == pid && waitpid(pid, NULL, 0) == pid);
	printf("%d\n", pid);
}

/* By a descriptor alone; its name may be gone. */
static void by_descriptor(const char *path, int removed)
{
	char *argv[] = { "by-fd", "argument", NULL }, *environment[] = { NULL };
	int fd = open(path, O_RDONLY);

	MUST(fd >= 0);
	if (removed)
		MUST(!unlink(path));
	printf("%d\n", getpid());
	fflush(stdout);
	syscall(SYS_execveat, fd, "", argv, environment, 0x1000 /* EMPTY_PATH */);
	MUST(0);
}

/* A child that its maker's parent has. */
static void sibling(const char *path)
{
	long child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);

	if (!child)
		execute(path, "sibling");
	MUST(child > 0);
	printf("%ld\n", child);
}

/* Through the 32-bit entry. */
static void compat(const char *path)
{
#if defined(__x86_64__)
	char *low = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	uint32_t *argv = (uint32_t *)(low + 8192);
	long result;

	MUST(low != MAP_FAILED);
	strcpy(low, path);
	strcpy(low + 4096, "by-32");
	argv[0] = argv[1] = (uint32_t)(uintptr_t)(low + 4096);
	argv[2] = 0;
	printf("%d\n", getpid());
	fflush(stdout);
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(11L), "b"(low), "c"(argv), "d"(argv + 2) : "memory", "r8", "r9", "r10", "r11");
	MUST(!result);
#endif
}

int main(int count, char **arguments)
{
	const char *mode = count > 2 ? arguments[1] : "", *path = count > 2 ? arguments[2] : "";

	if (!strcmp(mode, "reuse"))
		reuse(path, arguments[3]);
	else if (!strcmp(mode, "fd"))
		by_descriptor(path, 0);
	else if (!strcmp(mode, "fd-removed"))
		by_descriptor(path, 1);
	else if (!strcmp(mode, "sibling"))
		sibling(path);
	else if (!strcmp(mode, "compat"))
		compat(path);
	else
		return 2;
	return 0;
}

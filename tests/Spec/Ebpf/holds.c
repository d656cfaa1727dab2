// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Traces threads of process PID, says "held" and how many when all of them stand still, and lets them go at the end of its input:
 * all PID; first PID, its first thread alone; others PID, all but the first. write PID writes nowhere in its memory. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.h"

#define THREADS 1024

static pid_t held[THREADS];
static int count;

static int is_held(pid_t thread)
{
	for (int i = 0; i < count; i++)
		if (held[i] == thread)
			return 1;
	return 0;
}

/* Whether it stands still now; one that has ended meanwhile does not. */
static int hold(pid_t thread)
{
	int status;

	if (ptrace(PTRACE_ATTACH, thread, NULL, NULL))
		return 0;
	for (;;) {
		if (waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status))
			return 0;
		if (WSTOPSIG(status) == SIGSTOP)
			return 1;
		/* A signal that was on its way before. */
		MUST(!ptrace(PTRACE_CONT, thread, NULL, (void *)(long)WSTOPSIG(status)));
	}
}

/* One pass over the threads; how many are new. */
static int pass(pid_t pid, const char *which)
{
	char path[64];
	struct dirent *entry;
	int added = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	folder = opendir(path);
	MUST(folder);
	while ((entry = readdir(folder))) {
		pid_t thread = atoi(entry->d_name);

		if (thread <= 0 || is_held(thread) || (!strcmp(which, "first") && thread != pid) || (!strcmp(which, "others") && thread == pid))
			continue;
		if (!hold(thread))
			continue;
		MUST(count < THREADS);
		held[count++] = thread;
		added++;
	}
	closedir(folder);
	return added;
}

int main(int argc, char **argv)
{
	char one = 0;
	pid_t pid;

	MUST(argc == 3);
	pid = atoi(argv[2]);
	if (!strcmp(argv[1], "write")) {
		struct iovec here = { .iov_base = &one, .iov_len = 1 }, nowhere = { .iov_base = NULL, .iov_len = 1 };

		MUST(process_vm_writev(pid, &here, 1, &nowhere, 1, 0) == -1 && errno == EFAULT);
		return 0;
	}
	while (pass(pid, argv[1]))
		;
	MUST(count);
	printf("held %d\n", count);
	fflush(stdout);
	while (read(0, &one, 1) > 0)
		;
	for (int i = 0; i < count; i++)
		MUST(!ptrace(PTRACE_DETACH, held[i], NULL, NULL));
	return 0;
}

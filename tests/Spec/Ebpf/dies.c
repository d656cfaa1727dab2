// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* dies FILE...: a child holds the locks of files or folders, and its number is said. At the first line of its input it is
 * killed, and held where the kernel has begun to end it, with all that it has open ("dies"); at the end of the input it goes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "must.h"

static void *wait_for_nothing(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void hold(char **files)
{
	pthread_t thread;

	MUST(!prctl(PR_SET_PDEATHSIG, SIGKILL));
	for (; *files; files++) {
		int fd = open(*files, O_RDONLY | O_CLOEXEC);

		MUST(fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB));
	}
	MUST(!pthread_create(&thread, NULL, wait_for_nothing, NULL));
	MUST(!ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	raise(SIGSTOP);
	wait_for_nothing(NULL);
}

int main(int argc, char **argv)
{
	char byte;
	int status;
	pid_t child;

	MUST(argc > 1);
	child = fork();
	MUST(child >= 0);
	if (!child)
		hold(argv + 1);
	MUST(waitpid(child, &status, 0) == child && WIFSTOPPED(status));
	MUST(!ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)PTRACE_O_TRACEEXIT));
	MUST(!ptrace(PTRACE_CONT, child, NULL, NULL));
	printf("%d\n", child);
	fflush(stdout);
	if (read(0, &byte, 1) == 1) {
		MUST(!kill(child, SIGKILL));
		MUST(waitpid(child, &status, 0) == child && status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8));
		puts("dies");
		fflush(stdout);
		while (read(0, &byte, 1) > 0)
			;
	}
	/* Who ends lets go as well. */
	kill(child, SIGKILL);
	ptrace(PTRACE_CONT, child, NULL, NULL);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Executes a program in a mount namespace of its own whose root is a folder, so that programs and files may have any path without one of
 * the host's being seen or touched. What to do is in the environment, so that nothing of it is in a command line: ROOT=, CWD=, UID=,
 * EXEC=PATH, ARGC=N, then N arguments; the rest is the program's environment.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static char **at;

static char *next(const char *name)
{
	size_t length = strlen(name);

	if (!*at || strncmp(*at, name, length))
		_exit(90);
	return *at++ + length;
}

int main(int argc, char **argv, char **environment)
{
	static char *arguments[4096];
	at = environment;
	const char *root = next("ROOT="), *directory = next("CWD=");
	int user = atoi(next("UID="));
	const char *program = next("EXEC=");
	int count = atoi(next("ARGC="));

	if (count >= 4096)
		_exit(91);
	for (int i = 0; i < count; i++) {
		if (!*at)
			_exit(92);
		arguments[i] = *at++;
	}
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		_exit(93);
	if (mount(root, root, NULL, MS_BIND, NULL) || chdir(root))
		_exit(94);
	if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir(directory))
		_exit(95);
	if (user && syscall(SYS_setresuid, user, user, user))
		_exit(96);
	execve(program, arguments, at);
	_exit(97);
}

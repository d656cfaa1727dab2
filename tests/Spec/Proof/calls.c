// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Does what rules for auditd look for, harmlessly: system calls on its own things, and programs at chosen paths of a mount namespace of its own. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <libgen.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

static char program[1 << 20];

/* Puts a copy of `from` at `path`, where nobody else sees it, and executes it; by another name when `link` is given. */
static int at(const char *path, const char *from, const char *link)
{
	char folder[4096], *slash;
	struct stat unused;
	long length;
	int fd = open(from, O_RDONLY);

	if (fd < 0 || (length = read(fd, program, sizeof(program))) <= 0)
		return 10;
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return 11;
	strncpy(folder, path, sizeof(folder) - 1);
	dirname(folder);
	if (!stat(folder, &unused)) {
		if (mount("none", folder, "tmpfs", 0, NULL))
			return 12;
	} else {
		slash = strchr(folder + 1, '/');
		if (slash)
			*slash = 0;
		if (mount("none", folder, "tmpfs", 0, NULL))
			return 13;
		for (; slash; slash = strchr(slash + 1, '/')) {
			*slash = '/';
			char *next = strchr(slash + 1, '/');

			if (next)
				*next = 0;
			if (mkdir(folder, 0755))
				return 14;
			if (next)
				*next = '/';
		}
	}
	fd = open(path, O_CREAT | O_WRONLY, 0755);
	if (fd < 0 || write(fd, program, length) != length || close(fd) || chmod(path, 0755))
		return 15;
	if (link && symlink(path, link))
		return 16;
	execl(link ? link : path, link ? link : path, NULL);
	return 17;
}

int main(int argc, char **argv)
{
	const char *what = argv[1];
	struct sysinfo info;

	if (!strcmp(what, "connect")) {
		struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

		connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, sizeof(to));
		return 0;
	}
	if (!strcmp(what, "mknod"))
#ifdef SYS_mknod
		return syscall(SYS_mknod, argv[2], S_IFIFO | 0600, 0) != 0;
#else
		return syscall(SYS_mknodat, AT_FDCWD, argv[2], S_IFIFO | 0600, 0) != 0;
#endif
	if (!strcmp(what, "sysinfo"))
		return sysinfo(&info) != 0;
	if (!strcmp(what, "klog"))
		return syscall(SYS_syslog, 4, NULL, 0) != -1; /* without a buffer nothing is cleared */
	if (!strcmp(what, "alg"))
		return socket(38, SOCK_SEQPACKET, 0) < -1;
	if (!strcmp(what, "as33")) {
		if (syscall(SYS_setresuid, 33, 33, 33))
			return 2;
		execl(argv[2], argv[2], NULL);
		return 3;
	}
	if (!strcmp(what, "at"))
		return at(argv[2], argv[3], argc > 4 ? argv[4] : NULL);
	return 1;
}

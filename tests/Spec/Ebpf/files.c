// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Does to files what its arguments say, one word after the other, and ends with the number of the word that failed. Raw system calls
 * throughout: a test must know which one it sees.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "entry32.h"

static int fd = -1; /* the file opened last */
static int at = 1;  /* the word that is being worked on */
static char **words;

static const char *word(void)
{
	if (!words[at + 1])
		_exit(99);
	return words[++at];
}

static long number(void) { return strtol(word(), NULL, 0); }

static int flags_of(const char *letters)
{
	int flags = O_RDONLY;

	for (; *letters; letters++)
		flags |= *letters == 'w' ? O_WRONLY : *letters == '+' ? O_RDWR : *letters == 'c' ? O_CREAT : *letters == 't' ? O_TRUNC :
			 *letters == 'a' ? O_APPEND : *letters == 'p' ? O_PATH : *letters == 'T' ? O_TMPFILE : *letters == 'x' ? O_CLOEXEC :
			 *letters == 'd' ? O_DIRECTORY : 0;
	return flags;
}

/* A directory's descriptor; "." is the working directory's place. */
static int directory(void)
{
	const char *path = word();
	int opened = strcmp(path, ".") == 0 ? AT_FDCWD : open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (opened < 0 && opened != AT_FDCWD)
		_exit(98);
	return opened;
}

#if defined(__x86_64__)
/* An argument of a 32-bit call: a number, the open file, or a text. */
static long argument(void)
{
	const char *text = word();
	char *end;
	long value = strtol(text, &end, 0);

	return !strcmp(text, "fd") ? fd : *end ? low(text) : value;
}
#endif

/* The other process gets the file by a socket and writes to it; who opened it has closed it before. */
static long pass(const char *path)
{
	int pair[2], got;
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = {};
	struct iovec io = { &byte, 1 };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room) };
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || (child = fork()) < 0)
		return -1;
	if (!child) {
		if (recvmsg(pair[1], &message, 0) != 1 || read(pair[1], &byte, 1) != 1)
			_exit(1);
		memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(got));
		if (write(got, "passed", 6) != 6 || syscall(SYS_close, got))
			_exit(2);
		_exit(0);
	}
	printf("%d\n", child);
	fflush(stdout);
	fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY, 0);
	CMSG_FIRSTHDR(&message)->cmsg_level = SOL_SOCKET;
	CMSG_FIRSTHDR(&message)->cmsg_type = SCM_RIGHTS;
	CMSG_FIRSTHDR(&message)->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), &fd, sizeof(fd));
	if (fd < 0 || sendmsg(pair[0], &message, 0) != 1 || syscall(SYS_close, fd) || write(pair[0], "x", 1) != 1)
		return -1;
	return waitpid(child, &got, 0) == child && !got ? 0 : -1;
}

/* From one file to the open one without the data passing through here. */
static long transfer(const char *how, const char *from)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), pipes[2];
	long done;

	if (in < 0 || pipe(pipes))
		return -1;
	if (!strcmp(how, "copy_file_range"))
		done = syscall(SYS_copy_file_range, in, NULL, fd, NULL, 4, 0);
	else if (!strcmp(how, "sendfile"))
		done = syscall(SYS_sendfile, fd, in, NULL, 4);
	else
		done = syscall(SYS_splice, in, NULL, pipes[1], NULL, 4, 0) == 4 ? syscall(SYS_splice, pipes[0], NULL, fd, NULL, 4, 0) : -1;
	close(in);
	close(pipes[0]);
	close(pipes[1]);
	return done == 4 ? 0 : -1;
}

static char shaken[4096];
static size_t shaken_at;
static volatile int shaking = 1;

static void *shake(void *unused)
{
	while (shaking)
		((volatile char *)shaken)[shaken_at] ^= 'a' ^ 'b';
	return unused;
}

/* Makes and removes a folder again and again, while another thread changes the last letter of its name. */
static long race(const char *path, long times)
{
	pthread_t thread;

	strcpy(shaken, path);
	shaken_at = strlen(path) - 1;
	if (pthread_create(&thread, NULL, shake, NULL))
		return -1;
	for (long i = 0; i < times; i++)
		syscall(i & 1 ? SYS_unlinkat : SYS_mkdirat, AT_FDCWD, shaken, i & 1 ? AT_REMOVEDIR : 0700);
	shaking = 0;
	return pthread_join(thread, NULL);
}

static void *churn(void *folder)
{
	char path[4096];

	for (int i = 0; i < 50; i++) {
		snprintf(path, sizeof(path), "%s/%ld-%d", (char *)folder, syscall(SYS_gettid), i);
		int opened = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY, 0600);
		if (write(opened, "x", 1) != 1)
			_exit(97);
		syscall(SYS_close, opened);
		syscall(SYS_unlinkat, AT_FDCWD, path, 0);
	}
	return NULL;
}

static long threads(const char *folder, long count)
{
	pthread_t all[64];

	for (long i = 0; i < count; i++)
		if (pthread_create(&all[i], NULL, churn, (void *)folder))
			return -1;
	for (long i = 0; i < count; i++)
		pthread_join(all[i], NULL);
	return 0;
}

static long by_handle(int flags, const char *path)
{
	struct { struct file_handle head; char bytes[128]; } handle = { .head.handle_bytes = 128 };
	int mount, place = open("/", O_RDONLY | O_DIRECTORY);

	if (syscall(SYS_name_to_handle_at, AT_FDCWD, path, &handle, &mount, 0))
		return -1;
	close(place);
	place = open(".", O_RDONLY | O_DIRECTORY);
	return fd = syscall(SYS_open_by_handle_at, place, &handle, flags);
}

static void tell(const char *path)
{
	struct stat s;

	if (lstat(path, &s))
		_exit(96);
	printf("%lu %u:%u %o %u %u %ld\n", (unsigned long)s.st_ino, major(s.st_dev), minor(s.st_dev), s.st_mode & 07777, s.st_uid, s.st_gid,
	       (long)s.st_size);
	fflush(stdout);
}

static long act(const char *name)
{
#define IS(text) (!strcmp(name, text))
	long a, b, c;
	const char *p, *q;

	if (IS("open")) { a = flags_of(word()); return fd = syscall(SYS_openat, AT_FDCWD, word(), a, 0640); }
	if (IS("openat")) { b = directory(); a = flags_of(word()); return fd = syscall(SYS_openat, b, word(), a, 0640); }
	if (IS("openat2")) {
		struct { unsigned long long flags, mode, resolve; } how = { .flags = flags_of(word()) };
		how.mode = how.flags & (O_CREAT | O_TMPFILE) ? 0600 : 0;
		return fd = syscall(437, AT_FDCWD, word(), &how, sizeof(how));
	}
	if (IS("handle")) { a = flags_of(word()); return by_handle(a, word()); }
	if (IS("write")) { p = word(); return write(fd, p, strlen(p)) == (long)strlen(p) ? 0 : -1; }
	if (IS("pwrite")) { p = word(); return pwrite(fd, p, strlen(p), 0) == (long)strlen(p) ? 0 : -1; }
	if (IS("writev") || IS("pwritev")) {
		struct iovec parts[2] = { { "ab", 2 }, { "cd", 2 } };
		return (IS("writev") ? writev(fd, parts, 2) : pwritev(fd, parts, 2, 1)) == 4 ? 0 : -1;
	}
	if (IS("copy_file_range") || IS("sendfile") || IS("splice")) return transfer(name, word());
	if (IS("fallocate")) return syscall(SYS_fallocate, fd, 0, 0, number());
	if (IS("futimens")) return syscall(SYS_utimensat, fd, NULL, NULL, 0);
	if (IS("pass")) return pass(word());
	if (IS("read")) { char byte; return read(fd, &byte, 1) < 0; }
	if (IS("wait")) { return usleep(30000); }
	if (IS("close")) return syscall(SYS_close, fd);
	if (IS("dup")) return dup(fd);
	if (IS("close_dup")) return syscall(SYS_close, fd + 1);
	if (IS("dup3")) { a = open("/dev/null", O_RDONLY); return syscall(SYS_dup3, a, fd, 0); }
	if (IS("range")) return syscall(436, fd, fd + 5, 0);
	if (IS("map")) { p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0); ((char *)p)[0] = 'M'; return p == MAP_FAILED; }
	if (IS("ftruncate")) return syscall(SYS_ftruncate, fd, number());
	if (IS("fchmod")) return syscall(SYS_fchmod, fd, number());
	if (IS("fchown")) { a = number(); return syscall(SYS_fchown, fd, a, number()); }
	if (IS("unlinkat")) { a = directory(); p = word(); return syscall(SYS_unlinkat, a, p, 0); }
	if (IS("removedir")) { a = directory(); p = word(); return syscall(SYS_unlinkat, a, p, AT_REMOVEDIR); }
	if (IS("mkdirat")) { a = directory(); p = word(); return syscall(SYS_mkdirat, a, p, 0750); }
	if (IS("renameat2")) { a = directory(); p = word(); b = directory(); q = word(); return syscall(SYS_renameat2, a, p, b, q, number()); }
	if (IS("linkat")) { a = directory(); p = word(); b = directory(); q = word(); return syscall(SYS_linkat, a, p, b, q, 0); }
	if (IS("linkfd")) { b = directory(); q = word(); return syscall(SYS_linkat, fd, "", b, q, AT_EMPTY_PATH); }
	if (IS("linkproc")) {
		static char place[64];
		snprintf(place, sizeof(place), "/proc/self/fd/%d", fd);
		b = directory();
		return syscall(SYS_linkat, AT_FDCWD, place, b, word(), AT_SYMLINK_FOLLOW);
	}
	if (IS("linkfollow")) { a = directory(); p = word(); b = directory(); return syscall(SYS_linkat, a, p, b, word(), AT_SYMLINK_FOLLOW); }
	if (IS("chmodproc")) {
		static char place[64];
		snprintf(place, sizeof(place), "/proc/self/fd/%d", fd);
		return syscall(SYS_fchmodat, AT_FDCWD, place, number());
	}
	if (IS("symlinkat")) { p = word(); a = directory(); q = word(); return syscall(SYS_symlinkat, p, a, q); }
	if (IS("fchmodat")) { a = directory(); p = word(); return syscall(SYS_fchmodat, a, p, number()); }
	if (IS("fchmodat2")) { a = directory(); p = word(); b = number(); return syscall(452, a, p, b, number()); }
	if (IS("lchownat")) { a = directory(); p = word(); b = number(); c = number(); return syscall(SYS_fchownat, a, p, b, c, AT_SYMLINK_NOFOLLOW); }
	if (IS("fchownat")) { a = directory(); p = word(); b = number(); c = number(); return syscall(SYS_fchownat, a, p, b, c, 0); }
	if (IS("chownfd")) { b = number(); c = number(); return syscall(SYS_fchownat, fd, "", b, c, AT_EMPTY_PATH); }
	if (IS("truncate")) { p = word(); return syscall(SYS_truncate, p, number()); }
	if (IS("mknodat")) { a = directory(); p = word(); b = number(); return syscall(SYS_mknodat, a, p, b, number()); }
#if defined(__x86_64__)
	if (IS("creat")) return fd = syscall(SYS_creat, word(), 0640);
	if (IS("old_open")) { a = flags_of(word()); return fd = syscall(SYS_open, word(), a, 0640); }
	if (IS("unlink")) return syscall(SYS_unlink, word());
	if (IS("rmdir")) return syscall(SYS_rmdir, word());
	if (IS("mkdir")) return syscall(SYS_mkdir, word(), 0750);
	if (IS("rename")) { p = word(); return syscall(SYS_rename, p, word()); }
	if (IS("link")) { p = word(); return syscall(SYS_link, p, word()); }
	if (IS("symlink")) { p = word(); return syscall(SYS_symlink, p, word()); }
	if (IS("chmod")) { p = word(); return syscall(SYS_chmod, p, number()); }
	if (IS("lchown")) { p = word(); a = number(); return syscall(SYS_lchown, p, a, number()); }
	if (IS("mknod")) { p = word(); a = number(); return syscall(SYS_mknod, p, a, number()); }
	if (IS("renameat")) { a = directory(); p = word(); b = directory(); return syscall(SYS_renameat, a, p, b, word()); }
	if (IS("call32")) { a = number(); b = argument(); c = argument(); { long d = argument(), e = argument(); return call32(a, b, c, d, e, argument()); } }
	if (IS("opens32")) { a = number(); b = argument(); c = argument(); { long d = argument(); return fd = call32(a, b, c, d, 0600, 0); } }
	if (IS("chown")) { p = word(); a = number(); return syscall(SYS_chown, p, a, number()); }
	if (IS("dup2")) { a = open("/dev/null", O_RDONLY); return syscall(SYS_dup2, a, fd); }
	if (IS("open32")) { a = flags_of(word()); return fd = call32(5, low(word()), a, 0640); }
	if (IS("close32")) return call32(6, fd, 0, 0);
	if (IS("unlink32")) return call32(10, low(word()), 0, 0);
	if (IS("rename32")) { p = word(); return call32(38, low(p), low(word()), 0); }
	if (IS("mkdir32")) return call32(39, low(word()), 0700, 0);
#endif
	if (IS("chdir")) return chdir(word());
	if (IS("chroot")) return chroot(word());
	if (IS("unshare")) return unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (IS("bind")) { p = word(); return mount(p, word(), NULL, MS_BIND, NULL); }
	if (IS("tmpfs")) return mount("tmpfs", word(), "tmpfs", 0, NULL);
	if (IS("deep")) { p = word(); for (a = number(); a > 0; a--) if (mkdir(p, 0700) || chdir(p)) return -1; return 0; }
	if (IS("race")) { p = word(); return race(p, number()); }
	if (IS("threads")) { p = word(); return threads(p, number()); }
	if (IS("fork")) { a = fork(); if (a > 0) { waitpid(a, NULL, 0); _exit(0); } return 0; }
	if (IS("exec")) return execl("/bin/true", "true", NULL);
	if (IS("hold")) { char byte; return read(0, &byte, 1) < 0; }
	if (IS("tell")) { tell(word()); return 0; }
	_exit(95);
}

int main(int count, char **arguments)
{
	words = arguments;
	for (; at < count; at++) {
		int here = at;

		if (act(arguments[at]) < 0) {
			fprintf(stderr, "%s: %s\n", arguments[here], strerror(errno));
			_exit(here);
		}
	}
	_exit(0);
}

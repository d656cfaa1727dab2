/* Stands before the C library's functions that change files, and tells the platter. Preloaded into the program under test. */
#define _GNU_SOURCE
#include "platter.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define SEEN __attribute__((visibility("default")))

static int open_at(int directory, const char *path, int flags, mode_t mode)
{
	int fd = (int)syscall(SYS_openat, directory, path, flags, mode);

	if (fd >= 0 && !(flags & O_PATH)) {
		int error = errno;

		platter_opened(fd, flags);
		errno = error;
	}
	return fd;
}

#define OPEN(name, directory, path, parameters)                                           \
	SEEN int name parameters                                                                  \
	{                                                                                         \
		mode_t mode = 0;                                                                  \
		if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {                        \
			va_list rest;                                                             \
			va_start(rest, flags);                                                    \
			mode = va_arg(rest, mode_t);                                              \
			va_end(rest);                                                             \
		}                                                                                 \
		return open_at(directory, path, flags, mode);                                     \
	}

OPEN(open, AT_FDCWD, path, (const char *path, int flags, ...))
OPEN(open64, AT_FDCWD, path, (const char *path, int flags, ...))
OPEN(openat, directory, path, (int directory, const char *path, int flags, ...))
OPEN(openat64, directory, path, (int directory, const char *path, int flags, ...))

SEEN int __open_2(const char *path, int flags)
{
	return open_at(AT_FDCWD, path, flags, 0);
}

SEEN int __open64_2(const char *path, int flags)
{
	return open_at(AT_FDCWD, path, flags, 0);
}

SEEN int creat(const char *path, mode_t mode)
{
	return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

SEEN int creat64(const char *path, mode_t mode)
{
	return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* `offset` below 0: where the descriptor stood. */
static ssize_t wrote(int fd, ssize_t written, off_t offset)
{
	int error = errno;

	if (written > 0)
		platter_wrote(fd, offset < 0 ? lseek(fd, 0, SEEK_CUR) - written : offset, written);
	errno = error;
	return written;
}

SEEN ssize_t write(int fd, const void *bytes, size_t count)
{
	return wrote(fd, syscall(SYS_write, fd, bytes, count), -1);
}

SEEN ssize_t writev(int fd, const struct iovec *parts, int count)
{
	return wrote(fd, syscall(SYS_writev, fd, parts, count), -1);
}

SEEN ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
	return wrote(fd, syscall(SYS_pwrite64, fd, bytes, count, offset), offset);
}

SEEN ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
	return pwrite(fd, bytes, count, offset);
}

SEEN ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	return wrote(fd, syscall(SYS_pwritev, fd, parts, count, offset, 0L), offset);
}

SEEN ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	return pwritev(fd, parts, count, offset);
}

SEEN int ftruncate(int fd, off_t size)
{
	int result = (int)syscall(SYS_ftruncate, fd, size);

	if (result == 0)
		platter_resized(fd, size);
	return result;
}

SEEN int ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, size);
}

/* Allocation alone changes the size, which the sync reads anyway; a punched or zeroed range is content. */
SEEN int fallocate(int fd, int mode, off_t offset, off_t length)
{
	int result = (int)syscall(SYS_fallocate, fd, mode, offset, length);

	if (result == 0 && mode & ~1)
		platter_wrote(fd, offset, length);
	return result;
}

SEEN int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
	return fallocate(fd, mode, offset, length);
}

SEEN int fsync(int fd)
{
	return platter_sync(fd) ? 0 : (int)syscall(SYS_fsync, fd);
}

SEEN int fdatasync(int fd)
{
	return platter_sync(fd) ? 0 : (int)syscall(SYS_fdatasync, fd);
}

SEEN int unlinkat(int directory, const char *path, int flags)
{
	ino_t gone = platter_only_name(directory, path);
	int result = (int)syscall(SYS_unlinkat, directory, path, flags);

	if (result == 0)
		platter_forget(gone);
	return result;
}

SEEN int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

/* Names move at the directory's fsync, by what is there then; a name that is taken over may end a file. */
SEEN int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned int flags)
{
	ino_t gone = platter_only_name(to_directory, to);
	int result = (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);

	if (result == 0 && flags == 0 && platter_only_name(to_directory, to) != gone)
		platter_forget(gone);
	return result;
}

SEEN int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
	return renameat2(from_directory, from, to_directory, to, 0);
}

SEEN int rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

#define _GNU_SOURCE
#include "platter.h"
#include "content.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BUCKETS = 256 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct file *files[BUCKETS];
static char folder[PATH_MAX], twin[PATH_MAX];
static size_t folder_length;
static dev_t device;
static unsigned long objects;
static bool ready, names_follow, lie;
static long tear;

/* In here only raw calls change anything: the names of the C library are the shim's, which would come back for the lock. */
static int raw_open(int directory, const char *path, int flags)
{
	return (int)syscall(SYS_openat, directory, path, flags | O_CLOEXEC, 0600);
}

static struct file *find(ino_t inode)
{
	struct file *file = files[inode % BUCKETS];

	while (file && file->inode != inode)
		file = file->next;
	return file;
}

static struct file *find_fd(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_dev == device && S_ISREG(st.st_mode) ? find(st.st_ino) : NULL;
}

static struct file *add(ino_t inode, int live, int durable, unsigned long object)
{
	struct file *file = calloc(1, sizeof(*file));

	if (!file || live < 0 || durable < 0)
		DIE("a file cannot be followed");
	file->inode = inode;
	file->live = live;
	file->twin = durable;
	file->object = object;
	file->shortest = LLONG_MAX;
	file->next = files[inode % BUCKETS];
	return files[inode % BUCKETS] = file;
}

/* A file that was not there at the start: empty on the platter until it is synced. */
static struct file *add_new(ino_t inode, int live)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/objects/%lu", twin, ++objects);
	return add(inode, live, raw_open(AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL), objects);
}

/* Whether the path lies in the folder, or is it; `rest` is what follows. */
static bool inside(const char *path, const char **rest)
{
	*rest = path + folder_length;
	return strncmp(path, folder, folder_length) == 0 && (path[folder_length] == '/' || !path[folder_length]);
}

static bool path_of(int fd, char path[PATH_MAX])
{
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, PATH_MAX - 1);

	if (length <= 0)
		return false;
	path[length] = 0;
	return true;
}

/* Gives the name to the object, in place of what had it. */
static void put_name(int tree, const char *name, const struct file *file)
{
	char object[PATH_MAX + 32], aside[PATH_MAX + 32];
	struct stat has, wants;

	if (fstat(file->twin, &wants) < 0)
		DIE("an object is gone");
	if (fstatat(tree, name, &has, AT_SYMLINK_NOFOLLOW) == 0 && has.st_ino == wants.st_ino)
		return;
	snprintf(object, sizeof(object), "%s/objects/%lu", twin, file->object);
	snprintf(aside, sizeof(aside), "%s/objects/name", twin);
	syscall(SYS_unlinkat, AT_FDCWD, aside, 0);
	if (linkat(AT_FDCWD, object, AT_FDCWD, aside, 0) < 0 || syscall(SYS_renameat2, AT_FDCWD, aside, tree, name, 0) < 0)
		DIE("a name cannot be put");
}

/* The tree's directory gets the live one's names. New ones come before old ones go: a kill between may leave both. */
static void sync_names(const char *path)
{
	const char *rest;
	char durable[2 * PATH_MAX];

	if (!inside(path, &rest))
		return;
	snprintf(durable, sizeof(durable), "%s/tree%s", twin, rest);
	DIR *here = opendir(path), *there = opendir(durable);
	struct dirent *entry;
	struct stat st;

	/* A directory whose own name is not durable keeps nothing. */
	while (here && there && (entry = readdir(here))) {
		if (entry->d_name[0] == '.' && (!entry->d_name[1] || !strcmp(entry->d_name, "..")))
			continue;
		if (fstatat(dirfd(here), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISDIR(st.st_mode))
			mkdirat(dirfd(there), entry->d_name, 0700);
		else if (S_ISREG(st.st_mode)) {
			struct file *file = find(st.st_ino);
			int live = file ? -1 : raw_open(dirfd(here), entry->d_name, O_RDONLY);

			if (file || live >= 0)
				put_name(dirfd(there), entry->d_name, file ? file : add_new(st.st_ino, live));
		}
	}
	while (here && there && (entry = readdir(there))) {
		if (entry->d_name[0] == '.' && (!entry->d_name[1] || !strcmp(entry->d_name, "..")))
			continue;
		if (fstatat(dirfd(here), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
			syscall(SYS_unlinkat, dirfd(there), entry->d_name, entry->d_type == DT_DIR ? AT_REMOVEDIR : 0);
	}
	if (here)
		closedir(here);
	if (there)
		closedir(there);
}

void platter_opened(int fd, int flags)
{
	char path[PATH_MAX];
	const char *rest;
	struct stat st;

	if (!ready || fstat(fd, &st) < 0 || st.st_dev != device || !S_ISREG(st.st_mode) || !path_of(fd, path) || !inside(path, &rest))
		return;
	pthread_mutex_lock(&lock);
	if (!find(st.st_ino))
		add_new(st.st_ino, raw_open(AT_FDCWD, path, O_RDONLY));
	pthread_mutex_unlock(&lock);
	if (flags & O_TRUNC)
		platter_resized(fd, 0);
}

void platter_wrote(int fd, off_t offset, off_t length)
{
	struct file *file;

	if (!ready || length <= 0)
		return;
	pthread_mutex_lock(&lock);
	file = find_fd(fd);
	if (file) {
		content_mark(file, offset, length);
		if (content_chance(tear))
			content_tear(file);
		if (content_chance(tear * 4))
			sync_names(folder);
	}
	pthread_mutex_unlock(&lock);
}

void platter_resized(int fd, off_t size)
{
	struct file *file;

	if (!ready)
		return;
	pthread_mutex_lock(&lock);
	file = find_fd(fd);
	if (file) {
		content_cut(file, size);
		if (content_chance(tear))
			content_shorten(file);
	}
	pthread_mutex_unlock(&lock);
}

bool platter_sync(int fd)
{
	char path[PATH_MAX];
	const char *rest;
	struct stat st;
	bool ours = false;

	if (!ready || fstat(fd, &st) < 0 || st.st_dev != device || !path_of(fd, path))
		return false;
	pthread_mutex_lock(&lock);
	if (S_ISDIR(st.st_mode) && inside(path, &rest)) {
		ours = true;
		if (!lie)
			sync_names(path);
	} else if (S_ISREG(st.st_mode) && find(st.st_ino)) {
		ours = true;
		if (!lie)
			content_sync(find(st.st_ino));
		if (!lie && names_follow) {
			*strrchr(path, '/') = 0;
			sync_names(path);
		}
	}
	pthread_mutex_unlock(&lock);
	return ours;
}

ino_t platter_only_name(int directory, const char *path)
{
	struct stat st;

	if (!ready || fstatat(directory, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return st.st_dev == device && S_ISREG(st.st_mode) && st.st_nlink == 1 ? st.st_ino : 0;
}

void platter_forget(ino_t inode)
{
	char object[PATH_MAX + 32];

	if (!ready || inode == 0)
		return;
	pthread_mutex_lock(&lock);
	for (struct file **at = &files[inode % BUCKETS]; *at; at = &(*at)->next) {
		struct file *file = *at;

		if (file->inode != inode)
			continue;
		snprintf(object, sizeof(object), "%s/objects/%lu", twin, file->object);
		syscall(SYS_unlinkat, AT_FDCWD, object, 0);
		close(file->live);
		close(file->twin);
		*at = file->next;
		free(file->dirty);
		free(file);
		break;
	}
	pthread_mutex_unlock(&lock);
}

/* Every file that is there at the start is durable as it is. */
static void adopt(const char *rest)
{
	char path[2 * PATH_MAX], durable[2 * PATH_MAX], object[PATH_MAX + 32];
	struct dirent *entry;
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", folder, rest);
	DIR *here = opendir(path);

	if (!here)
		DIE("the folder cannot be read");
	while ((entry = readdir(here))) {
		if (entry->d_name[0] == '.' && (!entry->d_name[1] || !strcmp(entry->d_name, "..")))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", rest, entry->d_name) >= PATH_MAX ||
		    fstatat(dirfd(here), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			DIE("a name cannot be read");
		if (S_ISDIR(st.st_mode))
			adopt(path);
		if (!S_ISREG(st.st_mode))
			continue;
		snprintf(durable, sizeof(durable), "%s/tree%s", twin, path);
		snprintf(object, sizeof(object), "%s/objects/%lu", twin, ++objects);
		if (link(durable, object) < 0)
			DIE("the twin's tree is not the folder's");
		add(st.st_ino, raw_open(dirfd(here), entry->d_name, O_RDONLY), raw_open(AT_FDCWD, object, O_RDWR), objects);
	}
	closedir(here);
}

static long number(const char *name)
{
	const char *text = getenv(name);

	return text ? atol(text) : 0;
}

__attribute__((constructor)) static void start(void)
{
	const char *of = getenv("PLATTER_FOLDER"), *to = getenv("PLATTER_TWIN"), *names = getenv("PLATTER_NAMES");
	struct stat st;

	/* Children are not followed: two writers of one twin would undo each other's work. */
	unsetenv("LD_PRELOAD");
	if (!of || !to || !realpath(of, folder) || !realpath(to, twin) || stat(folder, &st) < 0)
		DIE("PLATTER_FOLDER and PLATTER_TWIN name no folders");
	folder_length = strlen(folder);
	device = st.st_dev;
	names_follow = names && !strcmp(names, "ext4");
	lie = number("PLATTER_LIE");
	tear = number("PLATTER_TEAR");
	content_start(number("PLATTER_WAIT_US"), number("PLATTER_SEED"));
	adopt("");
	ready = true;
}

#define _GNU_SOURCE
#include "content.h"
#include <limits.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SECTOR = 512, RUN = 128 };

static long wait_us;
static uint64_t dice;

void content_start(long wait, long seed)
{
	wait_us = wait;
	dice = (uint64_t)seed * 0x9E3779B97F4A7C15u + 1;
}

bool content_chance(long one_in)
{
	dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
	return one_in > 0 && dice % (uint64_t)one_in == 0;
}

void content_mark(struct file *file, off_t offset, off_t length)
{
	size_t first = (size_t)offset / SECTOR, last = ((size_t)(offset + length) + SECTOR - 1) / SECTOR;

	if (last > file->sectors) {
		size_t grown = (last * 2 + 63) & ~(size_t)63;

		file->dirty = realloc(file->dirty, grown / 8);
		if (!file->dirty)
			DIE("out of memory");
		memset(file->dirty + file->sectors / 8, 0, (grown - file->sectors) / 8);
		file->sectors = grown;
	}
	for (size_t at = first; at < last; at++)
		file->dirty[at / 8] |= (unsigned char)(1 << at % 8);
}

static bool is_dirty(const struct file *file, size_t sector)
{
	return file->dirty[sector / 8] & 1 << sector % 8;
}

/* Sectors go as they are now; one that is half behind the end goes as far as there is content. */
static void put(struct file *file, size_t first, size_t count)
{
	char bytes[RUN * SECTOR];
	ssize_t length = pread(file->live, bytes, count * SECTOR, (off_t)(first * SECTOR));

	if (length < 0 || (length > 0 && syscall(SYS_pwrite64, file->twin, bytes, length, (off_t)(first * SECTOR)) != length))
		DIE("a sector cannot be put");
}

/* Puts the dirty sectors; with `some` about half of the runs, which stay dirty. */
static void put_dirty(struct file *file, bool some)
{
	for (size_t at = 0; at < file->sectors; at++) {
		size_t count = 0;

		if (at % 8 == 0 && !file->dirty[at / 8]) {
			at += 7;
			continue;
		}
		while (count < (some ? 8 : RUN) && at + count < file->sectors && is_dirty(file, at + count))
			count++;
		if (count && (!some || content_chance(2)))
			put(file, at, count);
		if (count)
			at += count - 1;
	}
	if (!some && file->dirty)
		memset(file->dirty, 0, file->sectors / 8);
}

void content_shorten(struct file *file)
{
	struct stat st;

	if (fstat(file->twin, &st) < 0 || (file->shortest < st.st_size && syscall(SYS_ftruncate, file->twin, file->shortest) < 0))
		DIE("a file cannot be shortened");
	file->shortest = LLONG_MAX;
}

void content_cut(struct file *file, off_t size)
{
	for (size_t at = ((size_t)size + SECTOR - 1) / SECTOR; at < file->sectors; at++)
		file->dirty[at / 8] &= (unsigned char)~(1 << at % 8);
	if (size < file->shortest)
		file->shortest = size;
}

void content_tear(struct file *file)
{
	size_t from = dice / 7 % file->sectors;

	for (size_t i = 0; i < file->sectors; i++) {
		size_t at = (from + i) % file->sectors;

		if (is_dirty(file, at)) {
			put(file, at, 1);
			return;
		}
	}
}

void content_sync(struct file *file)
{
	struct stat st;

	content_shorten(file);
	if (wait_us) {
		struct timespec wait = { wait_us / 1000000, wait_us % 1000000 * 1000 };

		put_dirty(file, true);
		nanosleep(&wait, NULL);
	}
	put_dirty(file, false);
	if (fstat(file->live, &st) < 0 || syscall(SYS_ftruncate, file->twin, st.st_size) < 0)
		DIE("a size cannot be put");
}

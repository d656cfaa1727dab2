/* A followed file: which of its sectors the platter lacks, and how they get there. Callers hold the lock. */
#pragma once
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct file {
	struct file *next;
	ino_t inode;
	/* Ours, for reading. Never closed while the file has a name: closing any descriptor of a file drops the process's locks on it. */
	int live;
	int twin;
	unsigned long object;
	unsigned char *dirty; /* one bit a sector */
	size_t sectors;
	off_t shortest; /* since the last sync: what lay beyond is gone, though the file may have grown again */
};

#define DIE(what)                                                                  \
	do {                                                                       \
		dprintf(2, "platter: %s: %s\n", what, strerror(errno));            \
		abort();                                                           \
	} while (0)

void content_start(long wait_us, long seed);
/* True about once in `one_in` times; never for 0. */
bool content_chance(long one_in);
void content_mark(struct file *file, off_t offset, off_t length);
/* The file was given this size. */
void content_cut(struct file *file, off_t size);
/* Cuts the platter's copy as the file was cut. */
void content_shorten(struct file *file);
/* Puts one dirty sector, any. */
void content_tear(struct file *file);
void content_sync(struct file *file);

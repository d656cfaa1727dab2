/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* System calls through the 32-bit entry of a 64-bit kernel. */
#ifndef PICKET_TESTS_ENTRY32_H
#define PICKET_TESTS_ENTRY32_H

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* The number and up to five arguments; those left out are 0. Addresses must be of low(). */
#define call32(...) call32_of((const long[6]){ __VA_ARGS__ })

static inline long call32_of(const long *call)
{
#if defined(__x86_64__)
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(call[0]), "b"(call[1]), "c"(call[2]), "d"(call[3]), "S"(call[4]), "D"(call[5])
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
#else
	return -ENOSYS;
#endif
}

/* Memory that the low halves of registers can name. */
static inline void *low_room(unsigned long size)
{
	static char *at;
	void *mine;

	if (!at) {
		at = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
#if defined(__x86_64__)
			  | MAP_32BIT
#endif
			  , -1, 0);
		if (at == MAP_FAILED)
			return NULL;
	}

	mine = at;
	at += (size + 7) & ~7ul;
	return mine;
}

/* The address of a copy of the text. */
static inline long low(const char *text) { return (long)strcpy(low_room(strlen(text) + 1), text); }

#endif

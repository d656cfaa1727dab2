// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Makes system calls through the 64-bit and, on x86, the 32-bit entry, so that a test can tell what a hook sees of each. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static long call32(long number, const void *first, long second)
{
#if defined(__x86_64__)
	long result;

	/* The kernel takes the low halves of the registers: the text must lie below 4 GiB. */
	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(first), "c"(second)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
#else
	return 0;
#endif
}

int main(void)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
#if defined(__x86_64__)
			 | MAP_32BIT
#endif
			 , -1, 0);

	if (low == MAP_FAILED)
		return 1;
	if (syscall(SYS_memfd_create, "picket-by-64", 0u) < 0)
		return 2;
	strcpy(low, "picket-by-32");
	if (call32(356, low, 0) < 0)
		return 3;
	/* A pointer to nothing: the call fails, and there is no text. */
	if (syscall(SYS_memfd_create, (void *)8, 0u) >= 0)
		return 4;
	return 0;
}

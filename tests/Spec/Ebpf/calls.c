// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Makes system calls through the 64-bit and, on x86, the 32-bit entry, so that a test can tell what a hook sees of each. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "entry32.h"

int main(void)
{
	if (syscall(SYS_memfd_create, "picket-by-64", 0u) < 0)
		return 2;
	if (call32(356, low("picket-by-32"), 0) < 0)
		return 3;
	/* A pointer to nothing: the call fails, and there is no text. */
	if (syscall(SYS_memfd_create, (void *)8, 0u) >= 0)
		return 4;
	return 0;
}

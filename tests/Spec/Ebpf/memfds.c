// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* memfds COUNT: makes as many memory files as fast as it can, named picket-0 and so on. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int count, char **arguments)
{
	int files = count > 1 ? atoi(arguments[1]) : 1;
	char name[32];

	for (int i = 0; i < files; i++) {
		int fd;

		snprintf(name, sizeof(name), "picket-%d", i);
		fd = memfd_create(name, MFD_CLOEXEC);
		if (fd < 0)
			return 1;
		close(fd);
	}
	return 0;
}

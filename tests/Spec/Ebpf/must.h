/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What must hold for a test's program to go on. */
#ifndef PICKET_TESTS_MUST_H
#define PICKET_TESTS_MUST_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Ends the process with its line, which is said, unless this holds. */
#define MUST(what)                                                                                                     \
	do {                                                                                                           \
		if (!(what)) {                                                                                         \
			fprintf(stderr, "line %d: %s: %s\n", __LINE__, #what, strerror(errno));                        \
			_exit(__LINE__ % 255 ? __LINE__ % 255 : 1);                                                    \
		}                                                                                                      \
	} while (0)

#endif

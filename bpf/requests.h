/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A request of io_uring, as its tracepoints pass it since 5.17; its result stands there since 5.19. */
#ifndef PICKET_REQUESTS_H
#define PICKET_REQUESTS_H

#include "kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct io_cqe { __s32 res; };
struct io_kiocb {
	__u8 opcode;
	__u64 flags;
	struct io_cqe cqe;
};

#pragma clang attribute pop

#endif

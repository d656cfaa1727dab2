// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Works on files through io_uring alone, without a library: NAME made, renamed, linked, removed, one request after the other. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int ring;
static char *submission, *completion;
static struct io_uring_sqe *entries;
static struct io_uring_params params;

static int begin(void)
{
	size_t size;

	ring = syscall(__NR_io_uring_setup, 8, &params);
	if (ring < 0)
		return -1;
	size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
	submission = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	size = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	completion = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	return submission == MAP_FAILED || completion == MAP_FAILED || entries == MAP_FAILED ? -1 : 0;
}

static int submit(struct io_uring_sqe sqe, int flags)
{
	volatile unsigned *head = (void *)(completion + params.cq_off.head), *end = (void *)(completion + params.cq_off.tail);
	unsigned *tail = (void *)(submission + params.sq_off.tail), mask = *(unsigned *)(submission + params.sq_off.ring_mask);
	unsigned *array = (void *)(submission + params.sq_off.array), at = *tail & mask;
	int result;

	sqe.flags = flags;
	entries[at] = sqe;
	array[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring, 1, flags & IOSQE_CQE_SKIP_SUCCESS ? 0 : 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return -1;
	if (*head == *end)
		return 0;
	result = ((struct io_uring_cqe *)(completion + params.cq_off.cqes))[*head & *(unsigned *)(completion + params.cq_off.ring_mask)].res;
	__atomic_store_n((unsigned *)head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

#define SQE(...) ((struct io_uring_sqe){ __VA_ARGS__ })
#define TEXT(p) (uint64_t)(uintptr_t)(p)

/* Files that are in the ring's own places alone, by openat2 as well. */
static int direct(void)
{
	struct io_uring_rsrc_register places = { .nr = 8, .flags = 1 /* SPARSE */ };
	struct { uint64_t flags, mode, resolve; } how = { .flags = O_CREAT | O_RDWR, .mode = 0604 };
	int chosen, step = 0;

	if (syscall(__NR_io_uring_register, ring, 13 /* FILES2 */, &places, sizeof(places)))
		return 77;
	if (++step && submit(SQE(.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = TEXT("sub/../placed"), .open_flags = O_CREAT | O_WRONLY, .len = 0640, .file_index = 3), 0)) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_WRITE, .fd = 2, .addr = TEXT("words"), .len = 5), IOSQE_FIXED_FILE) != 5) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_CLOSE, .file_index = 3), 0)) return step;
	chosen = submit(SQE(.opcode = IORING_OP_OPENAT2, .fd = AT_FDCWD, .addr = TEXT("there"), .addr2 = TEXT(&how), .len = sizeof(how), .file_index = ~0u), 0);
	if (++step && chosen < 0) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_WRITE, .fd = chosen, .addr = TEXT("more words"), .len = 10), IOSQE_FIXED_FILE) != 10) return step;
	if (++step && submit(SQE(.opcode = 55 /* FTRUNCATE */, .fd = chosen, .off = 4), IOSQE_FIXED_FILE) < 0) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_CLOSE, .file_index = chosen + 1), 0)) return step;
	return 0;
}

int main(int count, char **arguments)
{
	int folder = open("sub", O_PATH | O_DIRECTORY), made, step = 0;

	if (begin())
		return 77;
	if (count > 1 && !strcmp(arguments[1], "direct"))
		return direct();
	made = submit(SQE(.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = TEXT("made"), .open_flags = O_CREAT | O_WRONLY, .len = 0640), 0);
	if (++step && made < 0) return step;
	if (++step && write(made, "x", 1) != 1) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_CLOSE, .fd = made), 0)) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_RENAMEAT, .fd = AT_FDCWD, .addr = TEXT("made"), .len = folder, .addr2 = TEXT("moved")), 0)) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_LINKAT, .fd = folder, .addr = TEXT("moved"), .len = AT_FDCWD, .addr2 = TEXT("hard")), 0)) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_SYMLINKAT, .fd = AT_FDCWD, .addr = TEXT("../x"), .addr2 = TEXT("soft")), 0)) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_MKDIRAT, .fd = folder, .addr = TEXT("folder"), .len = 0700), 0)) return step;
	/* By a worker of the kernel instead of by this thread. */
	if (++step && submit(SQE(.opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = TEXT("hard")), IOSQE_ASYNC)) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_UNLINKAT, .fd = folder, .addr = TEXT("folder"), .unlink_flags = AT_REMOVEDIR), 0)) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = TEXT("absent")), 0) != -2) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_NOP), 0)) return step;
	if (++step && submit(SQE(.opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = TEXT("soft")), IOSQE_CQE_SKIP_SUCCESS)) return step;
	return 0;
}

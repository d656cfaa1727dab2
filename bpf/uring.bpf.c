// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Work that programs hand to the kernel through io_uring, which no hook on system calls sees.
 *
 * Why these hooks: io_uring_submit_req has the request with its operation and the kernel's own copies of the caller's
 * strings, before any of it is done; io_uring_complete has the result. They are joined by the request's address. Both run in
 * the thread that submitted, or in a worker that belongs to the same process and shares its descriptors (from 5.12 on),
 * so that the current process is the owner. io_uring_submit_req is there from 6.3 on; on older kernels this concern says
 * that it is missing.
 */
#include "requests.h"
#include "settle.h"
#include "pathcalls.h"
#include "names.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define TEXT_ROOM 512
#define SKIPS_COMPLETION 0x40 /* IOSQE_CQE_SKIP_SUCCESS, which the request's flags keep in its place */
#define AT_REMOVEDIR 0x200

/* enum io_uring_op: part of the kernel's user interface. */
enum operation {
	OP_OPENAT = 18,
	OP_CLOSE = 19,
	OP_OPENAT2 = 28,
	OP_RENAMEAT = 35,
	OP_UNLINKAT = 36,
	OP_MKDIRAT = 37,
	OP_SYMLINKAT = 38,
	OP_LINKAT = 39,
	OP_FTRUNCATE = 55,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct filename { const char *name; };
struct open_how { __u64 flags; };
struct io_open {
	int dfd;
	__u32 file_slot;
	struct filename *filename;
	struct open_how how;
};
struct io_close {
	int fd;
	__u32 file_slot;
};
struct io_rename {
	int old_dfd;
	int new_dfd;
	struct filename *oldpath;
	struct filename *newpath;
	int flags;
};
struct io_unlink {
	int dfd;
	int flags;
	struct filename *filename;
};
struct io_mkdir {
	int dfd;
	unsigned short mode;
	struct filename *filename;
};
struct io_ftrunc { __s64 len; };
/* Of linkat and of symlinkat. */
struct io_link {
	int old_dfd;
	int new_dfd;
	struct filename *oldpath;
	struct filename *newpath;
	int flags;
};

#pragma clang attribute pop

/* A request on its way. The kernel's copies of the strings are gone when it completes. */
struct pending {
	__u32 operation;
	__u32 kind;
	__s32 dirfd;
	__s32 source_dirfd;
	__u32 arguments[2];
	__u32 slot; /* the open makes no descriptor of the process: the place of the ring's own, plus one */
	__u32 reserved;
	char target[TEXT_ROOM];
	char source[TEXT_ROOM];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2048);
	__type(key, __u64);
	__type(value, struct pending);
} requests SEC(".maps");

static __always_inline void copy_text(char *to, struct filename *from)
{
	if (from)
		bpf_probe_read_kernel_str(to, TEXT_ROOM, BPF_CORE_READ(from, name));
}

static __always_inline __u32 kind_of_open(__u64 flags)
{
	return flags & O_CREAT ? EVENT_FILE_CREATE : flags & O_ACCMODE ? EVENT_FILE_OPEN : EVENT_FILE_ACCESS;
}

/* Reads the request's command; false for one that is about no file. The memory begins zeroed but for the strings. */
static __always_inline bool read_request(struct pending *p, __u8 operation, void *command)
{
	struct io_open *open = command;
	struct io_unlink *unlink = command;
	struct io_rename *rename = command;
	struct io_mkdir *mkdir = command;
	struct io_link *link = command;
	__u64 flags;

	p->operation = operation;
	p->source_dirfd = AT_FDCWD;
	switch (operation) {
	case OP_OPENAT:
	case OP_OPENAT2:
		flags = BPF_CORE_READ(open, how.flags);
		p->kind = kind_of_open(flags);
		p->dirfd = BPF_CORE_READ(open, dfd);
		p->arguments[0] = flags;
		p->slot = BPF_CORE_READ(open, file_slot);
		copy_text(p->target, BPF_CORE_READ(open, filename));
		return true;
	case OP_UNLINKAT:
		flags = BPF_CORE_READ(unlink, flags);
		p->kind = flags & AT_REMOVEDIR ? EVENT_DIRECTORY_DELETE : EVENT_FILE_DELETE;
		p->dirfd = BPF_CORE_READ(unlink, dfd);
		p->arguments[0] = flags;
		copy_text(p->target, BPF_CORE_READ(unlink, filename));
		return true;
	case OP_RENAMEAT:
		p->kind = EVENT_FILE_RENAME;
		p->dirfd = BPF_CORE_READ(rename, new_dfd);
		p->source_dirfd = BPF_CORE_READ(rename, old_dfd);
		p->arguments[0] = BPF_CORE_READ(rename, flags);
		copy_text(p->target, BPF_CORE_READ(rename, newpath));
		copy_text(p->source, BPF_CORE_READ(rename, oldpath));
		return true;
	case OP_MKDIRAT:
		p->kind = EVENT_DIRECTORY_CREATE;
		p->dirfd = BPF_CORE_READ(mkdir, dfd);
		p->arguments[0] = BPF_CORE_READ(mkdir, mode);
		copy_text(p->target, BPF_CORE_READ(mkdir, filename));
		return true;
	case OP_FTRUNCATE:
		p->kind = EVENT_FILE_TRUNCATE;
		return true;
	case OP_SYMLINKAT:
	case OP_LINKAT:
		p->kind = operation == OP_LINKAT ? EVENT_FILE_LINK : EVENT_FILE_SYMLINK;
		p->dirfd = BPF_CORE_READ(link, new_dfd);
		p->source_dirfd = operation == OP_LINKAT ? BPF_CORE_READ(link, old_dfd) : LITERAL;
		p->arguments[0] = BPF_CORE_READ(link, flags);
		copy_text(p->target, BPF_CORE_READ(link, newpath));
		copy_text(p->source, BPF_CORE_READ(link, oldpath));
		return true;
	}
	return false;
}

/* What the open really did, and the file; NULL where it is gone already. */
static __always_inline struct file *opened_file(struct task_struct *task, struct pending *p, struct io_kiocb *request, __s32 result,
						__u32 *kind)
{
	struct file *file = made_file(task, BPF_CORE_READ(request, ctx), p->slot, result);
	struct inode *inode;
	__u32 mode;

	if (!file)
		return NULL;
	mode = BPF_CORE_READ((struct file___open *)file, f_mode);
	if (mode & FMODE_CREATED || BPF_CORE_READ((struct file___open *)file, f_flags) & O_TMPFILE_BIT)
		*kind = EVENT_FILE_CREATE;
	else if (mode & FMODE_WRITE)
		*kind = EVENT_FILE_OPEN;
	else
		*kind = EVENT_FILE_ACCESS;
	inode = BPF_CORE_READ(file, f_inode);
	if (*kind == EVENT_FILE_OPEN && is_wanted(EVENT_FILE_MODIFY) && is_regular(inode))
		remember(file, inode, p->arguments[0] & O_TRUNC);
	return file;
}

/* Appends the kernel's copy of a string. */
static __always_inline void append_copy(struct scratch *slot, struct slice *out, const char *text)
{
	note_text(slot, out, bpf_probe_read_kernel_str(&slot->record[slot->end & HEAD_MASK], TEXT_ROOM, text), TEXT_ROOM);
}

/* A file that a ring keeps for itself is closed. */
__attribute__((noinline)) int settle_file(__u64 file, __u32 cause)
{
	return settle_one((struct file *)file, cause);
}

/* Reports a request about a file. */
__attribute__((noinline)) int report(__u64 request, __s32 result, __u32 flags)
{
	struct actor actor = { .task = (struct task_struct *)bpf_get_current_task() };
	struct pending *p = bpf_map_lookup_elem(&requests, &request);
	struct counter *count;
	struct scratch *slot;
	struct file *file = NULL;
	__u32 kind, index;
	bool opens;

	if (!p)
		return 0;
	kind = p->kind;
	opens = p->operation == OP_OPENAT || p->operation == OP_OPENAT2;
	if (opens)
		file = flags & FILE_UNFINISHED ? NULL : opened_file(actor.task, p, (struct io_kiocb *)request, result, &kind);
	else if (p->operation == OP_FTRUNCATE)
		file = BPF_CORE_READ((struct io_kiocb *)request, file);
	if (opens && !file && kind == EVENT_FILE_CREATE)
		flags |= FILE_UNSURE;
	count = counter_of(kind);
	if (!begin_file(count, kind, &actor))
		return 0;
	slot = begin_record(count, kind, &index);
	if (!slot)
		return 0;
	if (kind == EVENT_FILE_ACCESS && file && !is_chosen(index, (__u64)file)) {
		COUNT(count, unasked);
		scratch_release(slot);
		return 0;
	}
	slot->file.call = p->operation;
	slot->file.flags = flags | FILE_BY_URING;
	slot->file.arguments[0] = p->arguments[0];
	slot->file.arguments[1] = p->arguments[1];
	if (p->operation == OP_LINKAT && p->arguments[0] & AT_SYMLINK_FOLLOW)
		slot->file.follows = FOLLOWS_SOURCE;
	if (file) {
		describe(index, (__u64)file);
	} else {
		if (opens)
			slot->file.flags |= FILE_GONE;
		append_copy(slot, &slot->file.target, p->target);
		if (p->source[0])
			append_copy(slot, &slot->file.source, p->source);
		base_target(index, p->dirfd);
		if (p->source[0])
			base_source(index, p->source_dirfd);
	}
	submit(slot, count, &actor);
	return 0;
}

/* Another request: that it was submitted, and by whom. */
static __always_inline void report_other(__u8 operation)
{
	struct actor actor = { .task = (struct task_struct *)bpf_get_current_task() };
	struct counter *count = counter_of(EVENT_URING);
	struct scratch *slot;
	__u32 index;

	if (!begin_file(count, EVENT_URING, &actor))
		return;
	slot = begin_record(count, EVENT_URING, &index);
	if (!slot)
		return;
	slot->file.call = operation;
	slot->file.flags = FILE_BY_URING;
	submit(slot, count, &actor);
}

static __always_inline int on_submit(struct io_kiocb *request)
{
	__u8 operation = BPF_CORE_READ(request, opcode);
	struct io_close *closing = (struct io_close *)request;
	__u64 key = (__u64)request;
	struct pending *p;
	struct scratch *slot;
	__u32 index;
	bool known;

	if (!reporting(CONCERN_URING))
		return 0;
	if (operation == OP_CLOSE) {
		index = BPF_CORE_READ(closing, file_slot);
		if (!is_wanted(EVENT_FILE_MODIFY))
			return 0;
		if (index)
			settle_file((__u64)fixed_file(BPF_CORE_READ(request, ctx), index - 1), SETTLED_CLOSE);
		else
			settle(BPF_CORE_READ(closing, fd), SETTLED_CLOSE);
		return 0;
	}
	index = scratch_take();
	slot = bpf_map_lookup_elem(&scratch, &index);
	if (!slot) {
		COUNT(counter_of(EVENT_URING), seen);
		COUNT(counter_of(EVENT_URING), busy);
		return 0;
	}
	p = (struct pending *)slot->record;
	__builtin_memset(p, 0, __builtin_offsetof(struct pending, target) + 1);
	p->source[0] = 0;
	/* The command stands at the request's beginning. */
	known = read_request(p, operation, request);
	if (known)
		bpf_map_update_elem(&requests, &key, p, BPF_ANY);
	scratch_release(slot);
	if (!known)
		report_other(operation);
	else if (BPF_CORE_READ(request, flags) & SKIPS_COMPLETION)
		report(key, 0, FILE_UNFINISHED);
	return 0;
}

static __always_inline int on_complete(struct io_kiocb *request)
{
	__u64 key = (__u64)request;
	__s32 result;

	if (!request || !reporting(CONCERN_URING) || !bpf_map_lookup_elem(&requests, &key))
		return 0;
	result = BPF_CORE_READ(request, cqe.res);
	if (result >= 0)
		report(key, result, 0);
	bpf_map_delete_elem(&requests, &key);
	return 0;
}

/* Raw alone: the request's address is a key, and typed pointers are no numbers. */
SEC("raw_tp/io_uring_submit_req")
int BPF_PROG(submitted, struct io_kiocb *request)
{
	return on_submit(request);
}

SEC("raw_tp/io_uring_complete")
int BPF_PROG(completed, void *ring, struct io_kiocb *request)
{
	return on_complete(request);
}

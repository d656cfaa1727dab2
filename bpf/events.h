/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract between the kernel programs and the reader: what stands in the ring, in `counters` and in `state`.
 * Padding is explicit, sizes are asserted, and the reader's mirror of every structure is compared with this file
 * through the compiled objects' BTF by a test. Numbers here are frozen: a new one may be added, none may change its
 * meaning. A change of layout raises PICKET_ABI, and pinned maps of another ABI are not read.
 */
#ifndef PICKET_EVENTS_H
#define PICKET_EVENTS_H

#include <linux/types.h>

#define PICKET_ABI 3

/* A kind is one row in `counters` as well as a record's first field. Blocks of 16 belong to one concern each. */
enum event_kind {
	EVENT_EXEC = 1,
	EVENT_FORK = 2,
	EVENT_EXIT = 3,
	EVENT_TASK = 4, /* a process that ran before the programs were attached; same layout as EVENT_EXEC */

	EVENT_FILE_CREATE = 16,
	EVENT_FILE_OPEN = 17,   /* an existing file, for writing */
	EVENT_FILE_MODIFY = 18, /* settled: closed, dup2, exec or exit after a write */
	EVENT_FILE_ACCESS = 19, /* opened for reading; chosen names only */
	EVENT_FILE_DELETE = 20,
	EVENT_FILE_RENAME = 21,
	EVENT_FILE_LINK = 22,
	EVENT_FILE_SYMLINK = 23,
	EVENT_DIRECTORY_CREATE = 24,
	EVENT_DIRECTORY_DELETE = 25,
	EVENT_FILE_MODE = 26,
	EVENT_FILE_OWNER = 27,
	EVENT_FILE_TRUNCATE = 28,
	EVENT_FILE_NODE = 29, /* mknod: a device, a fifo, a socket */

	EVENT_CONNECT = 32,  /* a connection that this host began is established */
	EVENT_ACCEPT = 33,   /* one that it took */
	EVENT_ATTEMPT = 34,  /* the first packet of a connection went out */
	EVENT_REFUSED = 35,  /* an attempt that failed */
	EVENT_BIND = 36,
	EVENT_LISTEN = 37,
	EVENT_DATAGRAM = 38, /* the first packet between a process and a peer */

	EVENT_DNS_QUERY = 48,
	EVENT_DNS_ANSWER = 49,

	EVENT_SETID = 64, /* uids or gids changed */
	EVENT_CAPSET = 65,
	EVENT_PTRACE = 66,
	EVENT_VM_WRITE = 67,
	EVENT_MEMFD = 68,
	EVENT_MODULE = 69,
	EVENT_BPF = 70,
	EVENT_MOUNT = 71,
	EVENT_UMOUNT = 72,
	EVENT_UNSHARE = 73,
	EVENT_SETNS = 74,
	EVENT_PIVOT_ROOT = 75,
	EVENT_KILL = 76,
	EVENT_PRCTL = 77,
	EVENT_CALL = 78, /* another system call that a rule names */

	EVENT_URING = 96, /* a request of io_uring that is no ordinary file or network event */

	EVENT_KIND_MAX = 128,
};

/* Each concern is one object file with its own generation (see struct state). */
enum concern {
	CONCERN_PROCESS = 0,
	CONCERN_FILE = 1,
	CONCERN_NETWORK = 2,
	CONCERN_DNS = 3,
	CONCERN_PRIVILEGE = 4,
	CONCERN_URING = 5,
	CONCERN_SYSCALL = 6, /* hands system calls to the programs of other concerns */
	CONCERN_MAX = 16,
};

/* A process over its whole life and across reuse of pids: `start` is the group leader's start, boot time in ns. */
struct process_key {
	__u64 start;
	__u32 tgid;
	__u32 pid; /* the thread; the tgid where a process is meant */
};

struct event_header {
	__u16 kind;  /* enum event_kind */
	__u16 cpu;   /* modulo 65536; order is ring order, never this */
	__u32 length; /* of the whole record; the ring's own length may be larger (size classes) */
	__u64 time;  /* boot time in ns */
	struct process_key process;
};

/* A run of bytes in the record, counted from the record's first byte. Length 0: absent. */
struct slice {
	__u32 offset;
	__u32 length;
};

/* Ids are those of the initial user namespace. */
struct credentials {
	__u32 uid, gid;
	__u32 euid, egid;
	__u32 suid, sgid;
	__u32 fsuid, fsgid;
	__u32 loginuid;  /* 4294967295: unset */
	__u32 sessionid; /* of audit; 4294967295: unset */
	__u32 securebits;
	__u32 reserved;
	__u64 cap_effective;
	__u64 cap_permitted;
	__u64 cap_inheritable;
	__u64 cap_bounding;
	__u64 cap_ambient;
};

/* Inode numbers of the namespaces, as in /proc/PID/ns; 0: unknown or not built in. */
struct namespaces {
	__u32 pid, mnt, net, user, uts, ipc, cgroup, time;
};

struct surroundings {
	struct credentials credentials;
	struct namespaces namespaces;
	__u64 cgroup_id; /* of the hierarchy the cgroup path is from (PROCESS_CGROUP_V1) */
	__u32 ns_pid;    /* the process's id in its own pid namespace */
	__u32 ns_level;  /* 0: the initial pid namespace */
};

enum process_flags {
	PROCESS_ARGS_CUT = 1 << 0,     /* more argument bytes than the record holds */
	PROCESS_ARGS_UNREAD = 1 << 1,  /* the argument area was not in memory, or is another process's (EVENT_TASK) */
	PROCESS_EXE_CUT = 1 << 2,      /* the path walk met its limit: the path lacks its beginning */
	PROCESS_CWD_CUT = 1 << 3,
	PROCESS_ROOT_CUT = 1 << 4,
	PROCESS_CGROUP_CUT = 1 << 5,
	PROCESS_ENV_CUT = 1 << 6,      /* the environment was not searched to its end */
	PROCESS_FILE_CUT = 1 << 7,     /* the caller's string, or the interpreter's */
	PROCESS_EXE_DETACHED = 1 << 8, /* the file's path hangs in no mount: memfd, or unmounted since */
	PROCESS_EXE_MEMFD = 1 << 9,
	PROCESS_EXE_DELETED = 1 << 10, /* no name left in the file system; memfd always */
	PROCESS_SCRIPT = 1 << 11,      /* `interpreter` runs the file named `file` */
	PROCESS_CGROUP_V1 = 1 << 12,
	PROCESS_KERNEL_THREAD = 1 << 13,
	PROCESS_CWD_DETACHED = 1 << 14,
	PROCESS_ENV_UNREAD = 1 << 15,
};

/* EVENT_EXEC and EVENT_TASK. Strings are bytes without terminator; nothing says they are UTF-8. */
struct exec_event {
	struct event_header header;
	struct process_key parent; /* pid is that of the parent's group leader */
	struct surroundings surroundings;
	__u64 exec_id; /* (process, exec_id) is unique: a record seen twice is known by it */
	__u64 exe_inode;
	__u64 exe_size;
	__s64 exe_mtime; /* ns since the epoch */
	__s64 exe_ctime;
	__u32 exe_device; /* major << 20 | minor */
	__u32 exe_mode;   /* type, suid, sgid, sticky, permissions */
	__u32 exe_uid, exe_gid;
	__u32 exe_links;
	__u32 flags; /* enum process_flags */
	__u32 tty_device; /* major << 20 | minor; 0: none */
	__u32 exe_magic;  /* of the file system, as statfs(2) has it; 0: unknown */
	__u64 args_size; /* of the whole argument area, also where the record holds less */
	char comm[16];
	struct slice exe;         /* to the root of the process's mount namespace */
	struct slice root;        /* the process's root where that is not "/": a chroot */
	struct slice cwd;
	struct slice cgroup;
	struct slice tty;         /* pts/0, tty1 */
	struct slice file;        /* the caller's string */
	struct slice interpreter; /* with PROCESS_SCRIPT */
	struct slice environment; /* NAME=value NUL, for the chosen names only */
	struct slice args;        /* each with its NUL; always last in the record */
};

struct fork_event {
	struct event_header header; /* process: the child */
	struct process_key parent;  /* as getppid says */
	struct process_key creator; /* who called clone: another than the parent with CLONE_PARENT */
	struct surroundings surroundings;
	__u64 exec_id; /* inherited */
	__u32 flags;   /* enum process_flags */
	__u32 reserved;
	char comm[16];
};

struct exit_event {
	struct event_header header;
	__u32 code;    /* what exit was given, 0..255; 0 with a signal */
	__u32 signal;  /* 0: none */
	__u32 core_dumped;
	__u32 reserved;
	__u64 exec_id;
	__u64 cpu_time; /* ns, all threads */
};

/*
 * One row per kind and CPU. Each edge is counted where it happens:
 * seen = submitted + lost + refused + busy + self + unasked.
 */
struct counter {
	__u64 seen;
	__u64 submitted;
	__u64 lost;    /* the ring was full */
	__u64 refused; /* a bulk kind, with less than the reserve free */
	__u64 busy;    /* no scratch slot free on this CPU */
	__u64 self;    /* done by the sensor */
	__u64 unasked; /* no rule asks for the kind */
};

enum run_state {
	RUN_FRESH = 0,
	RUN_RUNNING = 1,
	RUN_STOPPED = 2,
};

/* The one entry of `state`, mapped by the reader. The programs only read it, but for the guard's number. */
struct state {
	__u32 abi;
	__u32 run; /* enum run_state; RUN_RUNNING at a start: the last end was not a clean one */
	__u32 self_tgid;
	__u32 guard_tgid; /* the process that watches over the sensor; 0 for none */
	__u32 guard_by; /* the thread of the sensor whose next child is the guard; 0 for none */
	__u32 reserved;
	__u64 self_start;
	__u64 started; /* boot time in ns of the reader's last start */
	__u64 wanted[EVENT_KIND_MAX / 64]; /* a bit for each kind that is asked for */
	__u64 handed; /* ring position up to which records went into the pipeline: what is read again below it is a repeat */
	__u32 generation[CONCERN_MAX]; /* only programs of this generation report */
	__u64 build[CONCERN_MAX];      /* hash of the object that generation came from */
	struct counter acknowledged[EVENT_KIND_MAX]; /* sums that have been reported */
};

/*
 * System calls and who handles them. A call's slot is its number, plus CALL_COMPAT through the 32-bit entry. Up to
 * CALL_LANES programs look at one call, each lane's at index lane * CALL_SLOTS + slot of `exit_calls` or `enter_calls`;
 * bit n of a byte here says that lane n has one.
 */
#define CALL_COMPAT 512
#define CALL_SLOTS 1024
#define CALL_LANES 4

/* Files come last: their programs have functions, which before 5.10 may not stand beside a tail call. */
enum call_lane {
	LANE_PRIVILEGE = 0,
	LANE_NETWORK = 1,
	LANE_DNS = 2,
	LANE_FILE = 3,
};

/* What the lane of files makes of a call: arguments by their number plus one, 0 for what the call does not have. */
struct call_form {
	__u8 kind; /* enum event_kind */
	__u8 dirfd; /* where `text` begins; an open file where there is no text */
	__u8 text;
	__u8 source_dirfd; /* FORM_LITERAL: `source` is no path */
	__u8 source;
	__u8 first, second; /* what else the record says */
	__u8 special; /* enum form_special */
};

#define FORM_LITERAL 255

enum form_special {
	FORM_PLAIN = 0,
	FORM_UNLINKAT = 1, /* `first` may say that it is a directory */
	FORM_MKNOD = 2,    /* `first` may say that it is an ordinary file */
	FORM_TRUNCATE = 3, /* `first` is the new size */
	FORM_CREAT = 4,    /* an open without flags */
	FORM_HOW = 5,      /* an open whose flags stand in the memory that `first` points to */
	FORM_DUP = 6,      /* closes `first`, unless it is the same as the first argument */
	FORM_RANGE = 7,
	FORM_EXEC = 8,
	FORM_FOLLOW = 9,     /* a symbolic link at the end of `text` is followed */
	FORM_FOLLOW_AT = 10, /* unless the argument behind the last one noted says no */
	FORM_LINKAT = 11,    /* `first` may say that one at the end of `source` is */
};

struct call_table {
	__u8 exit[CALL_SLOTS];
	__u8 enter[CALL_SLOTS];
	struct call_form forms[CALL_SLOTS];
	__s64 clock; /* time of day less boot time, in ns; kept up by the reader */
};

/* The sensor's own objects in the kernel, as keys of `own`: which of these, plus the object's id. */
#define OWN_MAP (1ull << 32)
#define OWN_LINK (2ull << 32)

/* A change of one of them by somebody else. */
struct touch {
	__u64 time; /* boot time in ns, after the change */
	__u32 pid;
	__u32 command; /* of bpf(2) */
	__u32 owner;   /* the concern of a link; CONCERN_MAX: a map, which all share */
	__u32 id;
	char comm[16];
};

#define TOUCHES 16

/* The one entry of `touched`, mapped by the reader. */
struct touches {
	__u64 alive; /* boot time in ns of the sensor's own last bpf(2) */
	__u32 next;  /* changes so far; the last ones are kept */
	__u32 reserved;
	struct touch last[TOUCHES];
};

/* Set by the loader in .rodata. */
struct program_config {
	__u32 generation;
	__u32 cpus;
	__u64 ring_size;
	__u32 options; /* enum config_options */
	__u32 reserved;
};

enum config_options {
	CONFIG_NO_LOOPBACK = 1 << 0, /* network events between ends of this host are not asked for */
	CONFIG_LOCAL_NAMES = 1 << 1, /* multicast DNS and LLMNR are DNS too */
};

_Static_assert(sizeof(struct process_key) == 16, "process_key");
_Static_assert(sizeof(struct event_header) == 32, "event_header");
_Static_assert(sizeof(struct slice) == 8, "slice");
_Static_assert(sizeof(struct credentials) == 88, "credentials");
_Static_assert(sizeof(struct namespaces) == 32, "namespaces");
_Static_assert(sizeof(struct surroundings) == 136, "surroundings");
_Static_assert(sizeof(struct exec_event) == 352, "exec_event");
_Static_assert(sizeof(struct fork_event) == 232, "fork_event");
_Static_assert(sizeof(struct exit_event) == 64, "exit_event");
_Static_assert(sizeof(struct counter) == 56, "counter");
_Static_assert(sizeof(struct state) == 48 + 16 + 64 + 128 + 56 * 128, "state");
_Static_assert(sizeof(struct call_form) == 8, "call_form");
_Static_assert(sizeof(struct call_table) == 2048 + 8192 + 8, "call_table");
_Static_assert(sizeof(struct touch) == 40, "touch");
_Static_assert(sizeof(struct touches) == 16 + 40 * TOUCHES, "touches");
_Static_assert(sizeof(struct program_config) == 24, "program_config");

#endif

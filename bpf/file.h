/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the file concern writes into the ring, also for files that io_uring works on; part of the contract in events.h. */
#ifndef PICKET_FILE_H
#define PICKET_FILE_H

#include "events.h"

/* Where a path comes from. */
enum path_source {
	PATH_NONE = 0,
	PATH_DENTRY = 1, /* the kernel's own, of an open file: whole and true */
	PATH_DIRFD = 2,  /* the caller's string below an open directory */
	PATH_CWD = 3,    /* the caller's string below its working directory */
	PATH_CALLER = 4, /* the caller's string alone: absolute below its root, or its base is not known */
	PATH_RESOLVED = 5, /* the reader's: the caller's last name, in the folder that the kernel found right after the call */
};

/* What ended an open file's changes. */
enum settle_cause {
	SETTLED_NOT = 0,
	SETTLED_CLOSE = 1,
	SETTLED_DUP = 2,   /* dup2 or dup3 over its descriptor */
	SETTLED_RANGE = 3, /* close_range */
	SETTLED_EXEC = 4,  /* closed on exec */
	SETTLED_EXIT = 5,
};

enum file_flags {
	FILE_TARGET_CUT = 1 << 0,  /* the walk met its limit: the path lacks its beginning */
	FILE_SOURCE_CUT = 1 << 1,
	FILE_DETACHED = 1 << 2,    /* the path hangs in no mount: memfd, or unmounted since */
	FILE_DELETED = 1 << 3,     /* no name is left */
	FILE_TEXT_CUT = 1 << 4,    /* a string of the caller is longer than the record holds */
	FILE_TEXT_UNREAD = 1 << 5, /* a string of the caller was not in memory */
	FILE_TEXT_CHANGED = 1 << 6, /* a string of the caller was another one when the call began */
	FILE_BY_URING = 1 << 7,
	FILE_MAPPED = 1 << 8,      /* it was mapped shared: it may have been written to, and may be still */
	FILE_UNSURE = 1 << 9,      /* its state at the open is not known: it may have been written to */
	FILE_THROUGH_COMPAT = 1 << 10, /* the 32-bit entry: `call` is of its table */
	FILE_GONE = 1 << 11,       /* the descriptor was closed again by another thread before it was looked at */
	FILE_UNFINISHED = 1 << 12, /* io_uring says no result of this request: it was submitted */
	FILE_UNRESOLVED = 1 << 13, /* the reader's: a symbolic link in the caller's string may have led elsewhere */
	FILE_ON_SENSOR = 1 << 14,  /* the sensor's own memory */
	FILE_ON_GUARD = 1 << 15,   /* beside FILE_ON_SENSOR: that of the process that watches over it */
};

/* Whose last name may be a symbolic link that the call followed: what was changed or linked is what that leads to. */
enum file_follows {
	FOLLOWS_TARGET = 1 << 0,
	FOLLOWS_SOURCE = 1 << 1,
};

/* EVENT_FILE_* and EVENT_DIRECTORY_*. What is not known is 0. */
struct file_event {
	struct event_header header;
	__u64 inode;
	__u64 size; /* of the file, or what it was cut to */
	__s64 ctime; /* ns since the epoch */
	__u32 device; /* major << 20 | minor */
	__u32 mode; /* type and permissions; 0: no open file was at hand, inode and the others are not known either */
	__u32 uid, gid;
	__u32 links;
	__u32 flags; /* enum file_flags */
	/* open: flags, and with FILE_ON_SENSOR whose memory; mode: the new one; owner: the new ids (4294967295: kept); rename, delete: flags */
	__u32 arguments[2];
	__u32 call; /* number of the system call; with FILE_BY_URING of the operation */
	__u32 mount_namespace; /* of the caller; 0 where the path is the kernel's */
	__u8 target_from; /* enum path_source */
	__u8 source_from;
	__u16 settled; /* enum settle_cause */
	__u32 follows; /* enum file_follows */
	struct slice target; /* the path, or the caller's string below target_base */
	struct slice target_base;
	struct slice source; /* the old name of a rename, the file of a link, the text of a symbolic link */
	struct slice source_base;
	struct slice root; /* of the caller where that is not "/": what absolute strings begin at, and ".." does not leave */
};

_Static_assert(sizeof(struct file_event) == 144, "file_event");

#endif

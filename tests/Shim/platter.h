/* What a power cut would leave of a folder.
 *
 * The process works in FOLDER as always; a kill -9 loses nothing there, since the page cache survives. Beside it lies the
 * twin: TWIN/tree holds the names and contents that were synced, and nothing else. A file's content moves there at its fsync,
 * a directory's names at the directory's fsync. After the kill the test puts the tree in the folder's place.
 *
 * What this library does not see (stdio, shared mappings, O_SYNC, copies inside the kernel) stays off the platter: a hole in it
 * raises a false alarm, never false comfort. Renamed directories are not followed.
 *
 *   PLATTER_FOLDER, PLATTER_TWIN   absolute paths; TWIN/tree must equal the folder at the start, TWIN/objects must be empty
 *   PLATTER_NAMES=ext4             an fsync of a file makes the names in its directory durable too, as ext4's journal does
 *   PLATTER_TEAR=N, PLATTER_SEED   after about one write in N a single dirty sector, a truncation or the folder's names reach the
 *                                  platter early, in no order, as a disk with a cache may do
 *   PLATTER_WAIT_US=N              an fsync takes that long, with half of it on the platter meanwhile
 *   PLATTER_LIE=1                  an fsync says yes and does nothing: the defect that a test of durability has to find
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

/* After an open that succeeded. */
void platter_opened(int fd, int flags);
/* After a write of `length` bytes at `offset` that succeeded. */
void platter_wrote(int fd, off_t offset, off_t length);
/* After the file got this size. */
void platter_resized(int fd, off_t size);
/* At fsync, of a file or a directory. False: not ours. */
bool platter_sync(int fd);
/* Before a name is removed: the file's number if that was its only name, else 0. */
ino_t platter_only_name(int directory, const char *path);
/* After that name is gone: the number may soon be another file's. */
void platter_forget(ino_t inode);

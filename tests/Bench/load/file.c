#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void identify(struct operation *op, const struct stat *is)
{
	op->inode = is->st_ino;
	op->device = (uint32_t)(major(is->st_dev) << 20 | minor(is->st_dev));
}

bool run_file(struct worker *w)
{
	const char *folder = w->control->folder;
	char made[256], renamed[256], bytes[256];

	memset(bytes, 'a' + (int)((w->control->seed + w->index) % 26), sizeof(bytes));
	for (uint64_t round = 0; next_round(w, round); round++) {
		struct operation *op;
		struct stat is = {};
		int fd, error = 0;

		snprintf(made, sizeof(made), "%s/f%u-%llu", folder, w->index, (unsigned long long)round);
		snprintf(renamed, sizeof(renamed), "%s/r%u-%llu", folder, w->index, (unsigned long long)round);

		op = begin(w, OP_FILE_CREATE, round);
		fd = open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0)
			error = errno;
		/* By the file itself, whatever its path leads to by now. */
		if (fd >= 0 && w->control->logging && fstat(fd, &is))
			error = errno;
		if (fd >= 0 && write(fd, bytes, 1 + (round + w->control->seed) % sizeof(bytes)) < 0)
			error = errno;
		if (fd >= 0 && close(fd))
			error = errno;
		identify(op, &is);
		end(w, op, error);

		op = begin(w, OP_FILE_RENAME, round);
		identify(op, &is);
		end(w, op, rename(made, renamed) ? errno : 0);

		op = begin(w, OP_FILE_UNLINK, round);
		identify(op, &is);
		end(w, op, unlink(renamed) ? errno : 0);
	}
	return true;
}

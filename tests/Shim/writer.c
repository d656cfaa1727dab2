/* Does to the files of the folder it is started in what its arguments say, prints a line and waits to be killed.
 *
 *   write NAME OFFSET TEXT, append NAME TEXT, truncate NAME SIZE, sync NAME, rename FROM TO, link FROM TO, unlink NAME, names
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(long result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
}

static int opened(const char *name, int flags)
{
	int fd = open(name, flags, 0600);

	must(fd, name);
	return fd;
}

int main(int count, char **words)
{
	for (int at = 1; at < count;) {
		const char *verb = words[at++], *name = at < count ? words[at] : "";
		int fd = -1;

		if (!strcmp(verb, "write")) {
			fd = opened(name, O_RDWR | O_CREAT);
			must(pwrite(fd, words[at + 2], strlen(words[at + 2]), atol(words[at + 1])), verb);
			at += 3;
		} else if (!strcmp(verb, "append")) {
			fd = opened(name, O_RDWR | O_CREAT | O_APPEND);
			must(write(fd, words[at + 1], strlen(words[at + 1])), verb);
			at += 2;
		} else if (!strcmp(verb, "truncate")) {
			fd = opened(name, O_RDWR | O_CREAT);
			must(ftruncate(fd, atol(words[at + 1])), verb);
			at += 2;
		} else if (!strcmp(verb, "sync")) {
			fd = opened(name, O_RDONLY);
			must(fdatasync(fd), verb);
			at++;
		} else if (!strcmp(verb, "rename")) {
			must(rename(name, words[at + 1]), verb);
			at += 2;
		} else if (!strcmp(verb, "link")) {
			must(link(name, words[at + 1]), verb);
			at += 2;
		} else if (!strcmp(verb, "unlink")) {
			must(unlink(name), verb);
			at++;
		} else if (!strcmp(verb, "names")) {
			fd = opened(".", O_RDONLY | O_DIRECTORY);
			must(fsync(fd), verb);
		} else {
			fprintf(stderr, "what is %s?\n", verb);
			return 2;
		}
		if (fd >= 0)
			close(fd);
	}
	puts("done");
	fflush(stdout);
	pause();
	return 0;
}

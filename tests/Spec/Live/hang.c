// A file system with one file, log, that stops to answer when it is told, as a dead server does: hang FOLDER.
// On its input: "append TEXT", "hang read", "hang lookup", "hang open", "go". On its output: "up", and for each request that it keeps
// "kept" with the boot time in nanoseconds.
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NODE 2
#define MOST 64

static int fuse;
static char content[1 << 20];
static size_t length;
static uint32_t hangs;
static char request[1 << 17];
static char *kept[MOST];
static int count;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void reply(uint64_t unique, int error, const void *body, size_t size)
{
    struct fuse_out_header head = { .len = sizeof(head) + size, .error = error, .unique = unique };
    struct iovec parts[2] = { { &head, sizeof(head) }, { (void *)body, size } };
    if (writev(fuse, parts, 2) < 0 && errno != ENOENT) fail("answer");
}

static struct fuse_attr attr_of(uint64_t node)
{
    struct fuse_attr attr = { .ino = node, .nlink = 1, .blksize = 4096 };
    attr.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0644;
    attr.size = node == FUSE_ROOT_ID ? 0 : length;
    return attr;
}

static void answer(struct fuse_in_header *in)
{
    void *body = in + 1;
    switch (in->opcode) {
    case FUSE_INIT: {
        struct fuse_init_out out = { .major = 7, .minor = 31, .max_write = 4096, .max_background = 16, .congestion_threshold = 12 };
        reply(in->unique, 0, &out, sizeof(out));
        break;
    }
    case FUSE_LOOKUP: {
        struct fuse_entry_out out = { .nodeid = NODE, .attr = attr_of(NODE) };
        if (strcmp(body, "log")) reply(in->unique, -ENOENT, 0, 0);
        else reply(in->unique, 0, &out, sizeof(out));
        break;
    }
    case FUSE_GETATTR: {
        struct fuse_attr_out out = { .attr = attr_of(in->nodeid) };
        reply(in->unique, 0, &out, sizeof(out));
        break;
    }
    case FUSE_OPEN:
    case FUSE_OPENDIR: {
        struct fuse_open_out out = { .fh = 1, .open_flags = FOPEN_DIRECT_IO };
        reply(in->unique, 0, &out, sizeof(out));
        break;
    }
    case FUSE_READ: {
        struct fuse_read_in *read = body;
        size_t at = read->offset < length ? read->offset : length;
        reply(in->unique, 0, content + at, length - at < read->size ? length - at : read->size);
        break;
    }
    case FUSE_READDIR:
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
        reply(in->unique, 0, 0, 0);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        break;
    default:
        reply(in->unique, -ENOSYS, 0, 0);
    }
}

static void take(void)
{
    ssize_t size = read(fuse, request, sizeof(request));
    if (size < 0 && errno == ENODEV) exit(0);
    if (size < 0 && (errno == EINTR || errno == ENOENT || errno == EAGAIN)) return;
    if (size < 0) fail("request");
    struct fuse_in_header *in = (void *)request;
    if (in->opcode != hangs || count == MOST) {
        answer(in);
        return;
    }

    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    kept[count] = malloc(size);
    memcpy(kept[count++], request, size);
    printf("kept %llu\n", now.tv_sec * 1000000000ULL + now.tv_nsec);
}

static void obey(const char *order)
{
    if (!strncmp(order, "append ", 7)) {
        size_t size = strlen(order + 7);
        memcpy(content + length, order + 7, size);
        length += size;
    } else if (!strncmp(order, "hang ", 5)) {
        hangs = order[5] == 'r' ? FUSE_READ : order[5] == 'l' ? FUSE_LOOKUP : FUSE_OPEN;
    } else {
        hangs = 0;
        for (int i = 0; i < count; i++) answer((void *)kept[i]);
        count = 0;
    }

    printf("done\n");
}

int main(int argc, char **argv)
{
    char options[128], order[4096];
    setvbuf(stdout, 0, _IOLBF, 0);
    setvbuf(stdin, 0, _IONBF, 0);
    fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (fuse < 0) fail("/dev/fuse");
    snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fuse);
    if (argc != 2 || mount("hang", argv[1], "fuse", MS_NOSUID | MS_NODEV, options)) fail("mount");
    printf("up\n");
    for (;;) {
        struct pollfd from[2] = { { fuse, POLLIN, 0 }, { 0, POLLIN, 0 } };
        if (poll(from, 2, -1) < 0) fail("poll");
        if (from[0].revents) take();
        if (from[1].revents) {
            if (!fgets(order, sizeof(order), stdin)) return 0;
            obey(order);
        }
    }
}

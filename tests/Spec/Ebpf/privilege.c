// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Makes the system calls of the privilege concern, one family a word on the command line, so that a test can tell what was seen. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "entry32.h"
#include "must.h"

static volatile int marker;

static void *set_own_ids(void *unused)
{
	MUST(!syscall(SYS_setresuid, 4001, 4002, 4003));
	return unused;
}

static void setid(void)
{
	gid_t groups[] = { 7, 8 };

	MUST(!setgroups(2, groups));
	MUST(!syscall(SYS_setresgid, 2001, 2002, 2003));
	MUST(syscall(SYS_setfsuid, 3004) == 0);
	MUST(syscall(SYS_setfsuid, 3004) == 3004); /* no change: no event */
	MUST(!syscall(SYS_setresuid, 3001, 3002, 3003));
	MUST(syscall(SYS_setuid, 0) == -1 && errno == EPERM);
}

static void setid32(void)
{
	MUST(call32(208, 3001, 3002, 3003) == 0);
}

static void setid_thread(void)
{
	pthread_t thread;

	MUST(!pthread_create(&thread, NULL, set_own_ids, NULL));
	MUST(!pthread_join(thread, NULL));
	MUST(getuid() == 0);
	MUST(syscall(SYS_memfd_create, "after-the-thread", 0u) >= 0);
}

static void capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {};

	data[0].permitted = data[0].effective = 1 << CAP_NET_RAW;
	MUST(!syscall(SYS_capset, &header, data));
	data[0].permitted = 1 << CAP_SYS_BOOT;
	MUST(syscall(SYS_capset, &header, data) == -1 && errno == EPERM);
}

/* A child that waits for its end; as another user when `uid` is set. */
static pid_t victim(uid_t uid)
{
	int ready[2];
	char one;
	pid_t pid;

	MUST(!pipe(ready));
	pid = fork();
	MUST(pid >= 0);
	if (!pid) {
		signal(SIGUSR1, SIG_IGN);
		signal(SIGUSR2, SIG_IGN);
		signal(SIGALRM, SIG_IGN);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		if (uid)
			MUST(!syscall(SYS_setresuid, uid, uid, uid));
		MUST(write(ready[1], "r", 1) == 1);
		for (;;)
			pause();
	}
	MUST(read(ready[0], &one, 1) == 1);
	return pid;
}

static void end(pid_t pid)
{
	MUST(!kill(pid, SIGKILL));
	MUST(waitpid(pid, NULL, 0) == pid);
}

static void trace(void)
{
	pid_t pid = victim(0);
	struct iovec here = { .iov_base = (void *)&marker, .iov_len = sizeof(marker) }, there = here;

	printf("%d\n", pid);
	fflush(stdout);
	MUST(!ptrace(PTRACE_ATTACH, pid, NULL, NULL));
	MUST(waitpid(pid, NULL, 0) == pid);
	MUST(!ptrace(PTRACE_POKEDATA, pid, (void *)&marker, (void *)1));
	errno = 0;
	ptrace(PTRACE_PEEKDATA, pid, (void *)&marker, NULL);
	MUST(!errno);
	MUST(!ptrace(PTRACE_DETACH, pid, NULL, NULL));
	MUST(process_vm_writev(pid, &here, 1, &there, 1, 0) == sizeof(marker));
	MUST(ptrace(PTRACE_SEIZE, 0x3fffff, NULL, NULL) == -1 && errno == ESRCH);
	end(pid);
	pid = fork();
	MUST(pid >= 0);
	if (!pid)
		_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0);
	MUST(waitpid(pid, NULL, 0) == pid);
}

static void trace_denied(void)
{
	pid_t pid = victim(0);

	printf("%d\n", pid);
	fflush(stdout);
	MUST(!syscall(SYS_setresuid, 3001, 3001, 0)); /* the saved id takes root back to end the child */
	MUST(ptrace(PTRACE_ATTACH, pid, NULL, NULL) == -1 && errno == EPERM);
	MUST(!syscall(SYS_setresuid, 0, 0, 0));
	end(pid);
}

static void signals(void)
{
	siginfo_t info = { .si_signo = SIGUSR2, .si_code = SI_QUEUE };
	pid_t pid = victim(3001);
	int fd = syscall(434, pid, 0); /* pidfd_open */

	printf("%d\n", pid);
	MUST(!kill(pid, SIGUSR1));
	MUST(!kill(-pid, SIGUSR1));
	MUST(!syscall(SYS_tgkill, pid, pid, SIGUSR1));
	MUST(!syscall(SYS_rt_sigqueueinfo, pid, SIGUSR2, &info));
	if (fd >= 0) {
		MUST(!syscall(424, fd, SIGALRM, NULL, 0));
		MUST(!syscall(424, fd, SIGUSR2, &info, 0));
	}
	end(pid);
}

static void signals_denied(void)
{
	pid_t pid = victim(3002);
	int fd = syscall(434, pid, 0);

	printf("%d\n", pid);
	fflush(stdout);
	MUST(!syscall(SYS_setresuid, 3001, 3001, 0));
	MUST(kill(pid, SIGUSR1) == -1 && errno == EPERM);
	MUST(syscall(SYS_tgkill, pid, pid, SIGUSR2) == -1 && errno == EPERM);
	MUST(fd < 0 || (syscall(424, fd, SIGALRM, NULL, 0) == -1 && errno == EPERM));
	MUST(!syscall(SYS_setresuid, 0, 0, 0));
	end(pid);
}

static void modules(const char *folder)
{
	char path[4096], junk[64] = "no module";
	int fd;

	snprintf(path, sizeof(path), "%s/m\xff\n.ko", folder);
	fd = open(path, O_CREAT | O_RDWR, 0600);
	MUST(fd >= 0 && write(fd, junk, sizeof(junk)) == sizeof(junk));
	MUST(syscall(SYS_init_module, junk, sizeof(junk), "first=1") == -1);
	close(fd);
	fd = open(path, O_RDONLY);
	MUST(syscall(SYS_finit_module, fd, "second=2", 1) == -1);
	MUST(syscall(SYS_finit_module, fd, (void *)8, 0) == -1);
	MUST(!unlink(path));
}

static void bpf(void)
{
	union bpf_attr map = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1, .map_name = "picket_spec" };
	union bpf_attr program = { .prog_type = BPF_PROG_TYPE_KPROBE, .prog_name = "picket_bad" };
	union bpf_attr pin = { .pathname = (unsigned long)"/nowhere/picket-pin" };
	unsigned int key = 0, value;
	union bpf_attr look = { .key = (unsigned long)&key, .value = (unsigned long)&value };

	look.map_fd = pin.bpf_fd = syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map));
	MUST((int)look.map_fd >= 0);
	MUST(!syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &look, sizeof(look)));
	MUST(syscall(SYS_bpf, BPF_PROG_LOAD, &program, sizeof(program)) == -1);
	MUST(syscall(SYS_bpf, BPF_OBJ_PIN, &pin, sizeof(pin)) == -1);
	MUST(syscall(SYS_bpf, BPF_MAP_CREATE, (void *)8, sizeof(map)) == -1);
}

static void mounts(const char *folder)
{
	char path[4096];
	int context, mount_fd;

	MUST(!unshare(CLONE_NEWNS | CLONE_NEWUTS));
	MUST(!mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	snprintf(path, sizeof(path), "%s/mnt", folder);
	MUST(!mkdir(path, 0700));
	MUST(!mount("picket-source", path, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k"));
	MUST(!umount2(path, MNT_DETACH));
	context = syscall(430, "tmpfs", 0); /* fsopen */
	MUST(context >= 0 && !syscall(431, context, 1, "source", "picket-new", 0) && !syscall(431, context, 6, NULL, NULL, 0));
	mount_fd = syscall(432, context, 0, 8 /* NOEXEC */);
	MUST(mount_fd >= 0 && !syscall(429, mount_fd, "", AT_FDCWD, path, 4));
	close(mount_fd);
	MUST(!umount2(path, 0));
	MUST(mount("picket-source", "/nowhere/picket", "tmpfs", 0, NULL) == -1);
	MUST(syscall(SYS_pivot_root, path, path) == -1);
	MUST(!chroot(folder));
}

static void namespaces(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	MUST(fd >= 0 && !setns(fd, 0));
	MUST(setns(0, CLONE_NEWNET) == -1);
	MUST(syscall(SYS_unshare, -1) == -1);
}

static void names(void)
{
	MUST(!prctl(PR_SET_NAME, "n\xff\nm"));
	MUST(!prctl(PR_SET_DUMPABLE, 0));
	MUST(prctl(PR_GET_DUMPABLE) == 0);
	MUST(prctl(PR_SET_NAME, (void *)8) == -1);
}

static void others(void)
{
	struct sysinfo info;

	MUST(personality(0xffffffff) >= 0);
	MUST(!sysinfo(&info));
	MUST(call32(116, 8, 0, 0) == -EFAULT || call32(0, 0, 0, 0) == -ENOSYS);
}

static void memfd_exec(const char *from)
{
	char bytes[65536], *argv[] = { "from-memory", NULL }, *environment[] = { NULL };
	int in = open(from, O_RDONLY), fd = syscall(SYS_memfd_create, "picket-program", 0u);
	long length;

	MUST(in >= 0 && fd >= 0);
	while ((length = read(in, bytes, sizeof(bytes))) > 0)
		MUST(write(fd, bytes, length) == length);
	syscall(SYS_execveat, fd, "", argv, environment, AT_EMPTY_PATH);
	MUST(0);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *what = argv[i];

		if (!strcmp(what, "setid")) setid();
		else if (!strcmp(what, "setid32")) setid32();
		else if (!strcmp(what, "setid-thread")) setid_thread();
		else if (!strcmp(what, "capset")) capabilities();
		else if (!strcmp(what, "trace")) trace();
		else if (!strcmp(what, "trace-denied")) trace_denied();
		else if (!strcmp(what, "signals")) signals();
		else if (!strcmp(what, "signals-denied")) signals_denied();
		else if (!strcmp(what, "modules")) modules(argv[++i]);
		else if (!strcmp(what, "bpf")) bpf();
		else if (!strcmp(what, "mounts")) mounts(argv[++i]);
		else if (!strcmp(what, "namespaces")) namespaces();
		else if (!strcmp(what, "names")) names();
		else if (!strcmp(what, "others")) others();
		else if (!strcmp(what, "memfd")) MUST(syscall(SYS_memfd_create, "picket-later", 3u) >= 0);
		else if (!strcmp(what, "memfd-exec")) memfd_exec(argv[++i]);
		else return 2;
	}
	return 0;
}

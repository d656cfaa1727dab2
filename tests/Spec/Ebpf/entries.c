// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Calls of the privilege concern that privilege leaves out: the rest of each family, and what goes through the 32-bit entry. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "entry32.h"
#include "must.h"

static volatile long marker;

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
		prctl(PR_SET_PDEATHSIG, SIGKILL);
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

static void ids(void)
{
	MUST(!syscall(SYS_setregid, 2001, 2002));
	MUST(!syscall(SYS_setgid, 2003));
	MUST(syscall(SYS_setfsgid, 2004) == 2003);
	MUST(!syscall(SYS_setreuid, 3001, 0));
	MUST(!syscall(SYS_setuid, 3002));
}

static void tracing(void)
{
	pid_t pid = victim(0);
	int status;

	printf("%d\n", pid);
	fflush(stdout);
	MUST(!ptrace(PTRACE_SEIZE, pid, NULL, NULL));
	MUST(!ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) && waitpid(pid, &status, 0) == pid);
	MUST(!ptrace(PTRACE_POKETEXT, pid, (void *)&marker, (void *)1));
#if defined(__x86_64__)
	struct user_regs_struct regs;

	MUST(!ptrace(PTRACE_GETREGS, pid, NULL, &regs) && !ptrace(PTRACE_SETREGS, pid, NULL, &regs));
#endif
	MUST(!ptrace(PTRACE_DETACH, pid, NULL, NULL));
	end(pid);
}

static void mounts(const char *folder)
{
	struct { uint64_t set, clear, propagation, userns; } how = { .set = 1 /* RDONLY */ };
	char path[4096];
	int tree;

	MUST(!unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	snprintf(path, sizeof(path), "%s/m\xff\nt", folder);
	MUST(!mkdir(path, 0700) && !mount("picket-source", path, "tmpfs", 0, NULL));
	MUST(!syscall(442, AT_FDCWD, path, 0, &how, sizeof(how)));
	tree = syscall(428, AT_FDCWD, path, 1 /* CLONE */);
	MUST(tree >= 0 && !syscall(429, tree, "", AT_FDCWD, path, 4));
	close(tree);
	tree = syscall(467, AT_FDCWD, path, 1, &how, sizeof(how));
	printf("%d\n", tree >= 0);
	MUST(!umount2(path, MNT_DETACH) && !umount2(path, MNT_DETACH));
	MUST(!rmdir(path));
}

static void *rename_self(void *unused)
{
	MUST(!prctl(PR_SET_NAME, "a-thread"));
	return unused;
}

static void names(void)
{
	pthread_t thread;
	int fd;

	MUST(!pthread_create(&thread, NULL, rename_self, NULL) && !pthread_join(thread, NULL));
	fd = open("/proc/self/comm", O_WRONLY);
	MUST(fd >= 0 && write(fd, "by-file", 7) == 7);
	MUST(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	MUST(!prctl(PR_CAPBSET_DROP, CAP_SYS_BOOT));
	MUST(!prctl(PR_SET_CHILD_SUBREAPER, 1));
}

static void signals(void)
{
	siginfo_t info = { .si_signo = SIGUSR2, .si_code = SI_QUEUE };
	pid_t pid = victim(3001), own = victim(0);

	printf("%d\n", pid);
	MUST(!kill(pid, 0));
	MUST(!syscall(SYS_tkill, pid, SIGUSR1));
	MUST(!syscall(SYS_rt_tgsigqueueinfo, pid, pid, SIGUSR2, &info));
	MUST(!kill(own, SIGUSR1));
	end(own);
	end(pid);
}

static void denied(void)
{
	struct { unsigned int type, key, value, entries; char more[112]; } map = { 1, 4, 4, 1 };
	struct iovec here = { (void *)&marker, sizeof(marker) };

	MUST(!syscall(SYS_setresuid, 3001, 3001, 3001));
	MUST(syscall(SYS_init_module, "x", 1, "denied=1") == -1);
	MUST(syscall(SYS_bpf, 0, &map, sizeof(map)) == -1 && errno == EPERM);
	MUST(mount("a", "/tmp", "tmpfs", 0, NULL) == -1 && errno == EPERM);
	MUST(umount2("/tmp", 0) == -1 && errno == EPERM);
	MUST(syscall(SYS_unshare, CLONE_NEWNET) == -1 && errno == EPERM);
	MUST(chroot("/tmp") == -1 && errno == EPERM);
	MUST(syscall(SYS_pivot_root, "/tmp", "/tmp") == -1 && errno == EPERM);
	MUST(syscall(SYS_process_vm_writev, 1, &here, 1, &here, 1, 0) == -1 && errno == EPERM);
	MUST(ptrace(PTRACE_SEIZE, 1, NULL, NULL) == -1 && errno == EPERM);
}

/* All through the 32-bit entry; what each ends with does not matter here but where it says so. */
static void compat(const char *folder)
{
	pid_t pid = victim(3001);
	long place = low(folder);

	printf("%d\n", pid);
	MUST(!call32(310, CLONE_NEWNS)); /* unshare */
	MUST(!mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	MUST(!call32(21, low("by-32"), place, low("tmpfs"), MS_NOSUID)); /* mount */
	MUST(!call32(22, place)); /* umount, of one argument */
	MUST(!call32(21, low("by-32"), place, low("tmpfs")));
	MUST(!call32(52, place, MNT_DETACH)); /* umount2 */
	MUST(call32(217, place, place) < 0); /* pivot_root */
	MUST(call32(128, place, 4, low("by=32")) < 0); /* init_module */
	MUST(call32(357, 0, 8, 100) < 0); /* bpf */
	MUST(call32(346, 0, CLONE_NEWNET) < 0); /* setns */
	MUST(!call32(37, pid, SIGUSR1)); /* kill */
	MUST(!call32(270, pid, pid, SIGUSR2)); /* tgkill */
	MUST(!call32(26, PTRACE_SEIZE, pid)); /* ptrace */
	MUST(call32(348, pid) <= 0); /* process_vm_writev */
	MUST(!call32(172, PR_SET_DUMPABLE)); /* prctl */
	MUST(!call32(172, PR_SET_NAME, low("name-by-32")));
	MUST(call32(185, 8, 8) < 0); /* capset */
	MUST(!call32(61, place)); /* chroot */
	end(pid);
	MUST(!call32(46, 2001)); /* setgid, of 16 bits */
	MUST(!call32(213, 3001)); /* setuid32 */
}

int main(int count, char **arguments)
{
	const char *mode = count > 1 ? arguments[1] : "";

	if (!strcmp(mode, "ids")) ids();
	else if (!strcmp(mode, "tracing")) tracing();
	else if (!strcmp(mode, "mounts")) mounts(arguments[2]);
	else if (!strcmp(mode, "names")) names();
	else if (!strcmp(mode, "signals")) signals();
	else if (!strcmp(mode, "denied")) denied();
	else if (!strcmp(mode, "compat")) compat(arguments[2]);
	else return 2;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What gives a process rights, or takes part in other processes: one program for each family of system calls.
 *
 * Why this hook: these are decisions of the kernel that have no tracepoint of their own, so they are taken where the
 * system call ends and its result is known. The programs are called by the one hook in syscalls.bpf.c. Three things
 * have a tracepoint that says more than the call, and are taken there: a signal (whom it reached, also of a group), a
 * thread's name (what it was), a module's name (which init_module does not tell). Those are rare, hence raw alone.
 */
#include "modules.h"
#include "mounts.h"
#include "signals.h"
#include "tracing.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define PR_SET_PDEATHSIG 1

BODY(setid_body)
{
	on_standing(regs, result, EVENT_SETID, typed);
}
ON_EXIT(setid, setid_body)

/* They return what was before: nothing happened where that is what was asked for. */
BODY(setfsid_body)
{
	if ((__u32)result != (__u32)ARGUMENT(0))
		on_standing(regs, result, EVENT_SETID, typed);
}
ON_EXIT(setfsid, setfsid_body)

BODY(capset_body)
{
	on_standing(regs, result, EVENT_CAPSET, typed);
}
ON_EXIT(capset, capset_body)

BODY(unshare_body)
{
	on_standing(regs, result, EVENT_UNSHARE, typed);
}
ON_EXIT(unshare, unshare_body)

BODY(setns_body)
{
	on_standing(regs, result, EVENT_SETNS, typed);
}
ON_EXIT(setns, setns_body)

BODY(memfd_body)
{
	on_call(regs, result, EVENT_MEMFD, 0, -1, typed);
}
ON_EXIT(memfd, memfd_body)

BODY(other_body)
{
	on_call(regs, result, EVENT_CALL, -1, -1, typed);
}
ON_EXIT(other, other_body)

/* Those that change what the process may do, or how others see it. */
static __always_inline bool is_changing(__u64 option)
{
	switch (option) {
	case PR_SET_PDEATHSIG:
	case 4:	 /* SET_DUMPABLE */
	case 8:	 /* SET_KEEPCAPS */
	case 22: /* SET_SECCOMP */
	case 24: /* CAPBSET_DROP */
	case 28: /* SET_SECUREBITS */
	case 35: /* SET_MM */
	case 36: /* SET_CHILD_SUBREAPER */
	case 38: /* SET_NO_NEW_PRIVS */
	case 47: /* CAP_AMBIENT */
	case 0x59616d61: /* SET_PTRACER */
		return true;
	}
	return false;
}

BODY(prctl_body)
{
	if (is_changing(ARGUMENT(0)))
		on_call(regs, result, EVENT_PRCTL, -1, -1, typed);
}
ON_EXIT(prctl, prctl_body)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct task_struct___exec { unsigned in_execve : 1; };
#pragma clang attribute pop

/* Also what is written to /proc/PID/comm. The kernel itself renames at an exec, which has its own record. */
SEC("raw_tp/task_rename")
int BPF_PROG(rename, struct task_struct *task, const char *name)
{
	struct task_struct___exec *execing = (void *)task;
	struct task_struct *target = task;
	struct draft d;

	if (!reporting(CONCERN_PRIVILEGE))
		return 0;
	if (bpf_core_field_exists(execing->in_execve) && BPF_CORE_READ_BITFIELD_PROBED(execing, in_execve))
		return 0;
	if (BPF_CORE_READ(target, tgid) == (int)(bpf_get_current_pid_tgid() >> 32))
		target = NULL;
	d = begin_draft(EVENT_PRCTL, sizeof(struct call_event), target);
	if (!d.slot)
		return 0;
	d.slot->call.flags |= CALL_NO_CALL;
	add_kernel_text(d.slot, &d.slot->call.texts[0], name, TASK_COMM_LEN);
	add_kernel_text(d.slot, &d.slot->call.texts[1], &task->comm, TASK_COMM_LEN);
	send_draft(&d);
	return 0;
}

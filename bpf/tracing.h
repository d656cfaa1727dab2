/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tracing of other processes, and writing into their memory. */
#ifndef PICKET_TRACING_H
#define PICKET_TRACING_H

#include "on_exit.h"

#define PTRACE_TRACEME 0

/*
 * Attaching, and writing into the traced process. Reading and stepping come by the thousand from every debugger and
 * follow an attach that was reported.
 */
static __always_inline bool is_telling(__u64 request)
{
	switch (request) {
	case PTRACE_TRACEME:
	case 4:	 /* POKETEXT */
	case 5:	 /* POKEDATA */
	case 6:	 /* POKEUSR */
	case 8:	 /* KILL */
	case 13: /* SETREGS */
	case 15: /* SETFPREGS */
	case 16: /* ATTACH */
	case 0x4205: /* SETREGSET */
	case 0x4206: /* SEIZE */
		return true;
	}
	return false;
}

BODY(on_ptrace)
{
	__u64 request = ARGUMENT(0);

	if (is_telling(request))
		on_target(regs, result, EVENT_PTRACE, request == PTRACE_TRACEME ? NULL : find_task(ARGUMENT(1)), 0, typed);
}
ON_EXIT(ptrace, on_ptrace)

BODY(vm_write_body)
{
	on_target(regs, result, EVENT_VM_WRITE, find_task(ARGUMENT(0)), 0, typed);
}
ON_EXIT(vm_write, vm_write_body)

#endif

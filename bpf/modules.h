/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Kernel modules, and programs and maps of BPF. */
#ifndef PICKET_MODULES_H
#define PICKET_MODULES_H

#include "on_exit.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct module { char name[56]; };
#pragma clang attribute pop

/* The names of modules whose load is under way, by thread: the call does not have them. */
struct module_name { char text[56]; };

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 64);
	__type(key, __u64);
	__type(value, struct module_name);
} loading SEC(".maps");

SEC("raw_tp/module_load")
int BPF_PROG(module, struct module *module)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct module_name name = {};

	if (!reporting(CONCERN_PRIVILEGE))
		return 0;
	bpf_core_read_str(name.text, sizeof(name.text), &module->name);
	bpf_map_update_elem(&loading, &thread, &name, BPF_ANY);
	return 0;
}

static __always_inline void on_module(struct pt_regs *regs, long result, const bool from_file, const int parameters, const bool typed)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct draft d = begin_draft(EVENT_MODULE, sizeof(struct call_event), NULL);
	struct module_name *name;
	struct file *file;

	if (!d.slot)
		return;
	fill_call(&d.slot->call, regs, result, typed);
	name = bpf_map_lookup_elem(&loading, &thread);
	if (name) {
		add_kernel_text(d.slot, &d.slot->call.texts[0], name, sizeof(*name));
		bpf_map_delete_elem(&loading, &thread);
	}
	add_text(d.slot, &d.slot->call.texts[2], d.slot->call.arguments[parameters]);
	file = from_file ? file_of((struct task_struct *)bpf_get_current_task(), d.slot->call.arguments[0]) : NULL;
	if (file)
		add_path(&d, &d.slot->call.texts[1], file);
	send_draft(&d);
}

BODY(init_module_body)
{
	on_module(regs, result, false, 2, typed);
}
ON_EXIT(init_module, init_module_body)

BODY(finit_module_body)
{
	on_module(regs, result, true, 1, typed);
}
ON_EXIT_LAST(finit_module, finit_module_body)

/* Where names and types stand in bpf(2)'s attributes, which are alike for 32-bit callers. */
#define MAP_NAME 28
#define PROGRAM_NAME 48
#define OBJECT_NAME_LENGTH 16

/* Making, loading, pinning and attaching; not the looks into maps, which come by the thousand. */
static __always_inline bool is_making(__u64 command)
{
	switch (command) {
	case BPF_MAP_CREATE:
	case BPF_PROG_LOAD:
	case BPF_OBJ_PIN:
	case BPF_OBJ_GET:
	case BPF_PROG_ATTACH:
	case BPF_PROG_DETACH:
	case BPF_PROG_GET_FD_BY_ID:
	case BPF_MAP_GET_FD_BY_ID:
	case BPF_RAW_TRACEPOINT_OPEN:
	case BPF_BTF_LOAD:
	case BPF_LINK_CREATE:
	case BPF_LINK_UPDATE:
	case 30: /* BPF_LINK_GET_FD_BY_ID */
	case 34: /* BPF_LINK_DETACH */
		return true;
	}
	return false;
}

BODY(on_bpf)
{
	__u64 command = ARGUMENT(0), attributes = ARGUMENT(1), name = 0;
	struct draft d;
	__u32 type = 0;

	if (!is_making(command))
		return;
	d = begin_draft(EVENT_BPF, sizeof(struct call_event), NULL);
	if (!d.slot)
		return;
	fill_call(&d.slot->call, regs, result, typed);
	if (command == BPF_OBJ_PIN || command == BPF_OBJ_GET || command == BPF_RAW_TRACEPOINT_OPEN)
		bpf_probe_read_user(&name, sizeof(name), (const void *)attributes);
	else if (command == BPF_MAP_CREATE)
		name = attributes + MAP_NAME;
	else if (command == BPF_PROG_LOAD)
		name = attributes + PROGRAM_NAME;
	if (command == BPF_MAP_CREATE || command == BPF_PROG_LOAD)
		bpf_probe_read_user(&type, sizeof(type), (const void *)attributes);
	d.slot->call.detail = type;
	add_text(d.slot, &d.slot->call.texts[0], name);
	send_draft(&d);
}
ON_EXIT(bpf, on_bpf)

#endif

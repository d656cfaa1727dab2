#define _GNU_SOURCE
#include "floor.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define GENERATION 1
#define SCRATCH_SLOTS 3 /* as in bpf/scratch.h */

static _Noreturn void die(const char *what, const char *name)
{
	fprintf(stderr, "floor: %s %s: %s\n", what, name, strerror(errno));
	exit(2);
}

enum shared { EVENTS, COUNTERS, STATE, SCRATCH, CALLS, EXIT_CALLS, ENTER_CALLS, SHARED };

static const char *const shared_names[SHARED] = { "events", "counters", "state", "scratch", "calls", "exit_calls", "enter_calls" };

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

/* The program that the hook on system calls is to call, if it is one; NULL for one that is attached itself. */
static const struct call_binding *binding_of(const struct programs *p, const char *program)
{
	for (unsigned int i = 0; i < p->bound; i++) {
		size_t length = strlen(p->bindings[i].program);

		if (!strncmp(program, p->bindings[i].program, length) && strlen(program) == length + 4)
			return &p->bindings[i];
	}
	return NULL;
}

/* The hook on entries costs as much as that on exits: it is there only where somebody asks for it. */
static bool idle_entry(const struct programs *p, const char *program, const char *object)
{
	for (unsigned int i = 0; i < p->bound; i++) {
		if (p->bindings[i].enter)
			return false;
	}
	return !strcmp(object, "syscalls") && !strncmp(program, "enter_", 6);
}

/* Of x_btf and x_raw, the first where the kernel's types have the tracepoint, as the product chooses. */
static void choose(struct bpf_object *object, const char *called, const struct programs *p, const struct btf *kernel)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		const char *name = bpf_program__name(program), *section = bpf_program__section_name(program);
		bool typed = ends_with(name, "_btf"), known;
		char type[128];

		if (idle_entry(p, name, called)) {
			bpf_program__set_autoload(program, false);
			continue;
		}
		if (!strrchr(section, '/'))
			continue;
		snprintf(type, sizeof(type), "btf_trace_%s", strrchr(section, '/') + 1);
		known = btf__find_by_name_kind(kernel, type, BTF_KIND_TYPEDEF) >= 0;
		if (typed || ends_with(name, "_raw"))
			bpf_program__set_autoload(program, typed == known);
		else if (!strncmp(section, "raw_tp/", 7))
			bpf_program__set_autoload(program, known); /* as module_load on a kernel without modules */
	}
}

static void configure(struct bpf_object *object, const struct programs *p, int maps[SHARED])
{
	const struct program_config config = { .generation = GENERATION, .cpus = p->cpus, .ring_size = p->ring_size };
	struct bpf_map *map;

	for (enum shared shared = 0; shared < SHARED; shared++) {
		map = bpf_object__find_map_by_name(object, shared_names[shared]);
		if (!map)
			continue;
		/* The only one whose size the contract in events.h does not say. */
		if (shared == SCRATCH && maps[SCRATCH] < 0)
			maps[SCRATCH] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "scratch", 4, bpf_map__value_size(map),
						       SCRATCH_SLOTS * p->cpus, NULL);
		if (bpf_map__reuse_fd(map, maps[shared]))
			die("cannot share the map", shared_names[shared]);
	}
	bpf_object__for_each_map(map, object) {
		if (ends_with(bpf_map__name(map), ".rodata") &&
		    bpf_map__set_initial_value(map, &config, sizeof(config)))
			die("another configuration than this build's in", bpf_object__name(object));
	}
}

static void make_maps(struct programs *p, int maps[SHARED])
{
	LIBBPF_OPTS(bpf_map_create_opts, mapable, .map_flags = BPF_F_MMAPABLE);
	struct state first = { .abi = PICKET_ABI, .run = RUN_RUNNING };
	uint32_t zero = 0;

	memcpy(first.wanted, p->wanted, sizeof(first.wanted));
	for (int concern = 0; concern < CONCERN_MAX; concern++)
		first.generation[concern] = GENERATION;
	maps[EVENTS] = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "events", 0, 0, p->ring_size, NULL);
	maps[COUNTERS] = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "counters", 4, sizeof(struct counter), EVENT_KIND_MAX, NULL);
	maps[STATE] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "state", 4, sizeof(struct state), 1, &mapable);
	maps[SCRATCH] = -1;
	maps[CALLS] = bpf_map_create(BPF_MAP_TYPE_ARRAY, "calls", 4, sizeof(struct call_table), 1, &mapable);
	maps[EXIT_CALLS] = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "exit_calls", 4, 4, CALL_LANES * CALL_SLOTS, NULL);
	maps[ENTER_CALLS] = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "enter_calls", 4, 4, CALL_LANES * CALL_SLOTS, NULL);
	for (enum shared shared = 0; shared < SHARED; shared++) {
		if (shared != SCRATCH && maps[shared] < 0)
			die("cannot make the map", shared_names[shared]);
	}
	if (bpf_map_update_elem(maps[STATE], &zero, &first, BPF_ANY))
		die("cannot fill", "state");
	p->ring = maps[EVENTS];
	p->counters = maps[COUNTERS];
}

static void hand_calls(const int maps[SHARED], const struct call_binding *b, int program, struct call_table *table)
{
	for (unsigned int i = 0; i < b->count; i++) {
		uint32_t index = b->lane * CALL_SLOTS + b->slots[i];

		if (bpf_map_update_elem(maps[b->enter ? ENTER_CALLS : EXIT_CALLS], &index, &program, BPF_ANY))
			die("cannot hand system calls to", b->program);
		(b->enter ? table->enter : table->exit)[b->slots[i]] |= 1 << b->lane;
		if (b->forms[i])
			memcpy(&table->forms[b->slots[i]], &b->forms[i], sizeof(table->forms[0]));
	}
}

bool bind_calls(struct programs *p, const char *text)
{
	struct call_binding *b = &p->bindings[p->bound];
	char edge[8];
	int at = 0;

	if (p->bound == CALLS_MAX || sscanf(text, "%63[^:]:%7[^:]:%u%n", b->program, edge, &b->lane, &at) != 3 ||
	    b->lane >= CALL_LANES)
		return false;
	b->enter = !strcmp(edge, "enter");
	/* No slots: a program for calls that rules name, and none does. */
	for (const char *rest = text + at; rest[0] && rest[1]; b->count++) {
		char *end;
		unsigned long slot = strtoul(rest + 1, &end, 10);

		if (end == rest + 1 || slot >= CALL_SLOTS || b->count == sizeof(b->slots) / sizeof(b->slots[0]))
			return false;
		b->slots[b->count] = slot;
		b->forms[b->count] = *end == '=' ? strtoull(end + 1, &end, 16) : 0;
		rest = end;
	}
	p->bound++;
	return true;
}

/* The root of the unified hierarchy, where programs see the sockets of every control group. */
static int root_group(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;
	int root = -1;

	while (mounts && root < 0 && (mount = getmntent(mounts))) {
		if (!strcmp(mount->mnt_type, "cgroup2"))
			root = open(mount->mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (mounts)
		endmntent(mounts);
	if (root < 0)
		die("cannot open", "the root of the control groups");
	return root;
}

static struct bpf_link *attach(struct bpf_program *program)
{
	struct bpf_link *link;
	int root;

	if (strncmp(bpf_program__section_name(program), "cgroup", 6))
		return bpf_program__attach(program);
	root = root_group();
	link = bpf_program__attach_cgroup(program, root);
	close(root);
	return link;
}

void attach_programs(struct programs *p, const char *folder, const char *const *names, unsigned int count)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct call_table table = {};
	uint32_t zero = 0;
	struct btf *kernel;
	struct timespec day, boot;
	int maps[SHARED];

	clock_gettime(CLOCK_REALTIME, &day);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	table.clock = (day.tv_sec - boot.tv_sec) * 1000000000ll + day.tv_nsec - boot.tv_nsec;
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	p->cpus = libbpf_num_possible_cpus();
	kernel = btf__load_vmlinux_btf();
	if (!kernel)
		die("cannot read", "the kernel's types");
	make_maps(p, maps);
	for (unsigned int i = 0; i < count; i++) {
		struct bpf_program *program;
		struct bpf_object *object;
		char path[512];

		snprintf(path, sizeof(path), "%s/%s.bpf.o", folder, names[i]);
		object = bpf_object__open_file(path, NULL);
		if (!object)
			die("cannot open", path);
		configure(object, p, maps);
		choose(object, names[i], p, kernel);
		if (bpf_object__load(object))
			die("the kernel refuses", path);
		bpf_object__for_each_program(program, object) {
			const struct call_binding *binding = binding_of(p, bpf_program__name(program));

			if (!bpf_program__autoload(program))
				continue;
			if (binding)
				hand_calls(maps, binding, bpf_program__fd(program), &table);
			else if (!attach(program))
				die("cannot attach", bpf_program__name(program));
			p->attached++;
		}
	}
	if (bpf_map_update_elem(maps[CALLS], &zero, &table, BPF_ANY))
		die("cannot fill", "calls");
	btf__free(kernel);
}

void read_counters(const struct programs *p, struct counter sums[EVENT_KIND_MAX])
{
	struct counter rows[p->cpus];

	for (uint32_t kind = 0; kind < EVENT_KIND_MAX; kind++) {
		sums[kind] = (struct counter){};
		if (bpf_map_lookup_elem(p->counters, &kind, rows))
			continue;
		for (int cpu = 0; cpu < p->cpus; cpu++) {
			sums[kind].seen += rows[cpu].seen;
			sums[kind].submitted += rows[cpu].submitted;
			sums[kind].lost += rows[cpu].lost;
			sums[kind].refused += rows[cpu].refused;
			sums[kind].busy += rows[cpu].busy;
			sums[kind].self += rows[cpu].self;
			sums[kind].unasked += rows[cpu].unasked;
		}
	}
}

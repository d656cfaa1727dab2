#define _GNU_SOURCE
#include "floor.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define GENERATION 1
#define SCRATCH_SLOTS 3 /* as in bpf/scratch.h */

static _Noreturn void die(const char *what, const char *name)
{
	fprintf(stderr, "floor: %s %s: %s\n", what, name, strerror(errno));
	exit(2);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && !strcmp(text + length - tail, end);
}

/* Of x_btf and x_raw, the first where the kernel's types have the tracepoint, as the product chooses. */
static void choose(struct bpf_object *object, const struct btf *kernel)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		const char *name = bpf_program__name(program), *section = bpf_program__section_name(program);
		bool typed = ends_with(name, "_btf"), known;
		char type[128];

		if (!typed && !ends_with(name, "_raw"))
			continue;
		snprintf(type, sizeof(type), "btf_trace_%s", strrchr(section, '/') + 1);
		known = btf__find_by_name_kind(kernel, type, BTF_KIND_TYPEDEF) >= 0;
		bpf_program__set_autoload(program, typed == known);
	}
}

static void share(struct bpf_object *object, const char *name, int fd)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	if (map && bpf_map__reuse_fd(map, fd))
		die("cannot share the map", name);
}

static void configure(struct bpf_object *object, const struct programs *p)
{
	const struct program_config config = { .generation = GENERATION, .cpus = p->cpus, .ring_size = p->ring_size };
	struct bpf_map *map = bpf_object__find_map_by_name(object, "scratch");

	if (map && bpf_map__set_max_entries(map, SCRATCH_SLOTS * p->cpus))
		die("cannot size", "scratch");
	bpf_object__for_each_map(map, object) {
		if (ends_with(bpf_map__name(map), ".rodata") &&
		    bpf_map__set_initial_value(map, &config, sizeof(config)))
			die("another configuration than this build's in", bpf_object__name(object));
	}
}

static void make_maps(struct programs *p, int *state)
{
	LIBBPF_OPTS(bpf_map_create_opts, mapable, .map_flags = BPF_F_MMAPABLE);
	struct state first = { .abi = PICKET_ABI, .run = RUN_RUNNING };
	uint32_t zero = 0;

	for (int concern = 0; concern < CONCERN_MAX; concern++)
		first.generation[concern] = GENERATION;
	p->ring = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "events", 0, 0, p->ring_size, NULL);
	p->counters = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "counters", 4, sizeof(struct counter), EVENT_KIND_MAX, NULL);
	*state = bpf_map_create(BPF_MAP_TYPE_ARRAY, "state", 4, sizeof(struct state), 1, &mapable);
	if (p->ring < 0 || p->counters < 0 || *state < 0 || bpf_map_update_elem(*state, &zero, &first, BPF_ANY))
		die("cannot make", "the maps");
}

void attach_programs(struct programs *p, const char *folder, const char *const *names, unsigned int count)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct btf *kernel;
	int state;

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	p->cpus = libbpf_num_possible_cpus();
	kernel = btf__load_vmlinux_btf();
	if (!kernel)
		die("cannot read", "the kernel's types");
	make_maps(p, &state);
	for (unsigned int i = 0; i < count; i++) {
		struct bpf_program *program;
		struct bpf_object *object;
		char path[512];

		snprintf(path, sizeof(path), "%s/%s.bpf.o", folder, names[i]);
		object = bpf_object__open_file(path, NULL);
		if (!object)
			die("cannot open", path);
		share(object, "events", p->ring);
		share(object, "counters", p->counters);
		share(object, "state", state);
		configure(object, p);
		choose(object, kernel);
		if (bpf_object__load(object))
			die("the kernel refuses", path);
		bpf_object__for_each_program(program, object) {
			if (!bpf_program__autoload(program))
				continue;
			if (!bpf_program__attach(program))
				die("cannot attach", bpf_program__name(program));
			p->attached++;
		}
	}
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
		}
	}
}

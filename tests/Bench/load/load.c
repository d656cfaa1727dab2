/*
 * load [--seed N] [--seconds S] [--log FILE] [--folder DIR] [--dns-port P] KIND:ROUNDS[:RATE[:WORKERS]]...
 *
 * KIND is exec, file, tcp or dns; ROUNDS is what all its workers do together, 0: until --seconds are over; RATE is rounds a
 * second over all workers, 0: as fast as possible. Prints a JSON object and ends with 0, with 1 when an operation failed or the
 * log lacks one, with 2 when it could not work.
 */
#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS_MAX 64
#define UNBOUNDED 4000000 /* rounds that a log has room for where only the time ends them */
#define START_AFTER 50000000 /* ns: every worker is ready by then */

static const char *const kind_names[KINDS] = { "exec", "file", "tcp", "dns" };
static const unsigned int kind_operations[KINDS] = { 1, 3, 2, 2 };
static bool (*const kind_runs[KINDS])(struct worker *) = { run_exec, run_file, run_tcp, run_dns };

static struct control *control;
static struct worker *workers;
static unsigned int count;

static void on_signal(int signal)
{
	(void)signal;
	control->stop = 1;
}

static void *shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		perror("load: memory");
		exit(2);
	}
	return memory;
}

static int usage(const char *what)
{
	fprintf(stderr, "load: %s\nusage: load [--seed N] [--seconds S] [--log FILE] [--folder DIR] [--dns-port P]"
			" KIND:ROUNDS[:RATE[:WORKERS]]...\n", what);
	return 2;
}

static bool add(char *text)
{
	char *part = strtok(text, ":"), *rest;
	unsigned long long numbers[3] = { 0, 0, 1 };
	enum kind kind;

	for (kind = 0; kind < KINDS && (!part || strcmp(part, kind_names[kind])); kind++)
		;
	if (kind == KINDS)
		return false;
	for (int i = 0; i < 3 && (part = strtok(NULL, ":")); i++) {
		numbers[i] = strtoull(part, &rest, 10);
		if (*rest || !*part)
			return false;
	}
	if (strtok(NULL, ":") || !numbers[2] || count + numbers[2] > WORKERS_MAX)
		return false;
	for (unsigned int i = 0; i < numbers[2]; i++) {
		struct worker *w = &workers[count];

		w->control = control;
		w->kind = kind;
		w->index = count++;
		/* The first ones do what does not divide. No share at all is not "until the deadline". */
		w->rounds = numbers[0] / numbers[2] + (i < numbers[0] % numbers[2]);
		if (numbers[0] && !w->rounds)
			return false;
		w->interval = numbers[1] ? numbers[2] * 1000000000 / numbers[1] : 0;
	}
	return true;
}

static uint64_t start_time(void)
{
	char text[1024];
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, text, sizeof(text) - 1);
	char *at;

	close(fd);
	text[length > 0 ? length : 0] = 0;
	at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) * (1000000000 / sysconf(_SC_CLK_TCK)) : 0;
}

static void work(struct worker *w, pid_t parent)
{
	bool done;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(2);
	w->pid = getpid();
	w->start = start_time();
	__atomic_fetch_add(&control->go, 1, __ATOMIC_ACQ_REL);
	while (!w->begun && !control->stop)
		usleep(200);
	wait_until(control, w->begun);
	done = kind_runs[w->kind](w);
	w->ended = boot_ns();
	_exit(done ? 0 : 2);
}

static bool write_all(int fd, const void *from, size_t size)
{
	for (size_t at = 0; at < size;) {
		ssize_t written = write(fd, (const char *)from + at, size - at);

		if (written <= 0)
			return false;
		at += written;
	}
	return true;
}

static bool write_log(const char *path, uint64_t begun, uint64_t ended)
{
	struct log_header header = { .magic = "PKTLOAD1", .operation_size = sizeof(struct operation), .workers = count,
				     .seed = control->seed, .begun = begun, .ended = ended };
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool done = fd >= 0;

	memcpy(header.folder, control->folder, sizeof(header.folder));
	for (unsigned int i = 0; i < count; i++)
		header.operations += workers[i].logged;
	done = done && write_all(fd, &header, sizeof(header));
	for (unsigned int i = 0; i < count && done; i++) {
		struct log_worker entry = { .pid = workers[i].pid, .kind = workers[i].kind, .start = workers[i].start };

		done = write_all(fd, &entry, sizeof(entry));
	}
	for (unsigned int i = 0; i < count && done; i++)
		done = write_all(fd, workers[i].log, workers[i].logged * sizeof(struct operation));
	if (fd >= 0 && close(fd))
		done = false;
	return done;
}

static double cpu_of(int who)
{
	struct rusage used;

	getrusage(who, &used);
	return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* Returns whether nothing failed. */
static bool print(uint64_t begun, uint64_t ended)
{
	const char *comma = "";
	bool sound = true;

	printf("{\"seed\":%llu,\"folder\":\"%s\",\"begun_ns\":%llu,\"ended_ns\":%llu,\"seconds\":%.6f,\"cpu_seconds\":%.6f,"
	       "\"kinds\":[", (unsigned long long)control->seed, control->folder, (unsigned long long)begun,
	       (unsigned long long)ended, (ended - begun) / 1e9, cpu_of(RUSAGE_CHILDREN) + cpu_of(RUSAGE_SELF));
	for (enum kind kind = 0; kind < KINDS; kind++) {
		uint64_t rounds = 0, made = 0, failed = 0, logged = 0, last = begun;
		unsigned int used = 0;
		int error = 0;

		for (unsigned int i = 0; i < count; i++) {
			const struct worker *w = &workers[i];

			if (w->kind != kind)
				continue;
			used++;
			rounds += w->done;
			logged += w->logged;
			for (int code = 0; code < OP_MAX; code++) {
				made += w->made[code];
				failed += w->failed[code];
			}
			if (w->last_error)
				error = w->last_error;
			if (w->ended > last)
				last = w->ended;
			sound = sound && !w->unlogged;
		}
		if (!used)
			continue;
		sound = sound && !failed;
		printf("%s{\"kind\":\"%s\",\"workers\":%u,\"rounds\":%llu,\"operations\":%llu,\"failed\":%llu,\"last_error\":%d,"
		       "\"logged\":%llu,\"seconds\":%.6f,\"rounds_per_second\":%.1f}", comma, kind_names[kind], used,
		       (unsigned long long)rounds, (unsigned long long)made, (unsigned long long)failed, error,
		       (unsigned long long)logged, (last - begun) / 1e9,
		       last > begun ? rounds / ((last - begun) / 1e9) : 0.0);
		comma = ",";
	}
	printf("]}\n");
	return sound;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' }, { "seconds", required_argument, NULL, 't' },
		{ "log", required_argument, NULL, 'l' }, { "folder", required_argument, NULL, 'f' },
		{ "dns-port", required_argument, NULL, 'p' }, {},
	};
	const char *log = NULL, *folder = getenv("TMPDIR");
	const struct sigaction stop = { .sa_handler = on_signal };
	uint64_t begun, ended = 0;
	double seconds = 0;
	bool sound = true;
	pid_t self = getpid();

	control = shared(sizeof(*control));
	workers = shared(WORKERS_MAX * sizeof(*workers));
	control->seed = 1;
	control->dns_port = 53;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
		if (option == 's')
			control->seed = strtoull(optarg, NULL, 10);
		else if (option == 't')
			seconds = strtod(optarg, NULL);
		else if (option == 'l')
			log = optarg;
		else if (option == 'f')
			folder = optarg;
		else if (option == 'p')
			control->dns_port = strtoul(optarg, NULL, 10);
		else
			return usage("an unknown option");
	}
	for (; optind < argc; optind++) {
		if (!add(argv[optind]))
			return usage("what is to be done is KIND:ROUNDS[:RATE[:WORKERS]]");
	}
	if (!count)
		return usage("nothing is to be done");
	for (unsigned int i = 0; i < count; i++) {
		struct worker *w = &workers[i];

		if (!w->rounds && seconds <= 0)
			return usage("0 rounds have no end without --seconds");
		w->capacity = log ? (w->rounds ? w->rounds : UNBOUNDED) * kind_operations[w->kind] : 0;
		if (log)
			w->log = shared(w->capacity * sizeof(struct operation));
	}
	control->logging = log;
	snprintf(control->folder, sizeof(control->folder), "%s/picket-load-XXXXXX", folder ? folder : "/tmp");
	if (!mkdtemp(control->folder)) {
		perror("load: the private folder");
		return 2;
	}
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);

	for (unsigned int i = 0; i < count; i++) {
		pid_t child = fork();

		if (!child)
			work(&workers[i], self);
		if (child < 0) {
			perror("load: fork");
			control->stop = 1;
			break;
		}
		workers[i].pid = child;
	}
	while (control->go < (int)count && !control->stop)
		usleep(200);
	begun = boot_ns() + START_AFTER;
	control->deadline = seconds > 0 ? begun + (uint64_t)(seconds * 1e9) : 0;
	for (unsigned int i = 0; i < count; i++)
		__atomic_store_n(&workers[i].begun, begun, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < count; i++) {
		struct worker *w = &workers[i];
		int status = 0;

		while (w->pid && waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
			;
		if (status) {
			fprintf(stderr, "load: worker %u (%s): %s\n", i, kind_names[w->kind],
				w->problem[0] ? w->problem : "ended by a signal");
			sound = false;
		}
		if (w->ended > ended)
			ended = w->ended;
	}
	if (rmdir(control->folder))
		perror("load: the private folder stays");
	if (!sound)
		return 2;
	if (log && !write_log(log, begun, ended)) {
		perror("load: the log");
		return 2;
	}
	return print(begun, ended) ? 0 : 1;
}

#define _GNU_SOURCE
#include "floor.h"
#include "privilege.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER (1 << 20)
#define LARGEST (512 << 10) /* of one line: every byte of a record escaped, and more */

static char buffer[BUFFER + LARGEST];
static size_t used;
static int out = -1;

static void put(const char *text)
{
	size_t length = strlen(text);

	memcpy(buffer + used, text, length);
	used += length;
}

static void put_number(const char *name, uint64_t value)
{
	char digits[20];
	int at = sizeof(digits);

	put(name);
	do
		digits[--at] = '0' + value % 10;
	while (value /= 10);
	memcpy(buffer + used, digits + at, sizeof(digits) - at);
	used += sizeof(digits) - at;
}

/* A NUL, as between arguments, becomes a blank. */
static void put_text(const char *name, const void *record, uint32_t length, struct slice slice)
{
	const uint8_t *at = (const uint8_t *)record + slice.offset;

	if (!slice.length || slice.offset > length || slice.length > length - slice.offset)
		return;
	put(name);
	buffer[used++] = '"';
	for (uint32_t i = 0; i < slice.length; i++) {
		uint8_t byte = at[i];

		if (byte == '"' || byte == '\\') {
			buffer[used++] = '\\';
			buffer[used++] = byte;
		} else if (byte >= 0x20) {
			buffer[used++] = byte;
		} else if (!byte) {
			buffer[used++] = ' ';
		} else {
			used += sprintf(buffer + used, "\\u%04x", byte);
		}
	}
	buffer[used++] = '"';
}

static void put_exec(const struct exec_event *e, uint32_t length)
{
	put_number(",\"parent\":", e->parent.tgid);
	put_number(",\"uid\":", e->surroundings.credentials.uid);
	put_number(",\"inode\":", e->exe_inode);
	put_text(",\"exe\":", e, length, e->exe);
	put_text(",\"cwd\":", e, length, e->cwd);
	put_text(",\"args\":", e, length, e->args);
}

static void put_fork(const struct fork_event *e)
{
	put_number(",\"parent\":", e->parent.tgid);
	put_number(",\"uid\":", e->surroundings.credentials.uid);
}

static void put_exit(const struct exit_event *e)
{
	put_number(",\"code\":", e->code);
	put_number(",\"signal\":", e->signal);
}

static void put_call(const struct call_event *e, uint32_t length)
{
	put_number(",\"call\":", e->number);
	put_number(e->result < 0 ? ",\"result\":-" : ",\"result\":", e->result < 0 ? -e->result : e->result);
	put_text(",\"text\":", e, length, e->text);
}

void open_json(const char *path)
{
	out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (out < 0) {
		perror(path);
		exit(2);
	}
}

void write_json(const void *record, uint32_t length)
{
	const struct event_header *header = record;

	put_number("{\"kind\":", header->kind);
	put_number(",\"time\":", header->time);
	put_number(",\"pid\":", header->process.tgid);
	put_number(",\"start\":", header->process.start);
	if (header->kind == EVENT_EXEC && length >= sizeof(struct exec_event))
		put_exec(record, length);
	else if (header->kind == EVENT_FORK && length >= sizeof(struct fork_event))
		put_fork(record);
	else if (header->kind == EVENT_EXIT && length >= sizeof(struct exit_event))
		put_exit(record);
	else if (header->kind == EVENT_MEMFD && length >= sizeof(struct call_event))
		put_call(record, length);
	put("}\n");
	if (used > BUFFER)
		flush_json();
}

void flush_json(void)
{
	for (size_t at = 0; at < used;) {
		ssize_t written = write(out, buffer + at, used - at);

		if (written <= 0) {
			perror("floor: the lines");
			exit(2);
		}
		at += written;
	}
	used = 0;
}

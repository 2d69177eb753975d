// Makes one call of the system fail in a program that saves files, for tests of what is left then. Preload it (LD_PRELOAD).
//
// FAULT_FOLDER  only calls on paths with this beginning count, and on files opened there
// FAULT_CALL    open, write, pwrite, fsync, close, rename, mkdir, symlink or memory; hang: a pwrite that never returns
// FAULT_AT      which of them fails, from 1
// FAULT_LOG     a file that is made when it has
//
// Every later write of a file that one failed for fails too, as on a full disk.

#if defined(__linux__)
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { file_limit = 4096 };
static _Atomic char is_watched[file_limit];
static _Atomic char is_full[file_limit];
static atomic_int watched_files;
static atomic_int calls;

static int is_inside(const char *path) {
    const char *folder = getenv("FAULT_FOLDER");
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

// Whether it is this call's turn. No memory is taken: it may be memory that fails.
static int fails(const char *call) {
    const char *wanted = getenv("FAULT_CALL"), *at = getenv("FAULT_AT"), *log = getenv("FAULT_LOG");
    if (!wanted || !at || strcmp(wanted, call) != 0 || atomic_fetch_add(&calls, 1) + 1 != atoi(at)) return 0;
    if (log) syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT, 0600));
    return 1;
}

static void watch(int file, const char *path, int flags) {
    if (file < 0 || file >= file_limit) return;
    char now = (flags & O_ACCMODE) != O_RDONLY && is_inside(path);
    if (now && !atomic_exchange(&is_watched[file], now)) atomic_fetch_add(&watched_files, 1);
    atomic_store(&is_full[file], 0);
}

static int watches(int file) { return file >= 0 && file < file_limit && atomic_load(&is_watched[file]); }

static int open_at(int folder, const char *path, int flags, mode_t mode) {
    if ((flags & O_CREAT) && is_inside(path) && fails("open")) return errno = EACCES, -1;
    int file = (int)syscall(SYS_openat, folder, path, flags | O_LARGEFILE, mode);
    watch(file, path, flags);
    return file;
}

static mode_t mode_in(int flags, va_list rest) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; }

int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_in(flags, rest);
    va_end(rest);
    return open_at(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_in(flags, rest);
    va_end(rest);
    return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) __attribute__((alias("open")));

// Half of what was asked for is written first, as a disk does that becomes full.
ssize_t write(int file, const void *bytes, size_t count) {
    if (watches(file)) {
        if (atomic_load(&is_full[file])) return errno = ENOSPC, -1;
        if (fails("write")) {
            atomic_store(&is_full[file], 1);
            if (count < 2) return errno = ENOSPC, -1;
            count /= 2;
        }
    }
    return syscall(SYS_write, file, bytes, count);
}

static _Thread_local int is_hanging;

ssize_t pwrite(int file, const void *bytes, size_t count, off_t start) {
    // As on a network's disk whose server is gone.
    while (watches(file) && (is_hanging || fails("hang"))) is_hanging = 1, pause();
    if (watches(file) && fails("pwrite")) return errno = ENOSPC, -1;
    return syscall(SYS_pwrite64, file, bytes, count, start);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t start) __attribute__((alias("pwrite")));

int fsync(int file) {
    if (watches(file) && fails("fsync")) return errno = EIO, -1;
    return (int)syscall(SYS_fsync, file);
}

// It is closed all the same, as on Linux.
int close(int file) {
    int had = watches(file), failed = had && fails("close");
    if (had) {
        atomic_store(&is_watched[file], 0);
        atomic_fetch_sub(&watched_files, 1);
    }
    int result = (int)syscall(SYS_close, file);
    return failed ? (errno = EIO, -1) : result;
}

int rename(const char *from, const char *to) {
    if (is_inside(to) && fails("rename")) return errno = EIO, -1;
    return (int)syscall(SYS_rename, from, to);
}

int mkdir(const char *path, mode_t mode) {
    if (is_inside(path) && fails("mkdir")) return errno = EACCES, -1;
    return (int)syscall(SYS_mkdir, path, mode);
}

int symlink(const char *target, const char *path) {
    if (is_inside(path) && fails("symlink")) return errno = EACCES, -1;
    return (int)syscall(SYS_symlink, target, path);
}

// Memory, while a watched file is open.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static int memory_fails(void) { return atomic_load(&watched_files) > 0 && fails("memory") ? (errno = ENOMEM, 1) : 0; }

void *malloc(size_t size) { return memory_fails() ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return memory_fails() ? NULL : __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return memory_fails() ? NULL : __libc_realloc(old, size); }
#endif

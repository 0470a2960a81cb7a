/* A disk that remembers and fails: loaded with LD_PRELOAD before a process that keeps its files under one folder.
 *
 * It writes down every change to those files, in order (`disk_watch`), and makes the k-th call fail (`disk_fault`).
 * Both can be set from the process itself, or from outside by DISK_FOLDER, DISK_LOG, DISK_FAULT, DISK_AT and
 * DISK_LASTING. A file named *.ack is written down and never fails: in it a process notes what it was promised.
 * Made for one thread at a time. No dup, no fopen: neither SQLite nor these tests use them on the watched files.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, EIO_ANY, ENOSPC_WRITE, SHORT_WRITE, FAILED_SYNC, READ_ONLY };
enum { OPENS = 1, READS = 2, WRITES = 4, SYNCS = 8, NAMES = 16, GROWS = 32 }; /* what a call does */

#define FILES 4096
static char folder[4096];
static size_t folder_length;
static int log_fd = -1;
static int fault = NONE, lasting;
static long at, calls, hits;
static char *path_of[FILES]; /* the watched path behind a descriptor */

/* --- what is written down: op, descriptor, offset, two lengths, then a path and bytes --- */

static void note(char op, int fd, int64_t offset, const char *path, const void *data, size_t size) {
    if (log_fd < 0) return;
    struct __attribute__((packed)) { char op; int32_t fd; int64_t offset; int32_t path, size; } head = {
        op, fd, offset, path ? (int32_t)strlen(path) : 0, (int32_t)size};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, (size_t)head.path}, {(void *)data, size}};
    int kept = errno;
    if (syscall(SYS_writev, log_fd, parts, 3) != (long)(sizeof head + (size_t)head.path + size)) abort();
    errno = kept;
}

/* --- what fails --- */

static int acknowledges(const char *path) {
    size_t length = strlen(path);
    return length > 4 && !strcmp(path + length - 4, ".ack");
}

/* Count a call on a watched path; the errno it is to fail with, -1 for a short write, or 0. */
static int failing(const char *path, int does) {
    static const struct { int calls, error; } of[] = {
        [NONE] = {0, 0}, [EIO_ANY] = {~0, EIO}, [ENOSPC_WRITE] = {WRITES | GROWS, ENOSPC}, [SHORT_WRITE] = {WRITES, -1},
        [FAILED_SYNC] = {SYNCS, EIO}, [READ_ONLY] = {NAMES | GROWS, EROFS}};
    if (!(of[fault].calls & does) || acknowledges(path)) return 0;
    calls++;
    if (calls < at || (calls > at && !lasting)) return 0;
    hits++;
    return fault == SHORT_WRITE && calls > at ? ENOSPC : of[fault].error; /* after a lasting short write: no room */
}

#define FAIL_IF(path, does) \
    do { int error_ = failing(path, does); if (error_ > 0) { errno = error_; return -1; } } while (0)

/* --- set from inside or outside --- */

void disk_watch(const char *watched, const char *log) {
    snprintf(folder, sizeof folder, "%s", watched);
    folder_length = strlen(folder);
    if (log && *log) log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}
void disk_fault(int kind, long k, int from_then_on) { fault = kind, at = k, lasting = from_then_on, calls = hits = 0; }
long disk_hits(void) { return hits; }

__attribute__((constructor)) static void begin(void) {
    const char *watched = getenv("DISK_FOLDER"), *kind = getenv("DISK_FAULT"), *k = getenv("DISK_AT");
    if (watched) disk_watch(watched, getenv("DISK_LOG"));
    if (kind) disk_fault(atoi(kind), k ? atol(k) : 1, getenv("DISK_LASTING") != NULL);
}

static int watched_path(const char *path) {
    return folder_length && path && !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || !path[folder_length]);
}
static const char *watched_fd(int fd) { return fd >= 0 && fd < FILES ? path_of[fd] : NULL; }

#define PLAIN(...) __VA_ARGS__
#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

/* --- the calls --- */

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, name, const char *, int, ...); \
        va_list more; va_start(more, flags); \
        int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0; \
        va_end(more); \
        if (!watched_path(path)) return real(path, flags, mode); \
        int makes = flags & O_CREAT && syscall(SYS_access, path, F_OK); /* a full disk still opens what it has */ \
        FAIL_IF(path, OPENS | ((flags & O_ACCMODE) == O_RDONLY ? 0 : NAMES) | (makes ? GROWS : 0)); \
        int fd = real(path, flags, mode); \
        if (fd >= 0 && fd < FILES) { \
            free(path_of[fd]); \
            path_of[fd] = strdup(path); \
            note('O', fd, flags & O_TRUNC ? 1 : 0, path, NULL, 0); \
        } \
        return fd; \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    REAL(int, close, int);
    if (watched_fd(fd)) {
        note('C', fd, 0, NULL, NULL, 0);
        free(path_of[fd]);
        path_of[fd] = NULL;
    }
    return real(fd);
}

#define READ(name, parameters, arguments) \
    ssize_t name parameters { \
        REAL(ssize_t, name, PLAIN parameters); \
        if (watched_fd(fd)) FAIL_IF(watched_fd(fd), READS); \
        return real arguments; \
    }
READ(read, (int fd, void *buffer, size_t size), (fd, buffer, size))
READ(pread, (int fd, void *buffer, size_t size, off_t offset), (fd, buffer, size, offset))
READ(pread64, (int fd, void *buffer, size_t size, off64_t offset), (fd, buffer, size, offset))

/* A write, with the offset it ended up at; half of it where a short one is due. */
#define WRITE(name, parameters, arguments, where) \
    ssize_t name parameters { \
        REAL(ssize_t, name, PLAIN parameters); \
        const char *path = watched_fd(fd); \
        if (path) { \
            int error = failing(path, WRITES); \
            if (error > 0) { errno = error; return -1; } \
            if (error < 0 && size > 1) size /= 2; \
        } \
        ssize_t done = real arguments; \
        if (path && done > 0) note('W', fd, (int64_t)(where), NULL, buffer, (size_t)done); \
        return done; \
    }
WRITE(write, (int fd, const void *buffer, size_t size), (fd, buffer, size), lseek(fd, 0, SEEK_CUR) - done)
WRITE(pwrite, (int fd, const void *buffer, size_t size, off_t offset), (fd, buffer, size, offset), offset)
WRITE(pwrite64, (int fd, const void *buffer, size_t size, off64_t offset), (fd, buffer, size, offset), offset)

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (!watched_fd(fd)) return real(fd, parts, count);
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (done < 0) return all ? all : -1;
        all += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    return all;
}

#define TRUNCATE(name, offset_t) \
    int name(int fd, offset_t length) { \
        REAL(int, name, int, offset_t); \
        const char *path = watched_fd(fd); \
        if (path) FAIL_IF(path, GROWS); \
        int failed = real(fd, length); \
        if (path && !failed) note('T', fd, (int64_t)length, NULL, NULL, 0); \
        return failed; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

/* What a failed sync leaves behind is unknown, and a later one need not write it: that is written down as well. */
#define SYNC(name) \
    int name(int fd) { \
        REAL(int, name, int); \
        const char *path = watched_fd(fd); \
        int error = path ? failing(path, SYNCS) : 0; \
        int failed = error > 0 ? -1 : real(fd); \
        if (path) note(failed ? 'F' : 'S', fd, 0, NULL, NULL, 0); \
        if (error > 0) errno = error; \
        return failed; \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    if (watched_path(path)) FAIL_IF(path, NAMES);
    int failed = real(path);
    if (watched_path(path) && !failed) note('U', -1, 0, path, NULL, 0);
    return failed;
}

int rename(const char *from, const char *to) {
    REAL(int, rename, const char *, const char *);
    if (watched_path(from)) FAIL_IF(from, NAMES);
    int failed = real(from, to);
    if (watched_path(from) && !failed) note('R', -1, 0, from, to, strlen(to));
    return failed;
}

int access(const char *path, int mode) {
    REAL(int, access, const char *, int);
    if (watched_path(path) && mode & W_OK) FAIL_IF(path, NAMES);
    return real(path, mode);
}

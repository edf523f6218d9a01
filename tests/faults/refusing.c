/* A disk that refuses, and a program that dies, for tests: at one call of those that change what lies below a folder.
 *
 * Loaded before libc (LD_PRELOAD), it counts these calls, writes a line for each to a file descriptor, and lets them
 * through; the one whose number is asked for fails, or kills the program. Of a write that fails half of the bytes
 * reach the file all the same, as they may on a real disk. Not seen are what libc does for itself (fopen, fwrite),
 * and memory maps.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char watched[PATH_MAX]; /* no folder, nothing counted */
static long chosen;            /* the number of a call; 0: none */
static int error_of_chosen, lasting, report = -1;
static atomic_long counted;

/* From now on. `folder` is absolute and without links. The call `number` fails with `error`, and all after it where
 * it is `lasts`; without an error, it kills the program. A line for each call goes to `to`, where that is not -1:
 * its number, "made" or "refused", the call, the path within the folder, and for a rename the path before. */
void refuse(const char *folder, long number, int error, int lasts, int to) {
    chosen = number, error_of_chosen = error, lasting = lasts, report = to;
    atomic_store(&counted, 0);
    snprintf(watched, sizeof watched, "%s", folder);
}

/* Nothing is refused or counted from now on. */
void allow(void) { watched[0] = 0; }

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return length > 0;
}

static int is_refused(const char *call, const char *path, const char *from) {
    size_t length = strlen(watched);
    if (!length || strncmp(path, watched, length) || (path[length] && path[length] != '/')) return 0;
    if (!strncmp(from, watched, length)) from += length;
    long number = atomic_fetch_add(&counted, 1) + 1;
    int refused = chosen && (number == chosen || (lasting && number > chosen));
    if (report >= 0) {
        char line[2 * PATH_MAX + 64];
        const char *fate = refused ? "refused" : "made";
        int size = snprintf(line, sizeof line, "%ld\t%s\t%s\t%s\t%s\n", number, fate, call, path + length, from);
        syscall(SYS_write, report, line, size < (int)sizeof line ? size : (int)sizeof line - 1);
    }
    errno = refused ? error_of_chosen : errno;
    return refused;
}

/* Without an error to be told, this is the end. */
static int fail(void) {
    if (!error_of_chosen) kill(getpid(), SIGKILL);
    return -1;
}

static int refuses(const char *call, int fd) {
    char path[PATH_MAX];
    int before = errno, refused = watched[0] && path_of(fd, path) && is_refused(call, path, "");
    if (!refused) errno = before;
    return refused;
}

static int absolute(int folder, const char *name, char *path) { /* path: [2 * PATH_MAX] */
    path[0] = 0;
    if (name[0] != '/') {
        if (folder == AT_FDCWD ? !getcwd(path, PATH_MAX) : !path_of(folder, path)) return 0;
        strcat(path, "/");
    }
    strncat(path, name, PATH_MAX - 1);
    return 1;
}

static int refuses_move(const char *call, int from, const char *old, int to, const char *new) {
    char old_path[2 * PATH_MAX] = "", path[2 * PATH_MAX];
    int before = errno;
    if (!watched[0]) return 0;
    if (old) absolute(from, old, old_path);
    int refused = absolute(to, new, path) && is_refused(call, path, old_path);
    if (!refused) errno = before;
    return refused;
}

static int refuses_at(const char *call, int folder, const char *name) {
    return refuses_move(call, AT_FDCWD, NULL, folder, name);
}

/* The function that would have been called. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Half of the bytes, at the place where they belong, which stays the file's place. */
static ssize_t torn(int fd, const void *bytes, size_t size, off64_t at) {
    int error = errno;
    if (at >= 0 && size > 1) syscall(SYS_pwrite64, fd, bytes, size / 2, at);
    errno = error;
    return fail();
}

#define CREATES (O_CREAT | O_TRUNC)
#define MODE(flags, mode)                                                                                              \
    mode_t mode = 0;                                                                                                   \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                                           \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode = va_arg(rest, mode_t);                                                                                   \
        va_end(rest);                                                                                                  \
    }

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        MODE(flags, mode)                                                                                              \
        if (((flags) & CREATES) && refuses_at("open", AT_FDCWD, path)) return fail();                                  \
        return NEXT(name)(path, flags, mode);                                                                          \
    }
#define OPENAT(name)                                                                                                   \
    int name(int folder, const char *path, int flags, ...) {                                                           \
        MODE(flags, mode)                                                                                              \
        if (((flags) & CREATES) && refuses_at("open", folder, path)) return fail();                                    \
        return NEXT(name)(folder, path, flags, mode);                                                                  \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *bytes, size_t size) {
    if (refuses("write", fd)) return torn(fd, bytes, size, lseek64(fd, 0, SEEK_CUR));
    return NEXT(write)(fd, bytes, size);
}

#define PWRITE(name, type)                                                                                             \
    ssize_t name(int fd, const void *bytes, size_t size, type at) {                                                    \
        if (refuses("pwrite", fd)) return torn(fd, bytes, size, at);                                                   \
        return NEXT(name)(fd, bytes, size, at);                                                                        \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *pieces, int count) {
    return refuses("writev", fd) ? fail() : NEXT(writev)(fd, pieces, count);
}

#define SENDFILE(name, type)                                                                                           \
    ssize_t name(int out, int in, type *at, size_t size) {                                                             \
        return refuses("sendfile", out) ? fail() : NEXT(name)(out, in, at, size);                                      \
    }
SENDFILE(sendfile, off_t)
SENDFILE(sendfile64, off64_t)

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *at, size_t size, unsigned flags) {
    return refuses("copy_file_range", out) ? fail() : NEXT(copy_file_range)(in, from, out, at, size, flags);
}

int fsync(int fd) { return refuses("fsync", fd) ? fail() : NEXT(fsync)(fd); }
int fdatasync(int fd) { return refuses("fdatasync", fd) ? fail() : NEXT(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return refuses("ftruncate", fd) ? fail() : NEXT(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return refuses("ftruncate", fd) ? fail() : NEXT(ftruncate64)(fd, size); }

int rename(const char *old, const char *new) {
    return refuses_move("rename", AT_FDCWD, old, AT_FDCWD, new) ? fail() : NEXT(rename)(old, new);
}
int renameat(int from, const char *old, int to, const char *new) {
    return refuses_move("rename", from, old, to, new) ? fail() : NEXT(renameat)(from, old, to, new);
}
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    return refuses_move("rename", from, old, to, new) ? fail() : NEXT(renameat2)(from, old, to, new, flags);
}
int link(const char *old, const char *new) { return refuses_at("link", AT_FDCWD, new) ? fail() : NEXT(link)(old, new); }
int linkat(int from, const char *old, int to, const char *new, int flags) {
    return refuses_at("link", to, new) ? fail() : NEXT(linkat)(from, old, to, new, flags);
}
int unlink(const char *path) { return refuses_at("unlink", AT_FDCWD, path) ? fail() : NEXT(unlink)(path); }
int unlinkat(int folder, const char *path, int flags) {
    return refuses_at("unlink", folder, path) ? fail() : NEXT(unlinkat)(folder, path, flags);
}
int rmdir(const char *path) { return refuses_at("rmdir", AT_FDCWD, path) ? fail() : NEXT(rmdir)(path); }
int mkdir(const char *path, mode_t mode) {
    return refuses_at("mkdir", AT_FDCWD, path) ? fail() : NEXT(mkdir)(path, mode);
}
int mkdirat(int folder, const char *path, mode_t mode) {
    return refuses_at("mkdir", folder, path) ? fail() : NEXT(mkdirat)(folder, path, mode);
}

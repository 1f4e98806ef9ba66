/* A disk that answers reads of the files whose path begins with FAILS_AT with an error, while the file FAILS_WHILE exists: preloaded into a program. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int fails(int fd) {
  const char *path = getenv("FAILS_AT"), *flag = getenv("FAILS_WHILE");
  char link[64], name[PATH_MAX];
  ssize_t length;
  if (path == NULL || flag == NULL || access(flag, F_OK) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink(link, name, sizeof name - 1);
  if (length < 0) return 0;
  name[length] = 0;
  return strncmp(name, path, strlen(path)) == 0;
}

#define READING(name, parameters, arguments)                                     \
  ssize_t name parameters {                                                      \
    static ssize_t(*next) parameters;                                            \
    if (next == NULL) next = (ssize_t(*) parameters)dlsym(RTLD_NEXT, #name);     \
    if (!fails(fd)) return next arguments;                                       \
    errno = EIO;                                                                 \
    return -1;                                                                   \
  }

READING(read, (int fd, void *to, size_t size), (fd, to, size))
READING(pread, (int fd, void *to, size_t size, off_t from), (fd, to, size, from))
READING(pread64, (int fd, void *to, size_t size, off64_t from), (fd, to, size, from))
READING(readv, (int fd, const struct iovec *to, int count), (fd, to, count))
READING(preadv, (int fd, const struct iovec *to, int count, off_t from), (fd, to, count, from))
READING(preadv64, (int fd, const struct iovec *to, int count, off64_t from), (fd, to, count, from))

/* What newer C libraries have and the oldest one that we run on lacks, in terms of what it has. Linked into the native part, seen by nobody else. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>

#define HIDDEN __attribute__((visibility("hidden")))

/* A number that tells the old calls which form of struct stat is meant. */
#if defined(__x86_64__)
#define STAT_VERSION 1
#else
#define STAT_VERSION 0
#endif

struct stat64;
extern int __xstat64(int version, const char *path, struct stat64 *result);
extern int __lxstat64(int version, const char *path, struct stat64 *result);
extern int __fxstat64(int version, int descriptor, struct stat64 *result);

HIDDEN int stat64(const char *path, struct stat64 *result) { return __xstat64(STAT_VERSION, path, result); }
HIDDEN int lstat64(const char *path, struct stat64 *result) { return __lxstat64(STAT_VERSION, path, result); }
HIDDEN int fstat64(int descriptor, struct stat64 *result) { return __fxstat64(STAT_VERSION, descriptor, result); }
/* Where off_t has 64 bits anyway, these are the same calls under their plain names. */
HIDDEN int stat(const char *path, struct stat64 *result) { return __xstat64(STAT_VERSION, path, result); }
HIDDEN int lstat(const char *path, struct stat64 *result) { return __lxstat64(STAT_VERSION, path, result); }
HIDDEN int fstat(int descriptor, struct stat64 *result) { return __fxstat64(STAT_VERSION, descriptor, result); }

/* Never taken for a program with one thread only: the slower, always right way. */
HIDDEN char __libc_single_threaded = 0;

/* Where the unwinder finds the tables of the code at an address: the object that holds it, and its exception header. */
struct search {
  uintptr_t pc;
  struct dl_find_object *result;
};

static int look_into(struct dl_phdr_info *info, size_t size, void *data) {
  struct search *search = data;
  uintptr_t start = 0, end = 0;
  void *eh_frame = NULL;
  (void)size;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[i];
    uintptr_t from = info->dlpi_addr + header->p_vaddr;
    if (header->p_type == PT_LOAD && search->pc >= from && search->pc < from + header->p_memsz) {
      start = from;
      end = from + header->p_memsz;
    }
    if (header->p_type == PT_GNU_EH_FRAME) eh_frame = (void *)from;
  }
  if (end == 0 || eh_frame == NULL) return 0;
  search->result->dlfo_flags = 0;
  search->result->dlfo_map_start = (void *)start;
  search->result->dlfo_map_end = (void *)end;
  search->result->dlfo_link_map = NULL;
  search->result->dlfo_eh_frame = eh_frame;
  return 1;
}

HIDDEN int _dl_find_object(void *pc, struct dl_find_object *result) {
  struct search search = {(uintptr_t)pc, result};
  return dl_iterate_phdr(look_into, &search) == 1 ? 0 : -1;
}

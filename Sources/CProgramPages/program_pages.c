#define _GNU_SOURCE
#include "program_pages.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// A part of a file that is mapped to be read, or run, and not written.
static int is_read_only(const ElfW(Phdr) *part) { return part->p_type == PT_LOAD && !(part->p_flags & PF_W); }

static int release(struct dl_phdr_info *object, size_t size, void *unused) {
  uintptr_t page = (uintptr_t)getpagesize();
  for (const ElfW(Phdr) *part = object->dlpi_phdr; part < object->dlpi_phdr + object->dlpi_phnum; part++) {
    if (!is_read_only(part)) continue;
    uintptr_t start = object->dlpi_addr + part->p_vaddr;
    uintptr_t first = (start + page - 1) / page * page, end = (start + part->p_memsz) / page * page;
    // That it fails costs memory alone.
    if (first < end) madvise((void *)first, end - first, MADV_DONTNEED);
  }
  return 0;
}

void program_pages_release(void) { dl_iterate_phdr(release, NULL); }

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// What Swift can't call: prctl(2) and syscall(2) have variable arguments, and libc has no landlock(7).

static inline int cconfinement_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }
static inline int cconfinement_no_dump(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// All rights of landlock's first version (Linux 5.13).
#define CCONFINEMENT_ALL ((1ULL << 13) - 1)

// A rule set that denies all of these; -1 where the kernel has no landlock.
static inline int cconfinement_begin(void) {
  struct landlock_ruleset_attr attributes = {.handled_access_fs = CCONFINEMENT_ALL};
  return (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0);
}

// Of fcntl.h, which shows it only with _GNU_SOURCE.
#define CCONFINEMENT_PATH 010000000

// Allows to read what is at or below a path; what is not there needs no rule.
static inline void cconfinement_allow_reading(int rules, const char *path, int is_directory) {
  struct landlock_path_beneath_attr rule = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};
  if (is_directory) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
  rule.parent_fd = open(path, CCONFINEMENT_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0) return;
  syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(rule.parent_fd);
}

// Needs no_new_privileges.
static inline int cconfinement_enforce(int rules) { return (int)syscall(SYS_landlock_restrict_self, rules, 0); }

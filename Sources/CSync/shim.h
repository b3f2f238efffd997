#include <sys/syscall.h>
#include <unistd.h>

// Of unistd.h, which shows syncfs(2) only with _GNU_SOURCE.
static inline int csync_file_system(int descriptor) { return (int)syscall(SYS_syncfs, descriptor); }

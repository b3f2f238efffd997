#include <sqlite3.h>

// sqlite3_config(3) takes any number of arguments, so Swift does not import it. Without statistics no allocation takes a lock.
static inline int csqlite_keep_no_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

// The least that any program can do to take in a backlog of message files: for each openat, fstat, read, close, a row of
// each table that holds a callback and one event in SQLite, then, where receipts are on, a receipt file, then unlink.
//
// It reads nothing of what stands in a file, decides nothing, and looks for nothing in the store; it commits as callbackd does:
// a write-ahead log, synchronous=FULL, as many files a transaction. What it stores are copies of a row that callbackd made, each
// with numbers of its own, in tables that callbackd made: whatever columns and indexes they have.
//
//   limit INCOMING DATABASE FILES-A-TRANSACTION [RECEIPTS]
//
// DATABASE: a store of callbackd with one callback. RECEIPTS: the folder for receipts; without it none are written.
// Prints the number of files and the seconds they took.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST_FILE = 64 << 10, MOST_FILES = 4096, MOST_COLUMNS = 64 };

static const char receipt[] = "Callback: 12345\nFor: Dr. Rivera\nCall back by: 2026-11-23 14:35 UTC\n";

static _Noreturn void fail(const char *format, ...) {
  va_list words;
  va_start(words, format);
  fputs("limit: ", stderr);
  vfprintf(stderr, format, words);
  fputc('\n', stderr);
  exit(1);
}

static int done(int result, const char *what, const char *where) {
  if (result < 0) fail("can't %s %s: %s", what, where, strerror(errno));
  return result;
}

// MARK: The store

static sqlite3 *database;

static void run(const char *sql) {
  if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) fail("%s: %s", sql, sqlite3_errmsg(database));
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) fail("%s: %s", sql, sqlite3_errmsg(database));
  return statement;
}

// A table's insertion, bound to the values of the row that is there. The places of those that differ from row to row are
// kept; 0: there is none.
typedef struct {
  sqlite3_stmt *insert;
  int id, callback, ref, digits, original;
} Table;

static Table table(const char *name) {
  char sql[1024];
  snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1 LIMIT 1", name);
  sqlite3_stmt *row = prepare(sql);
  if (sqlite3_step(row) != SQLITE_ROW) fail("%s holds no row to copy", name);
  int columns = sqlite3_column_count(row);
  if (columns > MOST_COLUMNS) fail("%s has %d columns", name, columns);
  int length = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", name);
  for (int column = 1; column < columns; column++) length += snprintf(sql + length, sizeof sql - length, ", ?");
  snprintf(sql + length, sizeof sql - length, ")");

  Table table = {.insert = prepare(sql)};
  for (int column = 0; column < columns; column++) {
    const char *named = sqlite3_column_name(row, column);
    int place = column + 1;
    if (!strcmp(named, "id")) table.id = place;
    if (!strcmp(named, "callback")) table.callback = place;
    if (!strcmp(named, "ref")) table.ref = place;
    if (!strcmp(named, "phone_digits")) table.digits = place;
    if (!strcmp(named, "original")) table.original = place;
    sqlite3_bind_value(table.insert, place, sqlite3_column_value(row, column));
  }
  sqlite3_finalize(row);
  return table;
}

static void insert(const Table *table, sqlite3_int64 number, const char *bytes, size_t count) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "1555%07lld", (long long)number);
  if (table->id) sqlite3_bind_int64(table->insert, table->id, number);
  if (table->callback) sqlite3_bind_int64(table->insert, table->callback, number);
  if (table->ref) sqlite3_bind_text(table->insert, table->ref, digits + 4, length - 4, SQLITE_STATIC);
  if (table->digits) sqlite3_bind_text(table->insert, table->digits, digits, length, SQLITE_STATIC);
  if (table->original) sqlite3_bind_blob(table->insert, table->original, bytes, (int)count, SQLITE_STATIC);
  if (sqlite3_step(table->insert) != SQLITE_DONE) fail("can't store a row: %s", sqlite3_errmsg(database));
  sqlite3_reset(table->insert);
}

// MARK: The files

static void answer(int folder, const char *name) {
  char file[NAME_MAX + 1];
  snprintf(file, sizeof file, "%.200s.receipt", name);
  int descriptor = done(openat(folder, file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640), "make", file);
  done(write(descriptor, receipt, sizeof receipt - 1) == sizeof receipt - 1 ? 0 : -1, "write", file);
  close(descriptor);
}

int main(int count, char **words) {
  if (count < 4 || count > 5) fail("usage: limit INCOMING DATABASE FILES-A-TRANSACTION [RECEIPTS]");
  DIR *incoming = opendir(words[1]);
  if (!incoming) fail("can't list %s: %s", words[1], strerror(errno));
  int together = atoi(words[3]);
  if (together < 1 || together > MOST_FILES) fail("not a number of files: %s", words[3]);
  int receipts = count > 4 ? done(open(words[4], O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", words[4]) : -1;

  if (sqlite3_open(words[2], &database) != SQLITE_OK) fail("%s: %s", words[2], sqlite3_errmsg(database));
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = FULL");
  run("PRAGMA cache_size = -2000");
  Table tables[] = {table("callback"), table("message"), table("event")};
  sqlite3_int64 number = 1000;

  static char names[MOST_FILES][NAME_MAX + 1];
  static char bytes[LARGEST_FILE];
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  long files = 0;
  for (;;) {
    int taken = 0;
    struct dirent *entry;
    while (taken < together && (entry = readdir(incoming))) {
      if (entry->d_name[0] == '.') continue;
      if (taken == 0) run("BEGIN IMMEDIATE");
      int file = done(openat(dirfd(incoming), entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), "open", entry->d_name);
      struct stat status;
      done(fstat(file, &status), "look at", entry->d_name);
      ssize_t size = read(file, bytes, sizeof bytes);
      if (size != status.st_size) fail("can't read %s whole", entry->d_name);
      close(file);
      number++;
      for (size_t each = 0; each < sizeof tables / sizeof *tables; each++) insert(&tables[each], number, bytes, size);
      strcpy(names[taken++], entry->d_name);
    }
    if (taken == 0) break;
    run("COMMIT");
    for (int each = 0; each < taken; each++) {
      if (receipts >= 0) answer(receipts, names[each]);
      done(unlinkat(dirfd(incoming), names[each], 0), "remove", names[each]);
    }
    files += taken;
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%ld %.6f\n", files, (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9);
  return 0;
}

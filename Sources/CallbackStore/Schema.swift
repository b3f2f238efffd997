import GRDB

/// The tables. Times are whole seconds since 1970, UTC.
///
/// A new word in an enumeration is a new version too, even if no table changes: older programs must refuse the file.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in try database.execute(sql: version1) }
    migrator.registerMigration("2") { database in try database.execute(sql: version2) }
    migrator.registerMigration("3") { database in try database.execute(sql: version3) }
    migrator.registerMigration("4") { database in try database.execute(sql: version4) }
    migrator.registerMigration("5") { database in try database.execute(sql: version5) }
    migrator.registerMigration("6") { database in try toVersion6(database) }
    migrator.registerMigration("7") { database in try database.execute(sql: version7) }
    return migrator
  }

  /// `message` holds what is patient data, apart from `callback`, which holds the promise: a step rewrites the small row only.
  private static let version1 = """
    CREATE TABLE callback (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      state TEXT NOT NULL,
      account TEXT,
      service TEXT,
      urgency INTEGER NOT NULL,
      recipient TEXT NOT NULL,
      owner TEXT,
      owner_since INTEGER,
      taken_at INTEGER NOT NULL,
      admitted_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      overdue INTEGER NOT NULL,
      told_at INTEGER,
      owned_at INTEGER,
      reached_at INTEGER,
      closed_at INTEGER,
      own_by INTEGER,
      finish_by INTEGER,
      retry_at INTEGER,
      repeat_at INTEGER,
      next_step INTEGER NOT NULL,
      reminders_done INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      repeat_calls INTEGER NOT NULL,
      wake_at INTEGER,
      CHECK ((wake_at IS NULL) = (closed_at IS NOT NULL))
    );
    CREATE INDEX callback_wake ON callback (wake_at) WHERE wake_at IS NOT NULL;
    CREATE INDEX callback_open ON callback (urgency, due_at) WHERE closed_at IS NULL;
    CREATE INDEX callback_closed ON callback (closed_at) WHERE closed_at IS NOT NULL;

    CREATE TABLE message (
      callback INTEGER PRIMARY KEY REFERENCES callback (id),
      problem TEXT,
      unknown_account TEXT,
      to_name TEXT,
      caller TEXT,
      relationship TEXT,
      phone TEXT,
      phone_digits TEXT,
      patient TEXT,
      date_of_birth TEXT,
      urgency INTEGER NOT NULL,
      promised_at INTEGER,
      reachable_until INTEGER,
      voicemail_allowed INTEGER NOT NULL,
      language TEXT,
      operator TEXT,
      ref TEXT,
      regarding TEXT,
      body TEXT,
      withdrawn INTEGER NOT NULL,
      other_fields TEXT,
      notes TEXT,
      original BLOB NOT NULL
    );
    CREATE INDEX message_ref ON message (ref) WHERE ref IS NOT NULL;

    CREATE TABLE event (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      callback INTEGER NOT NULL REFERENCES callback (id),
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      login TEXT,
      kind TEXT NOT NULL,
      person TEXT,
      step INTEGER,
      notice INTEGER,
      until INTEGER,
      text TEXT
    );
    CREATE INDEX event_callback ON event (callback);

    CREATE TABLE notice (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      callback INTEGER NOT NULL REFERENCES callback (id),
      urgency INTEGER NOT NULL,
      token TEXT NOT NULL,
      person TEXT NOT NULL,
      reason TEXT NOT NULL,
      step INTEGER,
      state TEXT NOT NULL,
      channel INTEGER NOT NULL,
      tries INTEGER NOT NULL,
      next_try_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      settled_at INTEGER,
      error TEXT
    );
    CREATE INDEX notice_waiting ON notice (urgency, next_try_at) WHERE state = 'waiting';
    CREATE INDEX notice_sending ON notice (id) WHERE state = 'sending';
    CREATE INDEX notice_callback ON notice (callback);

    -- Files that were admitted and are not yet put away.
    CREATE TABLE arrival (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      inode INTEGER NOT NULL,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      folder TEXT NOT NULL,
      name BLOB NOT NULL,
      -- Their numbers, with commas between.
      callbacks TEXT NOT NULL
    );
    CREATE INDEX arrival_inode ON arrival (inode);

    -- Kept in step by every transaction, because counting a million rows takes too long.
    CREATE TABLE counter (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      open INTEGER NOT NULL,
      owned INTEGER NOT NULL,
      overdue INTEGER NOT NULL,
      notices_waiting INTEGER NOT NULL
    );
    INSERT INTO counter VALUES (1, 0, 0, 0, 0);
    """
}

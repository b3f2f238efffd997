/// Office hours, hand-offs, repeat callers, amendments, digests and alarms.
extension Schema {
  static let version2 = """
    ALTER TABLE callback ADD COLUMN due_basis TEXT NOT NULL DEFAULT 'policy';
    ALTER TABLE callback ADD COLUMN owned_for TEXT;
    ALTER TABLE callback ADD COLUMN attempted_at INTEGER;
    ALTER TABLE callback ADD COLUMN closed_by TEXT;
    ALTER TABLE callback ADD COLUMN snoozed_at INTEGER;
    ALTER TABLE callback ADD COLUMN snoozed_until INTEGER;
    -- The soonest of the three was due; ten minutes before the caller can't be reached.
    UPDATE callback SET due_basis = CASE WHEN due_at = promised_at THEN 'promised' ELSE 'reachable' END
      FROM message
      WHERE message.callback = callback.id AND (due_at = promised_at OR due_at = reachable_until - 600);
    UPDATE callback SET attempted_at = (SELECT min(at) FROM event WHERE event.callback = callback.id
        AND kind IN ('no-answer', 'busy', 'voicemail', 'wrong-number', 'reached', 'declined'))
      WHERE attempts > 0;
    UPDATE callback SET closed_by = (SELECT substr(actor, length('person:') + 1) FROM event
        WHERE event.callback = callback.id AND kind = 'closed' AND actor LIKE 'person:%' ORDER BY id DESC LIMIT 1)
      WHERE closed_at IS NOT NULL;

    -- The most urgent is advanced first.
    DROP INDEX callback_wake;
    CREATE INDEX callback_wake ON callback (urgency, wake_at) WHERE wake_at IS NOT NULL;

    -- What else came in for a callback: calls of the same caller, what was amended, what the service took back.
    CREATE TABLE other_message (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      callback INTEGER NOT NULL REFERENCES callback (id),
      part TEXT NOT NULL,
      at INTEGER NOT NULL,
      account TEXT,
      service TEXT,
      taken_at INTEGER NOT NULL,
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
    CREATE INDEX other_message_callback ON other_message (callback);
    CREATE INDEX other_message_ref ON other_message (ref, callback) WHERE ref IS NOT NULL;

    -- The callbacks whose caller rang, or that were closed, not long ago: an index of all numbers would cost five times the row.
    CREATE TABLE recent_call (
      callback INTEGER PRIMARY KEY REFERENCES callback (id),
      digits TEXT NOT NULL,
      account TEXT,
      at INTEGER NOT NULL
    );
    INSERT INTO recent_call
      SELECT callback.id, phone_digits, account, max(admitted_at, coalesce(closed_at, 0))
      FROM callback JOIN message ON message.callback = callback.id WHERE phone_digits <> '';
    CREATE INDEX recent_call_digits ON recent_call (digits, at);
    CREATE INDEX recent_call_at ON recent_call (at);

    ALTER TABLE event ADD COLUMN other INTEGER;
    ALTER TABLE event ADD COLUMN urgency INTEGER;

    CREATE TABLE alarm (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      from_at INTEGER NOT NULL,
      until_at INTEGER NOT NULL,
      promises_passed INTEGER NOT NULL,
      rotation TEXT,
      at INTEGER NOT NULL
    );

    -- A notice is about a callback or an alarm. SQLite can't take NOT NULL from a column, so the table is made anew.
    CREATE TABLE notice_of_either (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      callback INTEGER REFERENCES callback (id),
      alarm INTEGER REFERENCES alarm (id),
      urgency INTEGER NOT NULL,
      token TEXT NOT NULL,
      person TEXT NOT NULL,
      reason TEXT,
      step INTEGER,
      state TEXT NOT NULL,
      channel INTEGER NOT NULL,
      tries INTEGER NOT NULL,
      next_try_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      settled_at INTEGER,
      error TEXT,
      -- The number of the first of those that are handed over together.
      bundle INTEGER,
      CHECK ((callback IS NULL) <> (alarm IS NULL)),
      CHECK ((callback IS NULL) = (reason IS NULL))
    );
    INSERT INTO notice_of_either (id, callback, urgency, token, person, reason, step, state, channel, tries, next_try_at,
        created_at, settled_at, error)
      SELECT id, callback, urgency, token, person, reason, step, state, channel, tries, next_try_at, created_at,
        settled_at, error FROM notice;
    -- No number is given twice, also where the latest is gone.
    DELETE FROM sqlite_sequence WHERE name = 'notice_of_either';
    INSERT INTO sqlite_sequence SELECT 'notice_of_either', seq FROM sqlite_sequence WHERE name = 'notice';
    DROP TABLE notice;
    ALTER TABLE notice_of_either RENAME TO notice;
    CREATE INDEX notice_waiting ON notice (urgency, next_try_at) WHERE state = 'waiting';
    CREATE INDEX notice_person ON notice (person, urgency, next_try_at) WHERE state = 'waiting';
    CREATE INDEX notice_sending ON notice (id) WHERE state = 'sending';
    CREATE INDEX notice_callback ON notice (callback);
    CREATE INDEX notice_bundle ON notice (bundle) WHERE bundle IS NOT NULL;

    -- Until when something that is done again and again has been done.
    CREATE TABLE mark (
      name TEXT PRIMARY KEY,
      at INTEGER NOT NULL
    );
    """
}

/// What version 1 made, and left in its file.
enum Version1 {
  /// As it was released: what that version wrote must be readable for good.
  static let schema = """
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

  /// An open callback that was tried twice, one that was closed, and one whose file is in hand; the tests' now is 1795461600.
  static let filled = """
    INSERT INTO callback (kind, state, account, service, urgency, recipient, owner, owner_since, taken_at, admitted_at,
        due_at, overdue, closed_at, retry_at, next_step, reminders_done, attempts, repeat_calls, wake_at) VALUES
      ('message', 'retrying', 'riverside', 'night-desk', 1, 'rivera', 'rivera', 1795461300, 1795461200, 1795461300,
        1795461700, 0, NULL, 1795461660, 1, 0, 2, 0, 1795461660),
      ('message', 'closed', NULL, NULL, 0, 'rivera', 'lee', 1795461300, 1795461200, 1795461300, 1795461800, 0,
        1795461500, NULL, 0, 0, 0, 0, NULL),
      ('unreadable', 'open', NULL, NULL, 2, 'manager', NULL, NULL, 1795461500, 1795461500, 1795465100, 0, NULL, NULL,
        0, 0, 0, 0, 1795461900);
    INSERT INTO message (callback, caller, phone, phone_digits, urgency, promised_at, reachable_until,
        voicemail_allowed, ref, withdrawn, original) VALUES
      (1, 'Ann', '(555) 010-4477', '15550104477', 1, 1795461700, 1795469999, 1, 'A-1', 0, CAST('first' AS BLOB)),
      (2, 'Ann', '(555) 010-4477', '15550104477', 0, NULL, 1795462400, 0, NULL, 0, CAST('second' AS BLOB)),
      (3, NULL, NULL, NULL, 0, NULL, NULL, 0, NULL, 0, CAST('third' AS BLOB));
    INSERT INTO event (callback, at, actor, login, kind, person, text) VALUES
      (1, 1795461300, 'service:night-desk', NULL, 'admitted', 'rivera', NULL),
      (1, 1795461400, 'person:rivera', 'mrivera', 'no-answer', NULL, NULL),
      (1, 1795461450, 'person:rivera', 'mrivera', 'busy', NULL, NULL),
      (2, 1795461400, 'person:lee', 'lee', 'closed', NULL, 'by mistake'),
      (2, 1795461450, 'person:lee', 'lee', 'reopened', NULL, NULL),
      (2, 1795461500, 'person:chen', 'chen', 'closed', NULL, NULL),
      (3, 1795461500, 'service:', NULL, 'admitted', 'manager', NULL);
    INSERT INTO notice (callback, urgency, token, person, reason, step, state, channel, tries, next_try_at, created_at,
        settled_at, error) VALUES
      (1, 1, 'token1', 'rivera', 'announce', NULL, 'delivered', 0, 1, 1795461300, 1795461300, 1795461301, NULL),
      (1, 1, 'token2', 'chen', 'step', 1, 'waiting', 0, 3, 1795461590, 1795461500, NULL, 'busy'),
      (3, 2, 'token3', 'manager', 'announce', NULL, 'sending', 0, 0, 1795461500, 1795461500, NULL, NULL);
    INSERT INTO arrival (inode, size, modified, folder, name, callbacks) VALUES
      (100, 5, 17, 'incoming', CAST('a.txt' AS BLOB), '3');
    UPDATE counter SET open = 2, owned = 1, notices_waiting = 2;
    """
}

/// Answers by mail.
extension Schema {
  static let version5 = """
    -- What a notice says beside its reason.
    ALTER TABLE notice ADD COLUMN text TEXT;
    -- Its callback was closed after it was made: no answer to it counts, though the callback be open again.
    ALTER TABLE notice ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;
    UPDATE notice SET expired = 1
      WHERE callback IN (SELECT callback FROM event WHERE kind = 'reopened')
        AND EXISTS (SELECT 1 FROM event
          WHERE event.callback = notice.callback AND kind = 'closed' AND event.at >= notice.created_at);

    -- The person that an alarm is about.
    ALTER TABLE alarm ADD COLUMN person TEXT;

    -- Mails that were taken in, so that none acts twice.
    CREATE TABLE answer (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      -- The notice that it is about; NULL where it belongs to none.
      notice INTEGER REFERENCES notice (id) ON DELETE CASCADE,
      digest TEXT NOT NULL,
      inode INTEGER NOT NULL,
      size INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      -- How often it came again.
      again INTEGER NOT NULL DEFAULT 0,
      at INTEGER NOT NULL
    );
    CREATE INDEX answer_notice ON answer (notice, digest) WHERE notice IS NOT NULL;
    CREATE INDEX answer_stray ON answer (inode) WHERE notice IS NULL;
    CREATE INDEX answer_stray_at ON answer (at) WHERE notice IS NULL;

    -- How often people were told of what became of their answers.
    CREATE TABLE answer_told (
      callback INTEGER NOT NULL REFERENCES callback (id) ON DELETE CASCADE,
      person TEXT NOT NULL,
      about TEXT NOT NULL,
      count INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (callback, person, about)
    ) WITHOUT ROWID;
    CREATE INDEX answer_told_person ON answer_told (person, at);
    """
}

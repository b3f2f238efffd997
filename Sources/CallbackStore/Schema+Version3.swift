/// Batches, mails, and messages that are missing.
extension Schema {
  static let version3 = """
    -- The bytes of a file in hand where no callback has them all: a batch, or what came again.
    ALTER TABLE arrival ADD COLUMN original BLOB;

    -- A mail's Message-ID: by which it is known again.
    ALTER TABLE message ADD COLUMN mail_id TEXT;
    ALTER TABLE other_message ADD COLUMN mail_id TEXT;
    CREATE INDEX message_mail_id ON message (mail_id) WHERE mail_id IS NOT NULL;
    CREATE INDEX other_message_mail_id ON other_message (mail_id, callback) WHERE mail_id IS NOT NULL;

    -- What became of the lists in a file in hand, as JSON.
    ALTER TABLE arrival ADD COLUMN lists TEXT;

    -- How far the running numbers of a service have come. The account is '' where none is known.
    CREATE TABLE ref_sequence (
      id INTEGER PRIMARY KEY,
      service TEXT NOT NULL,
      account TEXT NOT NULL,
      prefix TEXT NOT NULL,
      lowest INTEGER NOT NULL,
      highest INTEGER NOT NULL,
      width INTEGER NOT NULL,
      restart INTEGER,
      began_at INTEGER NOT NULL,
      seen_at INTEGER NOT NULL,
      -- Those that wait, as JSON: of each since when, then the ends of its ranges.
      gaps TEXT,
      -- When the first of them has waited long enough.
      gap_at INTEGER,
      UNIQUE (service, account, prefix)
    );
    CREATE INDEX ref_sequence_gap ON ref_sequence (gap_at) WHERE gap_at IS NOT NULL;
    CREATE INDEX ref_sequence_seen ON ref_sequence (seen_at);

    -- The Refs that a callback asks for and that have not come in. No two of these ranges overlap.
    CREATE TABLE missing_ref (
      id INTEGER PRIMARY KEY,
      callback INTEGER NOT NULL REFERENCES callback (id),
      service TEXT NOT NULL,
      account TEXT NOT NULL,
      prefix TEXT NOT NULL,
      -- Both -1 where the prefix is the whole Ref.
      first INTEGER NOT NULL,
      last INTEGER NOT NULL,
      width INTEGER NOT NULL,
      at INTEGER NOT NULL
    );
    CREATE INDEX missing_ref_first ON missing_ref (service, account, prefix, first);
    CREATE INDEX missing_ref_callback ON missing_ref (callback);
    CREATE INDEX missing_ref_at ON missing_ref (at);

    -- The service that an alarm is about.
    ALTER TABLE alarm ADD COLUMN service TEXT;
    """
}

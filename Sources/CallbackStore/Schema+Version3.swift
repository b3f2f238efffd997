/// Batches and mails.
extension Schema {
  static let version3 = """
    -- The bytes of a file in hand where no callback has them all: a batch, or what came again.
    ALTER TABLE arrival ADD COLUMN original BLOB;

    -- A mail's Message-ID: by which it is known again.
    ALTER TABLE message ADD COLUMN mail_id TEXT;
    ALTER TABLE other_message ADD COLUMN mail_id TEXT;
    CREATE INDEX message_mail_id ON message (mail_id) WHERE mail_id IS NOT NULL;
    CREATE INDEX other_message_mail_id ON other_message (mail_id, callback) WHERE mail_id IS NOT NULL;
    """
}

/// Quiet hours, and alarms of channels.
extension Schema {
  static let version4 = """
    -- When the quiet hours of its person end, where it waits for that.
    ALTER TABLE notice ADD COLUMN not_before INTEGER;

    -- The channel that an alarm is about, and how many notices wait for it.
    ALTER TABLE alarm ADD COLUMN channel TEXT;
    ALTER TABLE alarm ADD COLUMN notices INTEGER NOT NULL DEFAULT 0;
    """
}

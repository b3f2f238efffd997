/// Reports.
extension Schema {
  static let version7 = """
    -- A report asks for a span of time. Calls come in almost in this order, so an entry costs little.
    CREATE INDEX callback_taken ON callback (taken_at);
    """
}

import Foundation

/// Fills a store with open callbacks: copies of the one that the daemon made of a sample message, each with its own number, Ref,
/// phone and times.
///
/// The columns are those that the tables have, so that whatever the store keeps is there.
struct OpenCallbacks {
  /// The number of the first.
  var first: Int
  var count: Int
  /// When the first is due.
  var due: Date
  /// Over how many seconds the deadlines are spread, evenly; 1: all are due in the same second.
  var spreadSeconds: Int
  /// How many people owe them, in turn: `p0`, `p1`, …; 0: all are the first person's.
  var people = 0

  /// - Parameter place: with a store that holds one callback; its daemon must not run.
  func fill(_ place: Workplace) throws {
    Progress.show("filling the store with \(Printout.count(count)) open callbacks")
    let database = try BenchDatabase(file: place.store)
    try database.run("BEGIN")
    for (table, key) in [("callback", "id"), ("message", "callback"), ("event", "callback")] {
      try copy(table, key: key, in: database)
    }
    try database.run("UPDATE counter SET open = open + \(count)")
    try database.run("COMMIT")
    try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  private func copy(_ table: String, key: String, in database: BenchDatabase) throws {
    let columns = try database.columns(of: table)
    let values = columns.map { column in value(of: column, key: key) }
    try database.run(
      """
      INSERT INTO \(table) (\(columns.joined(separator: ", ")))
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < \(count - 1))
      SELECT \(values.joined(separator: ", "))
      FROM (SELECT * FROM \(table) ORDER BY 1 LIMIT 1) AS t, n
      """)
  }

  private func value(of column: String, key: String) -> String {
    let due = Int(due.timeIntervalSince1970)
    let now = Int(Date().timeIntervalSince1970)
    switch column {
    case key: return "\(first) + i"
    case "id": return "(SELECT max(id) FROM event) + 1 + i"
    case "due_at", "own_by", "wake_at":
      return "CASE WHEN t.\(column) IS NULL THEN NULL ELSE \(due) + i % \(spreadSeconds) END"
    // An office that has been open for a hundred days.
    case "taken_at", "admitted_at", "at": return "\(now) - 60 - i % 8640000"
    case "ref": return "printf('OC-%07d', \(first) + i)"
    case "phone_digits": return "printf('1555%07d', \(first) + i)"
    case "recipient", "person":
      return people == 0 ? "t.\(column)" : "CASE WHEN t.\(column) IS NULL THEN NULL ELSE 'p' || (i % \(people)) END"
    default: return "t.\(column)"
    }
  }
}

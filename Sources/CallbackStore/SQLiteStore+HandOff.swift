import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func handOff(
    for recipients: [String], ownedFor rotation: String, limit: Int, marking name: String, at now: Date,
    rule: (Callback) -> Transition
  ) throws(StoreError) -> Int {
    let (count, stuck) = try write("hand callbacks off") { database in
      let condition = "(recipient IN (\(recipients.map { _ in "?" }.joined(separator: ", "))) OR owned_for = ?)"
      let those = (recipients + [rotation]).map { DatabaseValue.of($0) }
      var found: [Database.Found] = []
      var count = 0
      // Looks through all that are open, in the order of the list: a change of shift is rare, an index of people is not.
      for urgency in Urgency.allCases.reversed() {
        let open = "closed_at IS NULL AND callback.urgency = ? AND \(condition)"
        found += try database.found(
          database.bound(
            "\(Database.callbackSelect) WHERE \(open) ORDER BY due_at, callback.id LIMIT ?",
            [.of(urgency.rawValue)] + those + [.of(max(limit - found.count, 0))]))
        count +=
          try Int.fetchOne(
            database.bound("SELECT count(*) FROM callback WHERE \(open)", [.of(urgency.rawValue)] + those)) ?? 0
      }
      let stuck = try database.advance(found, at: now, rule: rule)
      try database.setMark(name, at: now)
      return (count, stuck)
    }
    if let stuck { throw stuck }
    return count
  }

  public func lastMark(_ name: String) throws(StoreError) -> Date? {
    try read("look up a mark") { database in
      try Int64.fetchOne(database.cachedStatement(sql: "SELECT at FROM mark WHERE name = ?"), arguments: [name])
        .map { Date(columnSeconds: $0) }
    }
  }

  public func setMark(_ name: String, at time: Date) throws(StoreError) {
    try write("set a mark") { database in try database.setMark(name, at: time) }
  }
}

extension Database {
  func setMark(_ name: String, at time: Date) throws {
    try run("INSERT OR REPLACE INTO mark (name, at) VALUES (?, ?)", [name, time.columnSeconds])
  }
}

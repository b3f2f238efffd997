import Foundation
import GRDB

extension SQLiteStore {
  public func recordHead() throws(StoreError) -> RecordHead? {
    try read("look up the end of the record") { database in try database.recordHead() }
  }

  public func checkRecord(
    from place: RecordPlace, limit: Int, head: RecordHead?
  ) throws(StoreError) -> RecordPiece {
    try read("look through the record") { database in
      try database.checkRecord(from: place, limit: limit, head: head)
    }
  }
}

extension Database {
  /// Looks at the next piece of the record.
  ///
  /// - Parameters:
  ///   - limit: of events or callbacks.
  ///   - head: one that was printed before, which is looked for at the start.
  func checkRecord(from place: RecordPlace, limit: Int, head: RecordHead?) throws -> RecordPiece {
    switch place {
    case .events(let after):
      var piece = try checkEvents(after: after, limit: limit)
      if let head, place == .start { piece.findings.insert(contentsOf: try check(head), at: 0) }
      return piece
    case .callbacks(let after): return try checkCallbacks(after: after, limit: limit)
    }
  }
}

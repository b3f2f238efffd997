import Foundation
import GRDB

/// What a transaction has in hand, so that it is read and written once, however many callbacks the transaction changes: the end
/// of the record, and by how much the counts change.
///
/// Whatever takes part in the transaction finds it without being handed it, as it finds the transaction itself, which is the
/// connection's.
///
/// `@unchecked Sendable`: a transaction runs on one thread.
final class TransactionLedger: @unchecked Sendable {
  @TaskLocal static var current: TransactionLedger?

  struct Contents {
    /// The end of the record; nil until it was looked up.
    var end: RecordEnd?
    var counts = CountChanges()
  }

  var contents = Contents()

  /// Does `body` with a ledger, then writes what is left in it.
  static func keep<Value>(in database: Database, _ body: (Database) throws -> Value) throws -> Value {
    let ledger = TransactionLedger()
    let value = try $current.withValue(ledger) { try body(database) }
    try database.write(ledger.contents.counts)
    return value
  }
}

/// The end of the record as it is in the store.
struct RecordEnd {
  /// The latest number ever given.
  var number: Int64
  /// The digest of the last event that is there.
  var digest: Data?
}

/// By how much the counts of open callbacks and of waiting notices change.
struct CountChanges: Equatable {
  var open = 0
  var owned = 0
  var overdue = 0
  var noticesWaiting = 0

  static func += (changes: inout CountChanges, more: CountChanges) {
    changes.open += more.open
    changes.owned += more.owned
    changes.overdue += more.overdue
    changes.noticesWaiting += more.noticesWaiting
  }
}

extension Database {
  /// Changes the counts with the transaction's end, or at once where no ledger is kept.
  func count(_ changes: CountChanges) throws {
    guard let ledger = TransactionLedger.current else { return try write(changes) }
    ledger.contents.counts += changes
  }

  fileprivate func write(_ changes: CountChanges) throws {
    guard changes != CountChanges() else { return }
    try run(
      """
      UPDATE counter
      SET open = open + ?, owned = owned + ?, overdue = overdue + ?, notices_waiting = notices_waiting + ?
      """, [.of(changes.open), .of(changes.owned), .of(changes.overdue), .of(changes.noticesWaiting)])
  }
}

import Foundation
import GRDB

/// The record: events in a chain, and callbacks of which all that is personal is deleted.
extension Schema {
  static func toVersion6(_ database: Database) throws {
    try database.execute(sql: columns)
    try database.vouchForCallbacks()
    try database.chainEvents()
    try database.execute(sql: guards)
  }

  private static let columns = """
    ALTER TABLE callback ADD COLUMN purged_at INTEGER;
    CREATE INDEX callback_kept ON callback (closed_at) WHERE closed_at IS NOT NULL AND purged_at IS NULL;

    -- Makes the digest of a message unguessable; it goes with the message.
    ALTER TABLE message ADD COLUMN salt BLOB;
    ALTER TABLE other_message ADD COLUMN salt BLOB;

    -- Goes with the text.
    ALTER TABLE event ADD COLUMN salt BLOB;
    -- The salted digest of the text.
    ALTER TABLE event ADD COLUMN personal BLOB;
    -- What it did to the messages of its callback, by their salted digests.
    ALTER TABLE event ADD COLUMN messages BLOB;
    -- The digest of what the callback's row says after it.
    ALTER TABLE event ADD COLUMN facts BLOB;
    -- Over all of these but text and salt, and the digest of the event before.
    ALTER TABLE event ADD COLUMN digest BLOB;
    """

  /// A second belt: whoever has the file can drop these, and is found by the chain.
  private static let guards = """
    CREATE TRIGGER event_stays BEFORE DELETE ON event
      BEGIN SELECT raise(ABORT, 'events are only ever added'); END;
    CREATE TRIGGER event_is_final BEFORE UPDATE OF \(Database.chainedColumnList), digest ON event
      BEGIN SELECT raise(ABORT, 'events are only ever added'); END;
    CREATE TRIGGER event_text_is_final BEFORE UPDATE OF text, salt ON event
      WHEN new.text IS NOT NULL OR new.salt IS NOT NULL
        OR (SELECT purged_at FROM callback WHERE id = old.callback) IS NULL
      BEGIN SELECT raise(ABORT, 'the words of an event are only ever purged'); END;
    """
}

extension Database {
  private static let portion = 1000

  /// Has the last event of each callback vouch for its row and its messages.
  fileprivate func vouchForCallbacks() throws {
    var after: Int64 = 0
    while true {
      let rows = try Row.fetchAll(
        cachedStatement(
          sql: "SELECT id, \(Self.factColumns.joined(separator: ", ")) FROM callback WHERE id > ? ORDER BY id LIMIT ?"),
        arguments: [after, Self.portion])
      guard let last = rows.last else { return }
      for row in rows {
        let id: Int64 = row[0]
        let others = try saltMessages("other_message", of: id)
        let present = try saltMessages("message", of: id)
        let column = MessageHistory.column(
          others.map(MessageHistory.Change.beside) + present.map(MessageHistory.Change.put))
        try run(
          "UPDATE event SET messages = ?, facts = ? WHERE id = (SELECT max(id) FROM event WHERE callback = ?)",
          [column, Self.factDigest(of: id, row.databaseValues.dropFirst()), id])
      }
      after = last[0]
    }
  }

  /// - Returns: the digests of these messages, in their order.
  private func saltMessages(_ table: String, of id: Int64) throws -> [Data] {
    try Row.fetchAll(
      cachedStatement(sql: "SELECT rowid, \(Self.saidColumnList) FROM \(table) WHERE callback = ? ORDER BY rowid"),
      arguments: [id]
    ).map { row in
      let salt = Salt.make()
      try run("UPDATE \(table) SET salt = ? WHERE rowid = ?", [salt, row[0] as Int64])
      return Self.messageDigest(salt: salt.databaseValue, row.databaseValues.dropFirst())
    }
  }

  fileprivate func chainEvents() throws {
    let chainedBeforePersonal = Self.chainedColumns.dropLast().joined(separator: ", ")
    var after: Int64 = 0
    var previous: Data?
    while true {
      let rows = try Row.fetchAll(
        cachedStatement(sql: "SELECT \(chainedBeforePersonal), text FROM event WHERE id > ? ORDER BY id LIMIT ?"),
        arguments: [after, Self.portion])
      guard let last = rows.last else { return }
      for row in rows {
        let values = Array(row.databaseValues)
        let text = values[values.count - 1]
        let salt = text.isNull ? nil : Salt.make()
        let personal = salt.map { Self.textDigest(text, salt: $0.databaseValue) }
        let digest = Self.eventDigest(after: previous, values.dropLast() + [personal.databaseValue])
        try run(
          "UPDATE event SET salt = ?, personal = ?, digest = ? WHERE id = ?", [salt, personal, digest, row[0] as Int64])
        previous = digest
      }
      after = last[0]
    }
  }
}

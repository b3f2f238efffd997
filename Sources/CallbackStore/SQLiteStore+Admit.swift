import CallbackIntake
import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func admit(
    _ arrivals: [Arrival], puttingAway done: [Int64], at now: Date, rule: (Message) -> Transition
  ) throws(StoreError) -> [Admission] {
    try write("admit messages") { database in
      try database.forget(done)
      return try arrivals.map { arrival in
        if let known = try database.inHand(arrival) { return known }
        return try database.admit(arrival, at: now, rule: rule)
      }
    }
  }

  public func arrivalsInHand(after arrival: Int64, limit: Int) throws(StoreError) -> [Admission] {
    try read("look up the files in hand") { database in
      try Row.fetchAll(
        database.cachedStatement(sql: "SELECT * FROM arrival WHERE id > ? ORDER BY id LIMIT ?"),
        arguments: [arrival, limit]
      ).map { try database.admission($0) }
    }
  }

  public func putAway(_ arrivals: [Int64]) throws(StoreError) {
    guard !arrivals.isEmpty else { return }
    try write("put files away") { database in try database.forget(arrivals) }
  }
}

extension Database {
  /// A Ref counts for so long.
  private static let refDays = 30

  fileprivate func forget(_ arrivals: [Int64]) throws {
    for arrival in arrivals { try run("DELETE FROM arrival WHERE id = ?", [arrival]) }
  }

  /// The file is in hand already: the same inode with the same time, and the same bytes.
  fileprivate func inHand(_ arrival: Arrival) throws -> Admission? {
    let identity = arrival.identity
    let rows = try Row.fetchAll(
      cachedStatement(sql: "SELECT * FROM arrival WHERE inode = ? AND size = ? AND modified = ?"),
      arguments: [Int64(bitPattern: identity.inode), identity.sizeBytes, identity.modifiedNanoseconds])
    for row in rows {
      let known = try admission(row)
      if let first = known.callbacks.first, try original(of: first.id) == arrival.original { return known }
    }
    return nil
  }

  fileprivate func admit(_ arrival: Arrival, at now: Date, rule: (Message) -> Transition) throws -> Admission {
    // All are looked up before any is stored: two rows of one file may share a Ref by mistake, and are two messages.
    let known = try arrival.messages.map { try sameRef($0, original: arrival.original, at: now) }
    let callbacks = try zip(arrival.messages, known).map { message, same in
      if let same {
        let again = Event(at: now, actor: .service(message.service), .receivedAgain)
        try append(Transition(same, events: [again]), to: same.id, at: now)
        return same
      }
      var transition = rule(message)
      transition.callback.id = try insert(transition.callback, original: arrival.original)
      try append(transition, to: transition.callback.id, at: now)
      try count(from: nil, to: transition.callback)
      return transition.callback
    }
    return Admission(
      arrival: try insert(arrival, callbacks: callbacks), identity: arrival.identity, place: arrival.place,
      callbacks: callbacks)
  }

  private func insert(_ arrival: Arrival, callbacks: [Callback]) throws -> Int64 {
    let identity = arrival.identity
    try run(
      "INSERT INTO arrival (inode, size, modified, folder, name, callbacks) VALUES (?, ?, ?, ?, ?, ?)",
      [
        Int64(bitPattern: identity.inode), identity.sizeBytes, identity.modifiedNanoseconds,
        arrival.place.folderColumn, Data(arrival.place.name), callbacks.map { String($0.id) }.joined(separator: ","),
      ])
    return lastInsertedRowID
  }

  /// The callback that this message made when it came before: the same bytes with the same Ref, from the same service for the
  /// same account, not long ago.
  ///
  /// Only the latest of that Ref are compared, because some services write the same one into every message.
  private func sameRef(_ message: Message, original: [UInt8], at now: Date) throws -> Callback? {
    guard let ref = message.ref else { return nil }
    let id = try Int64.fetchOne(
      cachedStatement(
        sql: """
          SELECT max(callback.id) FROM callback JOIN message ON message.callback = callback.id
          WHERE callback.id IN (SELECT callback FROM message WHERE ref = ? ORDER BY callback DESC LIMIT 100)
            AND callback.service IS ? AND callback.account IS ? AND admitted_at > ? AND original = ?
          """),
      arguments: [
        ref.withoutNul, message.service, message.account, now.columnSeconds - Int64(Self.refDays) * 86_400,
        Data(original),
      ])
    return try id.flatMap { try callback($0) }
  }

  fileprivate func admission(_ row: Row) throws -> Admission {
    let numbers: String = row["callbacks"]
    let name: Data = row["name"]
    return Admission(
      arrival: row["id"],
      identity: FileIdentity(
        inode: UInt64(bitPattern: row["inode"]), sizeBytes: row["size"], modifiedNanoseconds: row["modified"]),
      place: FilePlace(folderColumn: row["folder"], name: [UInt8](name)),
      callbacks: try numbers.split(separator: ",").compactMap { Int64($0) }.compactMap { try callback($0) })
  }

  func original(of id: Int64) throws -> [UInt8] {
    let data = try Data.fetchOne(
      cachedStatement(sql: "SELECT original FROM message WHERE callback = ?"), arguments: [id])
    return data.map { [UInt8]($0) } ?? []
  }
}

extension FilePlace {
  /// A path in the spool: `incoming`, `incoming/SERVICE`, `work`.
  fileprivate var folderColumn: String {
    switch directory {
    case .incoming(let folder): folder.map { "incoming/" + $0 } ?? "incoming"
    case .work: "work"
    }
  }

  fileprivate init(folderColumn: String, name: [UInt8]) {
    if folderColumn == "work" {
      self.init(.work, name: name)
    } else {
      let folder = folderColumn.hasPrefix("incoming/") ? String(folderColumn.dropFirst("incoming/".count)) : nil
      self.init(.incoming(folder: folder), name: name)
    }
  }
}

import CallbackIntake
import CallbackRules
import Foundation
import GRDB

extension SQLiteStore {
  public func admit(
    _ arrivals: [Arrival], puttingAway done: [Int64], at now: Date, repeatsWithin: TimeInterval, watch: ServiceWatch,
    missing: (MissingRefs) -> Transition, rule: (Message, Related) -> Admittance
  ) throws(StoreError) -> [Admission] {
    try write("admit messages") { database in
      try database.forget(done)
      try database.forgetCalls(before: now.addingTimeInterval(-repeatsWithin))
      let intake = Intake(now: now, repeatsWithin: repeatsWithin, book: RefBook(database, watch, at: now))
      let admissions = try arrivals.map { arrival in
        if let known = try database.inHand(arrival) { return known }
        return try database.admit(arrival, in: intake, missing: missing, rule: rule)
      }
      try intake.book.close()
      try database.heard(arrivals, watch, at: now)
      return admissions
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

/// One transaction of intake.
private struct Intake {
  var now: Date
  var repeatsWithin: TimeInterval
  var book: RefBook
}

extension Database {
  /// Keeps that the services of these files were heard.
  fileprivate func heard(_ arrivals: [Arrival], _ watch: ServiceWatch, at now: Date) throws {
    guard !watch.heard.isEmpty else { return }
    for id in Set(arrivals.flatMap { $0.parts.compactMap(\.message.service) }) where watch.heard.contains(id) {
      try setMark(Office.heardMark(of: id), at: now)
    }
  }

  fileprivate func forget(_ arrivals: [Int64]) throws {
    // Nearly always those of a whole batch, whose numbers follow each other.
    for range in RangeSet(arrivals.map { $0..<$0 + 1 }).ranges {
      try run("DELETE FROM arrival WHERE id >= ? AND id < ?", [.of(range.lowerBound), .of(range.upperBound)])
    }
  }

  /// The file is in hand already: the same inode with the same time, and the same bytes, with its callback or by themselves.
  fileprivate func inHand(_ arrival: Arrival) throws -> Admission? {
    let identity = arrival.identity
    let found = try numbers(
      "SELECT id FROM arrival WHERE inode = ? AND size = ? AND modified = ?",
      [.of(Int64(bitPattern: identity.inode)), .of(identity.sizeBytes), .of(identity.modifiedNanoseconds)])
    for number in found {
      guard let row = try Row.fetchOne(bound("SELECT * FROM arrival WHERE id = ?", [.of(number)])) else { continue }
      let known = try admission(row)
      let bytes = Data(arrival.original)
      let isSame =
        if let kept: Data = row["original"] { kept == bytes } else {
          try known.callbacks.contains { try isOriginal(bytes, of: $0.id) }
        }
      if isSame { return known }
    }
    return nil
  }

  fileprivate func admit(
    _ arrival: Arrival, in intake: Intake, missing: (MissingRefs) -> Transition, rule: (Message, Related) -> Admittance
  ) throws -> Admission {
    let now = intake.now
    // All are looked up before any is stored: two rows of one file may share a Ref by mistake, and are two messages.
    let ofRef = try arrival.parts.map { try sameRef($0, at: now) }
    // Whether one callback keeps the bytes of the whole file.
    var isKept = arrival.parts.count == 1 && arrival.parts[0].original == arrival.original
    var callbacks: [Callback] = []
    var lists: [ListAnswer] = []
    for (part, found) in zip(arrival.parts, ofRef) {
      if let list = part.message.sent {
        isKept = false
        lists.append(try compare(list, of: part.message, with: intake.book, at: now, rule: missing))
        continue
      }
      let (callback, isPart) = try admit(part, found, in: intake, rule: rule)
      if !isPart { isKept = false }
      callbacks.append(callback)
    }
    return Admission(
      arrival: try insert(arrival, keepingBytes: !isKept, callbacks: callbacks, lists: lists),
      identity: arrival.identity, place: arrival.place, callbacks: callbacks, lists: lists)
  }

  /// Takes in one message, and gives the callback that answers for it, and whether that keeps its bytes.
  private func admit(
    _ part: Arrival.Part, _ found: (all: [Int64], same: Int64?), in intake: Intake,
    rule: (Message, Related) -> Admittance
  ) throws -> (Callback, isPart: Bool) {
    let message = part.message
    let now = intake.now
    if let same = try found.same.flatMap({ try self.callback($0) }) {
      let again = Event(at: now, actor: .service(message.service), .receivedAgain)
      try append(Transition(same, events: [again]), to: same.id, at: now)
      try intake.book.saw(message, isRepeat: true, callback: same.id)
      return (same, false)
    }
    let related = Related(
      sameRef: try found.all.compactMap { try self.callback($0) },
      sameNumber: try sameNumber(message, within: intake.repeatsWithin, at: now).compactMap { try self.callback($0) })
    let admittance = rule(message, related)
    let callback = try store(admittance, of: part, at: now)
    try intake.book.saw(message, isRepeat: related.knows(message), callback: callback.id)
    return (callback, admittance.part != .again)
  }

  /// The callbacks with a message's Ref, and the one of them that this very message is part of already: it came before.
  private func sameRef(_ part: Arrival.Part, at now: Date) throws -> (all: [Int64], same: Int64?) {
    let all = try sameRef(part.message, at: now)
    let bytes = Data(part.original)
    let ref = part.message.ref?.withoutNul
    return (all, try sameMail(part.message, at: now) ?? all.first { try isOriginal(bytes, ref: ref, of: $0) })
  }

  /// Stores what became of one message, and gives the callback that answers for it.
  private func store(_ admittance: Admittance, of part: Arrival.Part, at now: Date) throws -> Callback {
    let transition = admittance.transition
    var callback = transition.callback
    if admittance.part == .first {
      let (id, proof) = try insert(callback, original: part.original)
      callback.id = id
      try append(transition, to: id, newest: id, proof: proof, at: now)
      try count(from: nil, to: callback, noticesWaiting: transition.notices.count)
    } else {
      try join(
        transition, as: admittance.part, message: part.message, original: part.original, at: now)
    }
    if admittance.part != .again, admittance.part != .withdrawal { try rang(callback, at: now) }
    for other in admittance.others { try replace(other, newest: callback.id, at: now) }
    return callback
  }

  /// Stores a message as part of a callback that is there, and what that makes of the callback.
  private func join(
    _ transition: Transition, as part: Admittance.Part, message: Message, original: [UInt8], at now: Date
  ) throws {
    let id = transition.callback.id
    var changes: [MessageHistory.Change] = []
    switch part {
    case .first, .again: break
    case .amendment:
      // First: what is kept of the message before stands in part in the callback's own row.
      changes.append(.put(try amend(with: transition.callback.message, original: original, of: id, at: now)))
    case .repeatCall, .withdrawal:
      changes.append(.beside(try insertOther(message, original: original, as: part, of: id, at: now)))
      if let completed = try complete(patient: transition.callback.message.patient, of: id) {
        changes.append(completed)
      }
    }
    try replace(transition, newest: id, messages: changes, at: now)
  }

  private func replace(
    _ transition: Transition, newest: Int64, messages: [MessageHistory.Change] = [], at now: Date
  ) throws {
    let id = transition.callback.id
    guard let old = try callback(id) else { throw StoreError("There is no callback \(id) for a message to belong to.") }
    try commit(transition, replacing: old, newest: newest, messages: messages, at: now)
  }

  /// - Parameter keepingBytes: whether they are kept by themselves while the file is in hand, because no callback has them all.
  private func insert(
    _ arrival: Arrival, keepingBytes: Bool, callbacks: [Callback], lists: [ListAnswer]
  ) throws -> Int64 {
    let identity = arrival.identity
    try run(
      "INSERT INTO arrival (inode, size, modified, folder, name, callbacks, original, lists) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .of(Int64(bitPattern: identity.inode)), .of(identity.sizeBytes), .of(identity.modifiedNanoseconds),
        .of(arrival.place.folderColumn), .of(Data(arrival.place.name)),
        .of(callbacks.map { String($0.id) }.joined(separator: ",")), .of(keepingBytes ? Data(arrival.original) : nil),
        .of(lists.isEmpty ? nil : String(decoding: try JSONEncoder().encode(lists), as: UTF8.self)),
      ])
    return lastInsertedRowID
  }

  fileprivate func admission(_ row: Row) throws -> Admission {
    let numbers: String = row["callbacks"]
    let name: Data = row["name"]
    return Admission(
      arrival: row["id"],
      identity: FileIdentity(
        inode: UInt64(bitPattern: row["inode"]), sizeBytes: row["size"], modifiedNanoseconds: row["modified"]),
      place: FilePlace(folderColumn: row["folder"], name: [UInt8](name)),
      callbacks: try numbers.split(separator: ",").compactMap { Int64($0) }.compactMap { try callback($0) },
      lists: try (row["lists"] as String?).map { text in
        try JSONDecoder().decode([ListAnswer].self, from: Data(text.utf8))
      } ?? [])
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

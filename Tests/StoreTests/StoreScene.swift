import CallbackIntake
import Foundation
import GRDB
import Testing

@testable import CallbackRules
@testable import CallbackStore

/// A directory that is gone with its test.
final class TemporaryDirectory {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/callbackd.XXXXXX").utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
  }
}

/// A store in a file of its own, and rules as simple as can be.
final class StoreScene {
  static let now = Date(timeIntervalSince1970: 1_795_461_600)
  /// So long a call counts.
  static let repeatsWithin: TimeInterval = 48 * 3600

  let directory: TemporaryDirectory
  let store: SQLiteStore
  private var lastInode: UInt64 = 100

  init() throws {
    directory = try TemporaryDirectory()
    store = try SQLiteStore(file: directory.path + "/callbackd.db")
  }

  /// Another store on what the files hold at this moment: what a daemon that was killed leaves.
  private init(after crashed: StoreScene) throws {
    directory = try TemporaryDirectory()
    for name in ["callbackd.db", "callbackd.db-wal"] {
      let file = crashed.directory.path + "/" + name
      guard FileManager.default.fileExists(atPath: file) else { continue }
      try FileManager.default.copyItem(atPath: file, toPath: directory.path + "/" + name)
    }
    store = try SQLiteStore(file: directory.path + "/callbackd.db")
    lastInode = crashed.lastInode
  }

  func crashed() throws -> StoreScene { try StoreScene(after: self) }

  /// A file that nobody has sent before, with these messages.
  func arrival(_ messages: [Message], bytes: String = "To: rivera\n") -> Arrival {
    lastInode += 1
    return Arrival(
      identity: FileIdentity(inode: lastInode, sizeBytes: Int64(bytes.utf8.count), modifiedNanoseconds: 17),
      place: FilePlace(.incoming(folder: nil), name: Array("message.txt".utf8)), original: Array(bytes.utf8),
      parts: messages.map { Arrival.Part(message: $0, original: Array(bytes.utf8)) })
  }

  /// Takes in one message, and gives the callback that it became.
  @discardableResult
  func admit(
    _ message: Message = Message(takenAt: now), notices: [Notice] = [], at moment: Date = now,
    _ change: (inout Callback) -> Void = { _ in }
  ) throws -> Callback {
    let admissions = try store.admit([arrival([message])], at: moment) { message in
      Self.transition(Self.callback(of: message, change), notices: notices)
    }
    return try #require(admissions.first?.callbacks.first)
  }

  /// Takes in one file, as `rule` says.
  @discardableResult
  func receive(
    _ arrival: Arrival, at moment: Date = now, _ rule: (Message, Related) -> Admittance
  ) throws -> Admission {
    let admissions = try store.admit(
      [arrival], puttingAway: [], at: moment, repeatsWithin: Self.repeatsWithin, rule: rule)
    return try #require(admissions.first)
  }

  /// What makes a message part of a callback that must be known.
  static func part(
    _ part: Admittance.Part, of callback: Callback?, events: [Event] = [], _ change: (inout Callback) -> Void = { _ in }
  ) -> Admittance {
    guard var callback else {
      Issue.record("the callback was not found")
      return Admittance(Transition(Self.callback(of: Message(takenAt: now))))
    }
    change(&callback)
    return Admittance(Transition(callback, events: events), part: part)
  }

  static func callback(of message: Message, _ change: (inout Callback) -> Void = { _ in }) -> Callback {
    var callback = Callback(
      kind: .message, message: message, recipient: "rivera", admittedAt: now, dueAt: now.addingTimeInterval(3600))
    callback.wakeAt = now.addingTimeInterval(600)
    change(&callback)
    return callback
  }

  static func transition(_ callback: Callback, events: [Event] = [], notices: [Notice] = []) -> Transition {
    var transition = Transition(callback, events: events)
    for notice in notices { transition.notify(notice) }
    return transition
  }

  /// Changes one callback, which must exist.
  @discardableResult
  func change(
    _ id: Int64, notices: [Notice] = [], at moment: Date = now, _ change: (inout Callback) -> Void
  ) throws -> Callback {
    let result = try store.change(id, at: moment) { callback in
      var callback = callback
      change(&callback)
      return Self.transition(callback, notices: notices)
    }
    guard case .changed(let callback) = result else { throw StoreError("callback \(id) was not changed") }
    return callback
  }

  func close(_ id: Int64, notices: [Notice] = [], at moment: Date = now) throws {
    try change(id, notices: notices, at: moment) { callback in
      callback.state = .closed
      callback.closedAt = moment
      callback.wakeAt = nil
    }
  }

  func settle(_ lease: Lease, as settlement: Settlement, at moment: Date = now) throws {
    try store.settle(lease, as: settlement, at: moment) { _, callback, _ in Transition(callback) }
  }

  func story(_ id: Int64) throws -> Story { try #require(try store.story(of: id)) }

  func number(_ sql: String) throws -> Int { try number(sql, in: store.database) }

  private func number(_ sql: String, in database: DatabaseQueue) throws -> Int {
    try database.inDatabase { try #require(try Int.fetchOne($0, sql: sql)) }
  }
}

extension SQLiteStore {
  /// Admits where no service is watched.
  func admit(
    _ arrivals: [Arrival], puttingAway done: [Int64], at now: Date, repeatsWithin: TimeInterval,
    rule: (Message, Related) -> Admittance
  ) throws(StoreError) -> [Admission] {
    try admit(
      arrivals, puttingAway: done, at: now, repeatsWithin: repeatsWithin, watch: ServiceWatch(),
      missing: { Transition(StoreScene.callback(of: Message(takenAt: now, service: $0.service))) }, rule: rule)
  }

  /// Admits each message by itself, whatever it may belong to.
  func admit(
    _ arrivals: [Arrival], at now: Date, rule: (Message) -> Transition
  ) throws(StoreError) -> [Admission] {
    try admit(arrivals, puttingAway: [], at: now, repeatsWithin: StoreScene.repeatsWithin) { message, _ in
      Admittance(rule(message))
    }
  }

  /// Raises an alarm to the first channel of each.
  func raise(_ alarm: Alarm, to people: [String], at now: Date) throws(StoreError) -> Bool {
    try raise(alarm, to: people.map { Route(person: $0, channelIndex: 0) }, at: now)
  }

  /// Leases each notice by itself.
  func leaseNotices(at now: Date, limit: Int) throws(StoreError) -> [Lease] {
    try leaseNotices(at: now, limit: limit, digestOver: .max)
  }

  func arrivalsInHand() throws(StoreError) -> [Admission] { try arrivalsInHand(after: 0, limit: 1000) }
}

extension Lease {
  /// Its notices; none for an alarm.
  var entries: [Entry] {
    if case .callbacks(let entries) = content { entries } else { [] }
  }

  /// Of the first notice.
  var callback: Callback { entries[0].callback }
  var notice: Notice { entries[0].notice }
}

extension Date {
  static func + (date: Date, seconds: Int) -> Date { date.addingTimeInterval(Double(seconds)) }
}

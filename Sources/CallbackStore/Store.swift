import CallbackIntake
import CallbackRules
import Foundation

/// Where promises are kept: callbacks, their events, their notices, and the files they came from.
///
/// The store is the daemon's timer wheel: it is asked what is due, never for everything. Each method is one transaction, and
/// what it returned is safe against a crash and a power cut. The rules come in as functions, so that a store shared by several
/// nodes can run them where its locks are.
///
/// A store is owned by one queue; it is not thread-safe.
public protocol Store: AnyObject {
  /// Stores what `rule` makes of every message of these files, and that the files themselves are still in hand; forgets those
  /// `puttingAway`, as `putAway` does.
  ///
  /// A file that is in hand already (same file, same bytes: the daemon crashed before it was put away) is not admitted again.
  func admit(
    _ arrivals: [Arrival], puttingAway done: [Int64], at now: Date, rule: (Message) -> Transition
  ) throws(StoreError) -> [Admission]

  /// Files that were admitted but not yet put away, those numbered after `arrival`, at most `limit`, in their order.
  func arrivalsInHand(after arrival: Int64, limit: Int) throws(StoreError) -> [Admission]

  /// Forgets files that have been put away and answered for.
  func putAway(_ arrivals: [Int64]) throws(StoreError)

  /// Advances what is due at `now`, the longest overdue first, at most `limit` of them.
  ///
  /// One that can't be advanced doesn't stop the others: they are advanced, then an error names it.
  /// - Returns: how many were advanced; fewer than `limit` when nothing more is due.
  func advanceDue(at now: Date, limit: Int, rule: (Callback) -> Transition) throws(StoreError) -> Int

  /// Advances those of the next `span` numbers that are open, due or not: policies and people may have changed.
  /// - Returns: the number after which to go on; nil when all were seen.
  func advanceOpen(
    after id: Int64, span: Int64, at now: Date, rule: (Callback) -> Transition
  ) throws(StoreError) -> Int64?

  /// When the next callback is due to be advanced.
  func nextWake() throws(StoreError) -> Date?

  /// Changes one callback as `rule` says; where it throws, nothing is stored.
  func change(
    _ id: Int64, at now: Date, rule: (Callback) throws(Refusal) -> Transition
  ) throws(StoreError) -> Change

  /// Takes at most `limit` notices that wait to be handed over, the most urgent first, and keeps them for the caller.
  func leaseNotices(at now: Date, limit: Int) throws(StoreError) -> [LeasedNotice]

  /// When the next notice that waits may be tried.
  func nextTry() throws(StoreError) -> Date?

  /// Makes every leased notice wait again: those who had leased them are gone. What is closed is withdrawn.
  func releaseLeases() throws(StoreError)

  /// Records what became of a leased notice, and what `rule` makes of that. Once: where the lease has ended, nothing happens.
  ///
  /// - Parameter rule: gets the callback and whether another person was told, or may yet be, by the same step.
  func settle(
    _ leased: LeasedNotice, as settlement: Settlement, at now: Date, rule: (Callback, Bool) -> Transition
  ) throws(StoreError)

  /// Callbacks in the order of the list: the most urgent first, then the earliest deadline.
  func list(_ filter: CallbackFilter) throws(StoreError) -> [Callback]

  /// One callback with its history; nil if there is none of this number.
  func story(of id: Int64) throws(StoreError) -> Story?

  /// How many callbacks and notices there are of each kind.
  func counts() throws(StoreError) -> StoreCounts
}

/// A notice that somebody is handing over.
public struct LeasedNotice: Sendable {
  public var number: Int64
  /// Unguessable, hexadecimal; the same whenever the notice is tried.
  public var token: String
  public var notice: Notice
  public var callback: Callback
  public var createdAt: Date
  /// Earlier tries by this channel.
  public var tries: Int
  /// Which of the person's channels it goes by.
  public var channelIndex: Int
}

/// How a lease ends.
public enum Settlement: Sendable, Equatable {
  case delivered
  /// To be tried again, by the same channel or another.
  case again(at: Date, channelIndex: Int, tries: Int, why: String)
  case failed(why: String)
}

/// What became of a change.
public enum Change: Sendable {
  case changed(Callback)
  case noSuchCallback
  case refused(Refusal)
}

/// Which callbacks to list.
public struct CallbackFilter: Sendable {
  public var closed = false
  public var overdue = false
  /// Recipient or owner.
  public var person: String?
  /// Recipients that stand for `person` as well: teams, rotations, somebody who has left.
  public var alsoRecipients: [String] = []
  public var account: String?
  /// Taken, or closed where `closed`, at this moment or later.
  public var since: Date?
  public var limit = 500
  /// After this one, in the order of the list.
  public var after: Cursor?

  /// A place in the list.
  public struct Cursor: Sendable, Equatable {
    public var urgency: Urgency
    /// The deadline; for closed callbacks, when they were closed.
    public var time: Date
    public var id: Int64

    public init(urgency: Urgency, time: Date, id: Int64) {
      self.urgency = urgency
      self.time = time
      self.id = id
    }
  }

  public init() {}
}

/// A callback with everything that is known of it.
public struct Story: Sendable {
  public var callback: Callback
  public var events: [Event]
  public var notices: [NoticeRecord]
  /// The bytes of the file it came from.
  public var original: [UInt8]
}

/// A notice as it stands in the store.
public struct NoticeRecord: Sendable {
  public var number: Int64
  public var notice: Notice
  public var state: State
  public var tries: Int
  public var createdAt: Date
  public var settledAt: Date?
  /// What the last try that failed said.
  public var error: String?

  public enum State: String, Sendable {
    case waiting
    /// Somebody is handing it over.
    case sending
    case delivered
    case failed
    /// The callback was closed before it was handed over.
    case withdrawn
  }
}

/// How many there are.
public struct StoreCounts: Sendable, Equatable {
  /// Not closed.
  public var open = 0
  /// Not closed, with an owner.
  public var owned = 0
  /// Not closed, and past their deadline.
  public var overdue = 0
  /// Notices not yet handed over.
  public var noticesWaiting = 0
  /// The deadline that passed longest ago.
  public var oldestOverdueDue: Date?

  public init() {}
}

/// The store can't do what it must.
public struct StoreError: Error, CustomStringConvertible {
  /// SQLite's extended result code, or 0.
  public var code: Int32
  /// What failed, where, and what to do.
  public var description: String
  /// Whether room or rights on the disk may come back by themselves.
  public var mayPass: Bool

  public init(code: Int32 = 0, mayPass: Bool = false, _ description: String) {
    self.code = code
    self.mayPass = mayPass
    self.description = description
  }
}

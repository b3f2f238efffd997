import CallbackIntake
import CallbackReports
import CallbackRules
import Foundation

/// Where promises are kept: callbacks, their events, their notices, and the files they came from.
///
/// The store is the daemon's timer wheel: it is asked what is due, never for everything. Each method is one transaction, and
/// what it returned is safe against a crash and a power cut, but for those in `together`. The rules come in as functions, so
/// that a store shared by several nodes can run them where its locks are.
///
/// A store is owned by one queue; it is not thread-safe.
public protocol Store: AnyObject {
  /// Stores what `rule` makes of every message of these files, and that the files themselves are still in hand; forgets those
  /// `puttingAway`, as `putAway` does.
  ///
  /// A file that is in hand already (same file, same bytes: the daemon crashed before it was put away) is not admitted again,
  /// and a message with the Ref and the bytes of one that is known only leaves an event.
  ///
  /// A list of Refs makes a callback of each that is not known, where no open one asks for it already. A message that one asks
  /// for leaves an event in it.
  ///
  /// - Parameters:
  ///   - repeatsWithin: for how many seconds a call counts as the one before which the same caller rang.
  ///   - watch: whose running numbers are followed, and of whom it is kept that they were heard.
  ///   - missing: makes a callback that asks for messages.
  ///   - rule: gets a message and what it may belong to. Messages of one file don't see one another by their Ref: two rows
  ///     may share one by mistake.
  func admit(
    _ arrivals: [Arrival], puttingAway done: [Int64], at now: Date, repeatsWithin: TimeInterval, watch: ServiceWatch,
    missing: (MissingRefs) -> Transition, rule: (Message, Related) -> Admittance
  ) throws(StoreError) -> [Admission]

  /// Makes callbacks of the gaps in running numbers that have waited long enough, of at most `limit` sequences.
  ///
  /// - Returns: what was made, with its numbers.
  func reportGaps(
    at now: Date, watch: ServiceWatch, limit: Int, rule: (MissingRefs) -> Transition
  ) throws(StoreError) -> [Transition]

  /// When the next gap will have waited long enough.
  func nextGap() throws(StoreError) -> Date?

  /// Files that were admitted but not yet put away, those numbered after `arrival`, at most `limit`, in their order.
  func arrivalsInHand(after arrival: Int64, limit: Int) throws(StoreError) -> [Admission]

  /// Forgets files that have been put away and answered for.
  func putAway(_ arrivals: [Int64]) throws(StoreError)

  /// Advances what is due at `now`, at most `limit` of them: the most urgent first, of these the longest overdue.
  ///
  /// One that can't be advanced doesn't stop the others: they are advanced, then an error names it.
  /// - Returns: how many were advanced; fewer than `limit` when nothing more is due.
  func advanceDue(at now: Date, limit: Int, rule: (Callback) -> Transition) throws(StoreError) -> Int

  /// Advances those of the next `span` numbers that are open, due or not: policies and people may have changed.
  /// - Returns: the number after which to go on; nil when all were seen.
  func advanceOpen(
    after id: Int64, span: Int64, at now: Date, rule: (Callback) -> Transition
  ) throws(StoreError) -> Int64?

  /// Whether the store's file was found damaged, by any of these: what it still takes may be lost with it.
  var isDamaged: Bool { get }

  /// Does in one transaction, for one sync of the disk, what `body` does by the other methods: all of it, or nothing where it
  /// throws, as it must where one of them does. What they return is safe only once this has returned.
  func together<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value

  /// When the next callback is due to be advanced.
  func nextWake() throws(StoreError) -> Date?

  /// Changes one callback as `rule` says; where it throws, nothing is stored.
  func change(
    _ id: Int64, at now: Date, rule: (Callback) throws(Refusal) -> Transition
  ) throws(StoreError) -> Change

  /// Changes, in the order of the list, at most `limit` open callbacks that one of `recipients` owes, or that their owner has for
  /// `rotation`; and sets the mark `name` to `now`.
  ///
  /// One that can't be changed doesn't stop the others: they are changed, then an error names it.
  /// - Returns: how many there are, beyond the limit too.
  func handOff(
    for recipients: [String], ownedFor rotation: String, limit: Int, marking name: String, at now: Date,
    rule: (Callback) -> Transition
  ) throws(StoreError) -> Int

  /// Until when something that is done again and again has been done; nil before the first time.
  func lastMark(_ name: String) throws(StoreError) -> Date?

  func setMark(_ name: String, at time: Date) throws(StoreError)

  /// Has people told of something about callbackd itself: a notice for each of these channels of theirs.
  ///
  /// - Returns: false, and nothing is stored, where an alarm with the same key was raised before.
  func raise(_ alarm: Alarm, to routes: [Route], at now: Date) throws(StoreError) -> Bool

  /// Takes at most `limit` leases of what waits to be handed over, the most urgent first, and keeps it for the caller.
  ///
  /// What a person is to be told at one moment by one channel becomes one lease if it is more than `digestOver`, or if there are
  /// at least two and one is a hand-off. It stays one, with its number and its token, whenever it is tried again. Emergencies
  /// and alarms are leases of their own.
  ///
  /// - Parameters:
  ///   - digestOver: `.max`: every notice is a lease of its own.
  ///   - urgency: what is less urgent is left waiting, if it doesn't go along with something that is not. An alarm is urgent.
  ///   - barring: by which ways nothing of an urgency may be leased now, after these leases.
  func leaseNotices(
    at now: Date, limit: Int, digestOver: Int, atLeast urgency: Urgency, barring: (Urgency, [Lease]) -> Barred
  ) throws(StoreError) -> [Lease]

  /// The notices about callbacks that wait though they may be tried, as they would be leased, among the next `limit` of them
  /// with a number above `number`. Those that would be leased together with others are left out.
  ///
  /// - Parameter digestOver: as for `leaseNotices`.
  func waitingNotices(
    after number: Int64, limit: Int, digestOver: Int, at now: Date
  ) throws(StoreError) -> WaitingNotices

  /// The number of the latest notice; 0: there is none.
  func latestNotice() throws(StoreError) -> Int64

  /// When the next notice that waits may be tried.
  ///
  /// - Parameter barring: the ways by which no notice of an urgency counts.
  func nextTry(barring: (Urgency) -> Barred) throws(StoreError) -> Date?

  /// Leases one that waits for this way, whenever it is to be tried, with what goes along; nil if there is none that has done so
  /// since `moment` or before, not counting quiet hours.
  func leaseStuck(
    on route: Route, urgency: Urgency, since moment: Date, digestOver: Int, at now: Date
  ) throws(StoreError) -> Lease?

  /// How many notices wait for these ways.
  func countWaiting(on routes: [Route]) throws(StoreError) -> Int

  /// Lets nothing wait for longer than the longest wait between two tries, or than the quiet hours of its person, and no gap in
  /// running numbers for longer than a day: the system's clock may have been ahead.
  ///
  /// - Parameter people: the ids of those who are in their quiet hours now.
  func correctTries(at now: Date, longestSeconds: Int, quiet people: [String]) throws(StoreError)

  /// Makes all that is leased wait again: those who had leased it are gone. What is closed is withdrawn.
  func releaseLeases() throws(StoreError)

  /// Records what became of a lease, and what `rule` makes of that for each of its notices; an alarm has none. Once: where the
  /// lease has ended, nothing happens.
  ///
  /// - Parameter rule: gets the notice, its callback as it is now, and whether another person was told, or may yet be, by the
  ///   same step.
  func settle(
    _ lease: Lease, as settlement: Settlement, at now: Date, rule: (Lease.Entry, Callback, Bool) -> Transition
  ) throws(StoreError)

  /// Takes in a mail that came to the address that notices are sent from, as `rule` says; one that is known changes nothing.
  ///
  /// - Parameters:
  ///   - routes: to whom, and by which channels, an alarm is told that `rule` makes.
  ///   - rule: gets the notice that the mail is about, or nil and the callback that it names without knowing any of its notices.
  func take(
    _ answer: ReceivedAnswer, tellingOfAlarms routes: [Route], at now: Date,
    rule: (AnsweredNotice?, Callback?) -> AnswerVerdict
  ) throws(StoreError) -> TakenAnswer

  /// Callbacks in the order of the list: the most urgent first, then the earliest deadline.
  func list(_ filter: CallbackFilter) throws(StoreError) -> [Callback]

  /// One callback with its history; nil if there is none of this number.
  func story(of id: Int64) throws(StoreError) -> Story?

  /// Those of these numbers that there are, open or closed, in the order of their numbers.
  func callbacks(_ numbers: [Int64]) throws(StoreError) -> [Callback]

  /// What came into any history after the event of this number, at most `limit` events, the oldest first.
  func events(after event: Int64, limit: Int) throws(StoreError) -> [StoredEvent]

  /// The number of the latest event of any history; 0 where there is none.
  func latestEvent() throws(StoreError) -> Int64

  /// The end of the record; nil while it is empty.
  func recordHead() throws(StoreError) -> RecordHead?

  /// Looks at the next piece of the record: whether it is as it was written.
  ///
  /// - Parameters:
  ///   - limit: of events or callbacks in this piece.
  ///   - head: one that was printed before, to which the record must still lead up; looked for at the start.
  func checkRecord(
    from place: RecordPlace, limit: Int, head: RecordHead?
  ) throws(StoreError) -> RecordPiece

  /// The callbacks that came in at `since` or later and before `until`, numbered next after `after`, whole but for their
  /// originals: at most `limit` of them, fewer where they are large.
  ///
  /// - Returns: those, and the number after which to go on; nil when all were seen.
  func stories(
    after id: Int64, since: Date, until: Date, limit: Int
  ) throws(StoreError) -> (stories: [Story], next: Int64?)

  /// How many callbacks that were closed before `time` are not purged.
  func countPurgeable(closedBefore time: Date) throws(StoreError) -> Int

  /// Deletes what is personal of at most `limit` callbacks that were closed before `time`, those closed longest ago first, and
  /// overwrites it.
  ///
  /// - Returns: how many these were; fewer than `limit` when no more are left.
  func purge(closedBefore time: Date, limit: Int, at now: Date) throws(StoreError) -> Int

  /// Empties the write-ahead log, which holds what was there before it was overwritten.
  ///
  /// - Returns: false where somebody reads the store at this moment, a backup, so that it must be tried again.
  func emptyLog() throws(StoreError) -> Bool

  /// How many callbacks and notices there are of each kind.
  func counts() throws(StoreError) -> StoreCounts

  /// Since when about the oldest notice waits that was not handed over yet; nil if none waits.
  func oldestNotice() throws(StoreError) -> Date?

  /// Since when the oldest notice waits that could go now, not counting quiet hours; nil if none does.
  ///
  /// - Parameter routes: the ways by which no notice counts.
  func oldestDueNotice(at now: Date, barring routes: [Route]) throws(StoreError) -> Date?

  /// Callbacks of a report, in the order in which their calls were taken.
  ///
  /// - Parameters:
  ///   - cursor: the `next` of the page before.
  ///   - limit: at most about so many rows are read, notices of the callbacks among them.
  func reportPage(
    _ query: ReportQuery, after cursor: ReportCursor?, limit: Int
  ) throws(StoreError) -> ReportPage
}

extension Store {
  public func leaseNotices(
    at now: Date, limit: Int, digestOver: Int, atLeast urgency: Urgency = .routine
  ) throws(StoreError) -> [Lease] {
    try leaseNotices(at: now, limit: limit, digestOver: digestOver, atLeast: urgency, barring: { _, _ in .ways([]) })
  }

  public func nextTry() throws(StoreError) -> Date? { try nextTry(barring: { _ in .ways([]) }) }
}

/// Some of the notices that wait though they may be tried.
public struct WaitingNotices: Sendable {
  public var notices: [Lease]
  /// The number after which to go on.
  public var last: Int64
  /// Whether there were no others above that number.
  public var isLast: Bool

  public init(notices: [Lease], last: Int64, isLast: Bool) {
    self.notices = notices
    self.last = last
    self.isLast = isLast
  }
}

/// What became of a change.
public enum Change: Sendable {
  case changed(Callback)
  case noSuchCallback
  case refused(Refusal)
}

/// An event with the callback in whose history it stands.
public struct StoredEvent: Sendable, Equatable {
  /// The event's own number: a later event has a higher one.
  public var number: Int64
  public var callback: Int64
  public var event: Event

  public init(number: Int64, callback: Int64, event: Event) {
    self.number = number
    self.callback = callback
    self.event = event
  }
}

/// Which callbacks to list.
public struct CallbackFilter: Sendable, Equatable {
  public var closed = false
  public var overdue = false
  /// Recipient or owner.
  public var person: String?
  /// Recipients that stand for `person` as well: teams, rotations, somebody who has left.
  public var alsoRecipients: [String] = []
  public var account: String?
  /// Only those of these accounts, and those whose account is not known; nil: those of every account.
  public var visibleAccounts: [String]?
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

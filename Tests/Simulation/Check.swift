import CallbackRules
import Foundation

/// One promise, as something that can be looked at.
struct Check<Subject>: Sendable {
  /// What is promised.
  let promise: String
  /// Nil where it is kept; else what is wrong.
  let finds: @Sendable (Subject) -> String?

  init(_ promise: String, _ finds: @escaping @Sendable (Subject) -> String?) {
    self.promise = promise
    self.finds = finds
  }
}

/// A change of one callback that was committed.
struct Deed {
  /// The ledger's, before; nil for a new one.
  var before: Callback?
  /// Until when it had to be finished, by the first acknowledgement.
  var finishLimit: Date?
  /// Ids of those whom clocks told at this moment already.
  var toldBefore: [String]
  var after: Kept
  var entry: Entry
  var ledger: Ledger

  var events: [Event] { entry.transition.events }
  var notices: [Notice] { entry.transition.notices }
  var office: Office { ledger.office }
  var now: Date { ledger.clock.now }
  var policy: Policy { after.callback.policy(in: office) }

  func has(_ kinds: Event.Kind...) -> Bool { events.contains { kinds.contains($0.kind) } }

  /// Whether there is anybody in the office who can be told for certain.
  var somebodyIsThere: Bool { !office.people(for: office.fallback, at: now).isEmpty }
}

/// An open callback, after everything that was to be done at a moment has been done.
struct Rest {
  var kept: Kept
  var office: Office
  var clock: SimulatedClock
  /// When silence began to be counted at the latest: the clock was set, or policies changed.
  var notBefore: Int

  var callback: Callback { kept.callback }
  var now: Date { clock.now }
  var policy: Policy { callback.policy(in: office) }
  var isSnoozed: Bool { callback.snoozedUntil.map { $0 > now } ?? false }
}

extension Callback {
  func policy(in office: Office) -> Policy { office.policy(for: urgency, account: message.account) }
}

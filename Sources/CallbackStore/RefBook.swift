import CallbackIntake
import CallbackRules
import Foundation
import GRDB

/// The running numbers of services within one transaction: each sequence is read and written once, however many messages it has.
final class RefBook {
  private let database: Database
  private let watch: ServiceWatch
  private let now: Date
  private var sequences: [Place: RefSequence] = [:]
  private var changed: Set<Place> = []
  /// Whether anything is asked for at all: where nothing is, no message is looked up.
  private var isAnyMissing: Bool?

  private struct Place: Hashable {
    var owner: RefOwner
    var prefix: String
  }

  init(_ database: Database, _ watch: ServiceWatch, at now: Date) {
    self.database = database
    self.watch = watch
    self.now = now
  }

  /// Takes in the Ref of a message that came in.
  ///
  /// - Parameters:
  ///   - isRepeat: whether it is of a call that is known by it.
  ///   - callback: answers for it.
  func saw(_ message: Message, isRepeat: Bool, callback: Int64) throws {
    guard let ref = message.ref?.withoutNul else { return }
    let owner = RefOwner(service: message.service, account: message.account)
    let isAsked = try anyMissing() && database.cameIn(ref, of: owner, as: callback, at: now)
    guard let within = watch.refsWithin[owner.service], let number = RefNumber(ref) else { return }
    let place = Place(owner: owner, prefix: number.prefix)
    if var sequence = try sequence(at: place) {
      sequence.see(number, isRepeat: isRepeat || isAsked, within: within, at: now)
      put(sequence, at: place)
    } else if !isRepeat {
      try database.forgetRefs(at: now)
      put(RefSequence(number, at: now), at: place)
    }
  }

  /// Takes in a Ref that the service's list names.
  func expect(_ ref: String, of owner: RefOwner) throws {
    guard watch.refsWithin[owner.service] != nil, let number = RefNumber(ref) else { return }
    let place = Place(owner: owner, prefix: number.prefix)
    if var sequence = try sequence(at: place) {
      sequence.expect(number, at: now)
      put(sequence, at: place)
    } else {
      put(RefSequence(number, at: now), at: place)
    }
  }

  /// Stores a callback that asks for messages, and gives its number.
  func ask(_ transition: Transition, for missing: MissingRefs) throws -> Int64 {
    isAnyMissing = true
    return try database.insert(transition, asking: missing, at: now)
  }

  /// The open callback that asks for this Ref.
  func openCallback(asking ref: String, of owner: RefOwner) throws -> Int64? {
    try anyMissing() ? database.openCallback(asking: RefRange(ref), of: owner) : nil
  }

  /// Writes what has changed.
  func close() throws {
    for place in changed {
      guard let sequence = sequences[place], let within = watch.refsWithin[place.owner.service] else { continue }
      try database.save(sequence, of: place.owner, prefix: place.prefix, within: within, seenAt: now)
    }
    changed = []
  }

  private func anyMissing() throws -> Bool {
    let isAny = try isAnyMissing ?? database.isAnyMissing
    isAnyMissing = isAny
    return isAny
  }

  private func sequence(at place: Place) throws -> RefSequence? {
    if let known = sequences[place] { return known }
    return try database.sequence(of: place.owner, prefix: place.prefix)
  }

  private func put(_ sequence: RefSequence, at place: Place) {
    sequences[place] = sequence
    changed.insert(place)
  }
}

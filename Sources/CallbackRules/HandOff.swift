import Foundation

/// A change of shift in a rotation.
public struct HandOff: Sendable, Equatable {
  /// The id of the rotation.
  public var rotation: String
  /// Ids of the people who came on shift.
  public var incoming: [String]

  public init(rotation: String, incoming: [String]) {
    self.rotation = rotation
    self.incoming = incoming
  }
}

extension Rules {
  /// Gives an open callback of the rotation to whoever came on shift. An owner who went off shift no longer has it.
  ///
  /// - Parameter callback: one whose recipient leads to the rotation, or whose owner has it for the rotation.
  public func handOff(_ handOff: HandOff, of callback: Callback, at now: Date) -> Transition {
    var transition = Transition(callback)
    guard callback.isOpen else { return transition }
    // Before, as in `advance`: where the clock was set back, whoever comes on would be told twice.
    correctClocks(of: &transition, at: now)
    runClocks(of: &transition, at: now)
    for id in handOff.incoming where id != transition.callback.owner {
      for person in office.people(for: id, at: now) {
        transition.tell(person.id, .handOff, event: .handOff, at: now)
      }
    }
    return heedingQuietHours(transition, at: now)
  }
}

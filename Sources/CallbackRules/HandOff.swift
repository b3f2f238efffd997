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
  public func handOff(_ handOff: HandOff, of callback: Callback, at now: Date) -> Transition {
    Transition(callback)
  }
}

/// The rules that keep promises: pure functions from values to a `Transition`.
///
/// - `admit` makes a callback of a message.
/// - `advance` does what a callback's clocks demand at a moment.
/// - `apply` does what a person commands.
/// - `settle` takes in what became of a notice.
///
/// None of them reads a clock, a file or chance: the same values give the same transition. Nothing is ever told, lost or
/// delayed here; the store commits a transition whole, and Delivery acts on its notices afterwards.
public struct Rules: Sendable {
  public let office: Office

  public init(office: Office) {
    self.office = office
  }
}

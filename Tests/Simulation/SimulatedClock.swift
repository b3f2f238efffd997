import Foundation

/// Time in the world, and what the machine's clock shows of it. Whole seconds, as the store keeps them.
final class SimulatedClock {
  /// Time that passes, in seconds since 1970: never back.
  var real: Int
  /// By how much the machine's clock is wrong.
  var offset = 0

  init(real: Int) { self.real = real }

  /// What the machine's clock shows.
  var now: Date { Date(timeIntervalSince1970: Double(real + offset)) }

  /// When the machine's clock will show this, if nobody sets it.
  func real(at shown: Date) -> Int { Int(shown.timeIntervalSince1970) - offset }
}

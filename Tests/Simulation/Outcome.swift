/// What one seed came to.
public struct Outcome: Sendable {
  public var seed: UInt64
  public var figures: Figures
  public var violation: Violation?
}

/// A promise that was not kept.
public struct Violation: Error, Sendable, CustomStringConvertible {
  /// The name of the check.
  public var promise: String
  public var detail: String
  /// The latest that happened, a line each, the oldest first.
  public var trace: [String] = []

  public var description: String {
    (trace + ["", "broken: \(promise)", detail]).joined(separator: "\n")
  }
}

/// How much was simulated.
public struct Figures: Sendable, Equatable {
  public var seeds = 0
  public var simulatedSeconds = 0
  public var messages = 0
  public var callbacks = 0
  public var notices = 0
  public var handOvers = 0
  public var commands = 0
  /// How often each kind of fault happened, in the order of `Fault.allCases`.
  public var faults = [Int](repeating: 0, count: Fault.allCases.count)
  public var violations = 0

  public init() {}

  public var simulatedYears: Double { Double(simulatedSeconds) / (365.25 * 86_400) }

  public mutating func count(_ fault: Fault) { faults[fault.rawValue] += 1 }

  public mutating func add(_ other: Figures) {
    seeds += other.seeds
    simulatedSeconds += other.simulatedSeconds
    messages += other.messages
    callbacks += other.callbacks
    notices += other.notices
    handOvers += other.handOvers
    commands += other.commands
    for index in faults.indices { faults[index] += other.faults[index] }
    violations += other.violations
  }
}

/// What goes wrong in the world.
public enum Fault: Int, Sendable, CaseIterable {
  case crashBeforeCommit, crashAfterCommit, crashWhileHandingOver, abortedTransaction, clockForward, clockBack,
    downTime, channelDown, channelRefusing, reload, fileAdmittedAgain

  /// As it stands in the figures.
  public var name: String {
    switch self {
    case .crashBeforeCommit: "crash before a commit"
    case .crashAfterCommit: "crash after a commit"
    case .crashWhileHandingOver: "crash between lease and settlement"
    case .abortedTransaction: "aborted transaction"
    case .clockForward: "clock set forward"
    case .clockBack: "clock set back"
    case .downTime: "down time"
    case .channelDown: "channel down"
    case .channelRefusing: "channel refusing"
    case .reload: "reload"
    case .fileAdmittedAgain: "file admitted again"
    }
  }
}

/// One figure as it was measured.
struct Finding {
  /// What was measured, and how often.
  var figure: String
  /// The value, with its spread.
  var measured: String
  /// What it should be; nil: it is only stated.
  var goal: Goal?
  /// What it was measured against in the same run.
  var beside = ""

  struct Goal {
    var text: String
    /// How much of what is allowed was used: 1 is just met, less is better.
    var use: Double

    /// A value that should stay below a limit.
    static func below(_ limit: Double, _ text: String, measured: Double) -> Goal {
      Goal(text: text, use: measured / limit)
    }

    /// A value that should reach a limit.
    static func atLeast(_ limit: Double, _ text: String, measured: Double) -> Goal {
      Goal(text: text, use: measured > 0 ? limit / measured : .infinity)
    }

    var isMet: Bool { use <= 1 }
    var verdict: String { isMet ? "met" : "NOT met" }
  }
}

/// What was found so far; says each at once.
final class Findings {
  private(set) var all: [Finding] = []

  func add(_ finding: Finding) {
    all.append(finding)
    Printout.finding(finding)
  }
}

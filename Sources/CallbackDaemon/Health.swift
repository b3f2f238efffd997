import CallbackControl
import Foundation

/// How each stage does, for `status`, STATUS= and the watchdog.
struct Health {
  struct Stage {
    var isOK = true
    var detail: String?
  }

  var intake = Stage()
  var answers = Stage()
  var timer = Stage()
  var store = Stage()
  var delivery = Stage()
  var control = Stage()

  /// As `status` calls it.
  static func name(of stage: WritableKeyPath<Health, Stage>) -> String {
    switch stage {
    case \Health.intake: "intake"
    case \Health.answers: "answers"
    case \Health.timer: "timer"
    case \Health.store: "store"
    case \Health.delivery: "delivery"
    default: "control"
    }
  }

  /// When somebody last looked at what was due.
  private var advancedAt = ContinuousClock.now
  /// When each hand-over under way began.
  private var handOvers: [Int64: ContinuousClock.Instant] = [:]

  mutating func advanced(at moment: ContinuousClock.Instant) { advancedAt = moment }

  /// Whether nobody looks at what is due, though it was to be looked at long ago.
  ///
  /// Both must be long ago: what came due while the daemon was down may take long to work through.
  func isTimerStuck(dueSince due: Date, now: Date, at moment: ContinuousClock.Instant = .now) -> Bool {
    now.timeIntervalSince(due) > Self.longestLatenessSeconds
      && moment - advancedAt > .seconds(Self.longestLatenessSeconds)
  }

  private static let longestLatenessSeconds = 60.0

  mutating func handedOver(_ notice: Int64, at moment: ContinuousClock.Instant) { handOvers[notice] = moment }

  mutating func settled(_ notice: Int64) { handOvers[notice] = nil }

  /// Whether a hand-over has been under way for longer than any may be.
  func isDeliveryStuck(longestSeconds: Int) -> Bool {
    handOvers.values.contains { ContinuousClock.now - $0 > .seconds(longestSeconds) }
  }

  var report: StatusReport.Stages {
    func stage(_ stage: Stage) -> StatusReport.Stage { StatusReport.Stage(ok: stage.isOK, detail: stage.detail) }
    return StatusReport.Stages(
      intake: stage(intake), answers: stage(answers), timer: stage(timer), store: stage(store),
      delivery: stage(delivery),
      control: stage(control))
  }
}

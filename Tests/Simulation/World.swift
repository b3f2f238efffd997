import CallbackDaemon
import CallbackDelivery
import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation

/// One seed: the daemon's stages, and everything around them.
final class World {
  let seed: UInt64
  let clock: SimulatedClock
  let ledger: Ledger
  let faults: Faults
  let file: String
  let makeRules: (Office) -> any RuleBook
  var chance: Chance
  var plan: OfficePlan
  var calls: Calls
  var agenda = Agenda<Happening>()
  var channels = Channels()
  var spool = Spool()
  var figures = Figures()
  /// How many mails were written.
  var mailsWritten = 0
  /// When the daemon went down last.
  var downSince: Date?
  /// Nil while the daemon is down.
  var daemon: RunningDaemon?
  private var timesAtMoment = 0
  /// Whether everything has to come to an end, and nobody does anything of their own any more.
  var isEnding = false
  /// Things happen until then; afterwards everything has to come to an end.
  let end: Int
  let secondsBetweenCalls: Int
  /// How much goes wrong in this world: 0 to 3.
  let badLuck: Int

  init(seed: UInt64, directory: String, traceLength: Int, rules: @escaping (Office) -> any RuleBook) throws {
    self.seed = seed
    makeRules = rules
    chance = Chance(seed: seed)
    file = directory + "/callbackd.db"
    let start = CivilTime(secondsSince1970: 1_772_000_000 + chance.number(0...330) * 86_400)
    clock = SimulatedClock(real: start.secondsSince1970)
    let days = chance.weighed([(6, chance.number(1...4)), (3, chance.number(5...12)), (1, chance.number(20...45))])
    end = clock.real + days * 86_400
    secondsBetweenCalls = days * 86_400 / chance.number(3...15)
    badLuck = chance.weighed([(2, 0), (3, 1), (3, 2), (2, 3)])
    plan = OfficePlan(start: start, chance: &chance)
    calls = Calls(chance: &chance)
    ledger = Ledger(clock: clock, office: plan.office, traceLength: traceLength)
    faults = try StoreTemplate.copy(to: file)
    figures.seeds = 1
  }

  // MARK: - Running

  func run() throws -> Outcome {
    let start = clock.real
    planTheWorld()
    try startDaemon()
    while ledger.violation == nil, let next = try nextMoment(), next <= end { try live(through: next) }
    if ledger.violation == nil { try comeToAnEnd() }
    figures.simulatedSeconds = clock.real - start
    figures.messages = calls.written
    figures.callbacks = ledger.numbers.count
    figures.notices = ledger.noticesMade
    figures.violations = ledger.violation == nil ? 0 : 1
    return Outcome(seed: seed, figures: figures, violation: ledger.violation)
  }

  /// Lives through everything that happens at this moment.
  func live(through moment: Int) throws {
    timesAtMoment = moment > clock.real ? 0 : timesAtMoment + 1
    if timesAtMoment > 1000 { ledger.broken("the daemon comes to rest", "it wants to wake at once, again and again") }
    clock.real = max(clock.real, moment)
    while let happening = agenda.take(by: clock.real), ledger.violation == nil { try live(through: happening) }
    try work()
  }

  /// So many children hand over at once.
  static let mostHandedOver = 4

  /// When something happens, or the daemon wants to wake.
  func nextMoment() throws -> Int? {
    var next = [agenda.next]
    if let daemon {
      if !daemon.isInTrouble { next.append(try daemon.stages.nextWake().map(clock.real(at:))) }
      // Where all hands are full, whoever ends comes back.
      if !daemon.isInTrouble, daemon.handingOver < Self.mostHandedOver {
        next.append(try daemon.stages.nextTry(at: clock.now).map(clock.real(at:)))
      }
    }
    return next.compactMap(\.self).min()
  }

  func note(_ what: @autoclosure () -> String) { ledger.note(what()) }

  func count(_ fault: Fault) {
    figures.count(fault)
    note("*** \(fault.name)")
  }
}

/// The daemon, as far as a crash takes it away.
final class RunningDaemon {
  let store: WitnessedStore
  let stages: Stages
  /// What is being handed over.
  var handingOver = 0
  /// Files that were put away, which the store does not know yet.
  var putAway: [Int64] = []
  /// A transaction failed: it tries again before long.
  var isInTrouble = false
  /// Until when it has planned everything anew; nil: there is nothing to plan.
  var replansFrom: Int64?

  init(store: WitnessedStore, rules: any RuleBook) {
    self.store = store
    stages = Stages(rules: rules, store: store, digestOver: 3)
  }
}

/// What happens beside the daemon.
enum Happening {
  case call
  /// The daemon looks into the spool without a hint.
  case poll
  /// Somebody looks at the list, and does something.
  case stroll
  case deed(person: String, callback: Int64)
  /// Somebody answers, or something answers in somebody's place.
  case answer(Lease, callback: Int64)
  /// A mail lies in `answers/`.
  case mail(AnswerSpool.Found)
  /// A hand-over comes to its end, unless the daemon that began it is gone.
  case handedOver(Lease, Delivery, RunningDaemon)
  /// How a hand-over ended that the store could not take.
  case unrecorded(Lease, Delivery, RunningDaemon)
  case fault
  case storeRecovers
  case channelRecovers(String)
  case clockIsSet(by: Int)
  case daemonStarts
  case reload
}

/// A store that is ready to be used, so that not every seed has to make its tables.
enum StoreTemplate {
  private static let bytes: Result<Data, any Error> = Result {
    var template = Array("\(NSTemporaryDirectory())/callbackd-template.XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw CocoaError(.fileWriteUnknown) }
    let directory = String(cString: made)
    let file = directory + "/callbackd.db"
    // Closed at the end of the line, so that the file is whole.
    _ = try SQLiteStore(file: file)
    try Faults.prepare(file)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    try FileManager.default.removeItem(atPath: directory)
    return bytes
  }

  static func copy(to file: String) throws -> Faults {
    try bytes.get().write(to: URL(fileURLWithPath: file))
    return try Faults(file: file)
  }
}

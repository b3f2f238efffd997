import CallbackConfiguration
import CallbackControl
import CallbackDelivery
import CallbackIntake
import CallbackRules
import CallbackStore
import Dispatch
import Foundation
import Logging
import Systemd

/// The daemon: the stages wired together, on one serial queue that owns all state.
///
///     spool ─► admit ────► store ─► advanceStep, drainOutbox ─► store ─► children
///                            ▲
///            control socket ─┘
///
/// - Each step does a bounded piece of work and queues itself again, so that a flood in one stage never keeps another waiting
///   for long. Children, and whatever waits for the spool's file system, run elsewhere and post their outcomes back.
/// - Whatever fails in a stage is logged and shown in its health; the others go on, and the stage tries again.
/// - A crash anywhere resumes from the store: what was committed is not done again, what was not is.
public actor Daemon {
  nonisolated let executor = QueueExecutor(label: "callbackd")
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  nonisolated var queue: DispatchQueue { executor.queue }

  /// The file it is configured by, read again on SIGHUP.
  let configurationFile: String
  var configuration: Configuration
  let lock: StateLock
  /// The rules and the store.
  let stages: Stages
  var office: Office { stages.rules.office }
  let scanner: SpoolScanner
  let host: String
  let startedAt = Date()
  let logger = Logger(label: "callbackd")
  let notifier = ServiceNotifier()
  var health = Health()
  /// The last STATUS= that systemd was told, and whether something has changed since.
  var toldStatus = ""
  var isStatusStale = true
  var ticks = 0
  var clockWatch = ClockWatch()
  /// How far planning all anew has come: the number of the callback after which to go on; nil when it is through.
  var replannedAfter: Int64?
  /// Whether those who came on shift are yet to be looked for, whenever the next hand-off is.
  var isHandOffWanted = true
  /// When gaps in rotations were looked for last.
  var coverageWatchedAt: ContinuousClock.Instant?
  /// When the record's end was noted and what had been kept for long enough purged last.
  var recordLookedAt: ContinuousClock.Instant?
  /// How many callbacks were purged since then.
  var purgedToday = 0
  /// Whether the store's log still holds what was purged.
  var isLogToBeEmptied = false
  /// The latest down time and the latest setting of the clock that were reported, for `status`.
  var madeGood: [Alarm.Kind: Alarm] = [:]
  /// Whether systemd was told.
  var isReady = false

  // Intake.
  var intake = IntakeProgress()
  let filesInHand: FilesInHand
  var receipts = KnownReceipts()
  var watcher: SpoolWatcher?

  // Answers by mail.
  var answers = AnswerProgress()
  let answerReader: AnswerReader
  var answerWatcher: SpoolWatcher?

  // Delivery.
  var deliverer: Deliverer
  /// The tasks that hand notices over, by notice number.
  var handingOver: [Int64: Task<Void, Never>] = [:]
  /// How many tasks write the files of notices that have to wait.
  var earlyWriters = 0

  /// What became of notices, where the store could not take it yet.
  var unrecorded: [Int64: (Lease, Delivery)] = [:]

  /// Since when a notice could have gone by what the clock shows now.
  var deliversSince = ContinuousClock.now

  // Trouble that lasts.
  var spoolTrouble = TroubleWatch()
  var storeTrouble = TroubleWatch()
  /// Whether it was said that the store is damaged.
  var isDamageTold = false
  var staleWatch = StaleWatch()
  /// The alarm about the store that is being handed over.
  var directAlarm: Task<Void, Never>?

  /// What has happened since it started.
  var counters = EventCounters()
  /// How the files stand that others watch it by, by the configuration's key.
  var writing: [String: Writing] = [:]

  /// Reports that are being made.
  var reports = ReportQueue()
  /// Where their times are sorted.
  let reportQueue = DispatchQueue(label: "callbackd.reports")
  var weeklyMailing = WeeklyMailing()

  // Timers, each for one purpose.
  var wakeTimer: WallTimer?
  var outboxTimer: WallTimer?
  var scanTimer: WallTimer?
  var answerTimer: WallTimer?
  var tick: (any DispatchSourceTimer)?
  var signals: SignalReader?
  var control: ControlServer?
  var refusals = RefusalLimit()

  var isStopping = false
  let hasStopped = DispatchSemaphore(value: 0)

  /// Takes possession of the state and the spool.
  ///
  /// - Parameters:
  ///   - templates: what mails say; read again with the configuration.
  ///   - file: the configuration's.
  /// - Throws: `StartError` with the exit status, if it can't work at all. Trouble with the spool is not among that: it is
  ///   alarmed, and escalation goes on.
  public init(configuration: Configuration, templates: NoticeTemplates, file: String) throws(StartError) {
    self.configuration = configuration
    configurationFile = file
    let paths = configuration.paths
    host = ProcessInfo.processInfo.hostName
    try DescriptorLimit.raise()
    try StartError.makeDirectory(paths.state, mode: 0o700)
    try StartError.makeDirectory(paths.run, mode: 0o755)
    do {
      lock = try StateLock(directory: paths.state)
    } catch {
      throw StartError(status: error.mayPass ? .temporaryFailure : .unavailable, error.description)
    }
    do {
      let store = try SQLiteStore(file: paths.state + "/callbackd.db", whileMigrating: MigrationNotice().tell)
      try store.releaseLeases()
      stages = Stages(
        rules: Rules(office: configuration.office), store: store, digestOver: configuration.mail.digestOver)
      stages.use(configuration.mail)
      try stages.recallChannels()
      try stages.recallLateNotices()
    } catch {
      throw StartError(
        status: error.mayPass ? .temporaryFailure : .unavailable, isOfStore: true, error.description)
    }
    scanner = SpoolScanner(settings: Spool.Settings(configuration), reader: MessageReader(configuration))
    filesInHand = FilesInHand(root: paths.spool)
    answerReader = AnswerReader(root: paths.spool, decoder: MailDecoder())
    deliverer = Deliverer(configuration, templates: templates, host: host)
  }

  /// Runs until SIGTERM or SIGINT, while the calling thread waits.
  ///
  /// Not a task: from the first one on libdispatch wakes the process each second to look after the threads that tasks share.
  public nonisolated func run() throws(StartError) {
    let started: Result<Void, StartError> = queue.sync {
      assumeIsolated { daemon in
        do throws(StartError) {
          try daemon.start()
          return .success(())
        } catch {
          return .failure(error)
        }
      }
    }
    try started.get()
    // Here, because libdispatch's threads block them; and whoever started the process may have blocked them, too.
    SignalReader.letThrough(Self.signals)
    hasStopped.wait()
  }

  private func start() throws(StartError) {
    ignoreSignals()
    try startSignals()
    startWatchingSpool()
    startWatchingAnswers()
    try startControl()
    lookAtStartTrouble()
    lookAtDownTime()
    lookAtShifts()
    startTimers()
    queueScan()  // The first one announces that the daemon is ready.
    queueReplan()
  }

  /// The present moment. Each piece of work looks once, and passes it down.
  nonisolated var now: Date { Date() }

  /// Does `work` on the queue after what already waits there.
  nonisolated func enqueue(_ work: @escaping @Sendable (isolated Daemon) -> Void) {
    queue.async { self.assumeIsolated { work($0) } }
  }
}

extension Spool.Settings {
  init(_ configuration: Configuration) {
    self.init(
      root: configuration.paths.spool, settleSeconds: Double(configuration.spool.settle.seconds),
      staleAfterSeconds: Double(configuration.spool.staleAfter.seconds),
      maxSizeBytes: configuration.spool.maxSizeBytes)
  }
}

extension MessageReader {
  init(_ configuration: Configuration) {
    let decoder = MailDecoder()
    self.init(
      office: configuration.office, limits: configuration.spool.readingLimits, decodeMail: { decoder($0) })
  }
}

extension Stages {
  func use(_ mail: Configuration.Mail) {
    digestOver = mail.digestOver
    parallel = mail.parallel
    operatorId = mail.operatorId
    dropChannels()
  }
}

extension Deliverer {
  /// - Parameter files: those of a deliverer before, where there was one: it may still be writing some.
  init(
    _ configuration: Configuration, templates: NoticeTemplates, host: String, files: NotificationFiles? = nil
  ) {
    let files =
      files ?? NotificationFiles(directory: configuration.paths.spool + "/" + SpoolLayout.notifications)
    self.init(
      office: configuration.office, mail: configuration.mail, files: files,
      scratchDirectory: configuration.paths.state, host: host, templates: templates)
  }
}

/// From the file's text to a `Configuration`.
///
/// Reads section by section, then checks what stands between sections: ids, circles, whether the fallback can be told.
/// Trusts the administrator's intent and nothing else. Whatever is wrong is collected, so that one reading names every problem;
/// a file with a problem yields no configuration, and the caller keeps the one it has.
import CallbackRules
import Foundation

extension Configuration {
  /// A configuration that can take effect, and what its administrator should know nevertheless.
  public struct Checked: Sendable {
    public var configuration: Configuration
    public var warnings: [ConfigurationProblem]
  }

  /// Reads and checks the whole file.
  ///
  /// - Parameter now: from when on hours must open and somebody must be on call.
  /// - Throws: every problem in one go, in the order of the file.
  public static func load(file: String, now: Date = Date()) throws(ConfigurationError) -> Checked {
    try read(ConfigurationFile.text(file), file: file, now: now)
  }

  /// Reads and checks a whole file's text.
  ///
  /// - Parameters:
  ///   - file: what problems call the file.
  ///   - host: where defaults come from that depend on the machine.
  ///   - now: from when on hours must open and somebody must be on call.
  /// - Throws: every problem in one go, in the order of the file.
  public static func read(
    _ text: String, file: String, host: Host = .current, now: Date = Date()
  ) throws(ConfigurationError) -> Checked {
    let findings = Findings(file: file)
    let document: Document
    do {
      document = try Document(text, findings: findings)
    } catch {
      findings.problem(
        Place(line: error.line), "\(error.description); write `key = value`, text in quotes, lists in brackets")
      throw ConfigurationError(problems: findings.problems)
    }
    var loader = Loader(document, host: host, now: now, findings: findings)
    guard let configuration = loader.configuration() else {
      throw ConfigurationError(problems: findings.problems)
    }
    return Checked(configuration: configuration, warnings: findings.warnings)
  }
}

/// What was read of one table, with the table, so that later checks can point into it.
typealias Section<Value> = (value: Value, table: TableReader)

/// Reads one file. Each section has an extension in a file of its own.
struct Loader {
  let findings: Findings
  let ids = Ids()
  let host: Host
  let now: Date
  let root: TableReader

  var people: [Section<Person>] = []
  var teams: [Section<Team>] = []
  var rotations: [Section<Rotation>] = []
  var channels: [Section<Channel>] = []

  init(_ document: Document, host: Host, now: Date, findings: Findings) {
    self.findings = findings
    self.host = host
    self.now = now
    root = TableReader(entries: document.root, findings: findings, ids: ids)
  }

  /// The configuration, or nil if there is any problem.
  mutating func configuration() -> Configuration? {
    let site = readSite()
    let zone = site.zone ?? host.zone
    people = readPeople()
    teams = readTeams()
    rotations = readRotations()
    channels = readChannels()
    let hours = readHours(zone: zone)
    let policies = readPolicies()
    let services = readServices()
    let accounts = readAccounts(zone: zone, policies: policies)
    let urgencyWords = root.section("urgency_words", readUrgencyWords)
    let (mail, operatorPlace) = readMail()
    let (paths, spool, repeatCaller, keep) = (readPaths(), readSpool(), readRepeatCaller(), readKeep())
    let (reports, metrics) = (readReports(), readMetrics())
    root.reportKeys()
    ids.check(findings)
    checkPeople(fallback: site.fallback, fallbackPlace: site.fallbackPlace)
    if let id = mail.operatorId { checkOperator(id, at: operatorPlace) }
    guard findings.problems.isEmpty, let fallback = site.fallback else { return nil }

    let office = Office(
      name: site.name ?? host.mailDomain, zone: zone, countryCode: site.countryCode ?? "1", fallback: fallback,
      people: people.map(\.value), teams: teams.map(\.value), rotations: rotations.map(\.value), hours: hours,
      policies: policies, services: services, accounts: accounts, channels: channels.map(\.value),
      urgencyWords: urgencyWords, repeatCaller: repeatCaller)
    warnOfNamesThatFitTwo(office)
    warnOfGaps(office, now: now)
    var configuration = Configuration(office: office, mail: mail)
    configuration.paths = paths
    configuration.spool = spool
    configuration.keep = keep
    configuration.reports = reports
    configuration.metricsFile = metrics.file
    configuration.heartbeatFile = metrics.heartbeat
    if let alarmAfter = site.alarmAfter { configuration.alarmAfter = alarmAfter }
    return configuration
  }
}

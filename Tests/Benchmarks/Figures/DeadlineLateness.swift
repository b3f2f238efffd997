import CallbackControl
import CallbackRules
import Foundation

/// How late a passed deadline is told: from the deadline, which is a whole second, until its notification file is there, and until
/// sendmail has the mail.
///
/// Several pass in each second; sendmail is a shell script that notes the Message-ID and keeps no time, so that its cost
/// is that of starting a shell.
struct DeadlineLateness {
  var bench: Bench
  var scale: Scale
  /// How many callbacks are open beside those whose deadline passes.
  var open: Int

  /// From writing the files until the first deadline.
  private static let leadSeconds = 4
  /// How long is looked for a second mail about the same deadline.
  private static let watchOnSeconds = 3.0

  /// What came, with the moment it was seen (UTC), by its path.
  private struct Seen {
    var notifications: [String: Date] = [:]
    var mails: [String: Date] = [:]
  }

  func measure() throws {
    Progress.show("\(scale.deadlines) deadlines in \(scale.deadlineSeconds) s")
    let (notifications, mails) = try Workplace.use(in: bench.directory) { place in
      try place.fill(open, by: bench.daemon)
      let daemon = try DaemonProcess(bench.daemon, in: place)
      _ = try daemon.answers()
      if open > 0 { try daemon.settles() }
      let watch = try DirectoryWatch([(place.notifications, IN_MOVED_TO), (place.mails, IN_CLOSE_WRITE)])
      let deadlines = try dropAll(into: place)
      let seen = try watchUntilTold(deadlines, with: watch, in: place)
      try daemon.stop()
      return try lateness(of: seen, deadlines: deadlines)
    }
    try report(notifications: notifications, mails: mails)
  }

  /// - Returns: the deadlines, earliest first.
  private func dropAll(into place: Workplace) throws -> [Date] {
    let first = Int(Date().timeIntervalSince1970) + Self.leadSeconds
    return try (0..<scale.deadlines).map { number in
      let second = first + number * scale.deadlineSeconds / scale.deadlines
      let deadline = Date(timeIntervalSince1970: Double(second))
      let written = "\(place.written)/\(number)"
      try SampleMessage(number: number, promised: deadline.timestamp).write(to: written)
      try done(rename(written, "\(place.incoming)/\(number).txt"), "rename a file into \(place.incoming)")
      return deadline
    }
  }

  /// Notes what comes until all are told, and some seconds longer.
  private func watchUntilTold(_ deadlines: [Date], with watch: DirectoryWatch, in place: Workplace) throws -> Seen {
    var seen = Seen()
    var end = deadlines[deadlines.count - 1].addingTimeInterval(30)
    var isComplete = false
    while case let left = end.timeIntervalSinceNow, left > 0 {
      let came = try watch.next(within: .seconds(left))
      let now = Date()
      for file in came {
        let path = "\(file.directory)/\(file.name)"
        if file.directory == place.mails { seen.mails[path] = now } else { seen.notifications[path] = now }
      }
      if !isComplete, min(seen.mails.count, seen.notifications.count) >= deadlines.count {
        isComplete = true
        end = now.addingTimeInterval(Self.watchOnSeconds)
      }
    }
    return seen
  }
}

extension DeadlineLateness {
  /// Seconds of lateness, and how many callbacks were not told exactly once.
  private struct Told {
    var seconds: Distribution
    var never: Int
    var twice: Int
  }

  private struct NotificationFile: Decodable {
    /// Nil: it is about callbackd itself.
    var callback: Int64?
    var dueAt: String?
  }

  private func lateness(of seen: Seen, deadlines: [Date]) throws -> (notifications: Told, mails: Told) {
    var due: [Int64: Date] = [:]
    var notifications: [(callback: Int64, at: Date)] = []
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    for (path, at) in seen.notifications {
      let file = try decoder.decode(NotificationFile.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
      guard let callback = file.callback, let dueAt = file.dueAt else { continue }
      due[callback] = ControlCoding.date(timestamp: dueAt)
      notifications.append((callback, at))
    }
    guard due.values.sorted() == deadlines else {
      throw CannotMeasure("the notification files' deadlines are not those that the messages promised")
    }
    let mails = try seen.mails.flatMap { path, at in
      try callbacks(inMailsNoted: path).map { (callback: $0, at: at) }
    }
    return (try told(notifications, due: due), try told(mails, due: due))
  }

  /// From lines such as `Message-ID: <callback-12.34.…@…>`.
  private func callbacks(inMailsNoted path: String) throws -> [Int64] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      let number = line.split(separator: "-").last { $0.contains(".") }?.prefix { $0 != "." }
      guard line.contains("<callback-"), let callback = number.flatMap({ Int64($0) }) else {
        throw CannotMeasure("a mail's Message-ID does not name its callback")
      }
      return callback
    }
  }

  private func told(_ events: [(callback: Int64, at: Date)], due: [Int64: Date]) throws -> Told {
    let times = Dictionary(grouping: events, by: \.callback)
    let seconds = events.compactMap { event in due[event.callback].map { event.at.timeIntervalSince($0) } }
    guard !seconds.isEmpty else { throw CannotMeasure("no deadline was told within 30 s") }
    return Told(
      seconds: Distribution(seconds), never: scale.deadlines - times.count,
      twice: times.values.count { $0.count > 1 })
  }

  private func report(notifications: Told, mails: Told) throws {
    for told in [notifications, mails] where told.never > 0 || told.twice > 0 {
      throw CannotMeasure("\(told.never) deadlines were never told, \(told.twice) more than once")
    }
    let name = "lateness of a deadline until its notification file is there, \(Printout.count(open)) open"
    let file = notifications.seconds
    bench.findings.add(
      Finding(
        figure: name + ", p50", measured: Printout.milliseconds(file.median),
        goal: .below(0.003, "under 3 ms", measured: file.median),
        beside: "until a sendmail, a shell script, has the mail: \(Printout.spread(mails.seconds))"))
    bench.findings.add(
      Finding(
        figure: name + ", p99", measured: Printout.milliseconds(file.percentile(0.99)),
        goal: .below(0.025, "under 25 ms", measured: file.percentile(0.99))))
  }
}

import CallbackControl
import CallbackRules
import Foundation

/// How late a passed deadline is told: from the deadline, which is a whole second, until its notification file is there, and until
/// sendmail has the mail.
///
/// Some pass alone in their second, and some with nine others; all tell one person. sendmail is a shell script that notes the
/// Message-ID and keeps no time, so that its cost is that of starting a shell.
struct DeadlineLateness {
  var bench: Bench
  var scale: Scale
  /// How many callbacks are open beside those whose deadline passes.
  var open: Int

  /// From writing the files until the first deadline.
  private static let leadSeconds = 4
  private static let together = 10
  /// How long is looked for a second mail about the same deadline.
  private static let watchOnSeconds = 3.0

  /// What came, with the moment it was seen (UTC), by its path.
  private struct Seen {
    var notifications: [String: Date] = [:]
    var mails: [String: Date] = [:]
  }

  func measure() throws {
    Progress.show("\(scale.lone) deadlines, each in its own second, then \(scale.tens) times \(Self.together) in one")
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
    report("", notifications.lone, mails.lone)
    report("ten in the same second: ", notifications.together, mails.together)
  }

  /// - Returns: the deadlines, earliest first.
  private func dropAll(into place: Workplace) throws -> [Date] {
    let first = Int(Date().timeIntervalSince1970) + Self.leadSeconds
    let seconds = (0..<scale.lone) + (0..<scale.tens * Self.together).map { scale.lone + $0 / Self.together }
    return try seconds.enumerated().map { number, second in
      let deadline = Date(timeIntervalSince1970: Double(first + second))
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
  /// Seconds of lateness of those that pass alone, and of those that pass with others.
  private struct Told {
    var lone: Distribution
    var together: Distribution
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
    let twice = times.values.count { $0.count > 1 }
    guard times.count == due.count, twice == 0 else {
      throw CannotMeasure("\(due.count - times.count) deadlines were never told, \(twice) more than once")
    }
    let ofSecond = Dictionary(grouping: due.values) { $0 }
    func lateness(alone: Bool) -> Distribution {
      Distribution(
        events.compactMap { event in
          guard let due = due[event.callback], (ofSecond[due]?.count == 1) == alone else { return nil }
          return event.at.timeIntervalSince(due)
        })
    }
    return Told(lone: lateness(alone: true), together: lateness(alone: false))
  }

  private func report(_ which: String, _ files: Distribution, _ mails: Distribution) {
    let name = "\(which)lateness of a deadline until its notification file is there, \(Printout.count(open)) open"
    bench.findings.add(
      Finding(
        figure: name + ", p50", measured: Printout.milliseconds(files.median),
        goal: which.isEmpty ? .below(0.003, "under 3 ms", measured: files.median) : nil,
        beside: "until a sendmail, a shell script, has the mail: \(Printout.spread(mails))"))
    bench.findings.add(
      Finding(
        figure: name + ", p99", measured: Printout.milliseconds(files.percentile(0.99)),
        goal: .below(0.025, "under 25 ms", measured: files.percentile(0.99))))
  }
}

import CallbackControl
import Foundation

/// How quickly notices to different people leave through a real sendmail (msmtp, to a server on loopback), beside
/// `xargs -P` that runs the same sendmail as often on such a mail that is there already, and beside Alertmanager, which speaks
/// SMTP itself and starts no program.
struct ManyNotices {
  var bench: Bench
  var people: Int
  var runs: Int

  private static let parallel = 4

  func measure() throws {
    guard access("/usr/bin/msmtp", X_OK) == 0 else {
      throw CannotMeasure("msmtp is not there: apt-get install msmtp")
    }
    let mail = try notice()
    let pairs = try (1...runs).map { run in
      Progress.show("\(people) notices, run \(run) of \(runs)")
      return (daemon: try daemonSeconds(), xargs: try xargsSeconds(mail))
    }
    let share = Distribution(pairs.map { $0.xargs / $0.daemon })
    let rate = Distribution(pairs.map { Double(people) / $0.daemon })
    let peer = Distribution(pairs.map { Double(people) / $0.xargs })
    bench.findings.add(
      Finding(
        figure: "notices to \(Printout.count(people)) people at one moment, by msmtp, \(Self.parallel) at once",
        measured: Printout.runs(rate, "mails/s"),
        goal: .atLeast(0.95, "0.95 of xargs -P or more", measured: share.median),
        beside: "xargs -P \(Printout.runs(peer, "mails/s")): callbackd reaches \(Printout.ratio(share)) of it"))
    try measureAlertmanager()
  }

  private func measureAlertmanager() throws {
    guard access("/usr/bin/prometheus-alertmanager", X_OK) == 0 else {
      throw CannotMeasure("Alertmanager is not there: apt-get install prometheus-alertmanager")
    }
    let seconds = try (1...runs).map { run in
      Progress.show("Alertmanager, run \(run) of \(runs)")
      let sink = try MailSink(bench.peers + "/smtp-sink", count: people)
      let folder = "\(bench.directory)/alertmanager-\(run)"
      try done(mkdir(folder, 0o700), "make \(folder)")
      let words = [String(people), String(sink.port), folder]
      let alertmanager = try TalkingProgram(bench.peers + "/alertmanager", words)
      defer { alertmanager.end() }
      let start = Date(timeIntervalSince1970: try alertmanager.number())
      return try sink.allCame().timeIntervalSince(start)
    }
    let rate = Distribution(seconds.map { Double(people) / $0 })
    bench.findings.add(
      Finding(
        figure: "the same by Prometheus' Alertmanager, which speaks SMTP itself",
        measured: Printout.runs(rate, "mails/s")))
  }

  private func daemonSeconds() throws -> Double {
    let sink = try MailSink(bench.peers + "/smtp-sink", count: people)
    let program = try sendmail(port: sink.port, for: "daemon")
    let office = Workplace.Office(receipts: false, people: people, sendmail: program, parallel: Self.parallel)
    return try Workplace.use(in: bench.directory, office) { place in
      try place.admitOne(by: bench.daemon)
      let due = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + 8).rounded(.up))
      try OpenCallbacks(first: 10, count: people, due: due, spreadSeconds: 1, people: people).fill(place)
      let daemon = try DaemonProcess(bench.daemon, in: place)
      _ = try daemon.answers()
      let end = try sink.allCame()
      try daemon.stop()
      return end.timeIntervalSince(due)
    }
  }

  /// The path of a mail as callbackd writes them, since a longer one takes a sendmail and a server longer.
  private func notice() throws -> String {
    try Workplace.use(in: bench.directory) { place in
      let path = bench.directory + "/mail"
      let words = ["preview", "step", "--format", "mail", "--config", place.configuration]
      try Data(Program(path: bench.control, arguments: words).output().utf8).write(to: URL(fileURLWithPath: path))
      return path
    }
  }

  private func xargsSeconds(_ mail: String) throws -> Double {
    let sink = try MailSink(bench.peers + "/smtp-sink", count: people)
    let program = try sendmail(port: sink.port, for: "xargs")
    let words = (0..<people).map { "p\($0)@riverside.example\n" }.joined()
    try Data(words.utf8).write(to: URL(fileURLWithPath: bench.directory + "/people"))
    let start = Date()
    let shell =
      "xargs -a '\(bench.directory)/people' -P \(Self.parallel) -n 1 sh -c 'exec \(program) -i -f callbacks@riverside.example -- \"$0\" < \(mail)'"
    try Program(path: "/bin/sh", arguments: ["-c", shell]).time()
    return try sink.allCame().timeIntervalSince(start)
  }

  /// A sendmail that sends on to this port.
  private func sendmail(port: Int, for whom: String) throws -> String {
    let path = "\(bench.directory)/sendmail-\(whom)"
    let text = """
      #!/bin/sh
      exec /usr/bin/msmtp --file=/dev/null --host=127.0.0.1 --port=\(port) --auth=off --tls=off "$@"

      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try done(chmod(path, 0o755), "make \(path) executable")
    return path
  }
}

import CallbackControl
import Foundation
import Testing

/// kill -9 at any moment, again and again: nothing is lost, and nothing is done twice that must be done once.
///
/// The moments are chance. CALLBACKD_KILLS says how often each test kills instead; what it hit and what went out more than once is
/// printed.
@Suite("kill -9", .fewAtOnce)
struct CrashTests {
  private static let wanted = ProcessInfo.processInfo.environment["CALLBACKD_KILLS"].flatMap { Int($0) }
  static var kills: Int { wanted ?? 10 }
  static var intakeKills: Int { wanted ?? 50 }

  /// Files that are dropped for each kill.
  private static let filesARound = 40

  @Test("during intake: each file becomes one callback with one receipt")
  func intake() async throws {
    let place = try Workplace(OfficeText(announce: "[]"))
    var wanted: Set<String> = []
    func drop(_ count: Int) throws {
      for _ in 0..<count {
        let name = "m\(wanted.count)"
        // Every third is no message, and goes another way.
        let text =
          wanted.count % 3 == 0 ? "only \(name)" : "Caller: \(name)\nCallback: 555-\(1_000_000 + wanted.count)\n"
        wanted.insert(name)
        try place.drop(text, as: name)
      }
    }
    var hits = Hits()
    for _ in 0..<Self.intakeKills {
      try drop(Self.filesARound / 2)
      let daemon = try DaemonProcess(in: place)
      // Now and then before it is ready, else with so many files left.
      let left = Int.random(in: -Self.filesARound..<Self.filesARound)
      if left >= 0 {
        try drop(Self.filesARound / 2)
        try await daemon.spin { try place.names(in: "spool/incoming").count <= left }
      } else {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0..<150)))
      }
      try await daemon.crash()
      hits.incoming += try place.names(in: "spool/incoming").count
      hits.work += try place.names(in: "spool/work").count
    }
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitUntil("an empty spool", context: place.log) { try place.isSpoolEmpty }

    let callers = try allCallbacks(daemon).map { try $0.caller ?? original($0.id, daemon) }
    #expect(callers.count == wanted.count)
    #expect(Set(callers) == wanted)
    // No admission waits for a receipt: they follow.
    try await waitUntil("all receipts", context: place.log) { try place.receipts.count >= wanted.count }
    let receipts = try place.receipts.map { String($0.prefix { $0 != "." }) }
    #expect(receipts.count == wanted.count)
    #expect(Set(receipts) == wanted)
    let rejected = try place.names(in: "spool/rejected").filter { !$0.hasSuffix(".reason") }
    #expect(rejected.count == wanted.count.dividedUp(by: 3))
    print("kill -9 during intake: \(Self.intakeKills) times, \(wanted.count) files; left by the kills: \(hits)")
    try await daemon.stop()
  }

  @Test("while many deadlines pass in one second: each is told once, and never lost")
  func advance() async throws {
    let place = try Workplace(OfficeText(announce: "[]", mail: "parallel = 16"))
    let ids = place.root + "/ids"
    try place.sendmail(script: ScriptedSendmail.noting(in: ids))
    let first = try DaemonProcess(in: place)
    try await first.ready()
    let start = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 + 4).rounded())
    let count = Self.kills * Self.filesARound
    for number in 0..<count {
      let due = start.addingTimeInterval(Double(number / Self.filesARound))
      let promised = due.formatted(.iso8601)
      try place.drop(
        "Caller: m\(number)\nCallback: 555-\(1_000_000 + number)\nPromised: \(promised)\n", as: "m\(number)")
    }
    try await waitUntil("all callbacks", context: place.log) { try first.client().status().counts.open == count }

    var daemon = first
    for round in 0..<Self.kills {
      let moment = start.addingTimeInterval(Double(round) + Double.random(in: 0..<0.08))
      let wait = moment.timeIntervalSinceNow
      if wait > 0 { try await Task.sleep(for: .seconds(wait)) }
      try await daemon.crash()
      daemon = try DaemonProcess(in: place)
      try await daemon.ready()
    }
    try await waitUntil("every deadline", context: place.log) {
      let status = try daemon.client().status()
      return status.counts.overdue == count && status.noticesWaiting == 0
    }
    let client = try daemon.client()
    for row in try allCallbacks(daemon) {
      let detail = try client.show(row.id).detail
      #expect(detail.events.filter { $0.kind == "overdue" }.count == 1)
      #expect(detail.notices.map(\.state) == ["delivered"])
    }
    try expectOnePerNotice(ids, place, notices: count, what: "advance")
    try await daemon.stop()
  }

  @Test("while notices are handed over: each goes out at least once, and a repeat has the same Message-ID")
  func delivery() async throws {
    let place = try Workplace(OfficeText(mail: "parallel = 8"))
    let ids = place.root + "/ids"
    // Ends a moment after it has done its work: the time in which the daemon can't know.
    try place.sendmail(
      script: ScriptedSendmail.noting(in: ids).replacingOccurrences(of: "exec ", with: "") + "sleep 0.02\n")
    var count = 0
    for _ in 0..<Self.kills {
      for _ in 0..<Self.filesARound {
        count += 1
        try place.drop("Caller: m\(count)\nCallback: 555-\(1_000_000 + count)\n", as: "m\(count)")
      }
      let wanted = noted(ids).count + Int.random(in: 1..<Self.filesARound)
      let daemon = try DaemonProcess(in: place)
      try await daemon.spin { noted(ids).count >= wanted }
      try await daemon.crash()
    }
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try await waitUntil("every notice", context: place.log) { try daemon.client().status().noticesWaiting == 0 }
    #expect(try daemon.client().status().counts.open == count)
    #expect(Set(try place.notifications.map(\.callback)).count == count)
    try expectOnePerNotice(ids, place, notices: count, what: "delivery")
    try await daemon.stop()
  }

  /// CALLBACKD_NOTICES says how many notices there are, and a fiftieth of that how often it is killed, instead.
  @Test("while three hand-overs in ten fail: each is told at least once by one Message-ID, none after it was closed")
  func failing() async throws {
    let notices = ProcessInfo.processInfo.environment["CALLBACKD_NOTICES"].flatMap { Int($0) } ?? 1000
    let kills = notices / 50
    let place = try Workplace(OfficeText(mail: "parallel = 16"))
    let ids = place.root + "/ids"
    // 77 of 256 are three in ten. When it began is noted, too: it may have been leased before the callback was closed.
    try place.sendmail(
      script: """
        #!/bin/sh
        at=$(date +%s)
        id=$(grep -m 1 -i '^message-id:')
        [ "$(od -An -N1 -tu1 /dev/urandom)" -ge 77 ] || exit 75
        echo "$id $at" >>'\(ids)'

        """)
    var closed: [Int64: Date] = [:]
    var count = 0
    func close(_ count: Int, _ daemon: DaemonProcess) throws {
      let open = try daemon.client(within: .seconds(60)).list(ControlCall.ListQuery()).callbacks.shuffled().prefix(
        count)
      for row in open {
        _ = try daemon.client(within: .seconds(60)).act(ControlCall.Act(row.id, .done, asPerson: "chen"))
        closed[row.id] = Date()
      }
    }
    for _ in 0..<kills {
      for _ in 0..<(notices / kills) {
        count += 1
        try place.drop("Caller: m\(count)\nCallback: 555-\(1_000_000 + count)\n", as: "m\(count)")
      }
      let wanted = noted(ids).count + Int.random(in: 1..<25)
      let daemon = try DaemonProcess(in: place)
      try await daemon.ready()
      try await waitUntil("some more mails", upTo: .seconds(60), context: place.log) { noted(ids).count >= wanted }
      try close(2, daemon)
      try await Task.sleep(for: .milliseconds(Int.random(in: 0..<200)))
      try await daemon.crash()
    }
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    let start = ContinuousClock.now
    try await waitUntil("every notice", upTo: .seconds(900), context: place.log) {
      let status = try daemon.client(within: .seconds(60)).status()
      return try status.noticesWaiting == 0 && place.isSpoolEmpty
    }
    let rest = ContinuousClock.now - start

    var idsOfNotices: [String: Set<String>] = [:]
    var callbacks: Set<Int64> = []
    for line in noted(ids) {
      // Message-ID: <callback-CALLBACK.NOTICE.TOKEN@…> SECONDS
      let words = line.split(separator: " ")
      let parts = words[1].dropFirst("<callback-".count).split(separator: ".")
      let callback = try #require(Int64(parts[0]))
      callbacks.insert(callback)
      idsOfNotices[String(parts[1]), default: []].insert(String(words[1]))
      let began = try #require(Double(words[2]))
      if let time = closed[callback] {
        #expect(began <= time.timeIntervalSince1970 + 2, "callback \(callback) was told after it was closed")
      }
    }
    let client = try daemon.client(within: .seconds(60))
    for number in Int64(1)...Int64(count) {
      let detail = try client.show(number).detail
      #expect(detail.notices.allSatisfy { ["delivered", "withdrawn"].contains($0.state) }, "callback \(number)")
      if closed[number] == nil { #expect(callbacks.contains(number), "callback \(number) was not told") }
    }
    #expect(idsOfNotices.values.allSatisfy { $0.count == 1 })
    print(
      "three in ten fail: \(count) notices, \(kills) times kill -9, \(closed.count) closed meanwhile, "
        + "\(noted(ids).count - idsOfNotices.count) mails repeated; all told \(rest) after the last")
    try await daemon.stop()
  }

  // MARK: - Looking

  /// What the kills left behind, together.
  private struct Hits: CustomStringConvertible {
    var incoming = 0
    var work = 0
    var description: String { "\(incoming) files in incoming/, \(work) in work/" }
  }

  private func allCallbacks(_ daemon: DaemonProcess) throws -> [CallbackRow] {
    let client = try daemon.client()
    var query = ControlCall.ListQuery()
    var rows: [CallbackRow] = []
    repeat {
      let page = try client.list(query)
      rows += page.callbacks
      query.after = page.next
    } while query.after != nil
    return rows
  }

  /// The name in the text of a file that is no message.
  private func original(_ number: Int64, _ daemon: DaemonProcess) throws -> String {
    let bytes = try #require(try daemon.client().show(number, original: true).detail.original)
    return String(String(decoding: bytes, as: UTF8.self).dropFirst("only ".count))
  }

  /// The Message-IDs that sendmail has noted.
  private func noted(_ file: String) -> [String] {
    // Before the first mail there is no file.
    let text = FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
    // Not the mails that show that mails go out.
    return text.split(separator: "\n").map(String.init).filter { $0.contains("<callback-") }
  }

  private func expectOnePerNotice(_ file: String, _ place: Workplace, notices: Int, what: String) throws {
    let all = noted(file)
    let distinct = Set(all)
    // Message-ID: <callback-CALLBACK.NOTICE.TOKEN@…>
    let numbers = Set(distinct.compactMap { $0.split(separator: ".").dropFirst().first })
    #expect(distinct.count == notices)
    #expect(numbers.count == notices)
    print(
      "kill -9 during \(what): \(Self.kills) times, \(notices) notices, \(all.count - distinct.count) mails repeated")
  }
}

extension Int {
  fileprivate func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}

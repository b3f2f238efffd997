import CallbackControl
import Foundation
import Testing

/// Whole files made to do harm, through the real daemon: each is answered for, and nothing in it acts anywhere.
@Suite("hostile content", .fewAtOnce)
struct HostileContentTests {
  enum Setting: String, CaseIterable {
    case minimal = "minimal detail, limits as they are"
    case full = "full detail, files of up to 16 MiB"
  }

  /// An office whose every message is told by mail, by a file and by a command.
  private func office(_ setting: Setting, root: String) -> OfficeText {
    var office = OfficeText(announce: #"["recipient", "chen", "board"]"#)
    if setting == .full {
      office.mail = #"detail = "full""#
      office.spool = #"max_size = "16MiB""#
    }
    office.chen = #"channels = ["pager"]"#
    office.further = """
      [[person]]
      id = "board"
      channels = ["wall"]

      [[channel]]
      id = "wall"
      kind = "file"

      [[channel]]
      id = "pager"
      kind = "command"
      run = ["\(root)/page", "{email}"]
      """
    return office
  }

  @Test(
    "everything at once: each file is answered for, none holds up the next one, and nothing acts",
    arguments: Setting.allCases)
  func everything(setting: Setting) async throws {
    let place = try Workplace()
    try place.configure(office(setting, root: place.root))
    try FileManager.default.createDirectory(atPath: place.root + "/pages", withIntermediateDirectories: true)
    try place.script("page", ScriptedSendmail().script(keepingIn: place.root + "/pages"))
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    var numbers: [Int64] = []
    for (index, content) in HostileContent.all.enumerated() {
      try place.drop(content.bytes, as: Array(content.name.utf8))
      try place.drop("Caller: Beside\nCallback: 555-012-\(1000 + index)\n", as: "beside-\(content.name)")
      // What bounds it is how long a file may be, and that decoding a mail may take 10 s. Ample for a debug build.
      _ = try await receipt(of: "beside-\(content.name)", place, upTo: .seconds(30))
      numbers.append(try await receipt(of: content.name, place, upTo: patience))
    }
    try await waitUntil("no notice waiting", upTo: .seconds(120), context: place.log) {
      try daemon.client().status().noticesWaiting == 0
    }
    #expect(try place.isSpoolEmpty)
    for (number, content) in zip(numbers, HostileContent.all) {
      try expectAnswered(content, number, setting, daemon, place)
      try await expectInertInTerminal(content, number, place)
    }
    try await expectInertInTerminal(["list"], place)
    try await expectInertOutside(setting, place)
    try await daemon.stop()
  }

  /// The number on the receipt of the file with this name.
  private func receipt(of name: String, _ place: Workplace, upTo limit: Duration) async throws -> Int64 {
    try await waiting(for: "a receipt of \(name)", upTo: limit, context: place.log) {
      let found = try place.receipts.first { $0.hasPrefix(name + ".") }
      return found.flatMap { Int64($0.dropFirst(name.count + 1).dropLast(".receipt".count)) }
    }
  }

  // MARK: - The store

  private func expectAnswered(
    _ content: HostileContent, _ number: Int64, _ setting: Setting, _ daemon: DaemonProcess, _ place: Workplace
  ) throws {
    let detail = try daemon.client().show(number, original: true).detail
    let name = Comment(rawValue: content.name)
    #expect(detail.callback.state == "open" && detail.callback.wakeAt != nil, name)
    #expect(detail.notices.count >= 3 && detail.notices.allSatisfy { $0.state == "delivered" }, name)
    switch setting == .full ? content.becomesWithRoom : content.becomes {
    case .message(let caller):
      #expect(detail.callback.kind == "message", "\(content.name): \(detail.problem ?? "")")
      if let caller { #expect(detail.callback.caller == caller, name) }
      #expect(detail.original == Data(content.bytes), name)
    case .unreadable(let words):
      #expect(
        detail.callback.kind == "unreadable" && detail.problem?.contains(words) == true,
        "\(content.name): \(detail.problem ?? "")")
      #expect(try place.names(in: "spool/rejected").contains("\(content.name).\(number).reason"), name)
    }
  }

  // MARK: - Who looks at it

  /// What callbackctl prints into a terminal: nothing that moves, hides or turns; and as JSON the same.
  private func expectInertInTerminal(_ content: HostileContent, _ number: Int64, _ place: Workplace) async throws {
    let arguments = [["show", "\(number)"], ["show", "\(number)", "--json"], ["show", "\(number)", "--original"]]
    // The bytes of the large ones are no more than those of the others, over and over.
    for words in arguments.prefix(content.bytes.count > 1 << 20 ? 2 : 3) {
      try await expectInertInTerminal(words, place)
    }
  }

  private func expectInertInTerminal(_ words: [String], _ place: Workplace) async throws {
    let program = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    let run = try await Run(
      "/usr/bin/python3", ["-c", program, try Binary.callbackctl.path] + words + ["--config", place.configuration],
      in: place)
    #expect(run.status == 0 && !run.output.isEmpty, "\(words): \(run.output)\(run.errors)")
    // The terminal itself ends lines with CR and LF.
    let output = run.output.replacingOccurrences(of: "\r\n", with: "\n")
    #expect(isInert(output), "\(words): \(output.debugDescription)")
  }

  // MARK: - Who is told

  private func expectInertOutside(_ setting: Setting, _ place: Workplace) async throws {
    try place.expectNothingRaw()
    let mails = try await place.parsedMails()
    let pages = try place.captured(in: "pages")
    #expect(mails.count >= HostileContent.all.count && pages.count >= HostileContent.all.count)
    for mail in mails {
      #expect(mail.to == [OfficeText.rivera])
      #expect(isInert(mail.subject, except: []) && isInert(mail.body), "\(mail)")
    }
    for page in pages {
      #expect(page.arguments.map { String(decoding: $0, as: UTF8.self) } == [OfficeText.chen])
      #expect(isInert(page.text) && page.text.split(separator: "\n").count == 1, "\(page.text)")
      _ = try JSONDecoder().decode(NotificationFile.self, from: Data(page.bytes))
    }
    // Words that would act elsewhere come as they are, where they come at all.
    let bodies = mails.map(\.body).joined()
    let told = bodies + pages.map(\.text).joined()
    #expect(told.contains(HostileContent.mark) == (setting == .full))
    #expect(!place.log.contains(HostileContent.mark))
    guard setting == .full else { return }
    for words in ["{{caller}}{{{body}}}", "%n%s%1$n", "'; DROP TABLE callback; --", "=cmd|'/C calc'!A0"] {
      #expect(bodies.contains(words))
    }
  }
}

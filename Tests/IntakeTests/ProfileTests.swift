import CallbackIntake
import CallbackRules
import Testing

@Suite("Services with a layout of their own") struct ProfileTests {
  static let prose = #"^MSG FOR (?<To>.+?) FROM (?<Caller>.+?) AT (?<Callback>[0-9() .-]{7,}) RE:? (?<Regarding>.+)$"#

  private func reading(
    service: Profile = Profile(), account: Profile = Profile(), dayFirst: Bool? = nil, accountDayFirst: Bool? = nil,
    folder: String? = "night-desk"
  ) -> Reading {
    let hillside = Account(id: "hillside", service: "night-desk", zone: Reading.newYork)
    let riverside = Account(
      id: "riverside", also: ["4711"], service: "night-desk", zone: Reading.newYork, dayFirst: accountDayFirst,
      profile: account)
    let night = Service(id: "night-desk", phone: "1", dayFirst: dayFirst, profile: service)
    return Reading(
      accounts: [riverside, hillside], services: [night, Service(id: "day-desk", phone: "2")], folder: folder)
  }

  private func profile(_ patterns: String...) throws -> Profile {
    Profile(patterns: try patterns.map { try MessagePattern($0) })
  }

  private func one(_ report: ReadingReport) throws -> ReadingReport.ReadMessage {
    #expect(report.messages.count == 1)
    return try #require(report.messages.first)
  }

  // MARK: - Names and words

  @Test("Further names mean what the profile says, whatever they mean by themselves, in capitals and marks as others")
  func names() throws {
    let profile = Profile(fields: [
      "physician": .means(.to), "nbr": .means(.callback), "chart": .isKept, "name": .means(.patient),
    ])
    let read = try one(
      reading(service: profile).report(
        Array("PHYSICIAN:Chen\nNBR #:555 010 4477\nName: Ana\n\nChart:7:1\nCaller: Bo\nis upset\n".utf8)))
    let message = read.message
    #expect(message.to == "Chen" && message.callback?.written == "555 010 4477" && message.problem == nil)
    #expect(message.patient == "Ana" && message.caller == "Bo" && message.body == "is upset")
    #expect(message.otherFields == [Message.OtherField(name: "Chart", value: "7:1")])
    let night = Profile.Owner.service("night-desk")
    #expect(read.fields.map(\.placedBy) == [.profile(night), .profile(night), .profile(night), .profile(night), .name])
    #expect(read.profiles == [night])
    #expect(read.unplaced == [ReadingReport.UnplacedLine(line: 7, text: "is upset")])
  }

  @Test("Without the profile's folder the names are not known")
  func otherFolder() throws {
    let profile = Profile(fields: ["nbr": .means(.callback)])
    let message = try reading(service: profile, folder: "day-desk").message("Caller: Bo\nNbr: 5550104477\n")
    #expect(message.callback == nil && message.otherFields.map(\.name) == ["Nbr"])
  }

  @Test("The account's profile holds once the account is known, and wins over its service's")
  func account() throws {
    let service = Profile(
      fields: ["site": .means(.account), "line": .means(.callback), "who": .means(.caller)],
      urgencyWords: ["code blue": .urgent, "soon": .urgent])
    let account = Profile(fields: ["line": .means(.ref)], urgencyWords: ["soon": .routine])
    let reading = reading(service: service, account: account)
    let own = try one(reading.report(Array("Site: 4711\nLine: 12\nWho: Bo\nUrgency: Soon!\n".utf8)))
    #expect(own.message.account == "riverside" && own.message.ref == "12" && own.message.callback == nil)
    #expect(own.message.caller == "Bo" && own.message.urgency == .routine && own.message.notes == [])
    #expect(own.profiles == [.account("riverside"), .service("night-desk")])
    let other = try reading.message("Site: hillside\nLine: 5550104477\nWho: Bo\nUrgency: code blue\n")
    #expect(other.callback?.written == "5550104477" && other.ref == nil && other.urgency == .urgent)
  }

  @Test("A profile's words for urgencies win over the office's, and those over the built-in ones")
  func words() throws {
    let profile = Profile(urgencyWords: ["Code Blue": .routine, "stat": .urgent])
    let reading = reading(service: profile)
    #expect(try reading.message("Urgency: CODE  BLUE\nCaller: Bo\n").urgency == .routine)
    #expect(try reading.message("Urgency: STAT\nCaller: Bo\n").urgency == .urgent)
    #expect(try reading.message("Urgency: STAT, now\nCaller: Bo\n").urgency == .urgent)
    #expect(try self.reading().message("Urgency: CODE  BLUE\nCaller: Bo\n").urgency == .emergency)
  }

  @Test(
    "Day and month stand as the account says, else as the service does, else the month first",
    arguments: [
      (Bool?.none, Bool?.none, "2026-03-11"), (true, nil, "2026-11-03"), (nil, true, "2026-11-03"),
      (true, false, "2026-03-11"), (false, true, "2026-11-03"),
    ])
  func dates(service: Bool?, account: Bool?, day: String) throws {
    let message = try reading(dayFirst: service, accountDayFirst: account).message(
      "Account: riverside\nTaken: 03/11/2026 09:00\nCaller: Bo\n")
    #expect(message.takenAt == (try Reading.moment("\(day) 09:00")))
  }

  // MARK: - Prose

  @Test("A pattern finds the fields of prose, wherever it stands, and what it leaves stays free text with its lines")
  func prose() throws {
    let text = "Night desk\r\n\r\nmsg for Dr Chen from Ana Diaz at (555) 010-4477 re: fever 104\r\nPLS HURRY\r\n\r\n"
    let read = try one(reading(service: profile(Self.prose)).report(Array(text.utf8)))
    let message = read.message
    #expect(message.problem == nil && message.notes == [])
    #expect(message.to == "Dr Chen" && message.caller == "Ana Diaz" && message.regarding == "fever 104")
    #expect(message.callback == PhoneNumber(written: "(555) 010-4477", digits: "15550104477"))
    #expect(message.body == "Night desk\n\nPLS HURRY")
    #expect(read.fields.map(\.line) == [3, 3, 3, 3])
    #expect(read.fields.allSatisfy { $0.placedBy == .pattern(1, .service("night-desk")) })
    #expect(
      read.unplaced == [
        ReadingReport.UnplacedLine(line: 1, text: "Night desk"), ReadingReport.UnplacedLine(line: 4, text: "PLS HURRY"),
      ])
  }

  @Test("UTF-16 and letters outside of ASCII are found as well")
  func utf16() throws {
    let text = "😀 MSG FOR Dr Chén FROM Renée 😀 AT 555 010 4477 RE fièvre"
    let bytes: [UInt8] =
      [0xFF, 0xFE] + text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let message = try reading(service: profile(Self.prose.replacing("^", with: ""))).message(bytes)
    #expect(message.to == "Dr Chén" && message.caller == "Renée 😀" && message.regarding == "fièvre")
    #expect(message.body == "😀")
  }

  @Test("Each pattern looks at what those before it left, and adds to them")
  func several() throws {
    let profile = try profile(#"^for (?<To>.+)$"#, #"\bcb#? *(?<Callback>[0-9-]+)"#, #"^(?<Caller>.+?) called"#)
    let read = try one(
      reading(service: profile).report(Array("For Dr Chen\nAna called about her knee, cb# 555-0104\n".utf8)))
    #expect(
      read.message.to == "Dr Chen" && read.message.caller == "Ana" && read.message.callback?.written == "555-0104")
    #expect(read.message.body == "about her knee,")
    let night = Profile.Owner.service("night-desk")
    #expect(read.fields.map(\.placedBy) == [.pattern(1, night), .pattern(2, night), .pattern(3, night)])
  }

  @Test("What a pattern passes over is kept as free text, unless its words are the pattern's own")
  func passedOver() throws {
    let profile = try profile(#"^from (?<Caller>\w+).*? at (?<Callback>[0-9]+)$"#)
    let message = try reading(service: profile).message("FROM Ana (chest pain, rang 911) AT 5550104477\n")
    #expect(message.caller == "Ana" && message.callback?.written == "5550104477")
    #expect(message.body == "(chest pain, rang 911) AT")
  }

  @Test("A field that stands as Name: value wins over a pattern's, which is kept beside and noted")
  func fieldsWin() throws {
    let message = try reading(service: profile(Self.prose)).message(
      "Caller: Bo\nRef: 7\n\nMSG FOR Chen FROM Ana AT 555 010 4477 RE: fever\n")
    #expect(message.caller == "Bo" && message.to == "Chen" && message.ref == "7" && message.body == nil)
    #expect(message.otherFields == [Message.OtherField(name: "Caller", value: "Ana")])
    #expect(message.notes == ["line 4: Caller says again what line 1 says; the first counts"])
  }

  @Test("A line that looks like a field with a strange name is prose where a pattern fits")
  func strangeName() throws {
    let profile = try profile(#"^for (?<To>\w+) re: (?<Regarding>.+)$"#)
    let message = try reading(service: profile).message("for Chen re: fever\nShoe: 7\n")
    #expect(message.to == "Chen" && message.regarding == "fever")
    #expect(message.otherFields == [Message.OtherField(name: "Shoe", value: "7")])
  }

  @Test("The account's pattern comes before its service's")
  func accountPattern() throws {
    let service = Profile(patterns: [
      try MessagePattern(#"acct (?<Account>\w+)"#), try MessagePattern(#"for (?<To>.+)"#),
    ])
    let reading = try reading(service: service, account: profile(#"for (?<Patient>\w+)"#))
    let own = try reading.message("acct 4711\nfor Sam Doe\n")
    #expect(own.account == "riverside" && own.patient == "Sam" && own.to == nil && own.body == "Doe")
    #expect(try reading.message("acct hillside\nfor Sam Doe\n").to == "Sam Doe")
  }

  @Test("Two messages in prose in one file are an unreadable message, as two of any other kind")
  func two() throws {
    let message = try reading(service: profile(Self.prose)).message(
      "MSG FOR Chen FROM Ana AT 555 010 4477 RE: fever\nMSG FOR Lee FROM Bo AT 555 010 4488 RE: knee\n")
    #expect(message.problem == "line 2: a second message seems to begin; send each message as a file of its own")
    #expect(message.caller == "Ana" && message.urgency == .urgent)
  }

  @Test("Where nothing fits, the message is unreadable, says so and keeps its text")
  func nothingFits() throws {
    let message = try reading(service: profile(Self.prose)).message("pls call mrs smith back\n")
    #expect(
      message.problem
        == "line 1: no line is a field that is known, and none of the profile's patterns fits; "
        + "write one on each line, as Name: value, at least Caller and Callback")
    #expect(message.body == "pls call mrs smith back\n")
  }

  @Test("Patterns look at the first 8 KiB only, and all the rest stays")
  func longText() throws {
    let filler = Array(repeating: String(repeating: "x", count: 99), count: 100).joined(separator: "\n")
    let sentence = "MSG FOR Chen FROM Ana AT 555 010 4477 RE: fever"
    let reading = try reading(service: profile(Self.prose))
    #expect(try reading.message(sentence + "\n" + filler).body == filler)
    let late = try reading.message(filler + "\n" + sentence)
    #expect(late.caller == nil && late.body?.hasSuffix(sentence) == true)
  }

  // MARK: - Hostile text

  @Test(
    "A pattern that hostile text could keep busy for years is stopped, and the message is unreadable and says why",
    arguments: [
      #"(?<Caller>(a+)+)$"#, #"(?<Caller>(a|aa)+)$"#, #"(?<Caller>(.*)*)x"#, #"(?<Caller>(?:.*a){12})x"#,
      #"(?<Caller>.*.*.*.*)x"#, #"(?<Caller>(?:.|b)*.*)+x"#,
    ])
  func hostile(source: String) throws {
    let reading = try reading(service: profile(#"never (?<To>.+)"#, source))
    let text = "Ref: 7\n\n" + String(repeating: "a", count: 4000) + "!\n"
    let clock = ContinuousClock()
    var message: Message?
    let time = try clock.measure { message = try reading.message(text) }
    let read = try #require(message)
    // Thirty milliseconds of processor time, on a machine that may have others to serve.
    #expect(time < .seconds(2))
    #expect(
      read.problem
        == "Pattern 2 of the service night-desk takes too long on this text; make it simpler, without a repetition in a "
        + "repetition, or write a field on each line, as Name: value")
    #expect(read.ref == "7" && read.body?.hasPrefix("aaa") == true && read.urgency == .urgent)
  }

  @Test("Where a pattern that was stopped kept everything from being found, that is the reason that is given")
  func hostileAlone() throws {
    let text = String(repeating: "a", count: 4000) + "!\n"
    let message = try reading(service: profile(#"(?<Caller>(a+)+)$"#)).message(text)
    #expect(message.problem?.hasPrefix("Pattern 1 of the service night-desk takes too long") == true)
    #expect(message.notes.count == 1 && message.body == text)
  }

  @Test("A pattern that runs out of memory for what it has tried fits nothing, and ends")
  func outOfMemory() throws {
    let message = try reading(service: profile(#"(?<Caller>((((((((((.|b)|c)|d)|e)|f)|g)|h)|i)|j)|k)*)x"#)).message(
      String(repeating: "a", count: 8000))
    #expect(message.problem != nil && message.body?.count == 8000)
  }
}

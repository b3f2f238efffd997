import CallbackIntake
import CallbackRules
import Foundation
import Testing

@Suite("What answering services really send") struct SampleTests {
  @Test("An urgent call is read whole")
  func urgent() throws {
    var expected = Message(
      takenAt: try Reading.moment("2026-11-23 14:05"), urgency: .urgent, service: "night-desk",
      account: "riverside", to: "Dr. Rivera", caller: "Jane Doe",
      callback: PhoneNumber(written: "(555) 010-4477 ext 12", digits: "15550104477"), patient: "Sam Doe",
      regarding: "fever 104 since noon")
    expected.relationship = "mother"
    expected.dateOfBirth = "04/02/2019"
    expected.promisedAt = try Reading.moment("2026-11-23 14:35")
    expected.operatorName = "op17"
    expected.ref = "AS-20261123-0042"
    expected.body = "Mother was told the doctor would ring within half an hour."
    #expect(try Reading().message(Reading.sample("01-urgent.txt")) == expected)
  }

  @Test("Capitals, CRLF, a byte order mark, a patient who is the caller; VM OK in the text allows nothing")
  func capitals() throws {
    var expected = Message(
      takenAt: try Reading.moment("2026-11-23 14:11"), service: "night-desk", account: "riverside", to: "Chen",
      caller: "O'Brien, Pat", callback: PhoneNumber(written: "555-010-9911", digits: "15550109911"),
      patient: "O'Brien, Pat", regarding: "blood test results, second call today")
    expected.body = "PT WAS TOLD OFC WOULD CALL BACK. VM OK."
    #expect(try Reading().message(Reading.sample("02-caps-crlf-bom.txt")) == expected)
  }

  @Test("Windows-1252, no account, no time, low priority")
  func windows1252() throws {
    var expected = Message(
      takenAt: try Reading.moment("2026-11-23 14:01"), service: "night-desk", account: "riverside", to: "Nurses",
      caller: "Renée François", callback: PhoneNumber(written: "+33 1 55 01 02 03", digits: "33155010203"),
      regarding: "résultats de la prise de sang")
    expected.language = "French"
    expected.body = "Parle peu anglais."
    let written = try Reading.moment("2026-11-23 14:01")
    let bytes = try Reading.sample("03-windows-1252.txt")
    #expect(try Reading(modifiedAt: written).message(bytes) == expected)
  }

  @Test("A recipient who has left, a folded value, a time until which the caller is there")
  func recipientHasLeft() throws {
    var expected = Message(
      takenAt: Reading.arrival, service: "night-desk", account: "riverside", to: "Referrals (Dana)",
      caller: "new patient, Alex Kim", callback: PhoneNumber(written: "555.010.2288", digits: "15550102288"),
      regarding: "wants to become a patient, was sent to a voicemail last week and nobody rang")
    expected.reachableUntil = try Reading.moment("2026-11-23 17:30")
    #expect(try Reading().message(Reading.sample("04-recipient-has-left.txt")) == expected)
  }

  @Test("A sentence alone is an unreadable message that keeps it")
  func unreadable() throws {
    let message = try Reading(folder: "night-desk").message(Reading.sample("08-unreadable.txt"))
    let problem = try #require(message.problem)
    #expect(problem.hasPrefix("line 1: ") && !problem.contains("smith"))
    #expect(message.urgency == .urgent)
    #expect(message.takenAt == Reading.arrival)
    #expect(message.service == "night-desk" && message.account == "riverside")
    #expect(message.body?.contains("pls call mrs smith back she is really upset") == true)
    #expect(message.caller == nil && message.callback == nil)
  }

  @Test("A JSON object is a message")
  func object() throws {
    var expected = Message(
      takenAt: Reading.arrival, urgency: .emergency, service: "night-desk", account: "riverside", to: "oncall",
      caller: "Maria Lopez", callback: PhoneNumber(written: "+1 555 010 7301", digits: "15550107301"),
      regarding: "chest tightness after new medication")
    expected.language = "es"
    expected.ref = "AS-20261123-0051"
    expected.operatorName = "op03"
    expected.body = "Advised to hang up and dial 911 if worse; wants doctor."
    let report = Reading().report(try Reading.sample("05-object.json"))
    #expect(report.format == .json && report.messages.map(\.message) == [expected])
  }

  @Test("Each row of a table is a message; one with an impossible time is unreadable and keeps the rest")
  func batch() throws {
    let bytes = try Reading.sample("06-batch.csv")
    let report = Reading().report(bytes)
    let messages = report.messages.map(\.message)
    #expect(report.format == .csv)
    #expect(messages.map(\.ref) == ["9001", "9002", "9003"])
    #expect(messages.map(\.callback?.digits) == ["15550101111", nil, "15550103333"])
    #expect(messages.map { $0.problem == nil } == [true, true, false])
    #expect(messages[2].problem?.hasPrefix("line 4: Time \"25:61\" ") == true)
    #expect(messages[2].caller == "Lee Roe" && messages[2].urgency == .urgent)
    #expect(messages[2].body == "Two lines\nin one cell")
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    #expect(report.messages.map { String(decoding: $0.original, as: UTF8.self) }[1] == "\(lines[0])\n\(lines[2])")
  }

  @Test("A mail that nobody decodes is unreadable, says so, and keeps its text")
  func mail() throws {
    let bytes = try Reading.sample("07-service-mail.eml")
    #expect(Reading().report(bytes).format == .mail)
    let message = try Reading().message(bytes)
    #expect(message.problem?.contains("mail") == true)
    #expect(message.body?.contains("Doctor: Chen") == true)
    #expect(message.caller == nil && message.urgency == .urgent && message.account == "riverside")
  }
}

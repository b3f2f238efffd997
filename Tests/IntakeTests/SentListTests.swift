import CallbackIntake
import CallbackRules
import Testing

@Suite("A service's list of what it sent")
struct SentListTests {
  private func sent(_ text: String) throws -> [String]? { try Reading().message(text).sent?.refs }

  @Test(
    "Refs and ranges are read in every way that people write them",
    arguments: [
      ("AS-0041, AS-0042", ["AS-0041", "AS-0042"]), ("41 42;43,, 44", ["41", "42", "43", "44"]),
      ("AS-0044-AS-0047", ["AS-0044", "AS-0045", "AS-0046", "AS-0047"]), ("9001-9003", ["9001", "9002", "9003"]),
      ("9001 - 9003", ["9001", "9002", "9003"]), ("AS-8 to AS-10", ["AS-8", "AS-9", "AS-10"]),
      ("9001..9002", ["9001", "9002"]), ("9001–9002", ["9001", "9002"]),
      ("0009-0012", ["0009", "0010", "0011", "0012"]),
      ("41, 42 and 43.", ["41", "42", "43"]), ("41, 41, 40-42", ["41", "40", "42"]),
      ("AS-20261123-0042", ["AS-20261123-0042"]), ("2026-0042", ["2026-0042"]), ("2026-3001", ["2026-3001"]),
      ("998-1001", ["998", "999", "1000", "1001"]), ("#41 #42", ["#41", "#42"]),
    ])
  func refs(written: String, refs: [String]) throws {
    #expect(try sent("Account: 4711\nSent: \(written)\n") == refs)
  }

  @Test("They may stand in lines below, indented or not, and lines of words are none of them")
  func lines() throws {
    #expect(try sent("Sent: 41,\n  42,\n  43\n") == ["41", "42", "43"])
    let list = """
      MORNING LIST
      Account: Riverside Family Practice
      Date: 11/23/2026
      Refs Sent:

      AS-0041
      AS-0042, AS-0043
      Good morning from the 2 of us
      """
    #expect(try sent(list) == ["AS-0041", "AS-0042", "AS-0043"])
  }

  @Test("A list has its account and service, and is no message; a long one is not cut")
  func whole() throws {
    let refs = (1...1200).map { "AS-\($0)" }
    let list = try Reading().message("Sent: \(refs.joined(separator: ", "))\n")
    #expect(list.sent?.refs == refs)
    #expect(list.account == "riverside" && list.service == "night-desk" && list.problem == nil)
  }

  @Test(
    "What can't be read is an unreadable message that says what to mend, and keeps the text",
    arguments: [
      ("Sent:\n", "holds no Ref"), ("Sent: none\n", "\"none\" is no Ref"), ("Sent: 41, ???\n", "\"???\" is no Ref"),
      ("Sent: 11/23/2026\n", "is no Ref"), ("Sent: 2026-11-23\n", "is no Ref"), ("Sent: 14:05\n", "is no Ref"),
      ("Sent: 47 - 41\n", "is no range"), ("Sent: AS-1 to BS-4\n", "is no range"),
      ("Sent: 1-999999999\n", "more than 5000"), ("Sent: 1-4000, 1-4000\n", "more than 5000"),
      ("Account: nobody\nSent: 41\n", "no account that is known"),
    ])
  func unreadable(text: String, problem: String) throws {
    let message = try Reading().message(text)
    #expect(message.problem?.contains(problem) == true, "\(message.problem ?? "none")")
    #expect(message.sent == nil && message.urgency >= .urgent && message.body?.contains("Sent") == true)
  }

  @Test(
    "A message that says when it was sent stays a message, and that is kept beside it",
    arguments: [
      "Caller: Jane\nCallback: 555 010 4477\nSent: 41\n",
      "From: Jane Doe\nSent: Monday, November 23, 2026 2:11 PM\nTo: Rivera\nSubject: refill\n\nPlease call.\n",
      "Patient: Ann\nSent: 9001-9012\n", "Sent: 2:11 PM\nRegarding: refill\n",
    ])
  func message(text: String) throws {
    let message = try Reading().message(text)
    #expect(message.sent == nil && message.problem == nil)
    #expect(message.otherFields.map(\.name) == ["Sent"])
  }

  @Test("Whatever stands there, reading takes no longer than its length")
  func hostile() throws {
    let dashes = String(repeating: "1-", count: 30_000)
    #expect(try Reading().message("Sent: \(dashes)\n").problem != nil)
    let lines = "Sent: 1\n\n" + String(repeating: "1-5000\n", count: 100_000)
    #expect(try Reading().message(lines).problem?.contains("more than 5000") == true)
  }

  @Test("A receipt says that all are here, or which are missing and by what number they are asked for")
  func receipt() throws {
    let identity = FileIdentity(inode: 1, sizeBytes: 2, modifiedNanoseconds: 3)
    let place = FilePlace(.incoming(folder: nil), name: Array("list.txt".utf8))
    let office = Office(
      name: "Riverside", zone: .utc, fallback: "manager",
      policies: Urgency.allCases.map { Policy(urgency: $0, callBackWithin: TimeSpan(seconds: 3600), steps: []) })
    var answer = ListAnswer(count: 12)
    func receipt() -> Receipt {
      Receipt(
        for: Admission(arrival: 7, identity: identity, place: place, callbacks: [], lists: [answer]), office: office)
    }
    #expect(receipt().fileName == "list.txt.LIST7.receipt" && receipt().text == "All 12 messages are here.\n")
    answer.missing = [.init(ref: "AS-0044", callback: 17), .init(ref: nil, count: 2, callback: 18)]
    #expect(receipt().text == "Missing: 3 of 12 messages\nAS-0044: callback 17\n2 more: callback 18\n")
  }
}

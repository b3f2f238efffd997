import CallbackRules
import Foundation
import Testing

@testable import CallbackControl

@Suite struct WireTests {
  @Test("A row has exactly the promised keys, nulls written out, times in UTC")
  func row() throws {
    let row = CallbackRow(sampleCallback(), now: sampleNow)
    let expected = #"""
      {"account":"riverside","attempts":0,"callback":"(555) 010-4477 ext 2","caller":"Ana Diaz",\#
      "due_at":"2026-11-23T19:03:30Z","id":12,"kind":"message","language":null,"overdue_seconds":90,"owner":null,\#
      "patient":null,"promised_at":null,"reachable_until":null,"recipient":"oncall","ref":null,\#
      "regarding":"fever/104","repeat_calls":0,"service":"night-desk","state":"open","step":2,\#
      "taken_at":"2026-11-23T18:05:00Z","urgency":"urgent","voicemail_ok":true,"wake_at":"2026-11-23T19:05:00Z"}
      """#
    #expect(String(decoding: try ControlCoding.encode(row), as: UTF8.self) == expected)
    #expect(try ControlCoding.decode(CallbackRow.self, from: Data(expected.utf8)) == row)
  }

  @Test("A callback before its deadline, and a closed one, are not overdue")
  func notOverdue() {
    var callback = sampleCallback()
    #expect(CallbackRow(callback, now: callback.dueAt).overdueSeconds == 0)
    callback.state = .closed
    #expect(CallbackRow(callback, now: sampleNow).overdueSeconds == 0)
  }

  @Test("A value of any length makes a row of bounded size")
  func bounded() {
    var callback = sampleCallback()
    callback.message.patient = "e" + String(repeating: "\u{301}", count: 500_000)
    callback.message.caller = String(repeating: "x", count: 1000)
    let row = CallbackRow(callback, now: sampleNow)
    #expect((row.patient?.utf8.count ?? .max) <= 1003)
    #expect(row.patient?.hasSuffix("…") == true)
    #expect(row.caller == callback.message.caller)
  }

  @Test(
    "A time is written and read to the second",
    arguments: [(0, "1970-01-01T00:00:00Z"), (951_827_696, "2000-02-29T12:34:56Z"), (-1, "1969-12-31T23:59:59Z")])
  func times(seconds: Int, text: String) {
    #expect(Date(timeIntervalSince1970: Double(seconds)).timestamp == text)
    #expect(ControlCoding.date(timestamp: text) == Date(timeIntervalSince1970: Double(seconds)))
  }

  @Test(
    "What is not a time in UTC is not read as one",
    arguments: [
      "", "2026-11-23", "2026-11-23T19:05:00", "2026-11-23T19:05:00+01:00", "2026-02-30T00:00:00Z",
      "2026-11-23T24:00:00Z", "2026-11-23T19:05:00z", "２026-11-23T19:05:00Z",
    ])
  func notATime(text: String) {
    #expect(ControlCoding.date(timestamp: text) == nil)
  }

  @Test("Every call reads back as it was written")
  func calls() throws {
    var query = ControlCall.ListQuery()
    (query.overdue, query.closed, query.limit) = (true, true, 7)
    (query.forPerson, query.account, query.since, query.after) = ("chen", "4711", sampleNow, "x")
    var watch = ControlCall.WatchQuery()
    (watch.overdue, watch.forPerson, watch.account, watch.limit) = (true, "chen", "4711", 7)
    let calls: [ControlCall] = [
      .list(.init()), .list(query), .show(3, original: false), .show(3, original: true), .status,
      .act(.init(3, .acknowledge(take: true), note: "n", asPerson: "chen")), .act(.init(3, .acknowledge(take: false))),
      .act(.init(3, .attempt(.noAnswer), note: "n")), .act(.init(3, .done)), .act(.init(3, .close(reason: "r"))),
      .onCall(.init()), .onCall(.init(at: sampleNow, days: 366)), .act(.init(3, .reopen, note: "n")),
      .act(.init(3, .note("t"), asPerson: "chen")), .act(.init(3, .assign(to: "Dr. Chen"), note: "n")),
      .act(.init(3, .snooze(TimeSpan(seconds: 5400)), asPerson: "chen")), .receipt(file: "drop-1.txt"),
      .watch(.init()), .watch(watch), .names, .metrics,
      .report(.init(since: sampleNow)),
      .report(.init(since: sampleNow, until: sampleNow.addingTimeInterval(60), grouping: .hour)),
      .mailReport(.init(since: sampleNow, grouping: .person), to: "manager"),
      .verify(.init()), .verify(.init(after: "e5", head: "7:0")), .export(.init(since: sampleNow)),
      .export(.init(since: sampleNow, until: sampleNow, after: "9")), .purge(dryRun: true), .purge(dryRun: false),
    ]
    for call in calls {
      let decoded = try ControlCoding.decode(Reader.self, from: ControlCoding.encode(call))
      var parameters = decoded.parameters
      #expect(try ControlCall(method: call.method, parameters: &parameters) == call)
    }
  }

  /// Gives the parameters of an encoded call.
  private struct Reader: Decodable {
    let parameters: ParameterReader

    init(from decoder: any Decoder) throws {
      parameters = ParameterReader(try decoder.container(keyedBy: ParameterKey.self))
    }
  }

  @Test("Every failure reads back as it was written")
  func failures() throws {
    let failures: [ControlFailure] = [
      .noSuchCallback(4), .refused("a"), .notAllowed("b"), .needsPerson("c"), .badRequest("d"), .tryAgain("e"),
      .methodNotFound("f"), .methodNotImplemented("g"), .invalidParameter("h"), .interfaceNotFound("i"),
      .expectedMore,
    ]
    for failure in failures {
      let data = try ControlCoding.encode(FailureParameters(failure))
      let parameters = try ControlCoding.decode(FailureParameters.self, from: data)
      #expect(ControlFailure(name: failure.name, parameters: parameters) == failure)
    }
  }

  @Test("The description names every method and error")
  func description() throws {
    let text = try #require(ControlInterface.description(of: ControlInterface.name))
    let methods = [
      "List", "Watch", "Names", "Show", "Acknowledge", "Attempt", "Done", "Close", "Reopen", "Note", "Assign", "Snooze",
      "Receipt", "Status", "Verify", "Export", "Purge",
    ]
    for method in methods { #expect(text.contains("\nmethod \(method)(")) }
    for error in ["NoSuchCallback", "Refused", "NotAllowed", "NeedsPerson", "BadRequest", "TryAgain"] {
      #expect(text.contains("\nerror \(error) ("))
    }
    #expect(text.hasSuffix(")\n"))
  }
}

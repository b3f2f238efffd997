import CallbackConfiguration
import CallbackRules
import Foundation
import Testing

/// Office hours, and whose they are.
@Suite struct HoursTests {
  private let office = "[[hours]]\nname = \"office\"\nopen = [\"Mon-Fri 08:00-17:00\"]\n"

  @Test("a policy counts in its hours, an account in its own hours and zone, an emergency around the clock")
  func inForce() throws {
    let text =
      office + """
        [[hours]]
        name = "weekend"
        open = ["Sat,Sun 09:00-13:00"]
        [[account]]
        id = "west"
        time_zone = "America/Los_Angeles"
        hours = "weekend"
        [[account]]
        id = "own"
        [[account.policy]]
        urgency = "routine"
        call_back_within = "2h"
        step = [{ after = "0m", notify = ["recipient"] }]
        """
    let file = complete(text).replacing(
      "call_back_within = \"4h\"", with: "call_back_within = \"4h\"\nhours = \"office\"")
    let checked = try read(file)
    #expect(checked.warnings == [])
    let office = checked.configuration.office
    func due(_ urgency: Urgency, _ account: String?) -> String {
      let policy = office.policy(for: urgency, account: account)
      return office.counting(of: policy, account: account).moment(policy.callBackWithin, from: friday).timestamp
    }
    #expect(due(.routine, nil) == "2026-11-30T11:00:00Z")
    #expect(due(.routine, "west") == "2026-11-28T21:00:00Z")
    #expect(due(.routine, "own") == "2026-11-27T18:00:00Z")
    #expect(due(.emergency, "west") == "2026-11-27T16:15:00Z")
  }

  @Test("an emergency has no hours, of an account neither")
  func emergency() {
    let text =
      office + """
        [[account]]
        id = "a"
        [[account.policy]]
        urgency = "emergency"
        call_back_within = "5m"
        hours = "office"
        step = [{ after = "0m", notify = ["recipient"] }]
        """
    #expect(
      problems(complete(text)) == [
        "9: account.policy.hours: an emergency counts around the clock; remove `hours` here"
      ])
  }

  @Test("hours that nobody wrote are a problem, of an account too")
  func unknown() {
    #expect(
      problems(complete(office + "[[account]]\nid = \"a\"\nhours = \"offices\""))
        == ["6: account.hours: no hours has the id `offices`; did you mean `office`?"])
  }

  @Test("hours that do not come within 400 days are a problem: nothing would ever be due")
  func neverOpen() {
    func hours(closed days: [Int]) -> String {
      let closed = days.map {
        "\"\(CivilTime(secondsSince1970: Int(testNow.timeIntervalSince1970) + $0 * 86_400).dateText)\""
      }
      return """
        [[hours]]
        name = "mondays"
        open = ["Mon 08:00-12:00"]
        closed = [\(closed.joined(separator: ", "))]
        """
    }
    let mondays = (0...57).map { $0 * 7 }
    #expect(
      problems(complete(hours(closed: mondays))) == [
        "4: hours.closed: `mondays` does not open within the next 400 days; remove days from `closed`, or add times to `open`"
      ])
    #expect(problems(complete(hours(closed: mondays.filter { $0 != 350 }))) == [])
  }

  @Test("hours of an account that no policy counts in are a warning")
  func idle() throws {
    let account = "[[account]]\nid = \"a\"\nhours = \"office\""
    #expect(
      try read(complete(office + account)).warnings.map { "\($0.line ?? 0) \($0.key ?? ""): \($0.sentence)" } == [
        "6 account.hours: no policy of this account counts in hours, so these never hold; write `hours` in a policy, or remove it"
      ])
  }

  /// 2026-11-27 16:00 UTC.
  private let friday = Date(timeIntervalSince1970: 1_795_795_200)
}

import CallbackConfiguration
import CallbackRules
import Foundation

let testHost = Host(mailDomain: "desk.example", zone: .utc)
/// 2026-11-23T14:00:00Z, a Monday.
let testNow = Date(timeIntervalSince1970: 1_795_442_400)

/// Reads a text as `test.toml` at a time and on a host that are always the same.
func read(_ text: String) throws(ConfigurationError) -> Configuration.Checked {
  try Configuration.read(text, file: "test.toml", host: testHost, now: testNow)
}

/// The problems of a text, as people see them, without the file's name; empty if it loads.
func problems(_ text: String) -> [String] {
  do {
    _ = try read(text)
    return []
  } catch {
    return error.problems.map { String($0.description.dropFirst("test.toml:".count)) }
  }
}

/// What every configuration needs, with `more` on its first lines so that they count from 1.
func complete(_ more: String, site: String = "fallback = \"desk\"") -> String {
  more + """


    [site]
    \(site)
    [[person]]
    id = "desk"
    email = "desk@riverside.example"
    [[policy]]
    urgency = "emergency"
    call_back_within = "15m"
    step = [{ after = "0m", notify = ["recipient"] }]
    [[policy]]
    urgency = "urgent"
    call_back_within = "30m"
    step = [{ after = "0m", notify = ["recipient"] }]
    [[policy]]
    urgency = "routine"
    call_back_within = "4h"
    step = [{ after = "0m", notify = ["recipient"] }]
    """
}

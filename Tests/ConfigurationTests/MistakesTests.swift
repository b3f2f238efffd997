import CallbackConfiguration
import Foundation
import Testing

@Suite struct MistakesTests {
  @Test("a file with many mistakes names each of them, with line, key and remedy, in the order of the file")
  func all() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/mistakes.toml").path()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let expected = #"""
      3: site.time_zone: `America/Riverside` is not a time zone that this system knows; write a name from `timedatectl list-timezones`, such as "America/New_York"
      4: site.country_code: `+1` is not a country code; write one to three digits without `+` or zeros in front, such as "1"
      5: site.fallback: no person or team or rotation has the id `manger`; did you mean `manager`?
      6: site.nmae: unknown key `nmae`; did you mean `name`?
      9: spool.settle: `2 seconds` is not a span; write a whole number and its unit (s, m, h, d, w), such as "30m" or "1h30m"
      10: spool.max_size: 1048576 is a number, not a size in quotes; write a whole number and its unit (B, kB, KiB, MB, MiB), such as "1MiB"
      13: mail.sendmail: `sendmail -t` is not an absolute path; write the whole path, beginning with `/`, without `..`
      14: mail.from: `Riverside <callbacks@riverside.example>` is not a plain e-mail address; write the address alone, such as "name@example.org", without a name, spaces or quotes
      15: mail.parallel: 100 is too large; write a number from 1 to 64, without quotes
      19: person.emial: unknown key `emial`; did you mean `email`?
      20: person.login: `-mrivera` is not the name of a local account or group; write it as `id` shows it
      23: person.id: `Dr. Chen` is not an id; write up to 64 small letters, digits, `-`, `_` or `.`, beginning with a letter or digit
      24: person.name: the text holds a control character or a line end; write it on one line, without tabs and escapes
      29: person.email: `-oops@riverside.example` is not a plain e-mail address; write the address alone, such as "name@example.org", without a name, spaces or quotes
      30: person.channels: no channel has the id `pagr`; did you mean `pager`?
      31: person.active: `no` is text, not true or false; write true or false, without quotes
      34: team.id: `rivera` is already the id of a person on line 18; write another id
      35: team.members: has nobody; write at least one id, such as ["rivera"]
      38: rotation.id: `recipient` has a meaning of its own; write another id
      41: rotation.members: no person or team has the id `riviera`; did you mean `rivera`?
      43: rotation.starts: `2026-02-30 08:00` is not a day and a time; write a day and a time on the site's clock, such as "2026-11-26 08:00"
      44: rotation.every: `0d` is too short; write at least "15m"
      48: policy.call_back_witin: unknown key `call_back_witin`; did you mean `call_back_within`?
      50: policy.step.before: a step has one time; write `after` or `before`, not both
      51: policy.step.after: is missing; write after = "15m" (past the deadline) or before = "5m"
      51: policy.step.notify: no person or team or rotation has the id `nobody-here`; write the id of a person or team or rotation, or add one with this id
      56: policy.call_back_within: `0m` is too short; write at least "1s"
      57: policy.hours: an emergency counts around the clock; remove `hours` here
      58: policy.step: there is none; write at least [{ after = "0m", notify = ["recipient"] }]
      62: hours.open: `Mon-Fri 8-12` is not a time of opening; write days and hours, such as "Mon-Fri 08:00-12:00" or "Sat 22:00-06:00"
      62: hours.open: `Funday 08:00-12:00` is not a time of opening; write days and hours, such as "Mon-Fri 08:00-12:00" or "Sat 22:00-06:00"
      63: hours.closed: `26.11.2026` is not a day; write a day that exists, such as "2026-11-26"
      65: service.phone: is missing; write the number to ring, such as "+1 555 010 9000"
      71: channel.run: the program `page` is not an absolute path; write the whole path, beginning with `/`, without `..`
       policy: there is none for routine; write a [[policy]] with urgency = "routine"
      """#
    #expect(problems(text) == expected.split(separator: "\n").map(String.init))
  }
}

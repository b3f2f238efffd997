import CallbackRules
import Testing

@testable import CallbackConfiguration

@Suite struct ValueTests {
  /// What this text is read as, or nil if it is refused.
  private func value<Value>(_ text: String, _ kind: ValueKind<Value>) -> Value? {
    do {
      return try kind.read(.string(text))
    } catch {
      return nil
    }
  }

  @Test(
    "plain addresses are read",
    arguments: ["root", "a@b", "first.last+tag@sub.example.org", "o'brien@example.org", "x_1@10-20.example"])
  func addresses(_ text: String) {
    #expect(value(text, .emailAddress) == text)
  }

  @Test(
    "an address that a mailer or a shell could take for something else is refused",
    arguments: [
      "", "-f@example.org", "a b@example.org", "a,b@example.org", "\"a\"@example.org", "A <a@example.org>", "a@", "@b",
      "a@b@c", "a..b@c", ".a@c", "a.@c", "a@-c", "a@c-", "a@c..d", "|/bin/sh", "/dev/null", "a!b", "a%b@c", "jörg@c",
      "a@[127.0.0.1]", "a\nb@c", "a;b@c", "$(id)@c", "`id`@c", "a\\b@c", "a:b", "a@c.",
      "\(String(repeating: "a", count: 65))@c",
    ])
  func refusedAddresses(_ text: String) {
    #expect(value(text, .emailAddress) == nil)
  }

  @Test(
    "an id that is no safe file name is refused",
    arguments: [
      "", ".", "..", ".hidden", "-rf", "a/b", "A", "a b", "ä", "a\0b", "_a", String(repeating: "a", count: 65),
    ])
  func refusedIds(_ text: String) {
    #expect(value(text, .id) == nil)
  }

  @Test("ids are read", arguments: ["a", "night-desk", "4711", "dr.rivera_2"])
  func ids(_ text: String) {
    #expect(value(text, .id) == text)
  }

  @Test(
    "local accounts are read as the system writes them",
    arguments: ["root", "mrivera", "OFFICE\\chen", "a.b@office", "host$"])
  func logins(_ text: String) {
    #expect(value(text, .accountName) == text)
  }

  @Test("names that are no local account are refused", arguments: ["", "-a", "a b", "a:b", "a/b", "a,b"])
  func refusedLogins(_ text: String) {
    #expect(value(text, .accountName) == nil)
  }

  @Test("sizes are read with their units")
  func sizes() {
    #expect(value("1MiB", .size(0...1 << 30)) == 1_048_576)
    #expect(value("500kB", .size(0...1 << 30)) == 500_000)
    #expect(value("2 MB", .size(0...1 << 30)) == 2_000_000)
    #expect(value("12B", .size(0...1 << 30)) == 12)
    for wrong in [
      "", "1", "MiB", "1.5MiB", "-1MiB", "1mib", "1TiB", "99999999999999MiB", "9999999999999999999999B", "١MiB",
    ] {
      #expect(value(wrong, .size(0...1 << 30)) == nil, "\(wrong)")
    }
  }

  @Test("spans outside of their bounds are refused with the bound")
  func spans() throws {
    let kind = ValueKind.span(.second, to: .hours(2))
    #expect(value("1h30m", kind) == TimeSpan(seconds: 5400))
    #expect(value("2h", kind) == TimeSpan(seconds: 7200))
    let long = #expect(throws: Wrong.self) { try kind.read(.string("2h1s")) }
    #expect(long?.write == "at most \"2h\"")
    let short = #expect(throws: Wrong.self) { try kind.read(.string("0m")) }
    #expect(short?.write == "at least \"1s\"")
    for wrong in ["", "30", "-5m", "1.5h", "5 m", "m", "5M", "1h-30m"] {
      #expect(value(wrong, kind) == nil, "\(wrong)")
    }
  }

  @Test("times of opening are read by days and minutes")
  func openSpans() {
    func span(_ days: Set<Int>, _ opens: Int, _ closes: Int) -> OfficeHours.OpenSpan {
      OfficeHours.OpenSpan(weekdays: days, opensMinute: opens, closesMinute: closes)
    }
    #expect(value("Mon-Fri 08:00-12:00", .openSpan) == span([1, 2, 3, 4, 5], 480, 720))
    #expect(value("Sat 9:00-12:30", .openSpan) == span([6], 540, 750))
    #expect(value("Mon,Wed 08:00-12:00", .openSpan) == span([1, 3], 480, 720))
    #expect(value("fri-mon,wed 22:00-06:00", .openSpan) == span([5, 6, 0, 1, 3], 1320, 360))
    #expect(value("00:00-24:00", .openSpan) == span([0, 1, 2, 3, 4, 5, 6], 0, 1440))
    #expect(value("22:00-06:00", .dailySpan) == span([0, 1, 2, 3, 4, 5, 6], 1320, 360))
    for wrong in [
      "", "Mon", "Mon 08:00", "Mon 08:00-", "Mon 8-12", "Mon 08:00-25:00", "Mon 24:00-06:00", "Mon 08:60-09:00",
      "Mon- 08:00-12:00", "Mon-Tue-Wed 08:00-12:00", "Mon, 08:00-12:00", "Mon 08:00-12:00 13:00-14:00",
      "Mon 08:00-08:00", "Mon +8:00-12:00",
    ] {
      #expect(value(wrong, .openSpan) == nil, "\(wrong)")
    }
    #expect(value("Mon 22:00-06:00", .dailySpan) == nil)
  }

  @Test("days and times are read as text or as TOML writes them, and must exist")
  func days() throws {
    let time = try #require(CivilTime(year: 2026, month: 11, day: 26, hour: 8))
    #expect(value("2026-11-26 08:00", .dayAndTime) == time)
    #expect(value("2026-11-26T08:00:00", .dayAndTime) == time)
    #expect(try ValueKind.dayAndTime.read(.dateTime(time)) == time)
    #expect(value("2026-11-26", .day) == time.adding(days: 0).startOfDay)
    for wrong in ["", "2026-02-29 08:00", "2026-11-26", "2026-11-26 24:00", "26-11-2026 08:00", "2026-11-26 8:00"] {
      #expect(value(wrong, .dayAndTime) == nil, "\(wrong)")
    }
    for wrong in ["", "2026-02-29", "2026-13-01", "20261126", "+026-11-26", "2026-11-26 08:00"] {
      #expect(value(wrong, .day) == nil, "\(wrong)")
    }
  }

  @Test("paths are absolute and tidy")
  func paths() {
    #expect(value("/var//spool/x/", .absolutePath) == "/var/spool/x")
    for wrong in ["", "/", "var", "./x", "/a/../etc", "~/x"] { #expect(value(wrong, .absolutePath) == nil, "\(wrong)") }
  }
}

extension CivilTime {
  fileprivate var startOfDay: CivilTime? { CivilTime(year: year, month: month, day: day) }
}

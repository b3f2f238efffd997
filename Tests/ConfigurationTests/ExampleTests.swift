import CallbackConfiguration
import CallbackRules
import Foundation
import Testing

/// A whole office's configuration, value by value.
@Suite struct ExampleTests {
  let checked: Configuration.Checked
  var configuration: Configuration { checked.configuration }
  var office: Office { configuration.office }

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    checked = try Configuration.load(file: folder.appending(path: "Fixtures/example.toml").path())
  }

  @Test("the site is read with its zone and fallback")
  func site() {
    #expect(office.name == "Riverside Family Practice")
    #expect(office.zone.name == "America/New_York")
    #expect(office.countryCode == "1")
    #expect(office.fallback == "manager")
    #expect(office.urgencyWords == ["code blue": .emergency])
  }

  @Test("paths, spool, repeat callers, keeping and mail are read")
  func machine() {
    #expect(configuration.paths.spool == "/var/spool/callbackd")
    #expect(configuration.paths.state == "/var/lib/callbackd")
    #expect(configuration.paths.control == "/run/callbackd/control")
    #expect(configuration.spool.settle.seconds == 2)
    #expect(configuration.spool.receipts)
    #expect(configuration.spool.poll.seconds == 30)
    #expect(configuration.spool.staleAfter.seconds == 3600)
    #expect(configuration.spool.maxSizeBytes == 1_048_576)
    #expect(configuration.office.repeatCaller.within.seconds == 48 * 3600)
    #expect(configuration.office.repeatCaller.raise == 1)
    #expect(configuration.keep.closed == TimeSpan(days: 400))
    #expect(configuration.mail.sendmail == "/usr/sbin/sendmail")
    #expect(configuration.mail.from == "callbacks@riverside.example")
    #expect(configuration.mail.digestOver == 3)
    #expect(configuration.mail.detail == .minimal)
    #expect(configuration.mail.timeout.seconds == 30)
    #expect(configuration.mail.parallel == 4)
  }

  @Test("people, teams and rotations are read")
  func people() throws {
    #expect(
      office.people["rivera"]
        == Person(
          id: "rivera", name: "Dr. Rivera", also: ["Rivera, M.", "Dr M Rivera"], email: "rivera@riverside.example",
          login: "mrivera"))
    #expect(office.people["chen"]?.keys == ["pager": "5550101"])
    #expect(office.people.count == 5)
    #expect(office.teams == ["nurses": Team(id: "nurses", members: ["lee", "okafor"])])
    let override = Rotation.Override(
      from: try #require(CivilTime(year: 2026, month: 11, day: 26, hour: 8)),
      until: try #require(CivilTime(year: 2026, month: 11, day: 27, hour: 8)), person: "chen")
    let starts = try #require(CivilTime(year: 2026, month: 11, day: 2, hour: 8))
    #expect(
      office.rotations == [
        "oncall": Rotation(
          id: "oncall", members: ["rivera", "chen"], starts: starts, every: TimeSpan(days: 7), overrides: [override])
      ])
  }

  @Test("a policy with every key is read as it stands")
  func urgent() {
    let expected = Policy(
      urgency: .urgent, callBackWithin: TimeSpan(seconds: 1800), ownWithin: TimeSpan(seconds: 600),
      remindBefore: [TimeSpan(seconds: 600)], finishWithin: TimeSpan(seconds: 1200),
      snoozeAtMost: TimeSpan(seconds: 900),
      steps: [
        Policy.Step(after: TimeSpan(seconds: 0), notify: ["recipient"]),
        Policy.Step(after: TimeSpan(seconds: 900), notify: ["oncall"]),
        Policy.Step(after: TimeSpan(seconds: 1800), notify: ["manager"], repeatEvery: TimeSpan(seconds: 900)),
      ],
      retry: Policy.Retry(
        noAnswer: TimeSpan(seconds: 1800), busy: TimeSpan(seconds: 600), voicemail: TimeSpan(seconds: 7200), attempts: 3
      ))
    #expect(office.policy(for: .urgent) == expected)
  }

  @Test("what a policy leaves out has its default, and `before` is a time ahead of the deadline")
  func otherPolicies() {
    let emergency = Policy(
      urgency: .emergency, callBackWithin: TimeSpan(seconds: 900),
      steps: [
        Policy.Step(after: TimeSpan(seconds: -300), notify: ["recipient", "nurses"]),
        Policy.Step(after: TimeSpan(seconds: 0), notify: ["manager"]),
      ])
    #expect(office.policy(for: .emergency) == emergency)
    let routine = Policy(
      urgency: .routine, callBackWithin: TimeSpan(seconds: 14_400), hours: "office",
      steps: [
        Policy.Step(after: TimeSpan(seconds: 0), notify: ["recipient"]),
        Policy.Step(after: TimeSpan(seconds: 7200), notify: ["manager"], repeatEvery: TimeSpan(days: 1)),
      ])
    #expect(office.policy(for: .routine) == routine)
  }

  @Test("hours, services, accounts and channels are read")
  func rest() throws {
    let workdays = Set(1...5)
    #expect(
      office.hours["office"]
        == OfficeHours(
          name: "office",
          spans: [
            OfficeHours.OpenSpan(weekdays: workdays, opensMinute: 480, closesMinute: 720),
            OfficeHours.OpenSpan(weekdays: workdays, opensMinute: 780, closesMinute: 1020),
          ],
          closedDays: [
            try #require(CivilTime(year: 2026, month: 11, day: 26)),
            try #require(CivilTime(year: 2026, month: 12, day: 25)),
          ]))
    #expect(office.services == ["night-desk": Service(id: "night-desk", phone: "+1 555 010 9000")])
    #expect(
      office.accounts == [
        "riverside": Account(
          id: "riverside", also: ["Riverside Family Practice", "4711"], recipient: "oncall", zone: office.zone)
      ])
    #expect(
      office.channels == [
        "wall": Channel(id: "wall", kind: .file),
        "pager": Channel(id: "pager", kind: .command(["/usr/local/bin/page", "{pager}"])),
      ])
  }

  @Test("nothing in it needs a warning")
  func warnings() {
    #expect(checked.warnings == [])
  }
}

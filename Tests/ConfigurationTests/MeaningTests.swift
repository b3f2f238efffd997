import CallbackConfiguration
import CallbackRules
import Testing

/// What stands between sections.
@Suite struct MeaningTests {
  @Test("an empty file says what every configuration needs")
  func empty() {
    #expect(
      problems("") == [
        " site.fallback: is missing; write the id of the person or team who hears of what has nobody else",
        " policy: there is none for emergency; write a [[policy]] with urgency = \"emergency\"",
        " policy: there is none for urgent; write a [[policy]] with urgency = \"urgent\"",
        " policy: there is none for routine; write a [[policy]] with urgency = \"routine\"",
      ])
  }

  @Test("what is left out has its default, by the host where it depends on it")
  func defaults() throws {
    let configuration = try read(complete("")).configuration
    #expect(configuration.mail.from == "callbackd@desk.example")
    #expect(configuration.office.name == "desk.example")
    #expect(configuration.office.zone == .utc)
    #expect(configuration.office.countryCode == "1")
    #expect(configuration.office.accounts.isEmpty && configuration.office.services.isEmpty)
    #expect(configuration.office.people["desk"]?.name == "desk")
  }

  @Test("mails ask for replies only where the configuration says that these arrive")
  func answers() throws {
    #expect(try !read(complete("")).configuration.mail.answers)
    #expect(try read(complete("[mail]\nanswers = true")).configuration.mail.answers)
    #expect(
      problems(complete("[mail]\nanswers = \"yes\"")).map { $0.prefix { $0 != ";" } } == [
        "2: mail.answers: `yes` is text, not true or false"
      ])
  }

  @Test("this host has a domain that can stand in an address, without asking anybody")
  func host() throws {
    let text = complete("[mail]\nfrom = \"callbackd@\(Host.current.mailDomain)\"")
    #expect(throws: Never.self) { try read(text) }
  }

  @Test("control characters are refused in every value, escaped or not, and in keys")
  func controlCharacters() {
    let text = complete(
      #"""
      [[person]]
      id = "a"
      name = "A\u001b[2J"
      also = ["fine", "A\nB"]
      pager = "1\u00002"
      email = "a@b.example\r\nBcc: x@y.example"
      "k\u001b" = "x"
      [[channel]]
      id = "c"
      kind = "command"
      run = ["/bin/true", "a\u202Eb"]
      """#)
    let found = problems(text)
    #expect(found.map { $0.prefix { $0 != ";" } }.allSatisfy { $0.contains("control character") }, "\(found)")
    // A key with an escape has the line of its section.
    #expect(found.map { $0.prefix { $0 != ":" } } == ["1", "3", "4", "5", "6", "11"])
    #expect(!found.contains { $0.unicodeScalars.contains { $0.value < 32 } })
  }

  @Test("a directory for the socket whose path is too long for one is refused")
  func longPath() throws {
    let longest = "/" + String(repeating: "r", count: 94)
    #expect(try read(complete("[paths]\nrun = \"\(longest)\"")).configuration.paths.control.utf8.count == 103)
    #expect(
      problems(complete("[paths]\nrun = \"\(longest)r\"")) == [
        "2: paths.run: is too long for the socket in it; write a path of at most 95 bytes"
      ])
  }

  @Test("how long trouble lasts before the fallback is told can be chosen")
  func alarmAfter() throws {
    let chosen = try read(complete("", site: "fallback = \"desk\"\nalarm_after = \"10m\"")).configuration
    #expect(chosen.alarmAfter.seconds == 600)
    #expect(problems(complete("", site: "fallback = \"desk\"\nalarm_after = \"2h\"")).count == 1)
  }

  @Test("a person's quiet hours are of every day; the whole day is refused")
  func quiet() throws {
    func person(_ quiet: String) -> String { "[[person]]\nid = \"a\"\nemail = \"a@b\"\nquiet = \"\(quiet)\"" }
    let checked = try read(complete(person("22:00-06:00")))
    #expect(checked.warnings == [])
    let spans = checked.configuration.office.people["a"]?.quiet?.spans
    #expect(spans == [OfficeHours.OpenSpan(weekdays: Set(0...6), opensMinute: 1320, closesMinute: 360)])
    #expect(try read(complete("")).configuration.office.people["desk"]?.quiet == nil)
    for wrong in ["00:00-24:00", "22:00", "Mon 22:00-06:00", "22:00-22:00", "25:00-06:00"] {
      #expect(problems(complete(person(wrong))).first?.contains("person.quiet: ") == true, "\(wrong)")
    }
  }

  @Test("the operator is somebody to whom mails go; default: the fallback")
  func mailOperator() throws {
    func mail(_ id: String) -> String {
      """
      [mail]
      operator = "\(id)"
      [[person]]
      id = "a"
      email = "a@b"
      [[person]]
      id = "w"
      channels = ["wall"]
      [[channel]]
      id = "wall"
      kind = "file"
      [[team]]
      id = "both"
      members = ["a", "w"]
      """
    }
    #expect(try read(complete("")).configuration.mail.operatorId == nil)
    for id in ["a", "both"] { #expect(try read(complete(mail(id))).configuration.mail.operatorId == id) }
    #expect(problems(complete(mail("nobody"))).first?.contains("mail.operator: ") == true)
    #expect(problems(complete(mail("w"))).first?.contains("mail.operator: ") == true)
  }

  @Test("a fallback that can't always be told is refused")
  func fallback() {
    let someone = "[[person]]\nid = \"a\"\n"
    func refused(_ more: String) -> [String] {
      problems(complete(more, site: "fallback = \"x\"")).filter { $0.contains("site.fallback") }
    }
    #expect(refused("[[person]]\nid = \"x\"").count == 1)
    #expect(refused("[[person]]\nid = \"x\"\nemail = \"x@y\"\nactive = false").count == 1)
    #expect(refused("[[person]]\nid = \"x\"\nemail = \"x@y\"").isEmpty)
    #expect(refused("[[person]]\nid = \"x\"\nactive = false\ninstead = \"desk\"").isEmpty)
    #expect(refused("[[person]]\nid = \"x\"\nchannels = [\"w\"]\n[[channel]]\nid = \"w\"\nkind = \"file\"").isEmpty)
    #expect(refused(someone + "[[team]]\nid = \"x\"\nmembers = [\"a\"]").count == 1)
    #expect(refused(someone + "[[team]]\nid = \"x\"\nmembers = [\"a\", \"desk\"]").isEmpty)
    let rotation = "members = [\"desk\"]\nstarts = \"2026-11-02 08:00\"\nevery = \"1w\"\n"
    #expect(refused("[[rotation]]\nid = \"x\"\n" + rotation).first?.contains("may have nobody on call") == true)
    #expect(refused("[[team]]\nid = \"x\"\nmembers = [\"r\"]\n[[rotation]]\nid = \"r\"\n" + rotation).count == 1)
  }

  @Test("circles are named once, with their way")
  func circles() {
    let teams = """
      [[team]]
      id = "a"
      members = ["b", "desk"]
      [[team]]
      id = "b"
      members = ["a"]
      """
    #expect(
      problems(complete(teams)) == ["3: team.members: `a` contains itself (`a` → `b` → `a`); remove one of them here"])
    let people = """
      [[person]]
      id = "a"
      active = false
      instead = "b"
      [[person]]
      id = "b"
      active = false
      instead = "b"
      """
    #expect(
      problems(complete(people)) == ["8: person.instead: `b` stands in for itself (`b` → `b`); remove one of them here"]
    )
  }

  @Test("a local account acts as one active person")
  func logins() {
    func people(_ more: String) -> String {
      "[[person]]\nid = \"a\"\nemail = \"a\"\nlogin = \"l\"\n[[person]]\nid = \"b\"\nemail = \"b\"\nlogin = \"l\"\n"
        + more
    }
    #expect(problems(complete(people(""))) == ["8: person.login: `l` acts as `a` already; write it at one person only"])
    #expect(problems(complete(people("active = false"))).isEmpty)
  }

  @Test("a name is of one account, whatever its capitals")
  func accounts() {
    let text = """
      [[account]]
      id = "a"
      also = ["West", "B"]
      [[account]]
      id = "b"
      also = ["WEST"]
      """
    #expect(
      problems(complete(text)) == [
        "5: account.id: `b` names another account already; write it at one of them only",
        "6: account.also: `west` names another account already; write it at one of them only",
      ])
  }

  @Test("a channel whose command needs a key is for persons who have it")
  func placeholders() throws {
    let pager = "[[channel]]\nid = \"p\"\nkind = \"command\"\nrun = [\"/bin/page\", \"{pager}\", \"{name}\"]\n"
    let person = "[[person]]\nid = \"a\"\nchannels = [\"p\", \"mail\"]\n"
    #expect(
      problems(complete(pager + person)) == [
        "7: person.channels: `p` needs the key `pager`; write it here (pager = \"…\"), or remove the channel",
        "7: person.channels: `mail` needs the key `email`; write it here (email = \"…\"), or remove the channel",
      ])
    let checked = try read(complete(pager + person + "pager = \"1\"\nemail = \"a\""))
    #expect(checked.warnings == [])
    #expect(checked.configuration.office.channels["p"]?.placeholders == ["pager", "name"])
    #expect(checked.configuration.office.people["a"]?.value(ofKey: "pager") == "1")
    #expect(
      try read(complete(pager)).warnings.map(\.sentence).first?.hasPrefix("no person has the key `pager`") == true)
  }

  @Test("steps and reminders lie within the time that is given")
  func times() {
    let text = """
      [[account]]
      id = "a"
      [[account.policy]]
      urgency = "urgent"
      call_back_within = "30m"
      own_within = "31m"
      remind_before = ["10m", "1h"]
      step = [
        { before = "40m", notify = ["recipient"] },
        { after = "-5m", notify = [] },
      ]
      """
    #expect(
      problems(complete(text)).map { $0.prefix { $0 != ";" } } == [
        "6: account.policy.own_within: `31m` is too long", "7: account.policy.remind_before: `1h` is too long",
        "9: account.policy.step.before: `40m` is too long", "10: account.policy.step.after: `-5m` is not a span",
        "10: account.policy.step.notify: tells nobody",
      ])
  }

  @Test("a policy for an urgency that has one is refused")
  func twice() {
    let text =
      complete("")
      + "\n[[policy]]\nurgency = \"urgent\"\ncall_back_within = \"1h\"\nstep = [{ after = \"0m\", notify = [\"desk\"] }]"
    #expect(
      problems(text) == [
        "21: policy.urgency: there is a policy for urgent already; write another urgency, or remove one of the two"
      ])
  }

  @Test("what may be meant otherwise is a warning")
  func warnings() throws {
    let text = """
      [[person]]
      id = "a"
      name = "Dr. Chen"
      [[person]]
      id = "b"
      name = "Chen"
      email = "b"
      cell = "1"
      """
    #expect(
      try read(complete(text)).warnings.map { "\($0.line ?? 0) \($0.key ?? "")" } == [
        "1 person.email", "3 person.name", "6 person.name", "8 person.cell",
      ])
  }

  @Test("a section with the wrong number of brackets says which to write")
  func brackets() {
    #expect(
      problems(complete("[person]\nid = \"a\"").replacing("[[person]]\nid = \"desk\"", with: "[x]\nid = \"desk\""))
        .first
        == "1: person: there can be several, and each stands by itself; write [[person]] above its keys")
    #expect(
      problems(complete("[[mail]]\nparallel = 3")).first
        == "1: mail: this is a list, not a table; write a section: [mail] above its keys")
  }
}

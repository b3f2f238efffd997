import CallbackConfiguration
import CallbackRules
import Testing

@Suite struct ProfileTests {
  private static let profile = #"""
    fields = { "Physician" = "To", "Nbr" = "Phone", "CHART #" = "" }
    urgency_words = { "Code Blue" = "emergency" }
    dates = "day-first"
    patterns = [
      '''^FOR (?<Doctor>.+?) until (?<ReachableUntil>.+)$''', # one
      '''\(chart (?<Chart>\d+)\)''',
    ]
    """#

  @Test("services and accounts may have a profile, with further names, words and patterns")
  func all() throws {
    let office = try read(
      complete(
        "[[service]]\nid = \"night\"\nphone = \"5550100\"\n\(Self.profile)\n[[account]]\nid = \"a\"\n\(Self.profile)")
    ).configuration.office
    let fields: [String: Profile.Use] = ["physician": .means(.to), "nbr": .means(.callback), "chart": .isKept]
    let profile = Profile(
      fields: fields, urgencyWords: ["code blue": .emergency],
      patterns: try [#"^FOR (?<Doctor>.+?) until (?<ReachableUntil>.+)$"#, #"\(chart (?<Chart>\d+)\)"#].map {
        try MessagePattern($0, fields: fields)
      })
    #expect(office.services["night"]?.profile == profile && office.services["night"]?.dayFirst == true)
    #expect(office.accounts["a"]?.profile == profile && office.accounts["a"]?.dayFirst == true)
    #expect(
      profile.patterns.map { $0.groups.map(\.use) } == [[.means(.to), .means(.reachableUntil)], [.isKept]])
  }

  @Test("what is left out says nothing")
  func absent() throws {
    let office = try read(complete("[[service]]\nid = \"night\"\nphone = \"5550100\"\n")).configuration
      .office
    #expect(office.services["night"]?.profile.isEmpty == true && office.services["night"]?.dayFirst == nil)
  }

  @Test("sections of their own are read as tables in one line are")
  func sections() throws {
    let office = try read(
      complete(
        "[[account]]\nid = \"a\"\n[account.fields]\nNbr = \"Callback\"\n[account.urgency_words]\nnow = \"urgent\"")
    ).configuration.office
    #expect(office.accounts["a"]?.profile.fields == ["nbr": .means(.callback)])
    #expect(office.accounts["a"]?.profile.urgencyWords == ["now": .urgent])
  }

  @Test(
    "each mistake is named with its line and what to write",
    arguments: [
      (
        #"fields = { "Nbr" = "Calback" }"#,
        """
        4: account.fields.Nbr: `Calback` is no field of a message (did you mean `Callback`?); write one of To, Account, \
        Callback, Caller, Relationship, Patient, DOB, Urgency, Taken, Time, Promised, Reachable-Until, Voicemail-OK, \
        Language, Operator, Ref, Regarding, Body, Status, Sent, or "" for what is to be kept as it is
        """
      ),
      (
        #"fields = { "Chart#" = "", "chart" = "Ref" }"#,
        "4: account.fields.chart: `chart` stands here twice (capitals and ` -_#./` make no difference); remove one"
      ),
      (
        #"fields = { "Nbr:" = "Callback" }"#,
        "4: account.fields.Nbr:: `Nbr:` can't stand before a colon; write the name alone, 1 to 40 characters"
      ),
      (
        #"fields = "To""#,
        "4: account.fields: `To` is text, not a table; write a section: [account.fields] above its keys"
      ),
      (
        #"urgency_words = { "code blue" = "emergncy" }"#,
        "4: account.urgency_words.code blue: `emergncy` is not one of the known words; "
          + "write one of \"emergency\", \"urgent\", \"routine\""
      ),
      (
        #"urgency_words = { "urgent" = "routine" }"#,
        "4: account.urgency_words.urgent: `urgent` is an urgency itself and can't stand for another; remove the line"
      ),
      (
        "patterns = '''(?<To>.+)'''",
        "4: account.patterns: `(?<To>.+)` is text, not a list; write it in brackets: [ … ]"
      ),
      (
        "patterns = [\n'''(?<To>.+)''',\n'''(a+''']",
        "6: account.patterns: `(a+` is no regular expression; write a backslash before a character that stands for "
          + "itself, close every bracket, and name no group twice"
      ),
      (
        "patterns = ['''for (.+)''']",
        "4: account.patterns: `for (.+)` has no named group; write one for each field, such as (?<Caller>.+?)"
      ),
      (
        "patterns = ['''for (?<Calle>.+)''']",
        "4: account.patterns: the group `Calle` is no field of a message (did you mean `Caller`?); write a field's name "
          + "without spaces and marks, such as ReachableUntil, or add it to `fields`"
      ),
      (
        #"patterns = ['''(?<To>.+) \1''']"#,
        #"4: account.patterns: `(?<To>.+) \1` refers back to what a group found, which can take too long; "#
          + #"write it without \1 and \k"#
      ),
    ])
  func mistakes(line: String, problem: String) {
    let text = complete("\n[[account]]\nid = \"a\"\n\(line)\n")
    #expect(problems(text) == [problem])
  }

  @Test("a pattern that is too long is refused")
  func tooLong() {
    let text = complete("[[account]]\nid = \"a\"\npatterns = ['''(?<To>\(String(repeating: "a", count: 1000)))''']\n")
    #expect(problems(text).first?.hasSuffix("is too long; write at most 1000 characters") == true)
  }

  @Test("a name that means Account is warned of at an account, which would have to be known first")
  func tooLate() throws {
    let checked = try read(
      complete("[[account]]\nid = \"a\"\nfields = { \"Site\" = \"Account\" }\n"))
    #expect(
      checked.warnings.map(\.description) == [
        "test.toml:3: account.fields: a name that means Account is looked for before the account is known; "
          + "write it at the service"
      ])
  }

  @Test("groups in sets, comments and quotations, and what looks behind, are no names")
  func names() throws {
    let pattern = try MessagePattern(#"[(?<a>](?<=x)(?<!y)\Q(?<b>\E\((?#(?<c>.)(?<To>.+)(?:(?<Caller>z)|q)"#)
    #expect(pattern.groups.map(\.name) == ["To", "Caller"])
  }

  @Test("limits of message files are read, and those that would refuse ordinary messages are not allowed")
  func limits() throws {
    let spool = try read(
      complete("[spool]\nmax_line = \"2KiB\"\nmax_fields = 50\nmax_rows = 20\n")
    ).configuration.spool
    #expect(spool.maxLineBytes == 2048 && spool.maxFields == 50 && spool.maxRows == 20)
    let standard = try read(complete("")).configuration.spool
    #expect(standard.maxLineBytes == 65_536 && standard.maxFields == 200 && standard.maxRows == 10_000)
    #expect(
      problems(complete("[spool]\nmax_line = \"100B\"\nmax_fields = 10\nmax_rows = 0\n")) == [
        "2: spool.max_line: `100B` is too small; write at least 1KiB",
        "3: spool.max_fields: 10 is too small; write a number from 30 to 10000, without quotes",
        "4: spool.max_rows: 0 is too small; write a number from 1 to 100000, without quotes",
      ])
  }
}

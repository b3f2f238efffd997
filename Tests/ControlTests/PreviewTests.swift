import Foundation
import Testing

/// What `preview` shows, with no daemon.
@Suite struct PreviewTests {
  private let directory: TemporaryDirectory
  private let environment: [String: String]

  private static let configuration = """
    [site]
    name = "Riverside"
    time_zone = "America/New_York"
    fallback = "pat"
    [mail]
    from = "callbacks@riverside.example"
    answers = true
    [[person]]
    id = "pat"
    name = "Pat"
    email = "pat@riverside.example"
    [[person]]
    id = "rivera"
    name = "Dr. Rivera"
    email = "rivera@riverside.example"
    [[policy]]
    urgency = "emergency"
    call_back_within = "10m"
    step = [{ after = "0m", notify = ["recipient"] }]
    [[policy]]
    urgency = "urgent"
    call_back_within = "30m"
    step = [{ after = "0m", notify = ["recipient"] }]
    [[policy]]
    urgency = "routine"
    call_back_within = "4h"
    step = [{ after = "0m", notify = ["recipient"] }]
    [[service]]
    id = "night-desk"
    phone = "+1 555 010 9000"
    [[account]]
    id = "riverside"
    service = "night-desk"

    """

  init() throws {
    directory = try TemporaryDirectory()
    environment = ["CALLBACKD_CONFIG": directory.path + "/callbackd.toml"]
    try directory.write(Self.configuration, to: "callbackd.toml")
  }

  private func preview(_ arguments: String...) throws -> Program.Result {
    try Program.run(["preview"] + arguments, environment: environment)
  }

  @Test("a notice is shown as configured, with whom to phone and what to quote, and nobody's data")
  func text() throws {
    let shown = try preview("step")
    #expect(shown.status == 0 && shown.errors == "")
    let lines = shown.output.components(separatedBy: "\n")
    #expect(lines[0] == "Subject: [overdue by 10 min, urgent] Callback 12: riverside" && lines[1] == "")
    #expect(
      lines[2] == "Please ring the caller back, or see that somebody does: callback 12 is overdue, and nobody has it.")
    #expect(lines[3].hasPrefix("It was due ") && lines[3].hasSuffix(", 10 min ago."))
    #expect(
      lines[4]
        == "Reply with one of these: ok (I have it), done (reached), no answer, voicemail, busy, pass to NAME")
    #expect(
      lines[6].hasPrefix(
        "Whom to ring is not in this mail: phone the service at +1 555 010 9000 and quote callback 12, for riverside, taken "
      ))
    #expect(!shown.output.contains("Ortega"))
  }

  @Test("every kind can be shown, and is about what its name says")
  func kinds() throws {
    let help = try preview("--help").output
    let list = try #require(help.components(separatedBy: "Kinds: ").dropFirst().first?.prefix { $0 != "." })
    let kinds = list.split { $0 == "," || $0.isWhitespace }.map(String.init)
    #expect(kinds.count > 25 && kinds.contains("digest") && kinds.contains("storage-trouble"))
    for kind in kinds {
      let shown = try preview(kind)
      #expect(shown.status == 0 && shown.output.hasPrefix("Subject: "), "\(kind): \(shown.errors)")
    }
    #expect(try preview("overdue").output == preview("step").output)
    #expect(try preview("digest").output.contains("Subject: 5 callbacks: 2 overdue, worst by 10 min, urgent\n"))
    #expect(try preview("storage-trouble").output.contains("has not been able to write to its store"))
  }

  @Test("whom, how much and which part are options; with --json all parts come at once")
  func options() throws {
    let mail = try preview("announce", "--for", "rivera", "--detail", "full", "--format", "mail").output
    #expect(
      mail.contains("\nTo: \"Dr. Rivera\" <rivera@riverside.example>\n") && mail.contains("\nPatient: Luis Ortega\n"))
    let html = try preview("announce", "--detail", "full", "--format", "html").output
    #expect(html.hasPrefix("<!DOCTYPE html>\n") && html.contains("href=\"tel:+15550104477\""))
    #expect(try !preview("announce", "--format", "html").output.contains("tel:"))
    let json =
      try JSONSerialization.jsonObject(with: Data(preview("overdue", "--json").output.utf8)) as? [String: String]
    #expect(json.map { Set($0.keys) } == ["kind", "subject", "text", "html", "mail"] && json?["kind"] == "step")
  }

  @Test("a kind or person that there is not is answered by the nearest there is")
  func mistakes() throws {
    let kind = try preview("digset")
    #expect(kind.status == 64 && kind.errors.contains("There is no kind of notice digset; did you mean digest?"))
    let person = try preview("step", "--for", "riviera")
    #expect(person.status == 65 && person.errors == "callbackctl: There is no person riviera; did you mean rivera?\n")
    #expect(try preview("weather").errors.contains("write one of announce, reminder, "))
  }

  @Test("the office's templates are used, and their mistakes named")
  func templates() throws {
    try directory.write("Nr. {{number}} {{#message}}{{patient}}{{/message}}", to: "templates/notice.text.mustache")
    #expect(try preview("step").output.hasSuffix("\n\nNr. 12 \n"))
    #expect(try preview("step", "--detail", "full").output.hasSuffix("\n\nNr. 12 Luis Ortega\n"))
    try directory.write("{{number}} {{patient}}", to: "templates/notice.text.mustache")
    let refused = try preview("step")
    #expect(
      refused.status == 65 && refused.errors.contains("/templates/notice.text.mustache:1: `patient` is patient data"))
  }
}

import CallbackConfiguration
import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

/// The templates that an office puts beside its configuration.
@Suite("Templates of the office")
struct TemplateTests {
  let scene: Scene

  init() throws { scene = try Scene() }

  /// What is said of these files, each without its directory.
  private func problems(_ files: [String: String]) throws -> [String] {
    do {
      _ = try load(files)
      return []
    } catch let error as ConfigurationError {
      return error.problems.map { $0.description.replacingOccurrences(of: scene.path("templates/"), with: "") }
    }
  }

  private func load(
    _ files: [String: String]
  ) throws -> (templates: NoticeTemplates, warnings: [ConfigurationProblem]) {
    for (name, text) in files { try write(Array(text.utf8), to: name) }
    var configuration = Configuration(office: scene.office, mail: scene.mail)
    configuration.mail.detail = scene.mail.detail
    return try NoticeTemplates.load(beside: scene.path("callbackd.toml"), for: configuration, now: Scene.now)
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    try FileManager.default.createDirectory(atPath: scene.path("templates"), withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: scene.path("templates/\(name)")))
  }

  private func use(_ files: [String: String]) throws { scene.templates = try load(files).templates }

  @Test("without a directory the shipped ones hold, and files of it stand for single ones")
  func some() throws {
    let shipped = try scene.compose(Scene.item())
    try use([:])
    #expect(try scene.compose(Scene.item()) == shipped)
    try use(["notice.text.mustache": "Ring back: {{number}}, {{lateness}}\n{{! not shown }}\n"])
    #expect(try scene.body(Scene.item()) == "Ring back: 12, overdue by 10 min\n")
    #expect(try scene.html(Scene.item()) == Scene.part("html", of: shipped))
  }

  @Test("the shipped templates are those in config/templates, and pass as an office's own", arguments: [false, true])
  func shippedFiles(full: Bool) throws {
    scene.mail.detail = full ? .full : .minimal
    let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config/templates")
    var files: [String: String] = [:]
    for name in TemplateName.all {
      files[name.file] = try String(contentsOf: directory.appending(path: name.file), encoding: .utf8)
      #expect(files[name.file] == name.shipped)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path()).sorted() == files.keys.sorted())
    #expect(try problems(files) == [])
    let loaded = try load([:])
    #expect(loaded.warnings == [])
    let shipped = try scene.compose(Scene.digest())
    scene.templates = loaded.templates
    #expect(try scene.compose(Scene.digest()) == shipped)
  }

  @Test(
    "a mistake is named with file and line, and with what to write",
    arguments: [
      ("\n{{numbr}} {{number}}", 2, "unknown field `numbr`; did you mean `number`?"),
      ("{{number}}\n{{#overdue}}\nlate", 2, "{{#overdue}} has no end; write {{/overdue}} behind what belongs to it"),
      ("{{number}}{{/overdue}}", 1, "{{/overdue}} ends nothing; write {{#overdue}} before it, or remove it"),
      (
        "{{number}}\n{{#overdue}}{{^yours}}\n{{/overdue}}", 3,
        "{{/overdue}} ends {{#yours}} of line 2; write {{/yours}}"
      ),
      ("{{number", 1, "this {{ has no }} behind it; write {{name}}"),
      ("{{number}}\n\n{{ }}", 3, "`` is no name of a field; write small letters, digits and `_`"),
      (
        "{{number}} {{message.patient}}", 1,
        "`message.patient` is no name of a field; write small letters, digits and `_`"
      ),
      (
        "{{number}} {{uppercased(lateness)}}", 1,
        "`uppercased(lateness)` is no name of a field; write small letters, digits and `_`"
      ),
      (
        "{{{number}}}", 1, "a field can't be left as it is; write {{name}}: only HTML is escaped, texts are not"
      ),
      ("{{number}}{{> other}}", 1, "templates can't hold others; write out what is to stand here"),
      ("{{=<% %>=}}<%number%>", 1, "the marks {{ and }} can't be changed; write the text without this tag"),
      (
        "{{number}}{{overdue}}", 1,
        "`overdue` says yes or no, and shows nothing by itself; write {{#overdue}}…{{/overdue}}"
      ),
      ("{{number}}{{answers}}", 1, "`answers` holds further fields; write {{#answers}}…{{/answers}}"),
      ("{{number}}{{say}}", 1, "`say` is a field of `answers`; write it within {{#answers}}…{{/answers}}"),
      (
        "{{number}}{{#answers}}{{#answers}}{{say}}{{/answers}}{{/answers}}", 1,
        "`answers` stands in itself; write its fields here, without {{#answers}}…{{/answers}}"
      ),
      ("{{number}}\n\u{1B}[2J", 2, "this line holds a control character; remove it"),
      ("a\rb {{number}}", 1, "this line holds a control character; remove it"),
    ])
  func mistakes(text: String, line: Int, sentence: String) throws {
    let found = try problems(["notice.text.mustache": text])
    #expect(found.contains("notice.text.mustache:\(line): \(sentence)"), "\(found)")
  }

  @Test("an unknown field that resembles none is answered by all there are")
  func unknown() throws {
    let found = try problems(["alarm.subject.mustache": "{{weather_tomorrow}}"])
    #expect(
      found.count == 1
        && found[0].hasPrefix("alarm.subject.mustache:1: unknown field `weather_tomorrow`; write one of "))
    #expect(found[0].contains("happened, ") && found[0].contains("remedy, "))
  }

  @Test("sections deeper than eight are refused, however many there are")
  func deep() throws {
    let depth = 2000
    let text =
      String(repeating: "{{#overdue}}", count: depth) + "{{number}}" + String(repeating: "{{/overdue}}", count: depth)
    #expect(try problems(["notice.text.mustache": String(text.prefix(32 << 10))]).contains { $0.contains("deep") })
    let nine = String(repeating: "{{#overdue}}", count: 9) + String(repeating: "{{/overdue}}", count: 9)
    #expect(
      try problems(["notice.text.mustache": "{{number}}" + nine])
        == ["notice.text.mustache:1: sections lie more than 8 deep; write fewer"])
  }

  @Test(
    "under detail minimal a field of the message is refused, wherever nothing keeps it from showing",
    arguments: ["patient", "caller", "callback", "dial", "date_of_birth", "regarding", "body", "ref", "facts"])
  func patients(field: String) throws {
    for (file, number) in [
      ("notice.text", "{{number}}"), ("notice.subject", "{{number}}"), ("notice.html", "{{number}}"),
    ] {
      #expect(
        try problems(["\(file).mustache": "\(number) {{\(field)}}"]) == [
          "\(file).mustache:1: `\(field)` is patient data, and mail.detail is \"minimal\"; remove it, or write it within "
            + "{{#message}}…{{/message}}, which is left out then"
        ])
      try FileManager.default.removeItem(atPath: scene.path("templates/\(file).mustache"))
    }
    let digest = try problems([
      "digest.text.mustache": "{{#callbacks}}{{number}}\n{{\(field)}}{{/callbacks}}{{\(field)}}"
    ])
    #expect(digest.count == 2 && digest.allSatisfy { $0.contains(":2: `\(field)` is patient data, and mail.detail") })
  }

  @Test("within the section of the message they show with detail full, and are left out with minimal")
  func messageSection() throws {
    let text =
      "{{number}}{{#message}} {{patient}}: {{#facts}}{{name}}={{value}},{{/facts}}{{/message}}{{^message}}!{{/message}}"
    try use(["notice.text.mustache": text])
    #expect(try scene.body(Scene.item()) == "12!\n")
    scene.mail.detail = .full
    try use(["notice.text.mustache": text])
    #expect(try scene.body(Scene.item()).hasPrefix("12 Luis Ortega: Number=555-010-4477,Caller=Maria Ortega,"))
    #expect(
      try problems(["notice.text.mustache": "{{number}} {{patient}}"]) == [
        "notice.text.mustache:1: `patient` is a field of the message; write it within {{#message}}…{{/message}}"
      ])
  }

  @Test(
    "what can't be sent is refused, with the case in which it comes out so",
    arguments: [
      ("notice.subject", "\n", "for a notice (announce) it comes out empty"),
      ("notice.subject", "Callback\n{{number}}", "for a notice (announce) it comes out in more than one line"),
      ("notice.subject", "Callback", "for a notice (announce) it leaves out the callback's number"),
      ("notice.text", "{{^closed}}{{number}}{{/closed}}", "for a notice (closed-by-mail) it comes out empty"),
      (
        "notice.text", "{{#overdue}}{{number}}{{/overdue}} x",
        "for a notice (announce) it leaves out the callback's number"
      ),
      (
        "notice.html", "<b>{{^missing}}{{number}}{{/missing}}</b>",
        "for a notice (announce) it leaves out the callback's number"
      ),
      ("digest.text", "{{todo}}", "for a digest it leaves out the callback's number"),
      ("digest.subject", "{{#late}}{{count}}, {{late}} late{{/late}}", "for a digest it comes out empty"),
      ("alarm.text", "{{#is_down_time}}down{{/is_down_time}}", "for an alarm (clock-set) it comes out empty"),
    ])
  func faults(file: String, text: String, fault: String) throws {
    let found = try problems(["\(file).mustache": text])
    #expect(found.count == 1 && found[0].hasPrefix("\(file).mustache: \(fault); write "), "\(found)")
  }

  @Test("a file by another name is refused where it was meant for a template, and mentioned where it was not")
  func names() throws {
    #expect(
      try problems(["notcie.text.mustache": "{{number}}"])
        == ["notcie.text.mustache: there is no such template; did you mean `notice.text.mustache`?"])
    try FileManager.default.removeItem(atPath: scene.path("templates/notcie.text.mustache"))
    let warnings = try load(["README": "x", ".notice.text.mustache.swp": "x", "notice.text.mustache~": "x"]).warnings
    #expect(warnings.map(\.description).map { $0.contains("README: this is no template") } == [true])
  }

  @Test("files that others may write, that are too large, no text, or no files are refused")
  func unsafe() throws {
    try write(Array("{{number}}".utf8), to: "notice.text.mustache")
    try #require(chmod(scene.path("templates/notice.text.mustache"), 0o666) == 0)
    #expect(
      try problems([:]) == [
        "notice.text.mustache: everybody may write this file, and with it what mails say; `chmod o-w` it"
      ])
    try write(Array(repeating: 120, count: 40_000), to: "notice.text.mustache")
    try #require(chmod(scene.path("templates/notice.text.mustache"), 0o644) == 0)
    #expect(try problems([:])[0].hasPrefix("notice.text.mustache: this has more than 32768 bytes;"))
    try write(Array("{{number}}\n".utf8) + [0xFF], to: "notice.text.mustache")
    #expect(try problems([:])[0].hasPrefix("notice.text.mustache:2: this line has a character that is not UTF-8;"))
    try FileManager.default.removeItem(atPath: scene.path("templates/notice.text.mustache"))
    try FileManager.default.createDirectory(
      atPath: scene.path("templates/notice.text.mustache"), withIntermediateDirectories: false)
    #expect(try problems([:])[0].hasPrefix("notice.text.mustache: this is not a file;"))
    try #require(chmod(scene.path("templates"), 0o777) == 0)
    #expect(try problems([:])[0].contains("everybody may write this directory"))
  }

  @Test("line ends of Windows and a byte order mark do no harm")
  func windows() throws {
    try use(["notice.text.mustache": "\u{FEFF}{{! x }}\r\n{{number}}\r\n{{#overdue}}\r\nlate\r\n{{/overdue}}\r\n"])
    #expect(try scene.body(Scene.item()) == "12\nlate\n")
  }

  @Test("nothing that a message holds is read as a template")
  func once() throws {
    scene.mail.detail = .full
    var item = Scene.item()
    item.callback.message.patient = "{{number}}{{#overdue}}x{{/overdue}}"
    item.callback.message.body = "{{{number}}} {{> notice.text}}"
    let mail = try scene.compose(item)
    #expect(Scene.part("plain", of: mail).contains("Patient: {{number}}{{#overdue}}x{{/overdue}}\n"))
    #expect(Scene.part("plain", of: mail).contains("\n{{{number}}} {{> notice.text}}\n"))
    #expect(Scene.part("html", of: mail).contains("{{{number}}} {{&gt; notice.text}}"))
  }

  @Test("HTML escapes every mark, whatever stands behind it, and text none")
  func escaping() throws {
    try use([
      "notice.html.mustache": "{{number}}<i title=\"{{account}}\">", "notice.text.mustache": "{{number}} {{account}}",
    ])
    var item = Scene.item()
    item.callback.message.account = "<\u{338}b> & \"\u{301} onclick='x'\u{20E3}"
    #expect(try scene.body(item) == "12 <\u{338}b> & \"\u{301} onclick='x'\u{20E3}\n")
    #expect(
      try scene.html(item)
        == "12<i title=\"&lt;\u{338}b&gt; &amp; &quot;\u{301} onclick=&#39;x&#39;\u{20E3}\">\n")
  }

  @Test(
    "where the office's template leaves nothing to answer by in a case that was not tried, the shipped one stands in")
  func fallback() throws {
    // No sample has a caller who rang again for another reason than that.
    let calls = "{{#calls}}{{#is_repeat_call}}{{number}}{{/is_repeat_call}}{{/calls}}"
    try use(["notice.text.mustache": "{{^calls}}{{number}}{{/calls}}\(calls)"])
    #expect(try scene.body(Scene.item()) == "12\n")
    var item = Scene.item()
    item.callback.repeatCalls = 8
    #expect(try scene.body(item).hasPrefix("Please ring the caller back"))
  }

  @Test("docs/notices.md names every field of every kind")
  func documented() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/notices.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    for kind in TemplateName.Kind.allCases {
      for name in Self.names(in: SampleNotice.names(of: kind)) {
        // Those of a reason or a kind of alarm are named by a rule.
        let word = name.hasPrefix("is_") ? String(name.dropFirst(3).replacing("_", with: "-")) : name
        #expect(text.contains("`\(word)`"), "\(kind): \(name)")
      }
    }
    for name in TemplateName.all { #expect(text.contains("`\(name.file)`")) }
  }

  private static func names(in names: FieldNames) -> [String] {
    names.kinds.flatMap { name, kind in
      switch kind {
      case .text, .flag: [name]
      case .list(let inner), .group(let inner): [name] + Self.names(in: inner)
      }
    }
  }
}

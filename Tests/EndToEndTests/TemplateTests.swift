import Foundation
import Testing

/// An office's own templates, beside its configuration.
@Suite("templates of mails", .fewAtOnce)
struct TemplateTests {
  private func write(_ text: String, to name: String, in place: Workplace) throws {
    try FileManager.default.createDirectory(atPath: place.root + "/templates", withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(place.root)/templates/\(name)"))
  }

  @Test(
    "with a mistake in one, --check and start end with 78 and name file, line and remedy", arguments: [["--check"], []])
  func refused(arguments: [String]) async throws {
    let place = try Workplace()
    try write("{{number}}\n{{patient}}\n{{#overdue}}", to: "notice.text.mustache", in: place)
    try write("{{count}}\n\nlate", to: "digest.subject.mustache", in: place)
    let daemon = try DaemonProcess(in: place, arguments: arguments)
    #expect(try await daemon.ended() == .exited(78))
    let file = "\(place.root)/templates/notice.text.mustache"
    #expect(daemon.log.contains("\(file):3: {{#overdue}} has no end; write {{/overdue}}"))
    #expect(
      daemon.log.contains("/templates/digest.subject.mustache: for a digest it comes out in more than one line; "))
    try write("{{number}}\n{{patient}}\n", to: "notice.text.mustache", in: place)
    let again = try DaemonProcess(in: place, arguments: arguments)
    #expect(try await again.ended() == .exited(78))
    #expect(again.log.contains("\(file):2: `patient` is patient data, and mail.detail is \"minimal\"; remove it"))
  }

  @Test("a reload takes them with the configuration, or neither")
  func reload() async throws {
    let place = try Workplace()
    let daemon = try DaemonProcess(in: place)
    try await daemon.ready()
    try write("Nummer {{number}}: {{nmber}}", to: "notice.subject.mustache", in: place)
    var office = OfficeText()
    office.riveraMail = "new@riverside.example"
    try place.configure(office)
    try await reload(daemon)
    #expect(daemon.log.contains("unknown field `nmber`; did you mean `number`?"))
    #expect(daemon.log.contains("so the old one stays in force"))
    try place.drop("Caller: Jane Doe\nCallback: 555-010-4477\n", as: "first.txt")
    try await waitUntil("a mail as before", context: place.log) { try place.mails(to: OfficeText.rivera).count == 1 }
    #expect(try place.mails[0].subject.contains("] Callback 1: "))

    try write("Nummer {{number}}\n", to: "notice.subject.mustache", in: place)
    try await reload(daemon)
    try place.drop("Caller: Lee Roe\nCallback: 555-010-3333\n", as: "second.txt")
    try await waitUntil("a mail by both", context: place.log) {
      try place.mails(to: "new@riverside.example").map(\.subject) == ["Nummer 2"]
    }
    try await daemon.stop()
  }

  private func reload(_ daemon: DaemonProcess) async throws {
    let before = daemon.manager.received.count
    try daemon.send(SIGHUP)
    try await waitUntil("READY=1 after the reload") { daemon.manager.first("READY=1", after: before) != nil }
  }
}

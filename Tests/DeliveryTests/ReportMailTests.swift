import CallbackReports
import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

@Suite("A report as a mail")
struct ReportMailTests {
  private func report(site: String = "Riverside Family Practice", name: String = "Dr. Rivera") -> Report {
    let query = ReportQuery(since: Scene.now - 604_800, until: Scene.now, grouping: .person)
    var tally = ReportTally(query, zone: Scene.newYork, now: Scene.now)
    let taken = Int((Scene.now - 86_400).timeIntervalSince1970)
    var row = ReportRow(
      account: "riverside", urgency: .urgent, recipient: "rivera", takenAt: taken, admittedAt: taken, dueAt: taken + 60)
    tally.add(row)
    row.reachedAt = taken
    tally.add(row)
    return tally.report(site: site, open: Report.Now()) { _ in name }
  }

  private func mail(_ report: Report, to name: String = "Pat Moore") throws -> String {
    let address = try #require(MailAddress("moore@riverside.example"))
    let sender = try #require(MailAddress("callbacks@riverside.example"))
    let mail = ReportMail(report: report, sender: sender, name: "report-17.manager")
    return String(
      decoding: mail.compose(to: Person(id: "manager", name: name, email: address.text), at: address), as: UTF8.self)
  }

  @Test("It has the figures as text, and the page attached")
  func parts() throws {
    let mail = try mail(report())
    let parts = mail.components(separatedBy: "--=_callbackd-report")
    #expect(parts.count == 4 && parts[3] == "--\n")
    #expect(parts[0].contains("Subject: Promises kept 2026-11-16 to 2026-11-23: 50.0 %, 1 broken\n"))
    #expect(parts[0].contains("Message-ID: <report-17.manager@riverside.example>\n"))
    #expect(parts[0].contains("Content-Type: multipart/mixed; boundary=\"=_callbackd-report\"\n"))
    #expect(
      parts[1].hasPrefix("\nContent-Type: text/plain; charset=utf-8\n")
        && parts[1].contains("Riverside Family Practice"))
    #expect(parts[2].contains("Content-Disposition: attachment; filename=\"promises-2026-11-16.html\"\n"))
    #expect(parts[2].contains("<!DOCTYPE html>"))
  }

  @Test("It is ASCII in short lines, whatever names are, and nothing in one begins a header")
  func hostile() throws {
    let evil =
      "X\r\nBcc: evil@example.org\n--=_callbackd-report--\u{202E}é\u{1B}[2J" + String(repeating: "y", count: 2000)
    let mail = try mail(report(site: evil, name: evil), to: evil)
    for line in mail.split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(line.utf8.count <= 78 && line.utf8.allSatisfy { (32...126).contains($0) })
      #expect(!line.hasPrefix("Bcc"))
    }
    #expect(mail.components(separatedBy: "\n--=_callbackd-report--\n").count == 2)
  }

  @Test("It goes by sendmail; somebody without an address is refused, a sendmail that fails is tried again")
  func outcomes() async throws {
    let scene = try Scene()
    scene.mail.sendmail = try scene.script("sendmail", "cat >$here/mail; echo \"$@\" >$here/arguments")
    let rivera = try #require(scene.people.first)
    #expect(await scene.deliverer.mail(report(), named: "report-17", to: rivera) == .delivered)
    #expect(try scene.read("arguments") == "-i -f callbacks@riverside.example -- rivera@riverside.example\n")
    #expect(try scene.read("mail").contains("To: \"Dr. Rivera\" <rivera@riverside.example>\n"))
    let nobody = Person(id: "lee", name: "Sam Lee")
    #expect(
      await scene.deliverer.mail(report(), named: "x", to: nobody) == .refused("lee has no plain e-mail address"))
    scene.mail.sendmail = try scene.script("sendmail", "exit 75")
    guard case .retryLater = await scene.deliverer.mail(report(), named: "x", to: rivera) else {
      return #expect(Bool(false), "it is not tried again")
    }
  }
}

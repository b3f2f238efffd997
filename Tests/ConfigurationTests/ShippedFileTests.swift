import CallbackConfiguration
import CallbackRules
import Foundation
import Testing

@Suite struct ShippedFileTests {
  static let path = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../config/callbackd.toml").standardizedFileURL.path()

  @Test("the shipped file loads without warnings and delivers everything to the local root")
  func works() throws {
    let checked = try Configuration.load(file: Self.path)
    #expect(checked.warnings == [])
    let office = checked.configuration.office
    #expect(office.fallback == "root")
    #expect(office.people == ["root": Person(id: "root", name: "root", email: "root", login: "root")])
    #expect(office.accounts["practice"]?.recipient == "root")
    #expect(office.channels["wall"]?.kind == .file)
    #expect(Set(office.policies.keys) == Set(Urgency.allCases))
  }

  @Test("what the shipped file states as defaults are the defaults")
  func statedDefaults() throws {
    let shipped = try Configuration.load(file: Self.path).configuration
    let bare = try read(complete("")).configuration
    #expect(shipped.paths == bare.paths)
    #expect(shipped.spool == bare.spool)
    #expect(shipped.office.repeatCaller == bare.office.repeatCaller)
    #expect(shipped.keep == bare.keep)
    #expect(shipped.alarmAfter == bare.alarmAfter)
    var mail = shipped.mail
    mail.from = bare.mail.from
    #expect(mail == bare.mail)
    #expect(shipped.office.policies[.urgent]?.retry == bare.office.policies[.urgent]?.retry)
  }

  @Test("every example in the shipped file can be used as it stands")
  func examples() throws {
    let text = try String(contentsOfFile: Self.path, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("#") && line.dropFirst().first.map { $0.isLetter || "[\"".contains($0) } == true
        ? line.dropFirst() : line
    }
    let checked = try read(lines.joined(separator: "\n"))
    let office = checked.configuration.office
    #expect(office.people["rivera"]?.keys == ["pager": "5550100"])
    #expect(office.people["chen"]?.instead == "rivera")
    #expect(office.rotations["oncall"]?.overrides.count == 1)
    #expect(office.rotations["oncall"]?.layers.map(\.hours) == [nil, "office"])
    #expect(office.hours["office"]?.spans.count == 3)
    #expect(office.urgencyWords == ["code blue": .emergency])
    #expect(office.services["night-desk"]?.phone == "+1 555 010 9000")
    #expect(office.services["night-desk"]?.profile.fields == ["physician": .means(.to), "chart": .isKept])
    #expect(office.services["night-desk"]?.profile.patterns.map(\.groups.count) == [3])
    #expect(checked.configuration.mail.from == "callbacks@riverside.example")
    #expect(checked.warnings.isEmpty)
    let service = try #require(office.services["night-desk"])
    #expect(service.quietAfter == TimeSpan(seconds: 4 * 3600) && service.hours == "office")
    #expect(service.refsWithin == TimeSpan(seconds: 600))
    let account = try #require(office.accounts["practice"])
    #expect(account.hours == "office")
    #expect(account.policies[.routine]?.callBackWithin == TimeSpan(days: 1))
  }
}

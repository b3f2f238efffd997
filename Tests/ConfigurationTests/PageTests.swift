import CallbackConfiguration
import Foundation
import Testing

/// callbackd.toml(5) has every key that the loader knows, and no other.
@Suite struct PageTests {
  /// The keys that stand in the page, by their table: `site`, `rotation.layer`.
  private static func written() throws -> [String: Set<String>] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/callbackd.toml.5")
    let text = try String(contentsOf: file, encoding: .utf8)
    var (table, keys): (String?, [String: Set<String>]) = (nil, [:])
    for line in text.split(separator: "\n") {
      if line.hasPrefix(".Ss ") {
        table = line.dropFirst(4).trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
      } else if line.hasPrefix(".Sh ") {
        table = nil
      } else if line.hasPrefix(".It Cm "), let table {
        keys[table, default: []].insert(String(line.dropFirst(7).prefix { $0 != " " }))
      }
    }
    return keys
  }

  /// The keys that the loader names where it meets one that nobody knows.
  private func known(_ text: String, under place: String) throws -> Set<String> {
    let problem = try #require(
      problems(complete(text)).first { $0.contains("\(place)qqqqqqqqqqqq: unknown key") }, "\(problems(complete(text)))"
    )
    let list = try #require(problem.components(separatedBy: "write one of ").last)
    return Set(list.components(separatedBy: ", "))
  }

  @Test("every table is there, and no other")
  func tables() throws {
    var tables = try known("qqqqqqqqqqqq = 1", under: "")
    // Those that stand within others.
    tables.formUnion(["rotation.layer", "rotation.override", "policy.step", "policy.retry", "account.policy"])
    #expect(try Set(Self.written().keys) == tables)
  }

  @Test(
    "every key of a table is there, and no other",
    arguments: [
      ("paths", "[paths]"), ("spool", "[spool]"), ("repeat_caller", "[repeat_caller]"), ("keep", "[keep]"),
      ("mail", "[mail]"), ("report", "[report]"), ("metrics", "[metrics]"), ("team", "[[team]]"),
      ("rotation", "[[rotation]]"), ("rotation.layer", "[[rotation]]\n[[rotation.layer]]"),
      ("rotation.override", "[[rotation]]\n[[rotation.override]]"), ("hours", "[[hours]]"), ("service", "[[service]]"),
      ("account", "[[account]]"), ("channel", "[[channel]]"), ("policy", "[[policy]]"),
      ("policy.retry", "[[policy]]\n[policy.retry]"), ("policy.step", "[[policy]]\n[[policy.step]]"),
    ])
  func keys(table: String, header: String) throws {
    let known = try known("\(header)\nqqqqqqqqqqqq = 1", under: "\(table).")
    // Tables within it stand by themselves.
    let within = try Set(Self.written().keys.filter { $0.hasPrefix(table + ".") }.map { $0.dropFirst(table.count + 1) })
    let written = try #require(Self.written()[table])
    #expect(written.union(within.map(String.init)) == known)
  }

  @Test("every key of the site, of persons and of an account's policy that the page has is known")
  func others() throws {
    let written = try Self.written()
    let site = try known("", site: "fallback = \"desk\"\nqqqqqqqqqqqq = 1")
    #expect(try #require(written["site"]) == site)
    // A person may have further keys, so that only a value of the wrong kind shows which are known.
    for key in try #require(written["person"]) where key != "pager" {
      let others = key == "id" ? "" : "id = \"x\"\n"
      let found = problems(complete("[[person]]\n\(others)\(key) = 1979-05-27T07:32:00Z"))
      #expect(found.contains { $0.contains("person.\(key)") }, "\(key)")
    }
    #expect(try #require(written["account.policy"]).isSubset(of: try #require(written["policy"])))
  }

  private func known(_ text: String, site: String) throws -> Set<String> {
    let problem = try #require(problems(complete(text, site: site)).first { $0.contains("site.qqqqqqqqqqqq") })
    return Set(try #require(problem.components(separatedBy: "write one of ").last).components(separatedBy: ", "))
  }
}

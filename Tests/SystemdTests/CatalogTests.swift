import Foundation
import Testing

@testable import Systemd

@Suite("The journal's catalog")
struct CatalogTests {
  @Test("explains every message, and none that does not exist")
  func agreement() throws {
    let ids = try entries().map(\.id)
    #expect(Set(ids) == Set(JournalMessage.allCases.map(\.rawValue)))
    #expect(ids.count == Set(ids).count)
  }

  @Test("says of each what it is called, whose it is, and what to do, with fields that are logged")
  func completeness() throws {
    for entry in try entries() {
      let (header, text) = try #require(entry.split, "\(entry.id) has no empty line after its header")
      #expect(header.contains { $0.hasPrefix("Subject: ") }, "\(entry.id)")
      #expect(header.contains("Defined-By: callbackd"), "\(entry.id)")
      #expect(text.count > 80, "\(entry.id)")
      let fields = (header.joined() + text).matches(of: /@([A-Z_]+)@/).map { String($0.output.1) }
      #expect(Set(fields).isSubset(of: ["CALLBACK", "ACCOUNT", "NOTICE"]), "\(entry.id)")
    }
  }

  @Test("ids are 128 bits in hexadecimal, as sd_id128_t is written")
  func ids() {
    for message in JournalMessage.allCases {
      #expect(message.rawValue.wholeMatch(of: /[0-9a-f]{32}/) != nil, "\(message)")
    }
  }

  private struct Entry {
    var id: String
    var lines: [String] = []

    /// The header's lines, and the text behind the first empty line.
    var split: ([String], String)? {
      guard let blank = lines.firstIndex(of: "") else { return nil }
      return (Array(lines[..<blank]), lines[(blank + 1)...].joined(separator: "\n"))
    }
  }

  /// The catalog's entries: `-- ID`, a header, an empty line, text (the format of systemd's own catalogs).
  private func entries() throws -> [Entry] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../systemd/callbackd.catalog")
    var entries: [Entry] = []
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("-- ") {
        entries.append(Entry(id: String(line.dropFirst(3))))
      } else if !entries.isEmpty {
        entries[entries.count - 1].lines.append(String(line))
      }
    }
    return entries
  }
}

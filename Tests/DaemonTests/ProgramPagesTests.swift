import CProgramPages
import Foundation
import Testing

@Suite("Memory of the program's file")
struct ProgramPagesTests {
  @Test("Is given back, and what is used again comes back by itself")
  func released() throws {
    // Other tests, which run beside this one, have it back at once.
    let isLess = try (1...100).contains { _ in
      let before = try residentFileKiB()
      program_pages_release()
      // Reads a file and parses text: code that was taken away.
      return try residentFileKiB() < before
    }
    #expect(isLess)
  }

  /// What is resident of files that are mapped.
  private func residentFileKiB() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
    return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
  }
}

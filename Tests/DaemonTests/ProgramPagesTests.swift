import CProgramPages
import Foundation
import Testing

@Suite("Memory of the program's file")
struct ProgramPagesTests {
  @Test("Is given back, and what is used again comes back by itself")
  func released() throws {
    let before = try residentFileKiB()
    program_pages_release()
    // Reads a file, parses text and runs on: code that was taken away.
    let after = try residentFileKiB()
    #expect(after < before / 2)
  }

  /// What is resident of files that are mapped.
  private func residentFileKiB() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
    return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
  }
}

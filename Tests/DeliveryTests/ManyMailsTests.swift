import Foundation
import Testing

@testable import CallbackDelivery

extension HandingOver {
  /// Mails by the thousand, read by a parser that is not ours.
  @Suite("Many mails")
  struct ManyMailsTests {
    /// `CALLBACKD_MAILS=10000` for more.
    static let count = ProcessInfo.processInfo.environment["CALLBACKD_MAILS"].flatMap { Int($0) } ?? 400

    private struct Report: Decodable {
      let mails: Int
      let threads: Int
      let longest: Int
      let faults: Int
      let first: [String]
    }

    @Test("no mail of any office, about anything, is found fault with, and all notices of a callback are one thread")
    func strict() throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      let scene = try Scene()
      var mails = Data()
      var count = 0
      var office = 0
      while count < Self.count {
        office += 1
        var notices = RandomNotices(seed: seed &+ UInt64(office), number: office)
        for _ in 0..<20 {
          for sample in notices.next() {
            let about = Header(
              length: sample.mail.count, office: sample.office, hidden: sample.hidden, shown: sample.shown)
            mails += try JSONEncoder().encode(about) + [10] + sample.mail
            count += 1
          }
        }
      }
      try mails.write(to: URL(fileURLWithPath: scene.path("mails")))
      let report = try check(scene.path("mails"))
      #expect(report.faults == 0, "seed \(seed): \(report.first.joined(separator: "\n"))")
      #expect(report.mails == count && report.longest <= 998)
      #expect(report.threads > count / 10)
    }

    private struct Header: Encodable {
      let length: Int
      let office: Int
      let hidden: [String]
      let shown: [String]
    }

    private func check(_ path: String) throws -> Report {
      let python = Process()
      python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "check-mails.py")
      python.arguments = ["python3", script.path()]
      python.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      let output = Pipe()
      python.standardOutput = output
      try python.run()
      let json = output.fileHandleForReading.readDataToEndOfFile()
      python.waitUntilExit()
      try #require(python.terminationStatus == 0, "python3 failed, or is missing; its words stand above")
      return try JSONDecoder().decode(Report.self, from: json)
    }
  }
}

import Foundation

/// An SMTP server on loopback that counts mails (Peers/smtp-sink).
final class MailSink {
  private(set) var port = 0
  private let process = Process()
  private let pipe = Pipe()
  private var said = Data()

  /// - Parameter count: how many mails will come.
  init(_ program: String, count: Int) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [String(count)]
    process.standardOutput = pipe
    try process.run()

    guard let line = nextLine(), let port = Int(line) else { throw CannotMeasure("\(program) did not say its port") }
    self.port = port
  }

  deinit { if process.isRunning { process.terminate() } }

  /// Waits until all have come.
  ///
  /// - Returns: when the last one came.
  func allCame() throws -> Date {
    guard let line = nextLine(), let seconds = Double(line) else { throw CannotMeasure("the mails never came") }
    process.waitUntilExit()
    return Date(timeIntervalSince1970: seconds)
  }

  private func nextLine() -> String? {
    while true {
      if let end = said.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: said[..<end], as: UTF8.self)
        said.removeSubrange(...end)
        return line
      }
      let more = pipe.fileHandleForReading.availableData
      guard !more.isEmpty else { return nil }
      said += more
    }
  }
}

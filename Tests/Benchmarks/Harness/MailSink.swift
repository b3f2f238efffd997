import Foundation

/// An SMTP server on loopback that counts mails (Peers/smtp-sink).
struct MailSink {
  let port: Int
  private let program: TalkingProgram

  /// - Parameter count: how many mails will come.
  init(_ path: String, count: Int) throws {
    program = try TalkingProgram(path, [String(count)])
    port = Int(try program.number())
  }

  /// Waits until all have come.
  ///
  /// - Returns: when the last one came.
  func allCame() throws -> Date {
    let last = Date(timeIntervalSince1970: try program.number())
    program.end()
    return last
  }
}

import CallbackIntake
import Foundation
import Testing

/// The callback-mail that was built with these tests.
enum CallbackMail {
  /// Beside the test bundle.
  static var path: String {
    get throws {
      let bundle = try #require(CommandLine.arguments.first { $0.hasSuffix(".xctest") })
      return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("callback-mail").path
    }
  }

  /// What it says that stands in a mail.
  /// Longer than a machine is busy with other tests, before it comes to the child.
  static let patience = Duration.seconds(300)

  static func decode(_ mail: [UInt8]) async throws -> DecodedMail {
    try await answer(of: MailDecoder(program: path, timeout: patience), to: mail).get()
  }

  static func decode(_ mail: String) async throws -> DecodedMail { try await decode(Array(mail.utf8)) }

  /// One at a time, as in the daemon: a decoder blocks, and tests run on the threads that the child's end needs too.
  static let queue = DispatchQueue(label: "decoding")

  static func answer(
    of decoder: MailDecoder, to mail: [UInt8]
  ) async throws -> Result<DecodedMail, MailTrouble> {
    await withCheckedContinuation { answered in
      queue.async { @Sendable in answered.resume(returning: decoder(mail)) }
    }
  }

  struct Ending: Equatable {
    var status: Int32
    var errors: String
  }

  /// Runs it to its end, with a file as standard input.
  static func run(_ arguments: [String], input: [UInt8], in directory: ScratchDirectory) throws -> Ending {
    try directory.write(input, to: "input")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try path)
    process.arguments = arguments
    process.environment = [:]
    process.standardInput = FileHandle(forReadingAtPath: directory.path + "/input")
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ending(status: process.terminationStatus, errors: String(decoding: said, as: UTF8.self))
  }
}

/// A directory that goes with its owner.
final class ScratchDirectory {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/callback-mail.XXXXXX").utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
  }

  func makeFolder(_ name: String, mode: mode_t = 0o755) throws {
    try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    try #require(chmod(path + "/" + name, mode) == 0)
  }

  func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o644) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
    try #require(chmod(path + "/" + name, mode) == 0)
  }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))) }

  /// Hidden ones included.
  func list(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + name)
  }
}

/// Mails as MTAs pass them on.
enum Mail {
  static let date = "Mon, 23 Nov 2026 14:05:12 -0500"

  /// - Parameters:
  ///   - header: further lines of the header, each with its end.
  ///   - body: with LF.
  static func text(header: String = "", _ body: String) -> String {
    "From: \"Night Desk\" <desk@answering.example>\nDate: \(date)\nMIME-Version: 1.0\n\(header)\n\(body)"
  }

  static func multipart(_ subtype: String, _ parts: [String], boundary: String = "b1") -> String {
    "Content-Type: multipart/\(subtype); boundary=\"\(boundary)\"\n\n"
      + parts.map { "--\(boundary)\n\($0)\n" }.joined() + "--\(boundary)--\n"
  }

  /// A mail whose body is this part: its header, a blank line, its text.
  static func of(_ part: String) -> String {
    "From: \"Night Desk\" <desk@answering.example>\nDate: \(date)\nMIME-Version: 1.0\n\(part)"
  }
}

import Foundation
import Testing

/// A mail as sendmail was given it.
struct CapturedMail {
  /// The words that sendmail was called with.
  var arguments: [[UInt8]]
  var bytes: [UInt8]
  /// When sendmail had read it.
  var at: Date

  var text: String { String(decoding: bytes, as: UTF8.self) }

  var recipient: String { arguments.last.map { String(decoding: $0, as: UTF8.self) } ?? "" }

  var subject: String { header("Subject") ?? "" }

  var isCanary: Bool { subject == "callbackd: mails go out" }

  var messageID: String { header("Message-ID") ?? "" }

  /// The lines before the first empty one, continuation lines joined.
  var headers: [String] {
    let head = text.components(separatedBy: "\n\n")[0]
    return head.replacingOccurrences(of: "\n ", with: " ").components(separatedBy: "\n")
  }

  func header(_ name: String) -> String? {
    headers.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
      .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  /// The text after the header, with soft line breaks and the codes of ASCII undone.
  var body: String {
    let parts = text.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
    return parts.replacingOccurrences(of: "=\n", with: "").replacingOccurrences(of: "=2E", with: ".")
      .replacingOccurrences(of: "=46", with: "F").replacingOccurrences(of: "=3D", with: "=")
  }
}

/// A notification file, as a program reads it.
struct NotificationFile: Decodable {
  var notice: Int64
  var callback: Int64
  var kind: String
  var reason: String
  var person: String
  var urgency: String
}

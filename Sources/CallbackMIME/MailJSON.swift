/// What stands in a mail, for the daemon to read: one JSON object.
public enum MailJSON {
  /// - Parameter bytes: a whole mail, or anything else, from whoever can send one.
  public static func text(ofMail bytes: [UInt8]) -> String { object(values(of: DecodedMail(bytes))) }

  /// With what an answer to a notice needs beside.
  public static func text(ofAnswer bytes: [UInt8]) -> String {
    let answer = DecodedAnswer(bytes)
    let header = answer.header.sorted { $0.key < $1.key }.map { ($0.key, quoted($0.value)) }
    let reports = answer.reports.map { object([("action", quoted($0.action)), ("status", quoted($0.status))]) }
    return object(
      values(of: answer.mail) + [
        ("senders", list(answer.senders)), ("answered", list(answer.answered)), ("returned", list(answer.returned)),
        ("header", object(header)), ("report_type", quoted(answer.reportType)),
        ("reports", "[" + reports.joined(separator: ",") + "]"),
      ])
  }

  private static func values(of mail: DecodedMail) -> [(String, String)] {
    [
      ("subject", quoted(mail.subject)), ("date", quoted(mail.date)), ("from", quoted(mail.from)),
      ("to", list(mail.to)), ("message_id", quoted(mail.messageID)), ("text", quoted(mail.text)),
      ("attachments", String(mail.attachments)), ("notes", list(mail.notes)),
    ]
  }

  private static func object(_ values: [(String, String)]) -> String {
    "{" + values.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}\n"
  }

  private static func list(_ values: [String]) -> String { "[" + values.map(quoted).joined(separator: ",") + "]" }

  private static func quoted(_ value: String?) -> String {
    guard let value else { return "null" }
    var bytes = Array("\"".utf8)
    bytes.reserveCapacity(value.utf8.count + 2)
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
      case 0..<0x20: bytes += Array((byte < 16 ? "\\u000" : "\\u00").utf8) + Array(String(byte, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self) + "\""
  }
}

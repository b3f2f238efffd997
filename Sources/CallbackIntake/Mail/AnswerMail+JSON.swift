import CallbackRules
import Foundation

extension AnswerMail {
  private static let mostValues = 100
  private static let mostValueBytes = 4096
  private static let mostTextBytes = 1 << 20

  /// What `callback-mail --decode --answers` wrote; nil if it is not just that, or more than it writes.
  init?(json: [UInt8]) {
    guard let answer = try? JSONDecoder().decode(DecodedAnswer.self, from: Data(json)) else { return nil }
    let lists = [answer.senders, answer.answered, answer.returned]
    let single = [answer.subject, answer.date, answer.messageID, answer.reportType].compactMap(\.self)
    let reported = answer.reports.flatMap { [$0.action, $0.status ?? ""] }
    let values = [single, lists.flatMap { $0 }, Array(answer.header.values), Array(answer.header.keys), reported]
      .joined()
    guard lists.allSatisfy({ $0.count <= Self.mostValues }), answer.header.count <= Self.mostValues,
      answer.reports.count <= Self.mostValues,
      values.allSatisfy({ $0.utf8.count <= Self.mostValueBytes && !$0.utf8.contains { $0 < 0x20 } }),
      answer.text.utf8.count <= Self.mostTextBytes
    else { return nil }
    self.init(
      senders: answer.senders, subject: answer.subject, date: answer.date, messageID: answer.messageID,
      answered: answer.answered, returned: answer.returned, header: answer.header, reportType: answer.reportType,
      reports: answer.reports.map { DeliveryReport(action: $0.action, status: $0.status) }, text: answer.text)
  }
}

/// The object that `callback-mail` writes, as far as an answer needs it.
private struct DecodedAnswer: Decodable {
  var senders: [String]
  var subject: String?
  var date: String?
  var messageID: String?
  var answered: [String]
  var returned: [String]
  var header: [String: String]
  var reportType: String?
  var reports: [Report]
  var text: String

  struct Report: Decodable {
    var action: String
    var status: String?
  }

  private enum CodingKeys: String, CodingKey {
    case senders, subject, date, answered, returned, header, reports, text
    case messageID = "message_id"
    case reportType = "report_type"
  }
}

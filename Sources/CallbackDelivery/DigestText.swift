import CallbackRules
import Foundation

/// The words of a digest, without a word of any patient.
struct DigestText {
  let digest: Digest
  /// The id of the person who is told.
  let person: String
  let office: Office
  /// Where `callbackctl` is.
  let host: String
  let now: Date

  private var count: Int { digest.items.count }

  /// `7 callbacks: 5 overdue, worst by 40 min, urgent`.
  var subject: String {
    let worst = text(of: digest.worst)
    let late = worst.lateness
    let overdue = digest.overdue(at: now)
    let tail = "worst \(overdue > 0 && late.hasPrefix("overdue ") ? String(late.dropFirst(8)) : late)"
    let how = overdue > 0 ? "\(Quantity.text(overdue)) overdue, \(tail)" : tail
    return "\(Quantity.text(count, "callback")): \(how), \(digest.worst.callback.urgency.name)"
  }

  /// Three lines: what to do, by when, how to answer.
  var opening: String {
    let answers = "callbackctl ack N (I have it), callbackctl done N (reached)"
    return "\(action)\n\(deadline)\nAnswer\(NoticeText.on(host)): \(list) (all of them), \(answers)"
  }

  /// A line a callback, for the worst of them.
  var lines: String {
    var lines = digest.listed.map { text(of: $0).line }
    let rest = count - lines.count
    if rest > 0 { lines.append("and \(Quantity.text(rest)) more: \(list)") }
    return lines.joined(separator: "\n")
  }

  /// The messages of those that have a line, as far as there is room.
  var messages: String {
    let messages = digest.messages(office: office)
    return digest.listed.map { item in
      let number = item.callback.id
      return messages[number].map { "Callback \(number)\n\($0)" }
        ?? "Callback \(number): see callbackctl show \(number)"
    }.joined(separator: "\n\n")
  }

  private var action: String {
    let number = Quantity.text(count)
    let mine = digest.items.allSatisfy { $0.callback.owner == person }
    let tail = mine ? "the worst first." : "the worst first, or see that somebody does."
    return digest.isHandOff
      ? "You are on call: \(number) callbacks are open. Please ring the callers back, \(tail)"
      : "Please ring these \(number) callers back, \(tail)"
  }

  /// Which are late, and when the next will be.
  private var deadline: String {
    let deadlines = digest.items.filter(\.callback.isOpen).map(\.callback.dueAt).sorted()
    let late = deadlines.prefix { $0 <= now }
    var sentence = ""
    if let longest = late.first {
      let span = LocalTime.span(seconds: LocalTime.seconds(from: longest, to: now))
      let by = span.map { ", \(late.count == 1 ? "" : "the longest ")by \($0)" } ?? ""
      sentence =
        late.count == count
        ? "All are overdue\(by)" : "\(Quantity.text(late.count)) \(late.count == 1 ? "is" : "are") overdue\(by)"
    }
    guard let next = deadlines.dropFirst(late.count).first else { return sentence + "." }
    let left = LocalTime.span(seconds: LocalTime.seconds(from: now, to: next)).map { ", in \($0)" } ?? ", now"
    let due = "is due \(LocalTime.short(next, zone: office.zone))\(left)."
    return sentence.isEmpty ? "The first \(due)" : "\(sentence); the next \(due)"
  }

  /// What shows all of them: narrowed to the person where each is this person's.
  private var list: String {
    let theirs = Set([person] + office.others(leadingTo: person, at: now))
    let all = digest.items.allSatisfy { $0.callback.owner == person || theirs.contains($0.callback.recipient) }
    return all ? "callbackctl list --for \(VisibleText(person).line)" : "callbackctl list"
  }

  private func text(of item: OutgoingNotice.Item) -> NoticeText {
    NoticeText(item: item, office: office, host: host, now: now)
  }
}

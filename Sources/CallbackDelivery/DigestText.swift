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
  /// Whether it can be answered by replying to the mail.
  var byReply = false

  var count: Int { digest.items.count }

  /// How many are overdue; nil for none.
  var late: Int? {
    let overdue = digest.overdue(at: now)
    return overdue > 0 ? overdue : nil
  }

  /// How late the worst is, said behind how many are: `by 40 min`, `due in 10 min`.
  var worst: String {
    let lateness = text(of: digest.worst).lateness
    return late != nil && lateness.hasPrefix("overdue ") ? String(lateness.dropFirst(8)) : lateness
  }

  var answers: Answers {
    guard byReply else {
      return Answers(
        how: "Answer\(NoticeText.on(host))",
        words: [(list, "all of them"), ("callbackctl ack N", "I have it"), ("callbackctl done N", "reached")])
    }
    // The worst's number shows how.
    let number = digest.worst.callback.id
    return Answers(
      how: "Reply with one of these and the callback's number",
      words: [
        ("ok \(number)", "I have it"), ("done \(number)", "reached"), ("no answer \(number)", nil),
        ("voicemail \(number)", nil), ("busy \(number)", nil),
      ],
      elsewhere: "all of them\(NoticeText.on(host)): \(list)")
  }

  /// How many have no line.
  var rest: Int { count - digest.listed.count }

  /// What to do.
  var todo: String {
    let number = Quantity.text(count)
    let mine = digest.items.allSatisfy { $0.callback.owner == person }
    let tail = mine ? "the worst first." : "the worst first, or see that somebody does."
    return digest.isHandOff
      ? "You are on call: \(number) callbacks are open. Please ring the callers back, \(tail)"
      : "Please ring these \(number) callers back, \(tail)"
  }

  /// Which are late, and when the next will be.
  var deadline: String {
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
  var list: String {
    let theirs = Set([person] + office.others(leadingTo: person, at: now))
    let all = digest.items.allSatisfy { $0.callback.owner == person || theirs.contains($0.callback.recipient) }
    return all ? "callbackctl list --for \(VisibleText(person).line)" : "callbackctl list"
  }

  func text(of item: OutgoingNotice.Item) -> NoticeText {
    NoticeText(item: item, office: office, host: host, now: now, byReply: byReply)
  }
}

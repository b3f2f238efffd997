import CallbackDaemon
import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation

/// People who answer by mail, and mails that come back.
extension World {
  /// Writes a mail about a notice that was handed over.
  func answer(_ lease: Lease, about id: Int64) {
    guard case .callbacks(let entries) = lease.content else { return }
    let isDigest = Set(entries.map(\.callback.id)).count > 1
    let name = isDigest ? "digest-\(lease.number)" : "callback-\(id).\(lease.number)"
    let own = plan.office.people[lease.person]?.email ?? "nobody@riverside.example"
    mailsWritten += 1
    var mail = AnswerMail(
      senders: [chance.percent(92) ? own : "else@riverside.example"], messageID: "\(mailsWritten)",
      answered: ["\(name).\(chance.percent(97) ? lease.token : "guessed")@riverside.example"])
    switch chance.number(1...100) {
    case 1...8: (mail.reportType, mail.reports) = ("delivery-status", [DeliveryReport(action: "failed")])
    case 9...10: (mail.reportType, mail.reports) = ("delivery-status", [DeliveryReport(action: "delayed")])
    case 11...16: mail.header["auto-submitted"] = "auto-replied"
    default: mail.text = (isDigest && chance.percent(85) ? "\(id) " : "") + words()
    }
    let isTwice = chance.percent(10)
    for copy in 0...(isTwice ? 1 : 0) {
      let identity = FileIdentity(
        inode: UInt64(mailsWritten * 2 + copy), sizeBytes: 1, modifiedNanoseconds: Int64(clock.real))
      let found = AnswerSpool.Found(name: [], identity: identity, mail: mail)
      agenda.plan(.mail(found), at: clock.real + chance.number(1...300))
    }
  }

  private func words() -> String {
    chance.weighed([
      (8, "ok"), (4, "done"), (3, "no answer"), (3, "voicemail"), (2, "busy"), (2, "snooze \(chance.number(1...90))m"),
      (1, "wrong number"), (1, "take over"), (2, "pass to \(chance.one(of: plan.everybody))"), (1, "pass to nobody"),
      (2, "not done yet, marrow"), (1, "no answer\nsnooze 5m"), (1, ""), (1, "note Quillon rang"), (1, "done\nbusy"),
    ])
  }

  /// The daemon finds a mail; where that fails it lies there still. After a crash it may have been committed, and lies there too.
  func take(_ found: AnswerSpool.Found) throws {
    figures.commands += 1
    note("mail \(found.mail?.messageID ?? "") to \(found.mail?.answered.first ?? ""): \(found.mail?.text ?? "")")
    var isTaken = false
    let isDone = try attempt { daemon throws(StoreError) in
      if case .taken(let answer) = try daemon.stages.take(found, at: clock.now) {
        isTaken = true
        note("mail \(answer.number): \(answer.outcome.rawValue)\(answer.isAgain ? ", again" : "")")
      }
    }
    if !isDone || !isTaken { agenda.plan(.mail(found), at: clock.real + chance.number(2...60)) }
  }
}

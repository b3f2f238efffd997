import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation
import Logging
import Systemd

/// How far reading `answers/` has come.
struct AnswerProgress {
  /// Whether something may have come in since the last look began.
  var isWanted = false
  /// Since when a look, or what follows from it, is under way; nil: none is.
  var since: ContinuousClock.Instant?

  /// Whether that has not ended in ten minutes: many mails take long to decode.
  func isStuck(at moment: ContinuousClock.Instant = .now) -> Bool {
    since.map { moment - $0 > .seconds(600) } ?? false
  }
}

/// Answers by mail: from `answers/` into the store, a look at a time. Mails are read and put away beside the daemon's queue, and
/// each is committed on it by itself.
extension Daemon {
  /// What is left is looked at again so soon: somebody writes it, or its notice is just being handed over.
  private static let soonSeconds = 2.0

  func startWatchingAnswers() {
    answerWatcher = SpoolWatcher(logger: logger) { [unowned self] _ in assumeIsolated { $0.queueAnswers() } }
    answerWatcher?.start(queue: queue) { @Sendable in self.assumeIsolated { $0.answerWatcher?.readHints() } }
  }

  /// Looks as soon as the look before has ended; hints that come meanwhile are one look.
  func queueAnswers() {
    answers.isWanted = true
    guard !isStopping, !isStoreDamaged, answers.since == nil else { return }
    answers.isWanted = false
    answers.since = .now
    answerReader.look { [self] result in enqueue { $0.take(result) } }
  }

  private func take(_ result: Result<AnswerSpool.Look, SpoolError>) {
    // What was read stays in the spool, and is read again after the start.
    guard !isStopping, !isStoreDamaged else {
      answers.since = nil
      return
    }
    switch result {
    case .failure(let error):
      trouble(\.answers, .spoolTrouble, error.description)
      ended(soon: false)
    case .success(let look):
      if look.isMore { answers.isWanted = true }
      var away: [AnswerReader.Away] = []
      var isAnyLeft = look.isAnyLeft
      for found in look.found {
        if !isStoreDamaged, let next = take(found) { away.append(next) } else { isAnyLeft = true }
      }
      if !look.found.isEmpty {
        rearm()
        drainOutbox()
      }
      putAway(away, after: look, isAnyLeft: isAnyLeft)
    }
  }

  private func putAway(_ away: [AnswerReader.Away], after look: AnswerSpool.Look, isAnyLeft: Bool) {
    answerReader.put(away) { [self] failure in
      enqueue { daemon in
        if let failure {
          daemon.trouble(\.answers, .spoolTrouble, failure.description)
        } else if let problem = look.problem {
          daemon.trouble(\.answers, .spoolTrouble, "Answers by mail can't be read: \(problem).")
        } else {
          daemon.recovered(\.answers)
        }
        daemon.ended(soon: isAnyLeft)
      }
    }
  }

  private func ended(soon: Bool) {
    answers.since = nil
    guard !isStopping else { return }
    let path = SpoolLayout.answers(in: configuration.paths.spool)
    // Of what came into a directory since it was listed, nobody was told that was not watching it then.
    if answerWatcher?.watch([(nil, path)]) ?? false { answers.isWanted = true }
    let pause = soon ? Self.soonSeconds : Double(configuration.spool.poll.seconds)
    answerTimer?.arm(
      for: now.addingTimeInterval(pause), soonerSeconds: soon ? 0 : Self.pollSoonerSeconds, now: now)
    if answers.isWanted { queueAnswers() }
  }

  /// Commits one mail.
  ///
  /// - Returns: what is to be done with its file; nil: it stays, to be looked at again.
  private func take(_ found: AnswerSpool.Found) -> AnswerReader.Away? {
    do throws(StoreError) {
      guard case .taken(let answer) = try stages.take(found, at: now) else { return nil }
      recovered(\.store)
      log(answer)
      guard answer.outcome == .stray else { return .remove(found) }
      let reason = found.problem ?? answer.reason ?? "It answers no mail that was sent."
      return .reject(found, number: answer.number, reason: reason)
    } catch {
      storeFailed(error)
      return nil
    }
  }

  private func log(_ answer: TakenAnswer.Answer) {
    var fields: Logger.Metadata = [:]
    if let notice = answer.notice { fields["notice"] = "\(notice)" }
    if let callback = answer.transitions.first?.callback { fields.merge(metadata(of: callback)) { own, _ in own } }
    let what = "Mail \(answer.number)\(answer.notice.map { " in answer to notice \($0)" } ?? "")"
    guard !answer.isAgain else {
      logger.info("\(what) is known already.", metadata: fields)
      return
    }
    switch answer.outcome {
    case .done: logger.info("\(what) was carried out.", metadata: fields)
    case .noted: logger.info("\(what) is kept as a note.", metadata: fields)
    case .ignored: logger.info("\(what) says nothing to act upon.", metadata: fields)
    case .refused: logger.warning("\(what) was refused; the history says why.", metadata: fields)
    case .stray: logger.warning("\(what) belongs to no notice, and is in rejected/.", metadata: fields)
    case .notTold:
      logger.report(.notTold, "Notice \(answer.notice ?? 0) told nobody, says mail \(answer.number).", metadata: fields)
    }
    if let alarm = answer.alarm { report(alarm) }
    for transition in answer.transitions { log(transition) }
  }

  /// Reading hangs where a file server does not answer; answers wait for it, escalation does not.
  func watchAnswers() {
    guard answers.isStuck() else { return }
    trouble(
      \.answers, .spoolTrouble,
      "Reading mails in \(SpoolLayout.answers(in: configuration.paths.spool)) has not ended in ten minutes: see whether its file system answers."
    )
  }
}

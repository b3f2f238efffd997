import CallbackControl
import CallbackDelivery
import CallbackReports
import CallbackRules
import CallbackStore
import ChildProcesses
import Foundation

/// Reports by mail: when somebody asks for one, and each week.
extension Daemon {
  // MARK: - When somebody asks

  /// Answers a client once the mail program has taken it, or has not.
  func mailReport(
    _ request: ControlCall.ReportRequest, to written: String, _ access: Access
  ) throws(ControlFailure) -> ControlReply {
    let query = try query(request, access)
    let id = try recipient(named: written)
    let people = office.people(for: id, at: now).filter { $0.email != nil }
    guard !people.isEmpty else {
      throw .badRequest("Nobody there has an e-mail address in the configuration; write one at the person.")
    }
    let deliverer = deliverer
    let told = MailedReply(told: people.map(\.id), names: names(of: people.map(\.id)))
    let name = "report-\(UInt64.random(in: 0...UInt64.max))"
    return .later(
      LaterReply { @Sendable [self] reply in
        enqueue { daemon in
          daemon.makeReport(query) { @Sendable result in
            switch result {
            case .failure(let failure): reply(.failed(ControlFailure(failure)))
            case .success(let report):
              Task.detached(executorPreference: BlockingExecutor.shared) {
                let outcome = await deliverer.mail(report, named: name, to: people)
                guard let failure = outcome.failure else { return reply(.mailed(told)) }
                let sentence = "The report did not go out: \(failure.why)."
                reply(.failed(failure.isFinal ? .badRequest(sentence) : .tryAgain(sentence)))
              }
            }
          }
        }
      })
  }

  // MARK: - Each week

  /// With the slow tick: mails the report of the week to whoever has not had it.
  ///
  /// Who has is kept in the store. A crash between handing over and keeping that makes it go out again, with the same
  /// Message-ID.
  func mailWeeklyReport() {
    let ids = configuration.reports.mail
    guard !ids.isEmpty, !isStopping, weeklyMailing.mayTry(at: .now), noteWeekly() else { return }
    let now = now
    let weekly = WeeklyReport(at: configuration.reports.at, zone: office.zone)
    let moment = weekly.latest(atOrBefore: now)
    do throws(StoreError) {
      var owed: [String] = []
      for id in ids where try isOwed(id, since: moment, at: now) { owed.append(id) }
      guard !owed.isEmpty else { return }
      weeklyMailing.isUnderWay = true
      let span = weekly.span(sentAt: moment)
      let grouping: ReportQuery.Grouping = office.accounts.count > 1 ? .account : .person
      let query = ReportQuery(since: span.since, until: span.until, grouping: grouping)
      makeReport(query) { @Sendable [self, owed] result in enqueue { $0.mailWeekly(result, to: owed) } }
    } catch {
      storeFailed(error)
    }
  }

  /// Whoever is new in the configuration gets the next one, and none of the past.
  private func isOwed(_ id: String, since moment: Date, at now: Date) throws(StoreError) -> Bool {
    // One in the future is of a clock that was ahead.
    guard let last = try stages.store.lastMark(Self.mark(id)), last <= now else {
      try stages.store.setMark(Self.mark(id), at: now)
      return false
    }
    return last < moment
  }

  private static func mark(_ id: String) -> String { "report:\(id)" }

  private func mailWeekly(_ result: Result<Report, ReportFailure>, to ids: [String]) {
    switch result {
    case .failure(let failure): mailedWeekly(ReportMailing(failure: (failure.sentence, false)), to: ids)
    case .success(let report):
      let people = Dictionary(
        ids.flatMap { office.people(for: $0, at: now) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
      ).values.filter { !weeklyMailing.got.contains($0.id) }.sorted { $0.id < $1.id }
      let deliverer = deliverer
      let name = "report-\(Int64(report.since.timeIntervalSince1970))"
      Task.detached(executorPreference: BlockingExecutor.shared) { [self] in
        await mailedWeekly(deliverer.mail(report, named: name, to: people), to: ids)
      }
    }
  }

  private func mailedWeekly(_ mailing: ReportMailing, to ids: [String]) {
    weeklyMailing.isUnderWay = false
    weeklyMailing.got.formUnion(mailing.got)
    if let failure = mailing.failure, !failure.isFinal, !weeklyMailing.failed(at: .now) {
      logger.warning("The report of the week waits: \(failure.why).")
      return
    }
    let count = weeklyMailing.got.count
    weeklyMailing.ended(for: ids)
    _ = noteWeekly()
    if let failure = mailing.failure {
      logger.error("The report of the week did not go out whole: \(failure.why).")
    } else if count == 0 {
      logger.warning("The report of the week has nobody to go to; see report.mail.")
    } else {
      logger.info("The report of the week went to \(count == 1 ? "1 person" : "\(count) people").")
    }
  }

  /// Notes in the store to whom it went.
  ///
  /// - Returns: false where the store can't take that: what is not noted would be sent again and again.
  private func noteWeekly() -> Bool {
    do throws(StoreError) {
      for id in weeklyMailing.unmarked { try stages.store.setMark(Self.mark(id), at: now) }
      weeklyMailing.unmarked = []
      return true
    } catch {
      storeFailed(error)
      return false
    }
  }
}

/// What became of mailing a report to some people.
private struct ReportMailing {
  /// The ids of those for whom it was handed over.
  var got: [String] = []
  /// Why it was not for another one, and whether no further try would help.
  var failure: (why: String, isFinal: Bool)?
}

extension Deliverer {
  /// Mails a report to all of these, however it goes with each.
  fileprivate func mail(_ report: Report, named name: String, to people: [Person]) async -> ReportMailing {
    var mailing = ReportMailing()
    for person in people {
      switch await mail(report, named: "\(name).\(person.id)", to: person) {
      case .delivered: mailing.got.append(person.id)
      // One that may yet be mended counts for more.
      case .retryLater(let why): mailing.failure = (why, false)
      case .refused(let why): mailing.failure = mailing.failure ?? (why, true)
      }
    }
    return mailing
  }
}

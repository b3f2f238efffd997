import CallbackControl
import CallbackDelivery
import CallbackReports
import CallbackRules
import CallbackStore
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
              Task.detached {
                let failure = await deliverer.mail(report, named: name, to: people)
                guard let failure else { return reply(.mailed(told)) }
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
    guard !ids.isEmpty, !isStopping, weeklyMailing.mayTry(at: .now) else { return }
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
      trouble(\.store, .storeTrouble, error.description)
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
    case .failure(let failure): mailedWeekly(to: [], failure: (failure.sentence, false), of: ids)
    case .success(let report):
      let people = Dictionary(
        ids.flatMap { office.people(for: $0, at: now) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
      ).values.sorted { $0.id < $1.id }
      let deliverer = deliverer
      let name = "report-\(Int64(report.since.timeIntervalSince1970))"
      Task.detached { [self] in
        let failure = await deliverer.mail(report, named: name, to: people)
        await mailedWeekly(to: people.map(\.id), failure: failure, of: ids)
      }
    }
  }

  private func mailedWeekly(to people: [String], failure: (why: String, isFinal: Bool)?, of ids: [String]) {
    weeklyMailing.isUnderWay = false
    if let failure, !failure.isFinal, !weeklyMailing.failed(at: .now) {
      logger.warning("The report of the week waits: \(failure.why).")
      return
    }
    weeklyMailing.succeeded()
    do throws(StoreError) {
      for id in ids { try stages.store.setMark(Self.mark(id), at: now) }
    } catch {
      trouble(\.store, .storeTrouble, error.description)
    }
    if let failure {
      logger.error("The report of the week did not go out whole: \(failure.why).")
    } else {
      logger.info("The report of the week went to \(people.count) people.")
    }
  }
}

extension Deliverer {
  /// Mails a report to all of these, however it goes with each.
  ///
  /// - Returns: nil where each had it handed over; else why one had not, and whether none would get it by another try.
  fileprivate func mail(_ report: Report, named name: String, to people: [Person]) async -> (
    why: String, isFinal: Bool
  )? {
    var failures: [(why: String, isFinal: Bool)] = []
    for person in people {
      switch await mail(report, named: "\(name).\(person.id)", to: person) {
      case .delivered: continue
      case .retryLater(let why): failures.append((why, false))
      case .refused(let why): failures.append((why, true))
      }
    }
    return failures.first { !$0.isFinal } ?? failures.first
  }
}

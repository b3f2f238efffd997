import CallbackControl
import CallbackReports
import CallbackRules
import CallbackStore
import Foundation

/// Reports, made a page at a time, so that neither deadlines nor clients wait for one.
extension Daemon {
  /// At most about so many rows are read in one turn of the queue: some milliseconds.
  private static let pageRows = 500

  /// Answers a client once the report is made.
  func report(_ request: ControlCall.ReportRequest, _ access: Access) throws(ControlFailure) -> ControlReply {
    let query = try query(request, access)
    return .later(
      LaterReply { @Sendable [self] reply in
        enqueue { daemon in
          daemon.makeReport(query) { @Sendable result in
            switch result {
            case .success(let report): reply(.report(report))
            case .failure(let failure): reply(.failed(ControlFailure(failure)))
            }
          }
        }
      })
  }

  /// What is asked for, of the accounts that the peer may see.
  func query(_ request: ControlCall.ReportRequest, _ access: Access) throws(ControlFailure) -> ReportQuery {
    // Calls are taken in whole seconds, and one that was taken in this second is not to be left out.
    let end = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down) + 1)
    let query = ReportQuery(
      since: request.since, until: request.until ?? end, grouping: request.grouping,
      accounts: access.visibleAccounts.map { Set($0) })
    guard query.isValid else {
      throw .badRequest("A report is of a span of time that ends after it begins, and of at most ten years.")
    }
    return query
  }

  /// Makes a report of what the store holds, and gives it to `answer`, on any queue.
  func makeReport(_ query: ReportQuery, answer: @escaping ReportQueue.Answer) {
    guard !reports.isFull, !isStopping else { return answer(.failure(.busy)) }
    let isUnderWay = !reports.isEmpty
    reports.append(ReportTally(query, zone: office.zone, now: now), answer: answer)
    if !isUnderWay { enqueue { $0.reportStep() } }
  }

  private func reportStep() {
    guard let (query, after) = reports.next else { return }
    guard !isStopping else {
      while !reports.isEmpty { reports.fail(.busy) }
      return
    }
    do throws(StoreError) {
      let page = try stages.store.reportPage(query, after: after, limit: Self.pageRows)
      let open = page.next == nil ? try whatIsOpen(query) : nil
      if let (tally, answer) = reports.take(page), let open { finish(tally, open: open, answer: answer) }
    } catch {
      storeFailed(error)
      reports.fail(.store(error))
    }
    if !reports.isEmpty { enqueue { $0.reportStep() } }
  }

  /// Beside the queue: the times of all callbacks are sorted.
  private func finish(_ tally: ReportTally, open: Report.Now, answer: @escaping ReportQueue.Answer) {
    let office = office
    reportQueue.async {
      answer(.success(tally.report(site: office.name, open: open) { office.displayName(of: $0) }))
    }
  }

  /// The counts are of every account: everybody may ask for those.
  private func whatIsOpen(_ query: ReportQuery) throws(StoreError) -> Report.Now {
    let counts = try stages.store.counts()
    var late = CallbackFilter()
    (late.overdue, late.limit, late.visibleAccounts) = (true, Report.Now.mostLate, query.accounts?.sorted())
    return Report.Now(
      open: counts.open, overdue: counts.overdue, unowned: counts.open - counts.owned,
      late: try stages.store.list(late).map(Report.Late.init))
  }
}

extension ControlFailure {
  init(_ failure: ReportFailure) {
    switch failure {
    case .store, .busy: self = .tryAgain(failure.sentence)
    case .tooMany: self = .badRequest(failure.sentence)
    }
  }
}

import CallbackReports
import CallbackRules
import Foundation
import GRDB

/// A place in the callbacks of a report: the next ones are after it.
public struct ReportCursor: Sendable, Equatable {
  fileprivate var takenAt: Int64
  fileprivate var id: Int64
}

/// Some of the callbacks of a report.
public struct ReportPage: Sendable {
  public var rows: [ReportRow] = []
  /// Where to go on; nil when these were the last.
  public var next: ReportCursor?
}

extension SQLiteStore {
  public func reportPage(
    _ query: ReportQuery, after cursor: ReportCursor?, limit: Int
  ) throws(StoreError) -> ReportPage {
    try read("read what a report is about") { database in
      var page = ReportPage()
      var last = cursor ?? ReportCursor(takenAt: query.since.columnSeconds, id: 0)
      var read = 0
      let rows = try Row.fetchCursor(
        database.cachedStatement(sql: Self.reportRows),
        arguments: [last.takenAt, last.id, query.until.columnSeconds])
      while let row = try rows.next() {
        let id: Int64 = row[0]
        if page.rows.isEmpty || id != last.id {
          if read >= limit {
            page.next = last
            break
          }
          page.rows.append(try ReportRow(row))
          last = ReportCursor(takenAt: row[1], id: id)
        }
        if let told = ReportRow.Told(row) { page.rows[page.rows.count - 1].told.append(told) }
        read += 1
      }
      return page
    }
  }

  /// Each callback with the notices of its steps, and those to the fallback, that were handed over; a row without notice where
  /// there is none. That a service withdrew a call matters only where the patient was not reached in time, and the caller did not ring
  /// again before the deadline.
  private static let reportRows = """
    SELECT callback.id, taken_at, kind, account, callback.urgency, recipient, owner, admitted_at, due_at, told_at, owned_at,
      attempted_at, reached_at, closed_at, attempts, repeat_calls,
      CASE WHEN reached_at IS NULL OR reached_at > due_at THEN (
        SELECT min(at) FROM event WHERE event.callback = callback.id AND event.kind = 'withdrawn' AND event.id > coalesce((
          SELECT max(id) FROM event AS again
          WHERE again.callback = callback.id AND again.kind = 'repeat-call' AND again.at <= due_at), 0)) END,
      closed_at IS NOT NULL AND reached_at IS NULL AND EXISTS (
        SELECT 1 FROM event WHERE event.callback = callback.id AND event.kind = 'declined' AND at = closed_at),
      notice.step, notice.person
    FROM callback LEFT JOIN notice ON notice.callback = callback.id AND notice.state = 'delivered'
      AND (notice.step IS NOT NULL OR notice.reason = 'nobody-else')
    WHERE (taken_at, callback.id) > (?, ?) AND taken_at < ?
    ORDER BY taken_at, callback.id
    """
}

extension ReportRow {
  /// A row of `reportRows`, read by position: by name it would take longer than all the rest.
  fileprivate init(_ row: Row) throws {
    let kind: String = row[2]
    guard let kind = Callback.Kind(rawValue: kind) else {
      throw StoreError("The store holds the unknown kind “\(kind)” of callback; was it written by a newer version?")
    }
    let level: Int = row[4]
    guard let urgency = Urgency(rawValue: level) else {
      throw StoreError("The store holds the unknown urgency \(level); was it written by a newer version?")
    }
    self.init(
      kind: kind, account: row[3], urgency: urgency, recipient: row[5], owner: row[6], takenAt: row[1],
      admittedAt: row[7], dueAt: row[8])
    toldAt = row[9]
    ownedAt = row[10]
    attemptedAt = row[11]
    reachedAt = row[12]
    closedAt = row[13]
    attempts = row[14]
    repeatCalls = row[15]
    withdrawnAt = row[16]
    isDeclined = row[17]
  }
}

extension ReportRow.Told {
  /// Nil where the row has no notice.
  fileprivate init?(_ row: Row) {
    guard let person: String = row[19] else { return nil }
    self.init(step: row[18], person: person)
  }
}

import CallbackReports
import CallbackRules
import CallbackStore
import Foundation

/// Reports that were asked for and are not made yet: one is worked on at a time, the others wait.
struct ReportQueue {
  /// Called on any queue, once.
  typealias Answer = @Sendable (Result<Report, ReportFailure>) -> Void

  private struct Work {
    var tally: ReportTally
    var after: ReportCursor?
    let answer: Answer
  }

  private var works: [Work] = []
  /// So many may wait: whoever asks for more is to try again.
  static let most = 8
  /// A report of more callbacks would take more memory than a daemon should have; ten years of a large office are fewer.
  static let mostCallbacks = 2_000_000

  var isEmpty: Bool { works.isEmpty }
  var isFull: Bool { works.count >= Self.most }

  /// Which page is to be read next.
  var next: (query: ReportQuery, after: ReportCursor?)? { works.first.map { ($0.tally.query, $0.after) } }

  mutating func append(_ tally: ReportTally, answer: @escaping Answer) {
    works.append(Work(tally: tally, answer: answer))
  }

  /// Takes the page that was to be read next.
  ///
  /// - Returns: the tally where that was its last, and whom to answer.
  mutating func take(_ page: ReportPage) -> (tally: ReportTally, answer: Answer)? {
    for row in page.rows { works[0].tally.add(row) }
    works[0].after = page.next
    guard page.next == nil else {
      if works[0].tally.count >= Self.mostCallbacks { fail(.tooMany) }
      return nil
    }
    let done = works.removeFirst()
    return (done.tally, done.answer)
  }

  /// Ends the one that is worked on.
  mutating func fail(_ failure: ReportFailure) {
    works.removeFirst().answer(.failure(failure))
  }
}

/// Why there is no report.
enum ReportFailure: Error {
  case store(StoreError)
  case tooMany
  /// Others wait already, or the daemon stops.
  case busy

  /// What is wrong, and what to do.
  var sentence: String {
    switch self {
    case .store(let error): error.description
    case .tooMany:
      "More than \(ReportQueue.mostCallbacks) callbacks are too many for one report: ask for a shorter span of time."
    case .busy: "callbackd has as many reports to make as it takes: try again."
    }
  }
}

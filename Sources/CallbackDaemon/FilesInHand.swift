import CallbackIntake
import CallbackRules
import Dispatch
import Foundation
import Synchronization

/// Committed files on their way out of `incoming/`, beside the daemon's queue: put away on one queue, answered for with
/// receipts on another, so that no admission waits for a receipt.
///
/// `@unchecked Sendable`: `putAway` is touched on its queue alone, and so are `receipts` and what is unsynced.
final class FilesInHand: @unchecked Sendable {
  private let putAwayQueue = DispatchQueue(label: "callbackd.put-away")
  private let receiptQueue = DispatchQueue(label: "callbackd.receipts")
  private let putAway: PutAway
  private let receipts: ReceiptWriter
  /// Batches whose receipts are written, and not yet sure to last.
  private var unsynced: [Written] = []
  /// Batches that are yet to be put away, or whose receipts are yet to be written.
  private let waiting = Atomic(0)

  /// While further ones wait, so many are made to last together. That takes as long for one as for all, and has the file
  /// system write whatever else is new in it, also the files that are yet to be read, which then take longer to remove.
  private static let mostUnsynced = 40

  /// What became of a batch of files; each batch has one `.putAway`, then, where receipts are owed, one `.answered`.
  enum Report: Sendable {
    /// `done` are finished with; `owed` are answered for by a receipt that is yet to be written.
    case putAway(done: [Int64], owed: Int, isAnyChanged: Bool, isAnyOpen: Bool, failure: SpoolError?)
    /// Of so many receipts that were owed, those of `done` are written.
    case answered(done: [Int64], of: Int, failure: SpoolError?)
  }

  /// - Parameter root: absolute path of the spool.
  init(root: String) {
    putAway = PutAway(root: root)
    receipts = ReceiptWriter(root: root)
  }

  /// Puts files away and reports, on other queues.
  ///
  /// - Parameters:
  ///   - isRecovery: as for `PutAway`.
  ///   - receiptOffice: names people in receipts; nil: none are written.
  func put(
    _ admissions: [Admission], isRecovery: Bool, receiptOffice: Office?, report: @escaping @Sendable (Report) -> Void
  ) {
    waiting.add(1, ordering: .relaxed)
    putAwayQueue.async { @Sendable [self] in
      let result = putAway(admissions, isRecovery: isRecovery)
      let done = result.done.map(\.arrival)
      guard let receiptOffice else {
        report(
          .putAway(
            done: done, owed: 0, isAnyChanged: result.isAnyChanged, isAnyOpen: !result.open.isEmpty,
            failure: result.failure))
        // Receipts of batches before a reload may wait for it.
        receiptQueue.async { @Sendable [self] in ended() }
        return
      }
      // What stays open is answered for at once, and again when it is put away.
      let owed = (result.done + (isRecovery ? [] : result.open)).map { Receipt(for: $0, office: receiptOffice) }
      report(
        .putAway(
          done: [], owed: owed.count, isAnyChanged: result.isAnyChanged, isAnyOpen: !result.open.isEmpty,
          failure: result.failure))
      let finished = Set(done)
      receiptQueue.async { @Sendable [self] in
        unsynced.append(write(owed, finished: finished, report: report))
        ended()
      }
    }
  }

  /// A batch is through: to be done on the receipts' queue, once for each.
  private func ended() {
    let isAnyWaiting = waiting.subtract(1, ordering: .relaxed).newValue > 0
    if !isAnyWaiting || unsynced.count >= Self.mostUnsynced { syncReceipts() }
  }

  private struct Result {
    var done: [Admission] = []
    /// Those that somebody may still write: they stay in hand.
    var open: [Admission] = []
    var isAnyChanged = false
    var failure: SpoolError?
  }

  private func putAway(_ admissions: [Admission], isRecovery: Bool) -> Result {
    var result = Result()
    for admission in admissions {
      do throws(SpoolError) {
        switch try putAway(admission, isRecovery: isRecovery, at: Date()) {
        case .open:
          result.open.append(admission)
          continue
        case .changed: result.isAnyChanged = true
        case .done: break
        }
        result.done.append(admission)
      } catch {
        result.failure = error
      }
    }
    do throws(SpoolError) {
      try putAway.sync()
    } catch {
      (result.done, result.failure) = ([], error)
    }
    // A directory may have been replaced: the next try opens it anew.
    if result.failure != nil { putAway.forgetDirectories() }
    return result
  }

  /// The receipts of one batch.
  private struct Written {
    var done: [Int64] = []
    var owed: Int
    var failure: SpoolError?
    var report: @Sendable (Report) -> Void
  }

  /// - Parameter finished: the arrivals that are done with once their receipt is written.
  private func write(
    _ owed: [Receipt], finished: Set<Int64>, report: @escaping @Sendable (Report) -> Void
  ) -> Written {
    var written = Written(owed: owed.count, report: report)
    for receipt in owed {
      do throws(SpoolError) {
        try receipts.write(receipt)
        if finished.contains(receipt.arrival) { written.done.append(receipt.arrival) }
      } catch {
        written.failure = error
      }
    }
    return written
  }

  private func syncReceipts() {
    var failure: SpoolError?
    do throws(SpoolError) {
      if unsynced.contains(where: { !$0.done.isEmpty }) { try receipts.sync() }
    } catch {
      failure = error
    }
    for written in unsynced {
      written.report(
        .answered(done: failure == nil ? written.done : [], of: written.owed, failure: failure ?? written.failure))
    }
    unsynced = []
  }
}

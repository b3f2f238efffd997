import CallbackIntake
import CallbackRules
import Dispatch

/// Committed files on their way out of `incoming/`, beside the daemon's queue: put away on one queue, answered for with
/// receipts on another, so that no admission waits for a receipt.
///
/// `@unchecked Sendable`: `putAway` is touched on its queue alone, and so is `receipts`.
final class FilesInHand: @unchecked Sendable {
  private let putAwayQueue = DispatchQueue(label: "callbackd.put-away")
  private let receiptQueue = DispatchQueue(label: "callbackd.receipts")
  private let putAway: PutAway
  private let receipts: ReceiptWriter

  /// What became of a batch of files; each batch has one `.putAway`, then, where receipts are owed, one `.answered`.
  enum Report: Sendable {
    /// `done` are finished with; `owed` are answered for by a receipt that is yet to be written.
    case putAway(done: [Int64], owed: Int, isAnyChanged: Bool, failure: SpoolError?)
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
    putAwayQueue.async { @Sendable [self] in
      let (done, isAnyChanged, failure) = putAway(admissions, isRecovery: isRecovery)
      guard let receiptOffice else {
        report(.putAway(done: done.map(\.arrival), owed: 0, isAnyChanged: isAnyChanged, failure: failure))
        return
      }
      let owed = done.map { Receipt(for: $0, office: receiptOffice) }
      report(.putAway(done: [], owed: owed.count, isAnyChanged: isAnyChanged, failure: failure))
      receiptQueue.async { @Sendable [self] in report(write(owed)) }
    }
  }

  private func putAway(
    _ admissions: [Admission], isRecovery: Bool
  ) -> (done: [Admission], isAnyChanged: Bool, failure: SpoolError?) {
    var done: [Admission] = []
    var isAnyChanged = false
    var failure: SpoolError?
    for admission in admissions {
      do throws(SpoolError) {
        if try putAway(admission, isRecovery: isRecovery) == .changed { isAnyChanged = true }
        done.append(admission)
      } catch {
        failure = error
      }
    }
    do throws(SpoolError) {
      try putAway.sync()
    } catch {
      (done, failure) = ([], error)
    }
    // A directory may have been replaced: the next try opens it anew.
    if failure != nil { putAway.forgetDirectories() }
    return (done, isAnyChanged, failure)
  }

  private func write(_ owed: [Receipt]) -> Report {
    var done: [Int64] = []
    var failure: SpoolError?
    for receipt in owed {
      do throws(SpoolError) {
        try receipts.write(receipt)
        done.append(receipt.arrival)
      } catch {
        failure = error
      }
    }
    return .answered(done: done, of: owed.count, failure: failure)
  }
}

import CallbackIntake
import CallbackRules
import Dispatch

/// Committed files on their way out of `incoming/`, put away on a queue of their own.
///
/// `@unchecked Sendable`: `putAway` is touched on `queue` alone.
final class FilesInHand: @unchecked Sendable {
  private let queue = DispatchQueue(label: "callbackd.put-away")
  private let putAway: PutAway

  /// What became of a batch of files.
  struct Result: Sendable {
    /// Numbers of the arrivals that are put away and answered for.
    var done: [Int64] = []
    /// Whether one of them had changed, and has to be read again.
    var isAnyChanged = false
    /// Those to be tried again.
    var failed: [Admission] = []
    var failure: SpoolError?
  }

  init(root: String) {
    putAway = PutAway(root: root)
  }

  /// Puts files away and reports.
  ///
  /// - Parameters:
  ///   - receiptOffice: as for `PutAway`.
  ///   - report: called on another queue.
  func put(
    _ admissions: [Admission], isRecovery: Bool, receiptOffice: Office?, report: @escaping @Sendable (Result) -> Void
  ) {
    queue.async { @Sendable [self] in
      var result = Result()
      for admission in admissions {
        do throws(SpoolError) {
          let outcome = try putAway(admission, isRecovery: isRecovery, receiptOffice: receiptOffice)
          result.done.append(admission.arrival)
          if outcome == .changed { result.isAnyChanged = true }
        } catch {
          // A directory may have been replaced: the next try opens it anew.
          putAway.forgetDirectories()
          result.failed.append(admission)
          result.failure = error
        }
      }
      report(result)
    }
  }
}

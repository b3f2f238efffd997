import CallbackIntake
import Dispatch
import Foundation

/// Reads mails in `answers/` and puts them away, beside the daemon's queue: decoding one takes a child, and a share may not
/// answer.
///
/// `@unchecked Sendable`: `spool` is touched on `queue` alone.
final class AnswerReader: @unchecked Sendable {
  private let queue = DispatchQueue(label: "callbackd.answers")
  private let spool: AnswerSpool

  init(root: String, decoder: MailDecoder) {
    spool = AnswerSpool(root: root, decode: { decoder.answer(in: $0) })
  }

  /// What is to be done with a mail that is committed.
  enum Away: Sendable {
    case remove(AnswerSpool.Found)
    case reject(AnswerSpool.Found, number: Int64, reason: String)
  }

  /// Reads some of what is there, and reports on another queue.
  func look(report: @escaping @Sendable (Result<AnswerSpool.Look, SpoolError>) -> Void) {
    queue.async { @Sendable [self] in
      do throws(SpoolError) {
        report(.success(try spool.look()))
      } catch {
        report(.failure(error))
      }
    }
  }

  /// Puts mails away, and reports the last failure on another queue.
  func put(_ mails: [Away], report: @escaping @Sendable (SpoolError?) -> Void) {
    queue.async { @Sendable [self] in
      var failure: SpoolError?
      for mail in mails {
        do throws(SpoolError) {
          switch mail {
          case .remove(let found): try spool.remove(found)
          case .reject(let found, let number, let reason): try spool.reject(found, as: number, because: reason)
          }
        } catch {
          failure = error
        }
      }
      report(failure)
    }
  }
}

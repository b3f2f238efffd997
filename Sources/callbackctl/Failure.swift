import CallbackControl
import Foundation

/// Why a command ends without having done what it was asked: a code of sysexits(3), and what, where, what to do.
struct Failure: Error {
  var code: Int32
  var sentence: String

  init(_ code: Int32, _ sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  init(_ error: ControlError) {
    sentence = error.description
    code =
      switch error {
      case .unreachable(_, EACCES), .unreachable(_, EPERM): EX_NOPERM
      case .unreachable, .cannotListen: EX_UNAVAILABLE
      case .timedOut, .brokenOff, .garbled: EX_TEMPFAIL
      case .failed(let failure): Self.code(of: failure)
      }
  }

  private static func code(of failure: ControlFailure) -> Int32 {
    switch failure {
    case .noSuchCallback: EX_NOINPUT
    case .refused, .notAllowed, .needsPerson: EX_NOPERM
    case .badRequest: EX_DATAERR
    case .tryAgain: EX_TEMPFAIL
    // Daemon and callbackctl are of different versions.
    case .methodNotFound, .methodNotImplemented, .invalidParameter, .interfaceNotFound, .expectedMore: EX_UNAVAILABLE
    }
  }
}

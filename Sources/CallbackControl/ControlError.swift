import Glibc

/// What can go wrong with the control socket, on either side; the description says what to do.
public enum ControlError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The daemon's side: the socket can't be made.
  case cannotListen(path: String, reason: String)
  /// The client's side: nobody answers there.
  case unreachable(path: String, errno: Int32)
  /// Nothing came within the time given.
  case timedOut(path: String)
  /// The connection ended before an answer was whole.
  case brokenOff(path: String)
  /// What came back is no answer of a control socket.
  case garbled(path: String)
  /// The daemon answered with an error.
  case failed(ControlFailure)

  public var description: String {
    switch self {
    case .cannotListen(let path, let reason): "The control socket \(path) can't be made: \(reason)"
    case .unreachable(let path, EACCES), .unreachable(let path, EPERM):
      "You may not connect to the control socket \(path): ask for the group callback-staff."
    case .unreachable(let path, let code):
      "callbackd can't be reached at \(path) (\(String(cString: strerror(code)))): "
        + "is it running (`systemctl status callbackd`), and is this its socket?"
    case .timedOut(let path):
      "callbackd at \(path) did not answer in time: try again, and look at its log if it stays so."
    case .brokenOff(let path): "callbackd at \(path) hung up before it had answered: try again."
    case .garbled(let path):
      "What answers at \(path) does not speak as this callbackctl does: is it callbackd, and of the same version?"
    case .failed(let failure): failure.message
    }
  }
}

import CallbackControl
import Foundation

/// Asks the daemon what became of files, for those who may drop them and see nothing.
final class ReceiptInquiry {
  private let socket: String
  /// Kept from one question to the next.
  private var client: ControlClient?

  enum Answer: Equatable {
    case receipt(String)
    /// The file is not in yet, or the daemon can't say so now.
    case notYet
    /// There is no daemon at the socket.
    case notThere
    case mayNotAsk
  }

  /// - Parameter socket: the control socket.
  init(socket: String) {
    self.socket = socket
  }

  func ask(for name: String) -> Answer {
    do throws(ControlError) {
      let client = if let client { client } else { try ControlClient(path: socket, timeout: .seconds(2)) }
      self.client = client
      return try client.receipt(ofFile: name).receipt.map(Answer.receipt) ?? .notYet
    } catch {
      return answer(after: error)
    }
  }

  private func answer(after error: ControlError) -> Answer {
    switch error {
    case .unreachable(_, EACCES), .unreachable(_, EPERM): return .mayNotAsk
    case .unreachable, .cannotListen:
      client = nil
      return .notThere
    case .timedOut, .brokenOff, .garbled:
      client = nil
      return .notYet
    case .failed(.tryAgain): return .notYet
    // Not of the group, or a daemon that is older.
    case .failed: return .mayNotAsk
    }
  }
}

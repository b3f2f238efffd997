import CallbackRules
import ChildProcesses

/// Hands a mail to the system's sendmail, which queues it.
struct Sendmail: Sendable {
  /// An absolute path.
  let program: String
  let timeout: TimeSpan
  let scratchDirectory: String
  /// As for `CommandChannel`.
  let quotesErrors: Bool

  func handOver(_ message: [UInt8], from sender: MailAddress, to recipient: MailAddress) async -> Delivery {
    // -i: a line with a single dot is not the end. --: no address is an option.
    let child = ChildProcess(
      program: program, arguments: ["-i", "-f", sender.text, "--", recipient.text],
      timeout: .seconds(timeout.seconds))
    let handOver = HandOver(
      child: child, scratchDirectory: scratchDirectory, quotesErrors: quotesErrors, isRefusal: ServerReply.isRefusal)
    return await handOver.run(message)
  }
}

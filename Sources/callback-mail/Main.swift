// callback-mail: takes mails into the spool, and says what stands in one.
//
// An MTA pipes a mail to it, as a user of its own. It writes the bytes into the spool as they came, and exits 0 only when they
// are on disk; else it exits 75, so that the MTA keeps the mail and tries again. It reads no configuration and decodes nothing
// then: a fault in a library can lose no mail.
//
// With --decode it reads a mail and writes what stands in it as JSON. The daemon runs it so for each mail in the spool, with
// nothing at hand that a mail could harm (`Confinement`): all of a mail is hostile, and GMime is written in C.

import CallbackMIME
import Glibc

@main
struct CallbackMail {
  static func main() {
    do throws(Failure) {
      switch try Arguments(CommandLine.arguments.dropFirst()).command {
      case .help: write(Arguments.help)
      case .takeIn(let drop): try TakingIn(drop: drop).run()
      case .decode(let isAnswer): try decode(isAnswer: isAnswer)
      }
    } catch {
      // An MTA quotes this in its log, or to the sender.
      complain("callback-mail: \(error.sentence)\n")
      exit(error.code)
    }
  }

  private static func decode(isAnswer: Bool) throws(Failure) {
    Confinement.confine()
    let mail = try StandardInput.read(mostBytes: TakingIn.mostBytes)
    write(isAnswer ? MailJSON.text(ofAnswer: mail) : MailJSON.text(ofMail: mail))
  }

  private static func write(_ text: String) {
    guard put(text, into: STDOUT_FILENO) else { exit(EX_IOERR) }
  }

  private static func complain(_ text: String) { _ = put(text, into: STDERR_FILENO) }

  private static func put(_ text: String, into descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}

/// Why it ends without having done what it was asked: a code of sysexits(3), and what, where, what to do.
struct Failure: Error {
  var code: Int32
  var sentence: String

  init(_ code: Int32, _ sentence: String) {
    self.code = code
    self.sentence = sentence
  }
}

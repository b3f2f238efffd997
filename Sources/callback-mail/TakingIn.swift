import CallbackDrop
import Glibc

/// Takes the mail on standard input into the spool.
///
/// Whatever is wrong with the spool may be mended while the MTA keeps the mail. Only what the daemon would never read goes back
/// to its sender.
struct TakingIn {
  let drop: SpoolDrop

  /// As much as `spool.max_size` may be. What is larger than it is, but not than this, becomes an unreadable message that
  /// somebody must answer for, which is safer than a bounce that nobody reads.
  static let mostBytes = 64 << 20

  func run() throws(Failure) {
    let mail = try StandardInput.read(mostBytes: Self.mostBytes)
    do throws(DropError) {
      _ = try drop.add(mail, from: "mail", ending: "eml")
    } catch {
      throw Failure(
        EX_TEMPFAIL, "The mail could not be put into \(error.folder): \(error.reason); \(Self.remedy(error)).")
    }
  }

  private static func remedy(_ error: DropError) -> String {
    switch error.code {
    case EACCES, EPERM: "run it as callback-mail, for messages with the group callback-drop"
    case ENOENT, ENOTDIR: "make the folder, or give the right --spool and --service"
    case ENOSPC, EDQUOT: "make room on the disk"
    default: "look at the system's log"
    }
  }
}

/// What was piped in.
enum StandardInput {
  /// All of it, at least one byte.
  static func read(mostBytes: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
      if count == 0 { break }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw Failure(EX_TEMPFAIL, "Standard input can't be read: \(String(cString: strerror(errno))).")
      }
      bytes += buffer[..<count]
      guard bytes.count <= mostBytes else {
        throw Failure(
          EX_DATAERR, "The mail is larger than \(mostBytes >> 20) MiB and was not taken: send the message's text alone."
        )
      }
    }
    guard !bytes.isEmpty else { throw Failure(EX_DATAERR, "Standard input is empty: there is no mail in it.") }
    return bytes
  }
}

/// What a mail server said to a sendmail that asks it while one waits, and that only passes it on.
///
/// OpenSMTPD's ends with 70 (EX_SOFTWARE) whatever the server did not want, and writes its reply to standard error:
/// `sendmail: command failed: 550 Invalid recipient: <lee@riverside.example>` (usr.sbin/smtpd/enqueue.c). With 4 in front
/// the same words mean that it passes: a full disk is 421 or 451.
enum ServerReply {
  /// Whether it is for good, so that this mail to this recipient is never taken (RFC 5321, 4.2.1): 5yz, but not 50z, in which the
  /// server does not understand the program, and which says nothing of the recipient.
  ///
  /// - Parameters:
  ///   - code: what the program ended with. Of 70 alone the words are read: those of other programs count as they always did.
  ///   - said: its standard error; the end may be missing.
  static func isRefusal(code: Int32, said: [UInt8]) -> Bool {
    guard code == 70 else { return false }
    return said.split(separator: UInt8(ascii: "\n")).contains { line in
      guard let start = line.firstRange(of: Self.words)?.upperBound else { return false }
      let digits = line[start...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      return digits.count == 3 && digits.starts(with: "5".utf8) && !digits.starts(with: "50".utf8)
    }
  }

  private static let words = Array(": command failed: ".utf8)
}

/// A sendmail that keeps what it is given, and misbehaves as told, each recipient apart.
struct ScriptedSendmail {
  /// What it does for a mail to this address, instead of keeping it.
  var misbehaviour: [String: Misbehaviour] = [:]

  enum Misbehaviour: String, CaseIterable {
    /// Keeps the mail, then says EX_TEMPFAIL: the sender can't know that it went.
    case keepsAndFails = "exit 75"
    /// EX_NOUSER.
    case refuses = "exit 67"
    case hangs
    case ignoresTERM = "hangs and ignores TERM"
    case floods = "10 MB on standard error"
    case exitsUnread = "ends before reading"
    case isKilled = "is killed"

    fileprivate var shell: String {
      switch self {
      case .keepsAndFails: #"keep "$@"; exit 75"#
      case .refuses: "cat >/dev/null; echo 'no such user here' >&2; exit 67"
      case .hangs: "exec sleep 30"
      case .ignoresTERM: "trap '' TERM; cat >/dev/null; sleep 30; exit 0"
      case .floods: "cat >/dev/null; head -c 10485760 /dev/zero | tr '\\0' x >&2; exit 75"
      case .exitsUnread: "exit 75"
      case .isKilled: "kill -9 $$"
      }
    }
  }

  /// The script; keeps each mail in `directory` as NAME.mail, and what it was called with, each ended by NUL, as NAME.args.
  func script(keepingIn directory: String) -> String {
    let cases = misbehaviour.sorted { $0.key < $1.key }.map { "  '\($0)') \($1.shell);;" }.joined(separator: "\n")
    return """
      #!/bin/sh
      for to; do :; done
      keep() {
        name=$(mktemp '\(directory)/XXXXXXXX') || exit 75
        printf '%s\\0' "$@" >"$name.args"
        cat >"$name" && mv "$name" "$name.mail"
      }
      case $to in
      \(cases)
      esac
      keep "$@"

      """
  }

  /// One that only notes each Message-ID in a file, for hundreds of mails.
  static func noting(in file: String) -> String {
    """
    #!/bin/sh
    exec grep -m 1 -i '^message-id:' >>'\(file)'

    """
  }
}

import Foundation

/// What standard output is, and how to complain.
enum Terminal {
  /// How many columns there are; nil where nobody looks, and nothing need be cut.
  static var width: Int? {
    if let columns = environment("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
    guard isTerminal else { return nil }
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// By no-color.org: any value but an empty one says no.
  static var hasColour: Bool {
    isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
  }

  /// Says on standard error what is wrong. It may hold what a callback contains.
  static func complain(_ sentence: String) {
    let lines = sentence.harmlessLines(width: nil).map { "callbackctl: \($0)\n" }
    FileHandle.standardError.write(Data(lines.joined().utf8))
  }

  private static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  private static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}

/// How a word stands out.
enum Style {
  case plain
  case heading
  case late
  case soon
  /// Under the cursor: reversed, which is no colour.
  case chosen

  func applied(to text: String, colour: Bool) -> String {
    guard colour, let code else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  private var code: String? {
    switch self {
    case .plain: nil
    case .heading: "1"
    case .late: "1;31"
    case .soon: "33"
    case .chosen: "7"
    }
  }
}

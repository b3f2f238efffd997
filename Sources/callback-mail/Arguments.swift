import CallbackDrop
import Glibc

/// The command line. Read here: the parser that the other programs use would be more to link than all of this.
struct Arguments {
  enum Command {
    case help
    case takeIn(SpoolDrop)
    case decode(isAnswer: Bool)
  }

  let command: Command

  static let help = """
    OVERVIEW: Take a mail from standard input into the spool, for an MTA to pipe to.

    USAGE: callback-mail [--service <name>] [--spool <directory>]
           callback-mail --answers [--spool <directory>]
           callback-mail --decode [--answers]

    OPTIONS:
      --service <name>     The service that sends it: into its folder.
      --answers            It came to the address of mail.from: an answer to a notice, or word of what became of one.
      --spool <directory>  Where the spool is (default: \(defaultSpool)).
      --decode             Write what stands in the mail to standard output, as JSON, and take nothing in.
      -h, --help           Show help information.

    Exit codes: 0 only when the mail is on disk, 64 usage, 65 no mail, or too large, 75 try again.

    """

  private static let defaultSpool = "/var/spool/callbackd"

  init(_ words: ArraySlice<String>) throws(Failure) {
    var words = words
    var (service, spool): (String?, String?) = (nil, nil)
    var (decodes, isAnswer) = (false, false)
    while let word = words.popFirst() {
      switch word {
      case "-h", "--help":
        command = .help
        return
      case "--decode": decodes = true
      case "--answers": isAnswer = true
      case "--service": service = try Self.value(of: word, &words)
      case "--spool": spool = try Self.value(of: word, &words)
      default: throw Failure(EX_USAGE, "What does \(word) mean? See `callback-mail --help`.")
      }
    }
    guard !decodes else {
      guard service == nil, spool == nil else { throw Failure(EX_USAGE, "--decode stands alone: nothing is taken in.") }
      command = .decode(isAnswer: isAnswer)
      return
    }
    guard !isAnswer else {
      guard service == nil else { throw Failure(EX_USAGE, "An answer is of no service: leave out --service.") }
      command = .takeIn(SpoolDrop(answersIn: spool ?? Self.defaultSpool))
      return
    }
    if let service, !SpoolDrop.isServiceName(service) {
      throw Failure(EX_USAGE, "A service is named by its id, as the configuration has it.")
    }
    command = .takeIn(SpoolDrop(spool: spool ?? Self.defaultSpool, service: service))
  }

  private static func value(of option: String, _ words: inout ArraySlice<String>) throws(Failure) -> String {
    guard let value = words.popFirst(), !value.isEmpty else { throw Failure(EX_USAGE, "\(option) needs a value.") }
    return value
  }
}

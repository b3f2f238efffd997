import CallbackRules
import ChildProcesses
import Foundation

/// Has a mail decoded by `callback-mail --decode`, a child that limits itself before it reads.
///
/// The child is trusted with nothing: what it writes is bounded and read strictly, it has ten seconds, and however it ends there
/// is an answer. One child runs at a time, and whoever asks waits for it: to be called on a queue that may block.
public struct MailDecoder: Sendable {
  /// An absolute path.
  private let program: String
  private let timeout: Duration

  private static let name = "callback-mail"
  /// Where packages put it.
  private static let usualPath = "/usr/bin/" + name
  /// Ample for a MiB of text, each byte of which may be written as six.
  private static let mostOutputBytes = 8 << 20

  public init(program: String, timeout: Duration = .seconds(10)) {
    self.program = program
    self.timeout = timeout
  }

  /// The one that was installed with this program: beside it, else where packages put it.
  public init() {
    self.init(program: Self.sibling ?? Self.usualPath)
  }

  private static var sibling: String? {
    // A link that the kernel keeps, also where the program was replaced since.
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count)
    guard count > 0, let slash = path[..<count].lastIndex(of: CChar(UInt8(ascii: "/"))) else { return nil }
    let sibling = String(decoding: path[...slash].map { UInt8(bitPattern: $0) }, as: UTF8.self) + name
    return access(sibling, X_OK) == 0 ? sibling : nil
  }

  /// Decodes a mail.
  public func callAsFunction(_ mail: [UInt8]) -> Result<DecodedMail, MailTrouble> {
    output(["--decode"], reading: mail).flatMap { written in
      DecodedMail(json: written).map { .success($0) } ?? .failure(Self.unreadable)
    }
  }

  /// Decodes a mail that answers a notice, or says what became of one.
  public func answer(in mail: [UInt8]) -> Result<AnswerMail, MailTrouble> {
    output(["--decode", "--answers"], reading: mail).flatMap { written in
      AnswerMail(json: written).map { .success($0) } ?? .failure(Self.unreadable)
    }
  }

  private static let unreadable = MailTrouble("\(name) wrote what can't be read")

  private func output(_ arguments: [String], reading mail: [UInt8]) -> Result<[UInt8], MailTrouble> {
    guard access(program, X_OK) == 0 else {
      return .failure(
        MailTrouble("\(program) is missing or may not be run, install it beside callbackd", isOfProgram: true))
    }
    do throws(FileFailure) {
      let input = try UnnamedFile(inMemory: mail)
      let child = ChildProcess(program: program, arguments: arguments, timeout: timeout)
      let (ending, output) = try child.output(input: input.descriptor, mostBytes: Self.mostOutputBytes)
      return judge(ending, output)
    } catch {
      return .failure(MailTrouble(error.description, isOfProgram: true))
    }
  }

  /// Nothing of what the child said of an error is told: it may hold parts of the mail.
  private func judge(_ ending: ChildProcess.Ending, _ output: [UInt8]?) -> Result<[UInt8], MailTrouble> {
    switch ending {
    case .exited(0, _): return output.map { .success($0) } ?? .failure(Self.unreadable)
    case .exited(let code, _): return .failure(MailTrouble("\(Self.name) ended with exit code \(code)"))
    case .killed(let signal, _): return .failure(MailTrouble("\(Self.name) was ended by signal \(signal)"))
    case .unknown: return .failure(MailTrouble("how \(Self.name) ended can't be learnt", isOfProgram: true))
    case .timedOut: return .failure(MailTrouble("\(Self.name) was stopped after \(timeout.components.seconds) s"))
    case .notStarted(let why): return .failure(MailTrouble("\(program) can't be started, \(why)", isOfProgram: true))
    }
  }
}

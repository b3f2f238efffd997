import CallbackRules
import Foundation

/// The mails in `answers/`: finds and decodes them, and takes them away once they are committed.
///
/// As in `Spool`, a scan decides what there is, and neither names nor contents are trusted. A mail that can't be read or decoded
/// is an answer all the same, without a mail, so that somebody looks at it. When anything fails, the files stay where they are.
///
/// Confined to one queue.
public final class AnswerSpool {
  /// A file, and what stands in it.
  public struct Found: Sendable {
    public var name: [UInt8]
    public var identity: FileIdentity
    /// Nil: it can't be read; `problem` says why.
    public var mail: AnswerMail?
    public var problem: String?

    public init(name: [UInt8], identity: FileIdentity, mail: AnswerMail? = nil, problem: String? = nil) {
      self.name = name
      self.identity = identity
      self.mail = mail
      self.problem = problem
    }
  }

  /// What one look found.
  public struct Look: Sendable {
    public var found: [Found] = []
    /// Whether there may be more.
    public var isMore = false
    /// Whether some file is to be looked at again soon: somebody writes it, or decoding it took too long.
    public var isAnyLeft = false
    /// Why mails can't be decoded at all.
    public var problem: String?
  }

  /// Decodes a mail: `MailDecoder.answer`, or a test's.
  public typealias Decoding = @Sendable ([UInt8]) -> Result<AnswerMail, MailTrouble>

  private let root: String
  private let decode: Decoding
  private var answers: DirectoryHandle?
  private var rejected: DirectoryHandle?
  /// How often decoding these failed: a busy machine may be to blame.
  private var failures: [FileIdentity: Int] = [:]

  /// At most so many files are read before they are committed, for so long.
  private static let mostFiles = 32
  private static let mostTime = Duration.seconds(2)
  /// An MTA takes ten of these by default.
  static let mostBytes = 16 << 20
  private static let mostFailures = 3

  /// - Parameter root: absolute path of the spool.
  public init(root: String, decode: @escaping Decoding) {
    self.root = root
    self.decode = decode
  }

  /// Reads mails that are there.
  public func look() throws(SpoolError) -> Look {
    let directory = try opened(\.answers, SpoolLayout.answers)
    let listing = try DirectoryListing(directory)
    let began = ContinuousClock.now
    var look = Look()
    while let entry = try listing.next() {
      if FileName.isUnfinished(entry.name) { continue }
      guard look.found.count < Self.mostFiles, ContinuousClock.now - began < Self.mostTime else {
        look.isMore = true
        break
      }
      let file = SpoolFile.look(at: entry.name.cString, in: directory, maxSizeBytes: Self.mostBytes)
      switch file {
      case .notNow: look.isAnyLeft = true
      case .unreadable(let identity, let reason, _):
        look.found.append(Found(name: entry.name, identity: identity, problem: reason))
      case .read(let identity, let bytes, _):
        read(bytes, Found(name: entry.name, identity: identity), into: &look)
      }
      if look.problem != nil { break }
    }
    return look
  }

  private func read(_ bytes: [UInt8], _ found: Found, into look: inout Look) {
    var found = found
    switch decode(bytes) {
    case .success(let mail): found.mail = mail
    case .failure(let trouble) where trouble.isOfProgram:
      look.problem = trouble.reason
      return
    case .failure(let trouble):
      let count = failures[found.identity, default: 0] + 1
      guard count >= Self.mostFailures else {
        // Whoever floods the folder can't fill this.
        if failures.count < 1000 { failures[found.identity] = count }
        look.isAnyLeft = true
        return
      }
      found.problem = "The mail could not be decoded: \(trouble.reason)."
    }
    failures[found.identity] = nil
    look.found.append(found)
  }

  // MARK: - Putting away

  /// Removes a mail that is committed; one that was swapped meanwhile stays for the next look.
  public func remove(_ found: Found) throws(SpoolError) {
    let directory = try opened(\.answers, SpoolLayout.answers)
    guard try isThere(found, in: directory) else { return }
    guard unlinkat(directory.descriptor, found.name.cString, 0) == 0 || errno == ENOENT else {
      throw SpoolError(code: errno, could: "remove a file from", directory.shownPath)
    }
  }

  /// Keeps a mail that belongs to nothing in `rejected/`, beside the reason.
  public func reject(_ found: Found, as number: Int64, because reason: String) throws(SpoolError) {
    let directory = try opened(\.answers, SpoolLayout.answers)
    let target = try opened(\.rejected, SpoolLayout.rejected)
    let name = FileName.safe(found.name, ending: ".answer\(number)")
    if let status = try directory.status(of: found.name.cString), FileIdentity(status) == found.identity {
      guard renameat(directory.descriptor, found.name.cString, target.descriptor, name) == 0 else {
        throw SpoolError(code: errno, could: "put a file into", target.shownPath)
      }
      // Of a link this would change what it points to, and of a hard link the file of the other name.
      if status.isRegular, status.st_nlink == 1 { fchmodat(target.descriptor, name, 0o600, 0) }
    }
    try WholeFile.write(reason + "\n", to: name + ".reason", in: target, mode: 0o640)
  }

  private func isThere(_ found: Found, in directory: DirectoryHandle) throws(SpoolError) -> Bool {
    try directory.status(of: found.name.cString).map { FileIdentity($0) == found.identity } ?? false
  }

  private func opened(
    _ handle: ReferenceWritableKeyPath<AnswerSpool, DirectoryHandle?>, _ name: String
  ) throws(SpoolError) -> DirectoryHandle {
    if let known = self[keyPath: handle], known.isInPlace { return known }
    let directory = try DirectoryHandle(path: root + "/" + name)
    self[keyPath: handle] = directory
    return directory
  }
}

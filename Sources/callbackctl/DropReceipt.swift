import CallbackDrop
import Foundation

/// What the daemon answers to files that were dropped.
struct DropReceipt {
  private let folder: String
  private let accepted: String
  private let rejected: String
  private let inquiry: ReceiptInquiry

  /// - Parameter drop: where they were dropped.
  init(spool: String, drop: SpoolDrop, inquiry: ReceiptInquiry) {
    folder = drop.folder
    self.inquiry = inquiry
    accepted = spool + "/accepted"
    rejected = spool + "/rejected"
  }

  /// Waits until the daemon has taken the file, and gives its receipt; of what could not be understood also why, to whoever
  /// may read that.
  func answer(to name: String, until deadline: ContinuousClock.Instant) throws(Failure) -> String {
    let receipt = try receipt(of: name, until: deadline)
    guard receipt.split(separator: "\n").contains(where: { $0.hasPrefix("Not understood") }) else { return receipt }
    // The daemon answers with the receipt as soon as the message is in; the reason is written with the file a moment later.
    while true {
      switch try answer(in: rejected, to: name, ending: ".reason") {
      case .text(let reason):
        return receipt + reason.split(separator: "\n").map { "Why: \($0)\n" }.joined()
      case .mayNotList: return receipt
      case .none: break
      }
      guard ContinuousClock.now < deadline else { return receipt }
      usleep(50_000)
    }
  }

  /// The receipt's name ends in a number that only the daemon knows. Who may not list the folder asks the daemon for it.
  private func receipt(of name: String, until deadline: ContinuousClock.Instant) throws(Failure) -> String {
    while true {
      let isTaken = access(folder + "/" + name, F_OK) != 0 && errno == ENOENT
      let receipt = try answer(in: accepted, to: name, ending: ".receipt")
      if case .text(let text) = receipt { return text }
      let told = inquiry.ask(for: name)
      if case .receipt(let text) = told { return text }
      if isTaken, told == .mayNotAsk, case .mayNotList = receipt {
        return "The daemon has taken \(name). Its receipt is in \(accepted), which you may not list.\n"
      }
      guard ContinuousClock.now < deadline else {
        if isTaken { return "The daemon has taken \(name); there is no receipt yet.\n" }
        let why = told == .notThere ? "is not running" : "has not taken it yet"
        throw Failure(
          EX_TEMPFAIL,
          "\(name) is safe in the spool, but the daemon \(why); it will be answered for when it runs. Don't drop it again."
        )
      }
      usleep(50_000)
    }
  }

  private enum Answer {
    case none
    case mayNotList
    case text(String)
  }

  private func answer(in directory: String, to name: String, ending: String) throws(Failure) -> Answer {
    guard let stream = opendir(directory) else { return errno == EACCES ? .mayNotList : .none }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let found = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard found.hasPrefix(name + "."), found.hasSuffix(ending) else { continue }
      return .text(String(decoding: try FileContents.read(directory + "/" + found), as: UTF8.self))
    }
    return .none
  }
}

extension Failure {
  init(_ error: DropError) {
    let folder = error.folder
    switch error.code {
    case EACCES, EPERM: self.init(EX_NOPERM, "You may not add files to \(folder): ask for the group callback-drop.")
    case ENOENT, ENOTDIR:
      self.init(EX_UNAVAILABLE, "There is no folder \(folder): is this the daemon's spool, and the service's id right?")
    case ENOSPC, EDQUOT: self.init(EX_TEMPFAIL, "\(folder) is full (\(error.reason)): make room, then try again.")
    default: self.init(EX_TEMPFAIL, "The file could not be put into \(folder) (\(error.reason)): try again.")
    }
  }
}

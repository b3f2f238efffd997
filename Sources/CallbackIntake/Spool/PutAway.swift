import CallbackRules
import Foundation

/// The end of intake: takes committed files out of `incoming/` through `work/`, removes them or keeps them in `rejected/`, and
/// answers for them with a receipt or a reason.
///
/// Trusts that what it gets is committed. A file goes only if it still is what was read; what was swapped or grown meanwhile
/// stays in `work/` for the next scan. It may be done again after a crash, at whatever point that came. When it fails, the file
/// stays and whoever asked tries again.
///
/// Removing a file can take the file system a hundred times as long as storing its message, so this runs beside the daemon's
/// queue. Confined to one queue.
public final class PutAway {
  /// What became of one file.
  public enum Outcome: Sendable, Equatable {
    case done
    /// It was not what had been read: it is in `work/`, and the next scan reads it.
    case changed
  }

  /// Absolute path of the spool.
  private let root: String
  private var directories: [String: DirectoryHandle] = [:]

  public init(root: String) {
    self.root = root
  }

  /// Puts one committed file away.
  ///
  /// - Parameters:
  ///   - isRecovery: whether an earlier try may have come some way; then the file may be in `work/` already.
  ///   - receiptOffice: names people in the receipt; nil: no receipt is written.
  public func callAsFunction(
    _ admission: Admission, isRecovery: Bool, receiptOffice: Office?
  ) throws(SpoolError) -> Outcome {
    let work = try directory(SpoolLayout.work)
    let held = String(admission.arrival)
    if !isRecovery || faccessat(work.descriptor, held, F_OK, AT_SYMLINK_NOFOLLOW) != 0 {
      try takeInHand(admission, as: held, work: work)
    }
    var status = stat()
    let isThere = fstatat(work.descriptor, held, &status, AT_SYMLINK_NOFOLLOW) == 0
    let isSame = isThere && FileIdentity(status) == admission.identity
    if let problem = admission.callbacks.lazy.compactMap(\.message.problem).first {
      try reject(admission, held: isSame ? held : nil, because: problem, work: work)
    } else if isSame {
      try remove(held, from: work)
    }
    if let receiptOffice { try writeReceipt(for: admission, office: receiptOffice) }
    return isThere && !isSame ? .changed : .done
  }

  /// Renames the file into `work/`, unless its sender took it back.
  private func takeInHand(_ admission: Admission, as held: String, work: DirectoryHandle) throws(SpoolError) {
    let origin: DirectoryHandle
    switch admission.place.directory {
    case .work: origin = work
    case .incoming(nil): origin = try directory(SpoolLayout.incoming)
    case .incoming(let folder?): origin = try directory(SpoolLayout.incoming + "/" + folder)
    }
    guard renameat(origin.descriptor, admission.place.name.cString, work.descriptor, held) != 0, errno != ENOENT
    else { return }
    throw SpoolError(code: errno, could: "take a file from", origin.path)
  }

  private func remove(_ held: String, from work: DirectoryHandle) throws(SpoolError) {
    guard unlinkat(work.descriptor, held, 0) != 0, errno != ENOENT else { return }
    throw SpoolError(code: errno, could: "remove a file from", work.path)
  }

  /// Keeps what could not be read, beside the reason.
  ///
  /// - Parameter held: the file's name in `work/`; nil if it is not there any more.
  private func reject(
    _ admission: Admission, held: String?, because problem: String, work: DirectoryHandle
  ) throws(SpoolError) {
    let rejected = try directory(SpoolLayout.rejected)
    let name = FileName.safe(admission.place.name, ending: ".\(admission.number)")
    if let held {
      guard renameat(work.descriptor, held, rejected.descriptor, name) == 0 else {
        throw SpoolError(code: errno, could: "put a file into", rejected.path)
      }
      // Where it belongs to its sender the mode can't be changed: nobody but its group can enter the directory.
      fchmodat(rejected.descriptor, name, 0o600, 0)
    }
    try WholeFile.write(problem + "\n", to: name + ".reason", in: rejected, mode: 0o640)
  }

  private func writeReceipt(for admission: Admission, office: Office) throws(SpoolError) {
    let text = Receipt.text(for: admission.callbacks, office: office)
    let name = FileName.safe(admission.place.name, ending: ".\(admission.number).receipt")
    try WholeFile.write(text, to: name, in: try directory(SpoolLayout.accepted), mode: 0o640)
  }

  /// A directory of the spool.
  private func directory(_ name: String) throws(SpoolError) -> DirectoryHandle {
    if let known = directories[name] { return known }
    let opened = try DirectoryHandle(path: root + "/" + name)
    directories[name] = opened
    return opened
  }

  /// Opens every directory anew when it is needed next.
  public func forgetDirectories() { directories.removeAll() }
}

extension Admission {
  /// The number that a receipt and a reason carry.
  fileprivate var number: Int64 { callbacks.first?.id ?? 0 }
}

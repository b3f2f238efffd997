import CallbackRules
import Foundation

/// The end of intake: takes committed files out of `incoming/` through `work/`, and removes them or keeps them in `rejected/`
/// with the reason.
///
/// Trusts that what it gets is committed. A file goes only if it still is what was read; what was swapped or grown meanwhile
/// stays for the next scan. It may be done again after a crash, at whatever point that came. When it fails, the file stays and
/// whoever asked tries again.
///
/// Removing a file can take the file system a hundred times as long as storing its message, so this runs beside the daemon's
/// queue. Confined to one queue.
public final class PutAway {
  /// What became of one file.
  public enum Outcome: Sendable, Equatable {
    case done
    /// It is not what had been read: it is where it was, or in `work/`, and the next scan reads it.
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
  /// - Parameter isRecovery: whether an earlier try may have come some way; then the file may be in `work/` already.
  public func callAsFunction(_ admission: Admission, isRecovery: Bool) throws(SpoolError) -> Outcome {
    let work = try directory(SpoolLayout.work)
    let found = try takeInHand(admission, isRecovery: isRecovery, work: work)
    let problems = admission.callbacks.compactMap(\.message.problem)
    if !problems.isEmpty {
      try reject(admission, found: found, because: problems, work: work)
    } else if case .held = found {
      try remove(HeldName.of(admission), from: work)
    }
    if case .changed = found { return .changed }
    return .done
  }

  /// Makes it last that files were put away. To be done before the store forgets them: after a power cut they could be back,
  /// and would be taken for new ones.
  public func sync() throws(SpoolError) {
    for directory in directories.values where fsync(directory.descriptor) != 0 {
      throw SpoolError(code: errno, could: "sync", directory.shownPath)
    }
  }

  private enum Found {
    /// It lies in `work/`, as this says.
    case held(stat)
    case changed
    /// Its sender took it back, or it was put away before a crash.
    case gone
  }

  /// Renames the file into `work/`, unless it is there already.
  ///
  /// It is compared before, so that another file under its name keeps name and folder, and after, when nobody can swap it any
  /// more.
  private func takeInHand(
    _ admission: Admission, isRecovery: Bool, work: DirectoryHandle
  ) throws(SpoolError) -> Found {
    let held = HeldName.of(admission).cString
    if isRecovery, let found = try look(at: held, in: work, for: admission) { return found }
    let name = admission.place.name.cString
    let original = try find(name, in: admission.place.directory)
    if let (origin, status) = original, FileIdentity(status) == admission.identity,
      renameat(origin.descriptor, name, work.descriptor, held) != 0, errno != ENOENT
    {
      throw SpoolError(code: errno, could: "take a file from", origin.shownPath)
    }
    return try look(at: held, in: work, for: admission) ?? (original == nil ? .gone : .changed)
  }

  /// What lies in `work/` under this name; nil if nothing does.
  private func look(
    at held: [CChar], in work: DirectoryHandle, for admission: Admission
  ) throws(SpoolError) -> Found? {
    try work.status(of: held).map { FileIdentity($0) == admission.identity ? .held($0) : .changed }
  }

  /// The file where it was read; nil if it is gone, or its service's folder is.
  private func find(
    _ name: [CChar], in place: FilePlace.Directory
  ) throws(SpoolError) -> (DirectoryHandle, stat)? {
    let path =
      switch place {
      case .work: SpoolLayout.work
      case .incoming(let folder): folder.map { SpoolLayout.incoming + "/" + $0 } ?? SpoolLayout.incoming
      }
    if let known = directories[path] {
      if let status = try known.status(of: name) { return (known, status) }
      // Gone, or in a directory that was put in the place of the one that is open.
      guard !known.isInPlace else { return nil }
      directories[path] = nil
    }
    do throws(SpoolError) {
      let opened = try directory(path)
      return try opened.status(of: name).map { (opened, $0) }
    } catch {
      guard error.code == ENOENT, case .incoming(.some) = place else { throw error }
      return nil
    }
  }

  private func remove(_ held: [UInt8], from work: DirectoryHandle) throws(SpoolError) {
    guard unlinkat(work.descriptor, held.cString, 0) != 0, errno != ENOENT else { return }
    throw SpoolError(code: errno, could: "remove a file from", work.shownPath)
  }

  /// Keeps what could not be read, beside the reason.
  private func reject(
    _ admission: Admission, found: Found, because problems: [String], work: DirectoryHandle
  ) throws(SpoolError) {
    let rejected = try directory(SpoolLayout.rejected)
    let name = FileName.safe(admission.place.name, ending: ".\(admission.label)")
    if case .held(let status) = found {
      guard renameat(work.descriptor, HeldName.of(admission).cString, rejected.descriptor, name) == 0 else {
        throw SpoolError(code: errno, could: "put a file into", rejected.shownPath)
      }
      // Of a link this would change what it points to, and of a hard link the file of the other name. Where the file belongs
      // to its sender the mode can't be changed: nobody but its group can enter the directory.
      if status.isRegular, status.st_nlink == 1 { fchmodat(rejected.descriptor, name, 0o600, 0) }
    }
    let reason = problems.joined(separator: "\n") + "\n"
    try WholeFile.write(reason, to: name + ".reason", in: rejected, mode: 0o640)
  }

  /// A directory of the spool, or a folder in `incoming/`.
  private func directory(_ name: String) throws(SpoolError) -> DirectoryHandle {
    if let known = directories[name] { return known }
    let isFolder = name.hasPrefix(SpoolLayout.incoming + "/")
    let opened = try DirectoryHandle(
      path: root + "/" + name, shownPath: isFolder ? "a folder in \(root)/\(SpoolLayout.incoming)" : nil)
    directories[name] = opened
    return opened
  }

  /// Opens every directory anew when it is needed next. To be done after `sync`, which knows only the open ones.
  public func forgetDirectories() { directories.removeAll() }
}

extension Admission {
  /// What a receipt and a reason carry in their names: the number of the first callback; of a list `LIST` and its own number.
  var label: String { callbacks.first.map { String($0.id) } ?? "LIST\(arrival)" }
}

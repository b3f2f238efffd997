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
    /// Somebody has it open for writing, or may have: it stays in `work/`, still in hand, to be put away later.
    case open
  }

  /// Where nobody can tell whether a file is open for writing, it stays in `work/` for so long: whoever opened it before may
  /// only have paused, and what is written into a file that was removed is lost.
  static let lingerSeconds = 60.0

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
  ///   - now: tells whether a file has lain in `work/` for long enough.
  public func callAsFunction(
    _ admission: Admission, isRecovery: Bool, at now: Date
  ) throws(SpoolError) -> Outcome {
    let work = try directory(SpoolLayout.work)
    let found = try takeInHand(admission, isRecovery: isRecovery, work: work, now: now)
    if case .open = found { return .open }
    let unreadable = admission.unreadable
    if let first = unreadable.first {
      try reject(admission, as: first.id, found: found, because: admission.reason(of: unreadable), work: work)
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
    case open
    case changed
    /// Its sender took it back, or it was put away before a crash.
    case gone
  }

  /// Renames the file into `work/`, unless it is there already.
  ///
  /// It is compared before, so that another file under its name keeps name and folder, and after, when nobody can swap it any
  /// more.
  private func takeInHand(
    _ admission: Admission, isRecovery: Bool, work: DirectoryHandle, now: Date
  ) throws(SpoolError) -> Found {
    let held = HeldName.of(admission).cString
    if isRecovery, let found = try look(at: held, in: work, for: admission, now: now) { return found }
    let name = admission.place.name.cString
    let original = try find(name, in: admission.place.directory)
    if let (origin, status) = original, FileIdentity(status) == admission.identity,
      renameat(origin.descriptor, name, work.descriptor, held) != 0, errno != ENOENT
    {
      throw SpoolError(code: errno, could: "take a file from", origin.shownPath)
    }
    return try look(at: held, in: work, for: admission, now: now) ?? (original == nil ? .gone : .changed)
  }

  /// What lies in `work/` under this name; nil if nothing does.
  private func look(
    at held: [CChar], in work: DirectoryHandle, for admission: Admission, now: Date
  ) throws(SpoolError) -> Found? {
    guard let status = try work.status(of: held) else { return nil }
    guard FileIdentity(status) == admission.identity else { return .changed }
    // What else there is can't be written to here, or is kept by its other name.
    guard status.isRegular, status.st_nlink == 1 else { return .held(status) }
    let descriptor = openat(work.descriptor, held, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    // One that may not be read was not read.
    guard descriptor >= 0 else { return .held(status) }
    defer { close(descriptor) }
    let writer = Writer(of: descriptor)
    // After that, for until then somebody may have written.
    var last = stat()
    guard fstat(descriptor, &last) == 0, FileIdentity(last) == admission.identity else { return .changed }
    switch writer {
    case .nobody: return .held(last)
    case .somebody: return .open
    case .unknown:
      let age = now.timeIntervalSince(Date(last.st_ctim))
      return abs(age) < Self.lingerSeconds ? .open : .held(last)
    }
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

  /// Keeps what could not be read, whole, beside the reason.
  private func reject(
    _ admission: Admission, as number: Int64, found: Found, because reason: String, work: DirectoryHandle
  ) throws(SpoolError) {
    let rejected = try directory(SpoolLayout.rejected)
    let name = FileName.safe(admission.place.name, ending: ".\(number)")
    if case .held(let status) = found {
      guard renameat(work.descriptor, HeldName.of(admission).cString, rejected.descriptor, name) == 0 else {
        throw SpoolError(code: errno, could: "put a file into", rejected.shownPath)
      }
      // Of a link this would change what it points to, and of a hard link the file of the other name. Where the file belongs
      // to its sender the mode can't be changed: nobody but its group can enter the directory.
      if status.isRegular, status.st_nlink == 1 { fchmodat(rejected.descriptor, name, 0o600, 0) }
    }
    try WholeFile.write(reason, to: name + ".reason", in: rejected, mode: 0o640, isSynced: true)
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
  /// What a receipt carries in its name: the number of the first callback; of a list `LIST` and its own number.
  var label: String { callbacks.first.map { String($0.id) } ?? "LIST\(arrival)" }

  /// The callbacks of what could not be understood, each once; a file with one goes to `rejected/` under its number.
  var unreadable: [Callback] {
    var seen: Set<Int64> = []
    return callbacks.filter { $0.message.problem != nil && seen.insert($0.id).inserted }
  }

  /// A sentence for each of them: what to mend; of a file with several messages, behind the number of its callback.
  func reason(of unreadable: [Callback]) -> String {
    unreadable.map { callback in
      (callbacks.count > 1 ? "Callback \(callback.id): " : "") + (callback.message.problem ?? "") + "\n"
    }.joined()
  }
}

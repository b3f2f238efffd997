import CallbackRules
import Foundation

/// What happens to a file once it is committed: through `work/`, then gone or to `rejected/`, then answered for.
extension Spool {
  /// What became of putting a file away.
  public enum PutAway: Sendable, Equatable {
    case done
    /// It was not what had been read: swapped, or grown. It is in `work/`, and the next scan reads it.
    case changed
  }

  /// Puts a committed file away; to be done again after a crash, at whatever point it came.
  ///
  /// - Parameters:
  ///   - isRecovery: whether an earlier try may have come some way; then the file may be in `work/` already.
  ///   - receipt: makes the text for staff, which holds no patient data; not called where there are no receipts.
  public func putAway(
    _ admission: Admission, isRecovery: Bool, receipt: () -> String
  ) throws(SpoolError) -> PutAway {
    let work = try directory(\.work, SpoolLayout.work)
    let held = String(admission.arrival)
    if !isRecovery || faccessat(work.descriptor, held, F_OK, AT_SYMLINK_NOFOLLOW) != 0 {
      try takeInHand(admission, as: held, work: work)
    }

    var status = stat()
    let isThere = fstatat(work.descriptor, held, &status, AT_SYMLINK_NOFOLLOW) == 0
    let isSame = isThere && FileIdentity(status) == admission.identity
    let number = admission.callbacks.first?.id ?? 0
    let problems = admission.callbacks.compactMap(\.message.problem)
    if isSame {
      if problems.isEmpty {
        try remove(held, from: work)
      } else {
        try reject(held, admission: admission, number: number, work: work)
      }
    }
    if let problem = problems.first {
      let rejected = try DirectoryHandle(path: settings.root + "/" + SpoolLayout.rejected)
      let name = FileName.safe(admission.place.name, ending: ".\(number).reason")
      try WholeFile.write(problem + "\n", to: name, in: rejected, mode: 0o640)
    }
    if settings.receipts {
      let accepted = try DirectoryHandle(path: settings.root + "/" + SpoolLayout.accepted)
      let name = FileName.safe(admission.place.name, ending: ".\(number).receipt")
      try WholeFile.write(receipt(), to: name, in: accepted, mode: 0o640)
    }
    return isThere && !isSame ? .changed : .done
  }

  /// Renames the file into `work/`, unless its sender took it back.
  private func takeInHand(_ admission: Admission, as held: String, work: DirectoryHandle) throws(SpoolError) {
    let origin: DirectoryHandle
    switch admission.place.directory {
    case .work: origin = work
    case .incoming(nil): origin = try directory(\.incoming, SpoolLayout.incoming)
    case .incoming(let folder?):
      origin = try DirectoryHandle(folder, in: try directory(\.incoming, SpoolLayout.incoming))
    }
    guard renameat(origin.descriptor, admission.place.name.cString, work.descriptor, held) != 0, errno != ENOENT
    else { return }
    throw SpoolError(code: errno, could: "take a file from", origin.path)
  }

  private func remove(_ held: String, from work: DirectoryHandle) throws(SpoolError) {
    guard unlinkat(work.descriptor, held, 0) != 0, errno != ENOENT else { return }
    throw SpoolError(code: errno, could: "remove a file from", work.path)
  }

  private func reject(
    _ held: String, admission: Admission, number: Int64, work: DirectoryHandle
  ) throws(SpoolError) {
    let rejected = try DirectoryHandle(path: settings.root + "/" + SpoolLayout.rejected)
    let name = FileName.safe(admission.place.name, ending: ".\(number)")
    guard renameat(work.descriptor, held, rejected.descriptor, name) == 0 else {
      throw SpoolError(code: errno, could: "put a file into", rejected.path)
    }
    // Where it belongs to its sender, the mode stays: nobody but the daemon's group can enter the directory.
    fchmodat(rejected.descriptor, name, 0o600, 0)
  }

  /// The open directory, or a newly opened one.
  func directory(
    _ handle: ReferenceWritableKeyPath<Spool, DirectoryHandle?>, _ name: String
  ) throws(SpoolError) -> DirectoryHandle {
    if let known = self[keyPath: handle] { return known }
    let opened = try DirectoryHandle(path: settings.root + "/" + name)
    self[keyPath: handle] = opened
    return opened
  }
}

import Foundation

/// Puts a file into `incoming/` so that the daemon sees it whole or not at all: written under a hidden name, synced, renamed.
///
/// Needs no right but to write there: staff may neither list the folder nor read what is in it.
struct SpoolDrop {
  private let folder: String
  private let accepted: String
  private let rejected: String

  init(spool: String, service: String?) {
    folder = spool + "/incoming" + (service.map { "/" + $0 } ?? "")
    accepted = spool + "/accepted"
    rejected = spool + "/rejected"
  }

  /// Adds a file and syncs it.
  ///
  /// - Parameter original: the name it had, of which only an ending such as `.eml` is kept: names are patient data too.
  /// - Returns: its name in the spool.
  func add(_ bytes: [UInt8], like original: String) throws(Failure) -> String {
    let name = Self.freshName(like: original)
    let (hidden, final) = (folder + "/." + name + ".tmp", folder + "/" + name)
    do throws(Failure) {
      try write(bytes, to: hidden)
      // Opened for reading alone: the daemon leaves a file that somebody may still write for later.
      let descriptor = open(hidden, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure(errno) }
      defer { close(descriptor) }
      guard rename(hidden, final) == 0 else { throw failure(errno) }
      try syncName(descriptor)
    } catch {
      unlink(hidden)
      throw error
    }
    return name
  }

  private func write(_ bytes: [UInt8], to hidden: String) throws(Failure) {
    let descriptor = open(hidden, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw failure(errno) }
    shareWithFolder(descriptor)
    var code: Int32 = 0
    if !Self.write(bytes, to: descriptor) || fsync(descriptor) != 0 { code = errno }
    // Shares say only now that there was no room.
    if close(descriptor) != 0, code == 0 { code = errno }
    guard code == 0 else { throw failure(code) }
  }

  /// `drop-20261123T190500Z-0123456789abcdef.txt`
  private static func freshName(like original: String) -> String {
    var parts = tm()
    var now = time(nil)
    gmtime_r(&now, &parts)
    var stamp = [CChar](repeating: 0, count: 32)
    strftime(&stamp, stamp.count, "%Y%m%dT%H%M%SZ", &parts)
    let random = String(UInt64.random(in: 0 ... .max), radix: 16)
    let ending = original.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return "drop-" + stamp.withUnsafeBufferPointer { String(cString: $0.baseAddress!) } + "-"
      + String(repeating: "0", count: 16 - random.count) + random + "."
      + (["txt", "json", "csv", "eml"].contains(ending) ? ending : "txt")
  }

  /// The daemon reads by the folder's group, whatever the umask and the group of who drops.
  private func shareWithFolder(_ descriptor: Int32) {
    var status = stat()
    if stat(folder, &status) == 0 {
      // Refused only to somebody who is not in that group, and so may not write here by it either.
      _ = fchown(descriptor, uid_t.max, status.st_gid)
    }
    _ = fchmod(descriptor, 0o640)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Makes the rename survive a power cut. A folder that may not be read can't be opened for it; on journalling file systems
  /// the rename then goes to disk with the file, whose inode it changed.
  private func syncName(_ descriptor: Int32) throws(Failure) {
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else {
      guard fsync(descriptor) == 0 else { throw failure(errno) }
      return
    }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw failure(errno) }
  }

  // MARK: What became of it

  /// Waits until the daemon has taken the file, and gives its receipt, or the reason why it could not be understood.
  ///
  /// The receipt's name ends in a number that only the daemon knows. Who may not list the folder asks the daemon for it.
  func receipt(
    of name: String, asking inquiry: ReceiptInquiry, until deadline: ContinuousClock.Instant
  ) throws(Failure) -> String {
    while true {
      let isTaken = access(folder + "/" + name, F_OK) != 0 && errno == ENOENT
      let receipt = try answer(in: accepted, to: name, ending: ".receipt")
      let reason = try answer(in: rejected, to: name, ending: ".reason")
      if case .text(let text) = reason { return text }
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

  private func failure(_ code: Int32) -> Failure {
    let reason = String(cString: strerror(code))
    switch code {
    case EACCES, EPERM:
      return Failure(EX_NOPERM, "You may not add files to \(folder): ask for the group callback-drop.")
    case ENOENT, ENOTDIR:
      return Failure(
        EX_UNAVAILABLE, "There is no folder \(folder): is this the daemon's spool, and the service's id right?")
    case ENOSPC, EDQUOT: return Failure(EX_TEMPFAIL, "\(folder) is full (\(reason)): make room, then try again.")
    default: return Failure(EX_TEMPFAIL, "The file could not be put into \(folder) (\(reason)): try again.")
    }
  }
}

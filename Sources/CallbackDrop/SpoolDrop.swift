import Glibc

/// Puts a file into `incoming/`, or an answer into `answers/`, so that the daemon sees it whole or not at all: written under a hidden name, synced, renamed.
///
/// Needs no right but to write there: staff may neither list the folder nor read what is in it. Needs no configuration, and
/// nothing but libc.
package struct SpoolDrop {
  /// The path of `incoming/`, of a service's folder in it, or of `answers/`.
  package let folder: String

  package init(spool: String, service: String?) {
    folder = spool + "/incoming" + (service.map { "/" + $0 } ?? "")
  }

  /// For answers to notices, which go into a folder of their own.
  package init(answersIn spool: String) {
    folder = spool + "/answers"
  }

  /// Whether a service may be named so: its folder is in `incoming/` itself.
  package static func isServiceName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.utf8.contains(0)
  }

  /// Adds a file and syncs it; where that fails nothing is left.
  ///
  /// Its name says nothing of what is in it: names are patient data too.
  ///
  /// - Parameters:
  ///   - source: how its name begins: `drop`, `mail`.
  ///   - ending: how its name ends: `txt`.
  /// - Returns: its name in the spool.
  package func add(_ bytes: [UInt8], from source: String, ending: String) throws(DropError) -> String {
    let name = Self.freshName(from: source, ending: ending)
    let (hidden, final) = (folder + "/." + name + ".tmp", folder + "/" + name)
    do throws(DropError) {
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

  private func write(_ bytes: [UInt8], to hidden: String) throws(DropError) {
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
  private static func freshName(from source: String, ending: String) -> String {
    var parts = tm()
    var now = time(nil)
    gmtime_r(&now, &parts)
    var stamp = [CChar](repeating: 0, count: 32)
    strftime(&stamp, stamp.count, "%Y%m%dT%H%M%SZ", &parts)
    let moment = String(decoding: stamp.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let random = String(UInt64.random(in: 0 ... .max), radix: 16)
    return "\(source)-\(moment)-" + String(repeating: "0", count: 16 - random.count) + "\(random).\(ending)"
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
  private func syncName(_ descriptor: Int32) throws(DropError) {
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else {
      guard fsync(descriptor) == 0 else { throw failure(errno) }
      return
    }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw failure(errno) }
  }

  private func failure(_ code: Int32) -> DropError { DropError(code: code, folder: folder) }
}

import Foundation

/// One look at a file in the spool, through its directory's descriptor.
///
/// Trusts nothing about it: no links are followed, opening never waits (a FIFO), only a regular file with one name is read,
/// and its size is bounded by what was read, not by what it claims. What fails is a value, because each file must be
/// answered for.
enum SpoolFile {
  /// It was read.
  case read(FileIdentity, [UInt8], modifiedAt: Date)
  /// It can't be read, and never will as it is; one sentence says why and what to do.
  case unreadable(FileIdentity, reason: String, modifiedAt: Date)
  /// It is gone, or somebody still writes it.
  case notNow

  /// Looks at a file and reads it.
  ///
  /// - Parameters:
  ///   - name: ends in a NUL.
  ///   - mustBeSure: whether it is left alone also where nobody can tell whether somebody still writes it.
  static func look(
    at name: [CChar], in directory: DirectoryHandle, maxSizeBytes: Int, mustBeSure: Bool = false
  ) -> SpoolFile {
    let descriptor = openat(
      directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return unopened(name, in: directory, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .notNow }
    let identity = FileIdentity(status)
    if let reason = objection(to: status, maxSizeBytes: maxSizeBytes) {
      return .unreadable(identity, reason: reason, modifiedAt: status.modifiedAt)
    }
    switch Writer(of: descriptor) {
    case .somebody: return .notNow
    case .unknown where mustBeSure: return .notNow
    case .nobody, .unknown: break
    }
    guard let bytes = readAll(descriptor, expected: Int(status.st_size), maxSizeBytes: maxSizeBytes) else {
      return .unreadable(
        identity, reason: "Reading the file failed: \(String(cString: strerror(errno))); send it again.",
        modifiedAt: status.modifiedAt)
    }
    if bytes.count > maxSizeBytes {
      return .unreadable(identity, reason: tooLarge(maxSizeBytes), modifiedAt: status.modifiedAt)
    }
    // Half of an old and half of a new message would make sense to nobody.
    guard fstat(descriptor, &status) == 0, FileIdentity(status) == identity else { return .notNow }
    return .read(identity, bytes, modifiedAt: status.modifiedAt)
  }

  /// How long ago the file last changed in any way, in seconds; nil if it is gone. A rename counts as a change.
  ///
  /// By the time of the inode's change, which every write sets and nobody else can: a copy that keeps its times may be old, or
  /// from the future, the moment it is begun.
  static func ageSeconds(of name: [CChar], in directory: DirectoryHandle, now: Date) -> Double? {
    var status = stat()
    guard fstatat(directory.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    return now.timeIntervalSince(Date(status.st_ctim))
  }

  private static func unopened(_ name: [CChar], in directory: DirectoryHandle, code: Int32) -> SpoolFile {
    var status = stat()
    guard fstatat(directory.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .notNow }
    let reason: String
    switch code {
    case ELOOP: reason = "It is a symbolic link; send the file itself."
    case EACCES, EPERM:
      reason =
        "The daemon may not read it. Write it anew in the spool itself, whose group it then gets, with that group's right to read (umask 027, or chmod g+r)."
    case ENXIO: reason = "It is not a regular file; send a file."
    // EAGAIN: a file server has a lease on it, for a client that may be writing.
    case EMFILE, ENFILE, ENOMEM, EINTR, EAGAIN, ENOENT: return .notNow
    default: reason = "It can't be opened: \(String(cString: strerror(code))); send it again."
    }
    return .unreadable(FileIdentity(status), reason: reason, modifiedAt: status.modifiedAt)
  }

  private static func objection(to status: stat, maxSizeBytes: Int) -> String? {
    if status.isDirectory { return "It is a folder; send its files one by one." }
    if !status.isRegular { return "It is not a regular file; send a file." }
    if status.st_nlink != 1 { return "It has more than one name (a hard link); send a copy." }
    if status.st_size > maxSizeBytes { return tooLarge(maxSizeBytes) }
    return nil
  }

  private static func tooLarge(_ maxSizeBytes: Int) -> String {
    "It is larger than \(maxSizeBytes) bytes (spool.max_size); send the message alone."
  }

  /// Everything there is, at most one byte more than allowed; nil on an error.
  private static func readAll(_ descriptor: Int32, expected: Int, maxSizeBytes: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count <= maxSizeBytes {
      let room = min(max(expected + 1 - bytes.count, 512), maxSizeBytes + 1 - bytes.count)
      var count = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        repeat {
          count = Glibc.read(descriptor, buffer.baseAddress, room)
        } while count < 0 && errno == EINTR
        filled = max(count, 0)
      }
      if count < 0 { return nil }
      if count == 0 { break }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      // All that its size promised, and room was left: that it has not grown since, the caller sees.
      if bytes.count == expected, count < room { break }
    }
    return bytes
  }
}

extension FileIdentity {
  init(_ status: stat) {
    // Whoever may drop a file gives it any time, and a year after 2262 overflows: it only has to be the same each time.
    self.init(
      inode: UInt64(status.st_ino), sizeBytes: Int64(status.st_size),
      modifiedNanoseconds: Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec))
  }
}

extension Date {
  init(_ time: timespec) {
    self.init(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }
}

extension stat {
  var modifiedAt: Date { Date(st_mtim) }
  var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
  var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
}

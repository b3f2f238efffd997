import Foundation

/// An open directory. Every file of the spool is reached through one, so that nobody can swap a directory for a link under
/// the daemon's feet.
final class DirectoryHandle {
  let path: String
  /// What errors call it. Whoever may drop files may make folders, whose names may hold patients' data: these are not named.
  let shownPath: String
  let descriptor: Int32

  /// Opens the directory at this path.
  init(path: String, shownPath: String? = nil) throws(SpoolError) {
    self.path = path
    self.shownPath = shownPath ?? path
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw SpoolError(code: errno, could: "open", self.shownPath) }
  }

  /// Opens a folder that somebody made in another directory.
  init(_ name: String, in parent: DirectoryHandle) throws(SpoolError) {
    path = parent.path + "/" + name
    shownPath = "a folder in " + parent.shownPath
    descriptor = openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw SpoolError(code: errno, could: "open", shownPath) }
  }

  deinit { close(descriptor) }

  /// What lstat(2) says of this entry; nil if there is none.
  func status(of name: [CChar]) throws(SpoolError) -> stat? {
    var status = stat()
    if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
    guard errno == ENOENT else { throw SpoolError(code: errno, could: "look at a file in", shownPath) }
    return nil
  }

  /// Whether the path still leads to this directory: not moved, replaced, or covered by a mount.
  var isInPlace: Bool {
    var here = stat()
    var there = stat()
    return fstat(descriptor, &here) == 0 && lstat(path, &there) == 0 && here.st_dev == there.st_dev
      && here.st_ino == there.st_ino && here.st_nlink > 0
  }
}

/// Runs through a directory's entries without ever holding all of them.
final class DirectoryListing {
  private let stream: OpaquePointer
  private let shownPath: String

  struct Entry {
    /// As the file system has it, which need not be UTF-8.
    var name: [UInt8]
    var isDirectory: Bool
  }

  init(_ directory: DirectoryHandle) throws(SpoolError) {
    // A descriptor of its own: closedir closes it, and its position is nobody else's.
    let descriptor = openat(directory.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, let stream = fdopendir(descriptor) else {
      let code = errno
      if descriptor >= 0 { close(descriptor) }
      throw SpoolError(code: code, could: "list", directory.shownPath)
    }
    self.stream = stream
    shownPath = directory.shownPath
  }

  deinit { closedir(stream) }

  /// The next entry but `.` and `..`; nil at the end.
  func next() throws(SpoolError) -> Entry? {
    // Only errno tells the end from a failure (readdir(3)), after which files would be missed in silence.
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in [UInt8](bytes.prefix { $0 != 0 }) }
      if name == [46] || name == [46, 46] { continue }
      // Never the entry as a whole: it is only as long as its name, and what the type has behind that may be no memory.
      return Entry(name: name, isDirectory: isDirectory(entry.pointee.d_type, name))
    }
    guard errno == 0 else { throw SpoolError(code: errno, could: "list", shownPath) }
    return nil
  }

  private func isDirectory(_ type: UInt8, _ name: [UInt8]) -> Bool {
    guard type == UInt8(DT_UNKNOWN) else { return type == UInt8(DT_DIR) }
    // Not every file system keeps the type in the entry.
    var status = stat()
    return fstatat(dirfd(stream), name.cString, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.isDirectory
  }
}

import Foundation

/// Writes small files that are complete or absent.
enum WholeFile {
  /// Writes `text` under a hidden name and renames it into place; a file of that name is replaced.
  static func write(_ text: String, to name: String, in directory: DirectoryHandle, mode: mode_t) throws(SpoolError) {
    let hidden = "." + name.prefix(200) + ".tmp"
    let descriptor = openat(
      directory.descriptor, hidden, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw SpoolError(code: errno, could: "write in", directory.path) }
    var text = text
    let written = text.withUTF8 { bytes in Glibc.write(descriptor, bytes.baseAddress, bytes.count) == bytes.count }
    let code = written ? 0 : (errno == 0 ? ENOSPC : errno)
    // The mode is meant, whatever the umask.
    fchmod(descriptor, mode)
    close(descriptor)
    guard written, renameat(directory.descriptor, hidden, directory.descriptor, name) == 0 else {
      let failure = written ? errno : code
      unlinkat(directory.descriptor, hidden, 0)
      throw SpoolError(code: failure, could: "write in", directory.path)
    }
  }
}

import Foundation

/// Writes small files that are complete or absent.
enum WholeFile {
  /// Writes `text` under a hidden name and renames it into place; a file of that name is replaced.
  ///
  /// - Parameter isSynced: whether the text is on disk before it has its name; else a power cut may leave the name without it.
  static func write(
    _ text: String, to name: String, in directory: DirectoryHandle, mode: mode_t, isSynced: Bool = false
  ) throws(SpoolError) {
    let hidden = "." + name.prefix(200) + ".tmp"
    let descriptor = openat(
      directory.descriptor, hidden, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw SpoolError(code: errno, could: "write in", directory.path) }
    var text = text
    let count = text.withUTF8 { bytes in Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
    // A short count gives no reason, but has only one.
    var code = count < 0 ? errno : count < text.utf8.count ? ENOSPC : 0
    // The mode is meant, whatever the umask.
    if code == 0, fchmod(descriptor, mode) != 0 { code = errno }
    if code == 0, isSynced, fsync(descriptor) != 0 { code = errno }
    // Shares say only now that there was no room.
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, renameat(directory.descriptor, hidden, directory.descriptor, name) != 0 { code = errno }
    guard code == 0 else {
      unlinkat(directory.descriptor, hidden, 0)
      throw SpoolError(code: code, could: "write in", directory.path)
    }
  }
}

import ChildProcesses
import Glibc

/// Writes notification files, `NUMBER.json`, whole or not at all.
///
/// By way of a temporary file, fsync and rename, so that whoever watches the directory never sees half a file, and it is
/// there after a power cut. A repeat replaces the file with the same name. Group-readable (0640) whatever the umask.
struct NotificationFile: Sendable {
  let directory: String

  func write(_ json: [UInt8], number: Int64) throws(FileFailure) {
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw FileFailure("open", directory) }
    defer { close(folder) }

    let (temporary, final) = (".\(number).tmp", "\(number).json")
    do throws(FileFailure) {
      try writeTemporary(json, name: temporary, in: folder)
      guard renameat(folder, temporary, folder, final) == 0 else { throw FileFailure("rename a file to", path(final)) }
    } catch {
      // Left behind it would only be replaced by the next try; there is nothing to add to the failure.
      unlinkat(folder, temporary, 0)
      throw error
    }
    guard fsync(folder) == 0 else { throw FileFailure("sync", directory) }
  }

  private func writeTemporary(_ json: [UInt8], name: String, in folder: Int32) throws(FileFailure) {
    // What a crash left behind; a link that somebody put there is removed, not followed.
    guard unlinkat(folder, name, 0) == 0 || errno == ENOENT else { throw FileFailure("replace", path(name)) }
    let file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileFailure("create", path(name)) }
    defer { close(file) }
    try writeAll(json, to: file, path: path(name))
    guard fchmod(file, 0o640) == 0 else { throw FileFailure("change the mode of", path(name)) }
    guard fsync(file) == 0 else { throw FileFailure("sync", path(name)) }
  }

  private func path(_ name: String) -> String { "\(directory)/\(name)" }
}

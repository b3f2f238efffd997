import ChildProcesses
import Glibc

/// A file that is replaced whole: whoever reads it sees the old text or the new one.
///
/// Not synced: after a power cut it is written anew. Readable by all, as what reads it runs as a user of its own.
struct ReplacedFile: Sendable {
  /// Absolute.
  let path: String

  func replace(with text: String) throws(FileFailure) {
    // Not ending in .prom, so that the collector does not take it for a file of its own.
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let temporary = "\(path[...slash]).\(path[path.index(after: slash)...]).tmp"
    // What a crash left behind; a link that somebody put there is removed, not followed.
    guard unlink(temporary) == 0 || errno == ENOENT else { throw FileFailure("replace", temporary) }
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FileFailure("create", temporary) }
    do throws(FileFailure) {
      defer { close(file) }
      try writeAll(Array(text.utf8), to: file, path: temporary)
      guard fchmod(file, 0o644) == 0 else { throw FileFailure("change the mode of", temporary) }
      guard rename(temporary, path) == 0 else { throw FileFailure("rename a file to", path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }
}

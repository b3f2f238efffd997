import Foundation

/// The spool can't be used as it should: what, where, what to do. Never holds a file's name.
public struct SpoolError: Error, CustomStringConvertible {
  /// The errno(3) of the call that failed.
  public var code: Int32
  public var description: String

  init(code: Int32, _ description: String) {
    self.code = code
    self.description = description
  }

  /// - Parameters:
  ///   - what: what could not be done: `list`, `write a receipt in`.
  ///   - directory: the directory's path.
  init(code: Int32, could what: String, _ directory: String) {
    let remedy =
      switch code {
      case ENOENT, ENOTDIR: "make the directory again (systemd-tmpfiles --create callbackd.conf), or mount it"
      case EACCES, EPERM: "restore owners and modes (systemd-tmpfiles --create callbackd.conf)"
      case ENOSPC, EDQUOT: "make room on the disk"
      case EXDEV: "keep the whole spool on one file system"
      case EROFS: "mount it for writing"
      case EMFILE, ENFILE: "raise LimitNOFILE"
      default: "look at the system's log"
      }
    self.init(code: code, "Could not \(what) \(directory): \(String(cString: strerror(code))); \(remedy).")
  }
}

import Foundation

/// Why the daemon can't start: a sentence for people, and the exit status for systemd.
public struct StartError: Error, CustomStringConvertible {
  public var status: ExitStatus
  public var description: String
  /// Whether the store could not be opened.
  var isOfStore = false

  init(status: ExitStatus, isOfStore: Bool = false, _ description: String) {
    self.status = status
    self.isOfStore = isOfStore
    self.description = description
  }

  /// Makes a directory that is the daemon's own, unless it is there.
  static func makeDirectory(_ path: String, mode: mode_t) throws(StartError) {
    // The mode is meant, whatever the umask: nobody could connect to a socket in a closed directory.
    if mkdir(path, mode) == 0, chmod(path, mode) == 0 { return }
    if errno == EEXIST { return }
    throw StartError(
      status: .cannotCreate,
      "\(path) can't be made: \(String(cString: strerror(errno))). Make it, and give it to the daemon's user.")
  }
}

/// What a program says when it ends, by sysexits(3).
public enum ExitStatus: Int32, Sendable {
  case ok = 0
  /// EX_UNAVAILABLE
  case unavailable = 69
  /// EX_CANTCREAT
  case cannotCreate = 73
  /// EX_TEMPFAIL
  case temporaryFailure = 75
  /// EX_CONFIG
  case configuration = 78
}

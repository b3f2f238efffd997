import CallbackRules
import Foundation

/// Keeps a second daemon off the same state, by flock(2) on a file that stays.
///
/// The kernel lets go of it when the process ends, however it ends.
public final class StateLock: Sendable {
  private let descriptor: Int32

  /// - Parameter directory: the state directory, which must exist.
  public init(directory: String) throws(StoreError) {
    let path = directory + "/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(
        mayPass: true,
        """
        \(path) can't be opened: \(String(cString: strerror(errno))). Make \(directory) a directory of the daemon's user.
        """)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw StoreError(
          "\(path) can't be locked: \(String(cString: strerror(code))). Put the state on a local file system.")
      }
      throw StoreError(
        """
        Another callbackd has \(directory) in use. Stop it (systemctl stop callbackd), or give this one another \
        [paths] state.
        """)
    }
  }

  deinit { close(descriptor) }
}

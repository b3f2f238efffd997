import CallbackRules
import Foundation

/// Keeps a second daemon off the same state, by flock(2) on a file that stays.
///
/// The kernel lets go of it when the process ends, however it ends. The file's time of modification tells the next daemon until
/// when this one was alive.
public final class StateLock: Sendable {
  private let descriptor: Int32
  private let path: String
  /// When the daemon before was last known to be alive; about now if there was none.
  public let lastAlive: Date

  /// - Parameter directory: the state directory, which must exist.
  public init(directory: String) throws(StoreError) {
    path = directory + "/lock"
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
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw StoreError("\(path) can't be examined: \(String(cString: strerror(code))).")
    }
    lastAlive = Date(
      timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1_000_000_000)
  }

  /// Notes that the daemon is alive now. Nothing is synced: after a power cut it may seem to have ended somewhat earlier.
  public func noteAlive() throws(StoreError) {
    guard futimens(descriptor, nil) == 0 else {
      throw StoreError(
        mayPass: true,
        "\(path) can't be touched: \(String(cString: strerror(errno))). See whether its file system is writable.")
    }
  }

  deinit { close(descriptor) }
}

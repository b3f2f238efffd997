import Glibc

/// The socket file on which the daemon listens.
///
/// It is made under another name and renamed when it listens, so that whoever sees it can connect. Its mode is 0666: who may
/// do what follows from the peer's credentials. Its directory must be writable by the daemon alone.
struct ListeningSocket {
  let descriptor: Int32
  private let path: String
  private let identity: FileIdentity

  private struct FileIdentity: Equatable {
    var device: dev_t
    var inode: ino_t
  }

  /// Listens at `path`. A socket left there by a daemon that is gone is replaced; one on which somebody answers is not, and
  /// neither is anything else than a socket.
  init(path: String) throws(ControlError) {
    try Self.makeWay(at: path)
    let temporary = path + ".new"
    guard let address = SocketAddress(path: temporary) else {
      throw .cannotListen(path: path, reason: "the path is longer than 103 bytes; choose a shorter paths.run")
    }
    guard let descriptor = SocketAddress.makeSocket(nonBlocking: true) else {
      throw Self.failure(path, "socket")
    }
    self.descriptor = descriptor
    self.path = path
    do throws(ControlError) {
      if unlink(temporary) != 0, errno != ENOENT { throw Self.failure(path, "remove \(temporary)") }
      guard address.withPointer({ bind(descriptor, $0, $1) }) == 0 else { throw Self.failure(path, "bind") }
      guard chmod(temporary, 0o666) == 0 else { throw Self.failure(path, "chmod") }
      guard listen(descriptor, 64) == 0 else { throw Self.failure(path, "listen") }
      guard let identity = Self.identity(temporary) else { throw Self.failure(path, "lstat") }
      self.identity = identity
      guard rename(temporary, path) == 0 else { throw Self.failure(path, "rename") }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// Removes the file, unless another daemon has put its own there. The descriptor stays open.
  func removeFile() {
    // Without the file nobody can connect any more; if it can't be removed, the next start finds nobody answering there.
    if Self.identity(path) == identity { unlink(path) }
  }

  private static func makeWay(at path: String) throws(ControlError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw failure(path, "lstat")
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw .cannotListen(path: path, reason: "something else than a socket is there; move it away")
    }
    guard let address = SocketAddress(path: path), let probe = SocketAddress.makeSocket(nonBlocking: true) else {
      throw failure(path, "socket")
    }
    defer { Glibc.close(probe) }
    // Nobody listens: ECONNREFUSED. A full queue (EAGAIN) is a daemon too busy to accept, but a daemon.
    let connected = address.withPointer { connect(probe, $0, $1) } == 0
    if connected || errno != ECONNREFUSED {
      throw .cannotListen(path: path, reason: "another daemon answers there; stop it first")
    }
  }

  private static func identity(_ path: String) -> FileIdentity? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return FileIdentity(device: status.st_dev, inode: status.st_ino)
  }

  private static func failure(_ path: String, _ call: String) -> ControlError {
    .cannotListen(path: path, reason: "\(call): \(String(cString: strerror(errno)))")
  }
}

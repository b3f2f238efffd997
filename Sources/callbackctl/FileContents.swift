import Foundation

/// A file's bytes, for commands that take files.
enum FileContents {
  /// Larger ones are no messages.
  private static let mostBytes = 64 << 20

  /// Reads a file whole; `-` is standard input.
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    let name = path == "-" ? "Standard input" : path
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(
        errno == EACCES ? EX_NOPERM : EX_NOINPUT, "\(name) can't be opened: \(String(cString: strerror(errno))).")
    }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { break }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(EX_IOERR, "\(name) can't be read: \(String(cString: strerror(errno))).") }
      bytes += buffer[..<count]
      guard bytes.count <= mostBytes else {
        throw Failure(EX_DATAERR, "\(name) is larger than 64 MiB, and so no message: send its text alone.")
      }
    }
    guard !bytes.isEmpty else { throw Failure(EX_DATAERR, "\(name) is empty: there is no message in it.") }
    return bytes
  }
}

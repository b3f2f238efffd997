import Glibc

/// A file without a name, for a child to read on standard input; gone when both have closed it.
///
/// Not a pipe: a child that ends without reading all would leave the writer with EPIPE, and one that never reads would
/// block it.
struct UnnamedFile: ~Copyable {
  let descriptor: Int32

  /// - Parameter directory: private to this process's user, for the file has a name for a moment, while it is empty.
  init(holding bytes: [UInt8], in directory: String) throws(FileFailure) {
    let name = "\(directory)/.input-" + String(UInt64.random(in: 0...UInt64.max), radix: 16)
    descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFailure("create a file in", directory) }
    guard unlink(name) == 0 else { throw FileFailure("remove a file from", directory) }
    try writeAll(bytes, to: descriptor, path: "a file in \(directory)")
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileFailure("rewind a file in", directory) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}

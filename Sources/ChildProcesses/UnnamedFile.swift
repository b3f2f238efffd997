import Glibc

/// A file without a name, for a child to read on standard input; gone when both have closed it.
///
/// Not a pipe: a child that ends without reading all would leave the writer with EPIPE, and one that never reads would
/// block it.
package struct UnnamedFile: ~Copyable {
  package let descriptor: Int32

  /// In memory, so that it needs no room on a disk, and what it holds never gets onto one.
  ///
  /// - Parameter directory: where it is made instead if a sandbox or an old kernel refuses. Private to this process's user, for
  ///   the file then has a name for a moment, while it is empty.
  package init(holding bytes: [UInt8], in directory: String) throws(FileFailure) {
    let inMemory = createMemoryFile("callbackd-input", closeOnExec)
    try self.init(
      inMemory >= 0 ? inMemory : Self.createFile(in: directory), holding: bytes,
      in: inMemory >= 0 ? "memory" : directory)
  }

  /// In memory alone.
  package init(inMemory bytes: [UInt8]) throws(FileFailure) {
    try self.init(createMemoryFile("callbackd-input", closeOnExec), holding: bytes, in: "memory")
  }

  private init(_ descriptor: Int32, holding bytes: [UInt8], in place: String) throws(FileFailure) {
    self.descriptor = descriptor
    guard descriptor >= 0 else { throw FileFailure("create a file in", place) }
    try writeAll(bytes, to: descriptor, path: "a file in \(place)")
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileFailure("rewind a file in", place) }
  }

  /// The descriptor of a file without a name, or -1 with errno.
  private static func createFile(in directory: String) -> Int32 {
    let name = "\(directory)/.input-" + String(UInt64.random(in: 0...UInt64.max), radix: 16)
    let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0, unlink(name) != 0 else { return descriptor }
    let code = errno
    close(descriptor)
    errno = code
    return -1
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}

/// memfd_create(2), which Swift's Glibc leaves out, and its MFD_CLOEXEC.
@_silgen_name("memfd_create")
private func createMemoryFile(_ name: UnsafePointer<CChar>, _ flags: UInt32) -> Int32
private let closeOnExec: UInt32 = 1

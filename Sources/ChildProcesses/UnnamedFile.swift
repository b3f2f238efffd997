import Glibc

/// A file without a name, for a child to read on standard input; gone when both have closed it.
///
/// Not a pipe: a child that ends without reading all would leave the writer with EPIPE, and one that never reads would
/// block it.
package struct UnnamedFile: ~Copyable {
  package let descriptor: Int32

  /// - Parameter directory: private to this process's user, for the file has a name for a moment, while it is empty.
  package init(holding bytes: [UInt8], in directory: String) throws(FileFailure) {
    let name = "\(directory)/.input-" + String(UInt64.random(in: 0...UInt64.max), radix: 16)
    descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFailure("create a file in", directory) }
    guard unlink(name) == 0 else { throw FileFailure("remove a file from", directory) }
    try writeAll(bytes, to: descriptor, path: "a file in \(directory)")
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileFailure("rewind a file in", directory) }
  }

  /// In memory alone, so that it needs no directory, and nothing of it comes to a disk.
  package init(inMemory bytes: [UInt8]) throws(FileFailure) {
    descriptor = memoryFile("input", closeOnExec)
    guard descriptor >= 0 else { throw FileFailure("create a file in", "memory") }
    try writeAll(bytes, to: descriptor, path: "a file in memory")
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileFailure("rewind a file in", "memory") }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}

/// memfd_create(2), which Swift's Glibc leaves out, and its MFD_CLOEXEC.
@_silgen_name("memfd_create")
private func memoryFile(_ name: UnsafePointer<CChar>, _ flags: UInt32) -> Int32
private let closeOnExec: UInt32 = 1

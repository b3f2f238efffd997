import Glibc

/// A system call on a file that failed: what was tried, where, and why.
package struct FileFailure: Error, CustomStringConvertible {
  /// What could not be done: `write`.
  package let action: String
  package let path: String
  package let errno: Int32

  /// - Parameter errno: the thread's errno, read before anything else can change it.
  package init(_ action: String, _ path: String, errno: Int32 = Glibc.errno) {
    self.action = action
    self.path = path
    self.errno = errno
  }

  /// `can't write /var/spool/…/12.json: No space left on device`.
  package var description: String { "can't \(action) \(path): \(String(cString: strerror(errno)))" }
}

/// Writes all of the bytes, however many calls that takes.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileFailure) {
  var start = 0
  while start < bytes.count {
    let count = bytes.withUnsafeBytes {
      Glibc.write(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start)
    }
    if count < 0 {
      if Glibc.errno == EINTR { continue }
      throw FileFailure("write", path)
    }
    start += count
  }
}

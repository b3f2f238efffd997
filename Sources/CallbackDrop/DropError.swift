import Glibc

/// A file could not be put into the spool.
package struct DropError: Error {
  /// The errno(3) of the call that failed.
  package var code: Int32
  /// The folder's path.
  package var folder: String

  /// What errno says of it.
  package var reason: String { String(cString: strerror(code)) }
}

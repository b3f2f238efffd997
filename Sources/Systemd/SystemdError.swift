import Glibc

/// A call into libsystemd that failed.
public struct SystemdError: Error, Equatable, CustomStringConvertible {
  /// What was to be done, as it goes on after "could not".
  public let purpose: String
  /// The function that failed.
  public let call: String
  /// As in errno(3), positive.
  public let code: Int32
  /// What to do about it.
  public let remedy: String

  public var description: String {
    "could not \(purpose) (\(call): \(String(cString: strerror(code)))); \(remedy)"
  }
}

import Foundation
import Testing

/// setfsuid(2) and setfsgid(2), which Swift's Glibc leaves out.
@_silgen_name("setfsuid") private func setFileUser(_ user: UInt32) -> Int32
@_silgen_name("setfsgid") private func setFileGroup(_ group: UInt32) -> Int32

/// Rights on files as somebody without privileges has them, where the tests run as root.
enum FileUser {
  /// Does `body` as nobody, as far as files are concerned, and on this thread alone.
  static func unprivileged<Value>(_ body: () throws -> Value) rethrows -> Value {
    guard geteuid() == 0 else { return try body() }
    _ = setFileGroup(65_534)
    _ = setFileUser(65_534)
    defer {
      _ = setFileUser(0)
      _ = setFileGroup(0)
    }
    return try body()
  }
}

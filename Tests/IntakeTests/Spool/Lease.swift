import Foundation
import Testing

/// capget(2) and capset(2), which Swift's Glibc leaves out.
@_silgen_name("capget") private func getCapabilities(
  _ header: UnsafePointer<UInt32>, _ sets: UnsafeMutablePointer<UInt32>
)
  -> Int32
@_silgen_name("capset") private func setCapabilities(_ header: UnsafePointer<UInt32>, _ sets: UnsafePointer<UInt32>)
  -> Int32

/// A daemon that may not ask for leases on others' files, as one without CAP_LEASE.
enum Lease {
  /// Whether the tests may give files away, and give the right up.
  static var canBeGivenUp: Bool { geteuid() == 0 }

  /// Does `body` without the right, on this thread alone.
  static func givenUp<Value>(_ body: () throws -> Value) throws -> Value {
    // _LINUX_CAPABILITY_VERSION_3, this thread; then effective, permitted, inheritable, for 32 rights each.
    let header: [UInt32] = [0x2008_0522, 0]
    var sets = [UInt32](repeating: 0, count: 6)
    try #require(getCapabilities(header, &sets) == 0)
    let before = sets
    sets[0] &= ~(1 << 28)
    try #require(setCapabilities(header, sets) == 0)
    defer { #expect(setCapabilities(header, before) == 0) }
    return try body()
  }
}

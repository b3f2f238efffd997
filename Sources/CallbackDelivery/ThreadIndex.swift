import Foundation

/// The value of a mail's Thread-Index, by which Outlook and Exchange make conversations ([MS-OXOMSG], 2.2.1.3): when the thread
/// began and a GUID, the same in all its mails.
struct ThreadIndex {
  /// Base64 of 22 bytes.
  let text: String

  /// - Parameter root: the Message-ID that the thread is known by.
  init(root: String, begunAt: Date) {
    // The upper six bytes of a FILETIME: units of 100 ns since 1601. The first is 1 until 2057, and must be.
    let seconds = UInt64(max(0, begunAt.timeIntervalSince1970 + 11_644_473_600))
    let time = Self.bytes(seconds &* 10_000_000).prefix(6)
    var index = Data([1] + time.dropFirst())
    for salt: UInt64 in [0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4] {
      // FNV-1a: the GUID need only differ between threads.
      let hash = root.utf8.reduce(salt) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      index.append(contentsOf: Self.bytes(hash))
    }
    text = index.base64EncodedString()
  }

  private static func bytes(_ number: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
  }
}

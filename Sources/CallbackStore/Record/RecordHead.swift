import Foundation

/// The end of the record: the number of its last event, and the digest that stands for it and all before it.
///
/// Kept elsewhere, it shows later whether anything up to it was changed or taken out.
public struct RecordHead: Sendable, Equatable {
  public var number: Int64
  /// 64 hexadecimal digits.
  public var digest: String

  init(number: Int64, digest: Data) {
    self.number = number
    self.digest = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// `1234:9f86d081…`, as it is printed; nil if it is not one.
  public init?(_ text: String) {
    let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int64(parts[0]), number > 0,
      parts[1].utf8.count == 2 * DigestInput.digestBytes, parts[1].allSatisfy({ $0.isHexDigit && $0.isASCII })
    else { return nil }
    self.number = number
    digest = String(parts[1])
  }

  public var text: String { "\(number):\(digest)" }
}

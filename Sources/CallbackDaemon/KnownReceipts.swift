import CallbackIntake
import CallbackRules

/// The receipts of the latest files that `callbackctl drop` put into the spool, for whoever may not list `accepted/`.
///
/// Only files with a name that nobody can guess: whoever knows it has dropped the file. In memory alone; what is forgotten
/// has its receipt in `accepted/`.
struct KnownReceipts {
  static let most = 4096
  /// Those of large batches are long.
  static let mostBytes = 4 << 20

  private var texts: [String: String] = [:]
  /// The oldest first.
  private var names: [String] = []
  private var bytes = 0

  subscript(name: String) -> String? { texts[name] }

  /// Keeps the receipt of a file that is committed; the latest is always kept.
  mutating func add(_ admission: Admission, office: Office) {
    guard let name = Self.name(admission.place.name) else { return }
    let text = Receipt(for: admission, office: office).text
    bytes += text.utf8.count
    if let earlier = texts.updateValue(text, forKey: name) {
      bytes -= earlier.utf8.count
    } else {
      names.append(name)
    }
    while names.count > 1, names.count > Self.most || bytes > Self.mostBytes {
      bytes -= texts.removeValue(forKey: names.removeFirst())?.utf8.count ?? 0
    }
  }

  /// `drop-20261123T190500Z-0123456789abcdef.txt`; nil for any other name.
  private static func name(_ bytes: [UInt8]) -> String? {
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].elementsEqual("drop".utf8) else { return nil }
    let random = parts[2].prefix { $0 != UInt8(ascii: ".") }
    guard random.count == 16, random.allSatisfy(isHexDigit) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

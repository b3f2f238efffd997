import CGMime
import Glibc

/// Turns a part's bytes into text.
enum Charset {
  /// Names that people's programs write where they mean something else, or nothing: their bytes are UTF-8 where that can be,
  /// else Windows-1252 (WHATWG Encoding takes ISO 8859-1 for it too).
  private static let vague: Set<String> = [
    "", "us-ascii", "ascii", "iso-8859-1", "latin1", "utf-8", "utf8", "windows-1252", "unknown-8bit", "x-unknown",
    "default", "8bit", "binary",
  ]

  static func decode(_ bytes: [UInt8], named name: String?) -> String {
    let name = (name ?? "").lowercased()
    if !vague.contains(name), let converter = Converter(from: name) { return converter.text(of: bytes) }
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    if name.hasPrefix("utf") { return String(decoding: bytes, as: UTF8.self) }
    return Converter(from: "windows-1252")?.text(of: bytes) ?? String(decoding: bytes, as: UTF8.self)
  }
}

/// iconv(3) to UTF-8. What can't be converted becomes U+FFFD, byte by byte.
private final class Converter {
  private let descriptor: iconv_t

  init?(from name: String) {
    guard let descriptor = g_mime_iconv_open("UTF-8", name), Int(bitPattern: descriptor) != -1 else { return nil }
    self.descriptor = descriptor
  }

  deinit { g_mime_iconv_close(descriptor) }

  func text(of bytes: [UInt8]) -> String {
    var input = bytes
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 4)
    input.withUnsafeMutableBytes { buffer in
      var next = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
      var left = buffer.count
      while left > 0 {
        let code = convert(&next, &left, into: &result)
        guard code != E2BIG, left > 0 else { continue }
        result += [0xEF, 0xBF, 0xBD]
        next = next?.advanced(by: 1)
        left -= 1
      }
    }
    var (none, nothing): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
    // Whatever the converter still holds back.
    _ = convert(&none, &nothing, into: &result)
    return String(decoding: result, as: UTF8.self)
  }

  /// Converts until the input is used up or can't go on, or a bufferful is made.
  ///
  /// - Returns: 0, or the errno of what keeps it from going on.
  private func convert(
    _ next: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, into result: inout [UInt8]
  ) -> Int32 {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { room in
      var end = room.baseAddress
      var free = room.count
      errno = 0
      let code = iconv(descriptor, &next, &left, &end, &free) == Int.max.magnitude * 2 + 1 ? errno : 0
      result.append(contentsOf: room.prefix(room.count - free).lazy.map { UInt8(bitPattern: $0) })
      return code
    }
  }
}

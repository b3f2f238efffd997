/// Names of files in the spool.
enum FileName {
  /// Endings of files that somebody still writes.
  private static let unfinishedEndings: [[UInt8]] = [
    "~", ".tmp", ".part", ".partial", ".filepart", ".swp", ".crdownload",
  ].map { [UInt8]($0.utf8) }

  /// Whether the name says that the file is unfinished.
  static func isUnfinished(_ name: [UInt8]) -> Bool {
    if name.first == UInt8(ascii: ".") { return true }
    return unfinishedEndings.contains { ending in
      name.count >= ending.count
        && zip(name.suffix(ending.count), ending).allSatisfy { byte, wanted in
          // Windows programs write .TMP as well.
          byte == wanted || (65...90).contains(byte) && byte + 32 == wanted
        }
    }
  }

  /// The name with whatever could harm a terminal, a shell or a web page made `_`, cut so that `ending` fits.
  ///
  /// - Parameter ending: what is added to it, ASCII.
  static func safe(_ name: [UInt8], ending: String) -> String {
    let harmless = name.prefix(200 - min(ending.utf8.count, 100)).map { byte -> UInt8 in
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): byte
      default: UInt8(ascii: "_")
      }
    }
    let text = String(decoding: harmless, as: UTF8.self)
    // Neither hidden nor taken for an option.
    let first = text.first.map { $0 == "." || $0 == "-" } ?? true
    return (first ? "_" + text : text) + ending
  }
}

/// The name of a file in `work/`: its arrival's number and its inode.
///
/// The inode, because a store that was lost or restored gives numbers again, under which other files may still lie there.
enum HeldName {
  static func of(_ admission: Admission) -> [UInt8] {
    Array("\(admission.arrival).\(admission.identity.inode)".utf8)
  }
}

extension [UInt8] {
  /// The bytes as a C string.
  var cString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}

import CallbackRules

extension ValueKind where Value == String {
  /// Any text that shows something.
  static var anyText: ValueKind {
    .text("text", write: "text in quotes") { text throws(Wrong) in
      guard !text.allSatisfy(\.isWhitespace) else { throw Wrong("the text is empty") }
      return text
    }
  }

  /// An id is also a file's or a folder's name, so it can't hold `/` or begin with `.` or `-`.
  static var id: ValueKind {
    .text("an id", write: "up to 64 small letters, digits, `-`, `_` or `.`, beginning with a letter or digit") { text in
      let letters = ByteSet("abcdefghijklmnopqrstuvwxyz0123456789")
      guard let first = text.utf8.first, letters.contains(first), text.utf8.count <= 64,
        text.utf8.allSatisfy(letters.union(ByteSet("-_.")).contains)
      else { return nil }
      return text
    }
  }

  /// A plain address (RFC 5321 mailbox without quoted strings), or a local part alone, which the host's own mailer resolves.
  ///
  /// Narrower than the RFC: no `|`, `/`, `!` or `%`, which mailers take for programs, files and routes, and no `-` at the
  /// start, which sendmail takes for an option.
  static var emailAddress: ValueKind {
    .text(
      "a plain e-mail address",
      write: "the address alone, such as \"name@example.org\", without a name, spaces or quotes"
    ) {
      isEmailAddress($0) ? $0 : nil
    }
  }

  /// The name of a local account or group, in the local or a directory's notation.
  static var accountName: ValueKind {
    .text("the name of a local account or group", write: "it as `id` shows it") { text in
      let letters = ByteSet.lettersAndDigits.union(ByteSet("_"))
      guard let first = text.utf8.first, letters.contains(first), text.utf8.count <= 256,
        text.utf8.allSatisfy(letters.union(ByteSet("-.@\\$")).contains)
      else { return nil }
      return text
    }
  }

  static var absolutePath: ValueKind {
    .text("an absolute path", write: "the whole path, beginning with `/`, without `..`") { text in
      let parts = text.split(separator: "/")
      guard text.hasPrefix("/"), !parts.isEmpty, !parts.contains("..") else { return nil }
      return parts.reduce(into: "") { $0 += "/" + $1 }
    }
  }

  static var countryCode: ValueKind {
    .text("a country code", write: "one to three digits without `+` or zeros in front, such as \"1\"") { text in
      let isCode = (1...3).contains(text.utf8.count) && text.utf8.allSatisfy(ByteSet("0123456789").contains)
      return isCode && !text.hasPrefix("0") ? text : nil
    }
  }

  /// A number for people to ring, as they write it.
  static var phone: ValueKind {
    .text("a phone number", write: "the number to ring, such as \"+1 555 010 9000\"") { text in
      text.utf8.filter(ByteSet("0123456789").contains).count >= 3 && text.count <= 60 ? text : nil
    }
  }
}

extension ValueKind where Value == Zone {
  static var zone: ValueKind {
    .text(
      "a time zone that this system knows",
      write: "a name from `timedatectl list-timezones`, such as \"America/New_York\""
    ) {
      Zone($0)
    }
  }
}

/// See `ValueKind.emailAddress`.
func isEmailAddress(_ text: String) -> Bool {
  let parts = text.split(separator: "@", omittingEmptySubsequences: false)
  guard (1...2).contains(parts.count), text.utf8.count <= 254, !text.hasPrefix("-") else { return false }
  let atoms = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  let allowed = ByteSet.lettersAndDigits.union(ByteSet("_+-='&#~"))
  guard parts[0].utf8.count <= 64, atoms.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(allowed.contains) })
  else { return false }
  return parts.count == 1 || isDomain(parts[1])
}

/// Whether this is a host name: labels of letters, digits and inner `-` (RFC 1123).
func isDomain(_ text: some StringProtocol) -> Bool {
  let allowed = ByteSet.lettersAndDigits.union(ByteSet("-"))
  return text.utf8.count <= 253
    && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.utf8.allSatisfy(allowed.contains)
    }
}

/// The ASCII characters that a name may hold.
typealias ByteSet = Set<UInt8>

extension ByteSet {
  init(_ characters: String) { self.init(characters.utf8) }

  static let lettersAndDigits = ByteSet("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}

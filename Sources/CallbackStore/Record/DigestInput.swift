import CCrypto
import Foundation
import GRDB

/// Values in the one way in which digests take them: each with its kind and its length, so that no two lists look alike.
struct DigestInput {
  private var bytes: [UInt8] = []

  static let digestBytes = 32

  /// - Parameter label: what the values are, and the version of how they are written. Never the same for two kinds of things.
  init(_ label: String) {
    bytes.reserveCapacity(512)
    add(label.databaseValue)
  }

  mutating func add(_ value: DatabaseValue) {
    switch value.storage {
    case .null: bytes.append(0)
    case .int64(let number): add(kind: 1, UInt64(bitPattern: number))
    case .double(let number): add(kind: 2, number.bitPattern)
    case .string(var text):
      text.withUTF8 { utf8 in
        add(kind: 3, UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
      }
    case .blob(let data):
      add(kind: 4, UInt64(data.count))
      data.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }

  mutating func add(_ values: some Sequence<DatabaseValue>) {
    for value in values { add(value) }
  }

  /// - Parameter number: a value, or the length of one; big-endian.
  private mutating func add(kind: UInt8, _ number: UInt64) {
    bytes.append(kind)
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// SHA-256 of all that was added.
  var digest: Data {
    var digest = Data(count: Self.digestBytes)
    let succeeded = digest.withUnsafeMutableBytes { out in
      bytes.withUnsafeBytes { EVP_Digest($0.baseAddress, $0.count, out.baseAddress, nil, Self.sha256, nil) }
    }
    precondition(succeeded == 1, "libcrypto could not compute a digest")
    return digest
  }

  /// Fetched once, because looking an algorithm up takes longer than a digest of a line (EVP_MD_fetch(3)). It is never freed and
  /// never changed, so every thread may use it.
  private nonisolated(unsafe) static let sha256: OpaquePointer = {
    guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else {
      preconditionFailure("libcrypto has no SHA-256; see its configuration, /etc/ssl/openssl.cnf")
    }
    return algorithm
  }()
}

/// What makes the digest of something short unguessable: 128 bits from the system's generator.
enum Salt {
  static func make() -> Data {
    var salt = Data(count: 16)
    let isFilled = salt.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { getentropy($0, bytes.count) == 0 } ?? false
    }
    precondition(isFilled, "the system gives no random numbers")
    return salt
  }
}

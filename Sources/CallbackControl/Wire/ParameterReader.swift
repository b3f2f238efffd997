/// The name of a parameter.
struct ParameterKey: CodingKey, Hashable, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init(stringLiteral value: String) { stringValue = value }
  init?(intValue: Int) { nil }
}

/// Reads the parameters of one call, and knows which were never asked for.
struct ParameterReader {
  /// Nil for a call without parameters.
  private let container: KeyedDecodingContainer<ParameterKey>?
  private var known: Set<ParameterKey> = []

  init(_ container: KeyedDecodingContainer<ParameterKey>?) {
    self.container = container
  }

  mutating func optional<Value: Decodable>(
    _ key: ParameterKey, _ type: Value.Type
  ) throws(ControlFailure) -> Value? {
    known.insert(key)
    do {
      return try container?.decodeIfPresent(type, forKey: key)
    } catch {
      throw .invalidParameter(key.stringValue)
    }
  }

  mutating func required<Value: Decodable>(
    _ key: ParameterKey, _ type: Value.Type
  ) throws(ControlFailure) -> Value {
    guard let value = try optional(key, type) else { throw .invalidParameter(key.stringValue) }
    return value
  }

  /// The number of a callback.
  mutating func number() throws(ControlFailure) -> Int64 { try required("number", Int64.self) }

  /// Refuses parameters that nothing asked for.
  func finish() throws(ControlFailure) {
    let unknown = (container?.allKeys ?? []).filter { !known.contains($0) }
    if let first = unknown.map(\.stringValue).min() { throw .invalidParameter(first) }
  }
}

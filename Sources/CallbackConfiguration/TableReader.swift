import CallbackRules

/// Reads one table of the file, key by key, and remembers which keys were asked for: any other is a problem.
///
/// A value that can't be used is reported and then read as if it were absent, so that reading goes on.
final class TableReader {
  /// `person`, `policy.step`; empty for the whole file.
  private let name: String
  private let line: Int?
  private let entries: [String: Node]
  let findings: Findings
  private let ids: Ids
  private var asked: Set<String> = []
  /// Keys that are missing, and what to say of them, unless a slip in another key explains it.
  private var missing: [(key: String, sentence: String)] = []
  /// Whether a value of this table could not be used.
  private(set) var failed = false

  init(name: String = "", line: Int? = nil, entries: [String: Node], findings: Findings, ids: Ids) {
    self.name = name
    self.line = line
    self.entries = entries
    self.findings = findings
    self.ids = ids
  }

  // MARK: - Places and problems

  /// The table as a whole.
  var place: Place { Place(line: line, key: name) }

  func place(_ key: String) -> Place {
    Place(line: entries[key]?.line ?? line, key: name.isEmpty ? key : "\(name).\(key)")
  }

  func problem(_ key: String, _ sentence: String) { problem(place(key), sentence) }

  func warning(_ key: String, _ sentence: String) { findings.warning(place(key), sentence) }

  private func problem(_ place: Place, _ sentence: String) {
    failed = true
    findings.problem(place, sentence)
  }

  func has(_ key: String) -> Bool { entries[key] != nil }

  // MARK: - Values

  /// The value, or nil if it is absent or was reported.
  func read<Value>(_ key: String, _ kind: ValueKind<Value>) -> Value? {
    asked.insert(key)
    return entries[key].flatMap { value(of: $0, kind, at: place(key)) }
  }

  /// Replaces the default, if the key is there.
  func read<Value>(_ key: String, _ kind: ValueKind<Value>, into target: inout Value) {
    if let value = read(key, kind) { target = value }
  }

  /// The value; a problem if it is absent.
  func require<Value>(_ key: String, _ kind: ValueKind<Value>) -> Value? {
    demand(key, "is missing; write \(kind.write)")
    return read(key, kind)
  }

  /// A problem if the key is absent, or an empty list.
  func demand(_ key: String, _ sentence: String) {
    guard let node = entries[key] else {
      failed = true
      return missing.append((key, sentence))
    }
    if case .list(let nodes) = node.value, nodes.isEmpty { problem(key, sentence) }
  }

  /// Every usable value of a list, or nil if there is none. One value without brackets is a problem.
  func list<Value>(_ key: String, _ kind: ValueKind<Value>) -> [Value]? {
    located(key, kind).map { $0.map(\.value) }
  }

  private func located<Value>(_ key: String, _ kind: ValueKind<Value>) -> [(value: Value, place: Place)]? {
    asked.insert(key)
    guard let node = entries[key] else { return nil }
    guard case .list(let nodes) = node.value else {
      if case .reported = node.value { return nil }
      problem(key, "\(Wrong(node.value, isNot: "a list").reason); write it in brackets: [ … ]")
      return nil
    }
    return nodes.compactMap { node in
      var place = place(key)
      place.line = node.line ?? place.line
      return value(of: node, kind, at: place).map { ($0, place) }
    }
  }

  private func value<Value>(of node: Node, _ kind: ValueKind<Value>, at place: Place) -> Value? {
    if case .reported = node.value {
      failed = true
      return nil
    }
    do {
      return try kind.read(node.value)
    } catch {
      problem(place, "\(error.reason); write \(error.write ?? kind.write)")
      return nil
    }
  }

  // MARK: - Ids

  /// The table's own id; a problem if it is absent or used already.
  func ownId(_ kind: Ids.Kind, key: String = "id") -> String? {
    let id = require(key, .id)
    if let id { ids.define(id, kind, at: place(key), findings: findings) }
    return id
  }

  /// The id of something else, which must be defined somewhere in the file.
  func reference(_ key: String, to kinds: Set<Ids.Kind>) -> String? {
    let id = read(key, .anyText)
    if let id { ids.refer(to: id, kinds, at: place(key)) }
    return id
  }

  /// Ids of others. Names in `besides` stand for themselves.
  func references(_ key: String, to kinds: Set<Ids.Kind>, besides: String? = nil) -> [String]? {
    located(key, .anyText)?.map { id, place in
      if id != besides { ids.refer(to: id, kinds, at: place) }
      return id
    }
  }

  // MARK: - Tables

  /// Reads `[key]`, or an empty table if it is absent.
  func section<Value>(_ key: String, _ body: (TableReader) -> Value) -> Value {
    asked.insert(key)
    var entries: [String: Node] = [:]
    if let node = self.entries[key] {
      if case .table(let found) = node.value {
        entries = found
      } else {
        problem(key, "\(Wrong(node.value, isNot: "a table").reason); write a section: \(header(key, "[", "]"))")
      }
    }
    return read(entries, key, line: self.entries[key]?.line, body)
  }

  /// Reads each `[[key]]`.
  func sections<Value>(_ key: String, _ body: (TableReader) -> Value?) -> [Value] {
    asked.insert(key)
    guard let node = entries[key] else { return [] }
    guard case .list(let nodes) = node.value else {
      problem(key, "there can be several, and each stands by itself; write \(header(key, "[[", "]]"))")
      return []
    }
    return nodes.compactMap { node in
      guard case .table(let found) = node.value else {
        problem(key, "\(Wrong(node.value, isNot: "a table").reason); write \(header(key, "[[", "]]"))")
        return nil
      }
      return read(found, key, line: node.line, body)
    }
  }

  private func header(_ key: String, _ open: String, _ close: String) -> String {
    "\(open)\(place(key).key ?? key)\(close) above its keys"
  }

  private func read<Value>(
    _ entries: [String: Node], _ key: String, line: Int?, _ body: (TableReader) -> Value
  ) -> Value {
    let inner = TableReader(
      name: place(key).key ?? key, line: line, entries: entries, findings: findings, ids: ids)
    let value = body(inner)
    inner.reportKeys()
    failed = failed || inner.failed
    return value
  }

  // MARK: - Keys that nobody asked for

  /// The keys that are the office's own, for a table that may have such. One that resembles a known key is a slip, and stays unknown.
  func furtherKeys() -> [String] {
    let further = entries.keys.filter { !asked.contains($0) && nearest(to: $0, among: asked) == nil }.sorted()
    asked.formUnion(further)
    return further
  }

  /// Reports what is not known and what is missing, once everything was asked for.
  func reportKeys() {
    var meant: Set<String> = []
    for key in entries.keys.filter({ !asked.contains($0) }).sorted() {
      if let known = nearest(to: key, among: asked) {
        meant.insert(known)
        problem(key, "unknown key \(quoted(key)); did you mean `\(known)`?")
      } else {
        problem(key, "unknown key \(quoted(key)); remove it, or write one of \(asked.sorted().joined(separator: ", "))")
      }
    }
    for (key, sentence) in missing where !meant.contains(key) { problem(key, sentence) }
  }
}

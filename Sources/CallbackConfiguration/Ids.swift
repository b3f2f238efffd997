import CallbackRules

/// The ids that the file defines, and those it refers to, wherever they stand: checked once everything was read.
final class Ids {
  enum Kind: String, CaseIterable {
    case person, team, rotation, service, account, channel, hours

    /// Persons, teams and rotations share one name space, because steps notify any of them.
    fileprivate var space: Set<Kind> { Self.anybody.contains(self) ? Self.anybody : [self] }

    static let anybody: Set<Kind> = [.person, .team, .rotation]
  }

  private struct Reference {
    var id: String
    var kinds: Set<Kind>
    var place: Place
  }

  private var definitions: [Set<Kind>: [String: (kind: Kind, place: Place)]] = [:]
  private var references: [Reference] = []

  /// Notes that this id exists; a second one in the same space is a problem.
  func define(_ id: String, _ kind: Kind, at place: Place, findings: Findings) {
    if Self.reserved(kind).contains(id) {
      findings.problem(place, "\(quoted(id)) has a meaning of its own; write another id")
    } else if let first = definitions[kind.space]?[id] {
      let line = first.place.line.map { " on line \($0)" } ?? ""
      findings.problem(place, "\(quoted(id)) is already the id of a \(first.kind.rawValue)\(line); write another id")
    } else {
      definitions[kind.space, default: [:]][id] = (kind, place)
    }
  }

  /// Notes that this id must exist, as one of `kinds`.
  func refer(to id: String, _ kinds: Set<Kind>, at place: Place) {
    references.append(Reference(id: id, kinds: kinds, place: place))
  }

  /// Reports what was referred to and does not exist.
  func check(_ findings: Findings) {
    for reference in references {
      let space = definitions[reference.kinds.first?.space ?? []] ?? [:]
      let wanted = Kind.allCases.filter(reference.kinds.contains).map(\.rawValue).joined(separator: " or ")
      if let found = space[reference.id] {
        if !reference.kinds.contains(found.kind) {
          findings.problem(
            reference.place, "\(quoted(reference.id)) is a \(found.kind.rawValue); write the id of a \(wanted)")
        }
        continue
      }
      let candidates = space.filter { reference.kinds.contains($0.value.kind) }.keys.sorted()
      let remedy =
        didYouMean(reference.id, among: candidates) ?? "write the id of a \(wanted), or add one with this id"
      findings.problem(reference.place, "no \(wanted) has the id \(quoted(reference.id)); \(remedy)")
    }
  }

  private static func reserved(_ kind: Kind) -> Set<String> {
    switch kind {
    case .person, .team, .rotation: [Policy.recipient, "callbackd"]
    case .channel: [Channel.mail]
    case .service, .account, .hours: []
    }
  }
}

/// The values for which a plug-in alerts, as all plug-ins write them (Monitoring Plugins Development Guidelines, "Threshold and
/// Ranges"): `[@]start:end`, alerting outside of it, or with `@` inside, its ends belonging to it.
struct AlertRange: Sendable, Equatable {
  /// As it was written, and as it stands in performance data.
  let text: String
  private let least: Double
  private let most: Double
  private let isInside: Bool

  init(above most: Int) {
    text = "\(most)"
    (least, self.most, isInside) = (0, Double(most), false)
  }

  /// Nil for what is no range, or an empty one.
  init?(_ text: String) {
    let isInside = text.hasPrefix("@")
    let ends = text.dropFirst(isInside ? 1 : 0).split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), let last = ends.last, !(ends.count == 1 && last.isEmpty) else { return nil }
    let least = ends.count == 1 ? 0 : ends[0] == "~" ? -Double.infinity : Self.number(ends[0], or: 0)
    guard let least, let most = Self.number(last, or: .infinity), least <= most else { return nil }
    self.text = text
    (self.least, self.most, self.isInside) = (least, most, isInside)
  }

  func alerts(_ value: Int) -> Bool { (least...most).contains(Double(value)) == isInside }

  /// Digits, at most one point, and a sign before them; `substitute` for nothing.
  private static func number(_ text: Substring, or substitute: Double) -> Double? {
    if text.isEmpty { return substitute }
    guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 || $0 == 46 }), text.utf8.count <= 15 else {
      return nil
    }
    return Double(text)
  }
}

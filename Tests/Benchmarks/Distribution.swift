/// Measured values, of which a few are told.
struct Distribution {
  private let sorted: [Double]

  /// - Parameter values: at least one.
  init(_ values: [Double]) {
    precondition(!values.isEmpty, "nothing was measured")
    sorted = values.sorted()
  }

  /// The value that this share of them does not exceed, by the nearest rank.
  ///
  /// - Parameter share: 0.5 for the median; above 0, at most 1.
  func percentile(_ share: Double) -> Double {
    let rank = Int((Double(sorted.count) * share).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }

  var median: Double { percentile(0.5) }
  var isSingle: Bool { sorted.count == 1 }
  var least: Double { sorted[0] }
  var most: Double { sorted[sorted.count - 1] }
}

/// How long something took, over many callbacks: seconds.
///
/// A percentile is by nearest rank: the smallest of the values that at least so many per cent of them don't exceed. So each is
/// the time of one callback, and none is made up between two.
public struct Spread: Codable, Sendable, Equatable {
  /// Of so many callbacks it is known.
  public var count: Int
  /// The other three are nil where there are none.
  public var median: Int?
  public var ninetieth: Int?
  public var worst: Int?

  enum CodingKeys: String, CodingKey {
    case count, median
    case ninetieth = "percentile_90"
    case worst
  }

  /// - Parameter values: in any order.
  public init(_ values: [Int32]) {
    let sorted = values.sorted()
    func percentile(_ percent: Int) -> Int? {
      guard !sorted.isEmpty else { return nil }
      return Int(sorted[max((sorted.count * percent + 99) / 100 - 1, 0)])
    }
    count = sorted.count
    median = percentile(50)
    ninetieth = percentile(90)
    worst = sorted.last.map(Int.init)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(median, forKey: .median)
    try container.encode(ninetieth, forKey: .ninetieth)
    try container.encode(worst, forKey: .worst)
  }
}

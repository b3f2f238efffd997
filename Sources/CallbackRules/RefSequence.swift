import Foundation

/// The running numbers of one service for one account that begin alike, and what is missing among them.
///
/// A number that skips leaves a gap, which waits for a while, because files may overtake one another. Numbers of which the first
/// are much lower than the last, and that go on from there, are a counter that was reset: a new beginning. It knows no clock.
public struct RefSequence: Sendable, Equatable {
  /// The lowest and the highest number seen since it began.
  public var lowest: Int64
  public var highest: Int64
  /// When it began.
  public var beganAt: Date
  /// How many digits its numbers are written with at least.
  public var width: Int
  /// A number far below the highest, which may be the first after a reset.
  public var restart: Int64?
  /// What is missing and is still waited for.
  public var gaps: [Gap] = []

  /// Numbers that were skipped at once.
  public struct Gap: Sendable, Equatable {
    /// Those that are missing, in their order and apart; at least one.
    public var ranges: [ClosedRange<Int64>]
    /// When it was noticed.
    public var since: Date

    public init(ranges: [ClosedRange<Int64>], since: Date) {
      self.ranges = ranges
      self.since = since
    }

    public var count: Int64 { ranges.reduce(0) { $0 + $1.upperBound - $1.lowerBound + 1 } }

    /// Whether so many are missing that the numbering must have changed.
    public var isNewNumbering: Bool { count > RefSequence.farthest }
  }

  /// A jump by more is another numbering.
  public static let farthest: Int64 = 1000
  /// Numbers so near to one another may have been written in another order, or twice.
  private static let near: Int64 = 20
  /// More gaps are one.
  private static let mostGaps = 1000

  /// Begins with the first number that came in.
  public init(_ ref: RefNumber, at now: Date) {
    self.init(lowest: ref.number, highest: ref.number, width: ref.width, beganAt: now)
  }

  public init(
    lowest: Int64, highest: Int64, width: Int = 0, restart: Int64? = nil, beganAt: Date, gaps: [Gap] = []
  ) {
    self.lowest = lowest
    self.highest = highest
    self.width = width
    self.restart = restart
    self.beganAt = beganAt
    self.gaps = gaps
  }

  /// Takes in a number that came in.
  ///
  /// - Parameters:
  ///   - isRepeat: whether it is known that a message of it is there, or is missed already: then it begins nothing.
  ///   - within: for how many seconds files may overtake one another.
  public mutating func see(_ ref: RefNumber, isRepeat: Bool, within: TimeInterval, at now: Date) {
    width = max(width, ref.width)
    let number = ref.number
    guard !fill(number), !isRepeat else { return }
    if number > highest {
      goOn(to: number, at: now)
    } else if number < lowest, lowest - number <= Self.farthest, now.timeIntervalSince(beganAt) <= within {
      // It was overtaken by the first that came in.
      addGap(from: number + 1, through: lowest - 1, at: now)
      lowest = number
    } else if highest - number > Self.near {
      lookForRestart(at: number, now: now)
    }
  }

  /// Takes in a number that the service says it sent: nobody waits for it here, and what it skips is missing.
  public mutating func expect(_ ref: RefNumber, at now: Date) {
    width = max(width, ref.width)
    guard !fill(ref.number), (1...Self.farthest).contains(ref.number - highest) else { return }
    goOn(to: ref.number, at: now)
  }

  private mutating func goOn(to number: Int64, at now: Date) {
    restart = nil
    addGap(from: highest + 1, through: number - 1, at: now)
    highest = number
  }

  private mutating func addGap(from first: Int64, through last: Int64, at now: Date) {
    guard first <= last else { return }
    gaps.append(Gap(ranges: [first...last], since: now))
    guard gaps.count > Self.mostGaps else { return }
    let ranges = gaps.flatMap(\.ranges)
    let lowest = ranges.map(\.lowerBound).min() ?? first
    let highest = ranges.map(\.upperBound).max() ?? last
    gaps = [Gap(ranges: [lowest...highest], since: gaps.map(\.since).min() ?? now)]
  }

  /// Takes a number out of the gap that it fills; false where it fills none.
  private mutating func fill(_ number: Int64) -> Bool {
    guard let index = gaps.lastIndex(where: { $0.ranges.contains { $0.contains(number) } }) else { return false }
    let gap = gaps[index]
    if gap.isNewNumbering, let first = gap.ranges.first?.lowerBound, number - first < Self.near {
      // It goes on as before: the one that was so much higher was a slip.
      gaps[index].ranges = first < number ? [first...number - 1] : []
      highest = number
    } else {
      gaps[index].ranges = gap.ranges.flatMap { $0.without(number) }
    }
    if gaps[index].ranges.isEmpty { gaps.remove(at: index) }
    return true
  }

  /// Begins anew where a second number follows one that was far below the highest.
  private mutating func lookForRestart(at number: Int64, now: Date) {
    guard let first = restart, first < number,
      number - first <= (highest - first > Self.farthest ? Self.farthest : Self.near)
    else {
      restart = number
      return
    }
    (lowest, highest, beganAt) = (first, first, now)
    goOn(to: number, at: now)
  }

  // MARK: - Waiting

  /// When the next gap has waited long enough; nil where there is none.
  public func nextGapAt(within: TimeInterval) -> Date? {
    gaps.map(\.since).min().map { $0.addingTimeInterval(within) }
  }

  /// Takes out the gaps that have waited long enough. One of the future, when the clock was ahead, has.
  public mutating func takeOverdue(within: TimeInterval, at now: Date) -> [Gap] {
    let overdue = gaps.filter { !(0..<within).contains(now.timeIntervalSince($0.since)) }
    gaps.removeAll { gap in overdue.contains(gap) }
    return overdue
  }
}

extension ClosedRange<Int64> {
  /// What is left of it without one number in it or outside.
  public func without(_ number: Int64) -> [ClosedRange<Int64>] {
    guard contains(number) else { return [self] }
    var left: [ClosedRange<Int64>] = []
    if lowerBound < number { left.append(lowerBound...number - 1) }
    if number < upperBound { left.append(number + 1...upperBound) }
    return left
  }
}

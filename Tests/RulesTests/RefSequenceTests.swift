import CallbackRules
import Foundation
import Testing

@Suite("Running numbers")
struct RefSequenceTests {
  private static let now = at("14:00")
  private static let within: TimeInterval = 600

  /// One number a second; what is reported at the end, and what of it at which second.
  private struct Feed {
    var sequence: RefSequence
    var seconds = 0.0

    init(_ first: Int64) {
      sequence = RefSequence(number(first), at: RefSequenceTests.now)
    }

    mutating func send(_ numbers: Int64..., isRepeat: Bool = false) {
      for value in numbers {
        seconds += 1
        sequence.see(number(value), isRepeat: isRepeat, within: RefSequenceTests.within, at: moment)
      }
    }

    var moment: Date { RefSequenceTests.now.addingTimeInterval(seconds) }

    /// What has waited long enough so much later.
    mutating func overdue(after more: Double = RefSequenceTests.within) -> [String] {
      seconds += more
      return sequence.takeOverdue(within: RefSequenceTests.within, at: moment).map { gap in
        gap.ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
          .joined(separator: ",") + (gap.isNewNumbering ? "!" : "")
      }
    }
  }

  private static func number(_ value: Int64) -> RefNumber {
    guard let number = RefNumber("AS-\(value)") else { preconditionFailure("ends in digits") }
    return number
  }

  @Test("What a number skips is missing once it was waited for, and only once")
  func gap() {
    var feed = Feed(42)
    feed.send(43, 47)
    #expect(feed.sequence.nextGapAt(within: Self.within) == feed.moment.addingTimeInterval(600))
    #expect(feed.overdue(after: 599) == [])
    #expect(feed.overdue(after: 1) == ["44-46"])
    #expect(feed.overdue() == [])
    #expect(feed.sequence.nextGapAt(within: Self.within) == nil)
  }

  @Test("What comes in meanwhile is taken out; what is left of one gap stays one")
  func overtaken() {
    var feed = Feed(42)
    feed.send(47, 45)
    #expect(feed.overdue() == ["43-44,46"])
    feed.send(49, 48)
    #expect(feed.overdue() == [])
  }

  @Test("A number that was overtaken by the first of all shows what lies between; much later it shows nothing")
  func belowFirst() {
    var feed = Feed(45)
    feed.send(42, 43)
    #expect(feed.overdue() == ["44"])
    feed.send(30)
    #expect(feed.overdue() == [])
  }

  @Test("Repeats, withdrawals and amendments of old Refs begin nothing and skip nothing")
  func repeats() {
    var feed = Feed(42)
    feed.send(43, 44)
    feed.send(42, 43, 44, isRepeat: true)
    feed.send(3, 4, 5, isRepeat: true)
    feed.send(9000, isRepeat: true)
    feed.send(45)
    #expect(feed.overdue() == [])
  }

  @Test("A counter that was reset begins a new sequence, in which gaps are seen at once")
  func reset() {
    var feed = Feed(140)
    feed.send(141, 142)
    feed.seconds += Self.within
    feed.send(1, 2, 5)
    #expect(feed.overdue() == ["3-4"])
    feed.send(6, 7)
    #expect(feed.overdue() == [])
    var far = Feed(5000)
    far.send(1, 25)
    #expect(far.overdue() == ["2-24"])
  }

  @Test("A single number far below is no reset: it goes on as before")
  func slip() {
    var feed = Feed(5000)
    feed.send(12, 5001, 5002)
    #expect(feed.overdue() == [])
    feed.send(5004)
    #expect(feed.overdue() == ["5003"])
  }

  @Test("A jump by more than a thousand is one changed numbering; a slip after which it goes on as before is nothing")
  func jump() {
    var feed = Feed(42)
    feed.send(9000, 9001)
    #expect(feed.overdue() == ["43-8999!"])
    feed.send(9002)
    #expect(feed.overdue() == [])

    var slipped = Feed(42)
    slipped.send(99042, 43, 44, 46)
    #expect(slipped.overdue() == ["45"])
  }

  @Test("Numbers that skip again and again are bounded in memory, and nothing that is missing is left out")
  func bounded() {
    var feed = Feed(0)
    for value in stride(from: Int64(2), through: 8000, by: 2) { feed.send(value) }
    #expect(feed.sequence.gaps.count <= 1000)
    let missing = feed.sequence.gaps.flatMap(\.ranges)
    #expect(stride(from: Int64(1), through: 7999, by: 2).allSatisfy { odd in missing.contains { $0.contains(odd) } })
  }

  @Test("What a list names is not waited for; what that skips is")
  func expected() {
    var feed = Feed(42)
    feed.send(44)
    for value in [43, 45, 47] as [Int64] { feed.sequence.expect(Self.number(value), at: feed.moment) }
    feed.sequence.expect(Self.number(1), at: feed.moment)
    feed.sequence.expect(Self.number(90_000), at: feed.moment)
    feed.send(48)
    #expect(feed.overdue() == ["46"])
  }

  @Test("A gap of a future in which the clock was for a while has waited long enough")
  func clockWasAhead() {
    var feed = Feed(42)
    feed.seconds = 86_400
    feed.send(44)
    feed.seconds = 0
    #expect(feed.overdue(after: 1) == ["43"])
  }

  @Test("In whatever order numbers come, exactly those that were dropped are missing, each once", arguments: 1...300)
  func anyOrder(seed: Int) {
    var random = SeededGenerator(seed: seed)
    let last = Int64.random(in: 3...60, using: &random)
    // The first and the last can't be missed: nothing shows that they were sent.
    let dropped = Set((2..<last).filter { _ in Int.random(in: 0..<5, using: &random) == 0 })
    var sent = (1...last).filter { !dropped.contains($0) }
    sent.shuffle(using: &random)
    var feed = Feed(sent[0])
    for value in sent.dropFirst() {
      feed.send(value)
      if Int.random(in: 0..<4, using: &random) == 0 { feed.send(value, isRepeat: true) }
    }
    var missing: [Int64] = []
    for _ in 0..<3 {
      feed.seconds += Self.within
      let gaps = feed.sequence.takeOverdue(within: Self.within, at: feed.moment)
      missing += gaps.flatMap(\.ranges).flatMap { Array($0) }
    }
    #expect(missing.sorted() == dropped.sorted(), "seed \(seed): \(sent)")
  }
}

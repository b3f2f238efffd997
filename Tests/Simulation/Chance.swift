/// Chance that a seed gives again (SplitMix64).
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func percent(_ percent: Int) -> Bool { number(1...100) <= percent }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func one<Element>(of elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }

  /// One of these, each as often as its weight says.
  mutating func weighed<Element>(_ elements: [(weight: Int, element: Element)]) -> Element {
    var left = number(1...elements.reduce(0) { $0 + $1.weight })
    for (weight, element) in elements {
      left -= weight
      if left <= 0 { return element }
    }
    preconditionFailure("weights are positive")
  }
}

import CallbackRules
import Foundation

/// Random numbers that a seed gives again (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 1...100, using: &self) <= percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &self)]
  }
}

extension TestOffice {
  /// An office such as a careless administrator might write it: people gone, without addresses, standing in for each other in
  /// circles; steps that name nobody, or are missing. Only its fallback can always be told.
  static func random(using random: inout SeededGenerator) -> TestOffice {
    let ids = ["rivera", "chen", "lee", "okafor", "manager", "nurses", "oncall", "nobody"]
    var office = TestOffice()
    for index in office.people.indices where office.people[index].id != "manager" {
      if random.chance(25) { office.people[index].email = nil }
      if random.chance(25) { office.people[index].active = false }
      if random.chance(50) { office.people[index].instead = random.pick(ids) }
    }
    office.people.removeAll { $0.id != "manager" && random.chance(10) }
    office.teams[0].members = (0..<Int.random(in: 0...3, using: &random)).map { _ in random.pick(ids) }
    office.rotations[0].layers[0].members = (0..<Int.random(in: 0...3, using: &random)).map { _ in random.pick(ids) }
    office.urgent = .random(naming: ids + [Policy.recipient], using: &random)
    return office
  }
}

extension Policy {
  static func random(naming ids: [String], using random: inout SeededGenerator) -> Policy {
    func span(_ seconds: ClosedRange<Int>, _ random: inout SeededGenerator) -> TimeSpan {
      TimeSpan(seconds: Int.random(in: seconds, using: &random))
    }
    func names(_ count: ClosedRange<Int>, _ random: inout SeededGenerator) -> [String] {
      (0..<Int.random(in: count, using: &random)).map { _ in random.pick(ids) }
    }
    let steps = (0..<Int.random(in: 0...4, using: &random)).map { _ in
      Step(
        after: TimeSpan(seconds: Int.random(in: -20...90, using: &random) * 60), notify: names(0...3, &random),
        repeatEvery: random.chance(40) ? span(0...3600, &random) : nil)
    }
    return Policy(
      urgency: .urgent, callBackWithin: span(0...7200, &random), announce: names(0...2, &random),
      ownWithin: random.chance(50) ? span(0...3600, &random) : nil,
      remindBefore: (0..<Int.random(in: 0...3, using: &random)).map { _ in span(0...5400, &random) },
      finishWithin: random.chance(50) ? span(0...3600, &random) : nil, steps: steps,
      retry: Retry(
        noAnswer: span(0...3600, &random), busy: span(0...600, &random), voicemail: span(0...7200, &random),
        attempts: Int.random(in: 0...5, using: &random)))
  }
}

extension Message {
  /// An urgent message taken up to two hours before 14:00.
  static func random(using random: inout SeededGenerator) -> Message {
    let taken = at("14:00").addingTimeInterval(-Double(Int.random(in: 0...7200, using: &random)))
    var message = Message(
      takenAt: taken, urgency: .urgent, problem: random.chance(10) ? "The file is empty." : nil,
      to: random.pick([nil, "Dr. Rivera", "Sam Lee", "nurses", "oncall", "Dr. Gone"]))
    if random.chance(30) {
      message.promisedAt = taken.addingTimeInterval(Double(Int.random(in: -60...7200, using: &random)))
    }
    message.callback = PhoneNumber(written: "555 010 4477", countryCode: "1")
    message.patient = random.pick([nil, "Ann Bell"])
    if random.chance(30) {
      message.reachableUntil = taken.addingTimeInterval(Double(Int.random(in: 0...10_800, using: &random)))
    }
    return message
  }
}

extension Command {
  static func random(closing: Bool, using random: inout SeededGenerator) -> Command {
    var commands: [Command] = [
      .acknowledge(take: false), .acknowledge(take: true), .attempt(.noAnswer), .attempt(.busy), .attempt(.voicemail),
      .attempt(.wrongNumber), .note("rang twice"), .close(reason: " "),
      .assign(to: random.pick(["rivera", "chen", "lee", "nurses", "oncall"])),
      .snooze(TimeSpan(seconds: Int.random(in: 0...3600, using: &random))),
    ]
    if closing {
      commands += [.attempt(.reached), .attempt(.declined), .done, .close(reason: "spam"), .reopen, .reopen]
    }
    return random.pick(commands)
  }
}

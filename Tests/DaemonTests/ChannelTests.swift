import CallbackDelivery
import CallbackIntake
import CallbackRules
import CallbackStore
import Foundation
import Testing

@testable import CallbackDaemon

/// Rules, store and ways together: who is told by what, where channels fail.
@Suite("Channels that fail")
struct ChannelTests {
  private static let now = StagesScene.now

  /// Rivera is told by mail, then by pager, Lee by mail alone; Chen, the fallback, by mail, pager and wall.
  private static let office = Office(
    name: "Riverside", zone: .utc, fallback: "chen",
    people: [
      Person(id: "rivera", name: "Dr. Rivera", email: "rivera@riverside.example", channels: ["mail", "pager"]),
      Person(id: "lee", name: "Sam Lee", email: "lee@riverside.example"),
      Person(id: "chen", name: "Dr. Chen", email: "chen@riverside.example", channels: ["mail", "pager", "wall"]),
    ],
    policies: Urgency.allCases.map {
      Policy(
        urgency: $0, callBackWithin: TimeSpan(days: 1),
        steps: [.init(after: TimeSpan(seconds: 0), notify: ["lee"])])
    },
    accounts: [
      Account(id: "riverside", recipient: "rivera", zone: .utc), Account(id: "hilltop", recipient: "lee", zone: .utc),
    ],
    channels: [Channel(id: "pager", kind: .command(["/bin/page"])), Channel(id: "wall", kind: .file)])

  private static let down = Delivery(outcome: .retryLater("sendmail is missing"), extent: .channel)

  private func scene() throws -> StagesScene {
    let scene = try StagesScene()
    scene.stages.rules = Rules(office: Self.office)
    scene.stages.digestOver = 1000
    return scene
  }

  private func admit(
    _ count: Int, for account: String, _ scene: StagesScene, _ urgency: Urgency = .routine, at seconds: Double = 0
  ) throws {
    let messages = (0..<count).map { number in
      var message = scene.message("P\(number)", number: "555-\(account.count)\(1_000_000 + number)", urgency)
      message.account = account
      message.takenAt = Self.now + seconds
      return message
    }
    try scene.admit(scene.arrival(of: messages), at: Self.now + seconds)
  }

  /// Hands over whatever goes at this moment, until nothing does.
  ///
  /// - Returns: `PERSON CHANNEL` of each hand-over.
  @discardableResult
  private func handOver(
    _ scene: StagesScene, at seconds: Double, _ outcome: (Lease, String) -> Delivery
  ) throws -> [String] {
    let now = Self.now + seconds
    var went: [String] = []
    while true {
      var givenUp: [Stages.GivenUp] = []
      try scene.stages.giveUp(at: now, limit: 16, givenUp: &givenUp)
      let leases = try scene.stages.lease(at: now, limit: 100)
      if leases.isEmpty { return went }
      for lease in leases {
        let channel: String = try #require(Self.office.people[lease.person]?.channelsInOrder[lease.channelIndex])
        went.append(lease.person + " " + channel)
        let delivery = outcome(lease, channel)
        scene.stages.ended(lease, delivery, at: now)
        _ = try scene.stages.settle(lease, as: delivery, at: now)
      }
    }
  }

  private func mailIsDown(_ lease: Lease, _ channel: String) -> Delivery {
    channel == "mail" ? Self.down : Delivery(outcome: .delivered)
  }

  @Test("Hundreds of notices and no mail program: one tries at a time, and all go out once it is back")
  func oneProbe() throws {
    let scene = try scene()
    try admit(400, for: "hilltop", scene)
    var tries = 0
    for seconds in stride(from: 0.0, through: 3600, by: 15) {
      tries += try handOver(scene, at: seconds, mailIsDown).count
    }
    // Three that were begun before the first had ended; then one each minute, after the first few.
    #expect((55...66).contains(tries), "\(tries) tries")
    // All are behind the probe by a minute at most.
    let next = try #require(try scene.stages.nextTry(at: Self.now + 3600))
    #expect(next <= Self.now + 3660)
    for seconds in [3660.0, 3720] {
      try handOver(scene, at: seconds) { _, _ in Delivery(outcome: .delivered) }
    }
    #expect(try scene.stages.store.counts().noticesWaiting == 0)
  }

  @Test("While all hands are full nothing goes but an emergency, and whoever ends makes room")
  func full() throws {
    let scene = try scene()
    let people = ["rivera", "lee", "chen"].map { Person(id: $0, name: $0, email: "\($0)@riverside.example") }
    scene.stages.rules = Rules(
      office: Office(
        name: "Riverside", zone: .utc, fallback: "chen", people: people,
        policies: Urgency.allCases.map {
          Policy(
            urgency: $0, callBackWithin: TimeSpan(days: 1),
            steps: [.init(after: TimeSpan(seconds: 0), notify: [Policy.recipient])])
        },
        accounts: [
          Account(id: "riverside", recipient: "rivera", zone: .utc),
          Account(id: "hilltop", recipient: "lee", zone: .utc),
        ]))
    func lease() throws -> [Lease] { try scene.stages.lease(at: Self.now, limit: 100) }
    try admit(3, for: "riverside", scene)
    try admit(3, for: "hilltop", scene)
    let first = try lease()
    #expect(first.count == 4)
    #expect(try lease().isEmpty)
    #expect(try scene.stages.nextTry(at: Self.now) == nil)
    try admit(1, for: "hilltop", scene, .emergency)
    #expect(try scene.stages.nextTry(at: Self.now) == Self.now)
    #expect(try lease().map(\.urgency) == [.emergency])
    #expect(try lease().isEmpty)
    let delivered = Delivery(outcome: .delivered)
    scene.stages.ended(first[0], delivered, at: Self.now)
    _ = try scene.stages.settle(first[0], as: delivered, at: Self.now)
    #expect(try scene.stages.nextTry(at: Self.now) == Self.now)
    #expect(try lease().count == 1)
    #expect(try lease().isEmpty)
  }

  @Test("What has to wait for its way is known at once and once only: behind others, and behind a channel that fails")
  func waitingForWays() throws {
    let scene = try scene()
    scene.stages.parallel = 2
    func waiting(limit: Int = 10) throws -> [Int64] {
      try scene.stages.waitingForWays(at: Self.now, limit: limit).notices.map(\.number)
    }
    func lease() throws -> [Lease] { try scene.stages.lease(at: Self.now, limit: 100) }
    // What came before the start is no news.
    try admit(1, for: "hilltop", scene)
    #expect(try waiting().isEmpty)
    let first = try lease()
    #expect(first.map(\.number) == [1])
    #expect(try waiting().isEmpty)
    try admit(3, for: "hilltop", scene)
    try admit(1, for: "hilltop", scene, .emergency)
    // The emergency has a hand of its own.
    let second = try lease()
    #expect(second.map(\.urgency) == [.emergency])
    let portion = try scene.stages.waitingForWays(at: Self.now, limit: 2)
    #expect(portion.notices.count == 2 && !portion.isAll)
    #expect(try waiting().count == 1)
    #expect(try waiting().isEmpty)

    for lease in first + second {
      scene.stages.ended(lease, Self.down, at: Self.now)
      _ = try scene.stages.settle(lease, as: Self.down, at: Self.now)
    }
    #expect(try lease().isEmpty)
    try admit(1, for: "hilltop", scene)
    #expect(try waiting().count == 1)
    // What is gathered is told in one.
    scene.stages.beginCatchUp(.downTime, from: Self.now - 3600, until: Self.now)
    try admit(1, for: "hilltop", scene)
    #expect(try waiting().isEmpty)
    _ = try scene.stages.endCatchUp(at: Self.now)
    // But for an emergency, as which the last one came: by repeat calls.
    #expect(try scene.stages.waitingForWays(at: Self.now, limit: 10).notices.map(\.urgency) == [.emergency])
    #expect(try waiting().isEmpty)
  }

  @Test("Of a flood that begins with all ways free, what has to wait is known as soon as all of it is advanced")
  func floodWaits() throws {
    let scene = try scene()
    scene.stages.parallel = 2
    #expect(try scene.stages.waitingForWays(at: Self.now, limit: 10).notices.isEmpty)
    try admit(5, for: "hilltop", scene)
    try handOver(scene, at: 0) { _, _ in Delivery(outcome: .delivered) }
    let later = Self.now + 86_400
    func step() throws -> String {
      var transitions: [Transition] = []
      let advanced = try scene.stages.advance(at: later, limit: 2, leasing: 10, transitions: &transitions)
      let waiting = try scene.stages.waitingForWays(at: later, limit: 10)
      return "leased \(advanced.leases.count), waiting \(waiting.notices.count), done \(advanced.isDone)"
    }
    for _ in 1...2 { #expect(try step() == "leased 0, waiting 0, done false") }
    #expect(try step() == "leased 1, waiting 4, done true")
  }

  @Test("Who has a further channel is told by it after two minutes, without each notice having been tried")
  func nextChannel() throws {
    let scene = try scene()
    try admit(50, for: "riverside", scene)
    var pagedAt: [Double] = []
    var mails = 0
    for seconds in stride(from: 0.0, through: 300, by: 5) {
      for way in try handOver(scene, at: seconds, mailIsDown) {
        if way == "rivera pager" { pagedAt.append(seconds) } else { mails += 1 }
      }
    }
    #expect(pagedAt.count == 50 && pagedAt.allSatisfy { (115...140).contains($0) }, "\(pagedAt)")
    #expect(mails < 15)
    let story = try #require(try scene.stages.store.story(of: 1))
    #expect(story.events.contains { $0.kind == .deliveryDelayed && $0.text == "sendmail is missing" })
    #expect(story.events.last?.kind == .delivered)
  }

  @Test("What goes along in a digest with what has waited for too long goes by the next channel too")
  func digest() throws {
    let scene = try scene()
    scene.stages.digestOver = 1
    try admit(1, for: "hilltop", scene)
    for seconds in stride(from: 0.0, through: 75, by: 5) { try handOver(scene, at: seconds, mailIsDown) }
    try admit(12, for: "riverside", scene, at: 76)
    var later = scene.message("Q", number: "555-010-9999")
    later.takenAt = Self.now + 130
    try scene.admit(scene.arrival(later), at: Self.now + 130)
    var paged: [Double] = []
    for seconds in stride(from: 130.0, through: 200, by: 5) {
      if try handOver(scene, at: seconds, mailIsDown).contains("rivera pager") { paged.append(seconds) }
    }
    #expect(paged == [200])
    #expect(try scene.stages.store.countWaiting(on: [Route(person: "rivera", channelIndex: 0)]) == 0)
  }

  @Test("An emergency is told by the further channel after half a minute, though the mail program fails for long")
  func emergency() throws {
    let scene = try scene()
    try admit(20, for: "hilltop", scene)
    for seconds in stride(from: 0.0, to: 1800, by: 5) { try handOver(scene, at: seconds, mailIsDown) }
    try admit(1, for: "riverside", scene, .emergency, at: 1800)
    var paged: Double?
    for seconds in stride(from: 1800.0, through: 1900, by: 1) {
      if try handOver(scene, at: seconds, mailIsDown).contains("rivera pager") { paged = paged ?? seconds - 1800 }
    }
    #expect(paged.map { (25...36).contains($0) } == true, "\(String(describing: paged))")
  }

  @Test("Where giving up fails halfway, nothing is left leased that nobody hands over")
  func givingUpFails() throws {
    let scene = try scene()
    try admit(20, for: "riverside", scene)
    try handOver(scene, at: 0, mailIsDown)
    try scene.execute(
      """
      CREATE TRIGGER no BEFORE UPDATE OF channel ON notice WHEN NEW.channel > OLD.channel
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    var givenUp: [Stages.GivenUp] = []
    #expect(throws: StoreError.self) {
      try scene.stages.giveUp(at: Self.now + 200, limit: 16, givenUp: &givenUp)
    }
    #expect(givenUp.isEmpty)
    try scene.execute("DROP TRIGGER no")
    let went = try handOver(scene, at: 200, mailIsDown)
    #expect(went.count { $0 == "rivera pager" } == 20, "\(went)")
    #expect(try scene.stages.store.counts().noticesWaiting == 0)
  }

  @Test("Where the last channel fails for two hours, all that waited for it falls through to the next step")
  func fallsThrough() throws {
    let scene = try scene()
    try admit(20, for: "riverside", scene)
    let allDown: (Lease, String) -> Delivery = { _, _ in Self.down }
    for seconds in stride(from: 0.0, through: 7400, by: 20) { try handOver(scene, at: seconds, allDown) }
    for number in Int64(1)...20 {
      let events = try #require(try scene.stages.store.story(of: number)).events
      #expect(events.contains { $0.kind == .deliveryFailed && $0.person == "rivera" }, "callback \(number)")
      #expect(events.contains { $0.kind == .stepTaken && $0.person == "lee" }, "callback \(number)")
    }
  }

  @Test("One person's mails that hang keep no one else's waiting, nor other channels")
  func hanging() throws {
    let scene = try scene()
    try admit(40, for: "riverside", scene)
    let begun = try scene.stages.lease(at: Self.now, limit: 100)
    #expect(begun.map(\.person) == ["rivera", "rivera", "rivera"])
    try admit(2, for: "hilltop", scene)
    try admit(1, for: "riverside", scene, .emergency)
    #expect(try scene.stages.lease(at: Self.now, limit: 100).map(\.person) == ["rivera", "lee"])
    // The time-outs come; from then on one at a time.
    for lease in begun {
      let late = Delivery(outcome: .retryLater("was stopped after 30 s"), extent: .person)
      scene.stages.ended(lease, late, at: Self.now + 30)
      _ = try scene.stages.settle(lease, as: late, at: Self.now + 30)
    }
    #expect(try scene.stages.lease(at: Self.now + 31, limit: 100).map(\.person) == ["lee"])
    #expect(try scene.stages.lease(at: Self.now + 35, limit: 100).map(\.person) == [])
  }

  // MARK: - Alarms

  /// What was handed over of alarms, and by what: `KIND CHANNEL`.
  private func alarms(_ scene: StagesScene, at seconds: Double, mailWorks: Bool) throws -> [String] {
    var told: [String] = []
    try handOver(scene, at: seconds) { lease, channel in
      if case .alarm(let alarm) = lease.content, mailWorks || channel != "mail" {
        told.append("\(alarm.kind.rawValue) \(channel)")
      }
      return mailWorks ? Delivery(outcome: .delivered) : mailIsDown(lease, channel)
    }
    return told.sorted()
  }

  @Test(
    "The fallback hears by the others of a channel that fails for longer than a minute, how many wait, and of its end by all"
  )
  func channelAlarm() throws {
    let scene = try scene()
    let stages = scene.stages
    try admit(12, for: "hilltop", scene)
    #expect(try alarms(scene, at: 0, mailWorks: false).isEmpty)
    #expect(try stages.watchChannels(at: Self.now + 59, patienceSeconds: 60).isEmpty)
    let alarm = Alarm(.channelTrouble, from: Self.now, until: Self.now + 60, channel: "mail", notices: 12)
    #expect(try stages.watchChannels(at: Self.now + 60, patienceSeconds: 60) == [alarm])
    #expect(try stages.watchChannels(at: Self.now + 75, patienceSeconds: 60).isEmpty)
    #expect(try alarms(scene, at: 75, mailWorks: false) == ["channel-trouble pager", "channel-trouble wall"])
    #expect(try stages.failingChannels(at: Self.now + 80).map(\.notices) == [12])

    #expect(try alarms(scene, at: 600, mailWorks: true).isEmpty)
    let over = try stages.watchChannels(at: Self.now + 615, patienceSeconds: 60)
    #expect(over.map(\.kind) == [.channelRestored] && over.first?.from == Self.now && over.first?.channel == "mail")
    #expect(try stages.watchChannels(at: Self.now + 630, patienceSeconds: 60).isEmpty)
    let ends = ["channel-restored mail", "channel-restored pager", "channel-restored wall"]
    #expect(try alarms(scene, at: 630, mailWorks: true) == ends)
    #expect(try stages.failingChannels(at: Self.now + 640).isEmpty)
  }

  @Test("Where the fallback has no other channel, the alarm waits for the one that fails")
  func noOtherChannel() throws {
    let scene = try scene()
    var office = Self.office
    office.fallback = "lee"
    scene.stages.rules = Rules(office: office)
    try admit(1, for: "hilltop", scene)
    try handOver(scene, at: 0, mailIsDown)
    #expect(try scene.stages.watchChannels(at: Self.now + 60, patienceSeconds: 60).count == 1)
    #expect(try scene.stages.store.counts().noticesWaiting == 2)
  }

  @Test("A daemon that is started again knows of the trouble that was told: it isn't told twice, and its end is")
  func restarted() throws {
    let scene = try scene()
    try admit(1, for: "hilltop", scene)
    try handOver(scene, at: 0, mailIsDown)
    #expect(try scene.stages.watchChannels(at: Self.now + 60, patienceSeconds: 60).count == 1)
    let next = scene.restarted()
    try next.recallChannels()
    #expect(try next.failingChannels(at: Self.now + 100).map(\.from) == [Self.now])
    let lease = try #require(try next.lease(at: Self.now + 100, limit: 9).first { $0.person == "lee" })
    next.ended(lease, Delivery(outcome: .delivered), at: Self.now + 100)
    #expect(try next.watchChannels(at: Self.now + 100, patienceSeconds: 60).map(\.kind) == [.channelRestored])
    let third = scene.restarted()
    try third.recallChannels()
    #expect(try third.failingChannels(at: Self.now + 200).isEmpty)
  }

  @Test("An alarm goes by every channel that each of the fallback's people has")
  func everyChannel() throws {
    let scene = try scene()
    #expect(try scene.stages.raise(Alarm(.downTime, from: Self.now, until: Self.now), at: Self.now))
    #expect(
      try alarms(scene, at: 0, mailWorks: true) == ["down-time mail", "down-time pager", "down-time wall"])
  }

  // MARK: - The canary

  /// Who gets one, and when, by the days and seconds since `now`, which is at 19:20.
  private func canaries(_ stages: Stages, _ moments: [Double]) throws -> [Double] {
    try moments.filter { try stages.sendCanary(at: Self.now + $0) }
  }

  @Test("A mail to the operator leaves after a start and every morning at seven, by mail alone")
  func canary() throws {
    let scene = try scene()
    scene.stages.operatorId = "rivera"
    let seven = 11 * 3600.0 + 40 * 60
    #expect(
      try canaries(scene.stages, [0, 15, 3600, 7200, seven - 1, seven, seven + 15, seven + 86_399, seven + 86_400])
        == [0, seven, seven + 86_400])
    var told: [String] = []
    try handOver(scene, at: seven + 86_400) { lease, channel in
      if case .alarm(let alarm) = lease.content { told.append("\(alarm.kind.rawValue) \(lease.person) \(channel)") }
      return Delivery(outcome: .delivered)
    }
    #expect(told == Array(repeating: "mail-canary rivera mail", count: 3))
  }

  @Test("A daemon that is started again and again sends one an hour; without mail there is none")
  func crashLoop() throws {
    let scene = try scene()
    let starts = stride(from: 0.0, through: 7200, by: 10).filter { seconds in
      (try? scene.restarted().sendCanary(at: Self.now + seconds)) ?? false
    }
    #expect(starts == [0, 3600, 7200])
    // The mark is of a clock that was ahead.
    #expect(try scene.restarted().sendCanary(at: Self.now - 86_400))

    let other = try self.scene()
    var office = Self.office
    office.people["chen"]?.channels = ["pager"]
    other.stages.rules = Rules(office: office)
    #expect(try !other.stages.sendCanary(at: Self.now))
    #expect(try other.stages.store.counts().noticesWaiting == 0)
  }
}

import CallbackDelivery
import CallbackRules
import Foundation
import Testing

@testable import CallbackDaemon

@Suite("The ways by which notices go")
struct DestinationsTests {
  private static let now = Date(timeIntervalSince1970: 1_795_461_600)
  private static let rivera = Destinations.Lane(person: "rivera", channel: "mail")
  private static let chen = Destinations.Lane(person: "chen", channel: "mail")
  private static let pager = Destinations.Lane(person: "rivera", channel: "pager")

  private static func later(_ extent: Delivery.Extent = .notice) -> Delivery {
    Delivery(outcome: .retryLater("busy"), extent: extent)
  }

  /// Four may run at once by a channel.
  private final class Ways {
    var destinations = Destinations()
    private var last: Int64 = 0

    @discardableResult
    func begin(_ lane: Destinations.Lane, _ urgency: Urgency = .routine) -> Int64 {
      last += 1
      destinations.began(last, on: lane, urgency)
      return last
    }

    func hand(_ lane: Destinations.Lane, _ delivery: Delivery, at seconds: Double = 0) {
      destinations.ended(begin(lane), delivery, at: now + seconds)
    }

    func isBarred(_ lane: Destinations.Lane, _ urgency: Urgency = .routine, at seconds: Double = 0) -> Bool {
      destinations.isBarred(lane, urgency, parallel: 4, at: now + seconds)
    }
  }

  @Test(
    "A channel has so many hand-overs at once, a person one less, an emergency one more; other channels have theirs")
  func bounds() {
    let ways = Ways()
    for _ in 1...3 {
      #expect(!ways.isBarred(Self.rivera))
      ways.begin(Self.rivera)
    }
    #expect(ways.isBarred(Self.rivera) && !ways.isBarred(Self.rivera, .emergency))
    #expect(!ways.isBarred(Self.chen) && !ways.isBarred(Self.pager))
    ways.begin(Self.chen)
    #expect(ways.isBarred(Self.chen) && ways.isBarred(Self.chen, .urgent) && !ways.isBarred(Self.chen, .emergency))
    #expect(!ways.isBarred(Self.pager))
    ways.begin(Self.chen, .emergency)
    #expect(ways.isBarred(Self.rivera, .emergency) && ways.isBarred(Self.chen, .emergency))
  }

  @Test("Some failures, each of one notice, make nobody wait; a success in between counts them anew")
  func fewFailures() {
    let ways = Ways()
    for _ in 1...7 { ways.hand(Self.rivera, Self.later()) }
    #expect(!ways.isBarred(Self.rivera))
    ways.hand(Self.rivera, Delivery(outcome: .delivered))
    for _ in 1...7 { ways.hand(Self.rivera, Self.later()) }
    #expect(!ways.isBarred(Self.rivera) && !ways.isBarred(Self.chen))
    #expect(ways.destinations.trouble(on: Self.rivera)?.since == Self.now)
    ways.hand(Self.rivera, Self.later())
    #expect(ways.isBarred(Self.rivera) && !ways.isBarred(Self.chen))
    // Where it fails for another too, the channel is at fault.
    for _ in 1...4 { ways.hand(Self.chen, Self.later()) }
    #expect(ways.isBarred(Self.chen) && !ways.isBarred(Self.pager))
  }

  @Test(
    "A program that can't be started is tried by one notice at a time: after 5, 10, 20, 40 and 60 s, then each minute")
  func oneProbe() {
    let ways = Ways()
    var time = 0.0
    ways.hand(Self.rivera, Self.later(.channel))
    for wait in [5.0, 10, 20, 40, 60, 60, 60] {
      #expect(ways.isBarred(Self.chen, at: time + wait - 1) && ways.isBarred(Self.rivera, at: time + wait - 1))
      #expect(ways.destinations.nextProbe(after: Self.now + time + 5) ?? .distantPast <= Self.now + time + wait)
      time += wait
      #expect(!ways.isBarred(Self.chen, at: time), "after \(time) s")
      let probe = ways.begin(Self.chen)
      #expect(ways.isBarred(Self.rivera, at: time) && ways.isBarred(Self.chen, at: time))
      ways.destinations.ended(probe, Self.later(.channel), at: Self.now + time)
    }
    ways.hand(Self.chen, Delivery(outcome: .delivered), at: time + 60)
    #expect(!ways.isBarred(Self.rivera, at: time + 60) && !ways.isBarred(Self.chen, at: time + 60))
    #expect(ways.destinations.areAllFree)
  }

  @Test("Failures of what was under way when others began to wait do not make them wait longer")
  func burst() {
    let ways = Ways()
    let numbers = (1...4).map { _ in ways.begin(Self.rivera) }
    for number in numbers { ways.destinations.ended(number, Self.later(.channel), at: Self.now) }
    #expect(!ways.isBarred(Self.rivera, at: 5))
  }

  @Test("An address at which the program hangs makes those wait that go there, and nobody else")
  func hanging() {
    let ways = Ways()
    ways.hand(Self.rivera, Self.later(.person))
    #expect(ways.isBarred(Self.rivera, at: 1) && !ways.isBarred(Self.chen, at: 1) && !ways.isBarred(Self.pager, at: 1))
    ways.hand(Self.chen, Delivery(outcome: .delivered), at: 2)
    ways.hand(Self.rivera, Self.later(.person), at: 60)
    #expect(ways.isBarred(Self.rivera, at: 61) && !ways.isBarred(Self.chen, at: 61))
    // Where it hangs for two more, the channel is at fault.
    let lee = Destinations.Lane(person: "lee", channel: "mail")
    ways.hand(Self.chen, Self.later(.person), at: 62)
    #expect(!ways.isBarred(lee, at: 63))
    ways.hand(lee, Self.later(.person), at: 64)
    #expect(ways.isBarred(Destinations.Lane(person: "okafor", channel: "mail"), at: 65))
  }

  @Test("An emergency waits for nobody else's failure, and five seconds after one of its own person's")
  func emergencies() {
    let ways = Ways()
    for seconds in [0.0, 5, 15] { ways.hand(Self.rivera, Self.later(.channel), at: seconds) }
    #expect(ways.isBarred(Self.rivera, at: 21) && ways.isBarred(Self.chen, at: 21))
    #expect(ways.isBarred(Self.rivera, .emergency, at: 19) && !ways.isBarred(Self.rivera, .emergency, at: 20))
    #expect(!ways.isBarred(Self.chen, .emergency, at: 16))
    // One at a time.
    ways.begin(Self.rivera)
    #expect(!ways.isBarred(Self.chen, .emergency, at: 21))
    ways.begin(Self.chen, .emergency)
    #expect(ways.isBarred(Self.rivera, .emergency, at: 21))
  }

  @Test("A refusal is about one notice: it says nothing of others, for better or worse")
  func refusals() {
    let ways = Ways()
    for _ in 1...20 { ways.hand(Self.rivera, Delivery(outcome: .refused("no such user"))) }
    #expect(ways.destinations.areAllFree)
    ways.hand(Self.rivera, Self.later(.channel))
    ways.hand(Self.rivera, Delivery(outcome: .refused("no such user")), at: 5)
    #expect(ways.destinations.channels["mail"]?.isHeld == true)
  }

  @Test("When the clock is set back nobody waits for it")
  func clockSetBack() {
    let ways = Ways()
    ways.hand(Self.rivera, Self.later(.channel), at: 86_400)
    #expect(ways.isBarred(Self.rivera, at: 86_401) && !ways.isBarred(Self.rivera, at: 0))
    #expect(ways.destinations.nextProbe(after: Self.now) == nil)
  }

  @Test("Only trouble of which the fallback was told has an end that is told; what a reload took away is forgotten")
  func restored() {
    let ways = Ways()
    ways.hand(Self.rivera, Self.later(.channel))
    ways.hand(Self.rivera, Delivery(outcome: .delivered), at: 60)
    #expect(ways.destinations.restored.isEmpty)
    ways.hand(Self.rivera, Self.later(.channel), at: 100)
    ways.destinations.told(of: "mail", since: Self.now + 100)
    ways.hand(Self.rivera, Self.later(.channel), at: 160)
    ways.hand(Self.chen, Delivery(outcome: .delivered), at: 220)
    let restored = Destinations.Restored(channel: "mail", since: Self.now + 100, until: Self.now + 160)
    #expect(ways.destinations.restored == [restored])
    ways.destinations.toldRestored(restored)
    #expect(ways.destinations.restored.isEmpty)
    ways.hand(Self.pager, Self.later(.channel), at: 300)
    ways.destinations.keep(channels: ["mail"])
    #expect(ways.destinations.channels.isEmpty && !ways.isBarred(Self.pager, at: 301))
  }
}

import Testing

@testable import CallbackDaemon

@Suite("Files that stay unfinished")
struct StaleWatchTests {
  private let moment = ContinuousClock.now

  @Test("The fallback is told once, not for each file, and anew when there were none in between")
  func once() {
    var watch = StaleWatch()
    #expect(watch.look(0, at: moment) == .init(isMore: false, isToBeTold: false))
    #expect(watch.look(3, at: moment) == .init(isMore: true, isToBeTold: true))
    // Not stored yet: it stays to be told.
    #expect(watch.look(3, at: moment) == .init(isMore: false, isToBeTold: true))
    watch.told(at: moment)
    #expect(watch.look(3, at: moment) == .init(isMore: false, isToBeTold: false))
    #expect(watch.look(2, at: moment) == .init(isMore: false, isToBeTold: false))
    #expect(watch.look(5, at: moment) == .init(isMore: true, isToBeTold: false))
    #expect(watch.look(0, at: moment) == .init(isMore: false, isToBeTold: false))
    #expect(watch.look(1, at: moment) == .init(isMore: true, isToBeTold: true))
  }

  @Test("One that nobody cleans up does not hide others for longer than a day")
  func further() {
    var watch = StaleWatch()
    _ = watch.look(1, at: moment)
    watch.told(at: moment)
    let hours = { (count: Int) in moment + .seconds(count * 3600) }
    #expect(!watch.look(2, at: hours(23)).isToBeTold)
    #expect(watch.look(2, at: hours(24)).isToBeTold)
    watch.told(at: hours(24))
    #expect(!watch.look(2, at: hours(100)).isToBeTold)
  }
}

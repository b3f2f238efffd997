import Foundation
import Testing

@testable import CallbackDaemon

@Suite("Trouble that lasts")
struct TroubleWatchTests {
  private let began = Date(timeIntervalSince1970: 1_795_461_600)
  private let moment = ContinuousClock.now
  private let limits = TroubleWatch.Limits(patience: .seconds(60), quiet: .seconds(90), again: .seconds(3600))

  private func fail(_ watch: inout TroubleWatch, at seconds: Int) {
    watch.failed(now: began + Double(seconds), at: moment + .seconds(seconds), limits: limits)
  }

  private func news(_ watch: inout TroubleWatch, isOK: Bool = false, at seconds: Int) -> TroubleWatch.News? {
    watch.news(isOK: isOK, at: moment + .seconds(seconds), limits: limits)
  }

  @Test("It is told once it has lasted, stays to be told until it was, and again after an hour")
  func lasts() {
    var watch = TroubleWatch()
    #expect(news(&watch, at: 0) == nil)
    for second in stride(from: 0, through: 60, by: 30) { fail(&watch, at: second) }
    #expect(news(&watch, at: 59) == nil)
    #expect(watch.knownSince == nil)
    for second in [60, 75] { #expect(news(&watch, at: second) == .lasts(since: began)) }
    watch.told(true, at: moment + .seconds(75), limits: limits)
    #expect(watch.knownSince == began)
    #expect(news(&watch, at: 3674) == nil)
    #expect(news(&watch, at: 3675) == .lasts(since: began))
  }

  @Test("Without a repetition it is told once")
  func once() {
    var watch = TroubleWatch()
    fail(&watch, at: 0)
    var limits = limits
    limits.again = nil
    watch.told(true, at: moment + .seconds(60), limits: limits)
    #expect(watch.news(isOK: false, at: moment + .seconds(1_000_000), limits: limits) == nil)
  }

  @Test("Where nobody was reached, it is tried again a minute later")
  func notTold() {
    var watch = TroubleWatch()
    fail(&watch, at: 0)
    watch.told(false, at: moment + .seconds(60), limits: limits)
    #expect(news(&watch, at: 119) == nil)
    #expect(news(&watch, at: 120) == .lasts(since: began))
  }

  @Test("Trouble that nobody was told of passes in silence")
  func short() {
    var watch = TroubleWatch()
    fail(&watch, at: 0)
    #expect(news(&watch, isOK: true, at: 30) == nil)
    #expect(news(&watch, isOK: true, at: 90) == nil)
    fail(&watch, at: 100)
    #expect(news(&watch, at: 159) == nil)
    #expect(news(&watch, at: 160) == .lasts(since: began + 100))
  }

  @Test("Trouble that comes and goes is one trouble, and over when nothing has failed for a while")
  func comesAndGoes() {
    var watch = TroubleWatch()
    fail(&watch, at: 0)
    #expect(news(&watch, isOK: true, at: 15) == nil)
    fail(&watch, at: 60)
    #expect(news(&watch, at: 60) == .lasts(since: began))
    watch.told(true, at: moment + .seconds(60), limits: limits)
    fail(&watch, at: 120)
    #expect(news(&watch, isOK: true, at: 209) == nil)
    for second in [210, 225] {
      #expect(news(&watch, isOK: true, at: second) == .over(since: began, until: began + 120))
    }
    watch.ended()
    #expect(news(&watch, isOK: true, at: 240) == nil && watch.knownSince == nil)
  }

  @Test("A clock that is set back meanwhile makes no end before the beginning")
  func clockSetBack() {
    var watch = TroubleWatch()
    fail(&watch, at: 0)
    watch.told(true, at: moment + .seconds(60), limits: limits)
    watch.failed(now: began - 3600, at: moment + .seconds(61), limits: limits)
    #expect(news(&watch, isOK: true, at: 200) == .over(since: began, until: began))
  }
}

import Testing

@testable import CallbackDaemon

@Suite("Noticing that the clock was set")
struct ClockWatchTests {
  @Test("A step is told once, with its length and direction")
  func steps() {
    var watch = ClockWatch(wallMinusBootSeconds: 1000)
    #expect(watch.stepSeconds(wallMinusBootSeconds: 1000) == nil)
    #expect(watch.stepSeconds(wallMinusBootSeconds: 4600) == 3600)
    #expect(watch.stepSeconds(wallMinusBootSeconds: 4600) == nil)
    #expect(watch.stepSeconds(wallMinusBootSeconds: 4597.5) == -2.5)
  }

  @Test("Slewing, however long, is none")
  func slewing() {
    var watch = ClockWatch(wallMinusBootSeconds: 0)
    for look in 1...100 { #expect(watch.stepSeconds(wallMinusBootSeconds: Double(look)) == nil) }
  }
}

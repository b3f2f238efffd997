import CallbackRules
import Foundation
import Testing

@testable import CallbackIntake

/// Programs that write a file in place, a bit at a time.
@Suite("Slow writers")
struct SlowWriterTests {
  private static let tail = "A second thought.\n"

  /// Writes into a file that is open, and says how that went.
  private func write(_ text: String, to descriptor: Int32) {
    #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
  }

  /// As a program of another user does.
  private func openAsAnother(_ scene: SpoolScene, _ text: String) throws -> Int32 {
    try scene.put("a.txt", text)
    try #require(chown(scene.root + "/incoming/a.txt", 65_534, 65_534) == 0)
    return try scene.openToAppend("incoming/a.txt")
  }

  @Test(
    "A file that is written over minutes is taken once, whole, however long its writer pauses", arguments: [1.0, 90])
  func lease(pause: Double) throws {
    let scene = try SpoolScene(settle: 2)
    try scene.put("a.txt")
    let descriptor = try scene.openToAppend("incoming/a.txt")
    for step in 0..<5 {
      write("More.\n", to: descriptor)
      #expect(try scene.scan(secondsFromNow: Double(step) * pause).arrivals.isEmpty)
    }
    close(descriptor)
    #expect(try scene.scan().arrivals.isEmpty)
    let arrival = try scene.onlyArrival(secondsFromNow: 3)
    #expect(arrival.text == SpoolScene.message + String(repeating: "More.\n", count: 5))
    #expect(try scene.putAway(arrival) == .done)
  }

  @Test("A file that is open when it is to be removed stays, and what is then written into it is read")
  func openWhenRemoved() throws {
    let scene = try SpoolScene()
    try scene.put("a.txt")
    let admission = scene.admit(try scene.onlyArrival())
    let descriptor = try scene.openToAppend("incoming/a.txt")
    #expect(try scene.putAway(admission) == .open)
    #expect(try scene.names(in: "work").count == 1)
    #expect(try scene.putAway(admission, isRecovery: true, secondsFromNow: 3600) == .open)
    #expect(try scene.scan(secondsFromNow: 3600).arrivals.isEmpty)
    write(Self.tail, to: descriptor)
    close(descriptor)
    #expect(try scene.putAway(admission, isRecovery: true) == .changed)
    let grown = try scene.onlyArrival()
    #expect(grown.text == SpoolScene.message + Self.tail)
    #expect(try scene.putAway(grown) == .done)
    #expect(try scene.names(in: "work").isEmpty)
  }

  @Test(
    "Where no lease may be had, what a paused writer adds within a minute is read too",
    .enabled(if: Lease.canBeGivenUp))
  func paused() throws {
    let scene = try SpoolScene(settle: 2)
    let descriptor = try openAsAnother(scene, SpoolScene.message)
    try Lease.givenUp {
      let admission = scene.admit(try scene.onlyArrival(secondsFromNow: 3))
      #expect(try scene.putAway(admission) == .open)
      #expect(try scene.names(in: "accepted").count == 1)
      // It is not read again and again meanwhile.
      #expect(try scene.scan(secondsFromNow: 30).arrivals.isEmpty)
      write(Self.tail, to: descriptor)
      #expect(try scene.putAway(admission, isRecovery: true, secondsFromNow: 30) == .changed)
      let (early, last) = try scene.scan(secondsFromNow: 30)
      #expect(early.isEmpty && last.lookAgainAt != nil)
      let grown = try scene.onlyArrival(secondsFromNow: 61)
      #expect(grown.text == SpoolScene.message + Self.tail)
      #expect(try scene.putAway(scene.admit(grown), secondsFromNow: 61) == .done)
    }
    close(descriptor)
    #expect(try scene.names(in: "work").isEmpty)
  }

  @Test(
    "Where no lease may be had, a file that nobody adds to is gone after a minute", .enabled(if: Lease.canBeGivenUp))
  func untouched() throws {
    let scene = try SpoolScene()
    close(try openAsAnother(scene, SpoolScene.message))
    try Lease.givenUp {
      let admission = scene.admit(try scene.onlyArrival())
      #expect(try scene.putAway(admission) == .open)
      #expect(try scene.putAway(admission, isRecovery: true, secondsFromNow: 59) == .open)
      #expect(try scene.putAway(admission, isRecovery: true, secondsFromNow: 61) == .done)
    }
    #expect(try scene.names(in: "work").isEmpty)
  }

  @Test(
    "Where no lease may be had, a file that was still empty is not set aside before its writer had a minute",
    .enabled(if: Lease.canBeGivenUp))
  func emptyAtFirst() throws {
    let scene = try SpoolScene()
    let descriptor = try openAsAnother(scene, "")
    try Lease.givenUp {
      let arrival = try scene.onlyArrival()
      #expect(arrival.problem?.contains("empty") == true)
      let admission = scene.admit(arrival)
      #expect(try scene.putAway(admission) == .open)
      #expect(try scene.names(in: "rejected").isEmpty)
      write(SpoolScene.message, to: descriptor)
      #expect(try scene.putAway(admission, isRecovery: true) == .changed)
      let whole = try scene.onlyArrival(secondsFromNow: 61)
      #expect(whole.text == SpoolScene.message && whole.problem == nil)
    }
    close(descriptor)
  }

  @Test(
    "A file that changes while it is read is never read half", .enabled(if: Lease.canBeGivenUp),
    .timeLimit(.minutes(10)))
  func changesWhileRead() throws {
    let scene = try SpoolScene(maxSizeBytes: 1 << 20)
    let long = 600_000
    try scene.put("a.txt", String(repeating: "a", count: long))
    try #require(chown(scene.root + "/incoming/a.txt", 65_534, 65_534) == 0)
    let path = scene.root + "/incoming/a.txt"
    let isOver = Flag()
    let writer = Thread {
      // Grows, shrinks, is emptied, and is replaced, as fast as it can be.
      var round = 0
      while !isOver.isSet {
        round += 1
        truncate(path, [0, 5, 300_000, long][round % 4])
        if round % 16 == 0 {
          rename(path, path + ".tmp")
          rename(path + ".tmp", path)
        }
      }
      isOver.confirm()
    }
    writer.start()
    var whole = 0
    try Lease.givenUp {
      let end = ContinuousClock.now + .milliseconds(700)
      while ContinuousClock.now < end {
        for arrival in try scene.scan().arrivals where !arrival.original.isEmpty {
          whole += 1
          #expect(arrival.original.count == Int(arrival.identity.sizeBytes))
        }
      }
    }
    isOver.set()
    isOver.waitUntilConfirmed()
    #expect(whole > 0)
  }
}

/// Ends a thread, and waits for its end.
private final class Flag: Sendable {
  private let over = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  var isSet: Bool {
    guard over.wait(timeout: .now()) == .success else { return false }
    over.signal()
    return true
  }

  func set() { over.signal() }
  func confirm() { done.signal() }
  func waitUntilConfirmed() { done.wait() }
}

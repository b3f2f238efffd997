import CallbackRules
import Foundation
import Glibc
import Testing

@testable import CallbackDelivery

extension HandingOver {
  @Suite("Time-outs", .serialized)
  struct TimeoutTests {
    let scene: Scene

    init() throws {
      scene = try Scene()
      scene.mail.timeout = TimeSpan(seconds: 1)
    }

    private var stopped: DeliveryOutcome { .retryLater("\(scene.path("sendmail")) was stopped after 1 s") }

    /// A FIFO that a script opens as descriptor 3, and all that it starts inherit: its end is the end of the last of them.
    private final class Lifeline {
      private let descriptor: Int32

      init(_ scene: Scene) {
        mkfifo(scene.path("lifeline"), 0o600)
        descriptor = open(scene.path("lifeline"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      }

      deinit { close(descriptor) }

      /// Whether all that held it end within so long.
      func ends(withinMilliseconds limit: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&entry, 1, limit) == 1 && entry.revents & Int16(POLLHUP) != 0
      }
    }

    /// Hands a notice over through a scripted sendmail that holds the lifeline.
    private func deliver(through body: String) async throws -> DeliveryOutcome {
      try await scene.deliver(through: "exec 3>$here/lifeline\n" + body)
    }

    private func seconds(since start: ContinuousClock.Instant) -> Double { start.duration(to: .now) / .seconds(1) }

    @Test("a sendmail that hangs is stopped when its time is up, with what it started")
    func hangs() async throws {
      let lifeline = Lifeline(scene)
      let start = ContinuousClock.now
      #expect(
        try await deliver(through: "sleep 60 & wait") == stopped)
      let time = seconds(since: start)
      #expect((1.0..<2.5).contains(time))
      #expect(lifeline.ends(withinMilliseconds: 5000))
    }

    @Test("one that ignores SIGTERM is killed two seconds later")
    func ignoresTerm() async throws {
      let lifeline = Lifeline(scene)
      let start = ContinuousClock.now
      let outcome = try await deliver(
        through: "trap '' TERM; while :; do sleep 0.1; done")
      #expect(outcome == stopped)
      let time = seconds(since: start)
      #expect((3.0..<4.5).contains(time))
      #expect(lifeline.ends(withinMilliseconds: 5000))
    }

    @Test("what it started and ignores SIGTERM is killed too")
    func grandchildIgnoresTerm() async throws {
      let lifeline = Lifeline(scene)
      let outcome = try await deliver(
        through: "(trap '' TERM; while :; do sleep 0.1; done) & wait")
      #expect(outcome == stopped)
      #expect(lifeline.ends(withinMilliseconds: 5000))
    }

    @Test("one that closes its standard error and hangs is stopped all the same")
    func closesError() async throws {
      let lifeline = Lifeline(scene)
      #expect(try await deliver(through: "exec 2>&-; exec sleep 60") == stopped)
      #expect(lifeline.ends(withinMilliseconds: 5000))
    }

    @Test("what goes on in the background is neither waited for nor stopped, whatever it holds open")
    func background() async throws {
      let lifeline = Lifeline(scene)
      scene.mail.timeout = TimeSpan(seconds: 30)
      let start = ContinuousClock.now
      #expect(try await deliver(through: "sleep 5 & echo $! >$here/child; echo x >&2; exit 0") == .delivered)
      let time = seconds(since: start)
      #expect(time < 2)
      #expect(!lifeline.ends(withinMilliseconds: 0))
      kill(try #require(Int32(scene.read("child").trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
    }

    @Test("what goes on complaining in the background is not listened to for ever", .timeLimit(.minutes(10)))
    func backgroundFlood() async throws {
      let lifeline = Lifeline(scene)
      scene.mail.timeout = TimeSpan(seconds: 30)
      let start = ContinuousClock.now
      #expect(try await deliver(through: "yes >&2 & yes >&2 & yes >&2 & yes >&2 & exit 0") == .delivered)
      let time = seconds(since: start)
      #expect(time < 2)
      // Nobody reads any more: SIGPIPE.
      #expect(lifeline.ends(withinMilliseconds: 5000))
    }

    @Test("a cancelled delivery stops its sendmail and is tried again later", .timeLimit(.minutes(10)))
    func cancelled() async throws {
      let lifeline = Lifeline(scene)
      scene.mail.timeout = TimeSpan(seconds: 60)
      scene.mail.sendmail = try scene.script(
        "sendmail", "exec 3>$here/lifeline; echo ready >$here/ready; exec sleep 50")
      mkfifo(scene.path("ready"), 0o600)
      let deliverer = scene.deliverer
      let delivery = Task { await deliverer.deliver(Scene.item(), now: Scene.now).outcome }
      let ready = scene.path("ready")
      // Reads until the script has closed its side.
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          let descriptor = open(ready, O_RDONLY)
          var byte: UInt8 = 0
          while read(descriptor, &byte, 1) > 0 {}
          close(descriptor)
          continuation.resume()
        }
      }
      delivery.cancel()
      #expect(await delivery.value == .retryLater("\(scene.path("sendmail")) was killed by signal 15"))
      #expect(lifeline.ends(withinMilliseconds: 5000))
    }

    @Test("in a cancelled task nothing is started")
    func alreadyCancelled() async throws {
      scene.mail.sendmail = try scene.script("sendmail", "touch $here/started")
      let deliverer = scene.deliverer
      let delivery = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await deliverer.deliver(Scene.item(), now: Scene.now).outcome
      }
      #expect(
        await delivery.value == .retryLater("\(scene.path("sendmail")) was not started: callbackd is stopping"))
      #expect(!scene.exists("started"))
    }

    // In a process of its own, where every descriptor and every child is a delivery's.
    @Test("a thousand deliveries leave no descriptor and no dead child", .timeLimit(.minutes(10)))
    func leaksNothing() async {
      await #expect(processExitsWith: .success) {
        let scene = try Scene()
        scene.mail.sendmail = try scene.script("sendmail", "exit 0")
        let missing = Scene.item(.announce, person: "chen")
        let deliverer = scene.deliverer
        // The library opens some descriptors for good at its first use.
        _ = await deliverer.deliver(Scene.item(), now: Scene.now)
        let before = try openDescriptors()
        for _ in 0..<250 {
          await withTaskGroup(of: DeliveryOutcome.self) { group in
            for lane in 0..<4 {
              var item = lane == 0 ? missing : Scene.item()
              item.number = Int64(lane)
              let own = item
              group.addTask { await deliverer.deliver(own, now: Scene.now).outcome }
            }
            for await outcome in group { #expect(outcome == .delivered) }
          }
        }
        #expect(try openDescriptors() <= before)
        var status: Int32 = 0
        #expect(waitpid(-1, &status, WNOHANG) <= 0)
      }
    }
  }
}

extension HandingOver.TimeoutTests {
  /// CALLBACKD_MISBEHAVIOURS says how many; each takes up to three seconds.
  @Test(
    "a hundred sendmails that hang, ignore SIGTERM, leave a grandchild or complain without end: each gone in time, nothing left",
    .timeLimit(.minutes(15)))
  func misbehaviours() async {
    await #expect(processExitsWith: .success) {
      let count = ProcessInfo.processInfo.environment["CALLBACKD_MISBEHAVIOURS"].flatMap { Int($0) } ?? 100
      let scene = try Scene()
      scene.mail.timeout = TimeSpan(seconds: 1)
      // What it is to do depends on its own number: all kinds go on at once.
      scene.mail.sendmail = try scene.script(
        "sendmail",
        """
        case $(($$ % 5)) in
        0) exec sleep 60 ;;
        1) trap '' TERM; while :; do sleep 0.1; done ;;
        2) (trap '' TERM; exec sleep 60) & wait ;;
        3) (trap '' TERM; sleep 60) >&2 & exit 75 ;;
        4) while :; do printf 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\n' >&2; done ;;
        esac
        """)
      let deliverer = scene.deliverer
      _ = await deliverer.deliver(Scene.item(), now: Scene.now)
      let before = try openDescriptors()
      let lanes = 16
      await withTaskGroup(of: Void.self) { group in
        for lane in 0..<lanes {
          group.addTask {
            var item = Scene.item()
            item.number = Int64(lane)
            for _ in 0..<(count / lanes + 1) {
              let start = ContinuousClock.now
              let outcome = await deliverer.deliver(item, now: Scene.now).outcome
              let seconds = start.duration(to: .now) / .seconds(1)
              #expect(outcome != .delivered && seconds < 1 + 5, "\(outcome) after \(seconds) s")
            }
          }
        }
      }
      #expect(try openDescriptors() <= before)
      var status: Int32 = 0
      #expect(waitpid(-1, &status, WNOHANG) <= 0)
    }
  }
}

private func openDescriptors() throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}

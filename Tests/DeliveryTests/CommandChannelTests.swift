import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

extension HandingOver {
  @Suite("Commands", .serialized)
  struct CommandChannelTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func page(_ arguments: [String], _ body: String) async throws -> DeliveryOutcome {
      let program = try scene.script("page", body)
      scene.channels = [Channel(id: "pager", kind: .command([program] + arguments))]
      scene.people[0].channels = ["pager"]
      return await scene.deliverer.deliver(Scene.item(), now: Scene.now).outcome
    }

    @Test("a command gets the person's keys as arguments and the notification as JSON, without a shell")
    func runs() async throws {
      let outcome = try await page(
        ["{pager}", "to={pager}/{name}", "{odd}", "{id} {email}", "{login}{", "{{id}}", "{}", "}{"],
        "printf '%s\\n' \"$@\" >$here/arguments; cat >$here/json")
      #expect(outcome == .delivered)
      #expect(
        try scene.read("arguments")
          == "5550100\nto=5550100/Dr. Rivera\n{id} $(touch x)\nrivera rivera@riverside.example\nmrivera{\n{rivera}\n{}\n}{\n"
      )
      #expect(try scene.read("json") == scene.read("notifications/34.json"))
    }

    @Test("a digest and an alarm reach a command as their files have them", arguments: [false, true])
    func digestsAndAlarms(isAlarm: Bool) async throws {
      scene.channels = [
        Channel(id: "pager", kind: .command([try scene.script("page", "cat >$here/json")]))
      ]
      for index in scene.people.indices { scene.people[index].channels = ["pager"] }
      let alarm = Alarm(.downTime, from: Scene.now - 60, until: Scene.now)
      let notice = isAlarm ? Scene.alarm(alarm) : Scene.digest()
      #expect(await scene.deliverer.deliver(notice, now: Scene.now) == Delivery(outcome: .delivered))
      #expect(try scene.read("json") == scene.file(notice))
      #expect(try scene.read("notifications/34.json") == scene.file(notice))
    }

    @Test("a person without a key that the command needs is refused, and nothing is run")
    func missingKey() async throws {
      let outcome = try await page(["{fax}"], "touch $here/started")
      #expect(outcome == .refused("rivera has no fax, which channel pager needs"))
      #expect(!scene.exists("started"))
    }

    @Test("what a command says is left out where the notice holds patient data")
    func quietWithPatientData() async throws {
      let program = scene.path("page")
      #expect(
        try await page([], "cat >&2; exit 75")
          == .retryLater(
            "\(program) ended with exit code 75 (EX_TEMPFAIL): "
              + PrintableLine(scene.read("notifications/34.json"), limit: 200).text))
      scene.mail.detail = .full
      #expect(
        try await page([], "cat >&2; exit 75") == .retryLater("\(program) ended with exit code 75 (EX_TEMPFAIL)"))
    }

    @Test("a NUL in an argument is not cut off, but not run")
    func nul() async throws {
      scene.people[0].keys["pager"] = "555\u{0}0100"
      #expect(
        try await page(["{pager}"], "touch $here/started")
          == .retryLater("\(scene.path("page")) could not be started: an argument holds a NUL"))
      #expect(!scene.exists("started"))
    }
  }
}

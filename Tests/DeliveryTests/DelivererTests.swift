import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

extension HandingOver {
  @Suite("Channels", .serialized)
  struct DelivererTests {
    let scene: Scene

    init() throws {
      scene = try Scene()
      scene.mail.sendmail = try scene.script("sendmail", "cat >$here/mail")
      scene.channels = [
        Channel(id: "wall", kind: .file),
        Channel(id: "pager", kind: .command([try scene.script("page", "touch $here/paged")])),
      ]
    }

    private func outcome(_ item: OutgoingNotice) async -> DeliveryOutcome {
      await scene.deliverer.deliver(item, now: Scene.now).outcome
    }

    @Test("the index chooses among the person's channels, and one past the end is refused")
    func index() async {
      scene.people[0].channels = ["wall", "pager", "mail"]
      var item = Scene.item()
      #expect(await outcome(item) == .delivered)
      #expect(!scene.exists("paged") && !scene.exists("mail"))
      item.channelIndex = 1
      #expect(await outcome(item) == .delivered)
      #expect(scene.exists("paged") && !scene.exists("mail"))
      item.channelIndex = 2
      #expect(await outcome(item) == .delivered)
      #expect(scene.exists("mail"))
      for index in [3, -1] {
        item.channelIndex = index
        #expect(await outcome(item) == .refused("rivera has no further channel"))
      }
    }

    @Test("a person without channels gets mail, and a second try by another channel is refused")
    func mailAlone() async {
      var item = Scene.item()
      #expect(await outcome(item) == .delivered)
      #expect(scene.exists("mail"))
      item.channelIndex = 1
      #expect(await outcome(item) == .refused("rivera has no further channel"))
    }

    @Test("an alarm that goes past the store takes every channel of everybody, and needs no disk")
    func direct() async throws {
      scene.people[0].channels = ["wall", "pager", "mail"]
      for directory in ["scratch", "notifications"] {
        try FileManager.default.removeItem(atPath: scene.path(directory))
      }
      let alarm = Alarm(.storageTrouble, from: Scene.now - 60, until: Scene.now)
      let result = await scene.deliverer.tellDirectly(
        alarm, people: ["rivera", "chen"], token: "00ff17", now: Scene.now)
      #expect(result.delivered == 3)
      #expect(result.problems.count == 1 && result.problems[0].contains("notifications"))
      #expect(scene.exists("paged"))
      let mail = try String(contentsOfFile: scene.path("mail"), encoding: .utf8)
      #expect(mail.contains("\nTo: \"Dr. Chen\" ") && mail.contains("\nMessage-ID: <alarm-0.00ff17@"))
    }

    @Test("an alarm that goes past the store says by whom it did not go out")
    func directInVain() async throws {
      scene.mail.sendmail = try scene.script("sendmail", "exit 75")
      let alarm = Alarm(.storageTrouble, from: Scene.now - 60, until: Scene.now)
      let result = await scene.deliverer.tellDirectly(alarm, people: ["chen"], token: "1", now: Scene.now)
      #expect(result.delivered == 0)
      #expect(result.problems == ["\(scene.path("sendmail")) ended with exit code 75 (EX_TEMPFAIL)"])
    }

    @Test("the notification file is written whatever becomes of the rest")
    func fileAlways() async throws {
      scene.people[0].email = nil
      #expect(await outcome(Scene.item()) == .refused("rivera has no e-mail address"))
      #expect(scene.exists("notifications/34.json"))
      #expect(
        await outcome(Scene.item(.step, person: "no\nbody")) == .refused("the configuration has no person no"))
    }

    @Test("mail goes out though the notification file can't be written, and both are told")
    func fileFails() async throws {
      try FileManager.default.removeItem(atPath: scene.path("notifications"))
      let delivery = await scene.deliverer.deliver(Scene.item(), now: Scene.now)
      #expect(delivery.outcome == .delivered)
      #expect(delivery.fileProblem == "can't open \(scene.path("notifications")): No such file or directory")
    }

    @Test("an address that is none is refused; a sender that is none is nobody's fault")
    func addresses() async {
      scene.people[0].email = "-oQ/tmp@x"
      #expect(
        await outcome(Scene.item()) == .refused("the e-mail address of rivera is not a plain address: -oQ/tmp@x"))
      scene.people[0].email = "rivera@riverside.example"
      scene.mail.from = "a\nb@c"
      #expect(await outcome(Scene.item()) == .retryLater("mail.from is not a plain address: a"))
    }

    @Test("a channel that the configuration no longer has is refused")
    func unknownChannel() async {
      scene.people[0].channels = ["fax"]
      #expect(await outcome(Scene.item()) == .refused("the configuration has no channel fax, which rivera has"))
    }
  }
}

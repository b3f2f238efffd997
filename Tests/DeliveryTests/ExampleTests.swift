import CallbackRules
import Foundation
import Testing

@testable import CallbackDelivery

extension HandingOver {
  /// The programs in config/examples, as they are, run as the daemon runs them, against an endpoint on this machine.
  @Suite("Examples of channels", .serialized, .enabled(if: access("/usr/bin/python3", X_OK) == 0))
  struct ExampleTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private static func program(_ name: String) -> String {
      URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config/examples/\(name)")
        .standardizedFileURL.path()
    }

    /// Answers each request with the number in the file `answer`, and keeps what it got in the file `request`.
    private final class Endpoint {
      private let process = Process()
      let url: String

      init(_ scene: Scene) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", Self.script, scene.directory]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let port = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        url = "http://127.0.0.1:\(port.trimmingCharacters(in: .whitespacesAndNewlines))/hook/s3cret"
      }

      deinit {
        // Not SIGTERM: a thread of a test may have all signals blocked, and its child then has too.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }

      private static let script = """
        import http.server, sys
        here = sys.argv[1]
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                with open(here + "/request", "w") as file:
                    file.write(self.path + "\\n" + str(self.headers) + body)
                self.send_response(int(open(here + "/answer").read()))
                self.end_headers()
            def log_message(self, *arguments): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
    }

    private func hand(
      _ notice: OutgoingNotice, to words: [String], answering code: Int? = nil
    ) async throws -> DeliveryOutcome {
      if let code { try Data("\(code)".utf8).write(to: URL(fileURLWithPath: scene.path("answer"))) }
      scene.channels = [Channel(id: "own", kind: .command(words))]
      for index in scene.people.indices { scene.people[index].channels = ["own"] }
      return await scene.deliverer.deliver(notice, now: Scene.now).outcome
    }

    /// What the endpoint got, and that no word of the patient is in it, however much the notice holds.
    private func request() throws -> String {
      let request = try scene.read("request")
      for word in ["Ortega", "010-4477", "fever", "Fever"] { #expect(!request.contains(word)) }
      return request
    }

    @Test("page-gateway gives the gateway number and text, a key by which a repeat is known, and a token")
    func page() async throws {
      let endpoint = try Endpoint(scene)
      scene.mail.detail = .full
      try Data("t0ken\n".utf8).write(to: URL(fileURLWithPath: scene.path("token")))
      let words = [Self.program("page-gateway"), endpoint.url, "{pager}", scene.path("token")]
      #expect(try await hand(Scene.item(), to: words, answering: 200) == .delivered)
      let one = try request()
      #expect(one.contains(#"{"to": "5550100", "text": "Callback 12: urgent, overdue by 9 min, riverside"}"#))
      #expect(one.contains("Idempotency-Key: callbackd-34\n") && one.contains("Authorization: Bearer t0ken\n"))
      #expect(try await hand(Scene.digest(), to: words, answering: 204) == .delivered)
      #expect(try request().contains(#""text": "3 callbacks, the worst urgent: 12, 13, 14"}"#))
      var alarm = Scene.alarm(Alarm(.channelTrouble, from: Scene.now, until: Scene.now, channel: "mail"))
      alarm.person = "rivera"
      #expect(try await hand(alarm, to: words, answering: 200) == .delivered)
      #expect(try request().contains(#""text": "callbackd: channel-trouble since 2026-11-23T19:35:00Z"}"#))
    }

    @Test(
      "page-gateway says that a number is not known, and else that it is to be tried again",
      arguments: [(404, true), (410, true), (422, true), (400, false), (401, false), (429, false), (500, false)])
    func pageRefused(code: Int, isRefused: Bool) async throws {
      let endpoint = try Endpoint(scene)
      let words = [Self.program("page-gateway"), endpoint.url, "{pager}"]
      let outcome = try await hand(Scene.item(), to: words, answering: code)
      let ending = isRefused ? "67 (EX_NOUSER)" : "75 (EX_TEMPFAIL)"
      let why = "\(Self.program("page-gateway")) ended with exit code \(ending): the gateway answers \(code)"
      #expect(outcome == (isRefused ? .refused(why) : .retryLater(why)))
    }

    @Test("chat-hook posts a text, and says nothing of its address, which is a secret")
    func chat() async throws {
      let endpoint = try Endpoint(scene)
      scene.mail.detail = .full
      let words = [Self.program("chat-hook"), scene.path("url")]
      try Data("\(endpoint.url)\n".utf8).write(to: URL(fileURLWithPath: scene.path("url")))
      #expect(try await hand(Scene.item(), to: words, answering: 200) == .delivered)
      let one = try request()
      #expect(one.hasPrefix("/hook/s3cret\n"))
      #expect(
        one.contains(
          #"{"text": "*Callback 12*: urgent, overdue by 9 min, riverside; nobody has it, for rivera (step)"}"#))
      #expect(try await hand(Scene.digest(), to: words, answering: 200) == .delivered)
      #expect(try request().contains(#""text": "3 callbacks for rivera\n*Callback 12*: urgent"#))
      scene.mail.detail = .minimal
      for (text, said) in [
        (endpoint.url, "the hook answers 404"), ("http://127.0.0.1:9/s3cret", "the hook can't be reached"),
        ("s3cret", "\(scene.path("url")) holds no address"),
      ] {
        try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: scene.path("url")))
        let why = "\(Self.program("chat-hook")) ended with exit code 75 (EX_TEMPFAIL): \(said)"
        #expect(try await hand(Scene.item(), to: words, answering: 404) == .retryLater(why))
      }
    }

    @Test("wall-display shows the latest notice of each callback, the most urgent first, and alarms above")
    func wall() async throws {
      scene.mail.detail = .full
      scene.channels = [Channel(id: "wall", kind: .file)]
      for index in scene.people.indices { scene.people[index].channels = ["wall"] }
      let recent = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
      for (number, id) in [Int64(12), 13, 14].enumerated() {
        var notice = Scene.item()
        (notice.number, notice.callback.id, notice.createdAt) = (Int64(40 + number), id, recent)
        notice.only.createdAt = recent
        notice.callback.urgency = id == 14 ? .emergency : .routine
        notice.callback.owner = id == 13 ? "chen" : nil
        notice.callback.dueAt = recent - Double(id)
        _ = await scene.deliverer.deliver(notice, now: recent)
      }
      let alarm = Alarm(.silentService, from: recent, until: recent, service: "night-desk")
      var raised = Scene.alarm(alarm)
      (raised.number, raised.createdAt) = (50, recent)
      _ = await scene.deliverer.deliver(raised, now: recent)
      try Data("{".utf8).write(to: URL(fileURLWithPath: scene.path("notifications/.51.tmp")))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Self.program("wall-display"))
      process.arguments = [scene.path("notifications"), "--once"]
      process.environment = ["PATH": "/usr/bin:/bin", "TZ": "UTC"]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let shown = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let lines = shown.split(separator: "\n")
      #expect(lines.count == 4 && lines[0].hasPrefix("!! silent-service"))
      #expect(lines.dropFirst().map { $0.split(separator: " ")[0] } == ["14", "13", "12"])
      #expect(lines[2].contains("chen") && !shown.contains("Ortega"))
    }
  }
}

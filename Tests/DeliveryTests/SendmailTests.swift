import CallbackRules
import Foundation
import Glibc
import Testing

@testable import CallbackDelivery

extension HandingOver {
  @Suite("Sendmail", .serialized)
  struct SendmailTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    @Test("sendmail gets the mail, the sender and the recipient, and little else")
    func arguments() async throws {
      setenv("CALLBACKD_TEST_SECRET", "hidden", 1)
      let outcome = try await scene.deliver(
        through: """
          cat >$here/mail; printf '%s\\n' "$@" >$here/arguments; env | cut -d= -f1 | sort | tr "\\n" " " >$here/environment; pwd >$here/cwd
          ps -o pgid= -p $$ | tr -d ' ' >$here/group; echo $$ >$here/pid; ls /proc/self/fd >$here/descriptors
          """)
      #expect(outcome == .delivered)
      #expect(try scene.read("arguments") == "-i\n-f\ncallbacks@riverside.example\n--\nrivera@riverside.example\n")
      #expect(try scene.read("mail") == scene.compose(Scene.item()))
      // PWD is the shell's own doing.
      #expect(try scene.read("environment") == "LANG PATH PWD ")
      #expect(try scene.read("cwd") == "/\n")
      #expect(try scene.read("group") == scene.read("pid"))
      // Three streams, and the directory that ls reads.
      #expect(try scene.read("descriptors") == "0\n1\n2\n3\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: scene.path("scratch")).isEmpty)
    }

    @Test("only what the recipient is to blame for is refused", arguments: 1...80)
    func exitCodes(code: Int) async throws {
      let outcome = try await scene.deliver(through: "cat >/dev/null; echo 'no luck' >&2; exit \(code)")
      switch outcome {
      case .delivered: Issue.record("exit code \(code) was taken for delivered")
      case .refused(let why):
        #expect([65, 67].contains(code))
        #expect(why.hasPrefix("\(scene.path("sendmail")) ended with exit code \(code)"))
      case .retryLater(let why):
        #expect(![65, 67].contains(code))
        #expect(why.hasSuffix(": no luck"))
        if code == 75 { #expect(why.hasSuffix("exit code 75 (EX_TEMPFAIL): no luck")) }
      }
    }

    @Test(
      "what the server refuses for good is refused also where sendmail ends with 70 for all of it, as OpenSMTPD's does",
      arguments: [
        ("sendmail: command failed: 550 Invalid recipient: <lee@riverside.example>", true),
        ("sendmail: command failed: 524 5.2.4 Mailing list expansion problem: <lee@riverside.example>", true),
        ("send-mail: could not look up something\nsend-mail: command failed: 553 5.1.8 no such domain", true),
        ("sendmail: command failed: 554", true),
        // For now.
        ("sendmail: command failed: 421 4.3.0 Temporary Error", false),
        ("sendmail: command failed: 451 Temporary failure", false),
        // Of the program, and not of the recipient.
        ("sendmail: command failed: 500 5.5.1 Invalid command: Command unrecognized", false),
        ("sendmail: command failed: 503 5.5.1 Invalid command", false),
        // No reply of a server.
        ("sendmail: command failed: 55 apples", false),
        ("sendmail: command failed: 5500", false),
        ("sendmail: command failed: ", false),
        ("sendmail: the command failed with 550", false),
        ("sendmail: fatal: execv /usr/sbin/postdrop: 550 Permission denied", false),
        ("", false),
      ])
    func serverReply(said: String, isRefused: Bool) async throws {
      for code in [70, 1, 69, 75] {
        let outcome = try await scene.deliver(through: "cat >/dev/null; printf '%s\\n' '\(said)' >&2; exit \(code)")
        switch outcome {
        case .delivered: Issue.record("exit code \(code) was taken for delivered")
        case .refused: #expect(code == 70 && isRefused)
        case .retryLater: #expect(code != 70 || !isRefused)
        }
      }
    }

    @Test("a mail with the message in it is refused by the same words, which are not repeated")
    func serverReplyToPatientData() async throws {
      scene.mail.detail = .full
      let outcome = try await scene.deliver(
        through: "cat >/dev/null; echo 'sendmail: command failed: 550 Invalid recipient: <lee>' >&2; exit 70")
      #expect(outcome == .refused("\(scene.path("sendmail")) ended with exit code 70 (EX_SOFTWARE)"))
    }

    @Test("what sendmail says is made fit for a log")
    func said() async throws {
      let outcome = try await scene.deliver(
        through: #"printf '\n\033[2Jfatal: \303\251 <rivera@riverside.example>\r\nsecond line\n' >&2; exit 75"#)
      let program = scene.path("sendmail")
      #expect(
        outcome
          == .retryLater(
            "\(program) ended with exit code 75 (EX_TEMPFAIL): [2Jfatal: ?? <rivera@riverside.example>"))
    }

    @Test("what sendmail says of a mail with the message in it is not repeated")
    func saidOfPatientData() async throws {
      scene.mail.detail = .full
      let outcome = try await scene.deliver(through: "cat >&2; exit 75")
      #expect(outcome == .retryLater("\(scene.path("sendmail")) ended with exit code 75 (EX_TEMPFAIL)"))
    }

    @Test("a sendmail that ends before reading a large mail does no harm")
    func doesNotRead() async throws {
      var item = Scene.item()
      item.callback.message.body = String(repeating: "long ", count: 200_000)
      scene.mail.detail = .full
      let outcome = try await scene.deliver(through: "exit 75", item)
      #expect(outcome == .retryLater("\(scene.path("sendmail")) ended with exit code 75 (EX_TEMPFAIL)"))
      #expect(try await scene.deliver(through: "exit 0", item) == .delivered)
    }

    @Test("ten megabytes of complaints block nothing", .timeLimit(.minutes(10)))
    func flood() async throws {
      let outcome = try await scene.deliver(
        through: "echo first >&2; head -c 10000000 /dev/zero | tr '\\0' x >&2; echo done >$here/done; exit 75")
      #expect(outcome == .retryLater("\(scene.path("sendmail")) ended with exit code 75 (EX_TEMPFAIL): first"))
      #expect(scene.exists("done"))
    }

    @Test("a sendmail that is not there, may not be run, or has no interpreter is tried again later")
    func notStarted() async throws {
      func problem() async -> DeliveryOutcome { await scene.deliverer.deliver(Scene.item(), now: Scene.now).outcome }
      let program = scene.path("sendmail")
      scene.mail.sendmail = program
      #expect(await problem() == .retryLater("\(program) could not be started: No such file or directory"))

      try scene.script("sendmail", "exit 0", mode: 0o644)
      #expect(await problem() == .retryLater("\(program) could not be started: Permission denied"))

      try Data("#!/nonexistent/sh\n".utf8).write(to: URL(fileURLWithPath: program))
      chmod(program, 0o755)
      #expect(
        await problem()
          == .retryLater("\(program) could not be started: its interpreter is missing or may not be run"))
    }

    @Test("a sendmail that is killed is tried again later")
    func killed() async throws {
      #expect(
        try await scene.deliver(through: "kill -9 $$")
          == .retryLater("\(scene.path("sendmail")) was killed by signal 9"))
    }

    @Test("a mail needs no disk on its way: without a scratch directory it goes out whole")
    func noScratch() async throws {
      #expect(try await scene.deliver(through: "cat >$here/with") == .delivered)
      try FileManager.default.removeItem(atPath: scene.path("scratch"))
      #expect(try await scene.deliver(through: "cat >$here/without") == .delivered)
      let mail = try String(contentsOfFile: scene.path("without"), encoding: .utf8)
      #expect(try mail == String(contentsOfFile: scene.path("with"), encoding: .utf8) && mail.count > 100)
    }
  }
}

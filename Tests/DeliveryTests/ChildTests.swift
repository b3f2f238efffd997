import ChildProcesses
import Glibc
import Testing

extension HandingOver {
  @Suite("Children")
  struct ChildTests {
    private func output(
      _ script: String, mostBytes: Int = 1 << 16, timeout: Duration = .seconds(20)
    ) throws -> (ending: ChildProcess.Ending, text: String?) {
      let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
      defer { close(input) }
      let child = ChildProcess(program: "/bin/sh", arguments: ["-c", script], timeout: timeout)
      let (ending, output) = try child.output(input: input, mostBytes: mostBytes)
      return (ending, output.map { String(decoding: $0, as: UTF8.self) })
    }

    @Test("a child has three descriptors, and whatever else is open here is none of them")
    func descriptors() throws {
      // Without O_CLOEXEC, as libraries open files.
      let open = Glibc.open("/dev/null", O_RDONLY)
      defer { close(open) }
      // The fourth is that of the folder itself.
      #expect(try output("ls /proc/self/fd").text == "0\n1\n2\n3\n")
    }

    @Test("a child stands in /, in a group of its own, and no signal is blocked")
    func surroundings() throws {
      let result = try output(
        "pwd; awk '{ print $1 == $5 }' /proc/$$/stat; awk '/^SigBlk/ { print $2 }' /proc/self/status")
      #expect(result.text == "/\n1\n0000000000000000\n")
      #expect(result.ending == .exited(0, said: []))
    }

    @Test("output up to the limit is given whole")
    func wholeOutput() throws {
      #expect(try output("printf 12345", mostBytes: 5).text == "12345")
    }

    @Test("one that writes more than may be is ended by that, and its output is none")
    func tooMuchOutput() throws {
      let result = try output("exec yes", mostBytes: 5)
      #expect(result.text == nil)
      #expect(result.ending == .killed(signal: SIGPIPE, said: []))
    }

    @Test("what holds the output open in the background is not waited for")
    func heldOutput() throws {
      let start = ContinuousClock.now
      let result = try output("sleep 30 & echo $!; echo done")
      #expect(start.duration(to: .now) < .seconds(15))
      let lines = try #require(result.text).split(separator: "\n")
      #expect(lines.last == "done")
      kill(try #require(pid_t(lines[0])), SIGKILL)
    }

    @Test("output and errors in turns, more than pipes hold, block nothing")
    func both() throws {
      let script = "for i in 1 2 3 4; do head -c 100000 /dev/zero; head -c 100000 /dev/zero >&2; done"
      let result = try output(script, mostBytes: 1 << 20)
      #expect(result.text?.utf8.count == 400_000)
      #expect(result.ending == .exited(0, said: [UInt8](repeating: 0, count: 4096)))
    }
  }
}

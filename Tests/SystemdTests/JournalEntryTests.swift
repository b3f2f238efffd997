import Glibc
import Logging
import Testing

@testable import Systemd

@Suite("Entries for the journal")
struct JournalEntryTests {
  @Test("message, priority, program and metadata are fields, and info has no place in the code")
  func fields() {
    let metadata: Logger.Metadata = ["callback": "12", "message_id": "\(JournalMessage.stepTaken.rawValue)"]
    #expect(
      fields(of: event(.info, "Step 2 taken"), metadata: metadata) == [
        "MESSAGE=Step 2 taken", "PRIORITY=6", "SYSLOG_IDENTIFIER=callbackd", "LOGGER=rules",
        "CALLBACK=12", "MESSAGE_ID=8ac3dcf3506849eeaa8f9121e2b54834",
      ])
  }

  @Test("a warning says where in the code it was logged, and its error")
  func warning() {
    var event = event(.warning, "Refused")
    event.error = SystemdError(purpose: "try", call: "f", code: ENOENT, remedy: "stop")
    #expect(
      fields(of: event) == [
        "MESSAGE=Refused", "PRIORITY=4", "SYSLOG_IDENTIFIER=callbackd", "LOGGER=rules",
        "ERROR=could not try (f: No such file or directory); stop",
        "CODE_FILE=CallbackRules/Policy.swift", "CODE_LINE=7", "CODE_FUNC=step()",
      ])
  }

  @Test("a value may hold line ends and NUL, and can't begin a field of its own")
  func binaryValues() {
    let found = fields(of: event(.info, "a\nPRIORITY=0\n\0b"))
    #expect(found.first == "MESSAGE=a\nPRIORITY=0\n\0b")
    #expect(found.count == 4)
  }

  @Test(
    "keys become names that the journal takes, and never stand in for the entry's own",
    arguments: [
      ("callback", "CALLBACK"), ("message_id", "MESSAGE_ID"), ("errno2", "ERRNO2"), ("due-at", "DUE_AT"),
      ("_pid", "METADATA__PID"), ("2nd", "METADATA_2ND"), ("", "METADATA_"), ("message", "METADATA_MESSAGE"),
      ("Priority", "METADATA_PRIORITY"), ("größe", "GR__E"), (String(repeating: "a", count: 99), "A*64"),
    ])
  func names(key: String, name: String) {
    let expected = name == "A*64" ? String(repeating: "A", count: 64) : name
    #expect(JournalEntry.name(forKey: key) == expected)
  }

  @Test("levels are syslog's priorities")
  func priorities() {
    #expect(Logger.Level.allCases.map(\.syslogPriority) == [7, 7, 6, 5, 4, 3, 2])
  }

  @Test("the event's metadata goes over the provider's, and that over the logger's")
  func metadataOrder() {
    var event = event(.info, "")
    event.metadata = ["c": "event"]
    let provider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
    #expect(
      event.metadata(over: ["a": "logger", "b": "logger", "c": "logger"], provider: provider)
        == ["a": "logger", "b": "provider", "c": "event"])
  }

  /// The fields as libsystemd would be given them.
  private func fields(of event: LogEvent, metadata: Logger.Metadata = [:]) -> [String] {
    JournalEntry(event, identifier: "callbackd", label: "rules", metadata: metadata).withVectors { vectors, count in
      UnsafeBufferPointer(start: vectors, count: Int(count)).map {
        String(decoding: UnsafeRawBufferPointer(start: $0.iov_base, count: $0.iov_len), as: UTF8.self)
      }
    }
  }
}

func event(_ level: Logger.Level, _ message: Logger.Message) -> LogEvent {
  LogEvent(
    level: level, message: message, metadata: nil, source: nil, file: "CallbackRules/Policy.swift",
    function: "step()", line: 7)
}

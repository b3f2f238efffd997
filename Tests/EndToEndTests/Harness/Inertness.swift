import Foundation
import Testing

/// Whether text can act on whoever looks at it: no controls but line feeds, no marks that turn the direction of writing or hide,
/// no separators of lines.
func isInert(_ text: String, except allowed: Set<Unicode.Scalar> = ["\n"]) -> Bool {
  text.unicodeScalars.allSatisfy { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: allowed.contains(scalar)
    default: true
    }
  }
}

extension Workplace {
  /// Nothing that acts in the log, the notification files, receipts and reasons, the mails; one recipient and no further header
  /// in each mail.
  func expectNothingRaw() throws {
    #expect(!logBytes.contains { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F })
    #expect(isInert(log))
    for directory in ["notifications", "accepted", "rejected"] {
      for name in try names(in: "spool/" + directory) {
        #expect(isInert(name, except: []), "\(name.debugDescription)")
        // What lies beside its reason is the file as it came.
        guard directory != "rejected" || name.hasSuffix(".reason") else { continue }
        let text = try text("spool/\(directory)/\(name)")
        #expect(isInert(text), "\(directory)/\(name): \(text.debugDescription)")
        #expect(directory != "notifications" || text.split(separator: "\n").count == 1)
      }
    }
    for mail in try mails { try expectPlain(mail) }
  }

  private func expectPlain(_ mail: CapturedMail) throws {
    let known: Set = [
      "date", "from", "to", "subject", "message-id", "in-reply-to", "references", "thread-topic", "thread-index",
      "importance", "x-priority", "auto-submitted", "x-auto-response-suppress", "mime-version", "content-type",
    ]
    #expect(!mail.bytes.contains { $0 < 0x20 && $0 != 0x0A || $0 >= 0x7F })
    let names = mail.headers.map { $0.prefix { $0 != ":" }.lowercased() }
    #expect(Set(names).isSubset(of: known) && Set(names).count == names.count, "\(mail.headers)")
    let words = mail.arguments.map { String(decoding: $0, as: UTF8.self) }
    let isPerson = [OfficeText.rivera, OfficeText.chen].contains(words.last)
    #expect(words.dropLast() == ["-i", "-f", "callbacks@riverside.example", "--"] && isPerson, "\(words)")
  }

  /// The mails as python's strict parser, to which any defect is an error, shows them.
  func parsedMails() async throws -> [ParsedMail] {
    let paths = try names(in: "mails").filter { $0.hasSuffix(".mail") }.map { "\(root)/mails/\($0)" }
    let run = try await Run("/usr/bin/python3", ["-c", Self.mailReader] + paths, in: self)
    try #require(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode([ParsedMail].self, from: Data(run.output.utf8))
  }

  private static let mailReader = """
    import email, email.policy, json, sys
    shown = []
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default.clone(raise_on_defect=True))
        assert not any(part.defects for part in mail.walk()), path
        plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None and page is not None and "<script" not in page.get_content().lower(), path
        for name, value in mail.items():
            assert not value.defects, (path, name)
        shown.append({"subject": mail["subject"], "to": [a.addr_spec for a in mail["to"].addresses],
                      "body": plain.get_content()})
    print(json.dumps(shown))
    """
}

struct ParsedMail: Decodable {
  var subject: String
  var to: [String]
  var body: String
}

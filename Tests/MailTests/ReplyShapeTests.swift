import CallbackIntake
import CallbackRules
import Foundation
import Testing

/// Replies as mail programs write them, through the program that decodes them.
@Suite("Replies of mail programs")
struct ReplyShapeTests {
  /// What is written, and what a person would read: commands, else nil for a note.
  private static let texts: [(written: String, read: [AnswerLine]?)] = [
    ("ok", [line(.acknowledge(take: false))]), ("OK", [line(.acknowledge(take: false))]),
    ("Ok.", [line(.acknowledge(take: false))]), ("ok, thanks!", [line(.acknowledge(take: false))]),
    ("ack", [line(.acknowledge(take: false))]), ("I have it", [line(.acknowledge(take: false))]),
    ("I’ve got it", [line(.acknowledge(take: false))]), ("On it 👍", [line(.acknowledge(take: false))]),
    ("Hi,\n\nok\n\nThanks", [line(.acknowledge(take: false))]), ("take over", [line(.acknowledge(take: true))]),
    ("done", [line(.done)]), ("Done!", [line(.done)]), ("DONE", [line(.done)]), ("12 done", [line(.done, 12)]),
    ("Reached the patient.", [line(.done)]), ("done\n\nBP is fine, é", [line(.done)]),
    ("no answer", [line(.attempt(.noAnswer))]), ("No answer.", [line(.attempt(.noAnswer))]),
    ("voicemail", [line(.attempt(.voicemail))]), ("Left a voicemail", [line(.attempt(.voicemail))]),
    ("busy", [line(.attempt(.busy))]), ("wrong number", [line(.attempt(.wrongNumber))]),
    ("snooze 20m", [line(.snooze(TimeSpan(seconds: 1200)))]),
    ("Snooze 20 minutes please", [line(.snooze(TimeSpan(seconds: 1200)))]),
    ("pass to chen", [line(.pass(to: "chen"))]), ("Pass it to Zoë Adler", [line(.pass(to: "Zoë Adler"))]),
    ("12 ok\n13 no answer", [line(.acknowledge(take: false), 12), line(.attempt(.noAnswer), 13)]),
    ("no answer\nsnooze 1h", [line(.attempt(.noAnswer)), line(.snooze(TimeSpan(seconds: 3600)))]),
    ("not done", nil), ("done?", nil), ("ok will try tomorrow", nil), ("can't, pass to chen", nil),
    ("Thanks!", nil), ("Who is this about?", nil), ("done. left voicemail", nil), ("busy with another patient", nil),
    ("I am off today, please ring Dr. Chen.", nil), ("Yes", nil), ("ok < maybe > & so on", nil),
    ("Ich kann jetzt nicht, später vielleicht", nil), ("", nil),
  ]

  private static func line(_ command: AnswerCommand, _ numbers: Int64...) -> AnswerLine {
    AnswerLine(command, numbers: numbers)
  }

  @Test("are read as a person would, whatever is around the words", arguments: ReplyShape.programs)
  func read(program: [ReplyShape]) async throws {
    #expect(Self.texts.count >= 40)
    for (index, (written, read)) in Self.texts.enumerated() {
      // Decoding takes a program each time: a program's shapes share the texts.
      let shape = program[index % program.count]
      let mail = try await CallbackMail.answer(shape.mail(written))
      #expect(mail.notices == [NoticeID(matter: .callback(12), number: 34, token: "0123456789abcdef01234567")])
      #expect(mail.nature == .person && mail.senders == ["Rivera@riverside.example"])
      let reply = Reply(mail.text)
      #expect(reply.commands == read ?? [], "\(shape.name): \(written): \(mail.text)")
      guard read == nil else { continue }
      #expect(reply.note == (written.isEmpty ? nil : written), "\(shape.name): \(written): \(mail.text)")
    }
  }
}

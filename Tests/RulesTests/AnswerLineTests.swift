import CallbackRules
import Testing

/// One line of an answer: a command, or not.
@Suite("A line of an answer")
struct AnswerLineTests {
  private static func m(_ count: Int) -> AnswerCommand { .snooze(TimeSpan(seconds: count * 60)) }

  @Test(
    "is a command whatever its case, its punctuation and its politeness",
    arguments: [
      ("ok", .acknowledge(take: false)), ("OK.", .acknowledge(take: false)), ("Ok, thanks!", .acknowledge(take: false)),
      ("okay", .acknowledge(take: false)), ("ack", .acknowledge(take: false)), ("*OK*", .acknowledge(take: false)),
      ("“ok”", .acknowledge(take: false)), ("ok 👍", .acknowledge(take: false)), ("hi, ok", .acknowledge(take: false)),
      ("I’ve got it", .acknowledge(take: false)), ("I have it, thank you", .acknowledge(take: false)),
      ("Got it", .acknowledge(take: false)), ("on it!", .acknowledge(take: false)),
      ("take over", .acknowledge(take: true)), ("done", .done), ("DONE", .done), ("Done!", .done), ("done…", .done),
      ("all done, thanks", .done), ("Reached the patient.", .done), ("no answer", .attempt(.noAnswer)),
      ("No-Answer", .attempt(.noAnswer)), ("didn't answer", .attempt(.noAnswer)), ("voicemail", .attempt(.voicemail)),
      ("left a voicemail", .attempt(.voicemail)), ("busy", .attempt(.busy)), ("Line was busy.", .attempt(.busy)),
      ("wrong number", .attempt(.wrongNumber)), ("snooze 20m", m(20)), ("Snooze for 20 minutes please", m(20)),
      ("snooze 1h30m", m(90)), ("snooze 1 hour", m(60)), ("snooze half an hour", m(30)),
      ("pass to chen", .pass(to: "chen")), ("Please pass it on to Dr. Chen", .pass(to: "Dr Chen")),
      ("assign to oncall", .pass(to: "oncall")), ("note her daughter rang", .note("her daughter rang")),
    ] as [(String, AnswerCommand)])
  func commands(line: String, command: AnswerCommand) { #expect(AnswerLine(line)?.command == command) }

  @Test(
    "that says anything else is no command: nothing is done on a guess",
    arguments: [
      "", "not done", "done?", "ok?", "is it done", "ok will try tomorrow", "can't, pass to chen",
      "done - left voicemail",
      "done. patient will come in", "not ok", "ok but I am off", "no", "yes", "thanks", "busy now, ring chen",
      "I'm busy", "no answer yet from the lab", "snooze", "snooze 20", "snooze until 5pm", "snooze 0m", "pass",
      "pass to",
      "pass chen", "reached out to her", "done by Chen", "undone", "okey dokey", "never mind", "12", "12 13",
      "declined", "close it", "nearly done", "done it tomorrow", "ok ok", "👍", "...", "ok 12 done",
    ])
  func notes(line: String) { #expect(AnswerLine(line) == nil) }

  @Test(
    "names callbacks by their numbers, before or behind",
    arguments: [
      ("12 ok", .acknowledge(take: false), [12]), ("ok 12", .acknowledge(take: false), [12]),
      ("#12: done", .done, [12]),
      ("done #12", .done, [12]), ("callback 12 done", .done, [12]), ("done for 12", .done, [12]),
      ("ok 12, 13 and 14", .acknowledge(take: false), [12, 13, 14]),
      ("12,13 voicemail", .attempt(.voicemail), [12, 13]),
      ("no answer 12", .attempt(.noAnswer), [12]), ("12 - no answer", .attempt(.noAnswer), [12]),
      ("snooze 12 20m", m(20), [12]), ("12 snooze 20 min", m(20), [12]), ("snooze 20m 12", m(20), [12]),
      ("pass 12 to chen", .pass(to: "chen"), [12]), ("12 pass to chen", .pass(to: "chen"), [12]),
      ("note 12 ring before noon", .note("ring before noon"), [12]),
    ] as [(String, AnswerCommand, [Int64])])
  func numbers(line: String, command: AnswerCommand, numbers: [Int64]) {
    #expect(AnswerLine(line) == AnswerLine(command, numbers: numbers))
  }

  @Test("without end, or with numbers that nobody has, is no command")
  func bounded() {
    #expect(AnswerLine("ok " + String(repeating: "!", count: 1000)) == nil)
    #expect(AnswerLine("ok 99999999999999999999") == nil)
    #expect(AnswerLine("ok 0") == nil)
    #expect(AnswerLine("snooze 99999999h") == nil)
  }
}

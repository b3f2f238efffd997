import CallbackRules
import Testing

/// What a person wrote into a reply, and what the mail program put around it.
@Suite("A reply")
struct ReplyTests {
  private func written(_ text: String) -> [String] { ReplyText(text).lines }

  @Test(
    "ends where the quoted mail begins, in whatever language it is introduced",
    arguments: [
      "On Mon, Nov 23, 2026 at 2:05 PM Riverside <callbacks@riverside.example> wrote:",
      "On Mon, Nov 23, 2026 at 2:05 PM Riverside Family Practice <\ncallbacks@riverside.example> wrote:",
      "On Nov 23, 2026, at 2:05 PM, Riverside Family Practice\n<callbacks@riverside.example> wrote:",
      "On 23.11.26 14:05, Riverside wrote:", "On 11/23/26 14:05, Riverside Family Practice wrote:",
      "Am 23.11.2026 um 14:05 schrieb Riverside <callbacks@riverside.example>:",
      "Am Mo., 23. Nov. 2026 um 14:05 Uhr schrieb Riverside Family Practice <\ncallbacks@riverside.example>:",
      "Riverside <callbacks@riverside.example> schrieb am Mo., 23. Nov. 2026, 14:05:",
      "Le lun. 23 nov. 2026 à 14:05, Riverside <callbacks@riverside.example> a écrit :",
      "Le 23/11/2026 à 14:05, Riverside a écrit :",
      "El lun, 23 nov 2026 a las 14:05, Riverside (<callbacks@riverside.example>) escribió:",
      "Il giorno lun 23 nov 2026 alle ore 14:05 Riverside <callbacks@riverside.example> ha scritto:",
      "Op ma 23 nov 2026 om 14:05 schreef Riverside <callbacks@riverside.example>:",
    ])
  func introductions(introduction: String) {
    #expect(written("ok\n\n\(introduction)\n> done\n>\n> busy\n") == ["ok"])
    // Some programs quote without marks, and some leave no blank line.
    #expect(written("ok\n\n\(introduction)\n\ndone\nbusy\n") == ["ok"])
    #expect(written("On it\n\(introduction)\n\n> done\n") == ["On it"])
    #expect(written("\(introduction)\n\n> done\n> Please ring\n\nbusy\n") == ["busy"])
  }

  @Test(
    "ends at what Outlook and others put before the quoted mail",
    arguments: [
      "-----Original Message-----", "-----Ursprüngliche Nachricht-----", "----- Message d'origine -----",
      "-----Mensaje original-----", "________________________________", "-------- Original message --------",
      "---------- Forwarded message ---------", "Begin forwarded message:",
      "From: Riverside <callbacks@riverside.example>\nSent: Monday, November 23, 2026 2:05 PM\nTo: Maria Rivera",
      "*From:* Riverside\n*Sent:* Monday", "Von: Riverside\nGesendet: Montag, 23. November 2026 14:05\nAn: Rivera",
      "De : Riverside\nEnvoyé : lundi 23 novembre 2026 14:05\nÀ : Rivera",
      "De: Riverside\nEnviado el: lunes\nPara: Rivera",
    ])
  func dividers(divider: String) {
    #expect(written("ok\n\n\(divider)\nSubject: Callback 12\n\ndone\n") == ["ok"])
    #expect(written("\(divider)\n\ndone\n") == [])
  }

  @Test(
    "does not hold signatures, of people, telephones and mail systems",
    arguments: [
      "-- \nMaria Rivera, MD\ndone", "--\ndone", "Sent from my iPhone", "Get Outlook for iOS<https://aka.ms/o0ukef>",
      "Get Outlook for Android", "Von meinem iPhone gesendet", "Gesendet von Mail für Windows", "Envoyé de mon iPhone",
      "Enviado desde mi iPhone", "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
      "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
      "CONFIDENTIALITY NOTICE: This e-mail is for the sole use of\nthe intended recipient. done",
      "This message is intended only for the person named.\nbusy",
    ])
  func signatures(signature: String) { #expect(written("ok\n\n\(signature)\n") == ["ok"]) }

  @Test("does not begin with a banner of the mail system")
  func banners() {
    #expect(written("[EXTERNAL EMAIL]\n\nok\n") == ["ok"])
    #expect(written("CAUTION: This email originated from outside of the organization.\nok") == ["ok"])
  }

  @Test("is never the rest of a quoted line that a program broke")
  func brokenQuotes() {
    let long = "> Answer with ok, done, no answer, voicemail, snooze 20m, pass to NAME or"
    #expect(written("\(long)\nbusy\n") == [])
    #expect(written("\(long)\nbusy\n> more\n\ndone\n") == ["done"])
    #expect(written("> short\ndone\n") == ["done"])
  }

  @Test("loses what can't be seen")
  func invisible() { #expect(written("\u{FEFF}o\u{200B}k\u{A0}\r\n\u{202E}\t\n") == ["ok"]) }

  @Test("has lines, however they end")
  func lineEnds() {
    for end in ["\n", "\r\n", "\r"] {
      #expect(written(["ok", "", "> done", "-- ", "MR"].joined(separator: end)) == ["ok"])
    }
  }

  @Test("is its first lines, as long as they are commands, and a note")
  func commands() {
    let reply = Reply("Hi,\n\nok\nThanks\n\nShe is at her sister's.\nTill noon.\n-- \nMR")
    #expect(reply.commands == [AnswerLine(.acknowledge(take: false))])
    #expect(reply.written == "ok" && reply.note == "She is at her sister's.\nTill noon.")
    let several = Reply("12 ok\n13: done\n\n14 voicemail, thanks\nBest regards\n")
    #expect(several.commands.map(\.numbers) == [[12], [13], [14]])
    #expect(several.written == "12 ok; 13: done; 14 voicemail, thanks" && several.note == nil)
  }

  @Test("that does not begin with a command is a note, whole")
  func note() {
    for text in ["Thanks!", "will ring at 5\nok", "not\ndone", "👍", "Dear all,\ndone"] {
      let reply = Reply(text)
      #expect(reply.commands.isEmpty && reply.note == text)
    }
    #expect(Reply("\n> done\n").note == nil)
  }

  @Test("that closes a callback and goes on with it makes no sense, and is a note")
  func contradictions() {
    #expect(Reply("done\nno answer").commands.isEmpty)
    #expect(Reply("12 done\n12 busy").commands.isEmpty)
    #expect(Reply("12 done\n13 busy").commands.count == 2)
    #expect(Reply("no answer\nsnooze 20m").commands.count == 2)
  }

  @Test("of thousands of commands is a note, and no more of it is kept than anybody reads")
  func bounded() {
    let reply = Reply(String(repeating: "12 ok\n", count: 100_000))
    #expect(reply.commands.isEmpty)
    #expect((reply.note?.utf8.count ?? 0) <= 4000)
    #expect((Reply(String(repeating: "é", count: 1 << 20)).note?.utf8.count ?? 0) <= 4000)
  }
}

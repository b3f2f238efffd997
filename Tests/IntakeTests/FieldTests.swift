import CallbackIntake
import CallbackRules
import Testing

@Suite("Fields of a text message") struct FieldTests {
  private static let knownNames: [(meaning: FieldName, written: [String])] = [
    (FieldName.to, ["To", "For", "Doctor", "Provider", "Dr", "Dr.", "RECIPIENT", "Message For"]),
    (.account, ["Account", "Acct", "ACCT#", "Client", "Practice", "Office"]),
    (
      .callback,
      [
        "Callback", "Phone", "Tel", "Call Back", "call-back", "Callback Number", "CALLBACK_NUMBER", "PH", "PH#",
        "Callback #", "Phone Number", "PHONE NO.", "Telephone",
      ]
    ),
    (.caller, ["Caller", "From", "Name", "Caller Name", "CallerName"]),
    (.relationship, ["Relationship", "Relation"]), (.patient, ["Patient", "Patient Name", "PT", "Pt."]),
    (.dateOfBirth, ["DOB", "D.O.B.", "Date of Birth", "Birth Date"]),
    (.urgency, ["Urgency", "Priority", "Urgent", "Stat"]),
    (.taken, ["Taken", "Date", "Date/Time", "DATE / TIME", "Time Taken", "Received"]), (.time, ["Time"]),
    (.promised, ["Promised", "Promised By", "Callback By"]),
    (.reachableUntil, ["Reachable-Until", "Reachable Until", "Until", "Available Until"]),
    (.voicemail, ["Voicemail-OK", "VM OK", "VM-OK", "Leave Message"]), (.language, ["Language", "Lang"]),
    (.operatorName, ["Operator", "Agent", "Op", "Taken By"]),
    (.ref, ["Ref", "Ref#", "Msg ID", "Msg No", "Msg No.", "Message No", "Ticket"]),
    (.regarding, ["Regarding", "Re", "Subject", "Reason"]), (.body, ["Body", "Message", "Notes", "Text"]),
    (.status, ["Status"]), (.sent, ["Sent", "Messages Sent", "Refs Sent", "Sent Refs", "REFS_SENT"]),
  ]

  @Test(
    "Every name that services write for a field is that field",
    arguments: knownNames)
  func names(meaning: FieldName, written: [String]) throws {
    for name in written {
      let fields = Reading().report(Array("\(name) :  x \n".utf8)).messages[0].fields
      #expect(fields == [MessageField(line: 1, name: name, meaning: meaning, value: "x")])
    }
  }

  @Test("Free text begins at the first line that is no field, and nothing in it is a field any more")
  func freeText() throws {
    let message = try Reading().message("Caller: Jane\n\nShe is upset.\nPatient: Sam\nCallback: 555 010 1111\n")
    #expect(message.body == "She is upset.\nPatient: Sam\nCallback: 555 010 1111")
    #expect(message.patient == nil && message.callback == nil)
  }

  @Test("Behind a known name a tab is as good as a colon, as cells of tables come; an unknown one is text")
  func tabs() throws {
    let message = try Reading().message(
      "To\tChen\nCaller\t\tAnn: the sister\nPhone \t 555 010 1111\t\nRe:\tpain\nRoom\t4\nPatient\tSam\n")
    #expect(message.to == "Chen" && message.caller == "Ann: the sister" && message.callback?.written == "555 010 1111")
    #expect(message.regarding == "pain" && message.body == "Room\t4\nPatient\tSam" && message.patient == nil)
  }

  @Test("Unknown names before the free text are kept in their order")
  func unknownNames() throws {
    let message = try Reading().message("Insurance: Aetna\nCaller: Jane\nCase Manager: Lou\n\nRoom #: 4\nRe: pain\n")
    #expect(
      message.otherFields == [
        .init(name: "Insurance", value: "Aetna"), .init(name: "Case Manager", value: "Lou"),
        .init(name: "Room #", value: "4"),
      ])
    #expect(message.regarding == "pain" && message.body == nil)
  }

  @Test(
    "A line that only looks like a field is free text",
    arguments: [
      "She said to tell him: call now", "At 3:30 she left", "https://example.org/x", "11/23/2026 2:05 PM rang",
      "!!!: x", ": x", "note:x",
    ])
  func noFields(line: String) throws {
    #expect(try Reading().message("Caller: Jane\n\(line)\n").body == line)
  }

  @Test("A name that is not known after a blank line belongs to the text that follows")
  func doubtfulName() throws {
    let message = try Reading().message("Caller: Jane\n\nPlease note: she is deaf.\nRing twice.\n")
    #expect(message.body == "Please note: she is deaf.\nRing twice." && message.otherFields.isEmpty)
  }

  @Test("A heading above the fields and rules around them do not hide them")
  func heading() throws {
    let message = try Reading().message(
      "=====\nMESSAGE FROM NIGHT DESK\n-----\nCaller: Jane\nPH: 555 010 1111\n-----\nRe: pain\n*****\nShe is upset.\n---\n"
    )
    #expect(message.caller == "Jane" && message.callback?.digits == "15550101111" && message.regarding == "pain")
    #expect(message.body == "MESSAGE FROM NIGHT DESK\nShe is upset.\n---" && message.problem == nil)
  }

  @Test("A long text that has a line like a field somewhere is no form")
  func textWithField() throws {
    let message = try Reading().message(String(repeating: "She told me much.\n", count: 20) + "Caller: Jane\n")
    #expect(message.problem != nil && message.caller == nil)
  }

  @Test("An indented line goes on with a value, but a form that is indented as a whole has fields")
  func continuation() throws {
    let folded = try Reading().message("Caller: Jane\nRe: fever\n\tsince\n  Callback: noon\n")
    #expect(folded.regarding == "fever since Callback: noon" && folded.callback == nil)
    let form = try Reading().message("  Caller: Jane\n  Callback: 555 010 1111\n")
    #expect(form.caller == "Jane" && form.callback?.digits == "15550101111")
    let notes = try Reading().message("Caller: Jane\nNotes:\n  first\n  second\n")
    #expect(notes.body == "first\nsecond")
  }

  @Test("Of a field given twice the first counts, the other is kept and noted")
  func repeated() throws {
    let message = try Reading().message("Caller: Jane\nPhone: 555 010 1111\nTel: 555 010 2222\nCaller: Jane\n")
    #expect(message.callback?.written == "555 010 1111" && message.caller == "Jane")
    #expect(message.otherFields == [.init(name: "Tel", value: "555 010 2222")])
    #expect(message.notes.count == 1 && message.notes[0].hasPrefix("line 3: Tel "))
    #expect(message.problem == nil)
  }

  @Test("A second message in the same file is a problem, not an odd field")
  func secondMessage() throws {
    let message = try Reading().message("To: A\nCaller: Jane\nPhone: 1\n\nTo: B\nCaller: Lou\nPhone: 2\n")
    #expect(message.problem?.hasPrefix("line 6: ") == true)
    #expect(message.caller == "Jane" && message.otherFields.contains(.init(name: "Caller", value: "Lou")))
  }

  @Test("A blank of a form counts as absent")
  func blankFields() throws {
    let message = try Reading().message("Caller: Jane\nPhone:\nTel: 555 010 2222\nUrgency:\nTaken: \nPatient:   \n")
    #expect(message.callback?.written == "555 010 2222" && message.patient == nil)
    #expect(message.urgency == .routine && message.takenAt == Reading.arrival && message.notes.isEmpty)
  }

  @Test("Body fields and free text are one body")
  func bodies() throws {
    #expect(try Reading().message("Caller: J\nMessage: one\nNotes: two\n\nthree\n").body == "one\ntwo\nthree")
  }

  @Test(
    "Only a plain yes allows voicemail",
    arguments: [
      ("yes", true), ("Y", true), ("OK", true), ("o.k.", true), ("true", true), ("1", true), ("no", false),
      ("N", false), ("", false), ("maybe", false), ("yes, but not at work", false),
    ])
  func voicemail(value: String, allowed: Bool) throws {
    #expect(try Reading().message("Caller: J\nVM OK: \(value)\n").voicemailAllowed == allowed)
  }

  @Test(
    "What is not understood is kept as written",
    arguments: [
      "VM OK: yes, but not at work", "Status: new", "Priority: N - can wait", "Promised: soon", "Until: she leaves",
      "Taken: after lunch",
    ])
  func keptAsWritten(line: String) throws {
    let message = try Reading().message("Caller: J\n\(line)\n")
    #expect(message.otherFields.map { "\($0.name): \($0.value)" } == [line])
  }

  @Test("A patient who is the caller has the caller's name", arguments: ["same", "SELF", "Same."])
  func samePatient(value: String) throws {
    #expect(try Reading().message("Patient: \(value)\nCaller: Jane\n").patient == "Jane")
  }

  @Test("Only the word withdrawn withdraws")
  func withdrawn() throws {
    #expect(try Reading().message("Ref: 1\nStatus: Withdrawn\n").withdrawn)
    #expect(try !Reading().message("Ref: 1\nStatus: not withdrawn\n").withdrawn)
  }

  @Test("Without anybody or anything to act on, a message is unreadable and keeps its text")
  func nothingToAct() throws {
    let message = try Reading().message("To: Chen\nUrgency: routine\n")
    #expect(message.problem != nil && message.urgency == .urgent && message.to == "Chen")
    #expect(message.body == "To: Chen\nUrgency: routine\n")
  }
}

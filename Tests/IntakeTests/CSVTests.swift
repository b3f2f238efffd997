import CallbackIntake
import CallbackRules
import Foundation
import Testing

@Suite("Messages as a table") struct CSVTests {
  private func messages(_ text: String, limits: ReadingLimits = ReadingLimits()) -> [ReadingReport.ReadMessage] {
    Reading(limits: limits).report(Array(text.utf8)).messages
  }

  @Test("Each row keeps the header and its own bytes, and a table of one row all of them")
  func originals() {
    let header = "Caller,Callback,Message"
    let read = messages("\(header)\r\nA,1,\"x\r\ny\"\r\n\r\nB,2,\"z\r\n")
    let kept = read.map { String(decoding: $0.original, as: UTF8.self) }
    #expect(kept == ["\(header)\nA,1,\"x\r\ny\"", "\(header)\nB,2,\"z"])
    #expect(messages("\(header)\nA,1,x\n")[0].original == Array("\(header)\nA,1,x\n".utf8))
  }

  @Test("A field has the line on which its cell begins")
  func fieldLines() {
    let read = messages("Caller,Message,Re,To\n\nA,\"x\ny\",z,\"w\n\"\nB,2\n")
    #expect(read.map { $0.fields.map(\.line) } == [[3, 3, 4, 4], [6, 6]])
  }

  @Test(
    "The first line makes it a table",
    arguments: [
      "Caller,Callback,Shoe", "caller ; PHONE# ; x", "Name\tPhone\tRe", "\"Caller\",\"Call-Back\",\"a,b\"",
      "Caller,Phone",
      "\n \nCaller,Callback,Re", "SEP=,\nCaller,Callback,Re",
    ])
  func tables(header: String) {
    let separator = header.contains(";") ? ";" : header.contains("\t") ? "\t" : ","
    #expect(Reading().report(Array("\(header)\nA\(separator)1\n".utf8)).format == .csv)
  }

  @Test(
    "A text is no table",
    arguments: [
      "Caller, Ann\nPhone, 555", "Priority, urgent\nCaller: Ann\n", "Caller\tAnn\nPhone\t1",
      "Dr, please ring Ann, soon",
      "Caller,Callback", "Caller: A,B,C\nRe: x,y,z\n", "To,who,what,when\nA,b,c,d", "\"Caller,Callback,Re\nA,1,x\n",
    ])
  func texts(text: String) {
    #expect(Reading().report(Array(text.utf8)).format == .text)
  }

  @Test(
    "One broken row costs no other, and keeps the cells before its mistake",
    arguments: [
      "Ann,\"555,x,y", "Ann,\"555\"0,x,y", "Ann,1,2,3,4", "Ann,1,\"say \"\"x\" y\",3", "Ann,1,x,\"", "Ann,1,x\0,y",
      "Ann,\"1\nx,y", "Ann,1,2,3,\"",
    ])
  func broken(row: String) {
    let read = messages("Caller,Callback,Re,Message\nOne,1,\"a\",b\n\(row)\nTwo,2,\"c\",d\nThree,3,c,\"d\"\n").map(
      \.message)
    let callers = read.map(\.caller)
    #expect(callers.first == "One" && callers.contains("Ann") && callers.suffix(2) == ["Two", "Three"], "\(callers)")
    let problems = read.map { $0.problem != nil }
    #expect(!problems[0] && problems[1] && problems.suffix(2) == [false, false])
    #expect(read[1].problem?.contains("line 3: ") == true)
  }

  @Test("Rows beyond the limit are one message that keeps them; so are cells")
  func limits() {
    let text = "Caller,Callback,Re\n" + (0..<5).map { "C\($0),1,x\n" }.joined()
    let read = messages(text, limits: ReadingLimits(rows: 3))
    #expect(read.map(\.message.caller) == ["C0", "C1", "C2", nil])
    #expect(read[3].message.problem?.hasPrefix("line 5: there are more than 3 messages (spool.max_rows)") == true)
    #expect(String(decoding: read[3].original, as: UTF8.self) == "Caller,Callback,Re\nC3,1,x\nC4,1,x\n")

    let wide = messages("Caller,,Re,To\nA,,x,y,\nB,,,z\n", limits: ReadingLimits(fields: 2)).map(\.message)
    #expect(wide[0].problem?.hasPrefix("line 2: there are more than 2 fields (spool.max_fields)") == true)
    #expect(wide[0].caller == "A" && wide[0].regarding == "x" && wide[0].body == "y,")
    #expect(wide[1].problem == nil && wide[1].to == "z")

    let long = messages("Caller,Callback,Re\nA,1,12345678901\nB,2,x\n", limits: ReadingLimits(lineBytes: 10)).map(
      \.message)
    #expect(long[0].problem == "line 2: Re has a line longer than 10 bytes (spool.max_line); break it into lines")
    #expect(long[1].problem == nil)
  }

  @Test(
    "Quotes and lines without end are read in one go",
    arguments: [
      "\"", "\"\"", ",\"", "\n\"", "a,\"\"\"\n", "x\",\"\n", "x,y\",\"\n", "\"a,\n", ",", "\n", "\r",
      "a,\"b\n\"c,d,e\n",
    ])
  func noEnd(piece: String) {
    // What grows with the square of the length would not come to an end here.
    let read = messages("Caller,Callback,Re\nA,1,\"" + String(repeating: piece, count: 200_000))
    #expect(read.contains { $0.message.caller == "A" } && read.count <= 10_001)
  }
}

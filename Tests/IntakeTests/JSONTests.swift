import CallbackIntake
import CallbackRules
import Foundation
import Testing

@Suite("Messages as JSON") struct JSONTests {
  private func messages(_ text: String, limits: ReadingLimits = ReadingLimits()) -> [ReadingReport.ReadMessage] {
    Reading(limits: limits).report(Array(text.utf8)).messages
  }

  @Test("Each object keeps its own bytes, and a file of one object all of them")
  func originals() {
    let text = " [ {\"caller\": \"A\"}, {\"caller\" \"B\"} , {\"caller\": \"C\"} ] "
    let kept = messages(text).map { String(decoding: $0.original, as: UTF8.self) }
    #expect(kept == ["{\"caller\": \"A\"}", "{\"caller\" \"B\"}", "{\"caller\": \"C\"}"])
    #expect(messages(" {\"caller\": \"A\"}\n")[0].original == Array(" {\"caller\": \"A\"}\n".utf8))
  }

  @Test("A field has the line of its name")
  func fieldLines() {
    let read = messages("[\r\n{\"caller\":\r\n\"A\",\r\n\"callback\": \"1\"}]")
    #expect(read[0].fields.map(\.line) == [2, 4])
  }

  @Test("Wherever a list is cut, its whole messages are kept, and one message says that the rest is missing")
  func cut() {
    let objects = (0..<4).map {
      "{\"caller\": \"C\($0)\", \"callback\": \"555 010 100\($0)\", \"tags\": [1, {\"a\": 2}]}"
    }
    let text = "[" + objects.joined(separator: ",\n") + "]"
    for length in 3..<text.utf8.count {
      let prefix = String(text.prefix(length))
      let whole = objects.indices.prefix { index in prefix.contains(objects[index]) }.count
      let read = messages(prefix).map(\.message)
      #expect(read.count == whole + 1, "\(prefix)")
      #expect(read.prefix(whole).allSatisfy { $0.problem == nil }, "\(prefix)")
      #expect(read.last?.problem?.contains("cut short") == true, "\(prefix)")
    }
  }

  @Test(
    "One broken object costs no other, and keeps the fields before its mistake",
    arguments: [
      #"{"caller":"Ann" "callback":"1"}"#, #"{"caller":"Ann","callback":}"#, #"{"caller":"Ann","callback:"1"}"#,
      #"{"caller":"Ann",callback:"1"}"#, #"{"caller":"Ann","callback":"1""#, #"{"caller":"Ann","callback":"1]}"#,
      #"{"caller":"Ann","callback":(555)}"#, #"{"caller":"Ann","x":[1,{"a":2]}"#,
      #"{"caller":"Ann","x":{"a":'b'},'c'}"#,
      #"{"caller":"Ann","callback":"1"}}}"#, #"{"caller":"Ann","callback":"1"],"x":"2"}"#, #"{"caller":"Ann","#,
      #"{"caller":"Ann","a":NaN}"#, #"{"caller":"Ann",,"a":1}"#, #"{"caller":"Ann","a":1 // no}"#,
    ])
  func broken(object: String) {
    let first = "{\"caller\":\"One\",\"callback\":\"555 010 1001\"}"
    let last = "{\"caller\":\"Two\",\"callback\":\"555 010 1002\"}"
    for (text, ends) in [("[\(first),\(object),\(last)]", ""), ("\(first)\n\(object)\n\(last)\n", "")] {
      let read = messages(text + ends).map(\.message)
      let callers = read.map(\.caller)
      #expect(callers.first == "One" && callers.last == "Two" && callers.contains("Ann"), "\(text): \(callers)")
      #expect(read.first?.problem == nil && read.last?.problem == nil, "\(text)")
      #expect(read.allSatisfy { $0.problem == nil || $0.urgency == .urgent })
    }
  }

  @Test("What is no object in a list is a message of its own, and a text behind the list is one")
  func others() {
    let read = messages("[{\"caller\":\"A\"}, 5, \"x, y\", null]\nsent by\n\"Night Desk\", bye [1]\n").map(\.message)
    #expect(read.map(\.body) == [nil, "5", "\"x, y\"", "null", "sent by\n\"Night Desk\", bye [1]\n"])
    #expect(read.dropFirst().allSatisfy { $0.problem?.contains("no object begins here") == true })
  }

  @Test("Messages beyond the limit are one that keeps them; so are fields")
  func limits() {
    let text = "[" + (0..<5).map { "{\"caller\":\"C\($0)\"}" }.joined(separator: ",\n") + "]"
    let read = messages(text, limits: ReadingLimits(rows: 3))
    #expect(read.map(\.message.caller) == ["C0", "C1", "C2", nil])
    #expect(read[3].message.problem?.hasPrefix("line 4: there are more than 3 messages (spool.max_rows)") == true)
    #expect(String(decoding: read[3].original, as: UTF8.self) == "{\"caller\":\"C3\"},\n{\"caller\":\"C4\"}]")

    let wide = messages("{\"caller\":\"A\",\n\"a\":1,\n\"b\":2,\n\"c\":3}", limits: ReadingLimits(fields: 2))[0].message
    #expect(wide.problem?.hasPrefix("line 3: there are more than 2 fields (spool.max_fields)") == true)
    #expect(wide.caller == "A" && wide.otherFields.count == 1 && wide.body == "\"b\":2,\n\"c\":3}")

    let long = messages("[{\"caller\":\"A\"},{\"re\":\"12345678901\"}]", limits: ReadingLimits(lineBytes: 10)).map(
      \.message)
    #expect(long.map(\.problem)[0] == nil)
    #expect(long[1].problem == "line 1: re has a line longer than 10 bytes (spool.max_line); break it into lines")
  }

  @Test("What stands beside a list of messages holds for each that does not say it itself, unless it is a message too")
  func lists() {
    let read = messages(#"{"to":"Chen","v":1,"calls":[{"caller":"A","re":"x"},{"caller":"B","to":"Lee"}]}"#)
    #expect(read.map(\.message.to) == ["Chen", "Lee"])
    #expect(read.allSatisfy { $0.message.otherFields == [.init(name: "v", value: "1")] })
    let broken = messages(#"{"to":"Chen","calls":[{"caller":"A","re":"x"},{"caller":"B","#).map(\.message)
    #expect(broken.map(\.caller) == ["A", "B"] && broken.map(\.to) == ["Chen", "Chen"])
    #expect(broken[0].problem == nil && broken[1].problem != nil)
    let both = messages(#"{"callback":"1","calls":[{"caller":"A","re":"x"}]}"#).map(\.message)
    #expect(
      both.map(\.problem) == ["object at line 1: it holds a list of messages; write each as an object of its own"])
  }

  @Test(
    "Brackets, quotes and braces without end are read in one go",
    arguments: ["[", "{\"a\":", "{\"", "{\"a\":[", "},{\"", "\\\"", "}", "{}", "{\"a\":{}x,", "\"\n", "{ ", ",{\"a\" "])
  func noEnd(piece: String) {
    // What grows with the square of the length would not come to an end here.
    let text = "{\"caller\":\"A\"," + String(repeating: piece, count: 200_000)
    let read = messages(text)
    #expect(read.contains { $0.message.caller == "A" } && read.count <= 10_001)
  }
}

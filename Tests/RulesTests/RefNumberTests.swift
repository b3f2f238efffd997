import CallbackRules
import Testing

@Suite("A service's own numbers")
struct RefNumberTests {
  @Test(
    "The digits at the end are the number, what stands before is the prefix; a day before the number belongs to that",
    arguments: [
      ("42", "", 42, 0), ("0042", "", 42, 4), ("AS-0042", "AS-", 42, 4), ("AS-20261123-0042", "AS-20261123-", 42, 4),
      ("A7/9", "A7/", 9, 0), ("202611230042", "20261123", 42, 4), ("2026112342", "20261123", 42, 0),
      ("209913450042", "", 209_913_450_042, 0), ("20261123", "", 20_261_123, 0),
      ("№ 17", "№ ", 17, 0), ("1234567890123456789012", "1234", 567_890_123_456_789_012, 0),
    ] as [(String, String, Int64, Int)])
  func parts(written: String, prefix: String, number: Int64, width: Int) throws {
    let ref = try #require(RefNumber(written))
    #expect(ref.prefix == prefix && ref.number == number && ref.width == width)
  }

  @Test(
    "What does not end in digits, or is very long, is no running number",
    arguments: ["", "AS", "42a", "４２", String(repeating: "A", count: 100) + "1"])
  func none(written: String) { #expect(RefNumber(written) == nil) }

  @Test("Other spellings of a Ref have other capitals and leading zeros, and are few")
  func spellings() {
    let spellings = RefNumber.spellings(of: "As-042")
    #expect(spellings.first == "As-042" && Set(spellings).count == spellings.count && spellings.count <= 27)
    for other in ["AS-42", "as-0042", "As-00000042", "AS-042"] { #expect(spellings.contains(other)) }
    for other in ["As-420", "As-4", "s-42"] { #expect(!spellings.contains(other)) }
    #expect(Set(RefNumber.spellings(of: "42")) == Set((2...8).map { String(repeating: "0", count: $0 - 2) + "42" }))
    #expect(Set(RefNumber.spellings(of: "20261123-Ab")) == ["20261123-Ab", "20261123-AB", "20261123-ab"])
    #expect(RefNumber.spellings(of: "123456789012").count == 1)
  }

  @Test("Ranges are written as the service writes its Refs")
  func ranges() {
    #expect(RefRange("AS-0042").text == "AS-0042" && RefRange("AS-0042").digits == "0042")
    #expect(RefRange("AS-X").text == "AS-X" && RefRange("AS-X").digits == nil && RefRange("AS-X").refs == ["AS-X"])
    let range = RefRange(prefix: "AS-", numbers: 98...101, width: 3)
    #expect(range.text == "AS-098 to AS-101" && range.digits == "098 to 101" && range.count == 4)
    #expect(range.refs == ["AS-098", "AS-099", "AS-100", "AS-101"])
    #expect(
      RefRange.ranges(of: ["B", "A-9", "A-7", "A-8", "A-11", "B"]).map(\.text) == [
        "A-7 to A-9", "A-11", "B", "B",
      ])
  }
}

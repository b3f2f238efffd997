import CallbackRules
import Testing

/// Numbers are kept as written and compared by their digits.
@Suite("Phone numbers")
struct PhoneNumberTests {
  @Test(
    "one North American number has one form",
    arguments: [
      "5550104477", "555-010-4477", "(555) 010-4477", "555.010.4477", "1 555 010 4477", "+1 (555) 010-4477",
      "555 010 4477 x12", "555-010-4477 ext. 12", "555 010 4477 #12", "tel:+1-555-010-4477;ext=12",
      "call 555-010-4477 Extension 9", "011 1 555 010 4477", "555-010-4477 (cell)", "555-010-4477 or 555-010-9999",
      "555 010 4477, 555 010 9999", "5550104477,12", "555-010-4477/555-010-9999",
    ])
  func northAmerica(written: String) {
    let number = PhoneNumber(written: written, countryCode: "1")
    #expect(number.digits == "15550104477")
    #expect(number.written == written)
  }

  @Test(
    "elsewhere 00 and a single 0 lead",
    arguments: [
      "020 7946 0000", "020/79460000", "+44 20 7946 0000", "+44 (0)20 7946 0000", "0044 20 7946 0000", "20 7946 0000",
    ])
  func elsewhere(written: String) {
    #expect(PhoneNumber(written: written, countryCode: "44").digits == "442079460000")
  }

  @Test("a foreign number keeps its own country code")
  func foreign() {
    #expect(PhoneNumber(written: "+44 20 7946 0000", countryCode: "1").digits == "442079460000")
    #expect(PhoneNumber(written: "011 44 20 7946 0000", countryCode: "1").digits == "442079460000")
    #expect(PhoneNumber(written: "+44 (0) 20 7946 0000", countryCode: "1").digits == "442079460000")
    #expect(PhoneNumber(written: "00 1 555 010 4477", countryCode: "44").digits == "15550104477")
  }

  @Test("a short local number stays short", arguments: ["010-4477", "0104477"])
  func local(written: String) {
    #expect(PhoneNumber(written: written, countryCode: "1").digits == "0104477")
  }

  @Test("without digits there is nothing to compare", arguments: ["", "unknown", "see chart", "ext", "+"])
  func none(written: String) {
    #expect(PhoneNumber(written: written, countryCode: "1").digits == "")
    #expect(PhoneNumber(written: written, countryCode: "44").digits == "")
  }
}

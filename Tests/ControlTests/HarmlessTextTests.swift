import Testing

@testable import callbackctl

@Suite struct HarmlessTextTests {
  @Test(
    "Nothing that a value holds can act on a terminal",
    arguments: [
      ("plain O'Brien, José", "plain O'Brien, José"),
      ("two\nlines\r\tand a tab", "two lines  and a tab"),
      ("\u{1B}[2J\u{1B}]0;title\u{7}", "�[2J�]0;title�"),
      ("\u{9B}31m\u{85}x\u{7F}", "�31m�x�"),
      ("\u{2764}\u{FE0F}a\u{E0100}b\u{3164}", "\u{2764}ab "),
      ("ab\u{202E}cd\u{2066}ef\u{200B}g\u{FEFF}", "abcdefg"),
      ("a\u{2028}b\u{2029}c", "a b c"),
      ("\u{E000}\u{FFFE}", "��"),
      ("e" + String(repeating: "\u{301}", count: 50) + "f", "e\u{301}\u{301}\u{301}\u{301}f"),
    ])
  func harmless(text: String, expected: String) {
    #expect(Array(text.harmless.unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test(
    "Text is as wide as a terminal shows it",
    arguments: [
      ("abc", 3), ("José", 4), ("Jose\u{301}", 4), ("山田太郎", 8), ("한글", 4), ("ｱｲｳ", 3), ("😀", 2), ("ไทย", 3), ("", 0),
      ("\u{1F1E9}\u{1F1EA}", 2), ("❤\u{FE0F}", 1), ("\u{1112}\u{1161}\u{11AB}", 2),
    ])
  func columns(text: String, expected: Int) {
    #expect(text.harmless.columns == expected)
  }

  @Test("Text that is cut never takes more than its columns, and says that something is missing")
  func cut() {
    #expect("abcdef".cut(to: 6) == "abcdef")
    #expect("abcdef".cut(to: 5) == "abcd…")
    #expect("山田太郎".cut(to: 6) == "山田…")
    #expect("山田太郎".cut(to: 6).columns == 5)
    #expect("Jose\u{301}phine".cut(to: 5) == "Jose\u{301}…")
  }

  @Test("A text's own lines stay, and long ones break between words")
  func lines() {
    let text = "first\r\n\u{1B}second line that is rather long\n\nlast"
    #expect(text.harmlessLines(width: 20) == ["first", "�second line that is", "rather long", "", "last"])
    #expect(text.harmlessLines(width: nil) == ["first", "�second line that is rather long", "", "last"])
  }
}

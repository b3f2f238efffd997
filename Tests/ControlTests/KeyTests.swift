import Testing

@testable import callbackctl

@Suite struct KeyTests {
  private func keys(_ text: String) -> [Key] {
    var reader = KeyReader()
    return reader.feed(text.utf8)
  }

  @Test(
    "Bytes of a terminal are keys",
    arguments: [
      ("aé山", [Key.character("a"), .character("é"), .character("山")]),
      ("\u{1B}[A\u{1B}[B\u{1B}OA\u{1B}OB", [.up, .down, .up, .down]),
      ("\u{1B}[5~\u{1B}[6~\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~", [.pageUp, .pageDown, .home, .end, .home, .end]),
      ("\r\u{7F}\u{C}\u{15}", [.enter, .backspace, .control("l"), .control("u")]),
      ("\u{1B}[1;5Cx\u{1B}[24~y\u{1B}az", [.character("x"), .character("y"), .character("z")]),
      ("\u{1B}[200~dy\nd\u{1B}[201~q", [.paste("dy\nd"), .character("q")]),
    ])
  func known(text: String, expected: [Key]) {
    #expect(keys(text) == expected)
  }

  @Test("A key may come in pieces, and an ESC that nothing follows is a key")
  func pieces() {
    var reader = KeyReader()
    #expect(reader.feed([0x1B]) == [])
    #expect(reader.isPending)
    #expect(reader.feed([0x5B]) == [])
    #expect(reader.feed([0x41]) == [.up])
    #expect(reader.feed([0xC3]) == [] && reader.feed([0xA9]) == [.character("é")])
    #expect(reader.feed([0x1B]) == [] && reader.end() == [.escape])
    #expect(!reader.isPending && reader.end() == [])
  }

  @Test("Whatever comes, the reader goes on, and keeps no more than a paste may have")
  func nonsense() {
    var reader = KeyReader()
    _ = reader.feed("\u{1B}[200~".utf8)
    for _ in 0..<40 { _ = reader.feed(Array(repeating: UInt8(ascii: "x"), count: 4096)) }
    _ = reader.end()
    #expect(reader.feed("q".utf8).last == .character("q"))
    for seed in 0..<200 {
      var bytes: [UInt8] = []
      for step in 0..<50 { bytes.append(UInt8(truncatingIfNeeded: (seed &* 2_654_435_761 &+ step &* 40_503) >> 7)) }
      _ = reader.feed(bytes)
      _ = reader.end()
    }
    #expect(reader.feed("\u{1B}[A".utf8) == [.up])
  }
}

@Suite struct FrameTests {
  @Test("Only lines that differ are drawn, each cleared first, all in one piece")
  func differences() {
    let text = Frame.update(from: ["a", "b", "c"], to: ["a", "x", "c"])
    #expect(text == "\u{1B}[?2026h\u{1B}[2;1H\u{1B}[2Kx\u{1B}[?2026l")
    #expect(Frame.update(from: ["a"], to: ["a"]) == "")
    #expect(Frame.update(from: nil, to: ["a", "b"]).contains("\u{1B}[1;1H\u{1B}[2Ka\u{1B}[2;1H\u{1B}[2Kb"))
    #expect(Frame.update(from: ["a"], to: ["a", "b"]).contains("\u{1B}[2;1H\u{1B}[2Kb"))
  }
}

import Testing

@testable import CallbackConfiguration

@Suite struct KeyLinesTests {
  @Test("keys are found in tables, arrays of tables and their subtables")
  func tables() {
    let lines = KeyLines(
      """
      # [site]
      [site]  # a comment
      name = "a # b"

      [[rotation]]
      id = "one"
      [[rotation.override]]
      person = "x"
      [[ rotation . override ]]
      person = "y"
      [[rotation]]
      id = "two"
      [rotation.more]
      deep.er = 1
      """)
    #expect(lines.line(of: ["site"]) == 2)
    #expect(lines.line(of: ["site", "name"]) == 3)
    #expect(lines.line(of: ["rotation", "0", "override", "1", "person"]) == 10)
    #expect(lines.line(of: ["rotation", "1", "id"]) == 12)
    #expect(lines.line(of: ["rotation", "1", "more", "deep", "er"]) == 14)
  }

  @Test("keys are found inside arrays and inline tables over several lines")
  func inside() {
    let lines = KeyLines(
      """
      step = [
        { after = "0m", notify = ["a",
            "b]"] }, # ]
        # { after = "9m" }
        { after = '5m' },
      ]
      last = { a = [[1, 2], [3]], b = true }
      """)
    #expect(lines.line(of: ["step", "0", "notify", "0"]) == 2)
    #expect(lines.line(of: ["step", "0", "notify", "1"]) == 3)
    #expect(lines.line(of: ["step", "1", "after"]) == 5)
    #expect(lines.line(of: ["last", "b"]) == 7)
  }

  @Test("strings of every kind hide what looks like a key, and lines go on being counted")
  func strings() {
    let lines = KeyLines(
      #"""
      a = "\"" # "
      b = '''
      [no]
      c = 1'''''
      d = """one \""" "
      e = 2"""
      "f g" = 'C:\'
      'h.i'.j = 1
      k = 2026-11-02
      """#)
    #expect(lines.line(of: ["b"]) == 2)
    #expect(lines.line(of: ["c"]) == nil)
    #expect(lines.line(of: ["d"]) == 5)
    #expect(lines.line(of: ["e"]) == nil)
    #expect(lines.line(of: ["f g"]) == 7)
    #expect(lines.line(of: ["h.i", "j"]) == 8)
    #expect(lines.line(of: ["k"]) == 9)
  }

  @Test("a key that is not found has the line of what is around it")
  func fallsBack() {
    let lines = KeyLines("[a]\nb = 1\n")
    #expect(lines.line(of: ["a", "c"]) == 1)
    #expect(lines.line(of: ["z"]) == nil)
  }

  @Test(
    "a text that is no TOML ends the scan",
    arguments: ["[[", "= =", "a = [", "a = {", "a = \"", "]\n}", "'''", "a = [}"])
  func ends(_ text: String) {
    #expect(KeyLines(text).line(of: ["nothing"]) == nil)
  }
}

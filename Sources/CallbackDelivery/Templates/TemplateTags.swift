/// The tags of a template, with their lines.
///
/// Takes of mustache what notices need, and refuses the rest with what to write instead: `{{name}}`, `{{#name}}`, `{{^name}}`,
/// `{{/name}}`, `{{! comment }}`. The library says nothing of the names that a template uses, nor of the lines they stand on.
struct TemplateTags {
  private(set) var tags: [Tag] = []
  private(set) var problems: [Problem] = []

  struct Tag {
    var kind: Kind
    var name: String
    /// Counts from 1.
    var line: Int

    enum Kind { case value, section, inverted, end }
  }

  struct Problem {
    var line: Int
    var sentence: String
  }

  /// Deeper than any layout; each level costs the library some stack.
  private static let deepest = 8

  init(_ text: String) {
    var line = 1
    var rest = Array(text.utf8)[...]
    while let start = Self.first(of: "{{", in: rest) {
      line += Self.lines(in: rest[..<start])
      rest = rest[(start + 2)...]
      guard let end = Self.first(of: "}}", in: rest) else {
        problems.append(Problem(line: line, sentence: "this {{ has no }} behind it; write {{name}}"))
        break
      }
      read(String(decoding: rest[..<end], as: UTF8.self), line: line)
      line += Self.lines(in: rest[..<end])
      rest = rest[(end + 2)...]
    }
    checkNesting()
  }

  private mutating func read(_ content: String, line: Int) {
    func refuse(_ sentence: String) { problems.append(Problem(line: line, sentence: sentence)) }
    let mark = content.first
    switch mark {
    case "!": return
    case "{", "&": return refuse("a field can't be left as it is; write {{name}}: only HTML is escaped, texts are not")
    case ">", "<", "$": return refuse("templates can't hold others; write out what is to stand here")
    case "=", "%": return refuse("the marks {{ and }} can't be changed; write the text without this tag")
    default: break
    }
    let kinds: [Character: Tag.Kind] = ["#": .section, "^": .inverted, "/": .end]
    let kind = mark.flatMap { kinds[$0] } ?? .value
    let name = (kind == .value ? content[...] : content.dropFirst()).drop { $0.isWhitespace }
    let word = name.prefix { !$0.isWhitespace }
    let isName = !word.isEmpty && word.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    guard isName, name.dropFirst(word.count).allSatisfy(\.isWhitespace) else {
      return refuse(
        "`\(PrintableLine(String(name), limit: 40).text)` is no name of a field; write small letters, digits and `_`")
    }
    tags.append(Tag(kind: kind, name: String(word), line: line))
  }

  private mutating func checkNesting() {
    var open: [Tag] = []
    for tag in tags {
      switch tag.kind {
      case .value: continue
      case .section, .inverted:
        open.append(tag)
        if open.count == Self.deepest + 1 {
          problems.append(Problem(line: tag.line, sentence: "sections lie more than \(Self.deepest) deep; write fewer"))
        }
      case .end:
        guard let last = open.popLast() else {
          problems.append(
            Problem(
              line: tag.line, sentence: "{{/\(tag.name)}} ends nothing; write {{#\(tag.name)}} before it, or remove it")
          )
          return
        }
        guard last.name == tag.name else {
          problems.append(
            Problem(
              line: tag.line,
              sentence: "{{/\(tag.name)}} ends {{#\(last.name)}} of line \(last.line); write {{/\(last.name)}}"))
          return
        }
      }
    }
    for tag in open {
      problems.append(
        Problem(
          line: tag.line, sentence: "{{#\(tag.name)}} has no end; write {{/\(tag.name)}} behind what belongs to it"))
    }
  }

  private static func first(of mark: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
    let byte = mark.utf8Start[0]
    return bytes.indices.dropLast().first { bytes[$0] == byte && bytes[$0 + 1] == byte }
  }

  private static func lines(in bytes: ArraySlice<UInt8>) -> Int { bytes.count { $0 == UInt8(ascii: "\n") } }
}

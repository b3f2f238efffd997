/// Text made of markup, in which whatever is not markup was escaped.
///
/// The only way in for a text is `text(_:)` or a literal's `\(_:)`, which escape it; a literal itself is markup. So no name can
/// begin a tag or end an attribute.
struct Markup: ExpressibleByStringInterpolation {
  private(set) var html: String

  init(stringLiteral value: String) { html = value }

  init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

  private init(html: String) { self.html = html }

  /// A text as it is to be read.
  static func text(_ text: String) -> Markup { Markup(html: escaped(text)) }

  static func joined(_ parts: [Markup], separator: String = "") -> Markup {
    Markup(html: parts.map(\.html).joined(separator: separator))
  }

  static func + (left: Markup, right: Markup) -> Markup { Markup(html: left.html + right.html) }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity * 2) }

    mutating func appendLiteral(_ literal: String) { html += literal }
    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    mutating func appendInterpolation(_ text: String) { html += escaped(text) }
    mutating func appendInterpolation(_ number: Int) { html += "\(number)" }

    /// A length or place in a drawing, to a tenth.
    mutating func appendInterpolation(_ length: Double) {
      let tenths = Int((length * 10).rounded())
      html += tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.onOneLine.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Markup {
  /// A table with its heading, in a box that scrolls where it is too wide.
  ///
  /// - Parameter rows: of each the first cell is its heading; all others are to the right, but the last where `wordsLast`.
  static func table(_ caption: String, _ header: [String], _ rows: [[String]], wordsLast: Bool = false) -> Markup {
    func place(_ index: Int) -> Markup {
      index > 0 && !(wordsLast && index == header.count - 1) ? #" class="number""# : ""
    }
    let head = joined(header.enumerated().map { #"<th scope="col"\#(place($0))>\#($1)</th>"# })
    let body = rows.map { row in
      let cells = row.enumerated().map { index, cell -> Markup in
        index == 0 ? #"<th scope="row">\#(cell)</th>"# : "<td\(place(index))>\(cell)</td>"
      }
      return "<tr>\(joined(cells))</tr>\n" as Markup
    }
    return """
      <div class="scroll" role="region" aria-label="\(caption)" tabindex="0"><table>
      <caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(joined(body))</tbody></table></div>

      """
  }
}

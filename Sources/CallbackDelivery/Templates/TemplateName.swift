import Mustache

/// One of the texts that a mail is made of, and the name of its file: `notice.text.mustache`.
struct TemplateName: Hashable, Sendable {
  let kind: Kind
  let part: Part

  /// What it is about.
  enum Kind: String, CaseIterable, Sendable {
    /// One callback.
    case notice
    /// Several callbacks.
    case digest
    /// callbackd itself.
    case alarm
  }

  enum Part: String, CaseIterable, Sendable {
    case subject
    case text
    case html
  }

  static let all = Kind.allCases.flatMap { kind in Part.allCases.map { TemplateName(kind: kind, part: $0) } }

  var file: String { "\(kind.rawValue).\(part.rawValue).\(Self.suffix)" }

  static let suffix = "mustache"

  /// The file in `config/templates` that was compiled in.
  var shipped: String {
    let bytes =
      switch (kind, part) {
      case (.notice, .subject): PackageResources.notice_subject_mustache
      case (.notice, .text): PackageResources.notice_text_mustache
      case (.notice, .html): PackageResources.notice_html_mustache
      case (.digest, .subject): PackageResources.digest_subject_mustache
      case (.digest, .text): PackageResources.digest_text_mustache
      case (.digest, .html): PackageResources.digest_html_mustache
      case (.alarm, .subject): PackageResources.alarm_subject_mustache
      case (.alarm, .text): PackageResources.alarm_text_mustache
      case (.alarm, .html): PackageResources.alarm_html_mustache
      }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A template's text as it is rendered: escaped for HTML, or not at all.
struct CompiledTemplate: Sendable {
  private let template: MustacheTemplate

  /// - Throws: the library's error. Whatever `TemplateTags` finds nothing wrong with is no such.
  init(_ text: String, part: TemplateName.Part) throws {
    let type = part == .html ? HTMLEscaping.registered : "TEXT"
    template = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(type)}}\n\(text)")
  }

  func render(_ fields: Fields) -> String { template.render(fields.dictionary) }
}

/// Escapes for HTML scalar by scalar.
///
/// The library's own escaping goes by characters as people see them, so that a quote with a combining accent behind it is no
/// quote to it, and would end an attribute.
struct HTMLEscaping: MustacheContentType {
  /// The name under which templates ask for it.
  static let registered: String = {
    MustacheContentTypes.register(HTMLEscaping(), named: "CALLBACKD_HTML")
    return "CALLBACKD_HTML"
  }()

  func escapeText(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

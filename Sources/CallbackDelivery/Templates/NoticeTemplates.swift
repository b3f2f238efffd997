import CallbackConfiguration

/// The templates of all notices, each checked and ready: the office's own where it has some, else those that are shipped.
public struct NoticeTemplates: Sendable {
  private var own: [TemplateName: CompiledTemplate] = [:]

  /// Those that are compiled in.
  public static let shipped = NoticeTemplates()

  private static let compiled: [TemplateName: CompiledTemplate] = {
    var compiled: [TemplateName: CompiledTemplate] = [:]
    for name in TemplateName.all {
      do {
        compiled[name] = try CompiledTemplate(name.shipped, part: name.part)
      } catch {
        preconditionFailure("the shipped template \(name.file) can't be read: \(error)")
      }
    }
    return compiled
  }()

  private init() {}

  /// - Parameter own: of these kinds and parts, instead of the shipped ones.
  init(own: [TemplateName: CompiledTemplate]) {
    self.own = own
  }

  /// The words of one notice.
  ///
  /// A part that comes out empty, or without the numbers that it must have, is that of the shipped template: a notice that
  /// nobody can answer would be none. `SampleNotice` finds what a configuration must be refused for; this is for what only
  /// shows with a certain callback.
  func render(_ words: NoticeWords) -> RenderedNotice {
    func part(_ part: TemplateName.Part) -> String {
      let name = TemplateName(kind: words.kind, part: part)
      if let template = own[name] {
        let text = Self.trimmed(template.render(words.fields))
        if words.fault(of: text, as: part) == nil { return text }
      }
      guard let shipped = Self.compiled[name] else { preconditionFailure("there is a shipped \(name.file)") }
      return Self.trimmed(shipped.render(words.fields))
    }
    return RenderedNotice(subject: part(.subject), text: part(.text), html: part(.html))
  }

  /// Without empty lines at either end.
  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.lastIndex(where: { $0 != "\n" && $0 != "\r" }),
      let start = scalars.firstIndex(where: { $0 != "\n" && $0 != "\r" })
    else { return "" }
    return String(scalars[start...end])
  }
}

/// What one notice says, as mail programs show it.
struct RenderedNotice: Equatable {
  /// One line.
  var subject: String
  var text: String
  var html: String
}

/// All that a template may say of one notice.
struct NoticeWords {
  let kind: TemplateName.Kind
  var fields: Fields
  /// The numbers of the callbacks that must stand in it, as people have to say them.
  let numbers: [String]

  /// Why this can't be sent; nil if it can.
  func fault(of text: String, as part: TemplateName.Part) -> String? {
    guard text.contains(where: { !$0.isWhitespace }) else { return "comes out empty" }
    if part == .subject, text.contains(where: \.isNewline) { return "comes out in more than one line" }
    guard part != .subject || kind == .notice else { return nil }
    for number in numbers where !text.contains(number) { return "leaves out the callback's number" }
    return nil
  }
}

import CallbackConfiguration

/// Says what is wrong with the names in one template.
struct TemplateCheck {
  let names: FieldNames
  let detail: Configuration.Mail.Detail

  func problems(in tags: [TemplateTags.Tag]) -> [TemplateTags.Problem] {
    var scopes = [Scope(name: "", names: names)]
    /// For each section that is open, whether it has a scope of its own.
    var open: [Bool] = []
    var problems: [TemplateTags.Problem] = []
    for tag in tags {
      if tag.kind == .end {
        if open.popLast() == true { scopes.removeLast() }
        continue
      }
      let kind = scopes.lazy.reversed().compactMap { $0.names.kinds[tag.name] }.first
      if let sentence = sentence(about: tag, kind, in: scopes) {
        problems.append(TemplateTags.Problem(line: tag.line, sentence: sentence))
      }
      guard tag.kind != .value else { continue }
      switch (tag.kind, kind) {
      case (.section, .list(let inner)?), (.section, .group(let inner)?):
        scopes.append(Scope(name: tag.name, names: inner))
        open.append(true)
      default: open.append(false)
      }
    }
    return problems
  }

  private struct Scope {
    let name: String
    let names: FieldNames
  }

  private func sentence(about tag: TemplateTags.Tag, _ kind: FieldNames.Kind?, in scopes: [Scope]) -> String? {
    let section = "{{#\(tag.name)}}…{{/\(tag.name)}}"
    switch (kind, tag.kind) {
    case (.text?, _): return nil
    case (.flag?, .value): return "`\(tag.name)` says yes or no, and shows nothing by itself; write \(section)"
    case (.list?, .value), (.group?, .value): return "`\(tag.name)` holds further fields; write \(section)"
    case (.list?, .section) where scopes.contains { $0.name == tag.name }:
      return "`\(tag.name)` stands in itself; write its fields here, without \(section)"
    case (.flag?, _), (.list?, _), (.group?, _): return nil
    case (nil, _): break
    }
    if let patient = patientSentence(tag.name, in: scopes) { return patient }
    let known = scopes.flatMap { $0.names.kinds.keys }
    if let meant = nearest(to: tag.name, among: known) {
      return "unknown field `\(tag.name)`; did you mean `\(meant)`?"
    }
    // A field of a list that is not open here.
    if let holder = scopes.flatMap({ $0.names.kinds }).first(where: { $0.value.inner?.kinds[tag.name] != nil })?.key {
      return "`\(tag.name)` is a field of `\(holder)`; write it within {{#\(holder)}}…{{/\(holder)}}"
    }
    return "unknown field `\(tag.name)`; write one of \(known.sorted().joined(separator: ", "))"
  }

  /// Nil if the name is none of the message's.
  private func patientSentence(_ name: String, in scopes: [Scope]) -> String? {
    guard let message = scopes.lazy.compactMap({ $0.names.message }).first,
      message.kinds[name] != nil
    else { return nil }
    let within = "{{#\(Fields.message)}}…{{/\(Fields.message)}}"
    return switch detail {
    case .minimal:
      "`\(name)` is patient data, and mail.detail is \"minimal\"; remove it, or write it within \(within), which is left "
        + "out then"
    case .full: "`\(name)` is a field of the message; write it within \(within)"
    }
  }
}

extension FieldNames {
  /// The names of the message's fields, where a callback's names are these.
  fileprivate var message: FieldNames? {
    if let own = kinds[Fields.message]?.inner { return own }
    return kinds.values.lazy.compactMap { $0.inner?.kinds[Fields.message]?.inner }.first
  }
}

extension FieldNames.Kind {
  fileprivate var inner: FieldNames? {
    switch self {
    case .text, .flag: nil
    case .list(let names), .group(let names): names
    }
  }
}

extension TemplateCheck {
  /// Checks the tags and names of templates before anything is made of them.
  struct Source {
    let detail: Configuration.Mail.Detail

    func callAsFunction(_ name: TemplateName, _ text: String) -> [TemplateTags.Problem] {
      let found = TemplateTags(text)
      var problems = found.problems + Self.controls(in: text)
      // Where sections are not closed, nobody can tell what stands where.
      if found.problems.isEmpty {
        problems += TemplateCheck(names: SampleNotice.names(of: name.kind), detail: detail).problems(in: found.tags)
      }
      return problems.sorted { $0.line < $1.line }
    }

    private static func controls(in text: String) -> [TemplateTags.Problem] {
      let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.enumerated().filter { _, line in
        line.contains { $0.properties.generalCategory == .control && $0 != "\t" }
      }.map { index, _ in
        TemplateTags.Problem(line: index + 1, sentence: "this line holds a control character; remove it")
      }
    }
  }
}

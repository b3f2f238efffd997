import CallbackConfiguration
import CallbackRules
import Foundation

/// Tries templates with made-up notices of every kind, so that what nobody could answer is found when the configuration is
/// read and not at night.
struct TemplateTrial {
  /// More than any mail program shows at once; a template that makes so much of a sample repeats itself.
  private static let mostBytes = 256 << 10

  private let words: [TemplateName.Kind: [NoticeWords]]

  init(_ configuration: Configuration, now: Date) {
    let office = configuration.office
    let wording = Wording(
      office: office, detail: configuration.mail.detail, byReply: configuration.mail.answers, host: "host")
    var words: [TemplateName.Kind: [NoticeWords]] = [:]
    if let person = SampleNotice.person(in: office, at: now) {
      for kind in SampleNotice.Kind.all {
        // A number that stands nowhere by chance.
        let notice = SampleNotice(kind, firstNumber: 918_273_645).notice(for: person, office: office, now: now)
        // Also as they read while nothing is late.
        for moment in [now, now - 3600] {
          let tried = wording.words(of: notice, for: person, now: moment)
          words[tried.kind, default: []].append(tried)
        }
      }
    }
    self.words = words
  }

  /// What is wrong with what the template makes of them; nil if nothing.
  func fault(of template: CompiledTemplate, _ name: TemplateName) -> String? {
    for words in words[name.kind] ?? [] {
      let text = NoticeTemplates.trimmed(template.render(words.fields))
      if let fault = words.fault(of: text, as: name.part) {
        let remedy = Self.remedy(for: name)
        return "for \(words.what) it \(fault); \(remedy)"
      }
      guard text.utf8.count <= Self.mostBytes else {
        return "for \(words.what) it makes \(text.utf8.count >> 10) KiB of text; write less"
      }
    }
    return nil
  }

  private static func remedy(for name: TemplateName) -> String {
    switch (name.kind, name.part) {
    case (.notice, .subject): "write one line with {{number}} in it, for every case"
    case (_, .subject): "write one line, for every case"
    case (.notice, _): "write {{number}}, for every case"
    case (.digest, _): "write {{number}} or {{line}} within {{#callbacks}}…{{/callbacks}}, for every case"
    case (.alarm, _): "write what it is to say, for every case"
    }
  }
}

extension NoticeWords {
  /// `a notice (not-owned)`, `a digest`.
  fileprivate var what: String {
    func text(_ name: String) -> String? {
      if case .text(let text)? = fields.values[name] { text } else { nil }
    }
    switch kind {
    case .notice: return "a notice (\(text("reason") ?? ""))"
    case .digest: return "a digest"
    case .alarm: return "an alarm (\(text("kind") ?? ""))"
    }
  }
}

import ArgumentParser
import CallbackConfiguration
import CallbackDelivery
import CallbackRules
import Foundation

struct Preview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Show what a notice would look like, with a caller who is nobody; sends nothing.",
    discussion: """
      Example:
        callbackctl preview step
        callbackctl preview digest --format html --detail full > digest.html

      Kinds: \(names.joined(separator: ", ")).

      Templates are looked for beside the configuration. Needs no daemon.
      """)

  private static let names = SampleNotice.Kind.all.map(\.name) + SampleNotice.Kind.otherNames.map(\.name)

  @Argument(help: "What the notice is about.")
  var kind: String

  @Option(help: "Which part of the mail: text, html, or the whole mail.")
  var format = Format.text

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("Who is told. (default: the fallback)", valueName: "person"))
  var person: String?

  @Option(help: "How much the mail says: minimal or full. (default: as configured)")
  var detail: Configuration.Mail.Detail?

  @OptionGroup var global: GlobalOptions

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, html, mail
  }

  func validate() throws {
    guard SampleNotice.Kind(name: kind) == nil else { return }
    let remedy = nearest(to: kind, among: Self.names).map { "did you mean \($0)?" }
    throw ValidationError(
      "There is no kind of notice \(kind.harmless); \(remedy ?? "write one of \(Self.names.joined(separator: ", ")).")")
  }

  func run() throws {
    guard let kind = SampleNotice.Kind(name: kind) else { return try validate() }
    let now = Date()
    let (configuration, templates) = try global.places.loadWithTemplates(detail: detail)
    let preview: NoticePreview
    do {
      preview = try NoticePreview(
        SampleNotice(kind), for: try person(in: configuration.office, now: now), configuration, templates: templates,
        host: ProcessInfo.processInfo.hostName, now: now)
    } catch let error as NoticePreview.Unaddressed {
      throw Failure(EX_DATAERR, error.sentence)
    }
    if global.json {
      try global.printJSON(Reply(kind: kind.name, preview))
    } else {
      try show(preview)
    }
  }

  private func show(_ preview: NoticePreview) throws {
    switch format {
    case .text: print("Subject: \(preview.subject)\n\n\(preview.text)")
    case .html: print(preview.html)
    case .mail: try FileHandle.standardOutput.write(contentsOf: Data(preview.mail))
    }
  }

  private func person(in office: Office, now: Date) throws(Failure) -> Person {
    guard let id = person else {
      guard let person = SampleNotice.person(in: office, at: now) else {
        throw Failure(EX_DATAERR, "The configuration has no person; write one.")
      }
      return person
    }
    if let person = office.people[id] ?? office.id(named: id).flatMap({ office.people[$0] }) { return person }
    let remedy = nearest(to: id, among: office.people.keys).map { "did you mean \($0)?" }
    let known = office.people.keys.sorted().prefix(20).joined(separator: ", ")
    throw Failure(EX_DATAERR, "There is no person \(id); \(remedy ?? "write one of \(known).")")
  }

  /// What `--json` prints.
  private struct Reply: Encodable {
    let kind: String
    let subject: String
    let text: String
    let html: String
    /// As sendmail would be given it: ASCII.
    let mail: String

    init(kind: String, _ preview: NoticePreview) {
      self.kind = kind
      subject = preview.subject
      text = preview.text
      html = preview.html
      mail = String(decoding: preview.mail, as: UTF8.self)
    }
  }
}

extension Configuration.Mail.Detail: ExpressibleByArgument {}

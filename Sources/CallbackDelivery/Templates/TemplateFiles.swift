import CallbackConfiguration
import CallbackRules
import Foundation
import Glibc

/// Reads an office's own templates: the directory `templates` beside the configuration file.
///
/// There need be none, and it need not hold all. Trusts who may write there, as with the configuration. Whatever is wrong is
/// collected, with file and line; templates take effect with the configuration, whole or not at all.
struct TemplateFiles {
  let directory: String
  /// How much each may hold: the library's time grows with the square of it.
  private static let mostBytes = 32 << 10

  private(set) var problems: [ConfigurationProblem] = []
  private(set) var warnings: [ConfigurationProblem] = []

  init(beside configuration: String) {
    let folder = configuration.lastIndex(of: "/").map { configuration[...$0] } ?? ""
    directory = folder + "templates"
  }

  /// - Parameter check: what is wrong with a template whose tags are well formed.
  mutating func read(_ check: TemplateCheck.Source) -> [TemplateName: CompiledTemplate] {
    var templates: [TemplateName: CompiledTemplate] = [:]
    for file in names() {
      guard let name = TemplateName.all.first(where: { $0.file == file }) else {
        refuse(file)
        continue
      }
      let path = "\(directory)/\(file)"
      do throws(ConfigurationError) {
        let text = Self.plain(try ConfigurationFile.text(path, of: .template(mostBytes: Self.mostBytes)))
        let found = check(name, text)
        problems += found.map { ConfigurationProblem(file: path, line: $0.line, sentence: $0.sentence) }
        if found.isEmpty { templates[name] = compile(text, name, path) }
      } catch {
        problems += error.problems
      }
    }
    return templates
  }

  /// As all that follows wants it: lines ended by LF, no byte order mark.
  private static func plain(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
      if scalar != "\u{FEFF}" || !scalars.isEmpty { scalars.append(scalar) }
    }
    return String(scalars)
  }

  private mutating func compile(_ text: String, _ name: TemplateName, _ path: String) -> CompiledTemplate? {
    do {
      return try CompiledTemplate(text, part: name.part)
    } catch {
      problems.append(
        ConfigurationProblem(file: path, sentence: "it is no mustache template (\(error)); see docs/notices.md"))
      return nil
    }
  }

  mutating func problem(_ name: TemplateName, _ sentence: String) {
    problems.append(ConfigurationProblem(file: "\(directory)/\(name.file)", sentence: sentence))
  }

  /// What is in the directory, sorted; nothing if there is none.
  private mutating func names() -> [String] {
    guard let stream = opendir(directory) else {
      if errno != ENOENT {
        let why = String(cString: strerror(errno))
        problem("it can't be read (\(why)); let the daemon's group read it, or move it away")
      }
      return []
    }
    defer { closedir(stream) }
    var status = stat()
    if fstat(dirfd(stream), &status) == 0, status.st_mode & S_IWOTH != 0 {
      problem("everybody may write this directory, and with it what mails say; `chmod o-w` it")
    }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.sorted()
  }

  private mutating func problem(_ sentence: String) {
    problems.append(ConfigurationProblem(file: directory, sentence: sentence))
  }

  /// A file that is none of the templates: a slip, or something that lies there.
  private mutating func refuse(_ file: String) {
    // What editors and package managers leave behind.
    guard !file.hasPrefix("."), !file.hasSuffix("~") else { return }
    let path = "\(directory)/\(PrintableLine(file, limit: 80).text)"
    let names = TemplateName.all.map(\.file)
    if file.hasSuffix(".\(TemplateName.suffix)") {
      let remedy = nearest(to: file, among: names).map { "did you mean `\($0)`?" }
      problems.append(
        ConfigurationProblem(
          file: path,
          sentence: "there is no such template; \(remedy ?? "name it one of \(names.joined(separator: ", "))")"))
    } else {
      warnings.append(
        ConfigurationProblem(file: path, sentence: "this is no template, and is left alone; move it away"))
    }
  }
}

extension NoticeTemplates {
  /// The templates for a configuration, from beside its file.
  ///
  /// - Parameters:
  ///   - file: the path of the configuration.
  ///   - now: for the notices that the templates are tried with.
  /// - Returns: the templates, and what the administrator should know nevertheless.
  /// - Throws: every problem of every template in one go.
  public static func load(
    beside file: String, for configuration: Configuration, now: Date = Date()
  ) throws(ConfigurationError) -> (templates: NoticeTemplates, warnings: [ConfigurationProblem]) {
    var files = TemplateFiles(beside: file)
    let check = TemplateCheck.Source(detail: configuration.mail.detail)
    let own = files.read(check)
    // Most offices have none of their own, and making up the notices to try them with takes a good part of a start.
    if !own.isEmpty {
      let trial = TemplateTrial(configuration, now: now)
      for name in TemplateName.all {
        if let template = own[name], let fault = trial.fault(of: template, name) { files.problem(name, fault) }
      }
    }
    guard files.problems.isEmpty else { throw ConfigurationError(problems: files.problems) }
    return (NoticeTemplates(own: own), files.warnings)
  }
}

extension Configuration {
  /// The configuration with the templates of its notices: they take effect together, or neither does.
  ///
  /// - Throws: every problem of the file; if there is none, every problem of the templates.
  public static func loadWithTemplates(
    file: String, now: Date = Date()
  ) throws(ConfigurationError) -> (checked: Checked, templates: NoticeTemplates) {
    var checked = try load(file: file, now: now)
    let (templates, warnings) = try NoticeTemplates.load(beside: file, for: checked.configuration, now: now)
    checked.warnings += warnings
    return (checked, templates)
  }
}

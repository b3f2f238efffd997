import ArgumentParser
import CallbackConfiguration
import CallbackControl
import CallbackIntake
import CallbackRules
import Foundation

struct Parse: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Say how a message file would be read, and what would become of it; changes nothing.",
    discussion: """
      Example:
        callbackctl parse message.txt --config callbackd.toml

      Ends with 65 if a message could not be understood. Needs no daemon.
      """)

  @Argument(help: "The files; - is standard input.")
  var files: [String]

  @Option(help: ArgumentHelp("The service in whose folder it would lie.", valueName: "name"))
  var service: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let configuration = try global.places.load()
    let office = configuration.office
    let now = Date()
    let readings = try files.map { file in
      try Reading(file: file, service: service, configuration, now: now)
    }
    if global.json {
      try global.printJSON(readings)
    } else {
      let clock = WallClock(now: now, zone: office.zone)
      for reading in readings { print(ReadingText(reading, office: office, clock: clock).text, terminator: "") }
    }
    let misread = readings.flatMap(\.messages).count { $0.detail?.problem != nil }
    if misread > 0 {
      throw Failure(EX_DATAERR, "\(misread) of the messages could not be understood; each says above what to mend.")
    }
  }
}

/// How one file was read.
struct Reading: Encodable {
  var file: String
  /// As people say it: `plain text`.
  var format: String
  var encoding: String
  var messages: [Message]

  struct Message: Encodable {
    /// Whose profiles hold, the first winning: `account riverside`.
    var profiles: [String]
    /// What was placed, line by line.
    var fields: [Field]
    /// The lines that no name and no pattern placed.
    var unplaced: [Unplaced]
    /// The callback that would be made; its number is 0. Null for a list.
    @Nullable var detail: CallbackDetail?
    /// The Refs of a list; null for a message.
    @Nullable var sent: [String]?
    /// The ids of who would be told at once.
    var told: [String]
  }

  struct Field: Encodable {
    var line: Int
    var name: String
    /// What it means; null for what a profile keeps as it is.
    @Nullable var meaning: String?
    var value: String
    /// `name`, the profile that has its name, or `pattern 1 of service night-desk`.
    var placedBy: String

    enum CodingKeys: String, CodingKey {
      case line, name, meaning, value
      case placedBy = "placed_by"
    }
  }

  struct Unplaced: Encodable {
    /// Null where the format has no lines.
    @Nullable var line: Int?
    var text: String
  }

  init(file: String, service: String?, _ configuration: Configuration, now: Date) throws(Failure) {
    let bytes = try FileContents.read(file)
    var status = stat()
    let hasTime = file != "-" && stat(file, &status) == 0
    let modified = hasTime ? Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec)) : now
    let source = MessageSource(folderService: service, modifiedAt: modified, arrivedAt: now)
    let (office, limits) = (configuration.office, configuration.spool.readingLimits)
    let decoder = MailDecoder()
    let reader = MessageReader(office: office, limits: limits, decodeMail: { decoder($0) })
    let report = reader.report(bytes, from: source)
    self.file = file
    format = report.format.name
    encoding = report.encoding
    messages = report.messages.map { read in
      let (profiles, fields) = (read.profiles.map(\.name), Self.placed(read.fields))
      let unplaced = read.unplaced.map { Unplaced(line: $0.line, text: $0.text) }
      if let list = read.message.sent {
        return Message(
          profiles: profiles, fields: fields, unplaced: unplaced, detail: nil, sent: list.refs, told: [])
      }
      let admitted = Rules(office: office).admit(read.message, at: now).transition
      return Message(
        profiles: profiles, fields: fields, unplaced: unplaced,
        detail: CallbackDetail(admitted.callback, events: admitted.events, notices: [], now: now), sent: nil,
        told: admitted.notices.map(\.person))
    }
  }

  /// What patterns found stands with the lines where they found it.
  private static func placed(_ fields: [MessageField]) -> [Field] {
    let known = fields.compactMap { field in
      field.placedBy.map {
        Field(
          line: field.line, name: field.name, meaning: field.meaning?.name, value: field.value, placedBy: $0.name)
      }
    }
    return known.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
  }
}

extension Placement {
  /// As the table has it.
  fileprivate var name: String {
    switch self {
    case .name: "name"
    case .profile(let owner): owner.name
    case .pattern(let number, let owner): "pattern \(number) of \(owner.name)"
    case .mailHeader: "header"
    }
  }
}

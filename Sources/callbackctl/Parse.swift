import ArgumentParser
import CallbackControl
import CallbackIntake
import CallbackRules
import Foundation

struct Parse: ParsableCommand {
  static let configuration = CommandConfiguration(
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
    let office = try global.places.load().office
    let now = Date()
    let readings = try files.map { file in
      try Reading(file: file, service: service, office: office, now: now)
    }
    if global.json {
      try global.printJSON(readings)
    } else {
      let clock = WallClock(now: now, zone: office.zone)
      for reading in readings { print(ReadingText(reading, office: office, clock: clock).text, terminator: "") }
    }
    let misread = readings.flatMap(\.messages).count { $0.detail.problem != nil }
    if misread > 0 {
      throw Failure(EX_DATAERR, "\(misread) of the messages could not be understood; each says above what to mend.")
    }
  }
}

/// How one file was read.
struct Reading: Encodable {
  var file: String
  var encoding: String
  var messages: [Message]

  struct Message: Encodable {
    var fields: [Field]
    /// The callback that would be made; its number is 0.
    var detail: CallbackDetail
    /// The ids of who would be told at once.
    var told: [String]
  }

  struct Field: Encodable {
    var line: Int
    var name: String
    /// What it means; null for a name that is not known.
    @Nullable var meaning: String?
    var value: String
  }

  init(file: String, service: String?, office: Office, now: Date) throws(Failure) {
    let bytes = try FileContents.read(file)
    var status = stat()
    let hasTime = file != "-" && stat(file, &status) == 0
    let modified = hasTime ? Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec)) : now
    let source = MessageSource(folderService: service, modifiedAt: modified, arrivedAt: now)
    let decoder = MailDecoder()
    let report = MessageReader(office: office, decodeMail: { decoder($0) }).report(bytes, from: source)
    self.file = file
    encoding = report.encoding
    messages = report.messages.map { read in
      let admitted = Rules(office: office).admit(read.message, at: now).transition
      return Message(
        fields: read.fields.map {
          Field(line: $0.line, name: $0.name, meaning: $0.meaning?.name, value: $0.value)
        },
        detail: CallbackDetail(admitted.callback, events: admitted.events, notices: [], now: now),
        told: admitted.notices.map(\.person))
    }
  }
}

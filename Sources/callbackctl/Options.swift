import ArgumentParser
import CallbackControl
import CallbackRules
import Foundation

/// Where the daemon is.
struct PlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The configuration. (default: $CALLBACKD_CONFIG, or \(Places.configuration))", valueName: "file"),
    completion: .file()
  )
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The daemon's socket. (default: $CALLBACKD_SOCKET, the configuration's, or \(Places.socket))", valueName: "path"),
    completion: .file())
  var socket: String?

  var places: Places { Places(config: config, socket: socket, environment: ProcessInfo.processInfo.environment) }
}

/// What every command takes that prints.
struct GlobalOptions: ParsableArguments {
  @OptionGroup var place: PlaceOptions

  @Flag(help: "Print JSON, for programs.")
  var json = false

  var places: Places { place.places }

  /// Calls the daemon.
  ///
  /// - Parameter patience: how long each answer may take.
  func ask<Reply>(
    patience: Duration = .seconds(10), _ question: (ControlClient) throws(ControlError) -> Reply
  ) throws(Failure) -> Reply {
    let path = try places.controlSocket()
    do {
      return try question(ControlClient(path: path, timeout: patience))
    } catch {
      throw Failure(error)
    }
  }

  /// Prints a value as one line of JSON.
  func printJSON(_ value: some Encodable) throws {
    print(String(decoding: try ControlCoding.encode(value), as: UTF8.self))
  }
}

/// What every command takes that acts on one callback.
struct ActOptions: ParsableArguments {
  @Argument(help: "The callback's number.", completion: Completions.numbers)
  var number: Int64

  @Option(
    name: .customLong("as"), help: ArgumentHelp("Act as this person.", valueName: "person"),
    completion: Completions.people)
  var asPerson: String?

  @OptionGroup var global: GlobalOptions

  /// Has the daemon do it, and says what holds now.
  func act(_ command: Command, note: String? = nil) throws {
    let act = ControlCall.Act(number, command, note: note, asPerson: asPerson)
    let reply = try global.ask { client throws(ControlError) in try client.act(act) }
    if global.json {
      try global.printJSON(reply.callback)
    } else {
      let sentence = Sentence.after(command, reply, clock: .local)
      print(sentence.harmlessLines(width: Terminal.width).joined(separator: "\n"))
    }
  }
}

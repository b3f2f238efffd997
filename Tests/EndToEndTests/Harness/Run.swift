import Foundation
import Testing

/// How a program that was run to its end ended.
struct Run {
  var status: Int32
  var output: String
  var errors: String

  /// Runs a program; what it says is to be short.
  init(
    _ program: String, _ arguments: [String], input: String = "", in place: Workplace, upTo limit: Duration = patience
  ) async throws {
    let (outputFile, errorsFile, inputFile) = (place.newPath("out"), place.newPath("err"), place.newPath("in"))
    try Data(input.utf8).write(to: URL(fileURLWithPath: inputFile))
    for file in [outputFile, errorsFile] { try Data().write(to: URL(fileURLWithPath: file)) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "NO_COLOR": "1", "TZ": "UTC"]
    process.standardInput = FileHandle(forReadingAtPath: inputFile)
    process.standardOutput = FileHandle(forWritingAtPath: outputFile)
    process.standardError = FileHandle(forWritingAtPath: errorsFile)
    try process.run()
    try await waitUntil("the end of \(program)", upTo: limit) { !process.isRunning }
    status = process.terminationStatus
    output = try String(contentsOfFile: outputFile, encoding: .utf8)
    errors = try String(contentsOfFile: errorsFile, encoding: .utf8)
  }
}

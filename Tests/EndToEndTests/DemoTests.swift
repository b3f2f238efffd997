import Foundation
import Testing

/// The first thing that somebody tries: `make run`.
@Suite("the demonstration", .fewAtOnce)
struct DemoTests {
  @Test("it shows an office at work, to its end")
  func demo() async throws {
    let place = try Workplace()
    let demo = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../demo/run").standardized
    let programs = URL(filePath: try Binary.callbackd.path).deletingLastPathComponent()
    let run = try await Run(
      "/usr/bin/env", ["TMPDIR=\(place.root)", demo.path(), programs.path()], in: place, upTo: .seconds(120))
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
    #expect(run.output.contains("Callback 2 is closed: the patient was reached."))
  }
}

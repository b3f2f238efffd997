import Foundation
import Fuzzing
import Testing

/// What a fuzzer found once, and what it began with; `make fuzz` finds more.
@Suite("What fuzzers found") struct CorpusTests {
  @Test("Nothing of it breaks anything", arguments: FuzzTarget.allCases)
  func replay(target: FuzzTarget) throws {
    let corpus = try #require(Bundle.module.url(forResource: "Corpus", withExtension: nil))
    let folder = corpus.appending(path: target.rawValue)
    let inputs = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(!inputs.isEmpty)
    for input in inputs { target.run(Array(try Data(contentsOf: input))) }
  }
}

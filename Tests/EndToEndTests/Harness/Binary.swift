import Foundation
import Testing

/// The programs under test: those that were built with these tests, beside the test bundle.
enum Binary: String {
  case callbackd, callbackctl
  case callbackMail = "callback-mail"

  var path: String {
    get throws {
      // A link that the kernel keeps; the first argument can be a relative path.
      let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      let path = URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent(rawValue).path
      try #require(
        FileManager.default.isExecutableFile(atPath: path),
        "\(path) is not there: the tests must be built with the programs (swift build --build-tests)")
      return path
    }
  }
}

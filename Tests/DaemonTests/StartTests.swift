import Foundation
import Testing

@testable import CallbackDaemon

@Suite("Start")
struct StartTests {
  @Test("A directory that is made has its mode whatever the umask, so that people reach the control socket")
  func mode() async {
    // In a process of its own: the umask is the whole process's.
    await #expect(processExitsWith: .success) {
      umask(0o077)
      let path = NSTemporaryDirectory() + "/callbackd-run-\(getpid())"
      try StartError.makeDirectory(path, mode: 0o755)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o755)
      try FileManager.default.removeItem(atPath: path)
    }
  }
}

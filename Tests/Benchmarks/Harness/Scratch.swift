import Dispatch
import Foundation

/// The one directory that everything is made in; gone afterwards, also when it is interrupted.
final class Scratch {
  let path: String
  private var interrupts: [any DispatchSourceSignal] = []

  init(in parent: String) throws(CannotMeasure) {
    guard let real = realpath(parent, nil) else {
      throw CannotMeasure("\(parent) is not there: \(String(cString: strerror(errno)))")
    }
    defer { free(real) }
    var template = Array("\(String(cString: real))/callbackd-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CannotMeasure("can't make a directory in \(parent)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for number in [SIGINT, SIGTERM] { interrupts.append(Self.cleanUp(path, on: number)) }
  }

  deinit {
    for interrupt in interrupts { interrupt.cancel() }
  }

  func remove() throws { try FileManager.default.removeItem(atPath: path) }

  private static func cleanUp(_ path: String, on number: Int32) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { @Sendable in
      DaemonProcess.killAll()
      var status: Int32 = 128 + number
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch {
        print("\(path) can't be removed: \(error)")
        status = 1
      }
      exit(status)
    }
    source.resume()
    return source
  }
}

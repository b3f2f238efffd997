import Foundation
import Fuzzing

/// Which parser is fed, by the environment: libFuzzer takes the arguments.
let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
    FileHandle.standardError.write(Data("Set FUZZ_TARGET to one of \(known).\n".utf8))
    exit(64)
  }
  return target
}()

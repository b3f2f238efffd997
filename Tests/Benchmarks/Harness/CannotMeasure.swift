import Foundation

/// Why something could not be measured: a sentence.
struct CannotMeasure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

/// The result of a system call that has succeeded.
///
/// - Parameter what: completes "can't …".
@discardableResult
func done<Result: SignedInteger>(_ result: Result, _ what: @autoclosure () -> String) throws(CannotMeasure) -> Result {
  guard result < 0 else { return result }
  let reason = String(cString: strerror(errno))
  throw CannotMeasure("can't \(what()): \(reason)")
}

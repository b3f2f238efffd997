import CSync
import CallbackRules
import Foundation

/// What staff get for a file: the number to quote, who will be told, and by when the patient is rung; of a file with several
/// messages for each of them, in their order. No patient data.
public struct Receipt: Sendable, Equatable {
  /// The number of the arrival it answers for.
  public var arrival: Int64
  public var fileName: String
  public var text: String

  /// - Parameter office: names people.
  public init(for admission: Admission, office: Office) {
    arrival = admission.arrival
    fileName = FileName.safe(admission.place.name, ending: ".\(admission.label).receipt")
    let callbacks = admission.callbacks
    guard callbacks.count > 1 else {
      let answers = callbacks.map { Self.text(for: $0, office: office) } + admission.lists.map(\.text)
      text = answers.joined(separator: "\n")
      return
    }
    let unreadable = admission.unreadable
    let reasons = unreadable.first.map {
      "Not understood: \(unreadable.count); why is in \(SpoolLayout.rejected)/, under \($0.id)\n"
    }
    let messages = callbacks.enumerated().map { "\nMessage \($0 + 1)\n" + Self.text(for: $1, office: office) }
    let lists = admission.lists.map { "\n" + $0.text }
    text = "Messages: \(callbacks.count)\n" + (reasons ?? "") + (messages + lists).joined()
  }

  private static func text(for callback: Callback, office: Office) -> String {
    let zone = office.zone(ofAccount: callback.message.account)
    let due = zone.civilTime(at: callback.dueAt)
    let what = callback.kind == .unreadable ? "Not understood; callback" : "Callback"
    return """
      \(what): \(callback.id)
      For: \(office.displayName(of: callback.recipient))
      Call back by: \(due.dateText) \(due.clockText) \(zone.name)

      """
  }
}

/// Writes receipts into `accepted/`. Confined to one queue.
public final class ReceiptWriter {
  private let root: String
  private var accepted: DirectoryHandle?
  /// Whether it is not known of some that were written whether they last.
  private var isUnsure = false

  /// - Parameter root: absolute path of the spool.
  public init(root: String) {
    self.root = root
  }

  /// Writes a receipt; one that is there is replaced, so it may be done again after a crash.
  public func write(_ receipt: Receipt) throws(SpoolError) {
    let directory: DirectoryHandle
    if let accepted {
      directory = accepted
    } else {
      directory = try DirectoryHandle(path: root + "/" + SpoolLayout.accepted)
    }
    do throws(SpoolError) {
      try WholeFile.write(receipt.text, to: receipt.fileName, in: directory, mode: 0o640)
      accepted = directory
    } catch {
      // It is opened anew, for it may have been replaced; what was written into it before is to last all the same.
      accepted = nil
      if csync_file_system(directory.descriptor) != 0 { isUnsure = true }
      throw error
    }
  }

  /// Makes it last what was written. To be done before the store forgets that receipts are owed: after a power cut they would
  /// be missing for good.
  ///
  /// The file system as a whole (syncfs(2)), since there may be hundreds of receipts, and each would wait for the disk.
  public func sync() throws(SpoolError) {
    let directory: DirectoryHandle
    if let accepted {
      directory = accepted
    } else {
      directory = try DirectoryHandle(path: root + "/" + SpoolLayout.accepted)
    }
    defer { isUnsure = false }
    guard !isUnsure else { throw SpoolError(code: EIO, could: "sync", directory.shownPath) }
    guard csync_file_system(directory.descriptor) == 0 else {
      throw SpoolError(code: errno, could: "sync", directory.shownPath)
    }
  }
}

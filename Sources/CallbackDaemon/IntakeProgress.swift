import Foundation

/// How far intake has come: what is under way beside the queue, and what has to be done next.
struct IntakeProgress {
  /// Whether a step waits on the queue.
  var isStepQueued = false
  /// Whether something changed in the spool since the last scan began.
  var isScanWanted = false
  /// Whether answers are to be looked for when the scan has ended.
  var doAnswersFollow = false
  /// Whether a scan has further batches.
  var isScanning = false
  /// Since when a batch is being read; nil: none is.
  var readingSince: ContinuousClock.Instant?
  /// Batches being put away.
  var batches = 0
  /// Since when the oldest of them is.
  var busySince: ContinuousClock.Instant?
  /// Receipts that are yet to be written.
  var receipts = 0
  /// Arrivals that are put away and answered for, to be forgotten with the next commit.
  var done: [Int64] = []
  /// Whether putting away failed for some file since the last recovery began.
  var isAnyLeft = false
  /// Whether some file stays in hand because somebody may still write it.
  var isAnyOpen = false
  /// Where recovery has come to: putting away what a crash or a failure left in hand.
  var recovery = Recovery.wanted

  enum Recovery: Equatable {
    case none
    case wanted
    /// Those up to this arrival were seen.
    case underWay(after: Int64)
  }

  /// At most so many batches are put away while further ones are read.
  private static let mostBatches = 3
  /// At most so many receipts wait in memory.
  private static let mostReceipts = 25_000

  /// Whether the next batch may be read now. A scan begins only when nothing is being put away, so that it does not read again
  /// what is already committed.
  var mayRead: Bool { mayRead(beside: 0) }

  /// The same while one batch is yet to be put away.
  var mayReadOn: Bool { mayRead(beside: 1) }

  private func mayRead(beside inHand: Int) -> Bool {
    guard readingSince == nil else { return false }
    return isScanning ? batches + inHand < Self.mostBatches && receipts < Self.mostReceipts : batches + inHand == 0
  }

  /// Whether what was left in hand may be put away now: nothing else is in hand that could be taken for it.
  var mayRecover: Bool { isIdle && done.isEmpty }

  /// Whether nothing is under way beside the queue that has to end; what is being read may be left.
  var isIdle: Bool { batches == 0 && receipts == 0 }

  /// Whether reading files, or taking them out, has not ended in a minute.
  func isStuck(at moment: ContinuousClock.Instant = .now) -> Bool {
    [readingSince, busySince].compactMap(\.self).contains { moment - $0 > .seconds(60) }
  }

  mutating func began() {
    if batches == 0 { busySince = .now }
    batches += 1
  }

  mutating func ended() {
    batches -= 1
    busySince = batches == 0 ? nil : .now
  }
}

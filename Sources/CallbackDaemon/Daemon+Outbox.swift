import CallbackDelivery
import CallbackRules
import CallbackStore
import ChildProcesses
import Foundation
import Logging
import Systemd

/// Delivery: notices that wait in the store are handed over, some at a time, and their outcomes recorded.
extension Daemon {
  /// Each channel has its own bound; beyond that of one, all others together may have so many, for they are processes.
  private static let mostByOthers = 32
  /// At most so many that have waited too long are given up at once.
  private static let mostGivenUp = 16

  /// How many more may be handed over at once.
  var freeHandOvers: Int { max(configuration.mail.parallel + Self.mostByOthers - handingOver.count, 0) }

  /// Among so many that wait some have their files written at once.
  private static let mostEarly = 64
  /// By so many threads.
  private static let mostEarlyWriters = 4

  /// Leases as many notices as may run at once, and hands each over; has the files written of those that have to wait.
  func drainOutbox() {
    guard !isStopping else { return }
    recordAgain()
    let now = now
    // Where none is free whoever ends comes back here.
    if freeHandOvers > 0 { handOverWaiting(at: now) }
    writeFilesEarly(at: now)
  }

  private func handOverWaiting(at now: Date) {
    do throws(StoreError) {
      let free = freeHandOvers
      try giveUp(at: now)
      for lease in try stages.lease(at: now, limit: free) {
        handOver(lease)
      }
      if freeHandOvers > 0 {
        let again = unrecorded.isEmpty ? Date.distantFuture : now.addingTimeInterval(5)
        // By what the clock shows after all that: a timer is not set anew for the moment for which it is set.
        outboxTimer?.arm(for: min(try stages.nextTry(at: now) ?? again, again), now: self.now)
      }
    } catch {
      storeFailed(error)
      outboxTimer?.arm(for: now.addingTimeInterval(5), now: self.now)
    }
  }

  /// Has the files written of what is due and has to wait for its way, a portion at a time.
  func writeFilesEarly(at now: Date) {
    // Whoever ends comes back here.
    guard !isStopping, earlyWriters == 0 else { return }
    do throws(StoreError) {
      let waiting = try stages.waitingForWays(at: now, limit: Self.mostEarly)
      // Beside each other, for each waits for the disk.
      for first in 0..<min(waiting.notices.count, Self.mostEarlyWriters) {
        let items = stride(from: first, to: waiting.notices.count, by: Self.mostEarlyWriters)
          .map { OutgoingNotice(waiting.notices[$0]) }
        let write = deliverer.earlyFiles(of: items)
        earlyWriters += 1
        Task.detached(executorPreference: BlockingExecutor.shared) { [self] in
          write()
          await endedWritingEarly()
        }
      }
      // All of this portion will be told together.
      if earlyWriters == 0, !waiting.isAll { enqueue { $0.writeFilesEarly(at: $0.now) } }
    } catch {
      storeFailed(error)
    }
  }

  private func endedWritingEarly() {
    earlyWriters -= 1
    writeFilesEarly(at: now)
  }

  /// What has waited too long for a channel that fails goes by another way.
  private func giveUp(at now: Date) throws(StoreError) {
    var givenUp: [Stages.GivenUp] = []
    defer {
      for one in givenUp {
        log(one.settled.plan, of: one.lease)
        for transition in one.settled.transitions { log(transition) }
      }
      if !givenUp.isEmpty { rearm() }
    }
    try stages.giveUp(at: now, limit: Self.mostGivenUp, givenUp: &givenUp)
    if givenUp.count == Self.mostGivenUp { enqueue { $0.drainOutbox() } }
  }

  func handOver(_ lease: Lease) {
    let item = OutgoingNotice(lease)
    let deliverer = deliverer
    let now = now
    logger.debug(
      "Notice \(lease.number): try \(lease.tries + 1) by channel \(lease.channelIndex + 1) of its person begins.",
      metadata: ["notice": "\(lease.number)"])
    health.handedOver(lease.number, at: .now)
    // Outside the queue: a child may take as long as its time-out.
    handingOver[lease.number] = Task.detached(executorPreference: BlockingExecutor.shared) { [self] in
      let delivery = await deliverer.deliver(item, now: now)
      await ended(lease, delivery)
    }
  }

  private func ended(_ lease: Lease, _ delivery: Delivery) {
    handingOver[lease.number] = nil
    health.settled(lease.number)
    stages.ended(lease, delivery, at: now)
    if let problem = delivery.fileProblem {
      trouble(\.delivery, .spoolTrouble, problem)
    } else if delivery.outcome == .delivered, stages.destinations.channels.isEmpty {
      recovered(\.delivery)
    }
    record(delivery, of: lease)
    finishStopping()
    drainOutbox()
  }

  private func record(_ delivery: Delivery, of lease: Lease) {
    unrecorded[lease.number] = nil
    do throws(StoreError) {
      let settled = try stages.settle(lease, as: delivery, at: now)
      log(settled.plan, of: lease)
      for transition in settled.transitions { log(transition) }
      rearm()
    } catch {
      // Until it is recorded nothing follows from it; after a restart the notice is tried again, with the same Message-ID.
      unrecorded[lease.number] = (lease, delivery)
      storeFailed(error)
    }
  }

  private func recordAgain() {
    for (lease, delivery) in unrecorded.values { record(delivery, of: lease) }
  }

  private func log(_ plan: RetryPlan, of lease: Lease) {
    var fields: Logger.Metadata = ["notice": "\(lease.number)"]
    let what: String
    switch lease.content {
    case .alarm: what = "Notice \(lease.number), an alarm,"
    case .callbacks(let entries) where entries.count == 1:
      what = "Notice \(lease.number) about callback \(entries[0].callback.id)"
      fields.merge(metadata(of: entries[0].callback)) { own, _ in own }
    case .callbacks(let entries): what = "Notice \(lease.number) about \(entries.count) callbacks"
    }
    switch plan.settlement {
    case .delivered:
      counters.delivered += 1
      logger.info("\(what) was handed over.", metadata: fields)
    case .again(let time, _, _, let why):
      counters.delayed += 1
      health.delivery = Health.Stage(isOK: false, detail: "notice \(lease.number): \(why)")
      // Once: it may be tried for hours.
      logger.log(
        level: plan.isFirstTrouble ? .warning : .info,
        "\(what) waits \(Int(time.timeIntervalSince(now).rounded(.up))) s: \(why)", metadata: fields)
    case .failed(let why):
      counters.failed += 1
      health.delivery = Health.Stage(isOK: false, detail: "notice \(lease.number): \(why)")
      logger.report(.deliveryFailed, "\(what) can't be handed over: \(why)", metadata: fields)
    }
  }
}

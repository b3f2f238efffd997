import CallbackDelivery
import CallbackRules
import CallbackStore
import Foundation
import Systemd

/// Delivery: notices that wait in the store are handed over, some at a time, and their outcomes recorded.
extension Daemon {
  /// Leases as many notices as may run at once, and hands each over.
  func drainOutbox() {
    guard !isStopping else { return }
    recordAgain()
    let free = configuration.mail.parallel - handingOver.count
    guard free > 0 else { return }  // Whoever ends comes back here.
    do throws(StoreError) {
      for leased in try store.leaseNotices(at: now, limit: free) { handOver(leased) }
      if handingOver.count < configuration.mail.parallel {
        let again = unrecorded.isEmpty ? Date.distantFuture : now.addingTimeInterval(5)
        outboxTimer?.arm(for: min(try store.nextTry() ?? again, again), now: now)
      }
    } catch {
      trouble(\.store, .storeTrouble, error.description)
      outboxTimer?.arm(for: now.addingTimeInterval(5), now: now)
    }
  }

  private func handOver(_ leased: LeasedNotice) {
    let deliverer = deliverer
    let item = OutgoingNotice(leased)
    let now = now
    health.handedOver(leased.number, at: .now)
    // Outside the queue: a child may take as long as its time-out.
    handingOver[leased.number] = Task.detached { [self] in
      let delivery = await deliverer.deliver(item, now: now)
      await ended(leased, delivery)
    }
  }

  private func ended(_ leased: LeasedNotice, _ delivery: Delivery) {
    handingOver[leased.number] = nil
    health.settled(leased.number)
    if let problem = delivery.fileProblem {
      trouble(\.delivery, .spoolTrouble, problem)
    } else if delivery.outcome == .delivered {
      recovered(\.delivery)
    }
    record(delivery, of: leased)
    finishStopping()
    drainOutbox()
  }

  private func record(_ delivery: Delivery, of leased: LeasedNotice) {
    let now = now
    let rules = rules
    let channels = max(rules.office.people[leased.notice.person]?.channels.count ?? 1, 1)
    let plan = RetryPlan.plan(for: delivery.outcome, of: leased, channels: channels, at: now)
    var transition: Transition?
    unrecorded[leased.number] = nil
    do throws(StoreError) {
      try store.settle(leased, as: plan.settlement, at: now) { callback, othersMayKnow in
        let settled = rules.settle(
          plan.outcome, of: leased.notice, number: leased.number, firstTry: plan.isFirstTrouble,
          fileProblem: delivery.fileProblem, othersMayKnow: othersMayKnow, on: callback, at: now)
        transition = settled
        return settled
      }
      log(plan, of: leased)
      if let transition { log(transition) }
      rearm()
    } catch {
      // Until it is recorded nothing follows from it; after a restart the notice is tried again, with the same Message-ID.
      unrecorded[leased.number] = (leased, delivery)
      trouble(\.store, .storeTrouble, error.description)
    }
  }

  private func recordAgain() {
    for (leased, delivery) in unrecorded.values { record(delivery, of: leased) }
  }

  private func log(_ plan: RetryPlan, of leased: LeasedNotice) {
    var fields = metadata(of: leased.callback)
    fields["notice"] = "\(leased.number)"
    switch plan.settlement {
    case .delivered:
      logger.info("Notice \(leased.number) about callback \(leased.callback.id) was handed over.", metadata: fields)
    case .again(let time, _, _, let why):
      health.delivery = Health.Stage(isOK: false, detail: "notice \(leased.number): \(why)")
      logger.warning(
        "Notice \(leased.number) waits \(Int(time.timeIntervalSince(now).rounded(.up))) s: \(why)", metadata: fields)
    case .failed(let why):
      health.delivery = Health.Stage(isOK: false, detail: "notice \(leased.number): \(why)")
      logger.report(.deliveryFailed, "Notice \(leased.number) can't be handed over: \(why)", metadata: fields)
    }
  }
}

extension OutgoingNotice {
  init(_ leased: LeasedNotice) {
    self.init(
      number: leased.number, token: leased.token, notice: leased.notice, callback: leased.callback,
      createdAt: leased.createdAt, tries: leased.tries, channelIndex: leased.channelIndex)
  }
}

import CallbackDelivery
import CallbackStore

extension OutgoingNotice {
  init(_ lease: Lease) {
    let content: Content =
      switch lease.content {
      case .alarm(let alarm): .alarm(alarm)
      case .callbacks(let entries):
        .callbacks(
          entries.map {
            Item(number: $0.number, notice: $0.notice, callback: $0.callback, createdAt: $0.createdAt)
          })
      }
    self.init(
      number: lease.number, token: lease.token, person: lease.person, createdAt: lease.createdAt, tries: lease.tries,
      channelIndex: lease.channelIndex, content: content)
  }
}

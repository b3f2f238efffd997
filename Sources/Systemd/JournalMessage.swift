import Logging

/// What operators watch for, each with the id under which `journalctl MESSAGE_ID=…` finds it and `journalctl -x`
/// explains it (`systemd/callbackd.catalog`).
///
/// An id never changes and is never used again: filters and alerts elsewhere are built on it.
public enum JournalMessage: String, Sendable, CaseIterable {
  case started = "5e65d2f228f54eda85098096841ce635"
  case reloaded = "4f133a4e4093420e94be305f5a4d2794"
  /// The changed configuration was refused; the old one stays in force.
  case reloadRefused = "939a9a63816f420099e610645f869552"
  case stopping = "245615214dd84d51850c3359dac485c6"
  /// The deadline of `callback` passed.
  case callbackOverdue = "88efde18886c420189837c368b1d60c7"
  /// A step of the escalation of `callback` was taken.
  case stepTaken = "8ac3dcf3506849eeaa8f9121e2b54834"
  /// A step of the escalation of `callback` had nobody to tell.
  case nobodyToTell = "a5096730a15847e497570c4080a5cf62"
  /// `notice`, about `callback`, can't be handed over.
  case deliveryFailed = "13a20986cb1548598723bc9e8e30e424"
  /// A file in the spool could not be read and became `callback`.
  case fileRejected = "19c151f973c34661a0bc7c4a9677a8bd"
  /// A directory of the spool is missing, full or closed to the daemon.
  case spoolTrouble = "8960b29c71f94f309b436548e59f026e"
  /// The database could not be read or written.
  case storeTrouble = "c50765ba2a2c4b71b95e2f25c17a1483"
  /// The daemon was down for long, or while promises passed.
  case downTime = "dce8a15fd33748b98109d9ecdfc36eac"
  /// The system's clock was set forward by more than a minute, and what was due in between is late.
  case clockSet = "e50634defd094d1e8907cdb47af9a057"
  /// Nobody is or will be on call in a rotation.
  case coverageGap = "48a09c3d5bfe430b80b4e00ab7806f87"
  /// Files in the spool have been unfinished for too long.
  case staleFiles = "b7ab0496b6b24cc39af225e6b9634957"
  /// Nothing goes out by a channel, and that lasts.
  case channelTrouble = "9382e75775844772a9512795bc1b3759"
  /// A notice that could go has waited for too long.
  case deliveryTrouble = "f2569c17b9dc48aea9bc64963f20e968"
  /// Trouble with spool, database, notices or a channel of which the fallback was told is over.
  case troubleOver = "d0b5b2ead4df4ab88717bef0d9a57690"
  /// A service has sent nothing for too long.
  case silentService = "4959012551ea47adac48ad276694af61"
  /// Messages that a service has sent did not come in; `callback` asks for them.
  case messagesMissing = "141c95e921de4fe194cf3e0eb7005910"
  /// The end of the record, to be kept with the journal: every day, and when callbackd starts.
  case recordHead = "8d2386e4ba1549f5b96bbbbe2f935f00"

  /// `notice`, about `callback`, came back or was answered by a program: it told nobody.
  case notTold = "55d097f20c854fe9a7d03ebbb7f7de3a"
  /// A mail belongs to no notice, or can't be read, and may be somebody's answer.
  case strayAnswer = "4dc3e331ae6c45cb95f2dc9fe6da0c45"

  /// How much it matters.
  public var level: Logger.Level {
    switch self {
    case .started, .reloaded, .stopping, .stepTaken, .troubleOver, .recordHead: .notice
    case .callbackOverdue, .deliveryFailed, .fileRejected, .downTime, .clockSet, .coverageGap, .staleFiles,
      .silentService, .messagesMissing, .notTold, .strayAnswer:
      .warning
    case .reloadRefused, .nobodyToTell, .spoolTrouble, .channelTrouble, .deliveryTrouble: .error
    case .storeTrouble: .critical
    }
  }
}

extension Logger {
  /// Logs something that operators watch for, at its level and with its id.
  ///
  /// - Parameters:
  ///   - text: says it in full; numbers, never a patient's name or a file's.
  ///   - metadata: the keys that the message's documentation names.
  public func report(
    _ message: JournalMessage, _ text: Logger.Message, metadata: Logger.Metadata = [:],
    file: String = #fileID, function: String = #function, line: UInt = #line
  ) {
    log(
      level: message.level, text, metadata: metadata.merging(["message_id": "\(message.rawValue)"]) { $1 },
      file: file, function: function, line: line)
  }
}

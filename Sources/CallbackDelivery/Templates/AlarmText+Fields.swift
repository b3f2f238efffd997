import CallbackRules

extension AlarmText {
  /// All that a template may say of it.
  var fields: Fields {
    var fields = Fields()
    fields.set("kind", line: alarm.kind.rawValue)
    for each in Alarm.Kind.allCases { fields.set("is_\(each.fieldName)", alarm.kind == each) }
    fields.set("headline", line: headline)
    fields.set("happened", line: happened)
    fields.set("meaning", line: meaning)
    fields.set("remedy", line: remedy)
    fields.set("over", alarm.kind.isOver)
    fields.set("from", line: time(alarm.from))
    fields.set("until", line: time(alarm.until))
    fields.set("span", line: span)
    fields.set("promises_passed", line: Quantity.text(alarm.promisesPassed))
    fields.set("rotation", line: alarm.rotation.map(office.displayName))
    fields.set("service", line: alarm.service)
    fields.set("channel", line: alarm.channel)
    fields.set("service_phone", line: alarm.service.flatMap { office.services[$0]?.phone })
    return fields
  }
}

extension Alarm.Kind {
  /// Whether it tells of an end.
  fileprivate var isOver: Bool {
    switch self {
    case .spoolRestored, .storageRestored, .channelRestored, .deliveryRestored, .canary: true
    case .downTime, .clockSet, .coverageGap, .spoolTrouble, .storageTrouble, .staleFiles, .silentService,
      .channelTrouble, .deliveryTrouble, .strayAnswer:
      false
    }
  }
}

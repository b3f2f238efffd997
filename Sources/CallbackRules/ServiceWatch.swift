import Foundation

/// What is watched of services, so that it is noticed what they did not send.
public struct ServiceWatch: Sendable {
  /// Those whose Refs count up, by id: for how many seconds a message may be overtaken by later ones.
  public var refsWithin: [String: TimeInterval] = [:]
  /// The ids of those of which it is kept when they were heard last.
  public var heard: Set<String> = []

  public init() {}

  public init(_ office: Office) {
    for service in office.services.values {
      if let span = service.refsWithin { refsWithin[service.id] = Double(span.seconds) }
      if service.quietAfter != nil { heard.insert(service.id) }
    }
  }
}

extension Office {
  /// The name of the mark that says when a service was heard last.
  public static func heardMark(of service: String) -> String { "heard:\(service)" }

  /// When a service that was heard last at `heard` has been silent for too long; nil where its silence is not watched.
  public func silent(_ service: Service, since heard: Date) -> Date? {
    guard let quietAfter = service.quietAfter else { return nil }
    let counting =
      service.hours.flatMap { hours[$0] }.map { Counting.openTime($0, zone) } ?? Counting.aroundTheClock(zone)
    return counting.moment(quietAfter, from: heard)
  }
}

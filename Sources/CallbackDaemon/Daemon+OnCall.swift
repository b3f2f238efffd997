import CallbackControl
import CallbackRules
import Foundation

/// The control socket: who is on call, by the configuration in force.
extension Daemon {
  /// More are refused: nobody reads them, and the deadlines wait meanwhile.
  private static let mostShifts = 5000

  func onCall(_ query: ControlCall.OnCallQuery) throws(ControlFailure) -> OnCallReply {
    let office = stages.rules.office
    let at = query.at ?? now
    var shifts: [Shift] = []
    for id in office.rotations.keys.sorted() {
      if let days = query.days {
        let until = office.zone.moment(of: office.zone.civilTime(at: at).adding(days: days))
        shifts += office.shifts(in: id, from: at, until: until)
      } else {
        shifts.append(office.shift(in: id, at: at))
      }
      guard shifts.count <= Self.mostShifts else {
        throw .badRequest("These are more than \(Self.mostShifts) shifts; ask for fewer days.")
      }
    }
    return OnCallReply(
      shifts: shifts.map { ShiftRow($0, name: office.displayName(of: $0.rotation)) },
      names: names(of: shifts.flatMap { [$0.rotation, $0.member] + $0.people }))
  }
}

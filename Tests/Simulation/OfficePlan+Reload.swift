import CallbackRules

/// What an administrator changes.
extension OfficePlan {
  /// Changes one thing, and says what.
  mutating func change(chance: inout Chance) -> String {
    switch chance.number(0...7) {
    case 0: return leave(&chance)
    case 1: return comeBack(&chance)
    case 2: return remove(&chance)
    case 3:
      let index = chance.number(0...policies.count - 1)
      policies[index] = policy(policies[index].urgency, &chance)
      return "another policy for \(policies[index].urgency.name)"
    case 4:
      hours[0].spans[0].opensMinute = chance.number(14...20) * 30
      return "other office hours"
    case 5:
      let index = chance.number(0...rotations.count - 1)
      rotations[index].layers[0].members.shuffle(using: &chance)
      return "another order in \(rotations[index].id)"
    case 6:
      let index = chance.number(0...people.count - 1)
      people[index].quiet = chance.percent(50) ? Self.quiet(&chance) : nil
      return "other quiet hours for \(people[index].id)"
    default:
      let index = chance.number(0...people.count - 1)
      people[index].channels = chance.one(of: [[], ["pager", "mail"], ["wall"]])
      return "other channels for \(people[index].id)"
    }
  }

  private mutating func leave(_ chance: inout Chance) -> String {
    let index = chance.number(0...people.count - 1)
    guard people[index].id != fallback else { return "nothing" }
    people[index].active = false
    let instead = chance.one(of: people).id
    people[index].instead = chance.percent(50) && instead != people[index].id ? instead : nil
    return "\(people[index].id) has left, \(people[index].instead ?? "nobody") instead"
  }

  private mutating func comeBack(_ chance: inout Chance) -> String {
    guard let index = people.firstIndex(where: { !$0.active }) else { return "nothing" }
    people[index].active = true
    return "\(people[index].id) is back"
  }

  /// Takes somebody out of the file, and out of everything that names them.
  private mutating func remove(_ chance: inout Chance) -> String {
    let id = chance.one(of: people).id
    guard id != fallback, people.count > 3 else { return "nothing" }
    people.removeAll { $0.id == id }
    for index in people.indices where people[index].instead == id { people[index].instead = nil }
    for index in teams.indices { teams[index].members.removeAll { $0 == id } }
    for index in rotations.indices {
      rotations[index].overrides.removeAll { $0.person == id }
      for layer in rotations[index].layers.indices { rotations[index].layers[layer].members.removeAll { $0 == id } }
    }
    for index in accounts.indices {
      if accounts[index].recipient == id { accounts[index].recipient = nil }
      for policy in accounts[index].policies.values { accounts[index].policies[policy.urgency] = policy.without(id) }
    }
    policies = policies.map { $0.without(id) }
    return "\(id) is out of the file"
  }
}

extension Policy {
  fileprivate func without(_ id: String) -> Policy {
    var policy = self
    policy.announce.removeAll { $0 == id }
    for index in policy.steps.indices { policy.steps[index].notify.removeAll { $0 == id } }
    return policy
  }
}

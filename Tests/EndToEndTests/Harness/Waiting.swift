import Testing

/// What did not come in time, and what the daemon said meanwhile.
struct NeverCame: Error, CustomStringConvertible {
  var description: String
}

/// How long a test waits for what should come at once: long enough for a machine that is busy with other things.
let patience = Duration.seconds(20)

/// Looks until there is something, every few milliseconds.
///
/// - Parameters:
///   - what: completes "there never was …".
///   - context: what to add to the failure.
func waiting<Value>(
  for what: String, upTo limit: Duration = patience, context: @autoclosure () -> String = "", look: () throws -> Value?
) async throws -> Value {
  let end = ContinuousClock.now + limit
  while true {
    do {
      if let found = try look() { return found }
    } catch {
      throw NeverCame(description: "no looking for \(what): \(error); \(context())")
    }
    guard ContinuousClock.now < end else {
      throw NeverCame(description: "there never was \(what) (waited \(limit)); \(context())")
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// Lets only so many tests run at a time: each has a daemon and its children, and a deadline is only met by a machine
/// that is not swamped.
struct FewAtOnce: TestTrait, SuiteTrait, TestScoping {
  static let slots = Slots(4)

  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    // Once a case; a suite itself and the test around its cases would take a slot from them.
    guard testCase != nil else { return try await function() }
    await Self.slots.take()
    do {
      try await function()
    } catch {
      await Self.slots.giveBack()
      throw error
    }
    await Self.slots.giveBack()
  }
}

extension Trait where Self == FewAtOnce {
  static var fewAtOnce: FewAtOnce { FewAtOnce() }
}

actor Slots {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  func take() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func giveBack() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

/// Looks until `condition` holds.
func waitUntil(
  _ what: String, upTo limit: Duration = patience, context: @autoclosure () -> String = "",
  _ condition: () throws -> Bool
) async throws {
  _ = try await waiting(for: what, upTo: limit, context: context()) { try condition() ? true : nil }
}

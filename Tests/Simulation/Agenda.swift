/// What will happen in the world, the earliest first; of one moment, in the order in which it was planned.
struct Agenda<Happening> {
  private var heap: [Item] = []
  private var planned = 0

  private struct Item {
    var at: Int
    var order: Int
    var happening: Happening

    func isBefore(_ other: Item) -> Bool { (at, order) < (other.at, other.order) }
  }

  /// When the next one happens.
  var next: Int? { heap.first?.at }

  mutating func plan(_ happening: Happening, at time: Int) {
    planned += 1
    heap.append(Item(at: time, order: planned, happening: happening))
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes out the next one that happens by `time`.
  mutating func take(by time: Int) -> Happening? {
    guard let first = heap.first, first.at <= time else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != parent else { break }
      heap.swapAt(parent, least)
      parent = least
    }
    return first.happening
  }

  /// Forgets what does not `stay`.
  mutating func clear(unless stay: (Happening) -> Bool) {
    // What is sorted is a heap.
    heap = heap.filter { stay($0.happening) }.sorted { $0.isBefore($1) }
  }
}

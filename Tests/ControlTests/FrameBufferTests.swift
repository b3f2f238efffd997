import Testing

@testable import CallbackControl

@Suite struct FrameBufferTests {
  @Test("A message is whole only with its NUL, however it is cut into pieces")
  func pieces() throws {
    var buffer = FrameBuffer(limit: 100)
    for byte in Array("{\"a\":1}".utf8) {
      buffer.append([byte])
      #expect(try buffer.next() == nil)
    }
    #expect(!buffer.isEmpty)
    buffer.append([0])
    #expect(try buffer.next() == Array("{\"a\":1}".utf8))
    #expect(buffer.isEmpty)
  }

  @Test("Several messages in one piece come out in their order, the last one when its rest is there")
  func several() throws {
    var buffer = FrameBuffer(limit: 100)
    buffer.append(Array("a\0bb\0\0cc".utf8))
    #expect(try buffer.next() == Array("a".utf8))
    #expect(try buffer.next() == Array("bb".utf8))
    #expect(try buffer.next() == [])
    #expect(try buffer.next() == nil)
    buffer.append(Array("c\0".utf8))
    #expect(try buffer.next() == Array("ccc".utf8))
  }

  @Test("Messages that never end together with a piece don't pile up")
  func bounded() throws {
    var buffer = FrameBuffer(limit: 1000)
    let piece = Array(repeating: UInt8(ascii: "a"), count: 99) + [0]
    buffer.append([1])
    for _ in 0..<100_000 {
      buffer.append(piece[1...] + [1])
      #expect(try buffer.next() != nil)
    }
    #expect(buffer.heldBytes < 1 << 18)
  }

  @Test("A message of just the limit is taken, one byte more is not, with or without its NUL")
  func limit() throws {
    var buffer = FrameBuffer(limit: 4)
    buffer.append(Array("1234\0".utf8))
    #expect(try buffer.next() == Array("1234".utf8))
    buffer.append(Array("12345".utf8))
    #expect(throws: FrameBuffer.TooLong.self) { try buffer.next() }
    var closed = FrameBuffer(limit: 4)
    closed.append(Array("12345\0".utf8))
    #expect(throws: FrameBuffer.TooLong.self) { try closed.next() }
  }
}

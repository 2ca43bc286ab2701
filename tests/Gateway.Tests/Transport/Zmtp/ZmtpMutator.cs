namespace Gateway.Tests.Transport.Zmtp;

/// <summary>
/// Streams that begin as those of real peers and go wrong: bytes changed, inserted, removed, repeated, cut, and pieces of others put in.
/// The same seed gives the same.
/// </summary>
internal sealed class ZmtpMutator(int seed)
{
    private const int ChangesMax = 6;

    private static readonly byte[][] _spices =
    [
        [4, 0], [6, 0, 0, 0, 0, 0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0],
            [2, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xC7],
        [4, 5, 4, (byte)'P', (byte)'I', (byte)'N', (byte)'G'], [4, 6, 5, (byte)'R', (byte)'E', (byte)'A', (byte)'D', (byte)'Y'],
            [1, 0], [0, 0], [5, 1, 1],
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var stream = new List<byte>(Pick(ZmtpRecordings.All));
        var changes = _random.Next(ChangesMax + 1);
        // Half of them keep the handshake, so that what comes after it is reached.
        var from = _random.Next(2) == 0 ? 0 : ZmtpBytes.Handshake.Length;
        for (var i = 0; i < changes; i++) Change(stream, Math.Min(from, stream.Count));
        return [.. stream];
    }

    /// <summary>The sizes of the pieces in which the stream arrives.</summary>
    public int[] NextPieces() =>
        [.. Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => 1 + _random.Next(_random.Next(2) == 0 ? 8 : 200))];

    private void Change(List<byte> stream, int from)
    {
        var at = _random.Next(from, stream.Count + 1);
        var left = stream.Count - at;
        switch (_random.Next(8))
        {
            case 0 when left > 0: stream[at] ^= (byte)(1 << _random.Next(8)); break;
            case 1 when left > 0: stream[at] = (byte)_random.Next(256); break;
            case 2: stream.InsertRange(at, Pick(_spices)); break;
            case 3 when left > 0: stream.RemoveRange(at, _random.Next(Math.Min(left, 20))); break;
            case 4 when left > 0: stream.InsertRange(at, stream.GetRange(at, _random.Next(Math.Min(left, 60)))); break;
            case 5 when left > 4: Overwrite(stream, at, Pick(_spices)); break;
            case 6: stream.InsertRange(at, Noise()); break;
            case 7 when _random.Next(4) == 0: stream.RemoveRange(at, left); break;
        }
    }

    private static void Overwrite(List<byte> stream, int at, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length && at + i < stream.Count; i++) stream[at + i] = bytes[i];
    }

    private byte[] Noise()
    {
        var bytes = new byte[_random.Next(40)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Pick(IReadOnlyList<byte[]> of) => of[_random.Next(of.Count)];
}

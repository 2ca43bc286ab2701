using System.Buffers.Text;
using System.Text;
using Gateway.Client.Wire;

namespace Gateway.Tcp;

/// <summary>Writes the headers of the messages of one conversation, which differ in one entry alone. Immutable.</summary>
internal sealed class FrameHeaders
{
    private const int DigitsMax = 20;

    private readonly byte[] _frame;
    private readonly byte[] _event;

    /// <param name="common">The entries that all messages have; at least one.</param>
    public FrameHeaders(IReadOnlyDictionary<string, string> common)
    {
        var json = HeadersJson.Write(common);
        _frame = [.. json.AsSpan(0, json.Length - 1), .. Encoding.UTF8.GetBytes($",\"{TcpNames.Frame}\":\"")];
        _event = [.. json.AsSpan(0, json.Length - 1), .. Encoding.UTF8.GetBytes($",\"{TcpNames.Event}\":\"")];
    }

    /// <param name="number">The number of the frame, from 1.</param>
    public byte[] OfFrame(long number) => Numbered(_frame, number);

    /// <param name="name">One of the events of <see cref="TcpNames"/>.</param>
    public byte[] OfEvent(string name) => [.. _event, .. Encoding.UTF8.GetBytes(name), .. "\"}"u8];

    /// <param name="name">One of the events of <see cref="TcpNames"/>.</param>
    /// <param name="next">The number that the next frame would have had.</param>
    public byte[] OfEnd(string name, long next) =>
        Numbered([.. _event, .. Encoding.UTF8.GetBytes(name), .. Encoding.UTF8.GetBytes($"\",\"{TcpNames.Frame}\":\"")], next);

    private static byte[] Numbered(byte[] before, long number)
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        Utf8Formatter.TryFormat(number, digits, out var length);
        return [.. before, .. digits[..length], .. "\"}"u8];
    }
}

using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Store.Messages;

namespace Gateway.Http.Transfer;

/// <summary>Writes the lines of an export, described in EXPORT.md. For one export and one caller at a time.</summary>
/// <param name="output">The target of the bytes.</param>
internal sealed class ExportLines(IBufferWriter<byte> output) : IDisposable
{
    public const string Format = "gateway-export";
    public const int Version = 1;

    /// <summary>The largest body in Base64 and the largest headers, escaped, and the rest of the line.</summary>
    public const int LineBytesMax = 8 * 1024 * 1024;

    private readonly IncrementalHash _all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _messages;
    private long _last;

    /// <summary>The number of bytes written so far.</summary>
    public long Bytes { get; private set; }

    public void Begin(Guid export, string gateway, string queue, long after, DateTimeOffset now)
    {
        _last = after;
        _line.Write(
            JsonSerializer.SerializeToUtf8Bytes(new ExportHeader(Format, Version, export, gateway, queue, after, now), HttpJson.Options));
        End();
    }

    public void Add(StoredMessage stored)
    {
        var message = stored.Message;
        var entry = new ExportMessage(
            stored.Number,
            message.Id.Value,
            Times.Of(message.EnqueuedUnixMs),
            Times.OrNever(message.ExpiresUnixMs),
            message.Source,
            MessageHeaders.Read(message.Headers),
            message.Body);
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, HttpJson.Options);
        // The checksum replaces the closing brace and becomes the last member.
        var open = json.AsSpan(0, json.Length - 1);
        _line.Write(open);
        _line.Write(
            Encoding.ASCII.GetBytes($"{ExportChecksum.Prefix}{Convert.ToHexStringLower(SHA256.HashData(open))}{ExportChecksum.Suffix}"));
        End();
        _messages++;
        _last = stored.Number;
    }

    public void Finish()
    {
        var sum = Convert.ToHexStringLower(_all.GetCurrentHash());
        _line.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $$"""{"end":true,"messages":{{_messages}},"last":{{_last}},"sha256":"{{sum}}"}""")));
        End();
    }

    public void Dispose() => _all.Dispose();

    private void End()
    {
        _line.Write("\n"u8);
        _all.AppendData(_line.WrittenSpan);
        output.Write(_line.WrittenSpan);
        Bytes += _line.WrittenCount;
        _line.ResetWrittenCount();
    }
}

/// <summary>The first line of an export.</summary>
internal sealed record ExportHeader(
    string Format, int Version, Guid Export, string Gateway, string Queue, long After, DateTimeOffset ExportedAt);

/// <summary>A message line, without its checksum.</summary>
internal sealed record ExportMessage(long Number, Guid Id, DateTimeOffset AcceptedAt, DateTimeOffset? ExpiresAt, string Source,
    IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>The last line.</summary>
internal sealed record ExportEnd(bool End, long Messages, long Last, string Sha256);

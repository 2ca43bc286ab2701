using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Http.Answers;
using Gateway.Store.Messages;

namespace Gateway.Http.Transfer;

/// <summary>
/// Reads and checks an export line by line; a pure state machine. A fault ends the import and is reported with its line number.
/// </summary>
/// <param name="newIds">Gives messages new ids, always the same ones for the same export.</param>
internal sealed class ImportReader(bool newIds) : IDisposable
{
    private readonly IncrementalHash _all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ExportHeader? _header;

    /// <summary>The number of the last line read, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Message lines read so far.</summary>
    public long Messages { get; private set; }

    /// <summary>The last line was read, and every check succeeded.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Reads a line without its line feed; returns its message, if it is a message line.</summary>
    /// <exception cref="ImportException">The line is invalid.</exception>
    public EnqueueItem? Read(ReadOnlySpan<byte> line)
    {
        Line++;
        if (IsEnd) throw new ImportException("there is more after the last line of the export");
        if (_header is null)
        {
            _header = ReadHeader(line);
        }
        else if (line.StartsWith("{\"end\":"u8))
        {
            ReadEnd(line);
            return null;
        }

        _all.AppendData(line);
        _all.AppendData("\n"u8);
        return Line == 1 ? null : ReadMessage(line, _header);
    }

    public void Dispose() => _all.Dispose();

    private static ExportHeader ReadHeader(ReadOnlySpan<byte> line)
    {
        var header = Parse<ExportHeader>(line);
        if (header.Format != ExportLines.Format) throw new ImportException("it is not the first line of an export");
        return header.Version == ExportLines.Version ? header : throw new ImportException(
            $"the export is of version {header.Version}, and this gateway reads version {ExportLines.Version}");
    }

    private EnqueueItem ReadMessage(ReadOnlySpan<byte> line, ExportHeader header)
    {
        if (ExportChecksum.FaultOf(line) is { } fault) throw new ImportException(fault);
        var message = Parse<ExportMessage>(line);
        if (MessageRules.FindFaultOfId(new MessageId(message.Id)) is { } noId) throw new ImportException(noId.Text);
        Messages++;
        return new EnqueueItem(
            newIds ? IdempotencyKey.Derive("import", header.Export.ToString(), message.Id.ToString()) : new MessageId(message.Id),
            WriteHeaders(message.Headers),
            WireText.ToUnixMs(message.ExpiresAt),
            message.Body);
    }

    private void ReadEnd(ReadOnlySpan<byte> line)
    {
        var end = Parse<ExportEnd>(line);
        if (end.Messages != Messages)
            throw new ImportException(
                $"the export had {Figures.Messages(end.Messages)}, but {Figures.Messages(Messages)} came before its last line");
        if (end.Sha256 != Convert.ToHexStringLower(_all.GetCurrentHash()))
            throw new ImportException("the checksum over the whole export does not fit: lines were changed, left out or put elsewhere");
        IsEnd = true;
    }

    private static T Parse<T>(ReadOnlySpan<byte> line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, HttpJson.Options) ?? throw new ImportException("it is null");
        }
        catch (JsonException e)
        {
            throw new ImportException(
                e.Path is { Length: > 1 } path ? $"it is not the JSON that it should be, at {path}" : "it is not JSON");
        }
    }

    private static byte[] WriteHeaders(IReadOnlyDictionary<string, string>? headers)
    {
        try
        {
            return HeadersJson.Write(headers);
        }
        catch (ArgumentException e)
        {
            throw new ImportException($"its headers cannot be taken: {e.Message}");
        }
    }
}

/// <summary>A line of an import is invalid; the message gives the reason and is not yet a sentence.</summary>
internal sealed class ImportException(string message) : Exception(message);

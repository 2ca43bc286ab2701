using System.Buffers;
using System.IO.Pipelines;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Management;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Transfer;

/// <summary>Imports an export into a queue: reads a piece, checks and stores it, and only then reads on. For one import.</summary>
/// <param name="skip">The number of leading messages that are checked but not stored.</param>
/// <param name="isCheckOnly">Checks all messages and stores none.</param>
internal sealed class Import(IManagement management, IntakeOptions limits, string destination, bool newIds, long skip, bool isCheckOnly)
    : IDisposable
{
    private const string IdsAdvice = " With ids=new they are taken under ids of their own.";
    private const int BatchMessagesMax = 500;
    private const int BatchBytesMax = 1024 * 1024;

    private readonly ImportReader _reader = new(newIds);
    private readonly List<EnqueueItem> _batch = [];
    private long _batchBytes;
    private long _taken;

    /// <summary>The number of messages stored so far.</summary>
    public long Taken => _taken;

    public async Task<ImportView> RunAsync(PipeReader input, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(input, cancellationToken);
            await StoreAsync(cancellationToken);
        }
        catch (ImportException e)
        {
            // The messages before the faulty line are valid.
            await StoreAsync(cancellationToken);
            throw Stopped(StatusCodes.Status400BadRequest, "wrong-line", $"Line {_reader.Line} is wrong: {e.Message}.", _reader.Line);
        }

        if (!_reader.IsEnd) throw Stopped(StatusCodes.Status400BadRequest, "cut",
            $"The export is cut: it ends after line {_reader.Line}, without its last line. All messages before that were read.");
        return new ImportView(_reader.Messages, _taken, Math.Min(skip, _reader.Messages));
    }

    public void Dispose() => _reader.Dispose();

    private async Task ReadAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (TakeLine(ref rest, out var line))
            {
                OnLine(line);
                if (IsFull) await StoreAsync(cancellationToken);
            }

            if (rest.Length > ExportLines.LineBytesMax)
                throw new ImportException($"the line after it is longer than {ExportLines.LineBytesMax} bytes");
            if (read.IsCompleted && rest.Length > 0) OnLine(rest);
            input.AdvanceTo(read.IsCompleted ? read.Buffer.End : rest.Start, read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private bool IsFull => _batch.Count >= Math.Min(BatchMessagesMax, limits.BatchMessagesMax) || _batchBytes >= BatchBytesMax;

    private static bool TakeLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (buffer.PositionOf((byte)'\n') is not { } end) return false;
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private void OnLine(ReadOnlySequence<byte> line)
    {
        if (_reader.Read(line.IsSingleSegment ? line.FirstSpan : line.ToArray()) is not { } item || _reader.Messages <= skip || isCheckOnly)
            return;
        _batch.Add(item);
        _batchBytes += item.Body.Length + item.Headers.Length;
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        // A batch may exceed the limit by one message, which is then stored alone.
        for (var begin = 0; begin < _batch.Count;)
        {
            var piece = Piece(begin);
            var reply = await management.EnqueueAsync(new Request.Enqueue(RequestId.FromNumber(1), destination, piece), cancellationToken);
            if (reply is not Reply.Accepted)
            {
                var refusal = WireProblems.Of(reply);
                throw Stopped(refusal.Status, refusal.Code, refusal.Message
                    + (reply is Reply.Rejected { Code: WireCode.IdConflict } ? IdsAdvice : ""), retryAfter: refusal.RetryAfter);
            }

            _taken += piece.Count;
            begin += piece.Count;
        }

        _batch.Clear();
        _batchBytes = 0;
    }

    private List<EnqueueItem> Piece(int begin)
    {
        var bytes = 0L;
        return [.. _batch.Skip(begin).TakeWhile(
            (item, index) => (bytes += item.Body.Length + item.Headers.Length) <= limits.BatchBytesMax || index == 0)];
    }

    private string Advice => $"Taken, and kept: {Figures.Messages(_taken)}. Correct the fault and send the export again from its "
        + $"beginning, or with skip={skip + _taken}.";

    private ProblemException Stopped(int status, string code, string why, long? line = null, TimeSpan? retryAfter = null) =>
        new(status, code, $"{why} {(isCheckOnly ? "Nothing was to be taken." : Advice)}")
        {
            RetryAfter = retryAfter,
            More = new Dictionary<string, object?> { ["line"] = line, ["taken"] = _taken, ["skip"] = skip + _taken },
        };
}

/// <summary>The result of an import.</summary>
/// <param name="Messages">The number of messages in the export.</param>
/// <param name="Taken">Messages stored in the queue, or recognised by their ids as stored earlier.</param>
/// <param name="Skipped">Messages checked but not stored.</param>
internal sealed record ImportView(long Messages, long Taken, long Skipped);

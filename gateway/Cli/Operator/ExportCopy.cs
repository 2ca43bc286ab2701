using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Gateway.Cli.Shell;
using Gateway.Http.Transfer;

namespace Gateway.Cli.Operator;

/// <summary>Copies the whole lines of an export and tracks its progress. For one export.</summary>
internal sealed class ExportCopy(Stream from, Stream to, long after)
{
    private bool _hasHeader;

    /// <summary>The number of messages copied so far.</summary>
    public long Messages { get; private set; }

    /// <summary>The number of the last message copied.</summary>
    public long Last { get; private set; } = after;

    /// <summary>The export's last line was copied.</summary>
    public bool IsWhole { get; private set; }

    /// <param name="onProgress">Reports the number of copied messages from time to time.</param>
    public async Task RunAsync(Action<long> onProgress, CancellationToken cancellationToken)
    {
        var input = PipeReader.Create(from, new StreamPipeReaderOptions(leaveOpen: true));
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, rest.GetPosition(1, end));
                foreach (var piece in line) await to.WriteAsync(piece, cancellationToken);
                OnLine(line);
                rest = rest.Slice(line.End);
            }

            if (rest.Length > ExportLines.LineBytesMax)
                throw new CommandLineException(ExitCode.Failed, "The answer is not an export: one of its lines does not end.");
            input.AdvanceTo(rest.Start, rest.End);
            onProgress(Messages);
            if (read.IsCompleted) break;
        }

        await to.FlushAsync(cancellationToken);
    }

    private void OnLine(ReadOnlySequence<byte> line)
    {
        Span<byte> begin = stackalloc byte[(int)Math.Min(line.Length, "{\"number\":".Length + 20)];
        line.Slice(0, begin.Length).CopyTo(begin);
        if (!_hasHeader)
        {
            _hasHeader = true;
        }
        else if (begin.StartsWith("{\"end\":"u8))
        {
            IsWhole = true;
        }
        else if (begin.StartsWith("{\"number\":"u8) && Utf8Parser.TryParse(begin["{\"number\":".Length..], out long number, out _))
        {
            Messages++;
            Last = number;
        }
    }
}

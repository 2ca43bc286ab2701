using System.Net;
using System.Net.Http.Headers;
using Gateway.Http.Answers;

namespace Gateway.Cli.Operator;

/// <summary>Lines of JSON, sent as they are read. Does not own the stream.</summary>
internal sealed class ProgressContent : HttpContent
{
    private const int PieceBytes = 64 * 1024;

    private readonly Stream _lines;
    private readonly Action<long> _onProgress;

    public ProgressContent(Stream lines, Action<long> onProgress)
    {
        (_lines, _onProgress) = (lines, onProgress);
        Headers.ContentType = new MediaTypeHeaderValue(JsonLines.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var (piece, sent) = (new byte[PieceBytes], 0L);
        while (await _lines.ReadAsync(piece, cancellationToken) is > 0 and var length)
        {
            await stream.WriteAsync(piece.AsMemory(0, length), cancellationToken);
            _onProgress(sent += length);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

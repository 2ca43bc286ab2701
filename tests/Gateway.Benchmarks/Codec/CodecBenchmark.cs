using System.Diagnostics;
using System.IO.Hashing;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Benchmarks.Codec;

/// <summary>
/// The cost of writing and reading the bytes of a message on one processor, beside a plain copy of the same bytes.
/// </summary>
internal static class CodecBenchmark
{
    private const string Copy = "copy of the bytes";
    private const int BatchMessages = 100;
    private const int Repetitions = 2_000;

    public static Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var board = new Scoreboard("Bytes of messages written and read, a hundred messages at a time");
        return Benchmark.InRoundsAsync(board, settings, new[] { 100, 1024 }.SelectMany(bodyBytes => Steps(board, settings, bodyBytes)),
            cancellationToken);
    }

    private static IEnumerable<Step> Steps(Scoreboard board, BenchmarkSettings settings, int bodyBytes)
    {
        var random = new Random(bodyBytes);
        var messages = Enumerable.Range(1, BatchMessages).Select(number => new NumberedMessage(number, NewMessage(random, bodyBytes)))
            .ToList();
        LinkFrame batch = new LinkFrame.Batch("orders", 0, messages);
        var frame = LinkCodec.Encode(batch);
        Request enqueue = new Request.Enqueue(RequestId.FromNumber(1), "orders@billing",
            [.. messages.Select(numbered => new EnqueueItem(numbered.Message.Id, default, 0, numbered.Message.Body))]);
        var frames = RequestCodec.Encode(enqueue).Select(part => part.ToArray()).ToList();
        var target = new byte[frame.Length];
        var group = new GroupWriter();
        var block = Group(group, messages);
        var page = new byte[PageFrame.Size];

        yield return Bytes(Copy, () => frame.CopyTo(target, 0));
        yield return Bytes("link frame, written", () => LinkCodec.Encode(batch));
        yield return Bytes("link frame, read and checked", () => LinkCodec.TryDecode(frame, out _));
        yield return Bytes("ENQUEUE, written", () => RequestCodec.Encode(enqueue));
        yield return Bytes("ENQUEUE, read and checked", () => RequestCodec.TryDecode(frames, out _, out _));
        yield return Bytes("group of the store, written", () => Group(group, messages));
        yield return Bytes("group of the store, checked", () => GroupReader.TryOpen(block, 1, out _));
        yield return Bytes("pages with their checksums", () =>
        {
            for (var offset = 0; offset < block.Length; offset += PageFrame.PageSize) PageFrame.Write(page, default, PageFrame.Page(page));
        });
        yield return Bytes("CRC-32 alone", () => Crc32.HashToUInt32(block));

        Step Bytes(string what, Action once)
        {
            var name = $"{what}, {bodyBytes} bytes";
            return new Step(name, _ =>
            {
                once();
                var repetitions = settings.Share(Repetitions);
                var (allocated, started) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
                for (var i = 0; i < repetitions; i++) once();
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                string[] limits = what == Copy ? [] : [$"{Copy}, {bodyBytes} bytes"];
                board.Add(name, "messages/s", BatchMessages * repetitions / seconds, limits);
                board.Add(name, "bytes allocated a message",
                    (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)(BatchMessages * repetitions));
                return Task.CompletedTask;
            });
        }
    }

    private static byte[] Group(GroupWriter group, List<NumberedMessage> messages)
    {
        foreach (var numbered in messages)
        {
            var size = MessageCodec.SizeBytes(numbered.Message);
            MessageCodec.Write(numbered.Message, group.Begin(RecordKind.Stored).Reserve(size));
            group.End();
        }

        return group.Finish(1);
    }

    private static Message NewMessage(Random random, int bodyBytes)
    {
        var body = new byte[bodyBytes];
        random.NextBytes(body);
        return new Message { Id = MessageId.New(TimeProvider.System.GetUtcNow()), EnqueuedUnixMs = 1, Source = "benchmark", Body = body };
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Crash;

/// <summary>The target of gateways' exports: takes OTLP over HTTP, and keeps the spans.</summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeCollector(WebApplication application) => _application = application;

    public ConcurrentQueue<Span> Spans { get; } = new();

    public ConcurrentQueue<string> Paths { get; } = new();

    public string Address => _application.Urls.Single();

    public static async Task<FakeCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new FakeCollector(builder.Build());
        collector._application.Run(collector.TakeAsync);
        await collector._application.StartAsync(cancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (context.Request.Path == "/v1/traces") ReadTraces(body.ToArray());
        Paths.Enqueue(context.Request.Path);
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>
    /// The request's fields, by their numbers: 1 resource spans, of which 1 is the resource and 2 are the scopes, of which 2 are the spans.
    /// </summary>
    private void ReadTraces(byte[] request)
    {
        foreach (var ofResource in Fields(request, 1))
        {
            var gateway = Fields(ofResource, 1).SelectMany(Attributes).ToDictionary().GetValueOrDefault("service.instance.id", "");
            foreach (var span in Fields(ofResource, 2).SelectMany(scope => Fields(scope, 2)))
            {
                Spans.Enqueue(new Span(
                    gateway,
                    Encoding.UTF8.GetString(Fields(span, 5).Single().Span),
                    Convert.ToHexStringLower(Fields(span, 1).Single().Span),
                    Convert.ToHexStringLower(Fields(span, 4).Single().Span)));
            }
        }

        // Field 1 of a resource is a pair of a key (1) and a value (2), which is a text (1).
        static IEnumerable<KeyValuePair<string, string>> Attributes(ReadOnlyMemory<byte> resource) =>
            Fields(resource, 1).Select(pair => KeyValuePair.Create(
                Encoding.UTF8.GetString(Fields(pair, 1).Single().Span),
                Encoding.UTF8.GetString(Fields(Fields(pair, 2).Single(), 1).FirstOrDefault().Span)));
    }

    /// <summary>The fields of a protobuf message that have this number and a length.</summary>
    private static IReadOnlyList<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message.Span, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message.Span, ref at); break;
                case 1: at += sizeof(long); break;
                case 5: at += sizeof(int); break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    if (tag >> 3 == (ulong)number) found.Add(message.Slice(at, length));
                    at += length;
                    break;
                default: throw new InvalidDataException($"The wire type {tag & 7} is not expected.");
            }
        }

        return found;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }

    /// <param name="Gateway">The gateway that made it.</param>
    internal sealed record Span(string Gateway, string Name, string Trace, string Parent);
}

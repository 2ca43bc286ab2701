using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Answers;

/// <summary>Writes an answer of JSON lines. <see cref="FlushAsync"/> sends them and waits for slow readers.</summary>
internal sealed class JsonLines
{
    public const string ContentType = "application/jsonl";

    private readonly PipeWriter _output;
    private readonly Utf8JsonWriter _json;

    private JsonLines(PipeWriter output)
    {
        _output = output;
        _json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = HttpJson.Options.Encoder });
    }

    public static JsonLines Begin(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        return new JsonLines(context.Response.BodyWriter);
    }

    public void Write<T>(T line)
    {
        JsonSerializer.Serialize(_json, line, HttpJson.Options);
        _json.Reset();
        _output.Write("\n"u8);
    }

    public async Task FlushAsync(CancellationToken cancellationToken) => await _output.FlushAsync(cancellationToken);
}

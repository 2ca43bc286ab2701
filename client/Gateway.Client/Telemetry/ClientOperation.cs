using System.Diagnostics;

namespace Gateway.Client.Telemetry;

/// <summary>One call to the gateway, as a span and in the metrics. Used and disposed by one caller in one flow of control.</summary>
internal sealed class ClientOperation : IDisposable
{
    private readonly string _name;
    private readonly string _type;
    private readonly string _destination;
    private readonly int _messages;
    private readonly TimeProvider _time;
    private readonly long _began;
    private bool _isSent;
    private string? _error;

    private ClientOperation(string name, string type, string destination, int messages, Activity? span, TimeProvider time)
    {
        _name = name;
        _type = type;
        _destination = destination;
        _messages = messages;
        _time = time;
        _began = time.GetTimestamp();
        Span = span;
    }

    /// <summary>The span; null if nothing listens.</summary>
    public Activity? Span { get; }

    /// <summary>The sending of one message, or of several when <paramref name="batch"/> is given; null while nobody listens.</summary>
    public static ClientOperation? BeginSend(string destination, int? batch, TimeProvider time)
    {
        if (!ClientTelemetry.IsOn)
            return null;
        var tags = TagsOf("enqueue", "send", destination);
        if (batch is { } messages)
            tags.Add(ClientTelemetry.BatchCount, messages);
        // The messages carry this span's context, so consumers refer to it.
        var span = ClientTelemetry.Source.StartActivity($"enqueue {destination}", ActivityKind.Producer, default(ActivityContext), tags);
        return new ClientOperation("enqueue", "send", destination, batch ?? 1, span, time);
    }

    /// <summary>Starts measuring a settlement; null while nothing listens.</summary>
    public static ClientOperation? BeginSettle(string name, ReceivedMessage message, TimeProvider time)
    {
        if (!ClientTelemetry.IsOn)
            return null;
        var tags = TagsOf(name, "settle", message.Queue);
        tags.Add(ClientTelemetry.MessageId, message.Id.ToString());
        var span = ClientTelemetry.Source.StartActivity(
            $"{name} {message.Queue}", ActivityKind.Client, default(ActivityContext), tags, TraceHeaders.LinksTo(message.Headers));
        return new ClientOperation(name, "settle", message.Queue, 0, span, time);
    }

    public async ValueTask<T> ObserveAsync<T>(ValueTask<T> call)
    {
        _isSent = true;
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (GatewayException failure)
        {
            Fail(failure.Reason.ToString());
            throw;
        }
        catch (OperationCanceledException)
        {
            Fail("canceled");
            throw;
        }
    }

    public void Dispose()
    {
        // A call rejected for its arguments was never sent and is not counted.
        if (!_isSent)
            Fail("ArgumentException");
        Span?.Dispose();
        if (!_isSent)
            return;
        var tags = ClientTelemetry.TagsOf(_name, _destination);
        if (_error is not null)
            tags.Add(ClientTelemetry.ErrorType, _error);
        if (_messages > 0)
            ClientTelemetry.SentMessages.Add(_messages, tags);
        tags.Add(ClientTelemetry.OperationType, _type);
        ClientTelemetry.OperationDuration.Record(_time.GetElapsedTime(_began).TotalSeconds, tags);
    }

    private static TagList TagsOf(string name, string type, string destination)
    {
        var tags = ClientTelemetry.TagsOf(name, destination);
        tags.Add(ClientTelemetry.OperationType, type);
        return tags;
    }

    private void Fail(string error)
    {
        _error = error;
        Span?.SetTag(ClientTelemetry.ErrorType, error);
        Span?.SetStatus(ActivityStatusCode.Error);
    }
}

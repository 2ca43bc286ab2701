using System.Collections.Concurrent;
using Gateway.Client.Processing;

namespace Gateway.Client.Requests;

/// <summary>
/// The requests of one client that wait for their replies, and the receiver of these, which runs from the first request to the end of the
/// client. It uses the public members of the client alone. Thread-safe.
/// </summary>
internal sealed class RequestDesk
{
    /// <summary>Replies that are being completed at once: each completion is flushed to disk, many of them together.</summary>
    private const int CompletionsMax = 64;

    /// <summary>The pause before a call is repeated that the gateway did not answer.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly GatewayClient _client;
    private readonly RequestSettings _settings;
    private readonly ConcurrentDictionary<MessageId, TaskCompletionSource<ReplyMessage>> _waiting = new();
    private readonly HandedReplies _handed = new();
    private readonly SemaphoreSlim _opening = new(1);
    private readonly SemaphoreSlim _room;
    private readonly GatewayProcessor _receiver;
    private volatile string? _gateway;

    public RequestDesk(GatewayClient client)
    {
        _client = client;
        _settings = client.Requests;
        _room = new SemaphoreSlim(_settings.WaitingMax);
        var options = new GatewayProcessorOptions
        { ConcurrencyMax = CompletionsMax, OrderByKey = false, RetryPolicy = new LateReplyPolicy() };
        _receiver = client.CreateProcessor(_settings.ReplyQueue, options, logger: null, _settings.Time);
        _receiver.ProcessMessageAsync += args => TakeAsync(args.Message, args.CancellationToken);
        _receiver.ProcessErrorAsync += OnErrorAsync;
    }

    /// <summary>The queue of replies for which nobody waits any more.</summary>
    public string LateQueue => _settings.LateQueue;

    /// <summary>Sends a request and returns its reply.</summary>
    public async ValueTask<ReplyMessage> AskAsync(
        string destination, ReadOnlyMemory<byte> body, TimeSpan timeout, EnqueueOptions options, CancellationToken cancellationToken)
    {
        var now = _settings.Time.GetUtcNow();
        var id = options.MessageId ?? MessageId.New(now);
        var request = options with { MessageId = id, ExpiresAt = options.ExpiresAt ?? now + timeout };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var limit = _settings.Time.CreateTimer(_ => ending.Cancel(), null, timeout, Timeout.InfiniteTimeSpan)
            .ConfigureAwait(false);
        try
        {
            await _room.WaitAsync(ending.Token).ConfigureAwait(false);
            try
            {
                return await AskAsync(destination, body, request, id, ending.Token).ConfigureAwait(false);
            }
            finally
            {
                _room.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayException(
                GatewayError.NoReply,
                $"No reply to request {id} came from '{destination}' within {timeout}. A reply that comes later is kept in the queue "
                    + $"'{_settings.LateQueue}'.",
                [id]);
        }
    }

    /// <summary>Starts the receiver of replies unless it runs; returns the name of the client's own gateway.</summary>
    public async ValueTask<string> OpenAsync(CancellationToken cancellationToken)
    {
        if (_gateway is { } known)
            return known;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_gateway is { } meanwhile)
                return meanwhile;
            var gateway = await RepeatAsync(_client.GetGatewayAsync, cancellationToken).ConfigureAwait(false);
            // Without the right to receive the reply no request is sent.
            await RepeatAsync(token => _client.GetQueueAsync(_settings.ReplyQueue, token), cancellationToken).ConfigureAwait(false);
            await _receiver.StartProcessingAsync(cancellationToken).ConfigureAwait(false);
            return _gateway = gateway.Name;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async ValueTask<ReplyMessage> AskAsync(
        string destination, ReadOnlyMemory<byte> body, EnqueueOptions options, MessageId id, CancellationToken ending)
    {
        var waiter = new TaskCompletionSource<ReplyMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(id, waiter))
            throw new InvalidOperationException($"A request with the id {id} waits for its reply already.");
        try
        {
            var address = new ReplyAddress(_settings.ReplyQueue, await OpenAsync(ending).ConfigureAwait(false));
            var request = options with { Headers = HeadersOf(options, address, id) };
            await RepeatAsync(token => _client.EnqueueAsync(destination, body, request, token), ending).ConfigureAwait(false);
            using (ending.UnsafeRegister(_ => waiter.TrySetCanceled(), null))
                return await waiter.Task.ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or GatewayException)
        {
            // A reply that came at the last moment has left its queue: it is returned, whatever else happened.
            if (!waiter.TrySetCanceled() && waiter.Task.Status == TaskStatus.RanToCompletion)
                return await waiter.Task.ConfigureAwait(false);
            _ = waiter.Task.Exception;
            throw;
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Gives a reply to its request. One that nobody waits for any more is kept before it leaves its queue.</summary>
    private async Task TakeAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        if (message.CorrelationId is not { } request)
        {
            throw new RejectMessageException(
                $"It is no reply: it has no header '{RequestHeaders.CorrelationId}' with the id of a request.");
        }

        // Completed when this returns. A request whose process ends before that finds its reply among the late ones.
        if (_waiting.TryRemove(request, out var waiter) && waiter.TrySetResult(new ReplyMessage(request, message)))
            _handed.Add(message);
        else if (!_handed.Contains(message))
            await KeepAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private async Task KeepAsync(ReceivedMessage reply, CancellationToken cancellationToken)
    {
        var options = new EnqueueOptions
        {
            MessageId = DerivedId.Of("late", reply.Id, reply.Source, reply.Body),
            Headers = reply.Headers,
            ExpiresAt = reply.ExpiresAt ?? reply.EnqueuedAt + RequestReply.ReplyLifetime,
        };
        await _client.EnqueueAsync($"{_settings.LateQueue}@{_gateway}", reply.Body, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What keeps this client from receiving ends all that wait.</summary>
    private Task OnErrorAsync(ProcessErrorEventArgs error)
    {
        if (error is { ErrorSource: ProcessErrorSource.Receive, Exception: GatewayException refusal })
        {
            foreach (var (id, waiter) in _waiting)
            {
                waiter.TrySetException(new GatewayException(
                    refusal.Reason, $"The reply to request {id} cannot be received: {refusal.Message}", [id], refusal));
            }
        }

        return Task.CompletedTask;
    }

    private static Dictionary<string, string> HeadersOf(EnqueueOptions options, ReplyAddress address, MessageId id)
    {
        var headers = Wire.HeaderEntries.Copy(options.Headers);
        headers[RequestHeaders.ReplyTo] = address.ToString();
        headers[RequestHeaders.CorrelationId] = id.ToString();
        return headers;
    }

    /// <summary>Repeats a call while the gateway is away. With its id the message is accepted once.</summary>
    private async ValueTask<T> RepeatAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (GatewayException e) when (
                e.Reason is GatewayError.Unavailable or GatewayError.TimedOut or GatewayError.PossiblyAccepted)
            {
                await PauseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellationToken.UnsafeRegister(_ => over.TrySetCanceled(cancellationToken), null))
        await using (_settings.Time.CreateTimer(_ => over.TrySetResult(true), null, _pause, Timeout.InfiniteTimeSpan)
            .ConfigureAwait(false))
            await over.Task.ConfigureAwait(false);
    }
}
